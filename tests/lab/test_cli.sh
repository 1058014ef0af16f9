#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the command line promises, case by case.
#
#   test_cli.sh ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]
#
# What it prints: case_helpers.sh.
# shellcheck source=tests/lab/case_helpers.sh
. "$(dirname "$0")/case_helpers.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
# a sanitizer looks for leaks in the golden cases; here it would take half the time
export ASAN_OPTIONS=detect_leaks=0

# ---- wrong uses ----

an_unknown_name_is_refused_with_the_nearest() {
    _refused 2 "did you mean 'compare'" comapre
    _refused 2 'unknown command' frobnicate
    _refused 2 'unknown command' ''
    _refused 2 "unknown workload 'load_facto'; did you mean 'load_factor'" \
        run -w load_facto -i chaining
    _refused 2 "did you mean 'chaining'" run -w load_factor -i chainig
    _refused 2 "unknown map 'nonsense'" run -w load_factor -i nonsense
    _refused 2 "did you mean 'uniform'" run -w key_distribution -i chaining -k unifrom
    _refused 2 "did you mean 'balanced'" run -w operation_mix -i chaining -o balnced
    _refused 2 "unknown key type 'int'" run -w load_factor -i chaining -t int
    _refused 2 "did you mean 'wyhash'" run -w load_factor -i chaining --hash wihash
    _refused 2 "did you mean 'memory'" run -w load_factor -i chaining --with memry
    _refused 2 "unknown build 'fast'" run -w load_factor -i chaining --build fast
    _refused 2 "unknown" compare -w load_factor,nonsense
    _refused 2 "unknown" compare -i chaining,nonsense
    _refused 2 "unknown" compare -t u64,nonsense
    _refused 2 "unknown" compare -w key_distribution -k uniform,nonsense
    _refused 2 "unknown map 'nonsense'" layout -i nonsense
    _refused 2 "unknown key type" layout -i chaining -t nonsense
    _refused 2 "nonsense" layout -i chaining --hash nonsense
}

an_unknown_build_is_refused_by_every_command() {
    local command
    for command in "run -w load_factor -i chaining" "compare -w load_factor" \
        "layout -i chaining" list; do
        # shellcheck disable=SC2086
        _refused 2 nonsense $command --build nonsense
    done
}

an_unknown_option_is_named_as_it_was_written() {
    _refused 2 "unknown option 'jsn'; did you mean 'json'" run --jsn x
    _refused 2 "unknown option '-Z'" run -Z
    _refused 2 "unknown option '-Z'" run -Zx
    _refused 2 "unknown option '-Z'" run -n 5 -Zx
    _refused 2 "unknown option '-Z'" run -n 5 -hZ
    _refused 2 "unknown option" list -w load_factor
    _refused 2 "unknown option" compare --bare
    _refused 2 "unknown option" layout --repeat 5
    _refused 2 "takes no argument" run --bare=yes
    _refused 2 "" run --b
}

a_missing_argument_is_refused() {
    local option
    for option in -w -i -t -n -k -o --hash --keys --with --seed --repeat --timeout --build \
        --json; do
        _refused 2 'needs an argument' run "$option"
    done
    _refused 2 "'-w'" run -n 5 -w
}

one_word_too_many_is_refused() {
    _refused 2 "'word' is one word too many" run -w load_factor -i chaining word
    _refused 2 "'word' is one word too many" run word -w load_factor -i chaining
    _refused 2 "'word' is one word too many" compare word
    _refused 2 "'word' is one word too many" list word
    _refused 2 "'word' is one word too many" layout -i chaining word
    _refused 2 "'word'" list -- word
}

counts_out_of_range_are_refused() {
    local text
    for text in 0 -5 1e30 abc '' 1.5 nan inf 1__0 0x10 10MM 5G; do
        _refused 2 '-n' run -w load_factor -i chaining "-n$text"
        _refused 2 '-n' run -w load_factor -i chaining --count "$text"
    done
    for text in 0 -1 abc 1e9 ''; do
        _refused 2 '--repeat' run -w load_factor -i chaining --repeat "$text"
        _refused 2 '--timeout' run -w load_factor -i chaining --timeout "$text"
    done
    for text in -1 abc 18446744073709551616 '' 1.5; do
        _refused 2 '--seed' run -w load_factor -i chaining --seed "$text"
    done
}

run_needs_one_of_each() {
    _refused 2 'name a workload and a map' run
    _refused 2 'name a workload and a map' run -w load_factor
    _refused 2 'name a workload and a map' run -i chaining
    _refused 2 'needs a map' layout
    _refused 2 'one of each' run -w load_factor,operation_mix -i chaining
    _refused 2 'one of each' run -w load_factor -i chaining,open_addressing
    _refused 2 'one of each' run -w load_factor -i chaining -t u64,str
    _refused 2 'one' run -w key_distribution -i chaining -k uniform,clustered -n 10
    _refused 2 'one' run -w operation_mix -i chaining -o balanced,read_heavy -n 10
}

