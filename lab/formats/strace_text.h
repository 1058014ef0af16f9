/* SPDX-License-Identifier: MIT */
/* What strace writes, call by call. */
#ifndef ONEMISS_LAB_FORMATS_STRACE_TEXT_H
#define ONEMISS_LAB_FORMATS_STRACE_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../complaint.h"

enum {
    STRACE_ARGUMENTS = 6,
    STRACE_NAME = 32,
    STRACE_TEXT = 512,   /* longer ones are cut */
    STRACE_PENDING = 256 /* processes and threads that can be in a call at once */
};

enum strace_event {
    STRACE_CALL,   /* a system call with its result */
    STRACE_SIGNAL, /* --- SIGSYS {...} --- */
    STRACE_EXIT,   /* +++ exited with 0 +++, +++ killed by SIGKILL +++ */
    STRACE_LOST /* a call whose end was not seen: = ?, or its process was killed in it */
};

struct strace_line {
    enum strace_event event;
    size_t number;          /* of the line on which it ended, from 1 */
    uint64_t pid;           /* 0: not told */
    uint64_t at_ns;         /* when it began, since 1970; 0: not told */
    uint64_t duration_ns;   /* by -T; 0: not told */
    char name[STRACE_NAME]; /* of the call; of the signal; "" */
    size_t n_arguments;
    uint64_t arguments[STRACE_ARGUMENTS]; /* NULL is 0 */
    bool are_numbers[STRACE_ARGUMENTS];   /* else it is a word, and 0 above */
    uint64_t result;                      /* of a call that succeeded */
    char error[STRACE_NAME];              /* "ENOMEM" of one that did not; else "" */
    int code;                             /* of an exit, or the result of LOST: -1 */
    char text[STRACE_TEXT]; /* as printed, without process, times and padding */
};

/* Reads one file; zeroed. */
struct strace_reader {
    FILE *file;
    size_t number; /* of the line last read */
    struct strace_pending {
        uint64_t pid, at_ns;
        char text[STRACE_TEXT]; /* what was printed before it was interrupted; "": none */
    } pending[STRACE_PENDING];
};

/* The next event. False: there is none, and complaint->text is empty; or the file is
 * damaged, and it says where and what to do. */
bool strace_next(struct strace_reader *reader, struct strace_line *line,
                 struct complaint *complaint);

#endif
