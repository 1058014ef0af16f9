/* SPDX-License-Identifier: MIT */
/* The tables of a page: all maps under all workloads at a glance, and each group whole. */
#ifndef ONEMISS_LAB_REPORT_PAGE_TABLES_H
#define ONEMISS_LAB_REPORT_PAGE_TABLES_H

#include <jansson.h>
#include <stdio.h>

/* "lookup, hit, u64, n = 1,000,000": what the cell and those of its group were run under. */
void page_group_name(FILE *to, const json_t *cell);

/* In words: which map has the least time how often, and how near to its ceiling. */
void page_put_sentence(FILE *to, const json_t *cells);

/* A row each map, a column each group: nanoseconds, and the multiple of the ceiling. */
void page_put_heat(FILE *to, const json_t *cells);

/* Cells first to first + n - 1, with interval, verdict and memory. */
void page_put_group(FILE *to, const json_t *cells, size_t first, size_t n);

extern const char page_tables_style[];

#endif
