/* SPDX-License-Identifier: MIT */
/* Which of the maps of a group is faster than its first, and whether that is shown. */
#ifndef ONEMISS_LAB_REPORT_VERDICTS_H
#define ONEMISS_LAB_REPORT_VERDICTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "../stats/difference.h"

/* A metric of `cell` by that of `other`, over the blocks that both have a sample above 0
 * in; level 0.95. False: there is no such block. */
bool verdict_of(const json_t *cell, const json_t *other, const char *metric, double zone,
                struct difference *difference);

/* By the time of an operation, as the tables have it: a zone of 1 %, blocks enough for a level
 * of 0.95. False: one of them is wrong, or a ceiling, or has too few. */
bool verdict_of_time(const json_t *cell, const json_t *base,
                     struct difference *difference);

/* The table of cells first to first + n - 1, by the time of an operation, against the first
 * that is ok. False, and nothing: there are too few blocks for a verdict, or maps. */
bool report_verdicts(const json_t *cells, size_t first, size_t n, FILE *to);

/* The same as a sentence; false: nothing was judged. */
bool report_twins_text(const json_t *cells, char *text, size_t room);

/* What the words of the cells' tables mean, and what the A/A test found. */
void report_verdicts_legend(const json_t *cells, FILE *to);

/* The A/A test: in how many groups the first map that is ok was run twice and judged, and in
 * how many of these it was told apart from itself. */
size_t report_twins(const json_t *cells, size_t *n_told_apart);

/* A line for each map that takes longer than its group's first by more than `gate` (0.03:
 * 3 %) and is shown to, and for each number that repeats exactly (changes.h) and is above a
 * part of the gate; how many. Where the first is not ok nothing is. */
size_t report_regressions(const json_t *cells, double gate, FILE *to);

#endif