lists_with_gaps_or_repeats_are_refused() {
    _refused 2 'empty name' compare -w ''
    _refused 2 'empty name' compare -w ,
    _refused 2 'empty name' compare -w load_factor,
    _refused 2 'twice' compare -i chaining,chaining
    _refused 2 'twice' compare -w load_factor,keys,load_factor
    _refused 2 'twice' run -w load_factor -i chaining --with clock,clock
    _refused 2 'too long' compare -i "$(printf 'a%.0s' {1..5000})"
}

an_option_that_has_no_effect_is_refused() {
    _refused 2 'takes -k' run -w load_factor -i chaining -k uniform
    _refused 2 'takes -o' run -w load_factor -i chaining -o balanced
    _refused 2 'takes -k' compare -w operation_mix -k uniform
    echo 1 >words
    _refused 2 '--keys' run -w load_factor -i chaining -n 10 --keys words
    _refused 2 '--keys' run -w load_factor -i chaining -n 10 --keys missing
    _refused 2 '--bare' run -w load_factor -i chaining -n 10 --bare --json x.json
    _refused 2 '--bare' run -w load_factor -i chaining -n 10 --bare --json -
    _refused 2 '--bare' run -w load_factor -i chaining -n 10 --bare --with clock
    _refused 2 '--bare' run -w load_factor -i chaining -n 10 --bare --repeat 3
    _refused 2 '--bare' run -w load_factor -i chaining -n 10 --bare --timeout 3
    _refused 2 'leave -n out' run -w keys -i chaining --keys words -n 5
}

a_hash_that_a_map_does_not_have_is_refused() {
    _refused 2 'identity' run -w load_factor -i chaining -t str --hash identity
    _refused 2 'has no' compare -w load_factor -i chaining -t str --hash identity
    _refused 2 'identity' layout -i chaining -t str --hash identity
}

a_bad_keys_file_is_refused() {
    : >empty
    printf '\n\r\n\n' >only_newlines
    printf 'a\0b\n' >binary
    printf 'pear\n1\n' >words
    mkdir folder
    _refused 2 'needs --keys' run -w keys -i chaining
    _refused 2 'No such file' run -w keys -i chaining --keys missing
    _refused 2 'No such file' compare -w keys --keys missing
    _refused 2 'No such file' run -w keys -i chaining --keys ''
    _refused 2 'no key' run -w keys -i chaining --keys empty -t str
    _refused 2 'no key' run -w keys -i chaining --keys only_newlines
    _refused 2 'byte 1 is zero' run -w keys -i chaining --keys binary -t str
    _refused 2 'not a regular file' run -w keys -i chaining --keys folder
    _refused 2 'not a regular file' run -w keys -i chaining --keys /dev/zero
    _refused 2 "'pear' is no 64-bit number" run -w keys -i chaining --keys words -t u64
    _refused 2 "'pear' is no 64-bit number" compare -w keys --keys words -t u64,str
}

# Nobody writes into it: to open it to read waits for ever.
a_pipe_as_keys_file_is_refused_at_once() {
    mkfifo pipe
    timeout 2 "$onemiss" run -w keys -i chaining --keys pipe >out 2>err </dev/null
    _is 'exit code (124: it hung)' $? 2
}

a_result_that_has_no_place_is_refused_before_the_work() {
    local command
    mkdir folder
    : >file
    for command in "run -w load_factor -i chaining -n 10" \
        "compare -w load_factor -i chaining -n 10" "layout -i chaining" list; do
        # shellcheck disable=SC2086
        {
            _refused 3 'missing/result.json' $command --json missing/result.json
            _refused 3 'file/result.json' $command --json file/result.json
            _refused 3 'folder' $command --json folder
            _refused 3 '' $command --json ''
        }
    done
}

a_folder_without_the_right_to_write_is_refused() {
    [ "$(id -u)" -eq 0 ] || {
        mkdir locked
        chmod 555 locked
        _refused 3 'locked' run -w load_factor -i chaining -n 10 --json locked/result.json
        return
    }
    mkdir locked
    unshare -m sh -c 'mount -t tmpfs -o ro none locked' 2>/dev/null ||
        _skip "root may write everywhere, and no file system can be mounted"
    code=0
    unshare -m sh -c 'mount -t tmpfs -o ro none locked && exec "$@"' sh "$onemiss" \
        run -w load_factor -i chaining -n 10 --json locked/result.json \
        >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
    _is 'exit code' "$code" 3
    grep -q '^onemiss: .*locked/result.json' "$scratch/err" || _fail "$(cat "$scratch/err")"
    [ ! -s "$scratch/out" ] || _fail "on standard output: $(cat "$scratch/out")"
}

