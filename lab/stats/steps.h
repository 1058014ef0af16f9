/* SPDX-License-Identifier: MIT */
/* Steps in a staircase: how large the levels of a memory are, from its latencies. */
#ifndef ONEMISS_LAB_STATS_STEPS_H
#define ONEMISS_LAB_STATS_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a dependent load costs when `bytes` are walked through in random order. */
struct stair {
    uint64_t bytes;
    double ns;        /* the least of the repetitions: what disturbs only adds */
    double median_ns; /* of the repetitions */
    double most_ns;
};

/* A level that ends within what was walked through. */
struct level {
    uint64_t bytes;       /* the largest size that is nearer to this plateau ... */
    uint64_t above_bytes; /* ... and the smallest nearer to the next: it ends between */
    double ns;            /* its plateau: the median over its sizes */
    bool is_unclear;      /* the rise is too long for one step: it begins and ends there,
                             and a level may be hidden in it */
};

enum { MOST_STAIRS = 128 };

/* The levels, smallest first, at most `room`; 0: no step can be told from noise. `stairs`
 * (at most MOST_STAIRS) ascend in bytes. `memory_ns` becomes the plateau behind the last
 * step, or NAN when the latencies still rise at the end or there is no plateau at all. */
size_t steps_find(const struct stair *stairs, size_t n, struct level *levels, size_t room,
                  double *memory_ns);

#endif
