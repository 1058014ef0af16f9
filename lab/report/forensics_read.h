/* SPDX-License-Identifier: MIT */
/* A cell's timeline as pictures and texts want it: its points, and each resize with what
 * other passes know of it. */
#ifndef ONEMISS_LAB_REPORT_FORENSICS_READ_H
#define ONEMISS_LAB_REPORT_FORENSICS_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "columns.h"

enum { FORENSICS_RESIZES = 200, FORENSICS_CALLS = 5, FORENSICS_TIME = 16 };

/* Bytes that nobody has seen. */
#define FORENSICS_UNKNOWN (-1.0)

struct forensic_resize {
    double operation; /* the first of its batch, or by the stall exactly */
    double ns;        /* it took, in the counted pass */
    double old_capacity, new_capacity, items, old_bytes, new_bytes;
    double page_faults, peak_live;
    bool is_timed;
    double peak_resident, huge; /* or FORENSICS_UNKNOWN */
    const json_t *stall;        /* the operation that made it, in the stamped pass: the
                                   longest of all blocks; NULL: it was none of the longest */
    bool has_calls;             /* the pass that saw memory calls has seen this resize */
    size_t calls[FORENSICS_CALLS]; /* that began in it, by forensics_calls */
};

struct forensic_point {
    double operation, ns, live, faults, resident;
};

struct forensics {
    const json_t *cell, *points;
    size_t n_points;
    bool has_resident;
    double operations; /* of the last point; at least 1 */
    double ns;         /* of the last point */
    double timed_ns;   /* of the timed batches */
    double most_live, most_resident, most_faults;
    size_t n_resizes;
    struct forensic_resize resizes[FORENSICS_RESIZES];
    double n_left_out;
    size_t calls_outside; /* of resizes */
    bool has_calls;
};

extern const char *const forensics_calls[FORENSICS_CALLS]; /* "mmap" ... */

/* False: the cell, which may be NULL, has no timeline, or is not ok. */
bool forensics_read(const json_t *cell, struct forensics *forensics);

struct forensic_point forensics_point(const struct forensics *forensics, size_t i);

/* A metric's value, or NAN. */
double forensics_metric(const json_t *cell, const char *name);

/* "370 ns", "66.8 ms". */
void forensics_time(char text[FORENSICS_TIME], double ns);

/* A whole number: as it is below 100,000, else as columns_number has it. */
void forensics_whole(char text[COLUMNS_NUMBER], double whole);

/* 10000000 as 10,000,000. */
void forensics_count(FILE *to, double count);

/* "144 MiB", "1.5 KiB", "0 B". */
void forensics_bytes(char text[FORENSICS_TIME], double bytes);

#endif
