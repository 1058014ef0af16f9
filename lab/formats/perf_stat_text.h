/* SPDX-License-Identifier: MIT */
/* What `perf stat` prints, in each of its forms. perf_stat_text.c has samples. */
#ifndef ONEMISS_LAB_FORMATS_PERF_STAT_TEXT_H
#define ONEMISS_LAB_FORMATS_PERF_STAT_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "../complaint.h"

enum { PERF_STAT_ROWS = 64, PERF_STAT_NAME = 80 };

enum perf_stat_state {
    PERF_STAT_COUNTED,
    PERF_STAT_NOT_SUPPORTED, /* no such event on this machine */
    PERF_STAT_NOT_COUNTED    /* it never got its turn */
};

struct perf_stat_row {
    char event[PERF_STAT_NAME]; /* without its modifiers */
    char modifiers[16];         /* "u": user mode alone */
    char unit[16];              /* "msec"; "": a plain count */
    enum perf_stat_state state;
    double value; /* 0 unless it was counted */
    double share; /* of the time that it ran, to 1; below, perf has scaled it up */
};

struct perf_stat {
    struct perf_stat_row rows[PERF_STAT_ROWS];
    size_t n_rows;
    double elapsed_s, user_s, sys_s; /* NAN: not told */
};

/* Reads to the end; `path` is for complaints. False: it is none of perf's, is garbled, or
 * ends early. */
bool perf_stat_read(FILE *from, const char *path, struct perf_stat *stat,
                    struct complaint *complaint);

/* The row of an event, whatever its modifiers; or NULL. */
const struct perf_stat_row *perf_stat_find(const struct perf_stat *stat,
                                           const char *event);

#endif