a_full_standard_output_is_told() {
    [ -c /dev/full ] || _skip "no /dev/full"
    code=0
    "$onemiss" run -w load_factor -i chaining -n 10 --json - >/dev/full 2>"$scratch/err" || code=$?
    _is '--json -: exit code' "$code" 3
    grep -q '^onemiss: ' "$scratch/err" || _fail "no line: $(cat "$scratch/err")"
    local words
    for words in "run -w load_factor -i chaining -n 10" list "layout -i chaining" --help; do
        code=0
        # shellcheck disable=SC2086
        "$onemiss" $words >/dev/full 2>"$scratch/err" || code=$?
        [ "$code" -ne 0 ] || _fail "$words: exit code 0, and nothing was printed"
    done
}

a_pipe_that_nobody_reads_is_refused_at_once() {
    mkfifo pipe
    timeout 5 "$onemiss" run -w load_factor -i chaining -n 10 --json pipe >out 2>err </dev/null
    _is 'exit code (124: it hung)' $? 3
    grep -q 'nobody reads' err || _fail "$(cat err)"
    cat pipe >read.json &
    sleep 0.2
    _good run -w load_factor -i chaining -n 10 --with clock --json pipe
    wait $!
    _whole_result read.json true
}

a_link_is_written_through_or_refused_before_the_work() {
    ln -s missing/r.json far
    _refused 3 'missing/r.json' run -w load_factor -i chaining -n 10 --json far
    echo old >old.json
    ln -s old.json near
    _good run -w load_factor -i chaining -n 10 --with clock --json near
    [ -L near ] || _fail "the link became a file"
    _whole_result old.json true
    [ ! -e /proc/version ] || {
        ln -s /proc/version kernel
        _refused 3 '/proc/version' run -w load_factor -i chaining -n 10 --json kernel
    }
}

# --json /dev/null, as root, must not make a file of /dev/null; tried on a copy.
a_device_is_never_replaced_by_a_file() {
    mknod full c 1 7 2>/dev/null || _skip "no right to make a device"
    _run run -w load_factor -i chaining -n 10 --json full
    [ -c full ] || _fail "the device became $(stat -c %F full)"
    _is 'exit code' "$code" 3
}

what_is_no_subject_is_refused() {
    echo 'not a shared object' >text.so
    : >empty.so
    mkdir folder.so
    local file
    for file in ./text.so ./empty.so ./folder.so ./missing.so "$bad/no_subject.so"; do
        _refused 2 "$file" run -w load_factor -i "$file" -n 10
        _refused 2 "$file" compare -w load_factor -i "chaining,$file" -n 10
        _refused 2 "$file" layout -i "$file"
    done
    _refused 2 'is no subject' run -w load_factor -i "$bad/no_subject.so" -n 10
    _refused 2 'built for subject version' run -w load_factor -i "$bad/wrong_version.so"
    _refused 2 'built for subject version' compare -w load_factor \
        -i "chaining,$bad/wrong_version.so"
    _refused 2 'built for subject version' layout -i "$bad/wrong_version.so"
}

hostile_words_steer_no_terminal() {
    local evil=$'\033]0;evil\a\r\n\177'
    _refused 2 '' "$evil"
    _refused 2 '' run "$evil"
    _refused 2 '' run "--$evil"
    _refused 2 '' run -w "$evil" -i chaining
    _refused 2 '' run -w load_factor -i "$evil"
    _refused 2 '' run -w load_factor -i "./$evil"
    _refused 2 '' run -w load_factor -i chaining -n "$evil"
    _refused 2 '' run -w load_factor -i chaining --seed "$evil"
    _refused 2 '' run -w keys -i chaining --keys "$evil"
    _refused 3 '' run -w load_factor -i chaining --json "missing/$evil" -n 10
    _refused 2 '' layout -i chaining --hash "$evil"
}

the_childs_word_is_no_command() {
    _run @cell
    [ "$code" -ne 0 ] || _fail "exit code 0"
    grep -q "^onemiss: " "$scratch/err" || _fail "$(cat "$scratch/err")"
}

# ---- good uses ----

