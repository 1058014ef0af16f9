/* SPDX-License-Identifier: MIT */
/* One cell of a comparison: one map under one workload, and how it travels to the child
 * that runs it, as words on its command line. */
#ifndef ONEMISS_LAB_CELL_H
#define ONEMISS_LAB_CELL_H

#include <limits.h>

#include "confinement.h"
#include "instrument.h"
#include "model_choice.h"
#include "workload.h"

struct cell {
    char subject[64];            /* its name */
    char path[PATH_MAX];         /* of its shared object */
    char stamped_path[PATH_MAX]; /* of its stamped build, or "" */
    char traced_path[PATH_MAX];  /* of its traced build, or "" */
    bool is_own;                 /* a file of the user's, given by its path */
    bool is_twin;   /* another cell's map once more: what is told apart there is chance */
    uint32_t flags; /* enum subject_flags */
    char build[16]; /* "native" ... */
    const struct workload *workload;
    char pattern[32]; /* "" when the workload has none */
    char key[16], hash[24];
    char origin[64]; /* of somebody else's map; not for the child */
    uint64_t n, seed;
    char keys_path[PATH_MAX];         /* "" when there is no keys file */
    uint32_t instruments;             /* bit i: all_instruments[i] */
    char machines[MODEL_CHOICE_ROOM]; /* to model */
    bool has_band;                    /* under every model, too */
    bool is_premade; /* all operations are made before the first is run */
    unsigned
        calls_by;    /* 1 + the enum call_method that memory calls are seen by; 0: any */
    unsigned method; /* of the instrument around the pass, for its part in the child */
    struct confinement confinement;
};

/* The first word of a child's command line. */
#define CELL_WORD "@cell"

/* Plans the cell's workload; `keys` must stay for the plan's life. */
bool cell_plan(const struct cell *cell, const struct key_file *keys,
               struct workload_plan *plan, struct complaint *complaint);

enum { CELL_WORDS = 24, CELL_WORD_ROOM = PATH_MAX + 16 };

/* The file that a pass of the cell runs; "" when there is none. */
const char *cell_path(const struct cell *cell, enum pass pass);

/* Whether one of its instruments works in that pass. */
bool cell_has_pass(const struct cell *cell, enum pass pass);

/* Writes the command line of the child that runs a pass of the cell. */
struct cell_words {
    char *words[CELL_WORDS + 1]; /* ended by NULL */
    char room[CELL_WORDS][CELL_WORD_ROOM];
};
void cell_to_words(const struct cell *cell, enum pass pass, struct cell_words *words);

/* Reads it back, from the word behind CELL_WORD on. */
bool cell_from_words(char **words, struct cell *cell, enum pass *pass,
                     struct complaint *complaint);

#endif
