/* SPDX-License-Identifier: MIT */
/* The maps that one why-table compares, for the files that print its parts. */
#ifndef ONEMISS_LAB_REPORT_WHY_MAPS_H
#define ONEMISS_LAB_REPORT_WHY_MAPS_H

#include <stdio.h>

#include "cache_cell.h"

struct why_map {
    const char *name;
    const json_t *cell, *model; /* of the main machine */
    double operations;          /* 0: nothing to divide by, so nothing is compared */
    struct cache_row total;
};

/* One main machine and model, and what ran on it. */
struct why {
    const struct why_map *maps;
    size_t n;
    unsigned levels;
    const char *verb; /* "an insert" when all are, else "an operation" */
};

/* Which misses least, which most, and where; a paragraph. Nothing for one map. */
void why_words(const struct why *why, FILE *to);

/* What the numbers are worth: a paragraph. */
void why_trust(const struct why *why, FILE *to);

/* The same on each machine that was asked for; nothing when that is one. */
void why_machines(const struct why *why, FILE *to);

/* How far the numbers move from model to model, and whether the order of the maps does.
 * Nothing where no band was asked for. */
void why_band(const struct why *why, FILE *to);

/* In how many models of the band, of which there are *n, the one has fewer misses of that
 * level than the other. *n is 0 where they did not go through the same models. */
size_t why_band_holds(const struct why_map *fewer, const struct why_map *more,
                      size_t level, size_t *n);

#endif
