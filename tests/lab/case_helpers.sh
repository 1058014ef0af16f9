# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
# What the tests of the tool share: the words of their command line, checks, and the run
# over all cases. Sourced with the words ONEMISS BAD_SUBJECTS JSON_GET [PATTERN]; each
# function of the script whose name has no leading underscore is a case, named after its
# promise, run in an empty folder of its own.
#
# _run_cases, the script's last line, prints `ok NAME`, `FAILED NAME: detail` or
# `skipped NAME: reason`, last `N passed, N failed`.
set -u
export LC_ALL=C

onemiss=$(readlink -f "$1")
bad=$(readlink -f "$2")
json_get=$(readlink -f "$3")
pattern=${4-}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/onemiss-cases.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

subjects=$(dirname "$(find "$(dirname "$onemiss")/subjects" -name chaining.so | sort | head -n 1)")

maps="chaining open_addressing open_addressing_compact"
metrics_clock="ns_per_op wall_s user_s sys_s"
metrics_memory="peak_bytes peak_rss_bytes bytes_per_entry alloc_calls free_calls page_faults resizes"

# ---- checks ----

_fail() { # DETAIL: ends the case
    printf '%s\n' "$*" | head -n 20 | tr '\n' ' ' >"$scratch/detail"
    exit 1
}

_skip() {
    printf '%s' "$*" >"$scratch/detail"
    exit 77
}

# The case's processes are many: what bash itself can do needs no other.
_slurp() { # FILE: sets text
    IFS= read -r -d '' text <"$1" || true
}

_run() { # ARGUMENTS: sets code; the rest is in $scratch/out and $scratch/err
    code=0
    "$onemiss" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
}

