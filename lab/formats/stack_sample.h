/* SPDX-License-Identifier: MIT */
/* Where a thread was when a profiler looked: one sample, whichever profiler it was. */
#ifndef ONEMISS_LAB_FORMATS_STACK_SAMPLE_H
#define ONEMISS_LAB_FORMATS_STACK_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST_FRAMES = 256, SYMBOL_ROOM = 192, OBJECT_ROOM = 96, WHERE_ROOM = 96 };

struct stack_frame {
    char symbol[SYMBOL_ROOM]; /* "" where the profiler knows none */
    char object[OBJECT_ROOM]; /* the file it is from, without its folder; or "" */
    char where[WHERE_ROOM];   /* "map.h:123", without its folder; or "" */
    uint64_t offset;          /* from the symbol, bytes */
    bool is_kernel;
    bool is_inlined; /* its code lies within the next frame's */
};

struct stack_sample {
    char event[48];
    uint64_t period; /* how much of the event the sample stands for */
    size_t n_frames;
    bool is_cut;                            /* there were more frames, further out */
    struct stack_frame frames[MOST_FRAMES]; /* the innermost first */
};

/* Told each sample, which is the parser's and does not stay. */
typedef void stack_taker(void *context, const struct stack_sample *sample);

#endif
