#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Exact instruction counts from end to end, held against callgrind asked by hand; what is
# said where valgrind is missing, dies or lies; and what doctor says of tools that stand in.
#
#   test_instructions.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh.
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"
export ASAN_OPTIONS=detect_leaks=0

_fixtures=$(dirname "$(readlink -f "$0")")/../fixtures
_counts="exact_instructions exact_instructions_per_op exact_branches sim_branch_misses"

_needs_valgrind() {
    ! _is_sanitized || _skip "valgrind does not run a sanitizer"
    [ "$(uname -m)" = x86_64 ] || _skip "the maps of build v3 are for x86_64"
    command -v valgrind >/dev/null || _skip "no valgrind"
}

_metric() { # FILE NAME
    _get "$1" "cells.0.metrics.$2.value"
}

_metrics() { # FILE
    local name
    for name in $_counts; do
        _metric "$1" "$name"
    done
}

# A program of that name that is found first; its lines on standard input.
_stand_in() { # NAME
    local tools=$scratch/tools.$BASHPID # the case's own
    mkdir -p "$tools"
    { echo '#!/bin/sh'; cat; } >"$tools/$1"
    chmod +x "$tools/$1"
    export PATH=$tools:$PATH
}

# The counts are absent for that reason, the clock's are there, and the exit code is 0.
_is_reason() { # PART
    local name
    _good run -w load_factor -i open_addressing -n 1k --repeat 1 --with instructions,clock \
        --json r.json
    _has_metrics r.json 0 "ns_per_op wall_s"
    for name in $_counts; do
        _is "$name" "$(_metric r.json "$name")" null
        [[ $(_get r.json "cells.0.metrics.$name.reason") == *"$1"* ]] ||
            _fail "'$1' is not in: $(_get r.json "cells.0.metrics.$name.reason")"
    done
    _says "instructions: "
    ! "$json_get" r.json cells.0.functions >/dev/null 2>&1 || _fail "functions all the same"
    rm r.json
    _files # nothing else
}

# ---- what is counted ----

# Sets theirs: instructions and branches of a bare run.
_ask_callgrind() { # MAP TYPE N
    valgrind --tool=callgrind --branch-sim=yes --collect-atstart=no \
        '--toggle-collect=run_timed_batch*' --callgrind-out-file=callgrind.out \
        "$onemiss" run -w operation_mix -i "$1" -t "$2" -n "$3" --bare --build v3 \
        >/dev/null 2>&1 || _fail "callgrind: $1 $2"
    theirs=$(awk '$1 == "totals:" { print $2, $3 + $5 }' callgrind.out)
}

# A map of one block with integers runs the same instructions, be it in a bare run or in
# ours: one more or less would be the lab's. malloc, of which nodes and strings have many,
# finds another heap in each, and takes a step more or less: 2 in 1,000 of the branches seen.
counts_are_those_of_callgrind_asked_by_hand() {
    local ours theirs words
    _needs_valgrind
    for words in 'open_addressing u64 3000' 'chaining str 3000'; do
        # shellcheck disable=SC2086
        set -- $words
        _ask_callgrind "$@"
        _good run -w operation_mix -i "$1" -t "$2" -n "$3" --with instructions --json r.json
        ours="$(_metric r.json exact_instructions) $(_metric r.json exact_branches)"
        [ "$2" = str ] || _is "$words" "$ours" "$theirs"
        awk -v ours="$ours" -v theirs="$theirs" 'BEGIN {
            split(ours, a)
            split(theirs, b)
            for (i = 1; i <= 2; i++)
                if (!(b[i] > 0 && a[i] / b[i] > 0.995 && a[i] / b[i] < 1.005))
                    exit 1
        }' || _fail "$words: '$ours', callgrind '$theirs'"
    done
    _is_seen_with_another_region
}

