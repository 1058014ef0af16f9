/* SPDX-License-Identifier: MIT */
/* What reports read of a result: the reader has checked its types, not that all is there. */
#ifndef ONEMISS_LAB_REPORT_CELL_READ_H
#define ONEMISS_LAB_REPORT_CELL_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* A member that is a text, or ""; as long as the object. */
const char *member_text(const json_t *object, const char *name);

/* A member that is a number, or 0. */
double member_number(const json_t *object, const char *name);

/* Whether two objects have an equal member of that name, or both have none. */
bool member_is_same(const json_t *a, const json_t *b, const char *name);

/* NULL: the result has fewer. */
const json_t *cell_at(const json_t *result, size_t i);

bool cell_is_ok(const json_t *cell);

/* Whether both were run alike but for the map, and its hash where it takes none but its own. */
bool cell_is_beside(const json_t *a, const json_t *b);

/* How many cells, from `first` on, were run alike but for the map, and its hash where it
 * takes none but its own, and come from one source: 1 or more, 0 behind the last. */
size_t cell_group(const json_t *cells, size_t first);

enum { CELL_SOURCE = 32 };

/* ", source 2", counted from 1, of a result that was joined; else ""; `text`. */
const char *cell_source(const json_t *cell, char text[CELL_SOURCE]);

/* Whether the sources of two cells are of one machine. */
bool cell_shares_machine(const json_t *result, const json_t *a, const json_t *b);

/* NULL: nobody asked for it. */
const json_t *cell_metric(const json_t *cell, const char *name);

/* The longest operation that the kernel did not interrupt, of all blocks; NULL: there is
 * none. */
const json_t *cell_longest_stall(const json_t *cell);

/* The fields that make a cell this one and no other, as one text, to be freed; NULL: no
 * memory. */
char *cell_identity(const json_t *cell);

/* The machine that it was run on, of the result or of the cell's source in it. */
const json_t *cell_machine(const json_t *result, const json_t *cell);

enum { CELL_NAME = 96 };

/* "chaining", or "stb_ds, own hash" where the map takes no other; `name`. */
const char *cell_map(const json_t *cell, char name[CELL_NAME]);

/* The same, and ", pages thp" where a kind of pages was asked for. */
const char *cell_name(const json_t *cell, char name[CELL_NAME]);

#endif
