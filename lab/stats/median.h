/* SPDX-License-Identifier: MIT */
/* The median of a few samples, with an interval that assumes no distribution. */
#ifndef ONEMISS_LAB_STATS_MEDIAN_H
#define ONEMISS_LAB_STATS_MEDIAN_H

#include <stddef.h>

struct median {
    double value;
    double low, high; /* two of the samples */
    double level;     /* probability that they enclose the true median; 0 for n = 1 */
};

/* Ascending. */
void samples_sort(double *samples, size_t n);

/* Sorts `samples` (n of them, 1 to 1000). The interval is the narrowest pair of order
 * statistics with a level of `wanted` or more, else all samples: between the k-th smallest
 * and the k-th largest the median lies with probability 1 - 2 P(B < k), B binomial(n, 1/2)
 * (Thompson, 1936). */
struct median median_of(double *samples, size_t n, double wanted);

#endif
