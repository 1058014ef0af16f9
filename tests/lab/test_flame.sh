#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Flame graphs from end to end: what they name, what is said where perf is missing, forbidden
# or broken, and that their page opens.
#
#   test_flame.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh.
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"
# looking for leaks takes longer than the rest
export ASAN_OPTIONS=detect_leaks=0

_small="-w load_factor -t u64 -n 200k"
_stacks=cells.0.stacks

# A perf before the one in PATH: what it does is on standard input.
_put_perf() {
    mkdir bin
    cat >bin/perf
    chmod +x bin/perf
}

# The samples' reason, "" where there are samples.
_reason() { # FILE
    "$json_get" "$1" cells.0.metrics.flame_samples.reason 2>/dev/null
}

# Ends the case where this machine cannot sample.
_needs_samples() { # FILE
    local why
    why=$(_reason "$1")
    [ -z "$why" ] || _skip "$why"
}

_reason_says() { # FILE PART
    local why
    why=$(_reason "$1")
    [[ $why == *"$2"* ]] || _fail "the reason is '$why', not '$2'"
    _is 'lost samples' "$(_get "$1" cells.0.metrics.flame_lost.value)" null
    _says "$2"
}

_nothing_is_left() {
    [ -z "$(ls -A tmp)" ] || _fail "left in TMPDIR: $(ls -A tmp)"
}

the_graph_names_verbs_resizes_and_page_faults() {
    # shellcheck disable=SC2086
    _good profile $_small -i chaining --with flame --output p
    _needs_samples p/result.json
    _is 'self-test, wrong' $(($(_get p/result.json $_stacks.self_test.1) - \
        $(_get p/result.json $_stacks.self_test.0))) 0
    _is event "$(_get p/result.json $_stacks.event | grep -cE '^(cycles|cpu-clock)')" 1
    _is 'sum of the counts' "$(awk '{ n += $NF } END { print n }' p/flame.folded)" \
        "$(_get p/result.json $_stacks.samples)"
    grep -q '^run;insert;' p/flame.folded || _fail "no insert: $(head -n 5 p/flame.folded)"
    grep -q ';rehash;move_nodes' p/flame.folded || _fail "no resize: $(head -n 5 p/flame.folded)"
    [ "$(_get p/result.json $_stacks.has_kernel)" != true ] ||
        grep -qE 'fault_\[k\]' p/flame.folded || _fail "no page fault"
    ! grep -q flame_self_test p/flame.folded || _fail "the self-test is in the graph"
    grep -qE '^ +[0-9]+ +[0-9]+  chaining\.h:[0-9]+ ' p/flame.txt ||
        _fail "no source line: $(head -n 60 p/flame.txt | tail -n 20)"
    _good report p/result.json
    _says 'where the processor was'
}

without_perf_there_is_a_reason() {
    mkdir bin
    # shellcheck disable=SC2086
    PATH=$PWD/bin _good run $_small -n 1000 -i chaining --with flame --json r.json
    _reason_says r.json 'perf is not in PATH'
}

a_perf_that_fails_is_quoted() {
    _put_perf <<'END'
#!/bin/sh
echo "WARNING: perf not found for kernel 9.9" >&2
exit 2
END
    # shellcheck disable=SC2086
    PATH=$PWD/bin:$PATH _good run $_small -n 1000 -i chaining --with flame --json r.json
    _needs_perf_events r.json
    _reason_says r.json 'exit code 2: WARNING: perf not found for kernel 9.9'
}

# Where no event may be opened perf is not even asked.
_needs_perf_events() { # FILE
    local why
    why=$(_reason "$1")
    [[ $why != *perf_event_open* && $why != *perf_event_paranoid* ]] || _skip "$why"
}

a_perf_that_counts_nothing_is_told() {
    mkdir tmp
    _put_perf <<'END'
#!/bin/sh
case $1 in
record) while [ "$1" != -- ]; do shift; done; shift; exec "$@" ;;
script) echo "  <not supported>      cpu-clock: " ;;
esac
END
    # shellcheck disable=SC2086
    TMPDIR=$PWD/tmp PATH=$PWD/bin:$PATH _good run $_small -n 1000 -i chaining --with flame \
        --json r.json
    _needs_perf_events r.json
    _reason_says r.json "not read: perf script, line 1: '  <not supported>"
    _nothing_is_left
}

# Frame pointers, which the subjects do not have.
wrong_stacks_are_told() {
    ! _is_sanitized || _skip "a sanitizer's code has frame pointers"
    command -v perf >/dev/null || _skip "perf is not in PATH"
    _put_perf <<END
#!/bin/bash
exec $(command -v perf) "\${@/dwarf,4096/fp}"
END
    # shellcheck disable=SC2086
    PATH=$PWD/bin:$PATH _run run $_small -i chaining --with flame --json r.json
    _is 'exit code' "$code" 0
    _needs_perf_events r.json
    grep -qE "self-test's" r.json || _fail "no word on it: $(_reason r.json)"
    _says "self-test's"
}

