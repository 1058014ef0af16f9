/* SPDX-License-Identifier: MIT */
/* The caches and pages of this machine, measured. */
#ifndef ONEMISS_LAB_CALIBRATION_H
#define ONEMISS_LAB_CALIBRATION_H

#include <jansson.h>

#include "complaint.h"
#include "stats/steps.h"

enum { SMALL_PAGES, HUGE_PAGES, N_KINDS_OF_PAGES, MOST_LEVELS = 6 };

/* Nanoseconds a 4 KiB page when it is written to for the first time. */
struct first_touch {
    double wall_ns, low_ns, high_ns; /* median and extremes over the repetitions */
    double cpu_ns;                   /* median */
};

struct pages_measured {
    char reason[256]; /* why there is nothing; "" when there is */
    struct stair stairs[MOST_STAIRS];
    size_t n_stairs;
    struct level levels[MOST_LEVELS];
    size_t n_levels;
    double memory_ns; /* behind the last level; NAN: no plateau was reached */
    struct first_touch touch;
};

struct calibration {
    struct pages_measured pages[N_KINDS_OF_PAGES];
    unsigned n_sweeps; /* from the smallest size to the largest and all over again */
    double seconds;    /* that it took */
    double cpu_share;  /* of them we had the processor */
};

/* Measures, in this process, on the processor it is on: pin it before. `believed_bytes` is
 * the last cache level as others tell it, 0 when nobody does. `progress`, unless NULL, is told how much
 * of the work is done. Fails only when there is no memory. */
bool calibration_run(struct calibration *calibration, uint64_t believed_bytes,
                     void (*progress)(double share), struct complaint *complaint);

/* The kind of pages whose levels are those of the caches: huge ones where there are any,
 * for with small ones the address translation makes steps of its own. */
const struct pages_measured *calibration_best(const struct calibration *calibration);

/* As JSON; `page_bytes` is the size of a small page. What could not be had is null. */
json_t *calibration_describe(const struct calibration *calibration, long page_bytes);

#endif
