#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The loops that are timed have the lookup in them, and call none: a call of its own would be
# timed with each lookup of one map, and with none of another that its compiler inlined.
#
#   inlined.sh SUBJECT.so...
set -eu
passed=0 failed=0
for subject in "$@"; do
    calls=$(objdump -dC --no-show-raw-insn "$subject" | awk '
        /^[0-9a-f]+ <.*>:$/ { is_loop = $0 ~ /<(u64|str)_[a-z0-9]+_run(\(|>)/; n += is_loop }
        is_loop && /call/ && /_(get|step_get|answer_get)[.(>]/ { print }
        END { if (n == 0) print "no loop" }')
    name=${subject##*/}
    if [ -z "$calls" ]; then
        echo "ok $name"
        passed=$((passed + 1))
    else
        echo "FAILED $name: $(head -n 1 <<<"$calls")"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
