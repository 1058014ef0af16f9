/* SPDX-License-Identifier: MIT */
/* The notes' fourth workload: growth, overwrites, then churn at constant size.
 *
 * Question. What happens to memory when entries come and go? Method. n inserts; n / 20
 * overwrites of keys drawn by a shuffle; 3 n / 40 alternating deletes of stored keys, by
 * another shuffle, and inserts of new ones.
 * What it does not measure. Lookups of their own. */
#include "../workload.h"

enum { GROW, OVERWRITE, CHURN };

static void plan(struct workload_plan *plan)
{
    const uint64_t churn = (uint64_t)((double)plan->n * 3 / 40);
    plan->phases[GROW] =
        (struct phase){.operation = OPERATION_INSERT, .n = plan->n, .is_timed = true};
    plan->phases[OVERWRITE] = (struct phase){
        .operation = OPERATION_INSERT, .n = plan->n / 20, .is_timed = true};
    plan->phases[CHURN] =
        (struct phase){.operation = OPERATION_MIXED, .n = churn, .is_timed = true};
    plan->n_phases = 3;
    plan->n_keys = plan->n + churn / 2;
    permutation_init(&plan->shuffles[0], plan->n, plan->seed);
    permutation_init(&plan->shuffles[1], plan->n, plan->seed + 1);
}

static void fill(const struct workload_plan *plan, unsigned phase, uint64_t first,
                 unsigned n, uint64_t *numbers, uint8_t *operations)
{
    for (unsigned i = 0; i < n; i++) {
        const uint64_t at = first + i;
        if (phase == GROW) {
            numbers[i] = at;
        } else if (phase == OVERWRITE) {
            numbers[i] = permute(&plan->shuffles[0], at);
        } else if (at % 2 == 0) {
            operations[i] = OPERATION_DELETE;
            numbers[i] = permute(&plan->shuffles[1], at / 2);
        } else {
            operations[i] = OPERATION_INSERT;
            numbers[i] = plan->n + at / 2;
        }
    }
}

const struct workload workload_memory_patterns = {
    .name = "memory_patterns",
    .summary = "n inserts, n/20 overwrites, 3n/40 alternating deletes and inserts",
    .default_n = 1000000,
    .key_text = KEY_TEXT_NAMED,
    .plan = plan,
    .fill = fill,
};
