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
 *   25%            so many of them are, at random: 0% to 100%
 *   zipf           every key is there, and few are asked for often: Zipf's law, exponent 0.99
 * What it does not measure. A dependent miss, since a processor that foresees the miss does
 * not wait for it. */
#include <stdio.h>
#include <string.h>

#include "../workload.h"

static const char *const patterns[] = {"hit",           "miss", "half",
                                       "hit_dependent", "zipf", NULL};

enum { IS_ZIPF, PER_CENT_ABSENT }; /* in plan.counts */

/* How many per cent of the keys are there: of a name, or of a number as it is printed. */
static bool read_hits(const char *pattern, uint64_t *percent)
{
    unsigned number;
    char again[16];
    *percent = strcmp(pattern, "miss") == 0 ? 0 : strcmp(pattern, "half") == 0 ? 50 : 100;
    for (size_t i = 0; patterns[i] != NULL; i++)
        if (strcmp(pattern, patterns[i]) == 0)
            return true;
    if (sscanf(pattern, "%9u%%", &number) != 1 || number > 100)
        return false;
    snprintf(again, sizeof again, "%u%%", number);
    *percent = number;
    return strcmp(pattern, again) == 0;
}

static bool takes(const char *pattern, struct complaint *complaint)
{
    uint64_t percent;
    return read_hits(pattern, &percent) ||
           complain(complaint,
                    "'%.80s' is no kind of lookup; say how many per cent of the keys are "
                    "there, as in 25%%, or a name: see onemiss list",
                    pattern);
}

static void plan(struct workload_plan *plan)
{
    const bool is_dependent = strcmp(plan->pattern, "hit_dependent") == 0;
    uint64_t hits;
    (void)read_hits(plan->pattern, &hits);
    plan->counts[IS_ZIPF] = strcmp(plan->pattern, "zipf") == 0;
    plan->counts[PER_CENT_ABSENT] = 100 - hits;
    workload_plan_steady(plan, is_dependent ? OPERATION_GET_DEPENDENT : OPERATION_GET);
    if (hits < 100) /* the absent keys' numbers are those from n on */
        plan->n_keys = 2 * plan->n;
    permutation_init(&plan->shuffles[0], plan->n, plan->seed);
    zipf_init(&plan->zipf, plan->n, ZIPF_YCSB);
}

/* The key of lookup number `at` of a phase. */
static uint64_t wanted(const struct workload_plan *plan, unsigned phase, uint64_t at)
{
    const uint64_t seed = plan->seed + phase;
    if (plan->counts[IS_ZIPF]) /* what is popular was not put in together */
        return permute(&plan->shuffles[0], zipf_rank(&plan->zipf, seed, at));
    const bool is_absent =
        plan->counts[PER_CENT_ABSENT] > 0 &&
        random_below(plan->seed + N_STEADY, at, 100) < plan->counts[PER_CENT_ABSENT];
    return (is_absent ? plan->n : 0) + random_below(seed, at, plan->n);
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
    .pattern_form = "or per cent that hit: 25%",
    .takes = takes,
    .key_text = KEY_TEXT_NAMED,
    .has_ceiling = true,
    .plan = plan,
    .fill = fill,
    .integer = workload_scattered,
};
