/* SPDX-License-Identifier: MIT */
/* The events of one cell in the manner of perf stat. */
#ifndef ONEMISS_LAB_REPORT_PERF_STAT_H
#define ONEMISS_LAB_REPORT_PERF_STAT_H

#include <jansson.h>
#include <stdio.h>

void report_perf_stat(const json_t *cell, FILE *to);

#endif
