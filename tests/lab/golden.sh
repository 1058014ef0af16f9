#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the cases of golden/: command lines and all that the tool says to them.
#
#   golden.sh ONEMISS [--refresh] [PATTERN]
#
# A case NAME.case:
#
#     # comments: the licence, then what is shown
#     === file NAME                a file that is there before
#     its lines
#     === run                      a shell's words behind `onemiss`; of several lines the
#     list --build v3              last is compared, the others prepare
#     === code 0
#     === out [first N]            standard output, or its first lines
#     === err                      standard error
#
# What golden_mask.awk says differs from run to run is masked on both sides. --refresh
# writes what is now. Prints `ok NAME` or `FAILED NAME` with the difference, last
# `N passed, N failed`.
set -u
export LC_ALL=C TERM=dumb
unset NO_COLOR

here=$(cd "$(dirname "$0")" && pwd)
program=$(readlink -f "$1")
shift
is_refresh=false
if [ "${1-}" = --refresh ]; then
    is_refresh=true
    shift
fi
pattern=${1-}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/onemiss-golden.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
version=$("$program" --version)
version=${version#onemiss }

# Sets head (comments and files, as they stand), commands, first.
read_case() { # FILE
    local line part=head name=
    head='' commands=() first=''
    while IFS= read -r line; do
        case $line in
        '=== file '*) part=file name=${line#=== file } ;;
        '=== run') part='run' ;;
        '=== code '*) part=none ;;
        '=== out'*) part=none first=${line#=== out} first=${first# first } ;;
        '=== err') part=none ;;
        *)
            case $part in
            file) printf '%s\n' "$line" >>"$name" ;;
            run) commands+=("$line") ;;
            esac
            ;;
        esac
        case $part in head | file) head+=$line$'\n' ;; esac
    done <"$1"
}

masked() { # FILE
    awk -v folder="$PWD" -v program="$program" -v version="$version" \
        -f "$here/golden_mask.awk" "$1" | cat -s | if [ -n "$first" ]; then head -n "$first"; else cat; fi
}

# The case as it is now, in the form of its file.
now() {
    local i last=$((${#commands[@]} - 1)) got=0
    local -a words
    printf '%s=== run\n' "$head"
    printf '%s\n' "${commands[@]}"
    for ((i = 0; i <= last; i++)); do
        eval "words=(${commands[i]})"
        got=0
        "$program" "${words[@]}" >"$scratch/out" 2>"$scratch/err" </dev/null || got=$?
    done
    printf '=== code %s\n=== out%s\n' "$got" "${first:+ first $first}"
    masked "$scratch/out"
    printf '=== err\n'
    first='' masked "$scratch/err"
}

n_passed=0 n_failed=0
for file in "$here"/golden/*.case; do
    name=${file##*/}
    name=${name%.case}
    [[ $name == *$pattern* ]] || continue
    rm -rf "$scratch/case"
    mkdir "$scratch/case"
    cd "$scratch/case" || exit 1
    read_case "$file"
    now >"$scratch/now"
    if $is_refresh; then
        cmp -s "$scratch/now" "$file" || { echo "refreshed $name" && cp "$scratch/now" "$file"; }
    elif difference=$(diff -u --label "$name.case" --label now "$file" "$scratch/now"); then
        echo "ok $name"
        n_passed=$((n_passed + 1))
    else
        printf 'FAILED %s\n%s\n' "$name" "$difference"
        n_failed=$((n_failed + 1))
    fi
done
cd / && $is_refresh && exit 0
echo "$n_passed passed, $n_failed failed"
[ "$n_failed" -eq 0 ]
