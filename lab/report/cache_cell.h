/* SPDX-License-Identifier: MIT */
/* What the cache model left in a cell, as numbers that reports add and divide. */
#ifndef ONEMISS_LAB_REPORT_CACHE_CELL_H
#define ONEMISS_LAB_REPORT_CACHE_CELL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { CACHE_MOST_LEVELS = 4 };

/* Counts of one part and phase, or sums of several; whole numbers far below 2^63. */
struct cache_row {
    const char *part, *phase; /* as long as the JSON */
    double loads, stores, lines;
    double misses[CACHE_MOST_LEVELS]; /* line accesses served beyond that level */
    double ahead[CACHE_MOST_LEVELS];  /* lines of the map's own prefetches, alike */
    double fetched, used;             /* bytes */
};

/* The model of one machine; 0 is the main one. NULL: the cell, which must be ok for
 * that, has none. */
const json_t *cache_model(const json_t *cell, size_t machine);

/* 1 to CACHE_MOST_LEVELS. */
unsigned cache_levels(const json_t *model);

/* Timed operations; 0 when there were none, or it is not known. */
double cache_operations(const json_t *cell);

size_t cache_n_rows(const json_t *model);
struct cache_row cache_row(const json_t *model, size_t i);

/* All rows as one, nothing rounded. */
struct cache_row cache_total(const json_t *model);
void cache_add(struct cache_row *sum, const struct cache_row *row);

#endif
