/* SPDX-License-Identifier: MIT */
/* How often each of many values occurred, to a relative precision of 1/64. */
#include "histogram.h"

#include <math.h>
#include <stddef.h>

enum { SUB_BITS = 6, FIRST = 2 << SUB_BITS /* values with a bucket each */ };

/* Buckets of a doubling follow those of the one before. */
static size_t bucket_of(uint64_t value)
{
    if (value < FIRST)
        return (size_t)value;
    const int doubling = 63 - __builtin_clzll(value) - (SUB_BITS + 1); /* 0 to 56 */
    const uint64_t place = (value >> (doubling + 1)) & ((1 << SUB_BITS) - 1);
    return (size_t)FIRST + ((size_t)doubling << SUB_BITS) + (size_t)place;
}

/* Between the first value of a bucket and the first behind it. */
static double middle_of(size_t bucket)
{
    if (bucket < FIRST)
        return (double)bucket;
    const size_t place = (bucket - FIRST) & ((1 << SUB_BITS) - 1);
    const int doubling = (int)((bucket - FIRST) >> SUB_BITS);
    return ldexp((double)((1 << SUB_BITS) + place) + 0.5, doubling + 1);
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
    histogram->counts[bucket_of(value)]++;
    histogram->n++;
    if (value > histogram->largest)
        histogram->largest = value;
}

double histogram_quantile(const struct histogram *histogram, double share)
{
    const uint64_t wanted = (uint64_t)ceil(share * (double)histogram->n);
    uint64_t seen = 0;
    if (share >= 1)
        return (double)histogram->largest;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->counts[i];
        if (seen >= wanted && seen > 0)
            return least(middle_of(i), (double)histogram->largest);
    }
    return 0;
}
