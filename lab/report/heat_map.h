/* SPDX-License-Identifier: MIT */
/* Which bytes of a part are read and written how often, drawn line by line. */
#ifndef ONEMISS_LAB_REPORT_HEAT_MAP_H
#define ONEMISS_LAB_REPORT_HEAT_MAP_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "../complaint.h"

/* For a terminal, within 80 columns: shades as characters, and in colour where there is
 * any. Nothing when the cell has no heat. `machine` is that of the result, or NULL. */
void report_heat(const json_t *cell, const json_t *machine, FILE *to);

/* Of cells first to first + n - 1, or where they are not to be drawn, since drawings are
 * long, a line that says what draws them. */
void report_heats(const json_t *cells, size_t first, size_t n, bool is_drawn,
                  const json_t *machine, FILE *to);
bool has_heat(const json_t *cells, size_t first, size_t n);

/* A whole SVG, to be freed; NULL when the cell has no heat, or no memory. */
char *heat_map_svg(const json_t *cell, const json_t *machine);

/* The same as a file, by output.h. */
bool report_heat_svg(const json_t *cell, const json_t *machine, const char *path,
                     struct complaint *complaint);

#endif
