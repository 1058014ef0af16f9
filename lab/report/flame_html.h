/* SPDX-License-Identifier: MIT */
/* Flame graphs as pages that need nothing else. */
#ifndef ONEMISS_LAB_REPORT_FLAME_HTML_H
#define ONEMISS_LAB_REPORT_FLAME_HTML_H

#include <jansson.h>

#include "../viewer.h"

/* The flame graph of one cell; to be freed; NULL: it has no stacks, or there is no memory. */
char *flame_html(const json_t *result, size_t cell, const struct viewer *viewer);

/* How cell `a` differs from cell `b`, operation for operation: red where it takes longer.
 * NULL also where it is not known how many operations there were. */
char *flame_diff_html(const json_t *result, size_t a, size_t b,
                      const struct viewer *viewer);

#endif
