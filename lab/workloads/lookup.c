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
 *   zipf           every key is there, and few are asked for often: Zipf's law, exponent 0.99
 * What it does not measure. A dependent miss, since a processor that foresees the miss does
 * not wait for it. */
#include <string.h>

#include "../workload.h"

static const char *const patterns[] = {"hit",           "miss", "half",
                                       "hit_dependent", "zipf", NULL};

enum { HIT, MISS, HALF, HIT_DEPENDENT, ZIPF };

static void plan(struct workload_plan *plan)
{
    while (strcmp(plan->pattern, patterns[plan->counts[0]]) != 0)
        plan->counts[0]++;
    workload_plan_steady(plan, plan->counts[0] == HIT_DEPENDENT ? OPERATION_GET_DEPENDENT
                                                                : OPERATION_GET);
    /* the absent keys' numbers are those from n on */
    if (plan->counts[0] == MISS || plan->counts[0] == HALF)
        plan->n_keys = 2 * plan->n;
    permutation_init(&plan->shuffles[0], plan->n, plan->seed);
    zipf_init(&plan->zipf, plan->n, ZIPF_YCSB);
}

/* The key of lookup number `at` of a phase. */
static uint64_t wanted(const struct workload_plan *plan, unsigned phase, uint64_t at)
{
    const uint64_t seed = plan->seed + phase;
    if (plan->counts[0] == ZIPF) /* what is popular was not put in together */
        return permute(&plan->shuffles[0], zipf_rank(&plan->zipf, seed, at));
    const uint64_t absent = plan->counts[0] == MISS ? plan->n : 0;
    const uint64_t range = plan->counts[0] == HALF ? 2 * plan->n : plan->n;
    return absent + random_below(seed, at, range);
}

static void fill(const struct workload_plan *plan, unsigned phase, uint64_t first,
                 unsigned n, uint64_t *numbers, uint8_t *operations)
{
    (void)operations;
    for (unsigned i = 0; i < n; i++)
        numbers[i] = phase == STEADY_PREFILL ? first + i : wanted(plan, phase, first + i);
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
    .integer = workload_scattered,
};
