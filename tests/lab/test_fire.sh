#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The lab under fire: maps that misbehave, hostile names, a machine where little is there,
# faults of the disk and the kernel, signals.
#
#   test_fire.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh, and a line with the number of injected faults.
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"
# a sanitizer looks for leaks in the golden cases; here it would take half the time
export ASAN_OPTIONS=detect_leaks=0

# ---- subjects that misbehave ----

# One bad subject among good maps costs its own cells only.
_costs_its_own_cell() { # NAME STATUS REASON ARGUMENTS
    local name=$1 status=$2 reason=$3 i n=0 good=''
    local -a subject_of status_of reason_of
    shift 3
    ln -s "$bad/$name.so" . # so that its children are known by this folder
    _run compare -i "chaining,$PWD/$name.so,open_addressing" --repeat 1 --with clock,memory \
        --json r.json "$@"
    rm "$name.so"
    _is 'exit code' "$code" 1
    _has_remarked ''
    _no_control_bytes "$scratch/out" "the table"
    _whole_result r.json true
    mapfile -t subject_of < <(_get r.json 'cells.*.subject')
    mapfile -t status_of < <(_get r.json 'cells.*.status')
    mapfile -t reason_of < <(_get r.json 'cells.*.reason')
    for i in "${!subject_of[@]}"; do
        if [ "${subject_of[i]}" = "$name" ]; then
            _is "cell $i" "${status_of[i]}" "$status"
            [[ ${reason_of[i]} == *"$reason"* ]] || _fail "reason: ${reason_of[i]}"
            n=$((n + 1))
        else
            _is "cell $i, ${subject_of[i]}" "${status_of[i]}, ${reason_of[i]}" 'ok, '
            good+=" $i"
        fi
    done
    i=${#subject_of[@]}
    if [ "$n" -eq 0 ] || [ "$i" -ne $((3 * n)) ]; then _fail "$i cells, $n of them bad"; fi
    _is 'statuses, reasons' "${#status_of[@]}, ${#reason_of[@]}" "$i, $i"
    _has_metrics r.json "$good" "$metrics_clock $metrics_memory"
    grep -q "$name.*$status" "$scratch/out" || _fail "the table: $(cat "$scratch/out")"
    _no_child_is_left
    _is_read_back 1
    _files r.json
}

# What the lab has written it reads as well.
_is_read_back() { # CODE
    _run report r.json
    _is "report: exit code, $(cat "$scratch/err")" "$code" "$1"
    _no_control_bytes "$scratch/out" "the report"
}

a_crash_costs_its_own_cell() {
    _costs_its_own_cell crashing crashed 'Segmentation fault' -w load_factor -n 20k
}

a_crash_before_it_would_come_is_none() {
    _good compare -i "chaining,$bad/crashing.so" -w load_factor -n 5k --repeat 1 --json r.json
    _is status "$(_get r.json 'cells.*.status' | sort -u)" ok
}

a_hang_costs_its_own_cell() {
    _costs_its_own_cell hanging timeout 'no end after 1 s' -w load_factor -n 20k -t u64 \
        --timeout 1
    rm r.json
    _costs_its_own_cell hanging timeout --timeout -w load_factor -n 20k -t str --timeout 1
}

one_wrong_answer_in_a_million_costs_its_own_cell() {
    _costs_its_own_cell wrong wrong 'the entries at the end' -w load_factor -t u64 -n 130k
    rm r.json
    _costs_its_own_cell wrong wrong 'an answer on the way' -w operation_mix -o read_heavy \
        -t u64 -n 130k
}

one_wrong_byte_of_a_string_costs_its_own_cell() {
    ! _is_sanitized || _skip "nothing that others do not run, and long"
    _costs_its_own_cell wrong wrong 'the entries at the end' -w load_factor -t str -n 130k
}

wrong_answers_have_no_metrics() {
    local name
    _run run -w load_factor -i "$bad/wrong.so" -n 130k --repeat 1 --json r.json
    for name in $metrics_clock $metrics_memory; do
        _is "$name" "$(_get r.json "cells.0.metrics.$name.value")" null
        _get r.json "cells.0.metrics.$name.reason" | grep -q 'the entries at the end' ||
            _fail "$name: $(_get r.json "cells.0.metrics.$name")"
    done
}

a_lost_update_costs_its_own_cell() {
    ! _is_sanitized || _skip "nothing that others do not run, and long"
    _costs_its_own_cell lost_update wrong '' -w memory_patterns -n 20k
    rm r.json
    _costs_its_own_cell lost_update wrong '' -w operation_mix -n 20k -o write_heavy
}

a_leak_costs_its_own_cell() {
    _costs_its_own_cell leaking leaked '48 bytes' -w load_factor,operation_mix -o balanced -n 2k
}

an_exit_costs_its_own_cell() {
    local -x ASAN_OPTIONS=detect_leaks=0 # else a sanitizer makes another code of 7
    _costs_its_own_cell exiting failed 'exit code 7: enough of this' -w load_factor -n 20k
}

no_memory_costs_its_own_cell() {
    _costs_its_own_cell starving out_of_memory 'out of memory' -w load_factor -n 20k
}

a_single_wrong_answer_costs_its_own_cell() {
    ! _is_sanitized || _skip "a million operations, slowly, and nothing new"
    _costs_its_own_cell wrong_once wrong '999999 entries at the end' -w load_factor -t u64 -n 1M
    rm r.json
    _costs_its_own_cell wrong_once wrong 'should' -w operation_mix \
        -o read_heavy -t u64 -n 1M
    rm r.json
    _good run -w load_factor -i "$bad/wrong_once.so" -n 999982 --repeat 1 --with memory
}

an_eater_of_memory_costs_its_own_cell() {
    ! _is_sanitized || _skip "a sanitizer's shadow is memory without limit"
    _costs_its_own_cell eating out_of_memory '200.0 MB' -w load_factor -n 20k \
        --memory-limit 200M
}

a_blind_eater_of_memory_costs_its_own_cell() {
    ! _is_sanitized || _skip "a sanitizer's shadow is memory without limit"
    _costs_its_own_cell eating_blindly crashed 'Segmentation fault' -w load_factor -n 20k \
        --memory-limit 200M
}

# Integers: it says itself that it failed, in words that would steer a terminal. Strings:
# nothing it says is believed but for what only malice could forge, and it is right.
megabytes_of_rubbish_break_nothing() {
    _costs_its_own_cell rubbish failed 'it says' -w load_factor -t u64 -n 20k --timeout 2
    rm r.json
    _run compare -i "chaining,$bad/rubbish.so" -w load_factor -t str -n 20k --repeat 1 \
        --json r.json
    _is 'exit code' "$code" 0
    _has_remarked ''
    _no_control_bytes "$scratch/out" "the table"
    _whole_result r.json true
    _is status "$(_get r.json 'cells.*.status' | sort -u)" ok
    _has_metrics r.json 0 "$metrics_clock $metrics_memory"
    [ "$(wc -c <r.json)" -le 100000 ] || _fail "a result of $(wc -c <r.json) bytes"
    _is_read_back 0
}

# Whether or not it holds the pipe open; --timeout would end it otherwise.
a_process_left_behind_is_ended() {
    ln -s "$bad/forking.so" .
    _good compare -i "chaining,$PWD/forking.so" -w load_factor -n 20k --repeat 1 \
        --timeout 20 --with clock,memory --json r.json
    _no_child_is_left
    _is status "$(_get r.json 'cells.*.status' | sort -u)" ok
}

a_stopped_child_costs_its_own_cell() {
    _costs_its_own_cell stopping timeout 'no end after 1 s' -w load_factor -t u64 -n 20k \
        --timeout 1
}

a_closed_pipe_costs_its_own_cell() {
    _costs_its_own_cell closing failed 'ended early' -w load_factor -n 20k
}

noise_does_no_harm() {
    _good compare -i "chaining,$bad/noisy.so" -w load_factor,operation_mix -o balanced -n 8k \
        --repeat 2 --json r.json
    _whole_result r.json true
    _is status "$(_get r.json 'cells.*.status' | sort -u)" ok
    _no_control_bytes "$scratch/out" "the table"
    ! _get r.json 'cells.*.metrics.ns_per_op.value' | grep -qx '0' || _fail "it was believed"
    "$onemiss" run -w load_factor -i "$bad/noisy.so" -n 50k --json - >out 2>err
    _whole_result out true
}

# ---- hostile names ----

_is_clean() { # FILE.so: every command that shows it
    local field words
    for words in "run -w load_factor" "compare -w load_factor --json r.json"; do
        # shellcheck disable=SC2086
        _run $words -i "$1" -t u64 -n 100 --repeat 1
        _is 'exit code' "$code" 0
        _no_control_bytes "$scratch/out" "the table"
        _no_control_bytes "$scratch/err" "standard error"
    done
    _whole_result r.json true
    for field in subject build status key hash; do
        _get r.json "cells.0.$field" >/dev/null
    done
    _is_read_back 0
    _run layout -i "$1" --json l.json
    _is 'exit code' "$code" 0
    _no_control_bytes "$scratch/out" "the layout"
    _get l.json subject >/dev/null
}

a_hostile_name_steers_no_terminal_and_loses_no_field() {
    _is_clean "$bad/hostile_name.so"
}

a_control_code_of_eight_bits_steers_no_terminal() {
    _is_clean "$bad/c1_name.so"
}

a_hostile_file_name_steers_no_terminal() {
    local name=$'\033[31mred\r\n\xc2\x9b2J<b>"x\'y\xff'
    local long
    long=$(printf 'long%.0s' {1..50})
    # a lab of its own, whose maps have such names
    mkdir -p bin/subjects/native
    cp "$onemiss" bin/onemiss
    cp "$bad/hostile_name.so" "bin/subjects/native/$name.so"
    cp "$bad/hostile_name.so" "bin/subjects/native/$long.so"
    local onemiss=$PWD/bin/onemiss
    _run list --build native --json list.json
    _is 'exit code' "$code" 0
    _no_control_bytes "$scratch/out" "list"
    _is maps "$(_get list.json 'maps.#')" 2
    _run list --build native --names maps
    _no_control_bytes "$scratch/out" "list --names"
    _run run -w load_factor -i "$name" -n 100 --repeat 1 --build native --json r.json
    _is 'exit code' "$code" 0
    _no_control_bytes "$scratch/out" "the table"
    _no_control_bytes "$scratch/err" "standard error"
    _run run -w load_factor -i "${name}z" -n 100 --build native
    _is 'exit code' "$code" 2
    _no_control_bytes "$scratch/err" "standard error"
    cp "$bad/hostile_name.so" "$name.so"
    _is_clean "./$name.so"
}

a_hostile_line_of_a_keys_file_steers_no_terminal() {
    local line
    for line in $'\033[31mred' $'\xc2\x9b2J' $'1\r2' $'\a'; do
        printf '1\n%s\n' "$line" >keys
        _refused 2 'is no 64-bit number' run -w keys -i chaining -t u64 --keys keys
        _no_control_bytes "$scratch/err" "standard error"
    done
    printf '\033[31mred\n\xc2\x9b2J\n\377\n' >keys
    _good run -w keys -i chaining -t str --keys keys --json r.json
    _no_control_bytes "$scratch/out" "the table"
}

# ---- where little is there ----

_can_mount() {
    unshare -m mount -t tmpfs none /mnt 2>/dev/null || _skip "no right to mount a file system"
}

# Runs with nothing in those folders.
_run_without() { # "FOLDER..." ARGUMENTS
    local folders=$1
    shift
    code=0
    # shellcheck disable=SC2016
    unshare -m sh -c 'for f in $0; do mount -t tmpfs none "$f" || exit 99; done; exec "$@"' \
        "$folders" "$onemiss" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
}

_is_done() { # WHAT
    _is "$1: exit code, $(head -c 300 "$scratch/err")" "$code" 0
    _whole_result r.json true
    _is "$1: status" "$(_get r.json 'cells.*.status' | sort -u)" ok
    _each_null_has_a_reason r.json
}

_small='run -w load_factor -i chaining -n 100 --repeat 1 --with clock,memory --json r.json'

without_proc_and_sys_there_are_reasons() {
    ! _is_sanitized || _skip "a sanitizer reads /proc"
    _can_mount
    local folders words
    for folders in /proc /sys "/proc /sys"; do
        # shellcheck disable=SC2086
        _run_without "$folders" $_small
        _is_done "no $folders"
        [[ $folders == /sys ]] || _get r.json cells.0.metrics.peak_rss_bytes.reason | grep -q /proc ||
            _fail "no $folders: peak_rss_bytes: $(_get r.json cells.0.metrics.peak_rss_bytes)"
        for words in list "layout -i chaining" doctor; do
            # shellcheck disable=SC2086
            _run_without "$folders" $words
            _is "no $folders: $words: exit code, $(cat "$scratch/err")" "$code" 0
        done
    done
}

without_environment_tools_or_folder_for_temporary_files_it_works() {
    code=0
    # shellcheck disable=SC2086
    env -i "$onemiss" $_small >"$scratch/out" 2>"$scratch/err" <&- || code=$?
    _is_done "no environment"
    # shellcheck disable=SC2086
    TMPDIR=/nonexistent PATH=/nonexistent HOME=/nonexistent TERM='' \
        "$onemiss" $_small >"$scratch/out" 2>"$scratch/err" <&- || code=$?
    _is_done "no tools"
    PATH=/nonexistent "$onemiss" doctor >"$scratch/out" 2>"$scratch/err" <&- || code=$?
    _is "doctor: exit code, $(cat "$scratch/err")" "$code" 0
}

with_ten_descriptors_it_works() {
    code=0
    # shellcheck disable=SC2086
    (ulimit -n 10 && exec "$onemiss" $_small >"$scratch/out" 2>"$scratch/err" </dev/null) || code=$?
    _is_done "ten descriptors"
}

with_too_few_descriptors_it_says_so() {
    local n
    for n in 7 6 5 4; do
        code=0
        # shellcheck disable=SC2086
        (ulimit -n $n && exec "$onemiss" $_small) >"$scratch/out" 2>"$scratch/err" </dev/null ||
            code=$?
        case $code in
        0 | 1 | 2 | 3 | 127) ;; # the last is the loader's
        *) _fail "$n descriptors: exit code $code" ;;
        esac
        [ "$code" -eq 0 ] || [ -s "$scratch/err" ] || [ -s r.json ] ||
            _fail "$n descriptors: exit code $code, and not a word"
        rm -f r.json
    done
}

