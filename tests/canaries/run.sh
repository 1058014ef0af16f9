#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Plants each bug of canaries.tsv in a copy of the library or of the tests, and requires
# the test that stands beside it to fail; without any bug that test, as the build has
# compiled it, must pass.
#
#     run.sh REPOSITORY WORK_DIRECTORY BUILD_DIRECTORY [CC]
#
# Prints `caught NAME` or `MISSED NAME` for each, then the counts; exit 0 when none is
# missed. A test stops at its first failure. A crash or a time-out counts as caught, a sed
# expression that changes nothing or a bug that does not compile does not.
set -u

if [ $# -lt 3 ]; then
    sed -n '3,13s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
root=$(cd "$1" && pwd) || exit 2
mkdir -p "$2" || exit 2
work=$(cd "$2" && pwd) || exit 2
programs=$(cd "$3/bin/tests" && pwd) || exit 2
cc=${4:-cc}
table=$root/tests/canaries/canaries.tsv
rm -rf "$work/canaries" "$work/results"
mkdir -p "$work/canaries" "$work/results"
export CMOCKA_TEST_ABORT=1
ulimit -c 0

# compile TREE TEST DESIGN OUTPUT: the test against the headers of that tree.
compile() {
    "$cc" -std=c11 -O0 -w -Wno-psabi -DNDEBUG -I "$1/include" "-DOM_DESIGN=$3" \
        "$1/tests/contract/$2.c" -o "$4" -lcmocka
}

# passes PROGRAM ARGUMENTS LOG: whether it ends with 0 in time.
passes() {
    local -a arguments=()
    [ "$2" = - ] || read -ra arguments <<<"$2"
    timeout -k 1 60 "$1" "${arguments[@]}" >"$3" 2>&1
}

bugs() {
    grep -v '^#' "$table"
}

verdict() {
    local line="$1 $2${3:+: $3}"
    echo "$line"
    echo "$line" >"$work/results/$2"
}

# try NAME FILE TEST DESIGN ARGUMENTS SED
try() {
    local tree=$work/canaries/$1
    mkdir -p "$tree/tests"
    cp -rs "$root/include" "$tree"
    cp -rs "$root/tests/contract" "$tree/tests"
    sed -i "$6" "$tree/$2" # a file of its own in the link's place
    if cmp -s "$root/$2" "$tree/$2"; then
        verdict MISSED "$1" "the sed expression changes nothing in $2"
    elif ! compile "$tree" "$3" "$4" "$tree/planted" 2>"$tree/compiler.log"; then
        verdict MISSED "$1" "does not compile, see $tree/compiler.log"
    elif passes "$tree/planted" "$5" "$tree/planted.log"; then
        verdict MISSED "$1" "$3 on $4 passes"
    else
        verdict caught "$1"
        rm -rf "$tree"
    fi
}

# healthy TEST DESIGN: the test passes when nothing is planted, with all arguments it is
# given in the table.
healthy() {
    local log=$work/canaries/healthy_$1_$2.log arguments
    while read -r arguments; do
        passes "$programs/$1_$2" "$arguments" "$log" && continue
        verdict MISSED "healthy_$1_$2" "it fails with nothing planted, see $log"
        return
    done < <(bugs | awk -F '\t' -v t="$1" -v d="$2" '$3 == t && $4 == d { print $5 }' | sort -u)
}

# in_turn COMMAND...: in the background, two at a time. (Their standard error holds only
# what bash says of crashed programs.)
n_running=0
in_turn() {
    [ $((n_running += 1)) -le 2 ] || wait -n
    "$@" 2>/dev/null &
}

while IFS=$'\t' read -r test design; do
    in_turn healthy "$test" "$design"
done < <(bugs | cut -f 3,4 | sort -u)
while IFS=$'\t' read -r name file test design arguments expression; do
    in_turn try "$name" "$file" "$test" "$design" "$arguments" "$expression"
done < <(bugs)
wait

caught=$(cat "$work"/results/* | grep -c '^caught')
missed=$(cat "$work"/results/* | grep -c '^MISSED')
echo "canaries: $caught caught, $missed missed"
[ "$missed" -eq 0 ] && [ "$caught" -gt 0 ]
