/* SPDX-License-Identifier: MIT */
/* The stacks of a cell in the one-line format that flame graphs are made of. */
#ifndef ONEMISS_LAB_REPORT_FLAME_FOLDED_H
#define ONEMISS_LAB_REPORT_FLAME_FOLDED_H

#include <jansson.h>

/* To be freed; NULL: the cell has no stacks, or there is no memory. */
char *flame_folded(const json_t *result, size_t cell);

#endif
