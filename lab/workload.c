/* SPDX-License-Identifier: MIT */
/* What all workloads share: finding one, cutting it into batches, its keys and values. */
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "names.h"

bool workload_find(const char *name, const struct workload **workload,
                   struct complaint *complaint)
{
    const char *names[32];
    size_t n = 0;
    for (; n < n_workloads && n < sizeof names / sizeof *names; n++) {
        names[n] = all_workloads[n]->name;
        if (strcmp(name, names[n]) == 0) {
            *workload = all_workloads[n];
            return true;
        }
    }
    return complain_of_name(complaint, "workload", name, names, n);
}

bool workload_takes(const struct workload *workload, const char *pattern,
                    struct complaint *complaint)
{
    size_t n = 0;
    if (workload->takes != NULL && strpbrk(pattern, "0123456789/") != NULL)
        return workload->takes(pattern, complaint);
    while (workload->patterns[n] != NULL)
        n++;
    return name_is_one_of(workload->pattern_option == 'k' ? "pattern" : "mix", pattern,
                          workload->patterns, n, complaint);
}

static bool find_pattern(struct workload_plan *plan, const char *pattern,
                         struct complaint *complaint)
{
    const struct workload *const workload = plan->workload;
    if (workload->patterns == NULL) {
        plan->pattern = "";
        return pattern == NULL ||
               complain(complaint, "workload '%s' has no pattern '%.80s'", workload->name,
                        pattern);
    }
    plan->pattern = pattern != NULL ? pattern : workload->patterns[0];
    return pattern == NULL || workload_takes(workload, pattern, complaint);
}

bool workload_plan_init(struct workload_plan *plan, const struct workload *workload,
                        uint64_t n, uint64_t seed, const char *pattern,
                        const struct key_file *keys, struct complaint *complaint)
{
    memset(plan, 0, sizeof *plan);
    plan->workload = workload;
    plan->n = workload->needs_keys && keys != NULL ? keys->n : n;
    plan->seed = seed;
    plan->keys = workload->needs_keys ? keys : NULL;
    if (workload->needs_keys && keys == NULL)
        return complain(complaint, "workload '%s' needs --keys FILE, one key a line",
                        workload->name);
    if (!find_pattern(plan, pattern, complaint))
        return false;
    workload->plan(plan);
    return true;
}

static uint64_t most_per_batch(const struct workload_plan *plan, bool are_strings,
                               enum operation operation)
{
    if (subject_is_whole(operation))
        return plan->n_entries;
    if (are_strings)
        return BATCH_MOST_STRINGS;
    return operation == OPERATION_MIXED ? BATCH_MOST_MIXED : BATCH_MOST_U64;
}

bool workload_next_step(const struct workload_plan *plan, bool are_strings,
                        struct step *step)
{
    step->first += step->n;
    step->first_operation += step->n;
    step->n = 0;
    while (step->phase < plan->n_phases && step->first == plan->phases[step->phase].n) {
        step->phase++;
        step->first = 0;
    }
    if (step->phase == plan->n_phases)
        return false;
    const struct phase *const phase = &plan->phases[step->phase];
    const uint64_t most = most_per_batch(plan, are_strings, phase->operation);
    const uint64_t left = phase->n - step->first;
    step->n = (unsigned)(left < most ? left : most);
    return true;
}

uint64_t workload_timed(const struct workload_plan *plan)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < plan->n_phases; i++)
        n += plan->phases[i].is_timed ? plan->phases[i].n : 0;
    return n;
}

uint64_t workload_integer(const struct workload_plan *plan, uint64_t number)
{
    return plan->workload->integer == NULL ? number
                                           : plan->workload->integer(plan, number);
}

void workload_plan_steady(struct workload_plan *plan, enum operation operation)
{
    const uint64_t n = plan->n < STEADY_LEAST ? STEADY_LEAST : plan->n;
    const uint64_t warming = n < STEADY_MOST_WARMING ? n : STEADY_MOST_WARMING;
    plan->phases[STEADY_PREFILL] =
        (struct phase){.operation = OPERATION_INSERT, .n = plan->n};
    plan->phases[STEADY_WARM_UP] =
        (struct phase){.operation = OPERATION_GET, .n = warming};
    plan->phases[STEADY_RUN] =
        (struct phase){.operation = operation, .n = n, .is_timed = true};
    plan->n_phases = N_STEADY;
    plan->n_keys = plan->n;
}

void workload_fill_in_order(const struct workload_plan *plan, unsigned phase,
                            uint64_t first, unsigned n, uint64_t *numbers,
                            uint8_t *operations)
{
    (void)plan, (void)phase, (void)operations;
    for (unsigned i = 0; i < n; i++)
        numbers[i] = first + i;
}

uint64_t workload_scattered(const struct workload_plan *plan, uint64_t number)
{
    return mix_u64(number + mix_u64(plan->seed));
}

/* Writes the digits of a number, at least `least` of them; returns how many. */
static size_t write_digits(char *to, uint64_t number, size_t least)
{
    char reversed[20];
    size_t n = 0;
    do {
        reversed[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0 || n < least);
    for (size_t i = 0; i < n; i++)
        to[i] = reversed[n - 1 - i];
    return n;
}

om_view workload_key_text(const struct workload_plan *plan, uint64_t number,
                          char room[KEY_TEXT_ROOM])
{
    if (plan->workload->key_text == KEY_TEXT_FILE) {
        const struct key_file *const keys = plan->keys;
        const bool is_absent = number >= keys->n;
        const uint64_t i = is_absent ? number - keys->n : number;
        return om_view_of(keys->lines[i], keys->lengths[i] + is_absent);
    }
    const uint64_t integer = workload_integer(plan, number);
    if (plan->workload->key_text == KEY_TEXT_DIGITS)
        return om_view_of(room, write_digits(room, integer, 20));
    memcpy(room, "key_", 4);
    return om_view_of(room, 4 + write_digits(room + 4, integer, 1));
}

void workload_value_text(const struct workload_plan *plan, uint64_t operation,
                         char text[VALUE_TEXT_BYTES])
{
    memset(text, 'x', VALUE_TEXT_BYTES);
    if (plan->workload->has_plain_values)
        return;
    for (unsigned i = 0; i < 16; i++, operation >>= 4)
        text[i] = "0123456789abcdef"[operation & 15]; /* lowest digit first */
}
