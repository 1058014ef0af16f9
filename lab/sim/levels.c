/* SPDX-License-Identifier: MIT */
/* Lines in their sets, and between levels; the rules stand in hierarchy.c.
 *
 * What cache.h declares of single lines is here too, because an access that misses the
 * first level would else spend half of its time on calls: ask and place_line are inlined
 * into levels_access. */
#include "levels.h"

#include <stdlib.h>

#include "policy_lru.h"

#define INLINED static inline __attribute__((always_inline))

/* ---- marks ---- */

#define BYTES   UINT64_C(0x0101010101010101)

static uint64_t mark_of(uint64_t line)
{
    return line * UINT64_C(0x9E3779B97F4A7C15) >> 56;
}

static void set_mark(uint64_t *row, unsigned way, uint64_t mark)
{
    uint64_t *const word = &row[way / 8];
    const unsigned shift = way % 8 * 8;
    *word = (*word & ~((uint64_t)255 << shift)) | mark << shift;
}

/* The highest bit of every byte that is zero, and perhaps of ones above such a byte. */
INLINED uint64_t zero_bytes(uint64_t word)
{
    return (word - BYTES) & ~word & (BYTES << 7);
}

/* Looks through the words of marks from one on. A mark that agrees may be another line's,
 * or that of no way at all behind the last one: the tag decides, and those behind belong
 * to another set or to nobody. */
__attribute__((noinline)) static uint64_t
index_from(const struct cache *cache, uint64_t set, uint64_t line, unsigned word)
{
    const uint64_t *const row = cache_row(cache, set);
    const uint64_t marks = mark_of(line) * BYTES;
    for (; word < cache->mark_words; word++) {
        uint64_t zeros = zero_bytes(row[word] ^ marks);
        for (; zeros != 0; zeros &= zeros - 1) {
            const unsigned way = 8 * word + (unsigned)__builtin_ctzll(zeros) / 8;
            if (cache_holds(cache, set * cache->ways + way, line))
                return set * cache->ways + way;
        }
    }
    return CACHE_NOWHERE;
}

/* Where the line is in its set, or CACHE_NOWHERE. Nearly always the first mark that agrees
 * is the line's, and a miss has none that does: only these cases are settled here. */
INLINED uint64_t index_of(const struct cache *cache, uint64_t set, uint64_t line)
{
    const uint64_t marks = mark_of(line) * BYTES;
    const uint64_t *const row = cache_row(cache, set);
    uint64_t index = set * cache->ways;
    uint64_t zeros = zero_bytes(row[0] ^ marks);
    unsigned word = 1;
    if (zeros == 0 && cache->mark_words == 2) {
        zeros = zero_bytes(row[1] ^ marks);
        index += 8;
        word = 2;
    }
    if (zeros != 0) {
        index += (unsigned)__builtin_ctzll(zeros) / 8;
        if (cache_holds(cache, index, line))
            return index;
        word = 0;
    }
    return word >= cache->mark_words ? CACHE_NOWHERE : index_from(cache, set, line, word);
}

/* ---- lines ---- */

/* LRU in a word goes without a call through a pointer: most of all accesses end here. */
INLINED void touch(struct cache *cache, uint64_t set, unsigned way)
{
    if (cache->replacement == &sim_lru) {
        uint64_t *const order = cache_state(cache, set);
        *order = lru_to_front(*order, way, lru_place_of(*order, way));
    } else {
        cache->replacement->touched(cache, set, way);
    }
}

INLINED unsigned place(struct cache *cache, uint64_t set)
{
    if (cache->replacement == &sim_lru) {
        uint64_t *const order = cache_state(cache, set);
        const unsigned last = 4 * (cache->ways - 1);
        const unsigned way = (unsigned)(*order >> last) & 15;
        *order = lru_to_front(*order, way, last);
        return way;
    }
    return cache->replacement->place(cache, set);
}

