/* SPDX-License-Identifier: MIT */
/* How often each of many values occurred, to a relative precision of 1/64. */
#ifndef ONEMISS_LAB_STATS_HISTOGRAM_H
#define ONEMISS_LAB_STATS_HISTOGRAM_H

#include <stdint.h>

/* Values below 128 have a bucket each; from there each doubling has 64, so that a bucket
 * is no wider than a 64th of the values in it (the layout of HdrHistogram, G. Tene). Only
 * the lines of buckets that occur are touched. */
enum { HISTOGRAM_BUCKETS = 128 + 57 * 64 };

struct histogram {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t n;       /* values */
    uint64_t largest; /* exact */
};

void histogram_add(struct histogram *histogram, uint64_t value);

/* The smallest value that at least `share` (0 to 1) of the values do not exceed, as the
 * middle of its bucket, but never more than the largest; share 1 gives that, exactly. 0
 * when there are no values. */
double histogram_quantile(const struct histogram *histogram, double share);

#endif
