/* SPDX-License-Identifier: MIT */
/* What another kind of pages changes, as a table for a terminal. */
#ifndef ONEMISS_LAB_REPORT_PAGES_TEXT_H
#define ONEMISS_LAB_REPORT_PAGES_TEXT_H

#include <jansson.h>
#include <stdio.h>

/* Two cells that differ in their pages alone; where they differ in more, it says so and
 * compares nothing. */
void report_pages(const json_t *cell, const json_t *other, FILE *to);

/* Each cell with the next that differs in its pages alone; of some hundred cells. */
void report_all_pages(const json_t *cells, FILE *to);

#endif
