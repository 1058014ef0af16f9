#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Plants the bugs of browser.tsv in copies of files of the lab, all at once, links them
# before the library of all others, and requires tests/browser to find each on the pages that
# this program writes.
#
#     browser.sh REPOSITORY WORK_DIRECTORY BUILD_DIRECTORY [CC]
#
# The build directory holds that library, the program itself, and npm's modules. Prints
# `caught NAME` or `MISSED NAME: why` for each, then the counts; exit 0 when none is missed.
set -u

if [ $# -lt 3 ]; then
    sed -n '3,11s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
root=$(cd "$1" && pwd) || exit 2
rm -rf "$2" && mkdir -p "$2" || exit 2
work=$(cd "$2" && pwd) || exit 2
build=$(cd "$3" && pwd) || exit 2
cc=${4:-cc}
onemiss=$build/bin/onemiss
json_get=$build/bin/tests/json_get
cd "$work" || exit 2
# shellcheck source=tests/browser/open_pages.sh
. "$root/tests/browser/open_pages.sh"

why=$(_cannot_look "$build/browser/node_modules")
[ -z "$why" ] || {
    echo "SKIPPED: $why"
    exit 0
}

rows() { grep -v '^#' "$root/tests/canaries/browser.tsv"; }

missed() { # NAME WHY
    echo "MISSED $1: $2"
    echo "$1" >>missed
}

while IFS=$'\t' read -r name file _ expression; do
    [ -e "${file##*/}" ] || cp "$root/$file" .
    cp "${file##*/}" before
    sed -i "$expression" "${file##*/}"
    ! cmp -s before "${file##*/}" || missed "$name" "the sed expression changes nothing in $file"
done < <(rows)

expat=-lexpat # where it was there to build with
grep -q '^EXPAT_LIBRARY.*NOTFOUND' "$build/CMakeCache.txt" && expat=
# shellcheck disable=SC2086 # none, or one
"$cc" -std=c11 -O0 -w -D_GNU_SOURCE -DNDEBUG -DONEMISS_VERSION='"0"' \
    -I "$root/lab/report" -I "$root/lab" -I "$root/include" ./*.c "$root/lab/main.c" \
    "$build/lab/liblab_parts.a" -o planted -ljansson -lxxhash $expat -ldl -lm 2>compiler.log ||
    missed all "does not compile, see $work/compiler.log"

# The sound program's page is what the planted one's with hostile labels should be like.
_make_result r.json
_put_hostile r.json hostile.json
"$onemiss" report r.json --output like.html >/dev/null
for page in report hostile; do
    result=r.json
    [ $page = report ] || result=hostile.json
    ./planted report $result --output $page.html >/dev/null
done
_open_pages "$build/browser/node_modules" --like like.html --report report.html hostile.html >found

while IFS=$'\t' read -r name _ finding _; do
    if grep -qF -- "$finding" found; then
        echo "caught $name"
    else
        missed "$name" "'$finding' is not in $work/found"
    fi
done < <(rows)
n_missed=$(sort -u missed 2>/dev/null | wc -l)
echo "canaries: $(($(rows | wc -l) - n_missed)) caught, $n_missed missed"
[ "$n_missed" -eq 0 ]
