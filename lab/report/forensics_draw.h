/* SPDX-License-Identifier: MIT */
/* The picture of resize forensics: where things are in it, and its panels. */
#ifndef ONEMISS_LAB_REPORT_FORENSICS_DRAW_H
#define ONEMISS_LAB_REPORT_FORENSICS_DRAW_H

#include <math.h>
#include <stdio.h>

#include "forensics_read.h"

enum {
    WIDTH = 880,
    LEFT = 76,
    RIGHT = 40,
    GAP = 36,    /* between two columns */
    TOP = 132,   /* of the first panel */
    TITLE = 36,  /* of a panel, above it */
    LABELS = 24, /* above all titles: slots of resizes */
    ROW = 20,    /* of a kind of memory call */
    AXIS = 48,
    LINE = 17, /* of the notes */
    MOST_COLUMNS = 2,
    MARK_APART = 8, /* least pixels between two marks of resizes */
    CHARACTER = 7   /* widest pixels of one, in labels */
};

enum panel { LATENCY, MEMORY, FAULTS, N_PANELS };

/* In pixels. */
static const int panel_heights[N_PANELS] = {170, 190, 110};

/* All that both columns share. */
struct picture {
    struct forensics columns[MOST_COLUMNS];
    int n;
    double width;           /* of a plot */
    double low_ns, high_ns; /* powers of ten */
    double most[N_PANELS];  /* of MEMORY and FAULTS, above 0 */
    bool has_call[FORENSICS_CALLS];
    int n_calls; /* kinds of calls that some resize made */
    const json_t *machine;
};

static inline double place_x(const struct picture *p, int column, double operation)
{
    const double share = operation / p->columns[column].operations;
    return LEFT + column * (p->width + GAP) + fmin(fmax(share, 0), 1) * p->width;
}

static inline int top_of(enum panel panel)
{
    int top = TOP + LABELS;
    for (int i = 0; i < (int)panel; i++)
        top += panel_heights[i] + TITLE;
    return top;
}

static inline int calls_top(void)
{
    return top_of(N_PANELS);
}

/* Where the axis of operations is. */
static inline int bottom(const struct picture *p)
{
    return p->n_calls > 0 ? calls_top() + p->n_calls * ROW
                          : top_of(FAULTS) + panel_heights[FAULTS];
}

/* `share` of a panel's height from below. */
static inline double place_y(enum panel panel, double share)
{
    return top_of(panel) + panel_heights[panel] * (1 - fmin(fmax(share, 0), 1));
}

static inline double place_ns(const struct picture *p, double ns)
{
    return place_y(LATENCY,
                   log10(fmax(ns, 1e-3) / p->low_ns) / log10(p->high_ns / p->low_ns));
}

/* A mark for each resize, through all panels of a column, and its slots above them. */
void put_resizes(FILE *to, const struct picture *p, int column);

/* The panels of a column, each with its title and what its lines and dots are. */
void put_latency(FILE *to, const struct picture *p, int column);
void put_memory(FILE *to, const struct picture *p, int column);
void put_faults(FILE *to, const struct picture *p, int column);
void put_calls(FILE *to, const struct picture *p, int column);

#endif
