/* SPDX-License-Identifier: MIT */
/* Latency, memory and page faults over the operations of a run, its resizes marked. */
#ifndef ONEMISS_LAB_REPORT_FORENSICS_SVG_H
#define ONEMISS_LAB_REPORT_FORENSICS_SVG_H

#include <jansson.h>

#include "../complaint.h"

/* A whole SVG, to be freed; NULL when the cell has no timeline, or no memory. `other`, a
 * cell to stand beside it by the same scales, may be NULL; so may `machine`, the result's.
 * What they say of themselves is escaped. */
char *forensics_svg(const json_t *cell, const json_t *other, const json_t *machine);

/* The same into a file. */
bool report_forensics_svg(const json_t *cell, const json_t *other, const json_t *machine,
                          const char *path, struct complaint *complaint);

#endif
