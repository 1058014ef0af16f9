#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Plants each bug of lab.tsv in a copy of one file of the lab, links it before the library
# of all others, and requires the unit test that stands beside it to fail.
#
#     lab.sh REPOSITORY WORK_DIRECTORY LAB_LIBRARY [CC]
#
# Prints `caught NAME` or `MISSED NAME: why` for each, then the counts; exit 0 when none is
# missed. That the tests pass when nothing is planted is told by the tests themselves.
set -u

if [ $# -lt 3 ]; then
    sed -n '3,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
root=$(cd "$1" && pwd) || exit 2
rm -rf "$2" && mkdir -p "$2" || exit 2
work=$(cd "$2" && pwd) || exit 2
library=$(readlink -f "$3")
cc=${4:-cc}

# compile FOLDER FILE TEST: the test with that file of the folder.
compile() {
    "$cc" -std=c11 -O1 -w -D_GNU_SOURCE -DNDEBUG -DONEMISS_VERSION='"0"' -DNATIVE_NEEDS=0u \
        -I "$(dirname "$root/$2")" -I "$root/lab" -I "$root/lab/report" -I "$root/include" \
        "$root/tests/unit/$3.c" "$1/$(basename "$2")" "$library" \
        -o "$1/planted" -lcmocka -ljansson -lxxhash -ldl -lm
}

# fails PROGRAM: whether a test of it fails, or it dies. The first failure is enough.
fails() {
    timeout -k 1 120 "$1" >"$1.log" 2>&1 &
    local pid=$!
    while kill -0 $pid 2>/dev/null; do
        grep -q '\[  FAILED' "$1.log" && kill -KILL $pid 2>/dev/null
        sleep 0.1
    done
    ! wait $pid
}

verdict() {
    echo "$1 $2${3:+: $3}" | tee "$work/$2.result"
}

# try NAME FILE TEST SED
try() {
    local folder=$work/$1
    mkdir -p "$folder"
    # includes of other files of the lab are found as from the file's own place
    sed "$4" "$root/$2" >"$folder/$(basename "$2")"
    if cmp -s "$root/$2" "$folder/$(basename "$2")"; then
        verdict MISSED "$1" "the sed expression changes nothing in $2"
    elif ! compile "$folder" "$2" "$3" 2>"$folder/compiler.log"; then
        verdict MISSED "$1" "does not compile, see $folder/compiler.log"
    elif fails "$folder/planted"; then
        verdict caught "$1"
    else
        verdict MISSED "$1" "$3 passes"
    fi
}

while IFS=$'\t' read -r name file test expression; do
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do
        wait -n
    done
    try "$name" "$file" "$test" "$expression" 2>/dev/null &
done < <(grep -v '^#' "$root/tests/canaries/lab.tsv")
wait

caught=$(cat "$work"/*.result | grep -c '^caught')
missed=$(cat "$work"/*.result | grep -c '^MISSED')
echo "canaries: $caught caught, $missed missed"
[ "$missed" -eq 0 ] && [ "$caught" -gt 0 ]
