/* SPDX-License-Identifier: MIT */
/* The functions and source lines that took most, as text. */
#ifndef ONEMISS_LAB_REPORT_FLAME_TOP_H
#define ONEMISS_LAB_REPORT_FLAME_TOP_H

#include <jansson.h>
#include <stdio.h>

/* For a terminal, within 80 columns; nothing when the cell has no stacks. */
void report_flame(const json_t *cell, size_t most, FILE *to);

/* A file's worth of it; to be freed; NULL: the cell has no stacks, or there is no memory. */
char *flame_top(const json_t *result, size_t cell);

#endif
