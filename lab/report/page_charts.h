/* SPDX-License-Identifier: MIT */
/* The charts of a page: time against size, latencies, memory against time, resizes. */
#ifndef ONEMISS_LAB_REPORT_PAGE_CHARTS_H
#define ONEMISS_LAB_REPORT_PAGE_CHARTS_H

#include <jansson.h>
#include <stdio.h>

/* Those for which the result has numbers; a sentence where it has none. A line joins sizes
 * of one machine only. */
void page_put_charts(FILE *to, const json_t *result);

#endif
