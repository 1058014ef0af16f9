/* SPDX-License-Identifier: MIT */
/* Misses of a cache of any size: where each map's working set ends. */
#ifndef ONEMISS_LAB_REPORT_MISS_CURVE_H
#define ONEMISS_LAB_REPORT_MISS_CURVE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "../complaint.h"

/* Cells `first` to `first + n - 1` in one chart of plain characters, within 80 columns,
 * and a table at the sizes of the main machine's caches. Nothing when no cell has a
 * curve. */
void report_miss_curve(const json_t *cells, size_t first, size_t n, FILE *to);

/* All of these cells as a whole SVG, to be freed; NULL when none has a curve, or no
 * memory. */
char *miss_curve_svg(const json_t *cells);

/* The same as a file, by output.h. */
bool report_miss_curve_svg(const json_t *cells, const char *path,
                           struct complaint *complaint);

#endif
