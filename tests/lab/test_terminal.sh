#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Manners on a terminal and elsewhere: progress, colour, quiet.
#
#   test_terminal.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh. The terminal is a pseudo-terminal of script(1).
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"
# a sanitizer looks for leaks in the golden cases
export ASAN_OPTIONS=detect_leaks=0

escape=$'\033'
erase=$'\r\033[K'

# Runs a shell's line with a terminal on all three streams, unless the line redirects
# them; sets code, what the terminal got is in $scratch/tty. The words ONEMISS and BAD
# stand for the program and the folder of bad subjects.
_on_terminal() { # LINE [NAME=VALUE...]
    local line=${1//ONEMISS/\'$onemiss\'}
    command -v script >/dev/null || _skip "no script"
    line=${line//BAD/$bad}
    shift
    code=0
    env -u NO_COLOR TERM=xterm-256color SHELL=/bin/sh "$@" \
        script -qec "$line" /dev/null >"$scratch/tty" 2>"$scratch/err" </dev/null || code=$?
}

_tty_has() { # TEXT
    local text
    _slurp "$scratch/tty"
    [[ $text == *"$1"* ]] || _fail "$(printf %q "$1") is not in: $(printf %q "$text")"
}

_tty_has_no() { # TEXT
    local text
    _slurp "$scratch/tty"
    [[ $text != *"$1"* ]] || _fail "$(printf %q "$1") is in: $(printf %q "$text")"
}

_compare='ONEMISS compare -w load_factor -t u64 -n 100 --repeat 2 --with clock'
_mixed="$_compare -i chaining,BAD/starving.so -n 20k" # one cell is lost: in red

progress_is_shown_and_erased() {
    local text
    _on_terminal "$_mixed"
    _is 'exit code' "$code" 1
    _slurp "$scratch/tty"
    [[ $text == *"$erase"*'%  load_factor u64, block 1 of 2'* ]] ||
        _fail "no progress: $(printf %q "$text")"
    [[ $text == *"$erase"*'%  load_factor u64, block 2 of 2'* ]] ||
        _fail "no second block: $(printf %q "$text")"
    # behind the last of it nothing is left in its line but what follows
    text=${text##*"block 2 of 2"}
    [[ $text == *"$erase"* ]] || _fail "not erased: $(printf %q "$text")"
    text=${text%%"$erase"*}
    [[ $text != *$'\n'* ]] || _fail "a line was ended, not erased: $(printf %q "$text")"
}

colours_are_for_terminals() {
    _on_terminal "$_mixed"
    _tty_has "${escape}[31mout_of_memory${escape}[0m"
    _on_terminal "$_mixed" NO_COLOR=
    _tty_has "${escape}[31m"
    _on_terminal "$_mixed >out"
    _tty_has "$erase"
    _no_control_bytes out "a table in a file"
    _on_terminal "$_mixed --json - >out"
    _tty_has "${escape}[31m"
    _no_control_bytes out "a document in a file"
}

no_color_gives_none() {
    _on_terminal "$_mixed" NO_COLOR=1
    _is 'exit code' "$code" 1
    _tty_has "$erase"
    _slurp "$scratch/tty"
    text=${text//"$erase"/}
    [[ $text != *"$escape"* ]] || _fail "an escape: $(printf %q "$text")"
}

a_dumb_terminal_gets_no_escape() {
    local kind
    for kind in 'env TERM=dumb' 'env -u TERM'; do
        _on_terminal "$kind $_mixed"
        _is 'exit code' "$code" 1
        _tty_has out_of_memory
        _tty_has_no "$escape"
        _tty_has_no '%  load_factor'
    done
}

quiet_says_nothing_but_complaints() {
    _on_terminal "$_compare -i chaining --quiet"
    _is 'exit code' "$code" 0
    _is 'on the terminal' "$(cat "$scratch/tty")" ''
    _whole_result onemiss-result.json true
    _on_terminal "$_mixed --quiet"
    _is 'exit code' "$code" 1
    _is 'on the terminal' "$(cat "$scratch/tty")" ''
    _on_terminal "$_compare -i chaining --quiet --json missing/r.json"
    _is 'exit code' "$code" 3
    _tty_has 'onemiss: '
    _is lines "$(wc -l <"$scratch/tty")" 1
    _good compare -w load_factor -t u64 -i chaining -n 100 --repeat 1 -q
    [ ! -s "$scratch/out" ] || _fail "$(cat "$scratch/out")"
}

a_quiet_run_without_a_file_is_refused() {
    _refused 2 '--json' run -w load_factor -i chaining -n 100 --quiet
    _refused 2 '--json' run -w load_factor -i chaining -n 100 -q
    _good run -w load_factor -i chaining -n 100 --repeat 1 --quiet --json r.json
    [ ! -s "$scratch/out" ] || _fail "$(cat "$scratch/out")"
    _whole_result r.json true
}

elsewhere_there_is_no_escape() {
    local words
    for words in "compare -w load_factor -i chaining,$bad/starving.so -n 20k --repeat 1" list \
        "layout -i chaining" --help "run --help" doctor "report onemiss-result.json"; do
        code=0
        # shellcheck disable=SC2086
        TERM=xterm-256color "$onemiss" $words >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
        _no_control_bytes "$scratch/out" "$words: standard output"
        _no_control_bytes "$scratch/err" "$words: standard error"
    done
}

an_interrupt_leaves_no_half_line() {
    local text
    _on_terminal "timeout -s INT 0.5 $_compare -i chaining -n 100k --repeat 900"
    _slurp "$scratch/tty"
    [[ $text == *'%  load_factor'* ]] || _fail "no progress: $(printf %q "$text")"
    text=${text##*'%  load_factor'}
    [[ $text == *"$erase"* ]] || _fail "not erased: $(printf %q "$text")"
    # 900 runs take longer: no cell was finished, so there is nothing to keep
    [[ $text == *'no result; onemiss-result.json is left as it is'* ]] ||
        _fail "not told: $(printf %q "$text")"
    [ ! -e onemiss-result.json ] || _fail "a file that holds nothing"
}

_run_cases
