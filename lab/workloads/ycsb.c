/* SPDX-License-Identifier: MIT */
/* The six core workloads of YCSB (Cooper et al., Benchmarking cloud serving systems, 2010),
 * with what a hash map has instead of a record store.
 *
 * Question. What does a map cost where some keys are asked for far more often than others?
 * Method. n keys, a 64-bit bijection of their numbers, are put in untimed, and asked for
 * untimed, at most two million times; then as many operations as n, at least 200,000. Which
 * key is popular is a shuffle of the numbers, so that the popular ones were not put in one
 * after the other. Popularity follows Zipf's law with exponent 0.99. The mixes:
 *   a  half gets, half overwrites        b  95 % gets, 5 % overwrites
 *   c  gets only
 *   d  95 % gets, the newest keys the most popular, 5 % inserts of new ones
 *   e  95 % scans, of 1 to 100 keys that follow each other in number, 5 % inserts: a hash
 *      map knows no order, so that a scan is a get for each of its keys
 *   f  half gets, half gets with an overwrite of the same key after each
 * An operation is one call: a scan is as many as it has keys, an overwrite with its get two.
 * What it does not measure. Records of 1000 bytes in ten fields: values are those of the
 * other workloads, 8 bytes or a string of 100. */
#include <string.h>

#include "../workload.h"

static const char *const mixes[] = {"a", "b", "c", "d", "e", "f", NULL};

enum mix { A, B, C, D, E, F };
enum {
    REQUESTS_AN_INSERT = 20, /* of d and e: 5 % */
    SCAN_PAIR = 101,         /* keys: one scan of 1 to 100, and one that fills up */
    SCAN_PAIRS = 19,         /* with two inserts: 40 requests */
    SCAN_CYCLE = SCAN_PAIRS * SCAN_PAIR + 2
};

/* Of the seed's streams, that of everything but keys, which have one for each phase: what is
 * done must not follow from which key is drawn. */
enum { CHOICES = N_STEADY };

static enum mix mix_of(const struct workload_plan *plan)
{
    return (enum mix)(plan->pattern[0] - 'a');
}

static void plan(struct workload_plan *plan)
{
    const enum mix mix = mix_of(plan);
    workload_plan_steady(plan, mix == C ? OPERATION_GET : OPERATION_MIXED);
    const uint64_t n = plan->phases[STEADY_RUN].n;
    if (mix == D)
        plan->n_keys += n / REQUESTS_AN_INSERT + 1;
    else if (mix == E)
        plan->n_keys += 2 * (n / SCAN_CYCLE + 1);
    permutation_init(&plan->shuffles[0], plan->n, plan->seed);
    zipf_init(&plan->zipf, plan->n, ZIPF_YCSB);
}

static uint64_t popular(const struct workload_plan *plan, uint64_t seed, uint64_t draw)
{
    return permute(&plan->shuffles[0], zipf_rank(&plan->zipf, seed, draw));
}

/* Operation `at` of mix d: in every twenty there is one insert, at a place drawn. */
static enum operation latest(const struct workload_plan *plan, uint64_t at,
                             uint64_t *number)
{
    const uint64_t turn = at / REQUESTS_AN_INSERT, within = at % REQUESTS_AN_INSERT;
    const uint64_t place = random_below(plan->seed + CHOICES, turn, REQUESTS_AN_INSERT);
    const uint64_t newest = plan->n + turn + (within > place) - 1;
    *number = within == place
                  ? plan->n + turn
                  : newest - zipf_rank(&plan->zipf, plan->seed + STEADY_RUN, at);
    return within == place ? OPERATION_INSERT : OPERATION_GET;
}

/* Operation `at` of mix e. Scans come in pairs of as many keys together, so that what an
 * operation belongs to is known from its number. */
static enum operation scan(const struct workload_plan *plan, uint64_t at,
                           uint64_t *number)
{
    const uint64_t cycle = at / SCAN_CYCLE, within = at % SCAN_CYCLE;
    const uint64_t pair = cycle * SCAN_PAIRS + within / SCAN_PAIR;
    if (within >= SCAN_PAIRS * SCAN_PAIR) {
        *number = plan->n + 2 * cycle + (within - SCAN_PAIRS * SCAN_PAIR);
        return OPERATION_INSERT;
    }
    const uint64_t length = 1 + random_below(plan->seed + CHOICES, pair, SCAN_PAIR - 1);
    const uint64_t key = within % SCAN_PAIR;
    const bool is_second = key >= length;
    const uint64_t start = popular(plan, plan->seed + STEADY_RUN, 2 * pair + is_second);
    *number = (start + key - (is_second ? length : 0)) % plan->n;
    return OPERATION_GET;
}

/* Operation `at` of mix f: of every three one is a get, and two are a get and an overwrite
 * of one key; which comes first is drawn. */
static enum operation modify(const struct workload_plan *plan, uint64_t at,
                             uint64_t *number)
{
    const uint64_t turn = at / 3, within = at % 3;
    const uint64_t alone = random_below(plan->seed + CHOICES, turn, 2) == 0 ? 0 : 2;
    *number = popular(plan, plan->seed + STEADY_RUN, 2 * turn + (within == alone));
    return within != alone && (within == 2 || (within == 1 && alone == 2))
               ? OPERATION_INSERT
               : OPERATION_GET;
}

static enum operation overwrite(const struct workload_plan *plan, uint64_t at,
                                unsigned percent, uint64_t *number)
{
    *number = popular(plan, plan->seed + STEADY_RUN, at);
    return random_below(plan->seed + CHOICES, at, 100) < percent ? OPERATION_INSERT
                                                                 : OPERATION_GET;
}

static void fill(const struct workload_plan *plan, unsigned phase, uint64_t first,
                 unsigned n, uint64_t *numbers, uint8_t *operations)
{
    const enum mix mix = mix_of(plan);
    for (unsigned i = 0; i < n; i++) {
        const uint64_t at = first + i;
        if (phase == STEADY_PREFILL)
            numbers[i] = at;
        else if (phase == STEADY_WARM_UP || mix == C)
            numbers[i] = popular(plan, plan->seed + phase, at);
        else
            operations[i] = (uint8_t)(mix == D   ? latest(plan, at, &numbers[i])
                                      : mix == E ? scan(plan, at, &numbers[i])
                                      : mix == F ? modify(plan, at, &numbers[i])
                                                 : overwrite(plan, at, mix == A ? 50 : 5,
                                                             &numbers[i]));
    }
}

const struct workload workload_ycsb = {
    .name = "ycsb",
    .summary = "YCSB's mixes a to f on n entries, Zipf 0.99",
    .default_n = 1000000,
    .pattern_option = 'o',
    .patterns = mixes,
    .key_text = KEY_TEXT_NAMED,
    .is_on_request = true,
    .plan = plan,
    .fill = fill,
    .integer = workload_scattered,
};
