/* SPDX-License-Identifier: MIT */
/* Miss curves as their drawings want them: misses an operation by bytes of cache. */
#ifndef ONEMISS_LAB_REPORT_MISS_CURVE_READ_H
#define ONEMISS_LAB_REPORT_MISS_CURVE_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "cache_cell.h"

enum { MISS_MOST_CURVES = 12, MISS_MOST_POINTS = 400, MISS_LOW_LOG2 = 9 /* 512 B */ };

struct miss_curve {
    const json_t *cell;
    size_t n;
    double bytes[MISS_MOST_POINTS], misses[MISS_MOST_POINTS]; /* sizes rise */
};

struct miss_curves {
    size_t n, n_left_out; /* curves for which there was no room */
    struct miss_curve curves[MISS_MOST_CURVES + 1]; /* the last place is never shown */
    double high_log2; /* of the largest size, at least two doublings above the lowest */
    double most;      /* misses; above 0 */
    double top;       /* of the drawing: `most`, or what sizes from 4 KiB on have, where
                         that is much less: no cache is smaller */
    size_t n_marks;
    double marks[CACHE_MOST_LEVELS]; /* bytes of the main machine's levels */
    const char *machine, *geometry;  /* whose they are; "" */
};

/* False: there is nothing to draw. */
bool miss_curves_read(const json_t *cells, size_t first, size_t n,
                      struct miss_curves *curves);

/* Misses at the largest size drawn that is not above `bytes`: what a cache of so many
 * bytes misses, or a little more. */
double miss_curve_at(const struct miss_curve *curve, double bytes);

/* Sizes to tell numbers of: the marks, and the largest drawn where no mark is beyond it. */
size_t miss_n_sizes(const struct miss_curves *curves);
double miss_size(const struct miss_curves *curves, size_t i);

/* The bytes of each level in "32K/8,256K/4,8M/16@64"; how many. */
size_t miss_geometry(const char *geometry, double bytes[CACHE_MOST_LEVELS]);

/* From mark to mark of an axis that begins at 0: 1, 2 or 5 times a power of ten, so that
 * at most `n` of them are below `most`. */
double miss_step(double most, unsigned n);

/* Whether the cells of all curves are of one workload, pattern, key and hash. */
bool miss_is_one_group(const struct miss_curves *curves);

#endif