# The canary of that comparison: a lab that counts more than the timed batches.
_is_seen_with_another_region() {
    local real theirs
    real=$(command -v valgrind)
    _ask_callgrind open_addressing u64 3000
    # shellcheck disable=SC2016
    _stand_in valgrind <<<'
for word; do
    shift
    [ "${word#--toggle-collect=}" = "$word" ] || word="--toggle-collect=child_main"
    set -- "$@" "$word"
done
exec '"$real"' "$@"'
    _good run -w operation_mix -i open_addressing -n 3000 --with instructions --json r.json
    [ "$(_metric r.json exact_instructions) $(_metric r.json exact_branches)" != "$theirs" ] ||
        _fail "another region has the same counts: $theirs"
}

# Whatever the environment and the folder, which move the stack and what is loaded.
a_run_repeats_to_the_instruction() {
    local before after
    _needs_valgrind
    _good run -w operation_mix -i chaining -t str -n 2k --with instructions --json a.json
    mkdir elsewhere
    cd elsewhere || return
    A_LONG_WORD=$(printf '%02000d' 0) _good run -w operation_mix -i chaining -t str -n 2k \
        --with instructions --json b.json
    before=$(_metrics ../a.json | head -n 3)
    after=$(_metrics b.json | head -n 3)
    _is counts "$after" "$before"
}

rows_add_up_and_name_what_is_inlined() {
    local sum
    _needs_valgrind
    command -v addr2line >/dev/null || _skip "no addr2line"
    _good run -w load_factor -i open_addressing -t u64 -n 5k --with instructions --json r.json
    _says 'Instructions by function: open_addressing, build v3 (callgrind '
    for word in u64_siphash13_insert u64_siphash13_rehash om_siphash_round siphash.h; do
        _says "$word"
    done
    for sum in rows lines; do
        _is $sum "$(_get r.json "cells.0.functions.$sum.*.self.instructions" |
            awk '{ n += $1 } END { print n }')" "$(_metric r.json exact_instructions)"
    done
    _is trust "$(_get r.json cells.0.metrics.exact_instructions.trust \
        cells.0.metrics.sim_branch_misses.trust)" $'measured\nsimulated'
    _good report r.json
    _says 'Instructions by function'
}

without_addr2line_functions_are_whole_and_it_is_said() {
    _needs_valgrind
    _stand_in addr2line <<<'echo no symbols here >&2; exit 1'
    _good run -w load_factor -i open_addressing -t u64 -n 1k --with instructions --json r.json
    _says 'Inlined functions are not told apart: addr2line:'
    _is reason "$(_get r.json cells.0.functions.not_inlined)" 'addr2line: no symbols here'
    _has_metrics r.json 0 "$_counts"
    _stand_in addr2line <<<'echo 0x10; echo f'
    _good run -w load_factor -i open_addressing -t u64 -n 1k --with instructions --json r.json
    _says 'Inlined functions are not told apart: addr2line: '
}

# ---- what cannot be counted ----

# The program with nothing in its PATH, as in a container; from now on.
_without_tools() {
    printf '#!/bin/sh\nPATH=/nonexistent exec "%s" "$@"\n' "$onemiss" >"$scratch/alone"
    chmod +x "$scratch/alone"
    onemiss=$scratch/alone
}

without_valgrind_there_is_a_reason() {
    _without_tools
    _is_reason 'valgrind is not in PATH; onemiss doctor'
}

a_valgrind_that_dies_costs_its_own_columns() {
    _stand_in valgrind <<<'echo out of cheese >&2; kill -SEGV $$'
    _is_reason 'crashed: Segmentation fault: out of cheese'
    _stand_in valgrind <<<'echo no such option >&2; exit 1'
    _is_reason 'failed: the child ended early with exit code 1: no such option'
    _stand_in valgrind <<'END'
for word; do
    case $word in --log-file=*) log=${word#*=} ;; esac
done
echo '==1== valgrind: Unrecognised instruction at address 0x4.' >"$log"
kill -ILL $$
END
    _is_reason 'valgrind does not know an instruction of this build'
}

# Runs the child, and leaves as callgrind's file what is named.
_lying_valgrind() { # FILE
    _stand_in valgrind <<END
for word; do
    case \$word in
    --callgrind-out-file=*) [ -z "$1" ] || cp "$1" "\${word#*=}" ;;
    -*) ;;
    *) break ;;
    esac
    shift
done
exec "\$@"
END
}

