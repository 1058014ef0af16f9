# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Runs every function of a script whose name has no leading underscore, in an empty folder
# of its own below $scratch, if its name holds $pattern. Sourced.

_run_cases() {
    local n_passed=0 n_failed=0 skipped=() name result
    for name in $(declare -F | sed "s/^declare -f //" | grep -v "^_"); do
        [[ $name == *$pattern* ]] || continue
        rm -rf "$scratch/case" "$scratch/detail"
        mkdir "$scratch/case"
        result=0
        (cd "$scratch/case" && "$name") 2>"$scratch/noise" || result=$?
        case $result in
        0)
            echo "ok $name"
            n_passed=$((n_passed + 1))
            ;;
        77)
            echo "skipped $name: $(cat "$scratch/detail")"
            skipped+=("$name")
            ;;
        *)
            echo "FAILED $name: $(cat "$scratch/detail" "$scratch/noise" 2>/dev/null)"
            n_failed=$((n_failed + 1))
            ;;
        esac
    done
    [ ${#skipped[@]} -eq 0 ] || echo "${#skipped[@]} skipped: ${skipped[*]}"
    echo "$n_passed passed, $n_failed failed"
    [ "$n_failed" -eq 0 ]
}
