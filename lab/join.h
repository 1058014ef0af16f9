/* SPDX-License-Identifier: MIT */
/* Several results as one: the union of their cells, each with where it comes from. */
#ifndef ONEMISS_LAB_JOIN_H
#define ONEMISS_LAB_JOIN_H

#include <jansson.h>
#include <stdio.h>

#include "complaint.h"

struct join {
    json_t *cells;   /* in the order of the parts */
    json_t *sources; /* where they come from; a cell's `source` is a place in it */
    json_t *files;   /* a file's name for each cell, for complaints */
    json_t *places;  /* an object: of each cell's name in `cells` */
    json_t *others;  /* an object: fields of parts that nobody knows */
};

void join_begin(struct join *join);

/* Adds a result that the reader has passed; its cells are then the join's. `file` is its
 * name, which its sources keep; NULL: they keep none. False: a cell is in two parts and not
 * the same in both, and the join is dropped. */
bool join_add(struct join *join, json_t *part, const char *file,
              struct complaint *complaint);

/* Frees a join that came to nothing; false. */
bool join_drop(struct join *join);

/* Puts all that was added into `result`, in place of its cells; the cells of shards in the
 * order of the whole comparison. Frees the join. */
void join_end(struct join *join, json_t *result);

/* Whether nothing is missing: no source was interrupted, and of shards there are all. What
 * is missing is told to `to`, a line each. */
bool join_is_complete(const json_t *sources, FILE *to);

#endif
