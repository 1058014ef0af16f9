/* SPDX-License-Identifier: MIT */
/* A result as tables for a terminal: one for each workload, key type, hash and n. */
#include "text.h"

#include <stdbool.h>
#include <string.h>

struct column {
    const char *title;
    const char *metric;
    double scale; /* what the metric's unit is divided by */
    int width, decimals;
};

static const struct column columns[] = {
    {"ns/op", "ns_per_op", 1, 9, 1},
    {"wall s", "wall_s", 1, 8, 3},
    {"user s", "user_s", 1, 8, 3},
    {"sys s", "sys_s", 1, 8, 3},
    {"peak MiB", "peak_bytes", 1048576, 9, 1},
    {"RSS MiB", "peak_rss_bytes", 1048576, 9, 1},
    {"B/entry", "bytes_per_entry", 1, 8, 1},
    {"allocs", "alloc_calls", 1, 10, 0},
    {"faults", "page_faults", 1, 8, 0},
    {"resizes", "resizes", 1, 8, 0},
};

enum { N_COLUMNS = sizeof columns / sizeof *columns, NAME_WIDTH = 24 };

static const char *text_of(const json_t *cell, const char *name)
{
    const char *const text = json_string_value(json_object_get(cell, name));
    return text != NULL ? text : "";
}

static bool is_same_group(const json_t *a, const json_t *b)
{
    static const char *const names[] = {"workload", "pattern", "key", "hash", "n"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!json_equal(json_object_get(a, names[i]), json_object_get(b, names[i])))
            return false;
    return true;
}

/* 10000000 as 10,000,000. */
static void print_grouped(FILE *to, json_int_t n)
{
    char digits[32];
    const int length = snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, n);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            fputc(',', to);
        fputc(digits[i], to);
    }
}

static void print_head(const json_t *cell, FILE *to)
{
    fprintf(to, "\n%s %s%s%s, hash %s, n = ", text_of(cell, "workload"),
            text_of(cell, "pattern"), text_of(cell, "pattern")[0] != '\0' ? " " : "",
            text_of(cell, "key"), text_of(cell, "hash"));
    print_grouped(to, json_integer_value(json_object_get(cell, "n")));
    fprintf(to, "\n  %-*s", NAME_WIDTH, "map");
    for (size_t i = 0; i < N_COLUMNS; i++)
        fprintf(to, "%*s%s", columns[i].width, columns[i].title,
                i == 0 ? "  interval     " : "");
    fputc('\n', to);
}

/* "[14.1, 15.0]" behind the first column, or blanks of the same width. */
static void print_interval(const json_t *metric, FILE *to)
{
    char text[32] = "";
    const json_t *const low = json_object_get(metric, "low");
    if (json_is_number(low))
        snprintf(text, sizeof text, " [%.1f, %.1f]", json_number_value(low),
                 json_number_value(json_object_get(metric, "high")));
    fprintf(to, "%-15s", text);
}

static void print_row(const json_t *cell, FILE *to)
{
    const json_t *const metrics = json_object_get(cell, "metrics");
    fprintf(to, "  %-*s", NAME_WIDTH, text_of(cell, "subject"));
    if (strcmp(text_of(cell, "status"), "ok") != 0) {
        fprintf(to, "  %s: %s\n", text_of(cell, "status"), text_of(cell, "reason"));
        return;
    }
    for (size_t i = 0; i < N_COLUMNS; i++) {
        const json_t *const metric = json_object_get(metrics, columns[i].metric);
        const json_t *const value = json_object_get(metric, "value");
        if (json_is_number(value))
            fprintf(to, "%*.*f", columns[i].width, columns[i].decimals,
                    json_number_value(value) / columns[i].scale);
        else
            fprintf(to, "%*s", columns[i].width, "-");
        if (i == 0)
            print_interval(metric, to);
    }
    fputc('\n', to);
}

/* The level of the intervals shown: the lowest of all. 0: there are none. */
static double level_of(const json_t *cells)
{
    double lowest = 0;
    size_t i;
    const json_t *cell;
    json_array_foreach(cells, i, cell)
    {
        const json_t *const metric =
            json_object_get(json_object_get(cell, "metrics"), columns[0].metric);
        const double level = json_number_value(json_object_get(metric, "level"));
        if (level > 0 && (lowest == 0 || level < lowest))
            lowest = level;
    }
    return lowest;
}

void report_text(const json_t *result, FILE *to, bool is_detailed)
{
    (void)is_detailed;
    const json_t *const cells = json_object_get(result, "cells");
    const json_t *before = NULL;
    size_t i;
    json_t *cell;
    json_array_foreach(cells, i, cell)
    {
        if (before == NULL || !is_same_group(before, cell))
            print_head(cell, to);
        print_row(cell, to);
        before = cell;
    }
    const double level = level_of(cells);
    if (level > 0)
        fprintf(to, "\nAn interval encloses the true median with probability %.3f.\n",
                level);
    if (!json_is_true(json_object_get(result, "complete")))
        fputs("\nInterrupted: only finished cells are shown.\n", to);
}
