/* SPDX-License-Identifier: MIT */
/* Folded stacks in a cell of the result: `stacks`, with a warning when they are not to be
 * believed. */
#ifndef ONEMISS_LAB_STACKS_RESULT_H
#define ONEMISS_LAB_STACKS_RESULT_H

#include <jansson.h>

#include "complaint.h"
#include "stacks.h"

/* The function that is timed, in child.c. */
#define STACKS_ROOT "run_timed_batch"

/* The self-test's three, in instruments/flame.c. */
extern const char *const stacks_chain[STACKS_CHAIN];

/* Where samples come from. */
struct stacks_origin {
    const char *by;         /* "perf 6.1.187" */
    const char *call_graph; /* how it finds callers: "dwarf" */
    const char *event;      /* "": the samples' own */
    unsigned frequency_hz;
    bool has_kernel;       /* kernel mode is sampled, too */
    const char *no_kernel; /* why it is not; NULL: the kernel's settings tell */
    uint64_t lost;         /* samples */
    const char *note;      /* what else to warn of, or "" */
};

/* Adds `stacks` and the metrics. False: there is nothing to add, and why. */
bool stacks_to_cell(json_t *cell, const struct stacks *stacks,
                    const struct stacks_origin *origin, struct complaint *complaint);

#endif
