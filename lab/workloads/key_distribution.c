/* SPDX-License-Identifier: MIT */
/* The notes' second workload: insert n entries whose keys follow a pattern.
 *
 * Question. Does the hash spread what the keys do not? Method. The table is presized as
 * the notes did, to the next power of two from n on. uniform: a 64-bit bijection of i and
 * the seed; clustered: ten clusters, i modulo 10 in the high half, i below;
 * sequential: i. Strings are the same integers as 20 digits.
 * What it does not measure. Growth, unless n exceeds 0.7 of its power of two. */
#include <string.h>

#include "../workload.h"

static const char *const patterns[] = {"uniform", "clustered", "sequential", NULL};

enum { UNIFORM, CLUSTERED, SEQUENTIAL, N_CLUSTERS = 10 };

static void plan(struct workload_plan *plan)
{
    plan->phases[0] =
        (struct phase){.operation = OPERATION_INSERT, .n = plan->n, .is_timed = true};
    plan->n_phases = 1;
    plan->n_keys = plan->n;
    size_t slots = 16;
    while (slots < plan->n)
        slots *= 2;
    plan->entries = om_size_limit(slots, 70);
    while (strcmp(plan->pattern, patterns[plan->counts[0]]) != 0)
        plan->counts[0]++;
}

static void fill(const struct workload_plan *plan, unsigned phase, uint64_t first,
                 unsigned n, uint64_t *numbers, uint8_t *operations)
{
    (void)plan, (void)phase, (void)operations;
    for (unsigned i = 0; i < n; i++)
        numbers[i] = first + i;
}

static uint64_t integer(const struct workload_plan *plan, uint64_t number)
{
    switch (plan->counts[0]) {
    case UNIFORM:
        return mix_u64(number + mix_u64(plan->seed));
    case CLUSTERED:
        return (number % N_CLUSTERS) << 32 | number;
    default:
        return number;
    }
}

const struct workload workload_key_distribution = {
    .name = "key_distribution",
    .summary = "insert n entries of a key pattern, presized",
    .default_n = 10000000,
    .pattern_option = 'k',
    .patterns = patterns,
    .key_text = KEY_TEXT_DIGITS,
    .has_ceiling = true,
    .plan = plan,
    .fill = fill,
    .integer = integer,
};
