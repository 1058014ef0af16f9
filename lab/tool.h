/* SPDX-License-Identifier: MIT */
/* A program from outside that a child runs under (perf, strace, valgrind), or that reads
 * what one of them wrote. */
#ifndef ONEMISS_LAB_TOOL_H
#define ONEMISS_LAB_TOOL_H

#include <limits.h>
#include <stdio.h>
#include <sys/types.h>

#include "complaint.h"

enum { TOOL_WORDS = 24 };

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

/* Runs a program without a shell and reads what it prints; its own complaints go to the
 * file `errors`. No orphan stays, whatever ends this process. */
struct tool_output {
    FILE *text;
    pid_t child;
    char errors[PATH_MAX];
};
bool tool_read(struct tool_output *output, const char *const *words, const char *errors,
               struct complaint *complaint);

/* Ends the program, which may not have said all; false and its last line when it had
 * failed by itself, or an interrupt came. */
bool tool_read_end(struct tool_output *output, struct complaint *complaint);

#endif
