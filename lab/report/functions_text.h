/* SPDX-License-Identifier: MIT */
/* Instructions an operation, by function and by line, as callgrind counted them. */
#ifndef ONEMISS_LAB_REPORT_FUNCTIONS_TEXT_H
#define ONEMISS_LAB_REPORT_FUNCTIONS_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* One cell's functions: those that matter, or with `is_whole` all of them, and the lines.
 * Nothing where they were not counted. */
void report_functions(const json_t *cell, FILE *to, bool is_whole);

#endif
