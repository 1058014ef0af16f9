/* SPDX-License-Identifier: MIT */
/* The notes' third workload: gets, inserts and deletes, mixed.
 *
 * Question. What does a map cost in steady use? Method. n / 10 keys, at least one, are put
 * in untimed; then n operations on keys drawn uniformly from them. The counts of each
 * kind are exact (largest remainder) and their order is a shuffle drawn from the seed. A mix
 * is a name, or the percentages of gets, inserts and deletes: 90/5/5.
 * What it does not measure. Keys outside the prefilled ones; skew. */
#include <stdio.h>
#include <string.h>

#include "../workload.h"

static const char *const mixes[] = {"read_heavy", "write_heavy", "balanced",
                                    "typical_web", NULL};
static const unsigned percents[][3] = {
    /* get, insert, delete */ {90, 5, 5}, {5, 90, 5}, {33, 33, 34}, {80, 15, 5}};

enum { PREFILL, MIX };

/* n split by percentages that sum to 100; what rounding leaves goes to the largest
 * remainders, the first of equals first. */
static void split(uint64_t n, const unsigned percent[3], uint64_t counts[3])
{
    uint64_t rest = n;
    unsigned remainders[3];
    for (unsigned i = 0; i < 3; i++) {
        counts[i] = n / 100 * percent[i] + n % 100 * percent[i] / 100;
        remainders[i] = (unsigned)(n % 100 * percent[i] % 100);
        rest -= counts[i];
    }
    for (; rest > 0; rest--) {
        unsigned largest = 0;
        for (unsigned i = 1; i < 3; i++)
            if (remainders[i] > remainders[largest])
                largest = i;
        counts[largest]++;
        remainders[largest] = 0;
    }
}

/* Three numbers, written as they would be printed. */
static bool read_percent(const char *text, unsigned percent[3])
{
    char again[64];
    if (sscanf(text, "%9u/%9u/%9u", &percent[0], &percent[1], &percent[2]) != 3)
        return false;
    snprintf(again, sizeof again, "%u/%u/%u", percent[0], percent[1], percent[2]);
    return strcmp(text, again) == 0;
}

static bool takes(const char *pattern, struct complaint *complaint)
{
    unsigned percent[3];
    if (!read_percent(pattern, percent))
        return complain(complaint,
                        "mix '%.80s' is no three percentages; say those of gets, inserts "
                        "and deletes: 90/5/5",
                        pattern);
    const unsigned sum = percent[0] + percent[1] + percent[2];
    return sum == 100 ||
           complain(complaint,
                    "mix '%.80s' sums to %u; the percentages of gets, inserts and "
                    "deletes must sum to 100, as in 90/5/5",
                    pattern, sum);
}

/* A name's or, since the pattern was taken, that of a form. */
static void find_percent(const char *pattern, unsigned percent[3])
{
    for (size_t mix = 0; mixes[mix] != NULL; mix++)
        if (strcmp(pattern, mixes[mix]) == 0)
            memcpy(percent, percents[mix], sizeof percents[mix]);
    if (strchr(pattern, '/') != NULL)
        (void)read_percent(pattern, percent);
}

static void plan(struct workload_plan *plan)
{
    unsigned percent[3] = {100, 0, 0};
    find_percent(plan->pattern, percent);
    plan->n_keys = plan->n < 10 ? 1 : plan->n / 10;
    plan->phases[PREFILL] =
        (struct phase){.operation = OPERATION_INSERT, .n = plan->n_keys};
    plan->phases[MIX] =
        (struct phase){.operation = OPERATION_MIXED, .n = plan->n, .is_timed = true};
    plan->n_phases = 2;
    split(plan->n, percent, plan->counts);
    permutation_init(&plan->shuffles[0], plan->n, plan->seed);
}

static void fill(const struct workload_plan *plan, unsigned phase, uint64_t first,
                 unsigned n, uint64_t *numbers, uint8_t *operations)
{
    const uint64_t gets = plan->counts[0], inserts = plan->counts[1];
    for (unsigned i = 0; i < n; i++) {
        if (phase == PREFILL) {
            numbers[i] = first + i;
            continue;
        }
        const uint64_t rank = permute(&plan->shuffles[0], first + i);
        operations[i] = rank < gets             ? OPERATION_GET
                        : rank - gets < inserts ? OPERATION_INSERT
                                                : OPERATION_DELETE;
        numbers[i] = random_below(plan->seed, first + i, plan->n_keys);
    }
}

const struct workload workload_operation_mix = {
    .name = "operation_mix",
    .summary = "n mixed gets, inserts and deletes on n/10 keys",
    .default_n = 10000000,
    .pattern_option = 'o',
    .patterns = mixes,
    .pattern_form = "or per cent of each: 90/5/5",
    .takes = takes,
    .key_text = KEY_TEXT_NAMED,
    .plan = plan,
    .fill = fill,
};
