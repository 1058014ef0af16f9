/* SPDX-License-Identifier: MIT */
/* How far a map is from what its footprint allows: the ceilings that ran beside it. */
#ifndef ONEMISS_LAB_REPORT_CEILING_H
#define ONEMISS_LAB_REPORT_CEILING_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* What the multiples mean. */
#define CEILING_LEGEND                                                                   \
    "x ceiling: a map's time by that of one random cache line a lookup, and the first "  \
    "touch of the memory an insert, at the bytes an entry that the map itself takes; "   \
    "from the rows one_line_*, which ran in the same blocks."

/* Whether the cell is no map but what maps are measured by. */
bool cell_is_ceiling(const json_t *cell);

/* Whether it is another cell's map once more, for the A/A test. */
bool cell_is_twin(const json_t *cell);

/* Neither of them. */
bool cell_is_map(const json_t *cell);

/* Of cells first to first + n - 1: the nanoseconds an operation that one line a lookup, or
 * the first touch of that memory, takes at so many bytes an entry. Between two ceilings it is
 * read off a straight line over the logarithm of the bytes; outside, off the nearest. False:
 * there is none. */
bool ceiling_at(const json_t *cells, size_t first, size_t n, double bytes_per_entry,
                double *ns);

/* A map's nanoseconds by those of the ceiling at its own footprint, strings left out, or at
 * the smallest where that is not known. False: it has no time, or there is no ceiling. */
bool ceiling_multiple(const json_t *cells, size_t first, size_t n, const json_t *cell,
                      double *multiple);

#endif
