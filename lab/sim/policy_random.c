/* SPDX-License-Identifier: MIT */
/* Random: any way gives way, by a xorshift with a fixed seed, so that two runs agree. */
#include "cache.h"

static unsigned one_word(unsigned ways)
{
    (void)ways; /* unused, but calloc of nothing may give NULL */
    return 1;
}

static void start(struct cache *cache)
{
    cache->own = UINT64_C(0x9E3779B97F4A7C15);
}

static void nothing(struct cache *cache, uint64_t set, unsigned way)
{
    (void)cache, (void)set, (void)way;
}

/* Marsaglia's xorshift64; the high half, which is the better one, scaled to the ways. */
static unsigned drawn(struct cache *cache)
{
    uint64_t x = cache->own;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    cache->own = x;
    return (unsigned)((x >> 32) * cache->ways >> 32); /* below ways */
}

static unsigned place(struct cache *cache, uint64_t set)
{
    const unsigned way = policy_empty_way(cache, set);
    return way < cache->ways ? way : drawn(cache);
}

const struct sim_replacement sim_random = {one_word, start,   nothing,
                                           place,    nothing, true};
