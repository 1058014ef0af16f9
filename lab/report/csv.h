/* SPDX-License-Identifier: MIT */
/* A result as lines of comma-separated values, for spreadsheets and statistics. */
#ifndef ONEMISS_LAB_REPORT_CSV_H
#define ONEMISS_LAB_REPORT_CSV_H

#include <jansson.h>

/* RFC 4180, a line each metric of each cell, and each of its samples; a text that a
 * spreadsheet would take for a formula gets an apostrophe. To be freed; NULL when out of
 * memory. */
char *report_csv(const json_t *result);

#endif
