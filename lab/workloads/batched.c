/* SPDX-License-Identifier: MIT */
/* Lookups of several keys a call.
 *
 * Question. What does a map make of knowing the next keys beforehand? Method. As `lookup`
 * with hits; but the lookups are done by get_many, in calls of 1, 4, 16 or 64 keys, each
 * pattern one of these. A map that has no such verb is asked key after key, which the loop
 * round it leaves the processor to overlap as well as it can.
 * What it does not measure. Inserts and deletes of several keys. */
#include <stdlib.h>

#include "../workload.h"

static const char *const patterns[] = {"16", "1", "4", "64", NULL};

static void plan(struct workload_plan *plan)
{
    workload_plan_steady(plan, OPERATION_GET_MANY);
    plan->phases[STEADY_RUN].argument = strtoull(plan->pattern, NULL, 10);
}

static void fill(const struct workload_plan *plan, unsigned phase, uint64_t first,
                 unsigned n, uint64_t *numbers, uint8_t *operations)
{
    (void)operations;
    for (unsigned i = 0; i < n; i++)
        numbers[i] = phase == STEADY_PREFILL
                         ? first + i
                         : random_below(plan->seed + phase, first + i, plan->n);
}

const struct workload workload_batched = {
    .name = "batched",
    .summary = "lookups of 1, 4, 16 or 64 keys a call, in a map of n entries",
    .default_n = 1000000,
    .pattern_option = 'k',
    .patterns = patterns,
    .key_text = KEY_TEXT_NAMED,
    .has_ceiling = true,
    .is_on_request = true,
    .plan = plan,
    .fill = fill,
    .integer = workload_scattered,
};
