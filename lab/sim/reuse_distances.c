/* SPDX-License-Identifier: MIT */
/* Reuse distances of all accesses, hence the misses of every fully associative LRU cache.
 *
 * Question. How large would a cache have to be?
 *
 * Method. The distance of an access is the number of other lines touched since the last
 * access to its line; a cache of more lines than that hits, any other misses (Mattson 1970).
 * A hash table has the time of each line's last access. A bit for each time says whether
 * some line was accessed then last; the distance is the number of bits set behind the
 * line's own time (Bennett and Kruskal 1975, Olken 1981). Bits are counted in blocks of 256
 * and by a Fenwick tree over the blocks, O(log n) an access. When times run out, those in use
 * are numbered anew without gaps, which costs one more count for each line; there are at
 * least twice as many times as lines, so that this is O(1) counts an access.
 *
 *     time         0  1  2  3  4  5  6
 *     line         a  b  c  b  a  d
 *     bit          0  0  1  1  1  1        next is c: bits behind time 2 are 3, b a d
 *
 * What it does not measure. Sets: conflict misses come on top. Any policy but LRU. Distances
 * fall into the buckets of reuse.h, four to a doubling; those below 8 lines share one. */
#include "reuse.h"

#include <stdlib.h>

enum {
    FIRST_TIMES = 1 << 12,
    FIRST_PLACES = 1 << 10,
    BLOCK_TIMES = 256,
    BLOCK_WORDS = BLOCK_TIMES / 64,
    N_BUCKETS = 248
};

/* A line and when it was last accessed. */
struct place {
    uint64_t line; /* plus 1; 0: free */
    uint64_t time; /* 16 bytes */
};

struct reuse {
    struct place *places; /* open addressing, at most three quarters full */
    uint64_t *bits;       /* by time: a line was accessed then last */
    uint64_t *tree;       /* Fenwick, from 1: set bits by block */
    size_t n_places, n_lines, n_times, now;
    uint64_t first_touches, accesses; /* counted ones */
    uint64_t buckets[N_BUCKETS];      /* counted ones, by distance */
};

/* ---- times ---- */

/* The block of this time has one bit more or, with `by` -1 modulo 2^64, one less. */
static void tree_add(struct reuse *reuse, size_t time, uint64_t by)
{
    const size_t n_blocks = reuse->n_times / BLOCK_TIMES;
    for (size_t i = time / BLOCK_TIMES + 1; i <= n_blocks; i += i & (~i + 1))
        reuse->tree[i] += by;
}

static void set_time(struct reuse *reuse, size_t time)
{
    reuse->bits[time / 64] |= (uint64_t)1 << time % 64;
    tree_add(reuse, time, 1);
}

static void clear_time(struct reuse *reuse, size_t time)
{
    reuse->bits[time / 64] &= ~((uint64_t)1 << time % 64);
    tree_add(reuse, time, UINT64_MAX);
}

/* Bits set at this time and before. */
static uint64_t up_to(const struct reuse *reuse, size_t time)
{
    const uint64_t last = reuse->bits[time / 64] << (63 - time % 64);
    uint64_t n = (uint64_t)__builtin_popcountll(last);
    for (size_t word = time / BLOCK_TIMES * BLOCK_WORDS; word < time / 64; word++)
        n += (uint64_t)__builtin_popcountll(reuse->bits[word]);
    for (size_t i = time / BLOCK_TIMES; i > 0; i &= i - 1)
        n += reuse->tree[i];
    return n;
}

/* New bits and tree for so many times, of which the first n_lines are in use. Whose old
 * ones are still wanted keeps them. */
static bool times_make(struct reuse *reuse, size_t n_times)
{
    uint64_t *const bits = calloc(n_times / 64, sizeof *bits);
    const size_t n_blocks = n_times / BLOCK_TIMES;
    uint64_t *const tree = calloc(n_blocks + 1, sizeof *tree);
    if (bits == NULL || tree == NULL) {
        free(bits);
        free(tree);
        return false;
    }
    reuse->bits = bits;
    reuse->tree = tree;
    reuse->n_times = n_times;
    reuse->now = reuse->n_lines;
    for (size_t time = 0; time < reuse->n_lines; time++) {
        bits[time / 64] |= (uint64_t)1 << time % 64;
        tree[time / BLOCK_TIMES + 1]++;
    }
    for (size_t i = 1; i <= n_blocks; i++) { /* each passes its sum on to what holds it */
        const size_t holder = i + (i & (~i + 1));
        if (holder <= n_blocks)
            tree[holder] += tree[i];
    }
    return true;
}

