#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The cache model from end to end: held against callgrind, against its own sums, and fed
# with maps, machines and geometries that it must refuse.
#
#   test_cachesim.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh.
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"
# the promises are about the map's accesses; looking for leaks of the lab takes long
export ASAN_OPTIONS=detect_leaks=0

_parts='cells.0.cache_model.0.parts.*'

# The workloads that need no file, with commas.
_workloads() {
    "$onemiss" list --names workloads | grep -vx keys | paste -sd ,
}

# ---- held against callgrind ----

# Sets theirs_d1 and theirs_ll: misses of data, reads and writes. callgrind names its
# columns itself.
_ask_callgrind() { # WORKLOAD MAP TYPE N
    local noise
    noise=$(valgrind --tool=callgrind --cache-sim=yes --collect-atstart=no \
        '--toggle-collect=run_timed_batch*' --D1=32768,8,64 "--LL=$((last_mib << 20)),16,64" \
        --callgrind-out-file=callgrind.out \
        "$onemiss" run -w "$1" -i "$2" -t "$3" -n "$4" --bare --premade --build v3 2>&1) ||
        _fail "callgrind: $(tail -n 3 <<<"$noise")"
    read -r theirs_d1 theirs_ll < <(awk '
        $1 == "events:" { for (i = 2; i <= NF; i++) at[$i] = i }
        $1 == "totals:" { print $at["D1mr"] + $at["D1mw"], $at["DLmr"] + $at["DLmw"] }
        ' callgrind.out)
    [ "${theirs_d1:-0}" -gt 0 ] || _fail "callgrind has counted nothing: $noise"
}

# Sets ours_d1 and ours_ll, in callgrind's terms: to it an access that straddles two lines
# is one miss, and a prefetch instruction is nothing, so that the load behind it misses.
_ask_model() { # WORKLOAD MAP TYPE N
    _good run -w "$1" -i "$2" -t "$3" -n "$4" --with cachesim --premade --build v3 \
        --geometry "32K/8,${last_mib}M/16" --json r.json
    _get r.json "$_parts.load_lines" "$_parts.store_lines" "$_parts.prefetch_lines" >lines
    _get r.json "$_parts.split_lines" >splits
    read -r ours_d1 ours_ll < <(tr -c '0-9\n' ' ' <lines |
        awk -v splits=splits '
        { d1 += $2 + $3; ll += $3 }
        END {
            while ((getline <splits) > 0) {
                gsub(/[^0-9]/, " ")
                d1 -= $2 + $3
                ll -= $3
            }
            print d1, ll
        }')
}

# Of so many misses, no more than the share and that many lines apart.
_are_close() { # WHAT OURS THEIRS PERCENT LINES
    awk -v a="$2" -v b="$3" -v percent="$4" -v lines="$5" 'BEGIN {
        apart = a > b ? a - b : b - a
        exit !(apart <= b * percent / 100 + lines)
    }' || _fail "$1: the model has $2, callgrind $3"
}

# What of the program's own is in the loop, the compiler does not tell of: a few lines of
# stack a batch. Where the map itself hardly misses the first level that is more than 1 %:
# of open_addressing_compact's operation_mix 1.5 %, two lines a batch. So each batch is given
# three, of 448 operations in a mix, 512 otherwise, 64 with strings. The last level
# needs none.
# AGREE_N=1000000 AGREE_LAST_MIB=8 is the same at length, some ten minutes.
model_agrees_with_callgrind() {
    local map type workload n percent batch what last_mib=${AGREE_LAST_MIB:-1}
    ! _is_sanitized || _skip "valgrind does not run a sanitizer"
    [ "$(uname -m)" = x86_64 ] || _skip "the maps of build v3 are for x86_64"
    command -v valgrind >/dev/null || _skip "no valgrind"
    for map in $maps; do
        percent=1
        # its nodes lie among what the C library itself keeps
        [ "$map" != chaining ] || percent=5
        for type in u64 str; do
            for workload in load_factor operation_mix; do
                # strings have misses enough; in a mix of fewer than 100k the last level
                # still holds what was written before the loop, to callgrind alone
                n=${AGREE_N:-100000}
                batch=512
                [ $workload = load_factor ] || batch=448
                if [ $type = str ]; then
                    batch=64
                    [ $workload != load_factor ] || n=${AGREE_N:-50000}
                fi
                what="$map $type $workload"
                _ask_callgrind $workload "$map" $type "$n"
                _ask_model $workload "$map" $type "$n"
                [ -z "${AGREE_N-}" ] || printf '%s %s: D1 %s of %s, LL %s of %s\n' "$what" \
                    "$n" "$ours_d1" "$theirs_d1" "$ours_ll" "$theirs_ll" >&2
                _are_close "$what, first level" "$ours_d1" "$theirs_d1" $percent $((3 * n / batch))
                _are_close "$what, last level" "$ours_ll" "$theirs_ll" $percent 0
            done
        done
    done
}

# ---- sums ----

# The rows' sums, a line each: loads, stores, lines of both, misses of each of three levels.
_sums() {
    _get r.json "$_parts.loads" >loads
    _get r.json "$_parts.stores" >stores
    _get r.json "$_parts.load_lines" "$_parts.store_lines" | tr -c '0-9\n' ' ' >lines
    awk '{ n += $1 } END { print n }' loads
    awk '{ n += $1 } END { print n }' stores
    awk '{ n += $1 + $2 + $3 + $4; a += $2 + $3 + $4; b += $3 + $4; c += $4 }
        END { print n; print a; print b; print c }' lines
}

_metric() { # NAME
    _get r.json "cells.0.metrics.$1.value"
}

# A count an operation, times the operations.
_is_per_operation() { # METRIC SUM
    awk -v each="$(_metric "$1")" -v n="$(_get r.json cells.0.operations)" -v sum="$2" \
        'BEGIN { apart = each * n - sum; exit !(apart < 0.01 && apart > -0.01) }' ||
        _fail "$1 is $(_metric "$1"), of $2"
}

parts_sum_to_the_total() {
    local loads stores lines l1 l2 memory type
    for type in u64 str; do
        # caches so small that even this map misses each of them
        _good run -w memory_patterns -i chaining -t $type -n 20k --with cachesim \
            --geometry 4K/4,32K/8,256K/8 --json r.json
        # shellcheck disable=SC2034 # stores is read by name
        read -rd '' loads stores lines l1 l2 memory < <(_sums) || true
        [[ $l1 -gt $l2 && $l2 -gt $memory && $memory -gt 0 ]] ||
            _fail "$type: there is nothing to sum: $(_sums)"
        _is "$type: loads" "$(_metric sim_l1d_loads)" "$loads"
        [ "$lines" -ge $((loads + stores)) ] || _fail "$type: an access without a line: $(_sums)"
        _is_per_operation sim_l1_misses_per_op "$l1"
        _is_per_operation sim_memory_lines_per_op "$memory"
        _is "$type: references" "$(_metric sim_cache_references)" "$l2"
        _is "$type: misses" "$(_metric sim_cache_misses)" "$memory"
        [ "$(_metric sim_l1d_load_misses)" -ge "$l1" ] ||
            _fail "$type: fewer lines brought in than missed"
    done
}

nothing_is_unlabelled() {
    ! _is_sanitized || _skip "nothing that others do not run, and long"
    local workloads cells
    workloads=$(_workloads)
    _good compare -w "$workloads" -i "${maps// /,}" -t u64,str -n 12k --with cachesim --json r.json
    _is status "$(_get r.json 'cells.*.status' | sort -u)" ok
    cells=$(_get r.json 'cells.#')
    [ "$cells" -ge 24 ] || _fail "$cells cells of $workloads"
    _is unlabelled "$(_get r.json 'cells.*.cache_trace.unlabelled' | sort | uniq -c | tr -s ' ')" \
        " $cells 0"
}

the_same_run_has_the_same_misses() {
    local map i
    for map in $maps; do
        for i in 1 2; do
            # what else the kernel has put somewhere must not matter
            env "PADDING=$(printf "%$((i * 1500))s" '')" "$onemiss" run -w operation_mix -i "$map" \
                -t str -n 20k --with cachesim --json $i.json >/dev/null 2>err </dev/null ||
                _fail "$map: $(cat err)"
            _get $i.json cells.0.cache_model cells.0.cache_trace >$i
        done
        cmp -s 1 2 || _fail "$map: $(diff 1 2)"
        rm 1.json 2.json
    done
}

reuse_curve_falls() {
    local accesses
    _good run -w load_factor -i open_addressing -t u64 -n 20k --with reuse --json r.json
    accesses=$(_get r.json cells.0.reuse.accesses)
    _is reuse_lines "$(_metric reuse_lines)" "$accesses"
    _get r.json 'cells.0.reuse.points.*' | tr -c '0-9\n' ' ' >points
    awk -v most="$accesses" '
        NR > 1 && ($1 <= lines || $2 > misses) { exit bad = 1 }
        { lines = $1; misses = $2; if (NR == 1) first = $2 }
        END { exit bad || NR < 10 || first > most || misses >= first || misses == 0 }' points ||
        _fail "of $accesses: $(cat points)"
}

# ---- what the traced build answers ----

answers_of_the_traced_build_are_judged() {
    cp "$subjects/../native/open_addressing.so" x.so
    cp "$subjects/../traced/open_addressing.so" x.traced.so
    _good run -w load_factor -i ./x.so -n 130k --with cachesim --json r.json
    _is status "$(_get r.json cells.0.status)" ok
    cp "$bad/wrong.so" x.traced.so
    _run run -w load_factor -i ./x.so -n 130k --with cachesim --json r.json
    _is 'exit code' "$code" 1
    _is status "$(_get r.json cells.0.status)" wrong
    _get r.json cells.0.reason | grep -q 'its traced build: the entries at the end' ||
        _fail "$(_get r.json cells.0.reason)"
    _is value "$(_metric sim_l1d_loads)" null
}

_has_no_numbers() { # REASON
    local name
    for name in sim_l1d_loads sim_used_share sim_memory_lines_per_op; do
        _is $name "$(_metric $name)" null
        _get r.json "cells.0.metrics.$name.reason" | grep -qF -- "$1" ||
            _fail "$name: $(_get r.json "cells.0.metrics.$name")"
    done
    "$json_get" r.json cells.0.cache_model >/dev/null && _fail "there is a cache_model"
    _is status "$(_get r.json cells.0.status)" ok
}

own_map_without_traced_build_has_a_reason() {
    cp "$subjects/../native/chaining.so" x.so
    _good run -w load_factor -i ./x.so -n 1000 --with cachesim --json r.json
    _has_no_numbers 'no x.traced.so beside the map: compile its file once more with -DSUBJECT_TRACED'
}

own_map_with_traced_build_has_numbers() {
    cp "$subjects/../native/chaining.so" x.so
    cp "$subjects/../traced/chaining.so" x.traced.so
    _good run -w load_factor -i ./x.so -n 1000 --with cachesim --json r.json
    _has_metrics r.json 0 'sim_l1d_loads sim_l1_misses_per_op sim_used_share'
    _is parts "$(_get r.json "$_parts.part" | grep -cx -e nodes -e heads)" 4 # insert, resize
}

a_traced_file_is_no_map_to_time() {
    cp "$subjects/../traced/chaining.so" x.traced.so
    _refused 2 'reports each access' run -w load_factor -i ./x.traced.so -n 10
    mv x.traced.so x.so
    _refused 2 'reports each access' run -w load_factor -i ./x.so -n 10
}

a_traced_file_without_trace_has_a_reason() {
    cp "$subjects/../native/chaining.so" x.so
    cp x.so x.traced.so
    _good run -w load_factor -i ./x.so -n 1000 --with cachesim --json r.json
    _has_no_numbers 'compile it with -DSUBJECT_TRACED'
}

what_a_subject_says_is_unseen_is_told() {
    _good run -w load_factor -i "$bad/unseeing.so" -n 1000 --with cachesim --json r.json
    _is unseen "$(_get r.json cells.0.cache_trace.unseen)" \
        'a count of its batches, in code that is not traced'
    tr -s ' \n' ' ' <"$scratch/out" | grep -q 'Not seen: a count of its batches.*not known)' ||
        _fail "$(cat "$scratch/out")"
    _good report r.json
    _good run -w load_factor -i chaining -n 1000 --with cachesim --json r.json
    ! "$json_get" r.json cells.0.cache_trace.unseen >/dev/null || _fail "chaining has something unseen"
}

labels_that_are_dropped_are_told() {
    _good run -w load_factor -i "$bad/overlabelled.so" -n 1000 --with cachesim --json r.json
    [ "$(_get r.json cells.0.cache_trace.dropped_labels)" -ge 7 ] ||
        _fail "$(_get r.json cells.0.cache_trace)"
    tr -s ' \n' ' ' <"$scratch/out" | grep -q 'Labels not heeded: [0-9]* of overlabelled' ||
        _fail "$(cat "$scratch/out")"
    _good run -w load_factor -i chaining -n 1000 --with cachesim --json r.json
    _is dropped "$(_get r.json cells.0.cache_trace.dropped_labels)" 0
}

# The model of every page that is touched takes memory, as the map does.
no_memory_in_the_traced_pass_is_named_so() {
    ! _is_sanitized || _skip "a sanitizer's shadow is memory without limit"
    _run run -w load_factor -i chaining -n 1M --with cachesim --memory-limit 40M --json r.json
    _is 'exit code' "$code" 1
    _is status "$(_get r.json cells.0.status)" out_of_memory
    _get r.json cells.0.reason | grep -q 'in the traced pass: .*40.0 MB; raise --memory-limit' ||
        _fail "$(_get r.json cells.0.reason)"
}

no_memory_for_the_machines_is_a_reason_of_the_model_alone() {
    ! _is_sanitized || _skip "a sanitizer's shadow is memory without limit"
    _good run -w load_factor -i chaining -n 1000 --repeat 1 --with cachesim --machine all \
        --models all --memory-limit 30M --json r.json
    _is status "$(_get r.json cells.0.status)" ok
    _get r.json cells.0.metrics.sim_l1d_loads.reason | grep -q '^no memory ' ||
        _fail "$(_get r.json cells.0.metrics.sim_l1d_loads)"
}

# ---- machines ----

_bad_geometry() { # PART GEOMETRY
    _refused 2 "$1" run -w load_factor -i chaining -n 10 --with cachesim --geometry "$2"
}

_bad_machine() { # PART MACHINE
    _refused 2 "$1" run -w load_factor -i chaining -n 10 --with cachesim --machine "$2"
}

bad_geometry_is_refused_in_one_line() {
    _bad_geometry 'lines have 0 bytes' 32K/8@0
    _bad_geometry '64 or 128 would be right' 32K/8@96
    _bad_geometry '3 ways do not divide' 32K/3
    _bad_geometry "'1T/8': no unit of a size; K, M or G" 1T/8
    _bad_geometry 'geometry is empty' ''
    _bad_geometry "'junk': no size" junk
    _bad_geometry "no '/' and ways" 32K
    _bad_geometry 'levels grow' 1M/8,32K/8
    _bad_geometry 'levels grow' 32K/8,32K/8
    _bad_geometry 'is no geometry' '32K/8;zen4'
    _bad_machine "did you mean 'zen4'" zen6
    _bad_machine "did you mean 'i7-8550U'" i7-8550u
    _bad_machine 'unknown machine' ''
    _bad_machine 'twice' zen4,zen4
    _bad_machine "did you mean 'no-walks'" i7-8550U:no-walk
    _bad_machine 'unknown switch' i7-8550U:
    _bad_machine 'unknown machine' "$(printf 'a%.0s' {1..300})"
    _bad_machine 'too long' "$(printf 'zen4,%.0s' {1..300})"
}

models_all_gives_twelve() {
    _good run -w load_factor -i chaining -n 20k --with cachesim --models all --json r.json
    _is band "$(_get r.json 'cells.0.cache_band.#')" 12
    _is 'different models' "$(_get r.json 'cells.0.cache_band.*.model' | sort -u | wc -l)" 12
}

machines_all() {
    local wanted
    wanted=$("$onemiss" list --names machines | grep -vx -e host -e all)
    _good run -w load_factor -i chaining -n 20k --with cachesim --machine all --json r.json
    _is machines "$(_get r.json 'cells.0.cache_model.*.machine')" "$wanted"
}

huge_pages_have_their_own_tlbs() {
    local small large
    grep -q -e '\[always\]' -e '\[madvise\]' /sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null ||
        _skip "no huge pages"
    _good run -w load_factor -i open_addressing -n 100k --with cachesim --json r.json
    _is 'page bytes' "$(_get r.json cells.0.cache_model.0.page_bytes)" 4096
    small=$(_metric sim_dtlb_load_misses)
    _good run -w load_factor -i open_addressing -n 100k --with cachesim --pages thp --json r.json
    _says '2 MiB pages'
    _is 'page bytes' "$(_get r.json cells.0.cache_model.0.page_bytes)" 2097152
    large=$(_metric sim_dtlb_load_misses)
    [ "$((small / 100))" -gt "$large" ] || _fail "$large misses of the TLB, $small with 4 KiB"
    _refused 2 "machine 'apple-m1': its TLBs for pages of 2 MiB" run -w load_factor -i chaining \
        -n 10 --with cachesim --pages thp --machine apple-m1
    _good_but 'onemiss: machine all: without apple-m1, whose TLBs for pages of 2 MiB are not known' \
        run -w load_factor -i chaining -n 1000 --with cachesim --pages thp --machine all
}

# ---- replays ----

_replays="chaining_original open_addressing_naive open_addressing_original
    open_addressing_compact_original"

replays_answer_rightly() {
    ! _is_sanitized || _skip "nothing that others do not run, and long"
    local list
    # shellcheck disable=SC2086
    list=$(echo $_replays | tr ' ' ,)
    _good compare -w load_factor -i "$list" -t u64,str -n 20k --repeat 1 \
        --with clock,memory,cachesim --json r.json
    _is cells "$(_get r.json 'cells.#')" 8
    _is status "$(_get r.json 'cells.*.status' | sort -u)" ok
    _is unlabelled "$(_get r.json 'cells.*.cache_trace.unlabelled' | sort -u)" 0
}

replays_run_only_when_named() {
    _good compare -w load_factor -t u64 -n 1000 --repeat 1 --with clock --json r.json
    _is subjects "$(_get r.json 'cells.*.subject' | sort)" \
        "$("$onemiss" list --names maps | grep -vE '_(original|naive)$' | sort)"
}

naive_allocates_one_more() {
    local subject calls=() resizes
    for subject in original naive; do
        _good run -w load_factor -i open_addressing_$subject -n 20k --repeat 1 --with memory \
            --json r.json
        calls+=("$(_metric alloc_calls)")
        resizes=$(_metric resizes)
    done
    [ "$resizes" -gt 5 ] || _fail "$resizes resizes"
    _is 'more, for each resize' $((calls[1] - calls[0])) "$resizes"
}

# ---- heat ----

# A line for each byte of the entry that no field holds and that was read all the same, and
# for each byte of a field that never was.
_misplaced_heat() { # PART
    local i=0
    until [ "$(_get r.json "heat.$i.part")" = "$1" ]; do i=$((i + 1)); done
    _get r.json 'fields.*.offset' >offsets
    _get r.json 'fields.*.bytes' | paste -d ' ' offsets - >fields
    _get r.json "heat.$i.reads.*" >reads
    awk -v entry="$(_get r.json entry_bytes)" '
        NR == FNR { for (i = 0; i < $2; i++) is_field[$1 + i] = 1; next }
        { at = (FNR - 1) % entry }
        ($1 > 0) != (at in is_field) { print "byte " FNR - 1 " was read " $1 " times" }
        ' fields reads
    [ -s reads ] || echo "no heat"
}

heat_counts_only_fields() {
    local wrong
    _good layout -i open_addressing -t u64 --heat -n 20k --json r.json
    wrong=$(_misplaced_heat entries)
    [ -z "$wrong" ] || _fail "$wrong"
    [ "$(_get r.json entry_bytes)" -gt 17 ] || _fail "these entries have no padding to look at"
    _good layout -i open_addressing -t str --heat -n 20k --json r.json
    wrong=$(_misplaced_heat entries)
    [ -z "$wrong" ] || _fail "strings: $wrong"
}

heat_names_its_run() {
    _good layout -i open_addressing --heat -w load_factor -n 20k --picture h.svg --json r.json
    _is schema "$(_get r.json schema workload n)" "onemiss.layout/1"$'\n'"load_factor"$'\n'20000
    _get r.json machine.cpu >/dev/null
    _says 'load_factor, u64 keys, hash siphash13, n = 20000. Accesses are'
    grep -q 'load_factor, u64 keys, hash siphash13, n = 20000; simulated by onemiss' h.svg ||
        _fail "the picture does not name its run"
}

heat_that_cannot_be_had_says_why() {
    _run layout -i chaining_original --heat
    _is 'exit code' "$code" 1
    _slurp "$scratch/err"
    [[ $text == *"repeats the faults of the notes' map, answers wrongly under operation_mix"* ]] ||
        _fail "$text"
    [[ $text == *'as -w load_factor'* ]] || _fail "$text"
    _good layout -i chaining_original --heat -w load_factor -n 20k
}

heat_of_a_run_is_shown() {
    _good run -w load_factor -i open_addressing -n 20k --with heat --json r.json
    _says 'open_addressing: the bytes of entries'
    _says '  state                     0'
    _is layout "$(_get r.json cells.0.layout.entry_bytes)" 24
    _good compare -w load_factor -i chaining,open_addressing -t u64 -n 2k --with heat --json r.json
    _says 'Heat is in the result; --details draws it'
    _good report r.json --details
    _says 'open_addressing: the bytes of entries'
    _good report r.json
    _says 'Heat is in the result; --details draws it'
}

# ---- nobody else is made blind ----

# A symbol of the sanitizer's name that a file exports would take the place of the
# sanitizer's own in a program that has it.
no_other_binary_has_trace_symbols() {
    local found
    local -a files
    command -v nm >/dev/null || _skip "no nm"
    mapfile -t files < <(find "$(dirname "$onemiss")/subjects" -name '*.so' && echo "$onemiss")
    [ ${#files[@]} -gt 10 ] || _fail "only ${#files[@]} files looked at"
    nm -A -D --defined-only "${files[@]}" >symbols || _fail "nm cannot read all of ${files[*]}"
    found=$(grep __tsan_ symbols) && _fail "exported: $found"
    return 0
}

_run_cases
