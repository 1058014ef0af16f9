/* SPDX-License-Identifier: MIT */
/* What the instrument counters saw of one cell, as perf stat would print it. */
#ifndef ONEMISS_LAB_REPORT_PERF_STAT_H
#define ONEMISS_LAB_REPORT_PERF_STAT_H

#include <jansson.h>
#include <stdio.h>

/* Nothing for a cell that has none of the instrument's metrics. */
void report_perf_stat(const json_t *cell, FILE *to);

#endif
