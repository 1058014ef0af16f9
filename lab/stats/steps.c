/* SPDX-License-Identifier: MIT */
/* Steps in a staircase: how large the levels of a memory are, from its latencies.
 *
 * Method. Single outliers go (the median of three neighbours), then dents: a walk through
 * more memory cannot be faster, so a size counts as the least of itself and all larger
 * ones. A plateau is where the latency grows little over a doubling of the size. Two
 * plateaus make a step when the second is clearly slower, and the level ends where the
 * latency crosses their geometric mean: a cache that is shared, or whose pages collide,
 * begins to miss well before it is full, but half of the loads miss at its size. */
#include "steps.h"

#include <math.h>
#include <stdbool.h>

#include "median.h"

/* Recorded staircases: inside a level the latency grew by at most 0.33 (binary logarithm)
 * over a doubling, across the lowest step by 1.1. */
static const double FLAT_LOG2 = 0.4, STEP_LOG2 = 0.6;

/* ... and a step took 2.3 doublings at most, two in one without a plateau 4. */
static const double LONGEST_STEP = 3, ALMOST_THE_END = 0.5; /* doublings */

struct plateau {
    size_t first, last;
    double log2_ns;
};

static double least(double a, double b)
{
    return a < b ? a : b;
}

static double most(double a, double b)
{
    return a > b ? a : b;
}

/* Binary logarithms of the latencies, ascending. */
static void smooth(const struct stair *stairs, size_t n, double *log2_ns)
{
    for (size_t i = 0; i < n; i++) {
        const double here = log2(stairs[i].ns);
        const double before = i > 0 ? log2(stairs[i - 1].ns) : here;
        const double after = i + 1 < n ? log2(stairs[i + 1].ns) : here;
        log2_ns[i] =
            most(least(before, after), least(here, most(before, after))); /* of three */
    }
    for (size_t i = n; i-- > 1;)
        log2_ns[i - 1] = least(log2_ns[i - 1], log2_ns[i]);
}

static double doublings(const struct stair *from, const struct stair *to)
{
    return log2((double)to->bytes / (double)from->bytes);
}

/* The first stair of twice the size or more, or n. */
static size_t doubled(const struct stair *stairs, size_t n, size_t from)
{
    size_t to = from + 1;
    while (to < n && stairs[to].bytes < 2 * stairs[from].bytes)
        to++;
    return to;
}

static double middle_of(const double *log2_ns, const struct plateau *plateau)
{
    double values[MOST_STAIRS];
    size_t n = 0;
    for (size_t i = plateau->first; i <= plateau->last; i++)
        values[n++] = log2_ns[i];
    return median_of(values, n, 0.5).value;
}

/* Flat stretches; those that differ too little to be a step are one. */
static size_t find_plateaus(const struct stair *stairs, size_t n, const double *log2_ns,
                            struct plateau *plateaus)
{
    size_t n_plateaus = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        const size_t to = doubled(stairs, n, i);
        if (to == n)
            break;
        if (log2_ns[to] - log2_ns[i] > FLAT_LOG2 * doublings(&stairs[i], &stairs[to]))
            continue;
        struct plateau found = {i, to, 0};
        found.log2_ns = middle_of(log2_ns, &found);
        struct plateau *const before = n_plateaus > 0 ? &plateaus[n_plateaus - 1] : NULL;
        const bool is_same =
            before != NULL &&
            (i <= before->last || found.log2_ns - before->log2_ns < STEP_LOG2);
        if (!is_same) {
            plateaus[n_plateaus++] = found;
            continue;
        }
        before->last = to;
        before->log2_ns = middle_of(log2_ns, before);
    }
    return n_plateaus;
}

/* Where `plateaus[0]` ends and `plateaus[1]` has not begun. */
static struct level step_between(const struct stair *stairs, const double *log2_ns,
                                 const struct plateau plateaus[2])
{
    const struct stair *const from = &stairs[plateaus[0].last];
    const struct stair *const to = &stairs[plateaus[1].first];
    const double end = (plateaus[0].log2_ns + plateaus[1].log2_ns) / 2;
    const double ns = exp2(plateaus[0].log2_ns);
    size_t above = plateaus[0].first;
    if (doublings(from, to) > LONGEST_STEP)
        return (struct level){from->bytes, to->bytes, ns, true};
    while (log2_ns[above] < end)
        above++;
    return (struct level){stairs[above - 1].bytes, stairs[above].bytes, ns, false};
}

size_t steps_find(const struct stair *stairs, size_t n, struct level *levels, size_t room,
                  double *memory_ns)
{
    double log2_ns[MOST_STAIRS];
    struct plateau plateaus[MOST_STAIRS];
    size_t n_levels = 0;
    *memory_ns = (double)NAN;
    if (n > MOST_STAIRS)
        return 0;
    smooth(stairs, n, log2_ns);
    const size_t n_plateaus = find_plateaus(stairs, n, log2_ns, plateaus);
    for (size_t i = 0; i + 1 < n_plateaus && n_levels < room; i++)
        levels[n_levels++] = step_between(stairs, log2_ns, &plateaus[i]);
    if (n_plateaus > 0) {
        const struct plateau *const last = &plateaus[n_plateaus - 1];
        if (doublings(&stairs[last->last], &stairs[n - 1]) <= ALMOST_THE_END)
            *memory_ns = exp2(last->log2_ns);
    }
    return n_levels;
}
