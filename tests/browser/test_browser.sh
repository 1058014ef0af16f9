#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The report as a page, in a browser, from the disk, without a network: what it looks like,
# what the keyboard reaches, and that no label does any harm.
#
#   test_browser.sh ONEMISS BAD_SUBJECTS JSON_GET MODULES [PATTERN]
#
# MODULES is the folder of npm's that scripts/setup.sh fills. What it prints: case_helpers.sh.
_modules=$(readlink -m "$4")
set -- "$1" "$2" "$3" "${5-}"
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/../lab/case_helpers.sh"
# shellcheck source=tests/browser/open_pages.sh
. "$(dirname "$0")/open_pages.sh"

_why=$(_cannot_look "$_modules")
[ -z "$_why" ] || {
    echo "SKIPPED: $_why"
    exit 0
}
(cd "$scratch" && _make_result r.json)

# What the pages say of themselves is on standard output.
_look() { # WORDS of open_pages.js
    local findings code=0
    findings=$(_open_pages "$_modules" "$@" 2>&1) || code=$?
    [ "$code" -eq 0 ] || _fail "exit code $code: $findings"
}

_report() { # RESULT PAGE
    "$onemiss" report "$1" --output "$2" >/dev/null 2>"$scratch/err" ||
        [ $? -eq 1 ] || _fail "$(cat "$scratch/err")" # 1: a cell is not ok
}

a_report_pleases_in_light_dark_narrow_on_paper_and_by_keyboard() {
    _report "$scratch/r.json" report.html
    _look --report report.html
}

hostile_labels_leave_the_page_unharmed() {
    _put_crash "$scratch/r.json" >crash.json
    _report crash.json report.html
    _put_hostile crash.json hostile.json
    _report hostile.json hostile.html
    grep -q 'window.harmed=1' hostile.html || _fail 'the labels are not in the page'
    _look --like report.html hostile.html
}

# Each in one line, and no page.
labels_that_could_do_harm_elsewhere_are_refused() {
    local field
    for field in subject workload hash; do
        _put_label "$scratch/r.json" $field '\u001b[31m' >escape.json
        _refused 2 "'$field' must be a name" report escape.json --output escape.html
        _put_label "$scratch/r.json" $field "$(printf '%0300d' 0)" >long.json
        _refused 2 "'$field' must be a name" report long.json --output long.html
        _put_label "$scratch/r.json" $field "$(printf '%01048576d' 0)" >longer.json
        _refused 2 'more than 65536 bytes' report longer.json --output longer.html
        # no text at all, so that it cannot be sealed either
        sed "s|\"$field\": *\"[^\"]*\"|\"$field\": \"\xff\xfe\"|" "$scratch/r.json" >bytes.json
        _refused 2 'unable to decode byte 0xff' report bytes.json --output bytes.html
    done
}

a_flame_graph_opens() {
    "$onemiss" profile -w load_factor -t u64 -n 50k -i chaining --with flame \
        --output p >"$scratch/out" 2>&1 || _fail "$(tail -n 3 "$scratch/out")"
    [ -e p/flame.html ] || _skip "$(grep -m 1 'not made' "$scratch/out" || echo 'no flame.html')"
    _look p/flame.html
}

_run_cases
