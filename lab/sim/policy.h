/* SPDX-License-Identifier: MIT */
/* What a replacement policy is: one small file, policy_NAME.c, with one of these. */
#ifndef ONEMISS_SIM_POLICY_H
#define ONEMISS_SIM_POLICY_H

#include <stdbool.h>
#include <stdint.h>

struct cache;

/* The cache calls each with itself and a set number below its n_sets. A policy keeps what
 * it knows in the words cache_state gives it for each set, and in cache->own; it reads tags to find
 * empty ways and writes none.
 *
 * To touch again the way that was touched last, with no line put into the set since, must
 * change nothing: such calls are left out. */
struct sim_replacement {
    /* Words of state a set needs. */
    unsigned (*words)(unsigned ways);
    /* Once, before all others; the state is zeroed. */
    void (*start)(struct cache *cache);
    /* The line in this way was asked for and is there. */
    void (*touched)(struct cache *cache, uint64_t set, unsigned way);
    /* A line is about to be put in: which way takes it. An empty way goes first. What is
     * in the way leaves without a further call. */
    unsigned (*place)(struct cache *cache, uint64_t set);
    /* The way was emptied without a successor. */
    void (*emptied)(struct cache *cache, uint64_t set, unsigned way);
    /* Whether a first touch of the line that was put in last changes nothing either. */
    bool place_is_touch;
};

extern const struct sim_replacement sim_lru, sim_lru_wide, sim_bit_plru, sim_random,
    sim_srrip;

/* The first empty way, or `ways` when there is none. */
unsigned policy_empty_way(const struct cache *cache, uint64_t set);

#endif
