/* SPDX-License-Identifier: MIT */
/* The heat of one part as its drawings want it. */
#ifndef ONEMISS_LAB_REPORT_HEAT_MAP_READ_H
#define ONEMISS_LAB_REPORT_HEAT_MAP_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { HEAT_LINE = 64, HEAT_MOST_PERIOD = 4096, HEAT_MOST_FIELDS = 64, HEAT_KINDS = 2 };

struct heat_field {
    const char *name; /* as long as the JSON */
    size_t offset, bytes;
};

struct heat {
    const char *part;
    size_t period, entry;                       /* bytes */
    double times[HEAT_KINDS][HEAT_MOST_PERIOD]; /* reads, writes of a byte an operation */
    double most;                                /* of them all; above 0 */
    size_t n_fields; /* 0: the layout is not known, or is not this part's */
    struct heat_field fields[HEAT_MOST_FIELDS];
};

/* "read", "write" */
extern const char *const heat_kinds[HEAT_KINDS];

/* How many parts of the cell can be drawn. */
size_t heat_n(const json_t *cell);

/* The i-th of them. False: nothing to draw, or no operation to divide by. */
bool heat_read(const json_t *cell, size_t i, struct heat *heat);

/* The field that byte `at` of the period lies in, or NULL. */
const struct heat_field *heat_field_at(const struct heat *heat, size_t at);

/* What an average byte of a field, over all entries, is read or written an operation. */
double heat_of_field(const struct heat *heat, const struct heat_field *field,
                     size_t kind);

/* "load_factor, u64 keys, hash siphash13, n = 1000000" */
void heat_workload(FILE *to, const json_t *cell);

/* Whose accesses, and on what machine: a sentence. */
void heat_origin(FILE *to, const json_t *machine);

#endif