/* cache_ask, with the set known. */
INLINED uint64_t ask(struct cache *cache, uint64_t set, uint64_t line)
{
    const uint64_t index = index_of(cache, set, line);
    if (index != CACHE_NOWHERE) /* the difference is below ways */
        touch(cache, set, (unsigned)(index - set * cache->ways));
    return index;
}

uint64_t cache_ask(struct cache *cache, uint64_t line)
{
    return ask(cache, cache_set_of(cache, line), line);
}

uint64_t cache_find(const struct cache *cache, uint64_t line)
{
    return index_of(cache, cache_set_of(cache, line), line);
}

/* cache_place, with the set known. */
INLINED uint64_t place_line(struct cache *cache, uint64_t set, uint64_t line)
{
    const unsigned way = place(cache, set);
    const uint64_t index = set * cache->ways + way;
    set_mark(cache_row(cache, set), way, mark_of(line));
    cache->n_empty -= cache->tags[index] == 0;
    return index;
}

uint64_t cache_place(struct cache *cache, uint64_t line)
{
    return place_line(cache, cache_set_of(cache, line), line);
}

uint64_t cache_take(struct cache *cache, uint64_t line)
{
    const uint64_t at = cache_find(cache, line);
    if (at == CACHE_NOWHERE)
        return 0;
    const uint64_t tag = cache->tags[at];
    cache->tags[at] = 0;
    cache->n_empty++;
    /* below ways */
    cache->replacement->emptied(cache, at / cache->ways, (unsigned)(at % cache->ways));
    return tag;
}

/* ---- lines that come and go ---- */

static void put(struct levels *levels, unsigned level, uint64_t line, uint64_t is_dirty);

/* The slot's line is the one its set of the first level touched last. */
INLINED void remember(struct levels *levels, uint64_t line, uint64_t slot)
{
    struct sim_recent_line *const recent = &levels->recent[line & levels->recent_mask];
    const bool is_dirty = (levels->caches[0].tags[slot] & 1) != 0;
    recent->line[SIM_LOAD] = line;
    recent->line[SIM_STORE] = is_dirty ? line : UINT64_MAX;
    recent->slot = slot;
}

static void forget(struct levels *levels, uint64_t line)
{
    struct sim_recent_line *const recent = &levels->recent[line & levels->recent_mask];
    recent->line[SIM_LOAD] = recent->line[SIM_STORE] = UINT64_MAX;
}

/* Takes the line out of a level where it may be. Returns its tag, or 0. */
static uint64_t take(struct levels *levels, unsigned level, uint64_t line)
{
    const uint64_t tag = cache_take(&levels->caches[level], line);
    levels->events.evictions[level] += tag != 0;
    if (level == 0 && tag != 0)
        forget(levels, line);
    return tag;
}

/* A dirty line comes from further in. It is where it was when it went there, unless it has
 * left since. */
static void write_back(struct levels *levels, unsigned level, uint64_t line,
                       uint64_t likely)
{
    struct cache *const cache = &levels->caches[level];
    const uint64_t index =
        cache_holds(cache, likely, line) ? likely : cache_find(cache, line);
    if (index != CACHE_NOWHERE) {
        cache->tags[index] |= 1;
        return;
    }
    if (levels->is_exclusive && level + 1 == levels->last)
        (void)take(levels, levels->last, line); /* an older copy */
    put(levels, level, line, 1);
}

/* What becomes of the line that a level has given up for another in its slot. */
static void leave(struct levels *levels, unsigned level, uint64_t tag, uint64_t slot)
{
    const uint64_t line = cache_line_of(tag);
    uint64_t is_dirty = tag & 1;
    if (level == levels->last) {
        for (unsigned i = 0; i < level && levels->is_inclusive; i++)
            is_dirty |= take(levels, i, line) & 1;
        levels->events.write_backs += is_dirty;
    } else if (levels->is_exclusive && level + 1 == levels->last) {
        put(levels, level + 1, line, is_dirty);
    } else if (is_dirty != 0) {
        write_back(levels, level + 1, line, levels->behind[level][slot]);
    }
}

