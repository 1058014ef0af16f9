#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A comparison that is split, merged, interrupted and resumed is the whole one.
#
#   test_shards.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh.
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)

_small="compare -w load_factor,operation_mix -i chaining,open_addressing -n 500 --repeat 3
    --with clock,memory"

# What tells a cell from others, and how many samples of its time there are.
_names() { # FILE
    local field
    for field in subject workload pattern key hash n pages metrics.ns_per_op.samples.#; do
        _get "$1" "cells.*.$field" >"$scratch/$field"
    done
    (cd "$scratch" && paste subject workload pattern key hash n pages \
        'metrics.ns_per_op.samples.#')
}

# ---- shards ----

shards_together_are_the_whole() {
    local k
    # shellcheck disable=SC2086
    {
        _good $_small --json whole.json
        for k in 1 2; do
            _good $_small --shard $k/2 --json s$k.json
            _is "shard $k" "$(_get s$k.json shard.index shard.of | tr '\n' ' ')" "$k 2 "
        done
    }
    _good merge s2.json s1.json --json m.json --output m.html
    _whole_result m.json true
    _is 'names and numbers of samples' "$(_names m.json)" "$(_names whole.json)"
    _is seeds "$(_get m.json 'sources.*.seed' | uniq -c | tr -s ' ')" ' 2 0x0000000000000001'
    _is plans "$(_get m.json 'sources.*.shard.plan' | uniq | wc -l)" 1
    # 1 + 4 patterns, 2 types: ten groups of two maps, dealt out in turn
    _is sources "$(_get m.json 'cells.*.source' | uniq -c | tr -s ' \n' ' ')" \
        "$(for k in 1 2 3 4 5; do printf ' 2 1 2 0'; done) "
    _says 'Sources'
    _says 'source 2'
    _good report m.json
    grep -q 'Source 2' m.html || _fail 'the page names no source'
    # the operations are those of the whole run: so are the bytes
    _is bytes "$(_get m.json 'cells.*.metrics.live_bytes.value')" \
        "$(_get whole.json 'cells.*.metrics.live_bytes.value')"
}

a_part_of_no_whole_is_refused() {
    local shard
    for shard in 0/2 3/2 1/0 x 1 / 1/ /2 1/2/3 -1/2 1/1001 '' 1.5/2 99999999999999999999/2; do
        _refused 2 'from 1/3 to 3/3' compare -w load_factor -n 10 --shard "$shard"
    done
    _refused 2 'unknown option' run -w load_factor -i chaining --shard 1/2
}

# An array of jobs must not fail by having more of them than groups.
a_shard_without_groups_has_a_result_without_cells() {
    local k
    for k in 1 2 3; do
        _run compare -w load_factor -i chaining -n 100 --repeat 1 --with clock --shard $k/3 \
            --json s$k.json --output s$k.html
        _is "shard $k: exit code" "$code" 0
        _whole_result s$k.json true
    done
    _is 'what is said' "$(cat "$scratch/err")" \
        'onemiss: shard 3/3 has no group of cells, for there are 2; its result has no cells'
    _is cells "$(_get s3.json 'cells.#')" 0
    _good merge s1.json s2.json s3.json --json m.json
    _is cells "$(_get m.json 'cells.#')" 2
    _good compare -w load_factor -i chaining -n 100 --repeat 1 --with clock --shard 3/3 -q
}

maps_that_are_compared_run_in_the_same_blocks() {
    local block positions
    _good new-adapter own_map
    cp "$scratch/out" own_map.c
    cc -shared -fPIC -O1 -DNDEBUG -I"$root/include" -I"$root/lab" own_map.c -o own_map.so ||
        _fail 'the adapter does not compile'
    _good compare -w load_factor -t u64 -n 300 --repeat 2 --with clock \
        -i chaining,./own_map.so,open_addressing --json r.json
    _is hashes "$(_get r.json 'cells.*.hash' | tr '\n' ' ')" 'siphash13 own siphash13 '
    for block in 0 1; do
        positions=$(_get r.json "cells.*.metrics.ns_per_op.samples.$block.position" | sort)
        _is "positions in block $block" "$positions" $'0\n1\n2'
    done
}

# ---- merging ----

a_missing_shard_is_told_and_the_rest_written() {
    # shellcheck disable=SC2086
    _good $_small -t u64 --shard 2/3 --json s2.json
    _run merge s2.json
    _is 'exit code' "$code" 1
    _is 'what is said' "$(cat "$scratch/err")" \
        "onemiss: missing: shard 1/3, 3/3, of the comparison that 's2.json' is of"
    _whole_result onemiss-merged.json false
    _is cells "$(_get onemiss-merged.json 'cells.#')" "$(_get s2.json 'cells.#')"
    _says 'A shard is missing'
}

the_same_cell_from_two_runs_is_refused() {
    local command='compare -w load_factor -i chaining -t u64 -n 100 --repeat 1 --with clock'
    # shellcheck disable=SC2086
    {
        _good $command --json a.json
        _good $command --json b.json
    }
    _refused 2 "chaining, load_factor u64, n = 100, is in 'a.json' and, with other samples, in 'b.json'" \
        merge a.json b.json
    cp a.json copy.json
    _good merge a.json copy.json --json m.json
    _is cells "$(_get m.json 'cells.#')" 1
    _is sources "$(_get m.json 'sources.#')" 1
}

