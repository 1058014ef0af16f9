/* SPDX-License-Identifier: MIT */
/* A map copied entry by entry into another of the same seed.
 *
 * Question. Does a map survive being filled in the order of its own hash? An array that is
 * indexed by the same bits at every capacity fills from one end, its probes grow long, and
 * the copy takes quadratic time. Method. n keys, a 64-bit bijection of their numbers, are
 * put in untimed; then all entries go, in the order of the iteration, into a new map, which
 * takes the old one's place; strings are copied on the way. The patterns:
 *   growing   the new map starts empty and grows as it likes
 *   reserved  it is given room for all entries first
 * What it does not measure. A clone that takes the table as it is; dropping the old map. */
#include <string.h>

#include "../workload.h"

static const char *const patterns[] = {"growing", "reserved", NULL};

enum { PREFILL, COPY };

static void plan(struct workload_plan *plan)
{
    plan->phases[PREFILL] = (struct phase){.operation = OPERATION_INSERT, .n = plan->n};
    plan->phases[COPY] =
        (struct phase){.operation = OPERATION_COPY, .n = plan->n, .is_timed = true};
    if (strcmp(plan->pattern, "reserved") == 0)
        plan->phases[COPY].argument = plan->n;
    plan->n_phases = 2;
    plan->n_keys = plan->n_entries = plan->n;
}

const struct workload workload_copy = {
    .name = "copy",
    .summary = "all n entries put into a new map, in the order of the iteration",
    .default_n = 1000000,
    .pattern_option = 'k',
    .patterns = patterns,
    .key_text = KEY_TEXT_NAMED,
    .has_ceiling = true,
    .needs_walk = true,
    .is_on_request = true,
    .plan = plan,
    .fill = workload_fill_in_order,
    .integer = workload_scattered,
};
