/* SPDX-License-Identifier: MIT */
/* One set-associative memory of numbers: a level of cache holds lines in it, a TLB pages. */
#ifndef ONEMISS_SIM_CACHE_H
#define ONEMISS_SIM_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "hierarchy.h"
#include "policy.h"

#define CACHE_NOWHERE UINT64_MAX
#define CACHE_MODULO  UINT64_MAX

/* A line never changes its way while it is in: callers keep things beside the index.
 *
 * A row of words for each set goes before its tags: a byte drawn from each way's line, so
 * that eight ways are looked through at once and mostly one tag is read; then what the
 * policy keeps. 16 ways under LRU:
 *
 *     0               8               16              24
 *     | marks of 0-7  | marks of 8-15 | policy: order | */
struct cache {
    uint64_t *tags; /* at set * ways + way: (line + 1) * 2, plus 1 if dirty; 0: empty.
                       CACHE_SPARE more behind the last are always empty */
    uint64_t *rows;
    const struct sim_replacement *replacement;
    uint64_t own;        /* the policy's one word for all sets */
    uint64_t n_sets;     /* any number from 1 */
    uint64_t set_mask;   /* n_sets - 1 where that is a power of two, else CACHE_MODULO */
    uint64_t n_empty;    /* ways without a line, of all sets */
    uint32_t ways;       /* to SIM_MOST_WAYS; of a TLB, which is LRU, any number */
    uint16_t mark_words; /* of a row */
    uint16_t row_words;  /* 64 bytes */
};

enum { CACHE_SPARE = 8 };

/* Places for `lines` lines, a multiple of `ways`. False when out of memory; then there is
 * nothing to drop. */
bool cache_init(struct cache *cache, uint64_t lines, unsigned ways,
                enum sim_policy policy);
void cache_drop(struct cache *cache);

/* Where the line is, or CACHE_NOWHERE; cache_ask counts as a use of it, cache_find not. */
uint64_t cache_ask(struct cache *cache, uint64_t line);
uint64_t cache_find(const struct cache *cache, uint64_t line);

/* Where a line that is not there goes. The caller puts its tag there at once; the tag it
 * finds there is of the line that must leave, or 0. */
uint64_t cache_place(struct cache *cache, uint64_t line);

/* Takes a line out. Returns the tag it had, 0 if it was not there. */
uint64_t cache_take(struct cache *cache, uint64_t line);

static inline uint64_t cache_tag(uint64_t line)
{
    return (line + 1) << 1;
}

static inline uint64_t cache_line_of(uint64_t tag)
{
    return (tag >> 1) - 1;
}

static inline uint64_t cache_set_of(const struct cache *cache, uint64_t line)
{
    if (cache->set_mask == CACHE_MODULO)
        return line % cache->n_sets;
    return line & cache->set_mask;
}

static inline uint64_t *cache_row(const struct cache *cache, uint64_t set)
{
    return cache->rows + set * cache->row_words;
}

/* The policy's words. */
static inline uint64_t *cache_state(const struct cache *cache, uint64_t set)
{
    return cache_row(cache, set) + cache->mark_words;
}

static inline bool cache_holds(const struct cache *cache, uint64_t index, uint64_t line)
{
    return (cache->tags[index] ^ cache_tag(line)) < 2;
}

#endif
