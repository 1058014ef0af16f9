#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The timeline from end to end: held against what instrument memory counts in the same
# child, against its own sums, and against what is known of a map's resizes.
#
#   test_timeline.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh.
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"
export ASAN_OPTIONS=detect_leaks=0

_time=cells.0.timeline

_metric() { # NAME
    _get r.json "cells.0.metrics.$1.value"
}

# All values of a path, largest and sum.
_most() { # PATHS
    _get r.json "$@" | sort -n | tail -n 1
}

_sum() { # PATH
    _get r.json "$1" | awk '{ n += $1 } END { printf "%d\n", n }'
}

# Whatever the workload, the points are the run's: its first operation and its last.
_points_fit() { # WHAT
    _is "$1: first operation" "$(_get r.json "$_time.points.0.0")" 0
    _get r.json "$_time.points.*" | tr -c '0-9\n' ' ' >points
    awk -v most=900 '
        NF != 5 || $1 < operation || $2 < ns || $4 < faults { exit bad = 1 }
        { operation = $1; ns = $2; faults = $4 }
        END { exit bad || NR < 3 || NR > most }' points || _fail "$1: $(head -n 3 points)"
    _is "$1: held at the end" "$(tail -n 1 points | awk '{ print $3 }')" "$(_metric live_bytes)"
}

timeline_agrees_with_memory() {
    local map type what
    for map in $maps open_addressing_naive; do
        for type in u64 str; do
            what="$map $type"
            [ "$what" != "open_addressing_naive str" ] || continue
            # no multiple of a batch, so that the end is no even point
            _good run -w load_factor -i "$map" -t $type -n 20001 -q --with memory,timeline --json r.json
            _points_fit "$what"
            _is "$what: operations" "$(awk 'END { print $1 }' points)" 20001
            _is "$what: most held" "$(_most "$_time.points.*.2" "$_time.resizes.*.peak_live_bytes")" \
                "$(_metric peak_bytes)"
            _is "$what: resizes" \
                "$(_get r.json "$_time.resizes.*.new_capacity" "$_time.resizes.*.items")" \
                "$(_get r.json 'cells.0.resize_events.*.new_capacity' 'cells.0.resize_events.*.items')"
            _is "$what: their number" "$(_get r.json "$_time.resizes.#")" "$(_metric resizes)"
            _is "$what: their page faults" "$(_sum "$_time.resizes.*.page_faults")" \
                "$(_metric resize_page_faults)"
            [ "$(_metric resize_page_faults)" -le "$(_metric page_faults)" ] ||
                _fail "$what: more page faults in resizes than in all"
        done
    done
}

# The process has what its map has, and the program's own.
resident_bytes_follow_what_is_held() {
    ! _is_sanitized || _skip "a sanitizer's shadow is resident, too"
    _good run -w load_factor -i open_addressing -t u64 -n 200k -q --pages 4k \
        --with memory,timeline --json r.json
    awk -v live="$(_metric live_bytes)" -v peak="$(_metric peak_rss_bytes)" \
        -v first="$(_get r.json "$_time.points.0.4")" \
        -v most="$(_most "$_time.points.*.4" "$_time.resizes.*.peak_resident_bytes")" 'BEGIN {
            slack = 1048576 # the kernel counts late, the end of the program is in the peak
            exit !(most <= peak + slack && most >= peak - slack && most - first >= live - slack)
        }' || _fail "resident $(_most "$_time.points.*.4"), peak $(_metric peak_rss_bytes)"
}

# What the notes found: the old table copied once more, and a resize's memory with it.
naive_resize_holds_a_table_more() {
    local map
    ! _is_sanitized || _skip "a sanitizer's shadow is resident, too"
    for map in open_addressing open_addressing_original open_addressing_naive; do
        _good run -w load_factor -i $map -t u64 -n 200k -q --pages 4k --with timeline --json r.json
        _metric peak_resident_over_live
    done >ratios
    # the new table; old and new; old twice and new: with a tenth for what else came
    awk 'BEGIN { wanted[1] = 1; wanted[2] = 1.5; wanted[3] = 2 }
        $1 < wanted[NR] - 0.02 || $1 > wanted[NR] + 0.15 { bad = 1 }
        END { exit bad || NR != 3 }' ratios || _fail "$(cat ratios)"
}

# Untimed operations that prepare are on the axis, and their resizes have no share.
prefill_is_on_the_axis_without_a_share() {
    _good run -w operation_mix -i chaining -t u64 -n 20k -q --with memory,timeline --json r.json
    _points_fit operation_mix
    _is operations "$(awk 'END { print $1 }' points)" 22000
    _is "timed resizes" "$(_get r.json "$_time.resizes.*.is_timed" | sort | uniq -c | tr -s ' ')" \
        " $(_metric resizes) false"
    _is share "$(_metric resize_share)" 0
}

a_long_run_makes_no_long_file() {
    _good run -w memory_patterns -i open_addressing -t u64 -n 500k -q --with timeline --json r.json
    [ "$(wc -c <r.json)" -lt 120000 ] || _fail "$(wc -c <r.json) bytes"
    _good report r.json
}

kinds_of_pages_are_compared() {
    grep -q '\[never\]' /sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null &&
        _skip "no transparent huge pages"
    [ -e /sys/kernel/mm/transparent_hugepage/enabled ] || _skip "no transparent huge pages"
    _good compare -w load_factor -i open_addressing,chaining -t u64 -n 20k --pages 4k,thp \
        --repeat 1 --with memory,clock,timeline --json r.json
    _is pages "$(_get r.json 'cells.*.pages' | tr '\n' ' ')" "4k 4k thp thp "
    _is status "$(_get r.json 'cells.*.status' | sort -u)" ok
    _says "Pages 4k against thp: open_addressing"
    _says "Pages 4k against thp: chaining"
    _refused 2 "one of each is meant here" run -w load_factor -i chaining -n 10 --pages 4k,thp
    _refused 2 "'4k' stands twice behind --pages" compare -w load_factor -n 10 --pages 4k,4k
    _refused 2 "unknown kind of pages 'big'" compare -w load_factor -n 10 --pages 4k,big
}

_run_cases
