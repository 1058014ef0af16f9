/* SPDX-License-Identifier: MIT */
/* Whether one thing takes longer than another, from samples that were taken in pairs. */
#ifndef ONEMISS_LAB_STATS_DIFFERENCE_H
#define ONEMISS_LAB_STATS_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

enum verdict {
    VERDICT_FASTER,   /* the whole interval lies below the zone, */
    VERDICT_SLOWER,   /* above it, */
    VERDICT_SAME,     /* or within it */
    VERDICT_NOT_SHOWN /* none of them: more blocks may tell, or fewer disturbances */
};

/* "faster", "slower", "same", "not shown" */
extern const char *const verdict_names[];

struct difference {
    double ratio;     /* of b to a: the median over the pairs; 1.03: b takes 3 % more */
    double low, high; /* encloses the true median ... */
    double level;     /* ... with this probability or more */
    enum verdict verdict;
};

enum { DIFFERENCE_MOST = 1000 };

/* Of `n` pairs, 1 to DIFFERENCE_MOST, where a[i] and b[i] are of the same block: what slows
 * a whole block down is in both and drops out of their ratio. All samples are above 0.
 * Ratios from 1 / (1 + zone) to 1 + zone are as good as equal: zone 0.01 is 1 %. Where n
 * cannot give the level that is wanted (fewer than 6 pairs for 0.95) nothing is shown.
 *
 * Method. The median of the ratios and its order statistics, as median.h has them: no
 * distribution is assumed, and none is drawn. docs/method.md has what lost against it. */
struct difference difference_paired(const double *a, const double *b, size_t n,
                                    double zone, double wanted);

enum { DIFFERENCE_MOST_UNPAIRED = 200 };

/* Of two runs that share no blocks, as yesterday's and today's: n_a and n_b samples, 1 to
 * DIFFERENCE_MOST_UNPAIRED, all above 0; zone and level as above (from 4 on each side, 0.95).
 * What slowed one of the runs down as a whole is in the ratio, and nothing can tell.
 *
 * Method. The median of all n_a n_b ratios, and of these the order statistics between which
 * the rank sum test of Mann and Whitney would not refuse (Hodges and Lehmann, 1963): exact
 * up to 32 samples a side, by the normal distribution beyond. It is assumed that the two
 * differ by a factor alone. */
struct difference difference_unpaired(const double *a, size_t n_a, const double *b,
                                      size_t n_b, double zone, double wanted);

/* Of a count that repeats exactly, such as instructions or simulated misses: one of each
 * is enough, and the zone is all that stands between them. a and b may both be 0. */
struct difference difference_exact(double a, double b, double zone);

#endif