# As another user, since root may start any number.
without_the_right_to_start_a_process_it_says_so() {
    [ "$(id -u)" -eq 0 ] || _skip "not root"
    command -v setpriv >/dev/null || _skip "no setpriv"
    chmod 755 "$scratch" .
    local as="setpriv --reuid=61234 --regid=61234 --clear-groups"
    $as test -x "$onemiss" 2>/dev/null || _skip "another user may not run $onemiss"
    code=0
    $as bash -c 'ulimit -u 1 && exec "$@"' bash "$onemiss" run -w load_factor -i chaining \
        -n 100 --repeat 1 >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
    [[ $code == [123] ]] || _fail "exit code $code"
    [ -s "$scratch/err" ] || _fail "not a word"
}

# ---- the disk and the kernel ----

a_full_disk_keeps_the_old_result() {
    echo old >result.json
    code=0
    # a limit of one block on the size of files, and no signal for it
    (
        trap '' XFSZ
        ulimit -f 1
        exec "$onemiss" run -w load_factor -i chaining -n 1000 --json result.json
    ) >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
    _is 'exit code' "$code" 3
    grep -q '^onemiss: .*result.json' "$scratch/err" || _fail "$(cat "$scratch/err")"
    _is 'old file' "$(cat result.json)" old
    _files result.json
}

