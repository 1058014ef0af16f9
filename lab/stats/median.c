/* SPDX-License-Identifier: MIT */
/* The median of a few samples, with an interval that assumes no distribution. */
#include "median.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

void samples_sort(double *samples, size_t n)
{
    qsort(samples, n, sizeof *samples, compare);
}

struct median median_of(double *samples, size_t n, double wanted)
{
    struct median median;
    samples_sort(samples, n);
    median.value = (samples[(n - 1) / 2] + samples[n / 2]) / 2;
    size_t k = 1; /* the interval runs from the k-th smallest to the k-th largest */
    double term = ldexp(1, -(int)n), below = term; /* P(B = k - 1), P(B < k) */
    median.level = 1 - 2 * below;
    for (;;) {
        const double next = term * (double)(n - k + 1) / (double)k;
        if (2 * (k + 1) > n + 1 || 1 - 2 * (below + next) < wanted)
            break;
        k++;
        term = next;
        below += next;
        median.level = 1 - 2 * below;
    }
    median.low = samples[k - 1];
    median.high = samples[n - k];
    return median;
}
