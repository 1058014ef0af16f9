/* SPDX-License-Identifier: MIT */
/* What `valgrind --tool=callgrind` writes, read row by row. callgrind_out.c has a sample. */
#ifndef ONEMISS_LAB_FORMATS_CALLGRIND_OUT_H
#define ONEMISS_LAB_FORMATS_CALLGRIND_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../complaint.h"
#include "kept_texts.h"

enum { CALLGRIND_EVENTS = 16, CALLGRIND_EVENT_NAME = 16 };

/* Where something was executed. Equal texts are one pointer; "" is not known. */
struct callgrind_place {
    const char *object;   /* the program or library */
    const char *function; /* of its symbols */
    const char *home;     /* the file that the function is written in */
    const char *file;     /* that of the line: another one where a function is inlined */
    uint64_t line;        /* 0: not known */
    uint64_t address;     /* in the object, with --dump-instr=yes; else 0 */
};

/* What a whole file says. Costs are in the order of the event names. */
struct callgrind_out {
    char creator[64]; /* "callgrind-3.19.0" */
    char events[CALLGRIND_EVENTS][CALLGRIND_EVENT_NAME];
    size_t n_events;
    bool has_addresses;
    uint64_t totals[CALLGRIND_EVENTS];
};

/* Who takes the rows. Each returns false with its own complaint to end the reading. */
struct callgrind_taker {
    void *context;
    /* What was executed at a place, calls left out. */
    bool (*cost)(void *context, const struct callgrind_place *place,
                 const uint64_t *costs, struct complaint *complaint);
    /* `n` calls from a place, and what was spent until they returned. May be NULL. */
    bool (*call)(void *context, const struct callgrind_place *from,
                 const struct callgrind_place *to, uint64_t n, const uint64_t *costs,
                 struct complaint *complaint);
};

/* Reads a file to its end; `path` is for complaints, `texts` keeps what places point to.
 * False: it is no such file, garbled, ends early, or its costs are not those of its
 * totals. */
bool callgrind_read(FILE *from, const char *path, struct kept_texts *texts,
                    const struct callgrind_taker *taker, struct callgrind_out *out,
                    struct complaint *complaint);

/* The place of an event among the costs, or CALLGRIND_EVENTS. */
size_t callgrind_event(const struct callgrind_out *out, const char *name);

#endif