/* Puts a line into a level that does not have it. Returns where. */
INLINED uint64_t put_there(struct levels *levels, unsigned level, uint64_t set,
                           uint64_t line, uint64_t is_dirty)
{
    struct cache *const cache = &levels->caches[level];
    const uint64_t slot = place_line(cache, set, line);
    const uint64_t left = cache->tags[slot];
    cache->tags[slot] = cache_tag(line) | is_dirty;
    levels->events.fills[level]++;
    levels->events.evictions[level] += left != 0;
    if (left > levels->silent[level] || (left & 1) != 0)
        leave(levels, level, left, slot);
    return slot;
}

/* The same outside of the first level, of a line that comes from further in. */
static void put(struct levels *levels, unsigned level, uint64_t line, uint64_t is_dirty)
{
    const uint64_t set = cache_set_of(&levels->caches[level], line);
    const uint64_t slot = put_there(levels, level, set, line, is_dirty);
    if (level < levels->last)
        levels->behind[level][slot] = 0; /* as good as any */
}

/* ---- looking for a line ---- */

/* Where a line is. */
struct place {
    unsigned level; /* n: memory */
    uint64_t slot;  /* there; 0 in memory */
};

/* The first level from `level` on, not the first of all, that has the line. */
INLINED struct place look_up(struct levels *levels, unsigned level, uint64_t line,
                             bool is_load)
{
    struct sim_events *const events = &levels->events;
    for (; level < levels->n; level++) {
        events->references[level]++;
        events->demand_loads[level] += is_load;
        struct cache *const cache = &levels->caches[level];
        const uint64_t slot = ask(cache, cache_set_of(cache, line), line);
        if (slot != CACHE_NOWHERE)
            return (struct place){level, slot};
        events->misses[level]++;
        events->demand_misses[level] += is_load;
    }
    return (struct place){level, 0};
}

/* Where filling starts: an exclusive last level is not filled, and gives up what it has. */
static struct place outermost(struct levels *levels, struct place found, uint64_t line,
                              uint64_t *is_dirty)
{
    if (!levels->is_exclusive || found.level < levels->last)
        return found;
    if (found.level == levels->last)
        *is_dirty = take(levels, found.level, line) & 1;
    return (struct place){levels->last, 0};
}

/* Fills the levels before `from`, down to `to`, which is not the first. The outermost copy
 * alone is dirty. Returns where the line is at `to`. */
static uint64_t fill(struct levels *levels, struct place from, unsigned to, uint64_t line,
                     uint64_t is_dirty)
{
    while (from.level-- > to) {
        const uint64_t set = cache_set_of(&levels->caches[from.level], line);
        const uint64_t slot = put_there(levels, from.level, set, line, is_dirty);
        if (from.level < levels->last)
            levels->behind[from.level][slot] = (uint32_t)from.slot;
        from.slot = slot;
        is_dirty = 0;
    }
    return from.slot;
}

unsigned levels_bring(struct levels *levels, unsigned level, uint64_t line)
{
    if (levels->is_exclusive && level == levels->last &&
        cache_find(&levels->caches[level - 1], line) != CACHE_NOWHERE)
        return level; /* an exclusive level must not get what the one before it has */
    const struct place found = look_up(levels, level, line, false);
    uint64_t is_dirty = 0;
    const struct place from =
        level < levels->last ? outermost(levels, found, line, &is_dirty) : found;
    (void)fill(levels, from, level, line, is_dirty);
    return found.level;
}

/* The tables of the last level are larger than a cache: what a look-up will read of them is
 * asked for while those before it are looked up. */
INLINED void expect(const struct levels *levels, uint64_t line)
{
    const struct cache *const last = &levels->caches[levels->last];
    const uint64_t set = cache_set_of(last, line);
    const uint64_t *const tags = last->tags + set * last->ways;
    __builtin_prefetch(cache_row(last, set));
    __builtin_prefetch(tags);
    __builtin_prefetch(tags + last->ways / 2);
}