what_is_no_result_is_not_merged() {
    local evil=$'evil\033]0;x\a.json'
    _good compare -w load_factor -i chaining -t u64 -n 100 --repeat 1 --with clock --json a.json
    sed 's/"subject": "chaining"/"subject": "chainin!"/' a.json >changed.json
    head -c 900 a.json >cut.json
    echo '[1, 2]' >other.json
    : >empty.json
    cp other.json "$evil"
    mkdir folder
    _refused 2 "merge needs RESULT.json" merge
    _refused 2 "'changed.json': damaged" merge a.json changed.json
    _refused 2 "'cut.json': it ends too early" merge cut.json a.json
    _refused 2 "'other.json'" merge a.json other.json
    _refused 2 "'empty.json': the file is empty" merge a.json empty.json
    _refused 2 "'folder': is a folder" merge a.json folder
    _refused 2 "'/dev/zero': is no regular file" merge a.json /dev/zero
    _refused 2 "'missing.json': cannot be read" merge a.json missing.json
    _refused 2 'schema' merge a.json "$evil"
    _refused 3 'folder' merge a.json --json folder
    _refused 2 '.html, .csv and .md are known' merge a.json --output m.pdf
}

a_merge_can_come_from_a_pipe_and_go_into_one() {
    _good compare -w load_factor -i chaining -t u64,str -n 100 --repeat 1 --with clock \
        --shard 1/2 --json a.json
    _good compare -w load_factor -i chaining -t u64,str -n 100 --repeat 1 --with clock \
        --shard 2/2 --json b.json
    "$onemiss" merge --json - - b.json <a.json >out 2>err || _fail "$(cat err)"
    _whole_result out true
    _is cells "$(_get out 'cells.#')" 2
    grep -q 'Sources' err || _fail 'no table on standard error'
}

# ---- resuming ----

# In the background, as a job that gets SIGINT; three maps, of which a group takes a while.
_start() { # ARGUMENTS
    set -m
    "$onemiss" compare -w load_factor,operation_mix -o balanced -t u64,str -n 60k \
        --repeat 3 --with clock,memory -i chaining,open_addressing --json r.json "$@" \
        >out 2>err </dev/null &
    pid=$!
}

_interrupt_in() { # WORD of a child's command line
    _wait_for_child "$1"
    kill -INT "$pid"
    code=0
    wait "$pid" || code=$?
    _is 'exit code' "$code" 130
}

_ends_well() {
    code=0
    wait "$pid" || code=$?
    cp err "$scratch/err"
    _is 'exit code' "$code" 0
    _has_remarked "${1-}"
}

a_resumed_run_keeps_what_was_finished_and_runs_the_rest() {
    local i
    _start
    _interrupt_in key=str
    _whole_result r.json false
    cp r.json first.json
    _is 'finished cells' "$(_get r.json 'cells.#')" 2
    _start --resume
    _interrupt_in workload=operation_mix # once more
    _whole_result r.json false
    _is 'finished cells' "$(_get r.json 'cells.#')" 4
    _start --resume -q
    _ends_well
    _whole_result r.json true
    for i in 0 1; do
        _is "samples of cell $i" "$(_get r.json "cells.$i.metrics")" \
            "$(_get first.json "cells.$i.metrics")"
    done
    _is sources "$(_get r.json 'cells.*.source' | tr '\n' ' ')" '0 0 1 1 2 2 2 2 '
    _is complete "$(_get r.json 'sources.*.complete' | sort -u)" true
    mv r.json resumed.json
    _start --resume # there is no file: it runs all
    _ends_well
    _is 'names and numbers of samples' "$(_names resumed.json)" "$(_names r.json)"
    _is sources "$(_get r.json 'cells.#')" 8
    cp r.json whole.json
    _start --resume
    _ends_well 'onemiss: r.json is whole: there is nothing left to run'
    cmp -s r.json whole.json || _fail 'a whole result was changed'
}

only_the_same_command_is_resumed() {
    local command='compare -w load_factor -i chaining -t u64 -n 100 --repeat 1 --with clock'
    # shellcheck disable=SC2086
    {
        _good $command --json r.json
        cp r.json before
        _refused 2 "'r.json' is of another command, 'onemiss $command --json r.json'" \
            $command --seed 2 --json r.json --resume
        _refused 2 'is of another command' $command -n 200 --json r.json --resume
        _refused 2 '--resume goes on with a file' $command --json - --resume
        _refused 2 "'onemiss" $command --json ./r.json --resume
        echo '{' >r.json
        _refused 2 "'r.json'" $command --json r.json --resume
        cp before r.json
        _good_but 'onemiss: r.json is whole: there is nothing left to run' \
            $command --json r.json --res
    }
    cmp -s r.json before || _fail 'the result was changed'
}

# ---- the estimate ----

a_long_comparison_begins_with_an_estimate() {
    set -m
    "$onemiss" compare -w load_factor -t u64 -n 1k --repeat 1000 --with clock \
        -i chaining,open_addressing >out 2>err </dev/null &
    pid=$!
    _wait_for_child path=
    kill -INT "$pid"
    wait "$pid"
    [[ $(cat err) =~ ^'onemiss: about '[0-9]+' s (estimated): 3 cells in 1 group, 1000 blocks'$ ]] ||
        _fail "$(cat err)"
    "$onemiss" compare -w load_factor -t u64 -n 1k --repeat 1000 --with clock -q \
        -i chaining,open_addressing >out 2>err </dev/null &
    pid=$!
    _wait_for_child path=
    kill -INT "$pid"
    wait "$pid"
    _is 'what is said with --quiet' "$(cat err)" ''
}

_run_cases
