/* SPDX-License-Identifier: MIT */
/* Whether one thing takes longer than another, from samples that were taken in pairs. */
#include "difference.h"

#include <math.h>

#include "median.h"

const char *const verdict_names[] = {"faster", "slower", "same", "not shown"};

static enum verdict judge(const struct difference *difference, double zone)
{
    const double least = 1 / (1 + zone), most = 1 + zone;
    if (difference->high < least)
        return VERDICT_FASTER;
    if (difference->low > most)
        return VERDICT_SLOWER;
    return difference->low >= least && difference->high <= most ? VERDICT_SAME
                                                                : VERDICT_NOT_SHOWN;
}

struct difference difference_paired(const double *a, const double *b, size_t n,
                                    double zone, double wanted)
{
    double ratios[DIFFERENCE_MOST];
    for (size_t i = 0; i < n; i++)
        ratios[i] = b[i] / a[i];
    const struct median median = median_of(ratios, n, wanted);
    /* of two middle ones the geometric mean: a against b is the reciprocal of b against a */
    struct difference difference = {
        .ratio = sqrt(ratios[(n - 1) / 2] * ratios[n / 2]),
        .low = median.low,
        .high = median.high,
        .level = median.level,
        .verdict = VERDICT_NOT_SHOWN,
    };
    if (median.level >= wanted)
        difference.verdict = judge(&difference, zone);
    return difference;
}

struct difference difference_exact(double a, double b, double zone)
{
    const double ratio = a == b ? 1 : b / a;
    struct difference difference = {ratio, ratio, ratio, 1, VERDICT_NOT_SHOWN};
    difference.verdict = judge(&difference, zone);
    return difference;
}
