/* SPDX-License-Identifier: MIT */
/* Random traces of operations: how they are drawn, and how one is printed as a C test. */
#ifndef TRACE_H
#define TRACE_H

#include "check.h"
#include "test_rng.h"

enum { TRACE_MOST = 50000, TRACE_UNIVERSE = 1000, TRACE_BATCH = 24 };

enum trace_verb {
    TRACE_GET,
    TRACE_INSERT,
    TRACE_DELETE,
    TRACE_GET_OR_INSERT,
    TRACE_TAKE,
    TRACE_GET_MANY,
    TRACE_INSERT_MANY,
    TRACE_DELETE_MANY,
    TRACE_RESERVE,
    TRACE_ITERATE,
    TRACE_SHRINK,
    TRACE_CLEAR,
    TRACE_CLONE
};

/* An operation is one word, and means the same wherever it stands in a trace, so that
 * any part of a failing trace can be tried alone. */
static inline enum trace_verb trace_verb_of(uint64_t word)
{
    return (enum trace_verb)(word & 15);
}

static inline size_t trace_key_of(uint64_t word)
{
    return (size_t)(word >> 4 & 0xffff);
}

static inline uint64_t trace_extra_of(uint64_t word)
{
    return word >> 20;
}

/* A verb by weight. `growing` of 16 changes insert, the rest delete. */
static enum trace_verb trace_draw_verb(test_rng *rng, unsigned growing, unsigned rare)
{
    const uint64_t dice = test_rng_next(rng);
    const unsigned first = dice & 255, second = dice >> 8 & 255, third = dice >> 16 & 15;
    if (first >= rare) {
        if ((dice >> 24 & 7) < 3)
            return TRACE_GET;
        if (third < growing)
            return second < 216 ? TRACE_INSERT : TRACE_GET_OR_INSERT;
        return second < 216 ? TRACE_DELETE : TRACE_TAKE;
    }
    if (second < 160)
        return (enum trace_verb)(TRACE_GET_MANY + (int)(second % 3));
    if (second < 200)
        return TRACE_RESERVE;
    if (second < 230)
        return TRACE_ITERATE;
    if (second < 242)
        return TRACE_SHRINK;
    return second < 246 ? TRACE_CLEAR : TRACE_CLONE;
}

/* Draws a trace in which the map by turns fills, empties and churns. */
CHECK_UNUSED static void trace_draw(uint64_t *words, size_t n, size_t universe,
                                    test_rng *rng)
{
    static const unsigned moods[4] = {8, 13, 8, 3};
    const unsigned rare = universe > 64 ? 1 : 6;
    const size_t phase = 8 * universe + 100;
    for (size_t i = 0; i < n; i++) {
        const uint64_t verb = trace_draw_verb(rng, moods[i / phase % 4], rare);
        const uint64_t key = test_rng_below(rng, universe);
        words[i] = verb | key << 4 | test_rng_next(rng) << 20;
    }
}

/* ---- a failing trace as a C test ---- */

static void trace_print_one(uint64_t word, size_t at, size_t universe)
{
    const unsigned key = (unsigned)trace_key_of(word), i = (unsigned)at;
    const unsigned long long extra = trace_extra_of(word);
    switch (trace_verb_of(word)) {
    case TRACE_GET:
        printf("    (void)map_get(&map, VIEW(%u));\n", key);
        break;
    case TRACE_INSERT:
        printf("    CHECK_OK(map_insert(&map, KEY(%u), VALUE(%u)));\n", key, i);
        break;
    case TRACE_DELETE:
        printf("    (void)map_delete(&map, VIEW(%u));\n", key);
        break;
    case TRACE_GET_OR_INSERT:
        printf("    CHECK_OK(map_get_or_insert(&map, VIEW(%u), &answer, &is_new));\n",
               key);
        break;
    case TRACE_TAKE:
        printf("    (void)map_take(&map, VIEW(%u), &key, &value);\n", key);
        break;
    case TRACE_GET_MANY:
    case TRACE_INSERT_MANY:
    case TRACE_DELETE_MANY:
        printf("    /* %s_many of keys %u, and those test_rng{0x%llx} draws */\n",
               trace_verb_of(word) == TRACE_GET_MANY      ? "get"
               : trace_verb_of(word) == TRACE_INSERT_MANY ? "insert"
                                                          : "delete",
               key, extra);
        break;
    case TRACE_RESERVE:
        printf("    CHECK_OK(map_reserve(&map, %u));\n",
               (unsigned)(extra % (2 * universe + 1)));
        break;
    case TRACE_ITERATE:
        printf("    /* iterate, with the changes that test_rng{0x%llx} draws */\n",
               extra);
        break;
    case TRACE_SHRINK:
        printf("    CHECK_OK(map_shrink(&map));\n");
        break;
    case TRACE_CLEAR:
        printf("    map_clear(&map);\n");
        break;
    case TRACE_CLONE:
        printf("    CHECK_OK(map_clone(&map, &twin)); map_drop(&twin);\n");
        break;
    }
}

CHECK_UNUSED static void trace_print(const uint64_t *words, size_t n, size_t universe)
{
    printf("static void shrunk_trace(void **state)\n{\n");
    for (size_t i = 0; i < n && i < 200; i++)
        trace_print_one(words[i], i, universe);
    printf("    CHECK(map_is_valid(&map)); /* and compare with the model */\n}\n");
}

/* ---- shrinking ---- */

typedef bool (*trace_fails)(const uint64_t *words, size_t n);

/* Leaves out chunks, halves first, single operations last, as long as the rest still
 * fails; `effort` bounds the operations tried. Returns how many words are left. */
CHECK_UNUSED static size_t trace_shrink(uint64_t *words, size_t n, trace_fails fails,
                                        uint64_t effort)
{
    static uint64_t rest[TRACE_MOST];
    for (size_t chunk = n / 2 + 1; chunk > 0;) {
        bool has_shrunk = false;
        for (size_t start = 0; start < n && effort > n;) {
            const size_t end = start + chunk < n ? start + chunk : n;
            const size_t n_rest = n - (end - start);
            memcpy(rest, words, start * sizeof *words);
            memcpy(rest + start, words + end, (n - end) * sizeof *words);
            effort -= n_rest + 1;
            if (fails(rest, n_rest)) {
                memcpy(words, rest, n_rest * sizeof *words);
                n = n_rest;
                has_shrunk = true;
            } else {
                start = end;
            }
        }
        if (!has_shrunk || chunk > 1)
            chunk /= 2;
    }
    return n;
}

#endif
