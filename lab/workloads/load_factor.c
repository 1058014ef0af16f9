/* SPDX-License-Identifier: MIT */
/* The notes' first workload: insert n entries, from the smallest table up.
 *
 * Question. What does growth cost: resizes, page faults, the load swinging from 0.35 to
 * 0.7? Method. u64: i to i; str: key_<i> to 100 bytes of x, for i = 0 .. n - 1.
 * What it does not measure. Lookups. */
#include "../workload.h"

static void plan(struct workload_plan *plan)
{
    plan->phases[0] =
        (struct phase){.operation = OPERATION_INSERT, .n = plan->n, .is_timed = true};
    plan->n_phases = 1;
    plan->n_keys = plan->n;
}

const struct workload workload_load_factor = {
    .name = "load_factor",
    .summary = "insert n entries, from 16 slots up",
    .default_n = 10000000,
    .key_text = KEY_TEXT_NAMED,
    .has_plain_values = true,
    .has_ceiling = true,
    .plan = plan,
    .fill = workload_fill_in_order,
};