run_and_compare_measure_both_key_types() {
    ! _is_sanitized || _skip "nothing that others do not run, and long"
    local type name
    for type in u64 str; do
        _good run -w load_factor -i open_addressing -t $type -n 2000 --json run.json
        _whole_result run.json true
        _is cells "$(_get run.json 'cells.#')" 1
        _is status "$(_get run.json cells.0.status)" ok
        _is key "$(_get run.json cells.0.key)" $type
        _has_metrics run.json 0 "$metrics_clock $metrics_memory"
        _is blocks "$(_get run.json 'cells.0.metrics.ns_per_op.samples.#')" 6
    done
    _good compare -w load_factor,operation_mix -i chaining,open_addressing -n 2000 \
        --repeat 2 --with clock,memory --json compare.json
    _whole_result compare.json true
    # 2 maps, 2 key types, 1 + 4 patterns
    _is cells "$(_get compare.json 'cells.#')" 20
    _is status "$(_get compare.json 'cells.*.status' | sort -u)" ok
    _has_metrics compare.json "$(echo {0..19})" "$metrics_clock $metrics_memory"
    for name in chaining open_addressing read_heavy write_heavy balanced typical_web; do
        _says "$name"
    done
    _files compare.json run.json
}

every_map_is_right_under_every_workload() {
    local workloads tried=${maps// /,} n=3
    # the maps' own code the contract's tests have sanitizers see: here it is the lab's
    _is_sanitized && tried=open_addressing n=1
    seq 1 3 900 >keys
    "$onemiss" list --json list.json >/dev/null || _fail "exit code $?"
    workloads=$(_get list.json 'workloads.*.name' | paste -sd ,)
    _good compare -i "$tried" -w "$workloads" -n 3000 --repeat 1 --with clock \
        --keys keys --json all.json
    _whole_result all.json true
    _is status "$(_get all.json 'cells.*.status' | sort -u)" ok
    # 2 key types, the patterns of batched, churn, copy, iterate, key_distribution,
    # keys, load_factor, lookup, memory_patterns, operation_mix and ycsb
    _is cells "$(_get all.json 'cells.#')" $((n * 2 * (4 + 2 + 2 + 1 + 3 + 1 + 1 + 5 + 1 + 4 + 6)))
}

a_comparison_of_all_takes_the_usual_workloads_and_ceilings_where_they_fit() {
    _good compare -t u64 -n 100 --repeat 1 --with clock --json all.json
    _is workloads "$(_get all.json 'cells.*.workload' | sort -u | tr '\n' ' ')" \
        'key_distribution load_factor lookup memory_patterns operation_mix '
    # 4 subjects, 3 + 1 + 5 + 1 + 4 patterns; 3 ceilings in 3 + 1 + 5 of them
    _is cells "$(_get all.json 'cells.#')" $((4 * 14 + 3 * 9))
}

two_results_differ_where_something_changed() {
    local words='compare -w lookup -k hit -t u64 -n 500 --with clock,instructions'
    # shellcheck disable=SC2086
    _good $words -i chaining --repeat 6 --json before.json
    _good diff before.json before.json
    _says 'chaining             ns/op'
    _good diff before.json before.json --gate 1 --output d.md
    grep -q '^| lookup hit u64' d.md || _fail "$(cat d.md)"
    _refused 2 'diff needs BEFORE.json AFTER.json' diff before.json
    _refused 2 'is one word too many' diff before.json before.json before.json
    _refused 2 "'d.html': diff writes Markdown" diff before.json before.json --output d.html
    _refused 2 'cannot be read' diff before.json nowhere.json
    _refused 2 "--gate 'x' is no share" diff before.json before.json --gate x
    # other keys take a few instructions more or less: in one direction that is too many
    if [ -n "$(command -v valgrind)" ] && ! _is_sanitized; then
        # shellcheck disable=SC2086
        _good $words -i chaining --repeat 1 --seed 2 --json other.json
        code=0
        "$onemiss" diff before.json other.json --gate 0 >one 2>>said || code=$?
        "$onemiss" diff other.json before.json --gate 0 >two 2>>said || code=$code$?
        [[ $code == *4* ]] || _fail "exit codes $code"
        grep -q 'regression: chaining has .* instructions, before' said || _fail "$(cat said)"
    fi
}

a_gate_ends_with_4_where_a_map_is_shown_slower() {
    local words
    code=0
    words='compare -w load_factor -t u64 -n 20k --with clock --json r.json'
    # shellcheck disable=SC2086
    _run $words -i empty,chaining --gate 3%
    _is 'exit code' "$code" 4
    [[ $(cat "$scratch/err") == 'onemiss: regression: chaining takes '*' times as long as empty, in load_factor u64, hash siphash13, n = 20,000' ]] ||
        _fail "$(cat "$scratch/err")"
    _whole_result r.json true
    # shellcheck disable=SC2086
    _good $words -i chaining,empty --gate 3
    # shellcheck disable=SC2086
    _refused 2 "--gate 'much' is no share" $words --gate much
    # shellcheck disable=SC2086
    _refused 2 '--gate holds maps against the first' $words -i chaining --gate 3
    # shellcheck disable=SC2086
    _refused 2 'fewer than 6 blocks' $words --gate 3 --repeat 5
    _refused 2 'add clock to --with' compare -w load_factor --gate 3 --with memory
}

several_sizes_are_a_group_each() {
    _good compare -w lookup -k hit -t u64 -n 1k,3000 -i chaining,one_line_32 --repeat 1 \
        --with clock,memory --json r.json
    _is sizes "$(_get r.json 'cells.*.n' | tr '\n' ' ')" '1000 1000 3000 3000 '
    _is roles "$(_get r.json 'cells.1.role')" ceiling
    _says 'x ceiling'
    _refused 2 'one of each is meant here' run -w lookup -i chaining -n 1k,2k
    _refused 2 "is a ceiling for inserts of new keys and for lookups" \
        run -w operation_mix -i one_line_16 -n 1k
}

a_report_takes_the_form_of_its_file() {
    local file
    _good compare -w lookup -k hit -t u64 -n 1k -i chaining,open_addressing --repeat 6 \
        --with clock --json r.json --output r.html
    _says 'report: r.html'
    for file in own.html own.csv own.md; do
        _good report r.json --output $file
        [ -s $file ] || _fail "no $file"
    done
    # but for the nonce, which no two pages share
    diff <(sed 's/nonce.[0-9a-f"-]*//g' r.html) <(sed 's/nonce.[0-9a-f"-]*//g' own.html) ||
        _fail 'two pages of one result differ'
    head -n 1 own.html | grep -q '^<!DOCTYPE html>' || _fail 'no page'
    grep -q '^"chaining",.*"ns_per_op"' own.csv || _fail 'no time in own.csv'
    grep -q '^| chaining | ' own.md || _fail 'no row in own.md'
    _refused 2 '.html, .csv and .md are known' report r.json --output r.pdf
    _refused 3 '.html, .csv and .md are known' compare -w lookup --output report
}

a_new_adapter_compiles_in_c_and_cxx_and_answers_rightly() {
    _good new-adapter own_map
    cp "$scratch/out" own_map.c
    for compiler in cc "c++ -x c++"; do
        # shellcheck disable=SC2086
        $compiler -Wall -Wextra -Werror -shared -fPIC -O1 -DNDEBUG -I"$root/include" \
            -I"$root/lab" own_map.c -o own_map.so 2>"$scratch/err" ||
            _fail "$compiler: $(cat "$scratch/err")"
        _good compare -w lookup,operation_mix,memory_patterns -t u64 -n 500 --repeat 1 \
            -i ./own_map.so --with clock,memory --json r.json
        _is statuses "$(_get r.json 'cells.*.status' | sort -u)" ok
        _says 'own_map, own hash'
        _says 'the map asks elsewhere for memory'
    done
    # one that loses every hundredth value is found out
    sed -i 's/    if (stored != NULL) {/    if (key % 100 == 7)\n        value++;\n&/' own_map.c
    cc -shared -fPIC -O1 -DNDEBUG -I"$root/include" -I"$root/lab" own_map.c -o own_map.so
    code=0
    _run run -w lookup -t u64 -n 500 -i ./own_map.so --repeat 1 --with clock
    _is 'exit code' "$code" 1
    _says 'wrong'
    _refused 2 "cannot be the map's name" new-adapter my-map
}

compare_has_a_result_file_unless_told_otherwise() {
    _good compare -w load_factor -i chaining -n 100 -t u64 --repeat 1
    _says onemiss-result.json
    _whole_result onemiss-result.json true
}

standard_output_is_one_document_when_asked() {
    code=0
    "$onemiss" run -w load_factor -i chaining -n 1000 --json - 2>err >out || code=$?
    _is 'exit code' "$code" 0
    "$json_get" out || _fail "not one JSON document"
    _whole_result out true
    grep -q 'load_factor u64' err || _fail "no table on standard error"
    "$onemiss" compare -w load_factor -i chaining -n 1000 --json - 2>err >out || _fail "$?"
    _whole_result out true
    local words
    for words in list "layout -i chaining"; do
        # shellcheck disable=SC2086
        "$onemiss" $words --json - 2>err | "$json_get" - || _fail "$words: no JSON"
        [ -s err ] || _fail "$words: nothing for people"
    done
    _files err out
}

instruments_that_are_not_asked_for_leave_no_metrics() {
    local name
    _good run -w load_factor -i chaining -n 1000 --with clock --json clock.json
    _has_metrics clock.json 0 "$metrics_clock"
    for name in $metrics_memory; do
        ! "$json_get" clock.json "cells.0.metrics.$name" || _fail "$name is there"
    done
    _is events "$(_get clock.json 'cells.0.resize_events.#')" 0
    _good run -w load_factor -i chaining -n 1000 --with memory --json memory.json
    _has_metrics memory.json 0 "$metrics_memory"
    for name in $metrics_clock; do
        ! "$json_get" memory.json "cells.0.metrics.$name" || _fail "$name is there"
    done
}

a_null_metric_carries_a_reason() {
    _good run -w load_factor -i empty -n 1000 --json empty.json
    _each_null_has_a_reason empty.json
}

# What does not vary: counts and bytes of the map, and its resizes without their times.
_deterministic_part() { # FILE
    local name paths=()
    for name in alloc_calls free_calls alloc_bytes live_bytes peak_bytes resizes; do
        paths+=("cells.*.metrics.$name.value")
    done
    for name in old_capacity new_capacity items old_bytes new_bytes entry_bytes; do
        paths+=("cells.*.resize_events.*.$name")
    done
    _get "$1" "${paths[@]}"
}

one_seed_gives_one_run_and_another_seed_another() {
    ! _is_sanitized || _skip "nothing that others do not run, and 15 runs"
    local w
    for w in load_factor operation_mix memory_patterns; do
        for run in 1 2; do
            _good compare -w $w -i "${maps// /,}" -n 5000 --repeat 1 --with memory \
                --seed 7 --json $w.$run.json
        done
        _is "$w" "$(_deterministic_part $w.1.json)" "$(_deterministic_part $w.2.json)"
    done
    for run in 1 2; do
        _good run -w operation_mix -i chaining -n 5000 --with memory --seed $run --json seed.$run.json
        _is seed "$(_get seed.$run.json seed)" "0x000000000000000$run"
    done
    [ "$(_deterministic_part seed.1.json)" != "$(_deterministic_part seed.2.json)" ] ||
        _fail "seeds 1 and 2 give the same operations"
}

the_users_own_keys_are_run_and_repeats_left_out() {
    printf 'pear\r\napple\n\npear\nfig\napple\nplum' >words
    local remark='onemiss: keys file: repeated lines left out: 2'
    _good_but "$remark" run -w keys -i open_addressing -t str --keys words --json words.json
    _is n "$(_get words.json cells.0.n)" 4
    printf '7\n0x8\n9\n7\n9\n' >numbers
    _good_but "$remark" run -w keys -i chaining -t u64 --keys numbers --json numbers.json
    _is n "$(_get numbers.json cells.0.n)" 3
    # words are no integers: without -t only strings are compared
    remark="onemiss: keys file: not all lines are integers; only strings"$'\n'$remark
    _good_but "$remark" compare -w keys -i chaining --keys words --json both.json
    _is keys "$(_get both.json 'cells.*.key')" str
}

# A right map must not seem wrong because a number stands twice, spelt in two ways.
one_integer_in_two_spellings_is_one_key() {
    printf '1\n01\n0x1\n2\n' >numbers
    _run run -w keys -i chaining -t u64 --with clock --keys numbers --json numbers.json
    _is status "$(_get numbers.json cells.0.status)" ok
    _is 'exit code' "$code" 0
    _is n "$(_get numbers.json cells.0.n)" 2
}

bare_runs_the_workload_and_nothing_else() {
    _good run -w operation_mix -i chaining -n 12345 --bare
    _is output "$(cat "$scratch/out")" \
        'chaining operation_mix u64: 12345 operations, not verified'
    _files
}

list_names_all_there_is() {
    local name
    _good list
    local text
    _slurp "$scratch/out"
    text=" ${text//[:,$'\n']/ } "
    for name in $maps empty key_distribution keys load_factor lookup memory_patterns \
        operation_mix uniform clustered sequential read_heavy write_heavy balanced \
        typical_web siphash13 siphash24 xxh3 fnv1a murmur3 wyhash crc32c fibonacci \
        identity clock memory $metrics_clock $metrics_memory; do
        [[ $text == *" $name "* ]] || _fail "no $name"
    done
    "$onemiss" list --json list.json >/dev/null || _fail "exit code $?"
    _is maps "$(_get list.json 'maps.*.name' | tr '\n' ' ')" \
        'chaining empty one_line_16 one_line_32 one_line_64 open_addressing open_addressing_compact '
    _is workloads "$(_get list.json 'workloads.*.name' | tr '\n' ' ')" \
        'batched churn copy iterate key_distribution keys load_factor lookup memory_patterns operation_mix ycsb '
    # 9 hashes for integers, identity not for strings
    _is variants "$(_get list.json 'maps.0.variants.#')" 17
}

help_and_version_are_told() {
    local command
    for command in run compare list layout; do
        _good $command --help
        _says "onemiss $command"
        _says Example
        _says --json
        _good $command -h
        _good --help
        _says "$command"
    done
    _good
    _good -h
    _good help
    _good --version
    grep -qE '^onemiss [0-9]+\.[0-9]+\.[0-9]+$' "$scratch/out" || _fail "$(cat "$scratch/out")"
}

the_example_of_each_help_works_as_a_command_line() {
    ! _is_sanitized || _skip "nothing that others do not run, and long"
    local command line
    for command in run compare list layout; do
        _good $command --help
        line=$(sed -n '/^Example/{n;s/^ *onemiss //p}' "$scratch/out")
        [ -n "$line" ] || _fail "$command: no example"
        line=${line//1M/1k}
        # how often it repeats by default is seen above
        [ $command != compare ] || line+=" --repeat 1"
        # shellcheck disable=SC2086
        _run $line
        _is "$line: exit code" "$code" 0
    done
}

it_works_from_anywhere_through_a_link_without_an_environment() {
    mkdir -p a/b links
    ln -s "$onemiss" links/short
    ln -s ../links/short a/linked
    local words='run -w load_factor -i chaining -n 100 --repeat 1'
    (
        cd a/b || exit 1
        # shellcheck disable=SC2086
        env -i ../linked $words >"$scratch/out" 2>"$scratch/err" </dev/null
    ) || _fail "through a link: $(cat "$scratch/err")"
    # shellcheck disable=SC2086
    (cd / && env -i "$onemiss" $words >"$scratch/out" 2>"$scratch/err") ||
        _fail "from /: $(cat "$scratch/err")"
    # shellcheck disable=SC2086
    (PATH="$PWD/links:$PATH" && short $words >"$scratch/out" 2>"$scratch/err") ||
        _fail "through PATH: $(cat "$scratch/err")"
    cp "$subjects/chaining.so" a/mine.so
    # shellcheck disable=SC2086
    (cd a && "$onemiss" run -w load_factor -i ./mine.so -n 100 >/dev/null) ||
        _fail "a map's path beside the working directory"
}

closed_standard_streams_do_no_harm() {
    local words='run -w load_factor -i chaining -n 1000 --repeat 1'
    code=0
    # shellcheck disable=SC2086
    "$onemiss" $words --json a.json <&- 2>/dev/null >/dev/null || code=$?
    _is 'no standard input' "$code" 0
    _whole_result a.json true
    # shellcheck disable=SC2086
    "$onemiss" $words --json b.json <&- >/dev/null 2>&-
    _whole_result b.json true
    # shellcheck disable=SC2086
    "$onemiss" $words --json c.json <&- >&- 2>&-
    _whole_result c.json true
    code=0
    # shellcheck disable=SC2086
    "$onemiss" $words --json - >&- 2>"$scratch/err" || code=$?
    _is 'no standard output' "$code" 3
}

names_of_files_that_are_not_utf8_survive() {
    local odd=$'m\xffp'
    cp "$subjects/chaining.so" "$odd.so"
    printf '1\n2\n' >"$odd.keys"
    _run run -w keys -i "./$odd.so" --keys "$odd.keys" --with clock --json "$odd.json"
    _is 'exit code' "$code" 0
    _whole_result "$odd.json" true
    _is status "$(_get "$odd.json" cells.0.status)" ok
    _get "$odd.json" 'command.*' | grep -qF 'm\xffp.keys' ||
        _fail "$(_get "$odd.json" command)"
}

# ---- layout ----

the_layouts_are_those_of_the_notes() {
    _good layout -i open_addressing -t u64
    _says 'pair 16 bytes, entry 24 bytes, 2 in a 64-byte line'
    _says '2 whole entries in a line, 16 bytes over'
    _says 'state at 0, 1 byte; key at 8, 8 bytes; value at 16, 8 bytes'
    _good layout -i open_addressing -t str
    _says 'pair 48 bytes, entry 48 bytes, 1 in a 64-byte line'
    _says 'key at 0, 24 bytes; value at 24, 24 bytes'
    _good layout -i chaining -t u64
    _says 'pair 16 bytes, node 24 bytes'
    _says '8-byte heads, 8 in a line'
    _says 'next at 0, 8 bytes; key at 8, 8 bytes; value at 16, 8 bytes'
    _good layout -i chaining -t str
    _says 'pair 48 bytes, node 56 bytes'
    _says 'next at 0, 8 bytes; key at 8, 24 bytes; value at 32, 24 bytes'
    _good layout -i open_addressing_compact -t u64
    _says 'pair 16 bytes, entry 16 bytes, 4 in a 64-byte line'
    _says '32 statuses in 8 bytes'
    _good layout -i open_addressing_compact -t str
    _says 'pair 48 bytes, entry 48 bytes, 1 in a 64-byte line'
    _says '32 statuses in 8 bytes'
    _good layout -i chaining
    _says 'chaining, u64'
}

_layout_is() { # MAP TYPE "NAME VALUE" ...
    local map=$1 type=$2 pair name
    shift 2
    "$onemiss" layout -i "$map" -t "$type" --json - >layout.json 2>/dev/null ||
        _fail "$map $type: exit code $?"
    _is subject "$(_get layout.json subject)" "$map"
    _is key "$(_get layout.json key)" "$type"
    _is line_bytes "$(_get layout.json line_bytes)" 64
    for pair in "$@"; do
        name=${pair% *}
        if [ "${pair#* }" = none ]; then
            ! "$json_get" layout.json "$name" || _fail "$map $type has $name"
        else
            _is "$map $type $name" "$(_get layout.json "$name")" "${pair#* }"
        fi
    done
}

the_layouts_are_in_json_as_well() {
    _layout_is open_addressing u64 'pair_bytes 16' 'entry_bytes 24' 'entries_per_line 2' \
        'head_bytes none' 'node_bytes none' 'status_bits none' 'fields.# 3'
    _layout_is open_addressing str 'pair_bytes 48' 'entry_bytes 48' 'entries_per_line 1' \
        'head_bytes none' 'node_bytes none' 'status_bits none' 'fields.# 2'
    _layout_is chaining u64 'pair_bytes 16' 'node_bytes 24' 'head_bytes 8' 'status_bits none'
    _layout_is chaining str 'pair_bytes 48' 'node_bytes 56' 'head_bytes 8' 'status_bits none'
    _layout_is open_addressing_compact u64 'pair_bytes 16' 'entry_bytes 16' \
        'entries_per_line 4' 'status_bits 2' 'head_bytes none' 'node_bytes none'
    _layout_is open_addressing_compact str 'pair_bytes 48' 'entry_bytes 48' \
        'entries_per_line 1' 'status_bits 2'
}

the_drawn_line_is_64_columns_wide() {
    local map type
    for map in $maps; do
        for type in u64 str; do
            _good layout -i "$map" -t $type
            [ "$(grep -c '^      [+|].\{63\}[+|]$' "$scratch/out")" -ge 3 ] ||
                _fail "$map $type: $(cat "$scratch/out")"
        done
    done
}

# ---- resizes ----

resizes_double_at_load_70_and_hold_two_tables_at_most() {
    _good run -w load_factor -i open_addressing -n 1M --repeat 1 --with memory --json r.json
    local events old new old_bytes new_bytes items peak expected=16 n=0
    local two_tables=0 last_table=0
    for old in old_capacity new_capacity old_bytes new_bytes items; do
        _get r.json "cells.0.resize_events.*.$old" >$old
    done
    events=$(paste -d ' ' old_capacity new_capacity old_bytes new_bytes items)
    peak=$(_get r.json cells.0.metrics.peak_bytes.value)
    while read -r old new old_bytes new_bytes items; do
        _is 'old capacity' "$old" "$expected"
        _is 'new capacity' "$new" $((2 * old))
        _is 'old bytes' "$old_bytes" $((24 * old))
        _is 'new bytes' "$new_bytes" $((24 * new))
        _is 'items' "$items" $(((7 * old + 9) / 10)) # ceil(0.7 old)
        expected=$new
        two_tables=$((old_bytes + new_bytes))
        last_table=$new_bytes
        n=$((n + 1))
    done <<<"$events"
    _is resizes "$n" 17
    _is 'metric resizes' "$(_get r.json cells.0.metrics.resizes.value)" 17
    _is 'peak bytes' "$peak" "$two_tables"
    _is 'live bytes' "$(_get r.json cells.0.metrics.live_bytes.value)" "$last_table"
    # the first table and 17 more; all but the last are given back
    _is allocations "$(_get r.json cells.0.metrics.alloc_calls.value)" 18
    _is frees "$(_get r.json cells.0.metrics.free_calls.value)" 17
}

chaining_resizes_its_heads_alone() {
    _good run -w load_factor -i chaining -n 10k --repeat 1 --with memory --json r.json
    _is 'entry bytes' "$(_get r.json 'cells.0.resize_events.*.entry_bytes' | sort -u)" 8
    _is 'live bytes' "$(_get r.json cells.0.metrics.live_bytes.value)" \
        $((10000 * 24 + 16384 * 8))
    _is frees "$(_get r.json cells.0.metrics.free_calls.value)" \
        "$(_get r.json cells.0.metrics.resizes.value)"
}

_run_cases
