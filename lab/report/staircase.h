/* SPDX-License-Identifier: MIT */
/* A calibration drawn: what a load costs, by how much memory is walked through. */
#ifndef ONEMISS_LAB_REPORT_STAIRCASE_H
#define ONEMISS_LAB_REPORT_STAIRCASE_H

#include <jansson.h>
#include <stdio.h>

/* In plain characters, at most `columns` (60 to 100) wide; nothing when there is nothing
 * to draw. `calibration` is what calibration_describe makes, or was read from a file. */
void staircase_text(const json_t *calibration, FILE *to, int columns);

/* A whole SVG, to be freed; NULL when there is nothing to draw or no memory. What the
 * machine says of itself is escaped. */
char *staircase_svg(const json_t *calibration, const char *processor, const char *date);

/* "48 KiB", "1.5 MiB". */
void staircase_size(char text[24], double bytes);

/* "45 to 54 KiB", "861 KiB to 1 MiB". */
void staircase_range(char text[64], double low, double high);

#endif
