/* SPDX-License-Identifier: MIT */
/* What an instrument is: something told what a child does, that sends metrics. One file
 * in instruments/ each, found by its name. */
#ifndef ONEMISS_LAB_INSTRUMENT_H
#define ONEMISS_LAB_INSTRUMENT_H

#include <jansson.h>
#include <stdio.h>

#include "subject.h"
#include "tool.h"

/* A child runs one pass. What would disturb the clock has a pass of its own. */
enum pass {
    PASS_TIMED,   /* once a block: nothing but the map and the clock */
    PASS_STAMPED, /* once a block: a time stamp behind each operation */
    PASS_EVENTS,  /* once a block: the processor and the kernel count */
    /* once a cell, from here on */
    PASS_COUNTED, /* allocations go through a counter */
    PASS_TRACED,  /* each access of the map is seen */
    /* and last, the child under a program from outside, or watching its own calls */
    PASS_CALLS,    /* system calls for memory are written down */
    PASS_SAMPLED,  /* where the processor is, looked up again and again */
    PASS_EMULATED, /* each instruction is counted */
    N_PASSES
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
    om_layout layout;              /* of the map's entries */
    uint32_t subject_flags;        /* enum subject_flags */
    const char *machines;          /* to model, for model_choice_read */
    bool has_band;                 /* under every model, too */
    unsigned method;               /* what the instrument's wrap has chosen */
    const struct batch *batch;     /* the one that runs, or ran last; NULL before it */
    FILE *messages;                /* to the parent: by the functions below */
};

/* One operation that took long. */
struct stall {
    uint64_t operation; /* its number in the workload */
    enum operation kind;
    double duration_ns;
    bool is_preempted;     /* the kernel took the processor away meanwhile */
    uint64_t new_capacity; /* of the resize that it made; 0: it made none */
    double resize_ns;      /* how long the resize itself took */
};

struct instrument {
    const char *name;
    const char *summary; /* one line, for `list` */
    enum pass pass;
    bool is_on_request; /* runs only when it is named */
    const char *trust;  /* of its numbers; NULL: "measured" */
    const struct metric_info *metrics;
    const char *const *simulated; /* those that are, where others are not; up to NULL */
    /* In the child; each may be NULL. */
    void (*start)(struct run_facts *facts);        /* before the map is created */
    void (*begin)(void);                           /* before each timed batch */
    void (*end)(const struct batch *batch);        /* after it */
    void (*stop)(void);                            /* the workload has ended */
    void (*finish)(const struct run_facts *facts); /* the map still stands */
    void (*after)(const struct run_facts *facts);  /* the map is gone */
    /* In the parent, where the pass runs under a program from outside, of which a pass has
     * one: puts its words into `tool`; afterwards reads what it left, adds it to the cell.
     * False and why: the metrics are absent for that reason. NULL: there is none. */
    bool (*wrap)(struct tool *tool, struct complaint *complaint);
    bool (*harvest)(const struct tool *tool, json_t *cell, struct complaint *complaint);
    /* When the run came to no good end: true and why, if the tool's files tell better than
     * `ending` does, which the conversation knows. May be NULL. */
    bool (*explain)(const struct tool *tool, const char *ending,
                    struct complaint *complaint);
};

/* All of them, by name; made by the build from the folder. */
extern const struct instrument *const all_instruments[];
extern const size_t n_instruments;

/* The metric of that name, or NULL; *instrument, unless NULL, becomes whose it is. */
const struct metric_info *metric_find(const char *name,
                                      const struct instrument **instrument);

/* "measured", "simulated" or "estimated": how far its values are to be believed. */
const char *metric_trust(const struct instrument *instrument, const char *metric);

/* The instrument that wraps the pass, of those whose bit is set; or NULL. */
const struct instrument *instrument_around(uint32_t instruments, enum pass pass);

/* An allocator that hands all on to `behind`, which must stay; for an instrument to put
 * hooks of its own in. */
om_allocator instrument_hooks(const om_allocator *behind);

/* Messages of a child, a line each; child.h says how they read. */
void send_count(FILE *messages, const char *metric, uint64_t value);
void send_real(FILE *messages, const char *metric, double value);

/* A count that ran for `share` of the time and was scaled up to all of it. */
void send_scaled(FILE *messages, const char *metric, double value, double share);

/* A value that is no more than `bound`: smaller ones cannot be told apart. */
void send_bound(FILE *messages, const char *metric, double bound);

/* The event that counted where the metric's own is not to be had; after its value. */
void send_nearest(FILE *messages, const char *metric, const char *event);
void send_absent(FILE *messages, const char *metric, const char *reason);
void send_resize(FILE *messages, const om_resize *resize, uint64_t duration_ns);
void send_stall(FILE *messages, const struct stall *stall);
void send_leak(FILE *messages, uint64_t bytes);

#endif
