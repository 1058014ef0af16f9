#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ThreadSanitizer still sees a race in a program that has loaded a traced subject.
#
#   test_race.sh RACE SUBJECT [PATTERN]
#
# RACE is race.c under ThreadSanitizer. What it prints: run_cases.sh.
set -u
export LC_ALL=C TSAN_OPTIONS=exitcode=66

# run_cases.sh runs each case in a folder of its own
race=$(readlink -f "$1")
subject=$(readlink -f "$2")
# shellcheck disable=SC2034
pattern=${3-}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/onemiss-race.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

_end() { # CODE DETAIL
    tr '\n' ' ' <<<"$2" >"$scratch/detail"
    exit "$1"
}

# The program's exit code, its words in ./said. An older runtime dies of an address layout
# that is more random than it knows; then it gets one that is not.
_race() { # [VARIABLE=VALUE] SUBJECT [quiet]
    local code=0
    env "${layout[@]}" "$@" >said 2>&1 || code=$?
    echo $code
}

# Without a race there is nothing to report: else a report says nothing. Sets layout.
_find_layout() {
    local code
    for layout in '' 'setarch -R'; do
        read -ra layout <<<"$layout"
        code=$(_race "$race" "$subject" quiet)
        [ "$code" -ne 0 ] || return
        grep -q 'unexpected memory mapping' said || _end 1 "without a race: exit code $code: $(cat said)"
    done
    _end 77 "ThreadSanitizer does not run on this kernel: $(head -n 1 said)"
}

_is_seen() { # COMMAND
    local code
    code=$(_race "$@")
    if [ "$code" -ne 66 ] || ! grep -q 'WARNING: ThreadSanitizer: data race' said; then
        _end 1 "exit code $code: $(cat said)"
    fi
}

a_race_is_seen_beside_a_traced_subject() {
    _find_layout
    _is_seen "$race" "$subject"
}

# Whatever the file exports is then found before the sanitizer's.
a_race_is_seen_behind_a_traced_subject() {
    _find_layout
    _is_seen "LD_PRELOAD=$subject" "$race" "$subject"
}

# shellcheck source=tests/lab/run_cases.sh
. "$(dirname "$0")/../lab/run_cases.sh"
_run_cases