a_file_system_really_full_keeps_the_old_result() {
    _can_mount
    code=0
    # shellcheck disable=SC2016
    unshare -m sh -c '
        mount -t tmpfs -o size=48k none /mnt && cd /mnt || exit 99
        "$0" run -w load_factor -i chaining -n 100 --repeat 1 --with clock --json r.json || exit 98
        cp r.json old
        cat /dev/zero >filler 2>/dev/null
        "$0" run -w load_factor -i chaining -n 100 --repeat 1 --json r.json
        code=$?
        cmp r.json old || exit 97
        rm filler old
        ls -A
        exit $code' "$onemiss" >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
    _is "exit code, $(cat "$scratch/err")" "$code" 3
    grep -q '^onemiss: .*r.json.*No space left' "$scratch/err" || _fail "$(cat "$scratch/err")"
    _is 'what is left' "$(tail -n 1 "$scratch/out")" r.json
}

_one_child='run -w load_factor -i chaining -n 100 --repeat 1 --timeout 1 --with clock --json r.json'

# What is there after a fault: the old file or a new one, and the exit code says which.
_old_or_new() { # WHAT KILLED
    local text now
    case $code in
    0 | 1 | 2 | 3) ;;
    137) [ "$2" = killed ] || _fail "$1: killed" ;;
    *) _fail "$1: exit code $code: $(cat err)" ;;
    esac
    _slurp r.json
    now=$text
    _slurp err
    if [ "$now" = "$old" ]; then
        [ "$code" -ne 0 ] || _fail "$1: exit code 0 and no new file"
        [ "$code" -eq 137 ] || [[ $text == 'onemiss: '*$'\n' && ${text%$'\n'} != *$'\n'* ]] ||
            _fail "$1: exit code $code, not one line: $text"
        return
    fi
    _whole_result r.json true
    if [ "$code" -eq 1 ]; then
        [ "$(_get r.json cells.0.status)" != ok ] || _fail "$1: exit code 1, the cell is ok"
    elif [ "$code" -gt 1 ] && [ "$code" -ne 137 ]; then
        [[ $text == 'onemiss: '* ]] || _fail "$1: exit code $code, not a word"
    fi
}

