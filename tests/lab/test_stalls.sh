#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Latency from end to end: of a map that grows, the longest operation is its last resize.
#
#   test_stalls.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh. A machine that others use as well may take the processor
# away without a trace: what a time is compared with gets three attempts.
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"

_percentiles="p50 p90 p99 p999 max"

# Why r.json does not show the last resize of a map with a million entries, or nothing. By
# the growth rule a table of 2^20 is doubled before the insert that finds 0.7 of it full:
# ceil(0.7 * 2^20) = 734004 entries, so number 734004 from 0, and 2^21 follows.
_why_not() {
    local capacity=1048576 name
    for name in duration_ns is_preempted operation kind; do
        _get r.json "cells.0.stalls.*.$name" >"$name"
    done
    paste -d ' ' duration_ns is_preempted operation kind | sort -g -r >sorted
    grep -q ' false ' sorted || {
        echo "preempted"
        return
    }
    # new_capacity and resize_ns are only where a resize was: the longest must have them
    local duration operation kind n
    read -r duration _ operation kind < <(grep ' false ' sorted)
    n=$(grep -nx "$operation" operation | cut -d : -f 1)
    [ "$kind" = insert ] || echo "the longest is of kind '$kind'"
    [ "$operation" = $(((7 * capacity + 9) / 10)) ] || echo "the longest is operation $operation"
    _is_resize "$((n - 1))" "$duration" $((2 * capacity))
}

_is_resize() { # INDEX DURATION CAPACITY
    local of="cells.0.stalls.$1" capacity ns
    capacity=$("$json_get" r.json "$of.new_capacity") || {
        echo "the longest is no resize"
        return
    }
    ns=$("$json_get" r.json "$of.resize_ns")
    [ "$capacity" = "$3" ] || echo "it is a resize to $capacity"
    awk -v all="$2" -v part="$ns" 'BEGIN {
        if (!(part > 0) || all - part > 0.1 * all || part - all > 0.1 * all)
            print "of " all " ns the resize took " part }'
}

_percentiles_are_ordered() {
    local name before=0 value
    for name in $_percentiles; do
        value=$(_get r.json "cells.0.metrics.latency_${name}_ns.value")
        awk -v a="$before" -v b="$value" 'BEGIN { exit !(b > 0 && a <= b) }' ||
            _fail "$name is $value after $before"
        before=$value
    done
}

# Before others, where that is allowed, so that they do not preempt it.
_run_first() { # ARGUMENTS
    local first=''
    ! chrt -f 1 true 2>/dev/null || first='chrt -f 1'
    # shellcheck disable=SC2086
    $first "$onemiss" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null ||
        _fail "$*: exit code $?: $(cat "$scratch/err")"
}

the_longest_operation_is_the_last_resize() {
    local map why
    ! _is_sanitized || _skip "a sanitizer's times are not the map's"
    for map in $maps; do
        for _ in 1 2 3; do
            _run_first run -w load_factor -i "$map" -t u64 -n 1M --with latency --repeat 1 \
                --json r.json
            _percentiles_are_ordered
            why=$(_why_not)
            [ -n "$why" ] || break
        done
        [ "$why" != preempted ] || _skip "$map: every long operation was preempted, three times"
        [ -z "$why" ] || _fail "$map: $why"
    done
}

a_loop_that_does_nothing_is_below_the_floor() {
    _good run -w load_factor -i empty -t u64 -n 10k --with latency --repeat 1 --json r.json
    _is is_bound "$(_get r.json cells.0.metrics.latency_p50_ns.is_bound)" true
    _percentiles_are_ordered
}

_has_reason() { # PART
    local name
    for name in $_percentiles; do
        _is "$name" "$(_get r.json "cells.0.metrics.latency_${name}_ns.value")" null
        _get r.json "cells.0.metrics.latency_${name}_ns.reason" | grep -qF -- "$1" ||
            _fail "$name: $(_get r.json "cells.0.metrics.latency_${name}_ns")"
    done
    _is stalls "$(_get r.json 'cells.0.stalls.#')" 0
}

without_a_stamped_build_there_is_a_reason() {
    _good run -w load_factor -i chaining -n 1000 --repeat 1 --build baseline --with latency \
        --json r.json
    _has_reason '--build native'
    cp "$subjects/../native/chaining.so" x.so
    _good run -w load_factor -i ./x.so -n 1000 --repeat 1 --with latency --json r.json
    _has_reason '-DSUBJECT_STAMPED'
    cp "$subjects/../stamped/chaining.so" x.stamped.so
    _good run -w load_factor -i ./x.so -n 1000 --repeat 1 --with latency --json r.json
    _percentiles_are_ordered
    [ "$(_get r.json 'cells.0.stalls.#')" -gt 0 ] || _fail "no stall"
}

a_stamped_file_without_stamps_has_no_latencies() {
    cp "$subjects/../native/chaining.so" x.so
    cp x.so x.stamped.so
    _good run -w load_factor -i ./x.so -n 1000 --repeat 1 --with latency --json r.json
    _has_reason '-DSUBJECT_STAMPED'
    _says 'compile it with -DSUBJECT_STAMPED'
}

a_stamped_file_is_no_map_to_time() {
    cp "$subjects/../stamped/chaining.so" x.stamped.so
    _refused 2 'takes a time stamp' run -w load_factor -i ./x.stamped.so -n 10
}

_run_cases