an_ordinary_user_gets_samples_or_reasons() {
    [ "$(id -u)" -eq 0 ] || _skip "this is an ordinary user already"
    command -v setpriv >/dev/null || _skip "setpriv is not in PATH"
    local why
    local -a as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    "${as[@]}" "$onemiss" --help >/dev/null 2>&1 || _skip "others may not run $onemiss"
    # shellcheck disable=SC2086
    (cd / && TMPDIR=/tmp "${as[@]}" "$onemiss" run $_small -i chaining --with flame --json - \
        </dev/null 2>/dev/null) >r.json || _fail "exit code $?"
    why=$(_reason r.json)
    [[ -z $why || $why == *perf_event_@(paranoid|open)* || $why == *'perf is not in PATH'* ]] ||
        _fail "the reason is '$why'"
    if [ -z "$why" ] && [ "$(_get r.json $_stacks.has_kernel)" = false ]; then
        _get r.json cells.0.metrics.flame_kernel_share.reason | grep -q perf_event_paranoid ||
            _fail "no reason for the kernel's share"
        ! _get r.json "$_stacks.folded.*.0" | grep -q '_\[k\]' || _fail "kernel functions"
    fi
}

# ---- on a Mac, which programs stand in for ----

# A PATH without perf, where xcrun runs the program and exports the fixture.
_put_xcrun() { # ENTITLEMENT EXPORT
    mkdir bin tmp
    ln -s "$(command -v mkfifo)" "$(command -v cat)" "$(command -v mkdir)" bin
    cat >bin/codesign <<END
#!/bin/sh
echo "<key>$1</key>"
END
    cat >bin/xcrun <<'END'
#!/bin/sh
[ "$1" = xctrace ] || exit 9
if [ "$2" = export ]; then
    [ -d "$4/inner" ] && exec cat "$FIXTURE"
    echo "no trace at $4" >&2
    exit 1
fi
while [ "$1" != -- ]; do
    case $1 in
    --output) mkdir "$2" && mkdir "$2/inner" && echo >"$2/inner/file" ;;
    --env) export "${2?}" ;;
    esac
    shift
done
shift
exec 3>&- # what it starts inherits nothing
"$@"
END
    chmod +x bin/codesign bin/xcrun
    export FIXTURE=$2
}

_xctrace_fixture=$(cd "$(dirname "$0")/.." && pwd)/fixtures/xctrace/by_hand.xml

on_a_mac_xctrace_samples() {
    _put_xcrun com.apple.security.get-task-allow "$_xctrace_fixture"
    # shellcheck disable=SC2086
    TMPDIR=$PWD/tmp PATH=$PWD/bin _good run $_small -n 1000 -i chaining --with flame --json r.json
    [[ $(_reason r.json) != *'without expat'* ]] || _skip "$(_reason r.json)"
    _is by "$(_get r.json $_stacks.by)" xctrace
    _is samples "$(_get r.json $_stacks.samples $_stacks.outside $_stacks.frequency_hz | tr '\n' ' ')" \
        "3 1 1000 "
    _is stacks "$(_get r.json "$_stacks.folded.*.0" | tr '\n' ' ')" \
        "run;find run;find;[libsystem_malloc.dylib] "
    _get r.json cells.0.metrics.flame_kernel_share.reason | grep -q 'Time Profiler' ||
        _fail "no reason for the kernel's share"
    _nothing_is_left
}

on_a_mac_what_hinders_is_told() {
    _put_xcrun nothing "$PWD/none.xml"
    # shellcheck disable=SC2086
    PATH=$PWD/bin _good run $_small -n 1000 -i chaining --with flame --json r.json
    _reason_says r.json 'codesign --force --sign -'
    echo '#!/bin/sh
echo com.apple.security.get-task-allow' >bin/codesign
    # shellcheck disable=SC2086
    PATH=$PWD/bin _good run $_small -n 1000 -i chaining --with flame --json r.json
    [[ $(_reason r.json) != *'without expat'* ]] || _skip "$(_reason r.json)"
    _reason_says r.json 'not read: xctrace export'
}

# What chromium has to complain of, and what it made of the page.
_open() { # FILE
    timeout 60 chromium --headless --no-sandbox --disable-gpu --enable-logging=stderr \
        --user-data-dir="$PWD/chromium" --virtual-time-budget=3000 --dump-dom \
        "file://$PWD/$1" >dom 2>log </dev/null || _fail "chromium: $(tail -n 3 log)"
    ! grep -q CONSOLE log || _fail "$1: $(grep CONSOLE log)"
}

the_pages_open_without_a_complaint() {
    ! _is_sanitized || _skip "once is enough"
    command -v chromium >/dev/null || _skip "chromium is not in PATH"
    # shellcheck disable=SC2086
    _good profile $_small -i chaining --against open_addressing --with flame --output p
    _needs_samples p/result.json
    [ -e p/flame.difference.html ] || _skip "$(grep -m 1 'not made' "$scratch/out")"
    _open p/chaining.flame.html
    grep -q 'name="insert"' dom || _fail "no box for insert"
    grep -q '<td>move_nodes</td>' dom || _fail "no table with move_nodes"
    _open p/flame.difference.html
    [ "$(grep -o '<svg ' dom | wc -l)" -eq 2 ] || _fail "not two graphs"
    grep -q 'A: chaining' dom || _fail "A has no heading"
}

_run_cases
