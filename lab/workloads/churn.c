/* SPDX-License-Identifier: MIT */
/* A map of constant size whose entries come and go.
 *
 * Question. What do deletes cost in the long run: tombstones, and the rehashes that sweep
 * them away? Method. n keys, a 64-bit bijection of their numbers, are put in untimed; then,
 * one after the other, an entry is deleted and a new key inserted, until as many as n, at
 * least 100,000, were replaced. The patterns:
 *   random  which entry goes is drawn; each goes once before one of the new ones does
 *   oldest  the map is a queue: the entry that was put in first goes first
 * What it does not measure. Lookups of their own: a delete is one that hits, an insert one
 * that does not. */
#include <string.h>

#include "../workload.h"

static const char *const patterns[] = {"random", "oldest", NULL};

enum { FILL, CHURN };
enum { LEAST_REPLACED = 100000 };

static void plan(struct workload_plan *plan)
{
    const uint64_t replaced = plan->n < LEAST_REPLACED ? LEAST_REPLACED : plan->n;
    plan->phases[FILL] = (struct phase){.operation = OPERATION_INSERT, .n = plan->n};
    plan->phases[CHURN] =
        (struct phase){.operation = OPERATION_MIXED, .n = 2 * replaced, .is_timed = true};
    plan->n_phases = 2;
    plan->n_keys = plan->n + replaced;
    permutation_init(&plan->shuffles[0], plan->n, plan->seed);
}

/* The key that makes room for new key number `at`: in each round of n those go that the
 * round before brought. */
static uint64_t leaver(const struct workload_plan *plan, uint64_t at)
{
    const uint64_t within = at % plan->n;
    return strcmp(plan->pattern, "oldest") == 0
               ? at
               : at - within + permute(&plan->shuffles[0], within);
}

static void fill(const struct workload_plan *plan, unsigned phase, uint64_t first,
                 unsigned n, uint64_t *numbers, uint8_t *operations)
{
    for (unsigned i = 0; i < n; i++) {
        const uint64_t at = first + i;
        if (phase == FILL) {
            numbers[i] = at;
        } else if (at % 2 == 0) {
            operations[i] = OPERATION_DELETE;
            numbers[i] = leaver(plan, at / 2);
        } else {
            operations[i] = OPERATION_INSERT;
            numbers[i] = plan->n + at / 2;
        }
    }
}

const struct workload workload_churn = {
    .name = "churn",
    .summary = "one entry deleted, a new one inserted, n times, in a map of n",
    .default_n = 1000000,
    .pattern_option = 'k',
    .patterns = patterns,
    .key_text = KEY_TEXT_NAMED,
    .is_on_request = true,
    .plan = plan,
    .fill = fill,
    .integer = workload_scattered,
};
