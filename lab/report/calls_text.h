/* SPDX-License-Identifier: MIT */
/* The memory calls of a cell, merged with its resizes. */
#ifndef ONEMISS_LAB_REPORT_CALLS_TEXT_H
#define ONEMISS_LAB_REPORT_CALLS_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Prints a table with a line for each resize that made calls; with `is_whole` before it
 * every call and every resize's begin and end, in order of time. Nothing where the cell
 * has no memory calls. */
void report_calls(const json_t *cell, FILE *to, bool is_whole);

/* What the columns and times mean; nothing where no cell has memory calls. */
void report_calls_legend(const json_t *cells, FILE *to);

#endif
