#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# System calls for memory, from end to end: three ways to see them that must agree, what a
# resize asks the kernel for, and what is said where none of the ways is allowed.
#
#   test_calls.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh.
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"
# looking for leaks of the lab takes long, and cannot be done under strace
export ASAN_OPTIONS=detect_leaks=0

_refuse=$(dirname "$json_get")/refuse_calls
_calls=cells.0.memory_calls

# Why a method cannot be used here, in a whole sentence; "" when it can.
_reason() { # METHOD
    "$onemiss" run -w load_factor -i chaining -n 10 -q --with strace --calls-by "$1" \
        --json why.json >/dev/null 2>&1 </dev/null
    "$json_get" why.json cells.0.metrics.mmap_calls.reason 2>/dev/null
}

# The methods that this machine allows, and in $refused why not the others.
_allowed() {
    local method why
    methods=() refused=
    for method in strace seccomp tracepoints; do
        why=$(_reason $method)
        if [ -n "$why" ]; then refused+=" $method: $why;"; else methods+=("$method"); fi
    done
}

# Runs a cell; the calls go to METHOD.calls, a line each: kind, bytes, then as they are
# printed, without their addresses.
_record() { # METHOD WORDS OF THE RUN
    local method=$1
    shift
    _good run "$@" --with strace --calls-by "$method" --json "$method.json"
    _is by "$(_get "$method.json" $_calls.by)" "$method"
    _get "$method.json" "$_calls.calls.*.call" >kinds
    _get "$method.json" "$_calls.calls.*.bytes" >bytes
    _get "$method.json" "$_calls.calls.*.text" | sed -E 's/0x[0-9a-f]{6,}/ADDRESS/g' >texts
    paste -d ' ' kinds bytes texts >"$method.calls"
}

# A run by whichever method is allowed; the case ends where none is.
_see() { # WORDS OF THE RUN
    local why
    _good run "$@" --with strace --json r.json
    why=$("$json_get" r.json cells.0.metrics.mmap_calls.reason 2>/dev/null)
    [ -z "$why" ] || _skip "$why"
}

# ---- the oracle: all who see the calls see the same ----

_agree() { # FILES
    local file
    for file in "${@:2}"; do
        cmp -s "$1" "$file" || _fail "$1 and $file: $(diff "$1" "$file")"
    done
}

