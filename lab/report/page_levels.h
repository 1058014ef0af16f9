/* SPDX-License-Identifier: MIT */
/* The caches of the machine in a chart of time against size. */
#ifndef ONEMISS_LAB_REPORT_PAGE_LEVELS_H
#define ONEMISS_LAB_REPORT_PAGE_LEVELS_H

#include <jansson.h>

#include "chart.h"

/* Bands where maps of `low` to `high` bytes an entry fill the levels that `machine`, of a
 * result, tells of, and the note that says so; none where it tells of none. Both bytes 0:
 * they are not known. */
void page_add_levels(struct chart *chart, const json_t *machine, double low, double high);

#endif
