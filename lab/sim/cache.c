/* SPDX-License-Identifier: MIT */
/* The room of one cache, and its policy; how lines come and go stands in levels.c. */
#include "cache.h"

#include <stdlib.h>

#include "policy_lru.h"

static const struct sim_replacement *replacement_of(enum sim_policy policy, unsigned ways)
{
    switch (policy) {
    case SIM_BIT_PLRU:
        return &sim_bit_plru;
    case SIM_RANDOM:
        return &sim_random;
    case SIM_SRRIP:
        return &sim_srrip;
    default:
        return ways <= LRU_WORD_WAYS ? &sim_lru : &sim_lru_wide;
    }
}

bool cache_init(struct cache *cache, uint64_t lines, unsigned ways,
                enum sim_policy policy)
{
    const uint64_t n_sets = lines / ways;
    const bool is_power = (n_sets & (n_sets - 1)) == 0;
    *cache = (struct cache){0};
    cache->replacement = replacement_of(policy, ways);
    cache->n_sets = n_sets;
    cache->set_mask = is_power ? n_sets - 1 : CACHE_MODULO;
    cache->n_empty = lines;
    cache->ways = ways;
    cache->mark_words = (uint16_t)((ways + 7) / 8);
    cache->row_words = (uint16_t)(cache->mark_words + cache->replacement->words(ways));
    cache->tags = calloc(lines + CACHE_SPARE, sizeof *cache->tags);
    cache->rows = calloc(n_sets * cache->row_words, sizeof *cache->rows);
    if (cache->tags == NULL || cache->rows == NULL) {
        cache_drop(cache);
        return false;
    }
    cache->replacement->start(cache);
    return true;
}

void cache_drop(struct cache *cache)
{
    free(cache->tags);
    free(cache->rows);
    *cache = (struct cache){0};
}

unsigned policy_empty_way(const struct cache *cache, uint64_t set)
{
    const uint64_t *const tags = cache->tags + set * cache->ways;
    unsigned way = 0;
    if (cache->n_empty == 0)
        return cache->ways;
    while (way < cache->ways && tags[way] != 0)
        way++;
    return way;
}
