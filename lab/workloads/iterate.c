/* SPDX-License-Identifier: MIT */
/* Going over all entries.
 *
 * Question. What does a visit of every entry cost, and how much of it is the walk over
 * empty slots? Method. n keys, a 64-bit bijection of their numbers, are put in untimed into
 * a map that grows as it likes; one iteration to warm up, untimed; then iterations until at
 * least two million entries were visited. Of each the key and the value are read: of a
 * string its length and its first 8 bytes.
 * What it does not measure. A map that was large once and is nearly empty now. */
#include "../workload.h"

enum { PREFILL, WARM_UP, ITERATE };
enum { LEAST_VISITS = 2000000 };

static void plan(struct workload_plan *plan)
{
    const uint64_t rounds = (LEAST_VISITS - 1) / plan->n + 1;
    plan->phases[PREFILL] = (struct phase){.operation = OPERATION_INSERT, .n = plan->n};
    plan->phases[WARM_UP] = (struct phase){.operation = OPERATION_ITERATE, .n = plan->n};
    plan->phases[ITERATE] = (struct phase){
        .operation = OPERATION_ITERATE, .n = rounds * plan->n, .is_timed = true};
    plan->n_phases = 3;
    plan->n_keys = plan->n_entries = plan->n;
}

const struct workload workload_iterate = {
    .name = "iterate",
    .summary = "all n entries visited, again and again: ns a visit",
    .default_n = 1000000,
    .key_text = KEY_TEXT_NAMED,
    .has_ceiling = true,
    .needs_walk = true,
    .is_on_request = true,
    .plan = plan,
    .fill = workload_fill_in_order,
    .integer = workload_scattered,
};
