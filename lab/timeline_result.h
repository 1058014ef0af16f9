/* SPDX-License-Identifier: MIT */
/* What instrument timeline says, into a cell of the result. */
#ifndef ONEMISS_LAB_TIMELINE_RESULT_H
#define ONEMISS_LAB_TIMELINE_RESULT_H

#include <jansson.h>
#include <stdbool.h>

/* More than the instrument keeps; a subject that sends more is out of order. */
enum { TIMELINE_MOST_POINTS = 1000, TIMELINE_MOST_RESIZES = 200 };

/* Takes a line of a child whose first word is known here (child.h lists them); false: it
 * is not. What makes no sense is left out. */
bool timeline_result_hear(json_t *cell, const char *line);

#endif
