/* SPDX-License-Identifier: MIT */
/* The charts of a page: time against size, latencies, memory against time, resizes. */
#include "page_charts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ceiling.h"
#include "cell_read.h"
#include "chart.h"
#include "page_levels.h"

static double value_of(const json_t *cell, const char *metric)
{
    return cell_is_ok(cell) ? member_number(cell_metric(cell, metric), "value") : 0;
}

/* The series of that name, made if need be; NULL: there are too many. */
static struct chart_series *series_of(struct chart *chart, const json_t *cell)
{
    char name[CELL_NAME];
    cell_map(cell, name);
    for (size_t i = 0; i < chart->n; i++)
        if (strcmp(chart->series[i].name, name) == 0)
            return &chart->series[i];
    if (chart->n == CHART_SERIES)
        return NULL;
    struct chart_series *const series = &chart->series[chart->n++];
    memset(series, 0, sizeof *series);
    memcpy(series->name, name, sizeof name);
    series->is_dashed = cell_is_ceiling(cell);
    return series;
}

static void add_point(struct chart *chart, const json_t *cell, struct chart_point point)
{
    struct chart_series *const series =
        point.x > 0 && point.y > 0 && !cell_is_twin(cell) ? series_of(chart, cell) : NULL;
    if (series != NULL && series->n < CHART_POINTS)
        series->points[series->n++] = point;
}

static struct chart_point time_of(const json_t *cell, double x)
{
    const json_t *const metric = cell_metric(cell, "ns_per_op");
    return (struct chart_point){x, value_of(cell, "ns_per_op"),
                                member_number(metric, "low"),
                                member_number(metric, "high")};
}

static void name_chart(struct chart *chart, const char *what, const json_t *cell,
                       bool has_n)
{
    const char *const pattern = member_text(cell, "pattern");
    char source[CELL_SOURCE];
    const int n =
        snprintf(chart->title, sizeof chart->title, "%s: %.24s%s%.24s, %.8s", what,
                 member_text(cell, "workload"), *pattern != '\0' ? ", " : "", pattern,
                 member_text(cell, "key"));
    if (has_n && n > 0 && (size_t)n < sizeof chart->title)
        snprintf(chart->title + n, sizeof chart->title - (size_t)n, ", n = %.10g%s",
                 member_number(cell, "n"), cell_source(cell, source));
}

/* Whether two cells were run alike, on one machine, but for map and n. */
static bool is_alike(const json_t *result, const json_t *a, const json_t *b)
{
    static const char *const names[] = {"workload", "pattern", "key", "pages"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(member_text(a, names[i]), member_text(b, names[i])) != 0)
            return false;
    return cell_shares_machine(result, a, b);
}

/* ---- time against size ---- */

static bool is_first_alike(const json_t *result, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (is_alike(result, cell_at(result, i), cell_at(result, at)))
            return false;
    return true;
}

static bool put_sizes(FILE *to, const json_t *result, size_t at, struct chart *chart,
                      unsigned id)
{
    const json_t *const cells = json_object_get(result, "cells");
    const json_t *const first = json_array_get(cells, at);
    double least_bytes = INFINITY, most_bytes = 0;
    bool has_several = false;
    *chart = (struct chart){
        .x_title = "n, entries", .y_title = "ns an operation", .has_lines = true};
    name_chart(chart, "Time against size", first, false);
    for (size_t i = at; i < json_array_size(cells); i++) {
        const json_t *const cell = json_array_get(cells, i);
        if (!is_alike(result, first, cell))
            continue;
        has_several |= member_number(cell, "n") != member_number(first, "n");
        add_point(chart, cell, time_of(cell, member_number(cell, "n")));
        const double bytes =
            cell_is_ceiling(cell) ? 0 : value_of(cell, "bytes_per_entry");
        if (bytes > 0) {
            least_bytes = fmin(least_bytes, bytes);
            most_bytes = fmax(most_bytes, bytes);
        }
    }
    if (!has_several)
        return false;
    page_add_levels(chart, cell_machine(result, first), least_bytes, most_bytes);
    chart_put(to, chart, id);
    return true;
}

/* ---- latencies ---- */