what_callgrind_leaves_is_not_believed() {
    _lying_valgrind ''
    _is_reason 'callgrind has written no file'
    _lying_valgrind "$_fixtures/callgrind/small_truncated.txt"
    _is_reason 'ends early, at line 60'
    _lying_valgrind "$_fixtures/callgrind/small_damaged.txt"
    _is_reason 'rows with 229 Ir, totals with 228'
    printf 'version: 1\nevents: Ir Bc Bcm Bi Bim\ntotals: 0\n' >"$scratch/none.out"
    _lying_valgrind "$scratch/none.out"
    _is_reason 'no symbol run_timed_batch; install it without strip'
    printf 'version: 1\nevents: Ir\nfn=f\n1 1\ntotals: 1\n' >"$scratch/few.out"
    _lying_valgrind "$scratch/few.out"
    _is_reason 'has not counted Bc'
}

time_that_is_up_is_told_with_what_takes_it() {
    _stand_in valgrind <<<'exec sleep 20'
    _good run -w load_factor -i chaining -n 1k --timeout 1 --with instructions --json r.json
    _says 'timeout: no end after 1 s; --timeout gives it longer; valgrind takes about 50 times'
}

# ---- doctor ----

_finding() { # FILE NAME FIELD: of the first of that name
    local i
    local -a names
    mapfile -t names < <(_get "$1" 'findings.*.name')
    for i in "${!names[@]}"; do
        if [ "${names[i]}" = "$2" ]; then
            _get "$1" "findings.$i.$3"
            return
        fi
    done
    _fail "no finding '$2'"
}

every_finding_is_whole_in_json() {
    local n field
    _good doctor --json d.json
    n=$(_get d.json 'findings.*.name' | wc -l)
    [ "$n" -gt 20 ] || _fail "only $n findings"
    for field in section name state finding; do
        _is "findings with $field" "$(_get d.json "findings.*.$field" | grep -c .)" "$n"
    done
    _is states "$(_get d.json 'findings.*.state' | grep -cvx 'ok\|note\|no')" 0
    for field in sampling 'kernel names' tracepoints seccomp 'flame viewer' addr2line valgrind; do
        _finding d.json "$field" state >/dev/null
    done
}

without_tools_doctor_says_what_brings_them() {
    local name
    _without_tools
    _good doctor --json d.json
    for name in perf strace valgrind addr2line; do
        _is "$name" "$(_finding d.json $name state)" no
        [[ $(_finding d.json $name command) == *"${name/addr2line/binutils}" ]] ||
            _fail "$name: $(_finding d.json $name command)"
    done
}

an_event_that_perf_does_not_support_is_none() {
    _stand_in perf <<'END'
[ "$1" != --version ] || exec echo 'perf version 0'
echo '12,,page-faults,99,100.00,,'
echo '<not supported>,,cycles,0,100.00,,'
echo '<not counted>,,branches,0,0.00,,'
END
    _good doctor --json d.json
    _says 'counts 2 of 3 events: page-faults, branches'
    _says '1 of 3 events are not supported: cycles'
    _stand_in perf <<<'echo nonsense; echo no permission >&2; exit 1'
    _good doctor
    _says 'counts nothing: no permission'
    _stand_in perf <<<'echo 12,,cycles'
    _good doctor
    _says 'counts nothing: perf stat'
    _files d.json
}

an_ordinary_user_gets_reasons_too() {
    [ "$(id -u)" = 0 ] || _skip "this is one already"
    command -v setpriv >/dev/null || _skip "no setpriv"
    local out
    chmod 755 "$scratch" .
    mkdir -m 777 own
    cd own || return
    _without_tools
    out=$(setpriv --reuid 65534 --regid 65534 --clear-groups "$onemiss" doctor 2>&1) ||
        _skip "an ordinary user may not run $onemiss"
    [[ $out == *tracepoints*seccomp* ]] || _fail "$out"
    out=$(setpriv --reuid 65534 --regid 65534 --clear-groups "$onemiss" run \
        -w load_factor -i chaining -n 1k --repeat 1 --with instructions,clock 2>&1) ||
        _fail "$out"
    [[ $out == *'instructions: not run: valgrind is not in PATH'* ]] || _fail "$out"
}

_run_cases