# Nothing that could steer a terminal.
_no_control_bytes() { # FILE WHAT
    local text
    _slurp "$1"
    text=${text//[$'\n\t']/}
    [[ $text != *[[:cntrl:]]* ]] || _fail "$2: control bytes: $(printf %q "${text:0:2000}")"
    # U+0080 to U+009F, which a terminal may obey as well
    [[ $text != *$'\xc2'[$'\x80'-$'\x9f']* ]] || _fail "$2: C1: $(printf %q "${text:0:2000}")"
}

# What a sanitizer brings along does not bear everything.
_is_sanitized() {
    grep -qa __asan_init "$onemiss"
}

# It must refuse: this exit code, one line that matches, nothing else, no file.
_refused() { # CODE PART ARGUMENTS
    local wanted=$1 says=$2 text
    local -a files_before files_after
    shift 2
    files_before=(.* *)
    _run "$@"
    _slurp "$scratch/err"
    [ "$code" -eq "$wanted" ] || _fail "$*: exit code $code, not $wanted: $text"
    [[ $text == 'onemiss: '*$'\n' && ${text%$'\n'} != *$'\n'* ]] || _fail "$*: not one line: $text"
    [[ $text == *"$says"* ]] || _fail "$*: '$says' is not in: $text"
    [[ ${text%$'\n'} != *[[:cntrl:]]* ]] || _fail "control bytes: $(printf %q "$text")"
    [ ! -s "$scratch/out" ] || _fail "$*: on standard output: $(head -n 3 "$scratch/out")"
    files_after=(.* *)
    [ "${files_before[*]}" = "${files_after[*]}" ] ||
        _fail "$*: files '${files_before[*]}' became '${files_after[*]}'"
}

# It must do its work without a word on standard error.
_good() { # ARGUMENTS
    _good_but '' "$@"
}

# The same, with one remark on standard error, or none.
_good_but() { # REMARK ARGUMENTS
    local remark=$1
    shift
    _run "$@"
    [ "$code" -eq 0 ] || _fail "$*: exit code $code: $(cat "$scratch/err")"
    _has_remarked "$remark"
}

# On standard error: this or nothing. A slow run's estimate and progress, a line every ten
# seconds, are none of it.
_has_remarked() { # REMARK
    local text
    _slurp "$scratch/err"
    text=${text%$'\n'}
    [ "$text" = "$1" ] && return
    text=$(grep -v -e '^onemiss: *[0-9]* %  ' -e '^onemiss: about .* (estimated): ' "$scratch/err")
    _is "on standard error" "$text" "$1"
}

_is() { # WHAT GOT WANTED
    [ "$2" = "$3" ] || _fail "$1: '$2', not '$3'"
}

_get() { # FILE PATHS: a line for each value
    "$json_get" "$@" || _fail "$1 has not all of ${*:2}"
}

_files() { # NAMES: what the case's folder must hold
    local -a all
    shopt -s nullglob dotglob
    all=(*)
    shopt -u nullglob dotglob
    _is files "${all[*]}" "$*"
}

_says() { # TEXT: in standard output
    local text
    _slurp "$scratch/out"
    [[ $text == *"$1"* ]] || _fail "'$1' is not in: $text"
}

# A result file is one document, sealed, of this schema.
_whole_result() { # FILE COMPLETE
    "$json_get" --sealed "$1" || _fail "$1: the seal is broken"
    _is 'schema, complete' "$(_get "$1" schema complete)" "onemiss.result/1"$'\n'"$2"
}

_has_metrics() { # FILE CELLS NAMES: each with a value
    local i cell name
    local -a paths=() values
    for cell in $2; do
        for name in $3; do
            paths+=("cells.$cell.metrics.$name.value")
        done
    done
    mapfile -t values < <("$json_get" "$1" "${paths[@]}" || echo missing)
    _is "values of cells $2" ${#values[@]} ${#paths[@]}
    for i in "${!paths[@]}"; do
        [[ ${values[i]} =~ ^[0-9.e+-]+$ ]] || _fail "${paths[i]}: ${values[i]}"
    done
}

_each_null_has_a_reason() { # FILE: of the first cell's metrics
    local i
    local -a names values nulls=() reasons=()
    mapfile -t names < <("$json_get" "$1" 'cells.0.metrics.?')
    mapfile -t values < <("$json_get" "$1" 'cells.0.metrics.*.value')
    [ ${#names[@]} -gt 0 ] || _fail "$1: no metrics"
    _is 'metrics with a value or null' ${#values[@]} ${#names[@]}
    for i in "${!names[@]}"; do
        [ "${values[i]}" != null ] || nulls+=("cells.0.metrics.${names[i]}.reason")
    done
    [ ${#nulls[@]} -gt 0 ] || return 0
    mapfile -t reasons < <("$json_get" "$1" "${nulls[@]}")
    _is 'reasons' ${#reasons[@]} ${#nulls[@]}
    for i in "${!nulls[@]}"; do
        [ -n "${reasons[i]}" ] || _fail "${nulls[i]} is empty"
    done
}

# ---- processes ----

# Children that run a map of this case's folder; the brackets keep grep from finding itself.
_children() {
    grep -lz "^[p]ath=$PWD/" /proc/[0-9]*/cmdline 2>/dev/null
    return 0
}

# Until the lab, $pid, has a child with such a word. It is looked for without a grep, which
# takes as long as some children live, a few hundredths of a second.
_wait_for_child() { # [WORD of its command line]
    local end=$((SECONDS + 20)) child word words
    while [ $SECONDS -lt $end ]; do
        for child in $(<"/proc/${pid:?}/task/$pid/children"); do
            mapfile -d '' -t words <"/proc/$child/cmdline" || continue
            for word in "${words[@]}"; do
                [[ $word != "$1"* ]] || return 0
            done
        done
        sleep 0.002
    done 2>/dev/null # of processes that end meanwhile
    _fail "no child '$1' in 20 s"
}

_no_child_is_left() {
    [ -z "$(_children)" ] || _fail "a child is left: $(_children)"
}

# shellcheck source=tests/lab/run_cases.sh
. "$(dirname "${BASH_SOURCE[0]}")/run_cases.sh"
