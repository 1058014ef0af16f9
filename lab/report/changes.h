/* SPDX-License-Identifier: MIT */
/* What differs between two results of the same comparison: before a change, and after. */
#ifndef ONEMISS_LAB_REPORT_CHANGES_H
#define ONEMISS_LAB_REPORT_CHANGES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "../stats/difference.h"

/* A number that a run repeats exactly. */
struct exact_metric {
    const char *name, *label;
};
extern const struct exact_metric exact_metrics[]; /* up to a NULL name */

/* What of a gate they are held to: 3 % for times is 0.3 % for what repeats exactly. */
enum { EXACT_PART = 10 };

/* One number of a cell that is in both. */
struct change {
    const json_t *before, *after; /* the cells */
    const char *label;            /* "ns/op" ... */
    double old_value, new_value;
    struct difference difference;
    bool is_exact;
    bool is_foreign; /* times of two machines: there is no verdict */
};

struct changes {
    struct change *of;
    size_t n;
    const json_t *
        *broken; /* cells, of the new result, that are ok in the old one alone */
    size_t n_broken;
    size_t n_only_old, n_only_new; /* cells */
};

/* Cells are the same when all is that tells them apart; each has its time, and what of the
 * exact metrics both have. `gate` is the zone of times. False: no memory. */
bool changes_find(struct changes *changes, const json_t *old_result,
                  const json_t *new_result, double gate);
void changes_drop(struct changes *changes);

/* Above the gate, and shown to be; a ceiling is none: it tells what the machine did. */
bool change_is_regression(const struct change *change);

/* What repeats exactly, of `cell` against `base`; false: one of them has it not. */
bool change_of_count(const json_t *cell, const json_t *base, const char *metric,
                     double zone, struct difference *difference);

#endif
