/* SPDX-License-Identifier: MIT */
/* Bit-PLRU: a bit for each way says "touched lately"; when all are set, all but the newest
 * are cleared; the first way without one gives way. */
#include "cache.h"

static unsigned one_word(unsigned ways)
{
    (void)ways; /* at most 64 */
    return 1;
}

static void start(struct cache *cache)
{
    (void)cache;
}

static void touched(struct cache *cache, uint64_t set, unsigned way)
{
    const uint64_t all = UINT64_MAX >> (64 - cache->ways);
    const uint64_t bits = *cache_state(cache, set) | (uint64_t)1 << way;
    *cache_state(cache, set) = bits == all ? (uint64_t)1 << way : bits;
}

/* Only one way that is alone in its set has its bit set with no other clear. */
static unsigned oldest(const struct cache *cache, uint64_t set)
{
    if (cache->ways == 1)
        return 0;
    return (unsigned)__builtin_ctzll(~*cache_state(cache, set));
}

static unsigned place(struct cache *cache, uint64_t set)
{
    unsigned way = policy_empty_way(cache, set);
    if (way == cache->ways)
        way = oldest(cache, set);
    touched(cache, set, way);
    return way;
}

static void emptied(struct cache *cache, uint64_t set, unsigned way)
{
    *cache_state(cache, set) &= ~((uint64_t)1 << way);
}

const struct sim_replacement sim_bit_plru = {one_word, start,   touched,
                                             place,    emptied, true};
