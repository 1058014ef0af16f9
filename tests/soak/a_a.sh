#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Does the lab tell a map apart from itself, and from a copy that takes 3 % more?
#
#   a_a.sh ONEMISS SUBJECTS VERDICT_AT JSON_GET RUNS
#
# Each run compares open_addressing, itself once more, and itself with a counted busy loop,
# over 20 blocks of 200,000 lookups. The loop is first measured, so that it takes 3 %. RUNS
# runs with zone 0; then 40 with zone 1 %, while another process keeps the other core busy.
set -eu
export LC_ALL=C
onemiss=$1 slowed=$2/slowed.so verdict_at=$3 json_get=$4 runs=$5
scratch=$(mktemp -d)
other=
trap 'rm -rf "$scratch"; [ -z "$other" ] || kill "$other"' EXIT
result=$scratch/r.json
words="compare -w lookup -k hit -t u64 -n 20k --with clock"

# time_of SPINS MAP: nanoseconds an operation
time_of() {
    # shellcheck disable=SC2086
    ONEMISS_TEST_SPINS=$1 "$onemiss" $words -i "$2" --repeat 15 -q --json "$result"
    "$json_get" "$result" cells.0.metrics.ns_per_op.value
}

one_run() {
    # shellcheck disable=SC2086
    "$onemiss" $words -i "open_addressing,$slowed" --repeat 20 -q --json "$result"
}

# The loop is measured where it runs: in large, then by what a first guess comes to.
bare=$(time_of 0 "$slowed") spun=$(time_of 100000 "$slowed")
spins=$(awk -v bare="$bare" -v spun="$spun" \
    'BEGIN { printf "%.0f", 0.03 * bare / ((spun - bare) / 100000) }')
for ((i = 0; i < 2; i++)); do
    # shellcheck disable=SC2086
    ONEMISS_TEST_SPINS=$spins "$onemiss" $words -i "open_addressing,$slowed" --repeat 100 -q \
        --json "$result"
    spins=$("$verdict_at" "$result" slowed 0 | awk -v spins="$spins" '{
        more = $(NF - 2) - 1
        printf "%.0f", (more > 0.005 ? spins * 0.03 / more : 2 * spins) }')
done
export ONEMISS_TEST_SPINS=$spins
echo "a lookup takes $bare ns; 3 % of 512 of them are $spins rounds of the loop"

alarms=0
for ((i = 0; i < runs; i++)); do
    one_run
    case $("$verdict_at" "$result" open_addressing_again 0) in
    faster* | slower*) alarms=$((alarms + 1)) ;;
    esac
done
# the 99 % limit of a binomial with 5 %: 18 of 200
most=$(awk -v n="$runs" 'BEGIN {
    p = 0.95 ^ n; sum = p
    for (k = 0; sum < 0.99; k++) { p *= (n - k) / (k + 1) * 0.05 / 0.95; sum += p }
    print k }')
echo "zone 0: told apart from itself in $alarms of $runs (at most $most)"

taskset -c 0 bash -c 'while :; do :; done' &
other=$!
alarms_zone=0 found=0
for ((i = 0; i < 40; i++)); do
    one_run
    case $("$verdict_at" "$result" open_addressing_again 0.01) in
    faster* | slower*) alarms_zone=$((alarms_zone + 1)) ;;
    esac
    verdict=$("$verdict_at" "$result" slowed 0.01)
    [ -z "${verdict##slower*}" ] && found=$((found + 1))
    echo "$verdict" >>"$scratch/ratios"
done
echo "zone 1 %, the other core busy: told apart from itself in $alarms_zone of 40 (at most 2);" \
    "the slower copy found in $found of 40 (at least 36); its ratio, median of the 40:" \
    "$(awk '{ print $(NF - 2) }' "$scratch/ratios" | sort -n | sed -n 20p)"
[ "$alarms" -le "$most" ] && [ "$alarms_zone" -le 2 ] && [ "$found" -ge 36 ]
