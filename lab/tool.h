/* SPDX-License-Identifier: MIT */
/* A program from outside that a child runs under (perf, strace, valgrind), or that reads
 * what one of them wrote. */
#ifndef ONEMISS_LAB_TOOL_H
#define ONEMISS_LAB_TOOL_H

#include <limits.h>
#include <stdint.h>
#include <stdio.h>

#include "complaint.h"

enum { TOOL_WORDS = 24, TOOL_PATIENCE_S = 10 /* with one that has little to say */ };

struct tool {
    const struct cell *cell; /* that runs under it */
    char folder[PATH_MAX];   /* for its files; goes with them when the pass is over */
    char words[TOOL_WORDS][PATH_MAX];
    size_t n_words;      /* of its command line; the child's own words follow */
    char path[PATH_MAX]; /* of the subject's file, where another build is wanted; or "" */
    char build[16];      /* that build's name */
    unsigned method;     /* for the instrument itself, in the child: facts->method */
};

/* Finds `name` in PATH; false and why, with what tells how to mend it. */
bool tool_find(const char *name, char path[PATH_MAX], struct complaint *complaint);

/* Makes the folder, below TMPDIR. */
bool tool_open(struct tool *tool, const struct cell *cell, struct complaint *complaint);

/* Removes the folder and all files in it. */
void tool_close(struct tool *tool);

/* Adds a word to the command line; more than there is room for are dropped. */
void tool_add(struct tool *tool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The path of a file in the folder. */
void tool_file(const struct tool *tool, const char *name, char path[PATH_MAX]);

/* Runs a program without a shell, its standard input empty, until it has ended. What it
 * printed, to be closed; it is an unnamed file below TMPDIR. NULL and why: it could not be
 * started, it failed (the last line of its complaints is told), an interrupt came, or, what
 * sets *is_too_much (may be NULL), it printed more than TOOL_MOST_BYTES or took longer than
 * the seconds of `patience_s`. It is killed with all it started; where this
 * process is killed itself, the program alone is. */
#define TOOL_MOST_BYTES ((uint64_t)1 << 30)
FILE *tool_ask(const char *const *words, unsigned patience_s, bool *is_too_much,
               struct complaint *complaint);

#endif
