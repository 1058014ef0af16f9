/* SPDX-License-Identifier: MIT */
/* What a workload is: a pure function from a seed and an operation's number to that
 * operation. One file in workloads/ each, found by its name. */
#ifndef ONEMISS_LAB_WORKLOAD_H
#define ONEMISS_LAB_WORKLOAD_H

#include "complaint.h"
#include "key_file.h"
#include "permutation.h"
#include "subject.h"
#include "zipf.h"

/* Operations of one kind, or mixed, that follow one another. */
struct phase {
    enum operation operation;
    uint64_t n;        /* operations; where each is about all entries, a whole multiple of
                          these, and they number n_entries */
    bool is_timed;     /* false: only prepares what follows */
    uint64_t argument; /* as struct batch has it */
};

/* A workload made concrete for one n, seed and pattern. Key *numbers* count the distinct
 * keys; the real key is made from the number when the batch is filled. */
struct workload_plan {
    const struct workload *workload;
    uint64_t n; /* as asked for with -n */
    uint64_t seed;
    const char *pattern;         /* one that the workload takes, or "" */
    const struct key_file *keys; /* or NULL */
    struct phase phases[4];
    unsigned n_phases;
    uint64_t n_keys;                /* every key number is below */
    uint64_t entries;               /* room the map is given at the start; 0: none */
    uint64_t n_entries;             /* in the map, where an iteration or a copy begins */
    struct permutation shuffles[2]; /* for the workload's own use */
    uint64_t counts[3];             /* likewise */
    struct zipf zipf;               /* likewise */
};

enum key_text {
    KEY_TEXT_NAMED,  /* "key_" and the integer */
    KEY_TEXT_DIGITS, /* the integer as 20 digits */
    KEY_TEXT_FILE    /* a line of the keys file */
};

struct workload {
    const char *name;
    const char *summary;         /* one line, for `list` */
    uint64_t default_n;          /* 0: the file says */
    char pattern_option;         /* 'k' or 'o'; 0: no patterns */
    const char *const *patterns; /* ended by NULL, the default first; or NULL */
    const char *pattern_form;    /* what else it takes, in words; NULL: nothing */
    enum key_text key_text;
    bool has_plain_values; /* string values are 100 times x; else they tell operations
                              apart */
    bool needs_keys;       /* a keys file must be given */
    bool has_ceiling;      /* it inserts new keys and looks up, and does nothing else */
    bool needs_walk;       /* of the map: it iterates */
    bool is_on_request;    /* only where it is named */

    /* Whether a pattern is of that form. */
    bool (*takes)(const char *pattern, struct complaint *complaint);

    /* Fills in phases, n_keys, entries and what is its own. */
    void (*plan)(struct workload_plan *plan);

    /* Operations first .. first + n - 1 of a phase: the number of each one's key, and in
     * a mixed phase its kind. */
    void (*fill)(const struct workload_plan *plan, unsigned phase, uint64_t first,
                 unsigned n, uint64_t *numbers, uint8_t *operations);

    /* The integer key of a key number; NULL: the number itself. */
    uint64_t (*integer)(const struct workload_plan *plan, uint64_t number);
};

/* All of them, by name; made by the build from the folder. */
extern const struct workload *const all_workloads[];
extern const size_t n_workloads;

bool workload_find(const char *name, const struct workload **workload,
                   struct complaint *complaint);

/* Whether it is one of the workload's patterns, of which there are some, or of their form. */
bool workload_takes(const struct workload *workload, const char *pattern,
                    struct complaint *complaint);

/* `pattern` NULL stands for the default; it must stay for the plan's life. */
bool workload_plan_init(struct workload_plan *plan, const struct workload *workload,
                        uint64_t n, uint64_t seed, const char *pattern,
                        const struct key_file *keys, struct complaint *complaint);

/* One batch's share of a phase. */
struct step {
    unsigned phase;
    uint64_t first;           /* within the phase */
    uint64_t first_operation; /* within the workload */
    unsigned n;
};

/* The next batch after `step`, whose n is 0 before the first one; false at the end. The
 * lab and the oracle both walk a plan with it, so that they cut it alike. */
bool workload_next_step(const struct workload_plan *plan, bool are_strings,
                        struct step *step);

/* Timed operations of the whole plan. */
uint64_t workload_timed(const struct workload_plan *plan);

uint64_t workload_integer(const struct workload_plan *plan, uint64_t number);

/* For workload.plan: n keys are put in; they are asked for, to warm up; then come the timed
 * operations, enough of them for a small map to be timed long enough. */
enum steady_phase { STEADY_PREFILL, STEADY_WARM_UP, STEADY_RUN, N_STEADY };
enum { STEADY_LEAST = 200000, STEADY_MOST_WARMING = 2000000 };
void workload_plan_steady(struct workload_plan *plan, enum operation operation);

/* For workload.fill: operation i is about key number i. */
void workload_fill_in_order(const struct workload_plan *plan, unsigned phase,
                            uint64_t first, unsigned n, uint64_t *numbers,
                            uint8_t *operations);

/* For workload.integer: a 64-bit bijection of the numbers, drawn by the seed. */
uint64_t workload_scattered(const struct workload_plan *plan, uint64_t number);

enum { KEY_TEXT_ROOM = 32, VALUE_TEXT_BYTES = 100 };

/* The string key of a number: in `room`, or in the keys file. */
om_view workload_key_text(const struct workload_plan *plan, uint64_t number,
                          char room[KEY_TEXT_ROOM]);

/* The string value that operation `operation` stores: VALUE_TEXT_BYTES bytes. */
void workload_value_text(const struct workload_plan *plan, uint64_t operation,
                         char text[VALUE_TEXT_BYTES]);

#endif
