/* SPDX-License-Identifier: MIT */
/* Ranks by Zipf's law. */
#include "zipf.h"

#include <math.h>

#include "permutation.h"

/* The integral of x^-exponent from 1 to x, and its inverse. */
static double area(const struct zipf *zipf, double x)
{
    return expm1(zipf->one_less * log(x)) / zipf->one_less;
}

static double point(const struct zipf *zipf, double area)
{
    return exp(log1p(zipf->one_less * area) / zipf->one_less);
}

static double height(const struct zipf *zipf, double x)
{
    return exp((zipf->one_less - 1) * log(x));
}

void zipf_init(struct zipf *zipf, uint64_t n, double exponent)
{
    zipf->n = n;
    zipf->one_less = 1 - exponent;
    zipf->area_from = area(zipf, 1.5) - 1; /* the first rank's whole bar, of height 1 */
    zipf->width = area(zipf, (double)n + 0.5) - zipf->area_from;
    zipf->sure = 2 - point(zipf, area(zipf, 2.5) - height(zipf, 2));
}

uint64_t zipf_rank(const struct zipf *zipf, uint64_t seed, uint64_t index)
{
    for (uint64_t word = random_u64(seed, index);; word = mix_u64(word + index)) {
        const double drawn = (double)(word >> 11) * 0x1p-53; /* 0 to 1, without 1 */
        const double at = zipf->area_from + drawn * zipf->width;
        const double x = point(zipf, at);
        double rank = floor(x + 0.5);
        if (rank < 1)
            rank = 1;
        if (rank > (double)zipf->n)
            rank = (double)zipf->n;
        if (rank - x <= zipf->sure || at >= area(zipf, rank + 0.5) - height(zipf, rank))
            return (uint64_t)rank - 1;
    }
}
