/* SPDX-License-Identifier: MIT */
/* What a map tells of itself: sizes, and the probe lengths of every possible lookup. */
#ifndef ONEMISS_CORE_STATS_H
#define ONEMISS_CORE_STATS_H

#include "compiler.h"

/* A probe is one slot or node examined. */
typedef struct om_stats {
    size_t size;         /* entries */
    size_t capacity;     /* slots */
    size_t tombstones;   /* slots; 0 for chaining */
    size_t bytes;        /* table and nodes, without what keys and values own */
    size_t hit_probes;   /* probes to look every entry up once */
    size_t hit_longest;  /* probes of the worst of those */
    size_t miss_probes;  /* probes of one missing lookup from every home slot */
    size_t miss_longest; /* probes of the worst of those         64 bytes */
} om_stats;

/* Books one lookup's probes into a sum and a maximum. */
OM_UNUSED static inline void om_stats_add(size_t probes, size_t *sum, size_t *longest)
{
    *sum += probes;
    if (probes > *longest)
        *longest = probes;
}

#endif