/* Numbers the times in use from 0 without gaps, in their order: the new time of a line is
 * how many were in use before its old one. Without memory nothing changes. */
static bool renumber(struct reuse *reuse)
{
    const struct reuse old = *reuse;
    const bool is_crowded = 4 * reuse->n_lines > reuse->n_times;
    if (!times_make(reuse, is_crowded ? 2 * reuse->n_times : reuse->n_times))
        return false;
    for (size_t i = 0; i < reuse->n_places; i++)
        if (reuse->places[i].line != 0)
            reuse->places[i].time = up_to(&old, reuse->places[i].time) - 1;
    free(old.bits);
    free(old.tree);
    return true;
}

/* ---- lines ---- */

static struct place *place_of(const struct reuse *reuse, uint64_t line)
{
    const size_t mask = reuse->n_places - 1;
    const uint64_t mixed = (line + 1) * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(mixed ^ mixed >> 32) & mask;
    while (reuse->places[i].line != line + 1 && reuse->places[i].line != 0)
        i = (i + 1) & mask;
    return &reuse->places[i];
}

static bool places_grow(struct reuse *reuse)
{
    struct reuse larger = *reuse;
    larger.n_places = 2 * reuse->n_places;
    larger.places = calloc(larger.n_places, sizeof *larger.places);
    if (larger.places == NULL)
        return false;
    for (size_t i = 0; i < reuse->n_places; i++)
        if (reuse->places[i].line != 0)
            *place_of(&larger, reuse->places[i].line - 1) = reuse->places[i];
    free(reuse->places);
    *reuse = larger;
    return true;
}

/* ---- the curve ---- */

/* 8, 10, 12, 14, 16, 20 ... */
static uint64_t lines_at(size_t point)
{
    return (uint64_t)(4 + point % 4) << (1 + point / 4);
}

/* The first point whose cache is larger than the distance. */
static size_t point_of(uint64_t distance)
{
    if (distance < 8)
        return 0;
    const unsigned log2 = 63 - (unsigned)__builtin_clzll(distance); /* 3 to 63 */
    return 4 * (size_t)(log2 - 3) + (size_t)(distance >> (log2 - 2) & 3) + 1;
}

size_t reuse_points(const struct reuse *reuse)
{
    size_t n = N_BUCKETS;
    while (n > 1 && reuse->buckets[n - 1] == 0)
        n--;
    return n;
}

uint64_t reuse_misses(const struct reuse *reuse, size_t point, uint64_t *lines)
{
    uint64_t misses = reuse->first_touches;
    for (size_t i = point + 1; i < N_BUCKETS; i++)
        misses += reuse->buckets[i];
    *lines = lines_at(point);
    return misses;
}

uint64_t reuse_accesses(const struct reuse *reuse)
{
    return reuse->accesses;
}

/* ---- accesses ---- */

bool reuse_access(struct reuse *reuse, uint64_t line, bool is_counted)
{
    if (reuse->now == reuse->n_times && !renumber(reuse))
        return false;
    struct place *place = place_of(reuse, line);
    if (place->line == 0) {
        if (4 * reuse->n_lines >= 3 * reuse->n_places) {
            if (!places_grow(reuse))
                return false;
            place = place_of(reuse, line);
        }
        place->line = line + 1;
        reuse->n_lines++;
        reuse->first_touches += is_counted;
    } else {
        const uint64_t distance = reuse->n_lines - up_to(reuse, place->time);
        reuse->buckets[point_of(distance)] += is_counted;
        clear_time(reuse, place->time);
    }
    place->time = reuse->now++;
    set_time(reuse, place->time);
    reuse->accesses += is_counted;
    return true;
}

struct reuse *reuse_create(void)
{
    struct reuse *const reuse = calloc(1, sizeof *reuse);
    if (reuse == NULL)
        return NULL;
    reuse->places = calloc(FIRST_PLACES, sizeof *reuse->places);
    reuse->n_places = FIRST_PLACES;
    if (reuse->places == NULL || !times_make(reuse, FIRST_TIMES)) {
        reuse_destroy(reuse);
        return NULL;
    }
    return reuse;
}

void reuse_destroy(struct reuse *reuse)
{
    if (reuse == NULL)
        return;
    free(reuse->places);
    free(reuse->bits);
    free(reuse->tree);
    free(reuse);
}