# Addresses are drawn anew for each process, which no count depends on: the heap begins and
# grows by whole pages. So the calls of different processes are compared to the last byte.
strace_the_recorder_and_tracepoints_agree() {
    local map type method kinds
    local -a methods files
    local refused
    ! _is_sanitized || _skip "a sanitizer's memory is its own"
    _allowed
    [ ${#methods[@]} -gt 1 ] || _skip "only ${methods[*]} to compare;$refused"
    for map in chaining open_addressing; do
        for type in u64 str; do
            files=()
            for method in "${methods[@]}"; do
                _record "$method" -w load_factor -i $map -t $type -n 20k
                files+=("$method.calls")
                kinds=$(cut -d ' ' -f 1 <"$method.calls" | sort -u | tr '\n' ' ')
                [[ $kinds == *brk*mmap* ]] || _fail "$map $type, $method: only $kinds"
                _is "$map $type, metrics" \
                    "$(_get "$method.json" cells.0.metrics.{mmap,munmap,mremap,brk,madvise}_calls.value | tr '\n' ' ')" \
                    "$(for kind in mmap munmap mremap brk madvise; do grep -c "^$kind " "$method.calls"; done | tr '\n' ' ')"
            done
            _agree "${files[@]}"
        done
    done
    [ -z "$refused" ] || _skip "agreed: ${methods[*]};$refused"
}

# The oracle itself: a recorder that forgets one kind of call, or one byte, must be seen.
a_recorder_that_forgets_is_caught() {
    local kind
    printf '%s\n' 'mmap 4096 a' 'munmap 4096 b' 'mremap 1 c' 'brk -4096 d' 'madvise 1 e' >all
    cp all same
    (_agree all same) || _fail "equals are told apart"
    for kind in mmap munmap mremap brk madvise; do
        grep -v "^$kind " all >less
        ! (_agree all less) || _fail "$kind may be forgotten"
    done
    sed 's/-4096/4096/' all >other
    ! (_agree all other) || _fail "sizes are not compared"
    rm -f "$scratch/detail"
}

# ---- what a resize asks for ----

# A line for each resize whose old table is pages of its own: mmap and munmap calls in it.
# The rule: the default allocator gives blocks of 128 KiB and more pages of their own, as
# malloc would at first; a smaller old table, and its copy, come from the heap.
_pairs() { # FILE
    _get "$1" "$_calls.calls.*.at_ns" >"at"
    _get "$1" "$_calls.calls.*.call" | paste -d ' ' at - >calls
    _get "$1" "$_calls.resizes.*.began_ns" >began
    _get "$1" "$_calls.resizes.*.ended_ns" >ended
    _get "$1" "$_calls.resizes.*.old_bytes" | paste -d ' ' began ended - >resizes
    awk '
        NR == FNR { at[NR] = $1; kind[NR] = $2; n = NR; next }
        $3 >= 131072 {
            split("", count)
            for (i = 1; i <= n; i++)
                if (at[i] >= $1 && at[i] < $2)
                    count[kind[i]]++
            print count["mmap"] + 0, count["munmap"] + 0
        }' calls resizes
}

naive_shows_one_extra_pair_a_resize_and_nobody_else() {
    local map wanted n
    for map in naive:2 original:1 :1; do
        wanted=${map#*:}
        map=open_addressing${map%:*}
        map=${map/sing/sing_}
        map=${map%_}
        _see -w load_factor -i "$map" -t u64 -n 60k
        n=$(_pairs r.json | wc -l)
        [ "$n" -eq 4 ] || _fail "$map: $n resizes of tables of 128 KiB and more"
        _is "$map, mmap and munmap calls of each resize" "$(_pairs r.json | sort -u)" \
            "$wanted $wanted"
        _says "$map: memory calls, seen by"
        _says "65536 -> 131072           $wanted      $wanted "
    done
    _see -w load_factor -i open_addressing_naive -t str -n 10k
    _is 'str' "$(_pairs r.json | sort -u)" '2 2'
}

pages_backed_in_advance_show_as_what_they_are() {
    _see -w load_factor -i open_addressing -t u64 -n 60k
    _get r.json "$_calls.calls.*.text" >texts
    grep -q '^madvise(0x[0-9a-f]*, [0-9]*, MADV_POPULATE_WRITE) = 0$' texts ||
        _fail "$(grep madvise texts)"
    grep -q '^madvise(0x[0-9a-f]*, [0-9]*, MADV_DONTNEED) = 0$' texts || _fail "$(cat texts)"
}

# The window is the workload: nothing of the loader's before it, nor of the walk and the
# map's end after it.
only_the_workload_is_in_the_window() {
    local ended
    _see -w load_factor -i open_addressing -t u64 -n 60k
    ! _get r.json "$_calls.calls.*.text" | grep -e PROT_EXEC -e MAP_DENYWRITE ||
        _fail "a library is loaded in the window"
    # the last table is still mapped; a sanitizer has mappings of its own
    _is_sanitized || _is 'mapped and not given back' \
        $(($(_get r.json cells.0.metrics.mmap_calls.value) - $(_get r.json cells.0.metrics.munmap_calls.value))) 1
    ended=$(_get r.json $_calls.ended_ns)
    [ "$(_get r.json "$_calls.calls.*.at_ns" | sort -n | tail -n 1)" -le "$ended" ] ||
        _fail "a call behind the end"
    _good report r.json
    _says 'outside of resizes'
}

# --premade is for the time and the caches: the batches' memory is no map's.
premade_batches_are_not_counted() {
    local name
    _see -w load_factor -i open_addressing -t u64 -n 20k
    _good run -w load_factor -i open_addressing -t u64 -n 20k --premade --with strace,memory \
        --json p.json
    _good run -w load_factor -i open_addressing -t u64 -n 20k --with memory --json m.json
    for name in mmap_calls munmap_calls memory_call_bytes; do
        _is $name "$(_get p.json cells.0.metrics.$name.value)" \
            "$(_get r.json cells.0.metrics.$name.value)"
    done
    for name in alloc_calls alloc_bytes; do
        _is $name "$(_get p.json cells.0.metrics.$name.value)" \
            "$(_get m.json cells.0.metrics.$name.value)"
    done
}

# ---- threads ----

threads_are_seen_by_strace_and_refused_by_others() {
    local method reason
    local -a methods
    local refused
    ! _is_sanitized || _skip "a sanitizer's memory is its own"
    _allowed
    for method in "${methods[@]}"; do
        _good run -w load_factor -i "$bad/threading.so" -n 20k --with strace \
            --calls-by "$method" --json r.json
        _is status "$(_get r.json cells.0.status)" ok
        if [ "$method" = strace ]; then
            # a page for each of the four, and their stacks
            _is 'pages of threads' \
                "$(_get r.json "$_calls.calls.*.text" | grep -c '^mmap(NULL, 4096, .* = 0x')" 4
            continue
        fi
        reason=$(_get r.json cells.0.metrics.mmap_calls.reason)
        [[ $reason == *thread*'--calls-by strace'* ]] || _fail "$method: $reason"
        _is "$method" "$(_get r.json cells.0.metrics.mmap_calls.value)" null
    done
    [ -z "$refused" ] || _skip "tried: ${methods[*]};$refused"
}

# ---- where little is allowed ----

# As an ordinary user, with strace not in PATH and what else is named refused.
_as_nobody() { # REFUSED OUTPUT WORDS
    local refused=$1 to=$2 path=/nonexistent
    local -a command
    shift 2
    chmod 777 .
    mapfile -t -d ' ' command < <(printf '%s' "$refused")
    command=("$_refuse" "${command[@]}" -- "$onemiss" "$@")
    if [ "$(id -u)" -eq 0 ]; then
        command -v setpriv >/dev/null || _skip "no setpriv to become nobody with"
        setpriv --reuid 65534 --regid 65534 --clear-groups test -x "$onemiss" ||
            _skip "nobody may not read the program where it is"
        command=("$(command -v setpriv)" --reuid 65534 --regid 65534 --clear-groups "${command[@]}")
    fi
    code=0
    PATH=$path "${command[@]}" >"$to" 2>"$scratch/err" </dev/null || code=$?
    [ "$code" -ne 125 ] || _skip "the kernel does not let itself be told to refuse"
}

without_strace_the_recorder_takes_over() {
    _as_nobody ptrace out run -w load_factor -i open_addressing_naive -n 50k --with strace \
        --json r.json
    _is 'exit code' "$code $(cat "$scratch/err")" '0 '
    _is by "$(_get r.json $_calls.by)" seccomp
    grep -q 'memory calls, seen by seccomp' out || _fail "$(cat out)"
    _is pairs "$(_pairs r.json | sort -u)" '2 2'
}

without_any_of_them_there_is_a_reason() {
    local reason
    _as_nobody 'ptrace seccomp perf' out run -w load_factor -i chaining -n 1000 --repeat 1 \
        --with strace,clock --json r.json
    _is 'exit code' "$code $(cat "$scratch/err")" '0 '
    _is status "$(_get r.json cells.0.status)" ok
    _has_metrics r.json 0 "$metrics_clock"
    _each_null_has_a_reason r.json
    reason=$(_get r.json cells.0.metrics.mmap_calls.reason)
    [[ $reason == *'strace is not in PATH'*'seccomp: no seccomp filter'*'tracepoints'* ]] ||
        _fail "$reason"
    grep -q 'memory calls: not run: strace: strace is not in PATH' out || _fail "$(cat out)"
    ! "$json_get" r.json $_calls >/dev/null || _fail "there are memory calls"
}

a_method_that_is_named_is_not_replaced() {
    _as_nobody ptrace out run -w load_factor -i chaining -n 1000 --with strace --calls-by strace \
        --json r.json
    _is 'exit code' "$code" 0
    _get r.json cells.0.metrics.brk_calls.reason | grep -q 'strace is not in PATH' ||
        _fail "$(_get r.json cells.0.metrics.brk_calls)"
    _refused 2 "unknown method 'ftrace'" run -w load_factor -i chaining -n 10 --with strace \
        --calls-by ftrace
    _refused 2 'name strace with --with' run -w load_factor -i chaining -n 10 --calls-by seccomp
}

# ---- bad ends ----

a_strace_that_fails_costs_its_metrics_alone() {
    mkdir bin
    printf '#!/bin/sh\necho "strace: something is wrong" >&2\nexit 1\n' >bin/strace
    chmod 755 bin/strace
    PATH=$PWD/bin:$PATH _good run -w load_factor -i chaining -n 1000 --repeat 1 \
        --with strace,clock --calls-by strace --json r.json
    _is status "$(_get r.json cells.0.status)" ok
    _has_metrics r.json 0 "$metrics_clock"
    _get r.json cells.0.metrics.mmap_calls.reason | grep -q 'something is wrong' ||
        _fail "$(_get r.json cells.0.metrics.mmap_calls)"
}

# It runs the child, and leaves garbled words, or what breaks off.
what_strace_garbles_is_one_reason() {
    local real
    real=$(command -v strace) || _skip "no strace"
    [ -z "$(_reason strace)" ] || _skip "strace: $(_reason strace)"
    mkdir bin
    cat >bin/strace <<END
#!/bin/sh
"$real" "\$@"
code=\$?
while [ "\$1" != -o ]; do shift; done
printf '%s' 'munmap(0x1, ' >>"\$2"
exit \$code
END
    chmod 755 bin/strace
    PATH=$PWD/bin:$PATH _good run -w load_factor -i chaining -n 1000 --with strace \
        --calls-by strace --json r.json
    _get r.json cells.0.metrics.mmap_calls.reason |
        grep -q '^not read: .*line [0-9]*: it ends in the middle of a line.*run it again$' ||
        _fail "$(_get r.json cells.0.metrics.mmap_calls)"
}

# Runs a map that hangs under strace, and ends the lab by a signal once the child is there.
_end_under_strace() { # SIGNAL
    local pid
    mkdir tmp
    TMPDIR=$PWD/tmp "$onemiss" run -w load_factor -i "$PWD/hang.so" -n 20k --with strace \
        --calls-by strace >out 2>err </dev/null &
    pid=$!
    _wait_for_child '--absolute-timestamps'
    for _ in {1..200}; do
        [ -z "$(_children)" ] || break
        sleep 0.02
    done
    [ -n "$(_children)" ] || _fail "the child does not start: $(cat err)"
    kill "-$1" "$pid"
    code=0
    wait "$pid" 2>/dev/null || code=$?
    for _ in {1..200}; do
        [ -n "$(_children)" ] || return 0
        sleep 0.02
    done
    _no_child_is_left
}

no_end_leaves_a_child_under_strace() {
    local why
    why=$(_reason strace)
    [ -z "$why" ] || _skip "$why"
    cp "$bad/hanging.so" hang.so
    _end_under_strace KILL # without a word to anybody
    rm -r tmp
    _end_under_strace TERM
    _is 'exit code' "$code" 143
    _is 'left over' "$(ls tmp)" ''
}

_run_cases
