#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Subjects that err, on which the contract's test must fail, and one that is called, on which
# inlined.sh must: canaries.sh TEST_SUBJECT FOLDER.
# Last it prints `N passed, N failed`.
set -u
export ASAN_OPTIONS=detect_leaks=0
passed=0 failed=0
for name in leaking lost_update crashing called; do
    test=("$1")
    [ $name != called ] || test=(bash "$(dirname "$0")/inlined.sh")
    timeout 60 "${test[@]}" "$2/$name.so" >/dev/null 2>&1
    code=$?
    if [ $code -eq 0 ] || [ $code -eq 124 ] || [ ! -r "$2/$name.so" ]; then
        echo "FAILED $name: exit code $code"
        failed=$((failed + 1))
    else
        echo "ok $name"
        passed=$((passed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
