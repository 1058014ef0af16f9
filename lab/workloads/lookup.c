/* SPDX-License-Identifier: MIT */
/* Lookups in a map that stands: what everything else is measured by.
 *
 * Question. What does finding a key cost, and finding that there is none? Method. n keys, a
 * 64-bit bijection of their numbers, are put in untimed into a map that grows as it likes;
 * then lookups to warm up, at most two million of them, untimed: a table that was filled
 * page after page is in no cache, one that was filled at random is; then lookups in random
 * order, as many as n but at least 200,000, so that a small map is
 * timed for long enough. The patterns:
 *   hit            every key is there
 *   miss           none is
 *   half           every second one, at random
 *   hit_dependent  every key is there, and which is asked for next is known only when the
 *                  last answer is: its latency, where the others tell the throughput
 * What it does not measure. Skew: each key is as likely as any other. A dependent miss is
 * left out, since a processor that foresees the miss does not wait for it. */
#include <string.h>

#include "../workload.h"

static const char *const patterns[] = {"hit", "miss", "half", "hit_dependent", NULL};

enum { PREFILL, WARM_UP, LOOK_UP };
enum { HIT, MISS, HALF, HIT_DEPENDENT };
enum { LEAST_LOOKUPS = 200000, MOST_WARMING = 2000000 };

static void plan(struct workload_plan *plan)
{
    while (strcmp(plan->pattern, patterns[plan->counts[0]]) != 0)
        plan->counts[0]++;
    const bool is_dependent = plan->counts[0] == HIT_DEPENDENT;
    const uint64_t n = plan->n < LEAST_LOOKUPS ? LEAST_LOOKUPS : plan->n;
    plan->phases[PREFILL] = (struct phase){OPERATION_INSERT, plan->n, false};
    plan->phases[WARM_UP] =
        (struct phase){OPERATION_GET, n < MOST_WARMING ? n : MOST_WARMING, false};
    plan->phases[LOOK_UP] =
        (struct phase){is_dependent ? OPERATION_GET_DEPENDENT : OPERATION_GET, n, true};
    plan->n_phases = 3;
    /* the absent keys' numbers are those from n on */
    plan->n_keys =
        plan->counts[0] == MISS || plan->counts[0] == HALF ? 2 * plan->n : plan->n;
}

static void fill(const struct workload_plan *plan, unsigned phase, uint64_t first,
                 unsigned n, uint64_t *numbers, uint8_t *operations)
{
    (void)operations;
    const uint64_t absent = plan->counts[0] == MISS ? plan->n : 0;
    const uint64_t range = plan->counts[0] == HALF ? 2 * plan->n : plan->n;
    for (unsigned i = 0; i < n; i++)
        numbers[i] = phase == PREFILL
                         ? first + i
                         : absent + random_below(plan->seed + phase, first + i, range);
}

static uint64_t integer(const struct workload_plan *plan, uint64_t number)
{
    return mix_u64(number + mix_u64(plan->seed));
}

const struct workload workload_lookup = {
    .name = "lookup",
    .summary = "lookups in a map of n entries: throughput and latency",
    .default_n = 1000000,
    .pattern_option = 'k',
    .patterns = patterns,
    .key_text = KEY_TEXT_NAMED,
    .has_ceiling = true,
    .plan = plan,
    .fill = fill,
    .integer = integer,
};
