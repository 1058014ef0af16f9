/* SPDX-License-Identifier: MIT */
/* A chart as SVG inside a page, with the table of what it draws behind it. */
#ifndef ONEMISS_LAB_REPORT_CHART_H
#define ONEMISS_LAB_REPORT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
    CHART_NAME = 112,
    CHART_SERIES = 24,
    CHART_POINTS = 24,
    CHART_BANDS = 5,
    CHART_NOTE = 512
};

struct chart_point {
    double x, y;
    double low, high; /* an interval of y; both 0: none is known */
};

struct chart_series {
    char name[CHART_NAME];
    size_t n;
    bool is_dashed; /* a ceiling */
    struct chart_point points[CHART_POINTS];
};

/* A range of x that is shaded from top to bottom, and named at the top. */
struct chart_band {
    char name[24];
    double low, high;
};

/* Both axes are logarithmic: values are above 0. */
struct chart {
    char title[CHART_NAME];
    const char *x_title, *y_title;
    const char *const *x_names; /* of points at x = 1, 2 ...; NULL: x is a number */
    bool has_lines;             /* between a series' points */
    size_t n_bands;
    struct chart_band bands[CHART_BANDS]; /* outside of all points: not drawn */
    char note[CHART_NOTE];                /* below the legend, or "" */
    size_t n;
    struct chart_series series[CHART_SERIES];
};

/* A figure: `id` is unlike any other of the page. Nothing where there is no point. */
void chart_put(FILE *to, const struct chart *chart, unsigned id);

/* The styles of all charts. */
extern const char chart_style[];

#endif