static bool put_latencies(FILE *to, const json_t *cells, size_t first, size_t n,
                          struct chart *chart, unsigned id)
{
    static const char *const metrics[] = {"latency_p50_ns", "latency_p90_ns",
                                          "latency_p99_ns", "latency_p999_ns",
                                          "latency_max_ns"};
    static const char *const names[] = {"p50", "p90", "p99", "p99.9", "max", NULL};
    *chart = (struct chart){.x_title = "percentile of single operations",
                            .y_title = "ns",
                            .x_names = names,
                            .has_lines = true};
    name_chart(chart, "Latency", json_array_get(cells, first), true);
    for (size_t i = first; i < first + n; i++) {
        const json_t *const cell = json_array_get(cells, i);
        for (size_t j = 0; j < 5; j++)
            add_point(
                chart, cell,
                (struct chart_point){(double)j + 1, value_of(cell, metrics[j]), 0, 0});
    }
    if (chart->n > 0)
        chart_put(to, chart, id);
    return chart->n > 0;
}

/* ---- memory against time ---- */

static bool put_memory(FILE *to, const json_t *cells, size_t first, size_t n,
                       struct chart *chart, unsigned id)
{
    *chart = (struct chart){.x_title = "bytes an entry", .y_title = "ns an operation"};
    name_chart(chart, "Memory against time", json_array_get(cells, first), true);
    for (size_t i = first; i < first + n; i++) {
        const json_t *const cell = json_array_get(cells, i);
        add_point(chart, cell, time_of(cell, value_of(cell, "bytes_per_entry")));
    }
    const bool is_worth = chart->n > 1;
    if (is_worth)
        chart_put(to, chart, id);
    return is_worth;
}

/* ---- resizes ---- */

/* By the slots that each has made; the smallest, where there are many, are left out. */
static bool put_resizes(FILE *to, const json_t *cells, size_t first, size_t n,
                        struct chart *chart, unsigned id)
{
    *chart = (struct chart){.x_title = "slots after the resize",
                            .y_title = "ns a resize",
                            .has_lines = true,
                            .note = "Each of one run, that in which memory is counted."};
    name_chart(chart, "Resizes", json_array_get(cells, first), true);
    for (size_t i = first; i < first + n; i++) {
        const json_t *const cell = json_array_get(cells, i);
        const json_t *const events = json_object_get(cell, "resize_events");
        const size_t n_events = cell_is_ok(cell) ? json_array_size(events) : 0;
        const size_t from = n_events > CHART_POINTS ? n_events - CHART_POINTS : 0;
        for (size_t j = from; j < n_events; j++) {
            const json_t *const event = json_array_get(events, j);
            add_point(chart, cell,
                      (struct chart_point){member_number(event, "new_capacity"),
                                           member_number(event, "duration_ns"), 0, 0});
        }
    }
    if (chart->n > 0)
        chart_put(to, chart, id);
    return chart->n > 0;
}

/* Smaller sizes are looked at in the tables. */
static bool is_largest_alike(const json_t *result, size_t at)
{
    const json_t *const cells = json_object_get(result, "cells");
    const json_t *const own = json_array_get(cells, at);
    for (size_t i = 0; i < json_array_size(cells); i++) {
        const json_t *const cell = json_array_get(cells, i);
        if (is_alike(result, cell, own) &&
            member_number(cell, "n") > member_number(own, "n"))
            return false;
    }
    return true;
}

void page_put_charts(FILE *to, const json_t *result)
{
    const json_t *const cells = json_object_get(result, "cells");
    struct chart *const chart = malloc(sizeof *chart);
    unsigned id = 0;
    if (chart == NULL)
        return;
    for (size_t i = 0; i < json_array_size(cells); i++)
        if (is_first_alike(result, i))
            id += put_sizes(to, result, i, chart, id);
    for (size_t first = 0, n; (n = cell_group(cells, first)) > 0; first += n) {
        if (is_largest_alike(result, first)) {
            id += put_memory(to, cells, first, n, chart, id);
            id += put_resizes(to, cells, first, n, chart, id);
        }
        id += put_latencies(to, cells, first, n, chart, id);
    }
    if (id == 0)
        fputs("<p>There is nothing to draw: one map, one size, no latency. Charts come "
              "with several sizes (-n 1k,30k,1M) or maps.</p>\n",
              to);
    free(chart);
}
