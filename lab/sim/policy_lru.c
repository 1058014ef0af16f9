/* SPDX-License-Identifier: MIT */
/* Least recently used: the way that was not touched for the longest time gives way. Up to
 * 16 ways are ordered in a word (policy_lru.h); levels.c takes that path itself. Beyond,
 * each way has the time of its last touch, 0 while empty, and the least leaves. */
#include "policy_lru.h"
#include "cache.h"

/* ---- an order in a word ---- */

static unsigned one_word(unsigned ways)
{
    (void)ways;
    return 1;
}

static void start_orders(struct cache *cache)
{
    for (uint64_t set = 0; set < cache->n_sets; set++)
        *cache_state(cache, set) = LRU_START;
}

static void touched(struct cache *cache, uint64_t set, unsigned way)
{
    const uint64_t order = *cache_state(cache, set);
    *cache_state(cache, set) = lru_to_front(order, way, lru_place_of(order, way));
}

static unsigned place(struct cache *cache, uint64_t set)
{
    const uint64_t order = *cache_state(cache, set);
    const unsigned last = 4 * (cache->ways - 1);
    const unsigned way = (unsigned)(order >> last) & 15;
    *cache_state(cache, set) = lru_to_front(order, way, last);
    return way;
}

/* Behind all others. */
static void emptied(struct cache *cache, uint64_t set, unsigned way)
{
    const uint64_t order = *cache_state(cache, set);
    const unsigned from = lru_place_of(order, way), last = 4 * (cache->ways - 1);
    const uint64_t below = ((uint64_t)1 << from) - 1;
    const uint64_t up_to_last = ((uint64_t)1 << last) - 1;
    const uint64_t above = ~(up_to_last << 4 | 15);
    *cache_state(cache, set) = (order & (below | above)) |
                               (order >> 4 & up_to_last & ~below) | (uint64_t)way << last;
}

const struct sim_replacement sim_lru = {one_word, start_orders, touched,
                                        place,    emptied,      true};

/* ---- a time for each way ---- */

static unsigned word_a_way(unsigned ways)
{
    return ways;
}

static void start_clock(struct cache *cache)
{
    cache->own = 0; /* serves as the clock */
}

static void touched_wide(struct cache *cache, uint64_t set, unsigned way)
{
    cache_state(cache, set)[way] = ++cache->own;
}

static unsigned place_wide(struct cache *cache, uint64_t set)
{
    const uint64_t *const times = cache_state(cache, set);
    unsigned oldest = 0;
    for (unsigned way = 1; way < cache->ways; way++)
        oldest = times[way] < times[oldest] ? way : oldest;
    touched_wide(cache, set, oldest);
    return oldest;
}

static void emptied_wide(struct cache *cache, uint64_t set, unsigned way)
{
    cache_state(cache, set)[way] = 0;
}

const struct sim_replacement sim_lru_wide = {word_a_way, start_clock,  touched_wide,
                                             place_wide, emptied_wide, true};