/* A line that the first level misses comes to the levels behind it. Returns the level it
 * was found at; *behind is where it now is in the second, *is_dirty whether the first
 * level's copy must be dirty. */
INLINED unsigned come_near(struct levels *levels, uint64_t line, bool is_load,
                           uint64_t *behind, uint64_t *is_dirty)
{
    expect(levels, line);
    const struct place found = look_up(levels, 1, line, is_load);
    const struct place from = outermost(levels, found, line, is_dirty);
    *behind = from.slot;
    if (from.level > 1) {
        *behind = fill(levels, from, 1, line, *is_dirty);
        *is_dirty = 0;
    }
    return found.level;
}

struct sim_served levels_access(struct levels *levels, uint64_t line,
                                enum sim_access access)
{
    struct cache *const cache = &levels->caches[0];
    const uint64_t set = cache_set_of(cache, line);
    const bool is_load = access == SIM_LOAD;
    uint64_t slot = ask(cache, set, line), behind, is_dirty = 0;
    unsigned found = 0;
    bool is_touched = true;
    levels->events.references[0]++;
    levels->events.demand_loads[0] += is_load;
    if (slot == CACHE_NOWHERE) {
        levels->events.misses[0]++;
        levels->events.demand_misses[0] += is_load;
        found = come_near(levels, line, is_load, &behind, &is_dirty);
        slot = put_there(levels, 0, set, line, is_dirty);
        levels->behind[0][slot] = (uint32_t)behind; /* below 2^32: geometry_check */
        is_touched = cache->replacement->place_is_touch;
    }
    cache->tags[slot] |= access == SIM_STORE;
    if (is_touched)
        remember(levels, line, slot);
    else
        forget(levels, line);
    return (struct sim_served){found, (unsigned)slot}; /* below 2^32, likewise */
}

/* ---- beginning and end ---- */

/* What is kept beside the lines, for an empty cache. */
static bool remember_nothing(struct levels *levels)
{
    const struct cache *const first = &levels->caches[0];
    levels->n_slots = (uint32_t)(first->n_sets * first->ways);
    levels->recent_mask = first->set_mask != CACHE_MODULO ? first->set_mask : 0;
    levels->recent = malloc((levels->recent_mask + 1) * sizeof *levels->recent);
    for (uint64_t i = 0; i <= levels->recent_mask && levels->recent != NULL; i++)
        levels->recent[i] =
            (struct sim_recent_line){{UINT64_MAX, UINT64_MAX, UINT64_MAX}, 0};
    bool is_done = levels->recent != NULL;
    for (unsigned i = 0; (i < levels->last || i == 0) && is_done; i++) {
        const struct cache *const cache = &levels->caches[i];
        levels->behind[i] =
            calloc(cache->n_sets * cache->ways, sizeof *levels->behind[i]);
        is_done = levels->behind[i] != NULL;
    }
    return is_done;
}

bool levels_init(struct levels *levels, const struct sim_geometry *geometry,
                 const struct sim_model *model)
{
    *levels = (struct levels){.n = geometry->n_levels, .last = geometry->n_levels - 1};
    levels->is_inclusive = model->last_level == SIM_INCLUSIVE && levels->n > 1;
    levels->is_exclusive = model->last_level == SIM_EXCLUSIVE && levels->n > 1;
    for (unsigned i = 0; i < levels->n; i++) {
        const struct sim_level *const level = &geometry->levels[i];
        if (!cache_init(&levels->caches[i], level->bytes / geometry->line_bytes,
                        level->ways, model->policy))
            return false;
    }
    for (unsigned i = 0; i < levels->last; i++)
        if (!levels->is_exclusive || i + 1 < levels->last)
            levels->silent[i] = UINT64_MAX;
    return remember_nothing(levels);
}

void levels_drop(struct levels *levels)
{
    for (unsigned i = 0; i < levels->n; i++) {
        cache_drop(&levels->caches[i]);
        free(levels->behind[i]);
    }
    free(levels->recent);
}
