#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Plants each bug of lab.tsv in a copy of one file of the lab, links it and the unit test
# that stands beside it before the library of all others, and requires that test to fail.
#
#     lab.sh REPOSITORY WORK_DIRECTORY BUILD_DIRECTORY [CC [PATTERN]]
#
# The build directory, of CMake, holds that library and the compiled tests. A test stops at
# its first failure; with `:PATTERN` behind it only those of its cases are run. The last
# word chooses bugs by what their rows match.
# Prints `caught NAME` or `MISSED NAME: why` for each, then the counts; exit 0 when none is
# missed. That the tests pass when nothing is planted is told by the tests themselves.
set -u

if [ $# -lt 3 ]; then
    sed -n '3,12s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
root=$(cd "$1" && pwd) || exit 2
rm -rf "$2" && mkdir -p "$2" || exit 2
work=$(cd "$2" && pwd) || exit 2
build=$(cd "$3" && pwd) || exit 2
cc=${4:-cc}
chosen=${5:-.}
# A test ends at its first failure, and leaves its folder; cores would be left as well.
export CMOCKA_TEST_ABORT=1
TMPDIR=$(mktemp -d /tmp/canaries.XXXXXX) || exit 2
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
ulimit -c 0

cat >"$work/chosen.c" <<'END'
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

__attribute__((constructor)) static void choose(void)
{
    cmocka_set_test_filter(getenv("CANARY_CASES"));
}
END
"$cc" -c "$work/chosen.c" -o "$work/chosen.o" || exit 2

expat=-lexpat # where it was there to build with
grep -q '^EXPAT_LIBRARY.*NOTFOUND' "$build/CMakeCache.txt" && expat=

# compile FILE TEST PROGRAM: as if the changed file stood in the place of the first, for it
# includes others.
compile() {
    # shellcheck disable=SC2086 # none, or one
    "$cc" -std=c11 -O0 -w -D_GNU_SOURCE -DNDEBUG -DONEMISS_VERSION='"0"' -DNATIVE_NEEDS=0u \
        -I "$root/${1%/*}" -I "$root/lab" -I "$root/lab/report" -I "$root/include" \
        "${3%/*}/${1##*/}" "$build/tests/unit/CMakeFiles/$2.dir/$2.c.o" "$work/chosen.o" \
        "$build/lab/liblab_parts.a" -o "$3" -lcmocka -ljansson -lxxhash $expat -ldl -lm
}

verdict() {
    local line="$1 $2${3:+: $3}"
    echo "$line"
    echo "$line" >"$work/$2.result"
}

# try NAME FILE TEST[:PATTERN] SED
try() {
    local folder=$work/$1 planted=$work/$1/${2##*/} test=${3%%:*} cases
    cases=${3#"$test"}
    cases=${cases#:}
    mkdir "$folder"
    sed "$4" "$root/$2" >"$planted"
    if cmp -s "$root/$2" "$planted"; then
        verdict MISSED "$1" "the sed expression changes nothing in $2"
    elif ! compile "$2" "$test" "$folder/planted" 2>"$folder/compiler.log"; then
        verdict MISSED "$1" "does not compile, see $folder/compiler.log"
    elif CANARY_CASES=${cases:-*} timeout -k 1 120 "$folder/planted" >"$folder/planted.log" 2>&1; then
        verdict MISSED "$1" "$3 passes"
    else
        verdict caught "$1"
    fi
}

# Two at a time. (Their standard error holds only what bash says of crashed programs.)
n_running=0
while IFS=$'\t' read -r name file test expression; do
    [ $((n_running += 1)) -le 2 ] || wait -n
    try "$name" "$file" "$test" "$expression" 2>/dev/null &
done < <(grep -v '^#' "$root/tests/canaries/lab.tsv" | grep -E -- "$chosen")
wait

caught=$(cat "$work"/*.result | grep -c '^caught')
missed=$(cat "$work"/*.result | grep -c '^MISSED')
echo "canaries: $caught caught, $missed missed"
[ "$missed" -eq 0 ] && [ "$caught" -gt 0 ]
