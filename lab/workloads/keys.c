/* SPDX-License-Identifier: MIT */
/* A user's own keys.
 *
 * Question. What do *my* keys cost? Method. Insert all of the file, look all up in
 * another order, look up as many that are not in it (each key with one byte more; for
 * integers, each key xor a word that leads out of the file), delete half.
 * What it does not measure. How often the user needs which key. Text keys are looked up
 * where they stand in the file, so the file competes with the map for the caches. */
#include "../workload.h"

enum { INSERT_ALL, HIT_ALL, MISS_ALL, DELETE_HALF };

static void plan(struct workload_plan *plan)
{
    plan->phases[INSERT_ALL] =
        (struct phase){.operation = OPERATION_INSERT, .n = plan->n, .is_timed = true};
    plan->phases[HIT_ALL] =
        (struct phase){.operation = OPERATION_GET, .n = plan->n, .is_timed = true};
    plan->phases[MISS_ALL] =
        (struct phase){.operation = OPERATION_GET, .n = plan->n, .is_timed = true};
    plan->phases[DELETE_HALF] =
        (struct phase){.operation = OPERATION_DELETE, .n = plan->n / 2, .is_timed = true};
    plan->n_phases = 4;
    plan->n_keys = 2 * plan->n;
    permutation_init(&plan->shuffles[0], plan->n, plan->seed);
    permutation_init(&plan->shuffles[1], plan->n, plan->seed + 1);
}

static void fill(const struct workload_plan *plan, unsigned phase, uint64_t first,
                 unsigned n, uint64_t *numbers, uint8_t *operations)
{
    (void)operations;
    for (unsigned i = 0; i < n; i++) {
        const uint64_t at = first + i;
        if (phase == INSERT_ALL)
            numbers[i] = at;
        else if (phase == DELETE_HALF)
            numbers[i] = permute(&plan->shuffles[1], at);
        else
            numbers[i] =
                permute(&plan->shuffles[0], at) + (phase == MISS_ALL ? plan->n : 0);
    }
}

static uint64_t integer(const struct workload_plan *plan, uint64_t number)
{
    const struct key_file *const keys = plan->keys;
    return number < keys->n ? keys->integers[number]
                            : keys->integers[number - keys->n] ^ keys->absent;
}

const struct workload workload_keys = {
    .name = "keys",
    .summary = "your own keys (--keys FILE): insert, hit, miss, delete half",
    .key_text = KEY_TEXT_FILE,
    .needs_keys = true,
    .plan = plan,
    .fill = fill,
    .integer = integer,
};