# Each of the calls after the program itself has begun fails once, in a run of its own.
_faults() { # CALL FAULT...
    local call=$1 fault n skip text
    shift
    skip=$(sed '/^fcntl(0, F_GETFD/q' plain | grep -c "^$call(")
    for fault in "$@"; do
        for ((n = skip + 1; n < 200; n++)); do
            printf '%s' "$old" >r.json
            code=0
            # shellcheck disable=SC2086
            { strace -o log -e "trace=$call" -e "inject=$call:$fault:when=$n" \
                "$onemiss" $_one_child >out 2>err </dev/null || code=$?; } 2>/dev/null
            _slurp log
            [[ $text == *INJECTED* || $text == *'killed by'* ]] || break
            n_runs=$((n_runs + 1))
            if [[ $fault == signal* ]]; then
                _old_or_new "$call $n $fault" killed
                rm -f r.json.*
            else
                _old_or_new "$call $n $fault" ''
                [ "$fault" != error=EINTR ] || [ "$code" -eq 0 ] || eintr+=" $call:$n"
                # where nothing can be removed something is left
                [ "$call" != unlink ] || rm -f r.json.*
            fi
            _files err log out plain r.json
        done
        [ "$n" -lt 200 ] || _fail "$call: no end"
    done
}

a_fault_at_any_system_call_leaves_the_old_file_or_the_new_one() {
    local n_runs=0 eintr='' text old call errors="error=ENOSPC error=EINTR signal=KILL"
    command -v strace >/dev/null || _skip "no strace"
    ! _is_sanitized || _skip "strace and the leak sanitizer exclude each other"
    strace -o log true 2>/dev/null || _skip "no right to trace a process"
    # shellcheck disable=SC2086
    _run $_one_child
    _slurp r.json
    old=$text
    rm r.json
    # shellcheck disable=SC2086
    strace -o plain "$onemiss" $_one_child >out 2>err </dev/null
    touch log
    grep -q '^fcntl(0, F_GETFD' plain || _fail "the program's beginning is not found"
    for call in openat write fsync close rename fchmod unlink; do
        grep -q "^$call(" plain || _fail "$call is not used any more; what is?"
        # shellcheck disable=SC2086
        _faults $call $errors
    done
    _faults pipe2 error=EMFILE
    _faults clone error=EAGAIN
    [ "$n_runs" -gt 100 ] || _fail "only $n_runs runs"
    echo "fault injection: $n_runs runs, each with a whole file; interrupted calls that failed:${eintr:- none}"
}

