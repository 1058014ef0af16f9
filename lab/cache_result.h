/* SPDX-License-Identifier: MIT */
/* What the instruments over a traced map say, into a cell of the result. */
#ifndef ONEMISS_LAB_CACHE_RESULT_H
#define ONEMISS_LAB_CACHE_RESULT_H

#include <jansson.h>
#include <stdbool.h>

/* Takes a line of a child whose first word is known here (child.h lists them); false: it
 * is not. What makes no sense is left out. */
bool cache_result_hear(json_t *cell, const char *line);

#endif
