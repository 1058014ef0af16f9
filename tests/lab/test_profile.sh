#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The command profile: its folder, its reasons where tools are missing, and what an
# interrupt leaves behind, which is nothing.
#
#   test_profile.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh.
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"
export ASAN_OPTIONS=detect_leaks=0

_small="-w load_factor -n 20k --repeat 1"

# Every file of a folder, with its size, for what must not change.
_sizes() { # FOLDER
    (cd "$1" && stat -c '%n %s %Y' -- *)
}

# ---- the folder ----

a_folder_holds_what_was_asked_for() {
    local file
    # shellcheck disable=SC2086
    _good profile $_small -i open_addressing --with clock,memory,latency,timeline --output p
    [ "$(_get p/result.json complete)" = true ] || _fail "not complete"
    for file in summary.txt forensics.svg; do
        [ -s p/$file ] || _fail "no $file: $(ls p)"
        grep -q " $file " "$scratch/out" || _fail "$file is not named: $(tail -n 8 "$scratch/out")"
    done
    _good report p/result.json
    # what this run has nothing for is not left from another
    touch p/memory-calls.txt
    # shellcheck disable=SC2086
    _good profile $_small -i open_addressing --with clock --output p
    _is files "$(cd p && echo ./*)" "./result.json ./summary.txt"
}

two_maps_stand_beside_each_other() {
    # shellcheck disable=SC2086
    _good profile $_small -i chaining --against open_addressing_compact \
        --with clock,memory,timeline --output p
    _is maps "$(_get p/result.json 'cells.*.subject' | tr '\n' ' ')" \
        "chaining open_addressing_compact "
    local map
    for map in chaining open_addressing_compact; do
        [ -s p/$map.forensics.svg ] || _fail "no picture of $map: $(ls p)"
    done
}

no_two_cells_share_a_file() {
    local map
    # shellcheck disable=SC2086
    _good profile $_small -n 2k -i open_addressing --against chaining --pages 4k,thp \
        --with clock,memory,timeline --output p
    _is "pictures of 4k" "$(cd p && echo *4k.forensics.svg)" \
        "chaining.4k.forensics.svg open_addressing.4k.forensics.svg"
    _is "pictures of thp" "$(cd p && echo *thp.forensics.svg)" \
        "chaining.thp.forensics.svg open_addressing.thp.forensics.svg"
    for map in chaining open_addressing; do
        grep -q "Resizes of $map, pages 4k: " p/summary.txt || _fail "no resizes of $map, 4k"
        grep -q "Resizes of $map, pages thp: " p/summary.txt || _fail "no resizes of $map, thp"
    done
    for map in a b; do
        mkdir $map
        cp "$subjects/chaining.so" $map/x.so
    done
    # shellcheck disable=SC2086
    _good profile $_small -n 2k -i ./a/x.so --against ./b/x.so \
        --with clock,memory,timeline --output q
    _is 'two of one name' "$(cd q && echo [ab]*.svg)" "a_x.forensics.svg b_x.forensics.svg"
    _is 'their names' "$(_get q/result.json 'cells.*.subject' | tr '\n' ' ')" "a/x b/x "
    # one that has the name of ours, and paths that do not end differently in 63 bytes
    cp a/x.so chaining.so
    map=$(printf '%070d' 0)
    mkdir -p c/"$map" d/"$map"
    cp a/x.so c/"$map"
    cp a/x.so d/"$map"
    _good compare -i "chaining,./chaining.so,./c/$map/x.so,./d/$map/x.so" -w load_factor -t u64 \
        -n 100 --repeat 1 --with clock --json n.json
    _is 'different names' "$(_get n.json 'cells.*.subject' | sort -u | wc -l)" 4
}

a_folder_that_cannot_be_is_refused() {
    echo mine >taken
    # shellcheck disable=SC2086
    _refused 3 "'taken' is no folder; name another with --output" \
        profile $_small -i chaining --output taken
    _is taken "$(cat taken)" mine
    # shellcheck disable=SC2086
    _refused 3 "folder 'no/where' cannot be made: No such file or directory" \
        profile $_small -i chaining --output no/where
    # shellcheck disable=SC2086
    _refused 2 "one of each is meant here" profile $_small -i chaining,open_addressing
    # shellcheck disable=SC2086
    _refused 2 "'chaining' stands twice behind -i and --against" \
        profile $_small -i chaining --against chaining
}

# Characters that mean something to a tool: % to valgrind, | to strace.
the_name_of_tmpdir_may_be_odd() {
    local with=clock
    ! command -v strace >/dev/null || with+=,strace
    _is_sanitized || ! command -v valgrind >/dev/null || with+=,instructions
    mkdir '|tmp %p'
    # shellcheck disable=SC2086
    TMPDIR='|tmp %p' _good run $_small -n 1k -i chaining --with $with --json r.json
    ! grep -o '"reason": "[^"]*no file[^"]*"' r.json || _fail "no file"
    [[ $with != *instructions* ]] ||
        [ "$(_get r.json cells.0.metrics.exact_instructions.value)" != null ] ||
        _fail "$(_get r.json cells.0.metrics.exact_instructions.reason)"
    [[ $with != *strace* ]] || [ "$(_get r.json cells.0.metrics.mmap_calls.value)" != null ] ||
        _fail "$(_get r.json cells.0.metrics.mmap_calls.reason)"
    _is left "$(ls -A '|tmp %p')" ''
}

