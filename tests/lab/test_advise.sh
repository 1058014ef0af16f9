#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The advice from end to end: the lines of C it prints are compiled and run, its question
# is what was run, and nobody else's map is pasted.
#
#   test_advise.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh.
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
export ASAN_OPTIONS=detect_leaks=0 # golden.sh has them looked for

_advise() { # ARGUMENTS: small and short
    _good advise -n 1k --repeat 1 "$@"
}

# Compiles and runs exactly what stands below the title.
_paste() { # WHAT PRINTS
    sed '1,/^Lines of C$/d' "$scratch/out" >my_map.c
    gcc -std=c11 -O1 -Wall -Wextra -Wpedantic -Wconversion -Werror -I "$root/include" \
        my_map.c -o my_map || _fail "$1 does not compile"
    _is "what $1 prints" "$(./my_map)" "$2"
}

the_lines_of_c_compile_and_run_for_every_design() {
    local header map
    for header in "$root"/include/onemiss/*.h; do
        map=$(basename "$header" .h)
        [ "$map" != contract ] || continue
        _advise -i "$map"
        _says "Recommended: $map"
        _paste "$map u64" 12
        _advise -i "$map" -t str
        _paste "$map str" lovelace
    done
}

the_lines_of_c_have_the_hash_that_was_measured() {
    local hash
    local -a hashes=(siphash13 wyhash)
    # a sanitizer's build has no more of them with stamps
    _is_sanitized || hashes+=(siphash24 xxh3 fnv1a murmur3 crc32c fibonacci identity)
    for hash in "${hashes[@]}"; do
        _advise -i open_addressing --hash "$hash"
        [ "$hash" = siphash13 ] || _says "om_${hash}_u64"
        _paste "$hash u64" 12
        [ "$hash" != identity ] || continue
        _advise -i open_addressing --hash "$hash" -t str
        _paste "$hash str" lovelace
    done
}

n_is_the_entries_of_the_map() {
    _advise -o 70/20/10 --json r.json
    _whole_result r.json true
    _is 'mix' "$(_get r.json cells.0.workload cells.0.pattern cells.0.n cells.0.operations)" \
        $'operation_mix\n70/20/10\n10000\n10000'
    _is 'growth' "$(_get r.json cells.3.workload cells.3.n)" $'load_factor\n1000'
    _is 'maps' "$(_get r.json 'cells.*.subject')" "${maps// /$'\n'}"$'\n'"${maps// /$'\n'}"
    _has_metrics r.json '0 1 2' 'ns_per_op peak_bytes'
    _has_metrics r.json '3 4 5' 'ns_per_op peak_bytes latency_max_ns'
    _says '1,000 entries, hash siphash13. 10,000 operations of mix'
    grep -qx "Recommended: $(_get r.json advice.recommended)" "$scratch/out" ||
        _fail "the file recommends $(_get r.json advice.recommended)"
    _is 'limit' "$(_get r.json advice.memory_limit_bytes)" null
    _good report r.json
}

the_document_alone_is_on_standard_output() {
    _run advise -i chaining -n 1k --repeat 1 --json -
    _is 'exit code' "$code" 0
    cp "$scratch/out" r.json
    _whole_result r.json true
    grep -qx 'Recommended: chaining' "$scratch/err" || _fail "$(cat "$scratch/err")"
}

own_keys_take_the_place_of_the_mix() {
    seq 1000 1999 >numbers
    _run advise --keys numbers --repeat 1 --json r.json
    _is 'exit code' "$code" 0
    _is 'strings' "$(_get r.json cells.0.workload cells.0.key cells.0.n)" $'keys\nstr\n1000'
    _says '#define OM_KEY   om_string'
    _run advise --keys numbers -t u64 --repeat 1 --json r.json
    _is 'exit code' "$code" 0
    _is 'integers' "$(_get r.json cells.0.key)" u64
    _says '#define OM_KEY   uint64_t'
    _refused 2 'leave -n out' advise --keys numbers -n 5
    _refused 2 'leave -o out' advise --keys numbers -o balanced
}

a_wrong_use_is_refused() {
    _refused 2 'sums to 101; the percentages' advise -o 90/5/6
    _refused 2 'no three percentages' advise -o 90
    _refused 2 'one mix is meant' advise -o 90/5/5,balanced
    _refused 2 'one key type is meant' advise -t u64,str
    _refused 2 'one number of entries is meant' advise -n 1k,2k
    _refused 2 '-n must be 429496729 or less' advise -n 429496730
    _refused 2 "--memory-limit 'much' is not a count" advise --memory-limit much
    _refused 2 'none of these maps is one to recommend' advise -i chaining_original,empty
    _refused 2 'keys file' advise --keys nothing
    _refused 3 'cannot be written' advise --json nowhere/r.json
}

a_limit_leaves_out_what_is_above_it() {
    local least
    _run advise -i chaining,open_addressing -n 20k --repeat 1 --json r.json
    least=$(_get r.json 'cells.*.metrics.peak_bytes.value' | sort -n | tail -n 1)
    _good advise -i chaining,open_addressing -n 20k --repeat 1 --memory-limit "$((least - 1))"
    _says 'Recommended: chaining'
    grep -q '^  open_addressing: at its peak it held [0-9,]* bytes, the limit is' "$scratch/out" ||
        _fail "$(cat "$scratch/out")"
    _run advise -i chaining,open_addressing -n 20k --repeat 1 --memory-limit 1000 --json none.json
    _is 'exit code' "$code" 1
    grep -Eqx 'onemiss: no map stays below 1000 bytes: chaining needs the least, [0-9]+ at its peak; .*' \
        "$scratch/err" || _fail "$(cat "$scratch/err")"
    _is 'lines' "$(wc -l <"$scratch/err")" 1
    ! grep -q 'Recommended' "$scratch/out" || _fail "$(cat "$scratch/out")"
    _is 'recommended' "$(_get none.json advice.recommended)" null
}

what_answers_wrongly_or_is_not_ours_is_not_recommended() {
    cp "$subjects/chaining.so" mine.so
    _run advise -i "./mine.so,chaining_original,$bad/crashing.so,chaining" -n 1k --repeat 1
    _is 'exit code' "$code" 1
    _says 'Recommended: chaining'$'\n'
    _says 'chaining_original: wrong under operation_mix'
    _says 'crashing: crashed under operation_mix'
    _says 'maps 1 ran: none is shown to be faster.'
    _refused 2 'none of these maps is one to recommend' advise -i ./mine.so
}

an_interrupt_ends_without_advice() {
    local pid
    set -m
    "$onemiss" advise -n 1M --json r.json >out 2>err </dev/null &
    pid=$!
    set +m
    _wait_for_child @cell
    kill -INT "$pid"
    code=0
    wait "$pid" || code=$?
    _is 'exit code' "$code" 130
    grep -qx 'onemiss: interrupted before all maps had run: no recommendation' err || _fail "$(cat err)"
    ! grep -q Recommended out || _fail "$(cat out)"
    [ ! -e r.json ] || _whole_result r.json false
}

_run_cases
