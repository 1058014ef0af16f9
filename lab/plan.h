/* SPDX-License-Identifier: MIT */
/* From options to the cells that are to be run. */
#ifndef ONEMISS_LAB_PLAN_H
#define ONEMISS_LAB_PLAN_H

#include <jansson.h>

#include "cell.h"
#include "options.h"

/* Which of how many parts of a comparison; 0 of 0: the whole. */
struct shard {
    unsigned index, of; /* index from 1 */
};
enum { MOST_SHARDS = 1000 };

struct plan {
    struct cell *cells; /* cells of a group stand together */
    size_t n_cells;
    uint64_t seed;
    unsigned repeat;                /* timed blocks */
    unsigned timeout_s;             /* of a child */
    struct confinement confinement; /* of the first cell */
    double gate;                    /* 0.03: slower by more than 3 % is too slow ... */
    bool has_gate;                  /* ... where this was asked for */
    bool is_single;                 /* one cell, not a comparison */
    bool is_quiet;                  /* no progress */
    struct key_file keys_u64, keys_str; /* what of the keys file is needed */
    struct shard shard;
    uint64_t fingerprint; /* of the plan before it was split */
    json_t *earlier;      /* result of a run that was interrupted, whose groups are not in
                             the plan; NULL: there is none */
};

/* Everything that can be wrong with a request is found here, before anything runs. With
 * `is_single` one map, workload, key type and pattern are meant (defaults: u64, the first
 * pattern); else lists, each defaulting to all. */
bool plan_make(struct plan *plan, const struct options *options, bool is_single,
               struct complaint *complaint);
void plan_drop(struct plan *plan);

/* How many cells, from `first` on, are compared with each other: run in the same blocks on
 * one machine, alike but for the map, its hash where it has but its own, and the pages. 0
 * behind the last. */
size_t plan_group(const struct plan *plan, size_t first);

/* The keys file as loaded for a key type, or NULL. */
const struct key_file *plan_keys(const struct plan *plan, const char *key);

#endif
