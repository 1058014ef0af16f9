/* SPDX-License-Identifier: MIT */
/* The stacks of a cell for the viewer speedscope. */
#ifndef ONEMISS_LAB_REPORT_FLAME_SPEEDSCOPE_H
#define ONEMISS_LAB_REPORT_FLAME_SPEEDSCOPE_H

#include <jansson.h>

/* To be freed; NULL: the cell has no stacks, or there is no memory. */
char *flame_speedscope(const json_t *result, size_t cell);

#endif
