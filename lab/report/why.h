/* SPDX-License-Identifier: MIT */
/* Why one map is faster than another: which part of it misses which cache, in which
 * phase, as the cache model saw it. */
#ifndef ONEMISS_LAB_REPORT_WHY_H
#define ONEMISS_LAB_REPORT_WHY_H

#include <jansson.h>
#include <stdio.h>

/* Cells `first` to `first + n - 1` are maps under one workload. Nothing when the cache
 * model ran for none of them. */
void report_why(const json_t *cells, size_t first, size_t n, FILE *to);

/* What the tables' words mean, once for all of them; nothing where there is no table. */
void report_why_legend(const json_t *cells, FILE *to);

#endif
