/* SPDX-License-Identifier: MIT */
/* What an instrument is: something told what a child does, that sends metrics. One file
 * in instruments/ each, found by its name. */
#ifndef ONEMISS_LAB_INSTRUMENT_H
#define ONEMISS_LAB_INSTRUMENT_H

#include <stdio.h>

#include "subject.h"

/* A child runs one pass. What would disturb the clock has a pass of its own. */
enum pass {
    PASS_TIMED,  /* once a block: nothing but the map and the clock */
    PASS_COUNTED /* once a cell: allocations go through a counter */
};

struct metric_info {
    const char *name; /* as in the result file; NULL ends a list */
    const char *unit; /* "ns", "s", "bytes", "1" */
    const char *summary;
};

/* What an instrument sees of the run. */
struct run_facts {
    uint64_t n_operations;         /* timed ones */
    uint64_t size;                 /* entries in the map, known at the end */
    const om_allocator *allocator; /* the map's; start may put its own before it */
    FILE *messages;                /* to the parent: by the functions below */
};

struct instrument {
    const char *name;
    const char *summary; /* one line, for `list` */
    enum pass pass;
    const struct metric_info *metrics;
    void (*start)(struct run_facts *facts); /* before the map is created */
    void (*begin)(void);                    /* before each timed batch; may be NULL */
    void (*end)(void);                      /* after it; may be NULL */
    void (*stop)(void);                     /* the workload has ended; may be NULL */
    void (*finish)(const struct run_facts *facts); /* the map still stands */
    void (*after)(const struct run_facts *facts);  /* the map is gone; may be NULL */
};

/* All of them, by name; made by the build from the folder. */
extern const struct instrument *const all_instruments[];
extern const size_t n_instruments;

/* The instrument's metric of that name, or NULL. */
const struct metric_info *metric_find(const char *name);

/* Messages of a child, a line each; child.h says how they read. */
void send_count(FILE *messages, const char *metric, uint64_t value);
void send_real(FILE *messages, const char *metric, double value);
void send_absent(FILE *messages, const char *metric, const char *reason);
void send_resize(FILE *messages, const om_resize *resize, uint64_t duration_ns);
void send_leak(FILE *messages, uint64_t bytes);

#endif
