/* SPDX-License-Identifier: MIT */
/* The text of `perf script`, read line by line. */
#ifndef ONEMISS_LAB_FORMATS_PERF_SCRIPT_H
#define ONEMISS_LAB_FORMATS_PERF_SCRIPT_H

#include "../complaint.h"
#include "stack_sample.h"

/* What to ask perf script for, behind -F. */
#define PERF_SCRIPT_FIELDS "event,period,ip,sym,symoff,dso,srcline"
#define PERF_SCRIPT_BRIEF  "event,period,ip,sym,symoff,dso"

struct perf_script {
    stack_taker *take;
    void *context;
    uint64_t line;      /* from 1, of the last line */
    uint64_t n_samples; /* so far */
    uint64_t lost;      /* samples that perf had no room for */
    enum { PERF_BETWEEN, PERF_IN_STACK, PERF_BEHIND_FRAME } at;
    bool is_one_line; /* the sample: nothing need end it */
    struct stack_sample sample;
};

void perf_script_begin(struct perf_script *script, stack_taker *take, void *context);

/* One line, without its end. False: it is none of perf script's. */
bool perf_script_line(struct perf_script *script, const char *line,
                      struct complaint *complaint);

/* The text is over. False: amid a sample. */
bool perf_script_end(struct perf_script *script, struct complaint *complaint);

#endif
