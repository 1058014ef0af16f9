/* SPDX-License-Identifier: MIT */
/* A calibration as its drawings want it: logarithms, bounds, nothing that is no number. */
#ifndef ONEMISS_LAB_REPORT_STAIRCASE_READ_H
#define ONEMISS_LAB_REPORT_STAIRCASE_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { N_CURVES = 2, MOST_POINTS = 128, MOST_DRAWN_LEVELS = 6 };

struct drawn_level {
    double bytes, above_bytes, ns; /* it ends between the two sizes */
};

struct curve {
    char pages[16];     /* "4 KiB" */
    const char *reason; /* why there are no points, or NULL; lives as long as the JSON */
    size_t n;
    double x[MOST_POINTS], y[MOST_POINTS]; /* log2 of bytes and nanoseconds */
    double median_y[MOST_POINTS];
    struct drawn_level levels[MOST_DRAWN_LEVELS + 1]; /* the last place is never shown */
    size_t n_levels;
    double memory_ns; /* NAN: not known */
};

struct staircase {
    struct curve curves[N_CURVES];
    size_t best;                         /* the curve whose levels are shown */
    double low_x, high_x, low_y, high_y; /* log2 */
};

/* False: there is nothing to draw. */
bool staircase_read(const json_t *calibration, struct staircase *stairs);

/* The i-th mark of an axis of nanoseconds: 1, 2, 5, 10, 20 ... */
double staircase_tick(unsigned i);

#endif