# ---- without tools ----

# As in a container: no perf, strace or valgrind in PATH.
without_tools_there_are_reasons() {
    local tool name
    mkdir bin
    # shellcheck disable=SC2086
    PATH=$PWD/bin _good profile $_small -i open_addressing --output p
    for name in flame_samples:perf exact_instructions:valgrind; do
        tool=${name#*:}
        [[ $(_get p/result.json "cells.0.metrics.${name%:*}.reason") == *"$tool is not in PATH"* ]] ||
            _fail "$name: $(_get p/result.json "cells.0.metrics.${name%:*}")"
    done
    _is status "$(_get p/result.json cells.0.status)" ok
}

# ---- interrupts ----

# Profiles, is interrupted after so many milliseconds, and must leave no process that has
# its mark, and no file but those of the folder.
_interrupted() { # NUMBER MILLISECONDS
    local dir=$PWD/run$1 left i
    mkdir -p "$dir/tmp"
    cd "$dir" || exit 1
    # shellcheck disable=SC2086
    MARK=onemiss$$.$1 TMPDIR=$dir/tmp "$onemiss" profile $_small -n 5k -i chaining -t str \
        --output p >out 2>err </dev/null &
    # a job of a shell without job control ignores SIGINT: profile watches for it itself
    sleep "$(printf '%d.%03d' $(($2 / 1000)) $(($2 % 1000)))"
    kill -INT $! 2>/dev/null
    code=0
    wait $! || code=$?
    [ $code -eq 130 ] || [ $code -eq 0 ] || { echo "$2 ms: exit code $code: $(cat err)"; return; }
    for ((i = 0; i < 20; i++)); do
        left=$(grep -lsz "^MARK=onemiss$$.$1\$" /proc/[0-9]*/environ | tr '\n' ' ')
        [ -n "$left" ] || break
        sleep 0.1
    done
    [ -z "$left" ] || echo "$2 ms: processes: $left"
    left=$(ls -A tmp)
    [ -z "$left" ] || echo "$2 ms: files: $left"
    left=$(find p -type f 2>/dev/null | grep -vE '/[a-z.-]+\.(json|txt|svg|html|folded)$')
    [ -z "$left" ] || echo "$2 ms: halves: $left"
}

an_interrupt_at_any_moment_leaves_nothing_behind() {
    local i n=20 at_once=3 took began faults
    ! _is_sanitized || n=0 # the moments are the same; every exporter has been run once
    began=$(date +%s%N)
    # shellcheck disable=SC2086
    _good profile $_small -n 5k -i chaining -t str --output whole
    took=$((($(date +%s%N) - began) / 1000000))
    RANDOM=$((took % 32768))
    for ((i = 0; i < n; i++)); do
        (_interrupted "$i" $((RANDOM * took * 3 / 2 / 32768))) >"fault$i" 2>&1 &
        [ $((i % at_once)) -ne $((at_once - 1)) ] || wait
    done
    wait
    faults=$(cat fault* 2>/dev/null)
    [ -z "$faults" ] || _fail "$faults"
}

# Starts onemiss with tools that hang once they are asked, waits until one is, sends the
# signal: it ends at once, with nothing left of it.
_interrupted_amid() { # SIGNAL CODE ARGUMENT...
    local sent=$1 wanted=$2 i
    shift 2
    rm -rf asked tmp
    mkdir tmp
    MARK=onemiss$$ TMPDIR=$PWD/tmp PATH=$PWD/bin:$PATH "$onemiss" "$@" >out 2>err </dev/null &
    for ((i = 0; i < 600; i++)); do
        [ ! -e asked ] || break
        sleep 0.1
    done
    [ -e asked ] || _fail "$*: no tool is asked: $(tail -n 5 out err)"
    kill "-$sent" $!
    for ((i = 0; i < 50; i++)); do
        kill -0 $! 2>/dev/null || break
        sleep 0.1
    done
    [ $i -lt 50 ] || _fail "$*: goes on for 5 s"
    code=0
    wait $! || code=$?
    _is "$* exit code" $code "$wanted"
    _is "$* processes" "$(grep -lsz "^MARK=onemiss$$\$" /proc/[0-9]*/environ)" ''
    _is "$* files" "$(ls -A tmp)" ''
}

an_interrupt_ends_a_tool_that_hangs() {
    local tool
    mkdir bin
    for tool in perf addr2line; do
        printf '#!/bin/sh\n%s\n' "touch '$PWD/asked'; sleep 100 & wait" >bin/$tool
        chmod +x bin/$tool
    done
    # shellcheck disable=SC2086
    _is_sanitized || ! command -v valgrind >/dev/null || _interrupted_amid INT 130 run \
        $_small -n 1k -i chaining --with instructions
    # shellcheck disable=SC2086
    _interrupted_amid INT 130 run $_small -n 1k -i chaining --with flame
    _interrupted_amid TERM 143 doctor
}

# shellcheck source=tests/lab/run_cases.sh
. "$(dirname "$0")/run_cases.sh"
_run_cases