writes_of_few_bytes_make_a_whole_file() {
    ! _is_sanitized || _skip "a sanitizer's own write stands before it"
    local n=0 lines=0
    # shellcheck disable=SC2086
    SHORT_WRITE_LOG=$PWD/log LD_PRELOAD=${json_get%/*}/short_write.so \
        "$onemiss" $_one_child >out 2>err </dev/null || _fail "exit code $?: $(cat err)"
    _whole_result r.json true
    _is status "$(_get r.json cells.0.status)" ok
    # the parent's writes are most of those of the result, 1 to 7 bytes each
    while read -r lines; do n=$((lines > n ? lines : n)); done <log
    [ $((n * 4)) -ge "$(wc -c <r.json)" ] || _fail "only $n writes"
}

# ---- signals ----

_long_compare() { # SUBJECT_FILE ARGUMENTS: in the background, as a job that gets SIGINT
    cp "$1" marked.so
    cp "$1" other.so
    shift
    set -m
    "$onemiss" compare -i "$PWD/marked.so,$PWD/other.so" -t u64 --json r.json "$@" \
        >out 2>err </dev/null &
    pid=$!
    # a signal before that would be the shell's
    while [ "$(readlink "/proc/$pid/exe")" = "$(readlink "/proc/$$/exe")" ]; do :; done
}

_expect_exit() { # CODE
    local began=$SECONDS
    code=0
    wait "$pid" || code=$?
    _is 'exit code' "$code" "$1"
    [ $((SECONDS - began)) -le 3 ] || _fail "it took $((SECONDS - began)) s to end"
    _no_child_is_left
}

_expect_end() { # CODE
    _expect_exit "$1"
    [ ! -e r.json ] || _whole_result r.json false
    rm -f r.json
    _files err marked.so other.so out
}

# 20 moments over the first half second, drawn from a seed; first without a wait.
an_interrupt_at_any_moment_leaves_no_child_and_no_half_result() {
    local i n=20 ms=0 good=$subjects/open_addressing.so
    ! _is_sanitized || n=6
    RANDOM=20
    for ((i = 0; i < n; i++)); do
        _long_compare "$good" -w operation_mix -n 50k --repeat 500
        sleep "$(printf '0.%03d' $ms)"
        kill -INT "$pid"
        _expect_end 130
        ms=$((RANDOM % 500))
    done
}

an_interrupt_before_the_first_cell_keeps_the_old_result() {
    _good run -w load_factor -i chaining -n 100 --repeat 1 --with clock --json r.json
    cp r.json old
    _long_compare "$subjects/open_addressing.so" -w operation_mix -n 2M --repeat 50
    _wait_for_child path=
    kill -INT "$pid"
    _expect_exit 130
    cmp -s r.json old || _fail "the old result is gone: $(diff r.json old | head -20)"
    grep -q 'no result; r.json is left as it is' out || _fail "$(cat out)"
    rm old r.json
    # nor is there a new file that holds nothing
    _long_compare "$subjects/open_addressing.so" -w operation_mix -n 2M --repeat 50
    _wait_for_child path=
    kill -TERM "$pid"
    _expect_exit 143
    grep -q 'no result; r.json is left as it is' out || _fail "$(cat out)"
    _files err marked.so other.so out
}

an_interrupt_is_why_there_is_no_heat() {
    set -m
    "$onemiss" layout -i chaining --heat -n 4M >out 2>err </dev/null &
    pid=$!
    _wait_for_child path= # by then it watches for signals
    kill -INT "$pid"
    _expect_exit 130
    _is 'what is said' "$(cat err)" 'onemiss: no heat: interrupted before the run was finished'
    rm out err
}

a_termination_request_ends_it_the_same_way() {
    _long_compare "$subjects/open_addressing.so" \
        -w operation_mix -n 500k --repeat 500
    _wait_for_child workload=operation_mix
    kill -TERM "$pid"
    _expect_end 143
}

a_hanging_child_does_not_delay_an_interrupt() {
    _long_compare "$bad/hanging.so" -w load_factor -n 20k
    _wait_for_child path=
    sleep 0.2
    kill -INT "$pid"
    _expect_end 130
}

finished_cells_of_an_interrupted_run_are_kept() {
    ! _is_sanitized || _skip "nothing that others do not run, and long"
    _long_compare "$subjects/open_addressing.so" \
        -w load_factor,operation_mix -o balanced -n 200k --repeat 4 --with clock,memory
    _wait_for_child workload=operation_mix
    kill -INT "$pid"
    code=0
    wait "$pid" || code=$?
    _is 'exit code' "$code" 130
    _whole_result r.json false
    _is workloads "$(_get r.json 'cells.*.workload' | sort -u)" load_factor
    _is status "$(_get r.json 'cells.*.status' | sort -u)" ok
    _is cells "$(_get r.json 'cells.#')" 2
    _has_metrics r.json 0 "$metrics_clock $metrics_memory"
    grep -q Interrupted out || _fail "the table does not say so: $(cat out)"
}

a_killed_lab_leaves_no_child() {
    local i moment
    for moment in 0.2 0.02 0 0 0 0; do # the last: while the child is being started
        _long_compare "$bad/hanging.so" -w load_factor -n 20k
        while [ -z "$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)" ] &&
            kill -0 "$pid"; do :; done
        sleep $moment
        kill -KILL "$pid"
        wait "$pid" 2>/dev/null
        for ((i = 0; i < 50; i++)); do
            [ -n "$(_children)" ] || continue 2
            sleep 0.02
        done
        _fail "a child is left: $(_children)"
    done
}

a_reader_of_progress_that_goes_away_costs_nothing() {
    (
        trap - PIPE
        "$onemiss" compare -w load_factor -i chaining -t u64 -n 2000 --repeat 2 --with clock \
            --json r.json 2>&1 >/dev/null | true
    )
    _whole_result r.json true
}

_run_cases
