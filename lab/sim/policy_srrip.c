/* SPDX-License-Identifier: MIT */
/* SRRIP with hit priority (Jaleel et al., ISCA 2010): a line enters as "asked for again
 * late", 2; a hit makes it "soon", 0; the first "never", 3, gives way, and while there is
 * none all grow by one. A scan of new lines so leaves those alone that were hit.
 *
 * The two bits of all ways of a set lie in two words: bit `way` of the first word is worth
 * 1, of the second 2. */
#include "cache.h"

static unsigned two_words(unsigned ways)
{
    (void)ways; /* at most 64 */
    return 2;
}

static void start(struct cache *cache)
{
    (void)cache;
}

static void touched(struct cache *cache, uint64_t set, unsigned way)
{
    cache_state(cache, set)[0] &= ~((uint64_t)1 << way);
    cache_state(cache, set)[1] &= ~((uint64_t)1 << way);
}

/* Adds 1 to every way until one is at 3; none is before, so none overflows. */
static unsigned grown_to_3(const struct cache *cache, uint64_t state[2])
{
    const uint64_t all = UINT64_MAX >> (64 - cache->ways);
    while ((state[0] & state[1] & all) == 0) {
        state[1] ^= state[0];
        state[0] = ~state[0];
    }
    return (unsigned)__builtin_ctzll(state[0] & state[1] & all);
}

static unsigned place(struct cache *cache, uint64_t set)
{
    uint64_t *const state = cache_state(cache, set);
    unsigned way = policy_empty_way(cache, set);
    if (way == cache->ways)
        way = grown_to_3(cache, state);
    state[0] &= ~((uint64_t)1 << way);
    state[1] |= (uint64_t)1 << way;
    return way;
}

static void emptied(struct cache *cache, uint64_t set, unsigned way)
{
    touched(cache, set, way); /* place does not look at it */
}

const struct sim_replacement sim_srrip = {two_words, start,   touched,
                                          place,     emptied, false};
