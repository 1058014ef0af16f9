/* SPDX-License-Identifier: MIT */
/* A result as tables for a terminal: for each workload, key type, hash and n one of time
 * and memory, and one of latency and events where they were looked at. */
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include "../terminal.h"
#include "calls_text.h"
#include "ceiling.h"
#include "cell_read.h"
#include "columns.h"
#include "flame_top.h"
#include "forensics_text.h"
#include "functions_text.h"
#include "heat_map.h"
#include "miss_curve.h"
#include "noise_words.h"
#include "pages_text.h"
#include "perf_stat.h"
#include "sources_text.h"
#include "verdicts.h"
#include "why.h"

struct column {
    const char *title;
    const char *metric;
    const char *divisor; /* another metric; "operations": each; NULL: nothing */
    double scale;        /* what the quotient is divided by */
    int width, decimals;
};

static const struct column costs[] = {
    {"ns/op", "ns_per_op", NULL, 1, 9, 1},
    {"wall s", "wall_s", NULL, 1, 8, 3},
    {"user s", "user_s", NULL, 1, 8, 3},
    {"sys s", "sys_s", NULL, 1, 8, 3},
    {"peak MiB", "peak_bytes", NULL, 1048576, 9, 1},
    {"RSS MiB", "peak_rss_bytes", NULL, 1048576, 9, 1},
    {"B/entry", "bytes_per_entry", NULL, 1, 8, 1},
    {"allocs", "alloc_calls", NULL, 1, 10, 0},
    {"faults", "page_faults", NULL, 1, 8, 0},
    {"resizes", "resizes", NULL, 1, 8, 0},
};

/* What is shown in tables of its own; here for the reason why it is not. */
static const struct column models[] = {
    {"cache model", "sim_l1d_loads", NULL, 1, 0, 0},
    {"miss curve", "reuse_lines", NULL, 1, 0, 0},
    {"memory calls", "mmap_calls", NULL, 1, 0, 0},
    {"instructions", "exact_instructions", NULL, 1, 0, 0},
    {"flame", "flame_samples", NULL, 1, 0, 0},
    {"flame, kernel", "flame_kernel_share", NULL, 1, 0, 0}};

static const struct column events[] = {
    {"p50 ns", "latency_p50_ns", NULL, 1, 9, 0},
    {"p90 ns", "latency_p90_ns", NULL, 1, 8, 0},
    {"p99 ns", "latency_p99_ns", NULL, 1, 8, 0},
    {"p99.9 ns", "latency_p999_ns", NULL, 1, 9, 0},
    {"max us", "latency_max_ns", NULL, 1000, 10, 1},
    {"insn/op", "instructions", "operations", 1, 8, 1},
    {"insn/cyc", "instructions", "cycles", 1, 9, 2},
    {"br miss%", "branch_misses", "branches", 0.01, 9, 2},
    {"L1m/op", "l1d_load_misses", "operations", 1, 7, 2},
    {"LLm/op", "llc_load_misses", "operations", 1, 7, 2},
    {"TLBm/op", "dtlb_load_misses", "operations", 1, 8, 2},
};

enum {
    N_COSTS = sizeof costs / sizeof *costs,
    N_MODELS = sizeof models / sizeof *models,
    N_EVENTS = sizeof events / sizeof *events,
    N_LATENCIES = 5, /* the first of them */
    LEAST_FLAMES = 8,
    MOST_FLAMES = 15, /* functions and lines; --details */
    NAME_WIDTH = 24
};

static void print_group(const json_t *cell, FILE *to)
{
    char source[CELL_SOURCE];
    const char *const pages = member_text(cell, "pages");
    const bool is_default = strcmp(pages, "default") == 0;
    fprintf(to, "\n%s%s %s%s%s, hash %s, n = ", terminal_style(to, STYLE_STRONG),
            member_text(cell, "workload"), member_text(cell, "pattern"),
            member_text(cell, "pattern")[0] != '\0' ? " " : "", member_text(cell, "key"),
            member_text(cell, "hash"));
    columns_grouped(to, json_integer_value(json_object_get(cell, "n")));
    fprintf(to, "%s%s%s%s\n", is_default ? "" : ", pages ", is_default ? "" : pages,
            cell_source(cell, source), terminal_style(to, STYLE_PLAIN));
}

static bool has_multiples(const json_t *cells, size_t first, size_t n)
{
    double ignored;
    return ceiling_at(cells, first, n, 0, &ignored);
}

/* A map's time by its ceiling's, in the column behind the interval. */
static void print_multiple(const json_t *cells, size_t first, size_t n,
                           const json_t *cell, FILE *to)
{
    double multiple;
    if (ceiling_multiple(cells, first, n, cell, &multiple))
        fprintf(to, multiple < 1e6 ? "%11.2f" : "%11.0e", multiple);
    else
        fprintf(to, "%11s", "-");
}

static void print_titles(const struct column *columns, size_t n, bool has_ceilings,
                         FILE *to)
{
    fprintf(to, "  %-*s", NAME_WIDTH, "map");
    for (size_t i = 0; i < n; i++)
        fprintf(to, "%*s%s", columns[i].width, columns[i].title,
                columns != costs || i > 0 ? ""
                : has_ceilings            ? "  interval       x ceiling"
                                          : "  interval     ");
    fputs(columns == events ? "  longest operation\n" : "\n", to);
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

/* A column's number in one cell; "-" where there is none. */
static void print_value(const json_t *cell, const struct column *column, FILE *to)
{
    char text[64];
    const json_t *const metric = cell_metric(cell, column->metric);
    const json_t *const value = json_object_get(metric, "value");
    double divisor = 1;
    if (column->divisor != NULL) {
        const json_t *const other =
            strcmp(column->divisor, "operations") == 0
                ? json_object_get(cell, "operations")
                : json_object_get(cell_metric(cell, column->divisor), "value");
        divisor = json_number_value(other);
    }
    const bool is_known = json_is_number(value) && divisor > 0;
    const double shown = json_number_value(value) / divisor / column->scale;
    const bool is_wide = shown > 1e15 || shown < -1e15; /* no measurement is */
    snprintf(text, sizeof text, is_wide ? "%s%.*e" : "%s%.*f",
             json_is_true(json_object_get(metric, "is_bound")) ? "<" : "",
             column->decimals, shown);
    fprintf(to, "%*s", column->width, is_known ? text : "-");
}

static void print_stall(const json_t *stall, FILE *to)
{
    const json_t *const capacity = json_object_get(stall, "new_capacity");
    if (stall == NULL) {
        fputs("  none that was not preempted", to);
        return;
    }
    fprintf(to, "  %.1f us: %s ",
            json_number_value(json_object_get(stall, "duration_ns")) / 1000,
            member_text(stall, "kind"));
    columns_grouped(to, json_integer_value(json_object_get(stall, "operation")));
    if (json_is_integer(capacity)) {
        fputs(", resize to ", to);
        columns_grouped(to, json_integer_value(capacity));
        fprintf(to, " in %.1f us",
                json_number_value(json_object_get(stall, "resize_ns")) / 1000);
    }
}

/* Cell `at` of a group, which is cells first to first + n_cells - 1. */
static void print_row(const json_t *cells, size_t first, size_t n_cells, size_t at,
                      const struct column *columns, size_t n, FILE *to)
{
    const json_t *const cell = json_array_get(cells, at);
    char name[CELL_NAME];
    fputs("  ", to);
    columns_name(to, cell_map(cell, name), NAME_WIDTH);
    if (!cell_is_ok(cell)) {
        fprintf(to, "  %s%s%s: %s\n", terminal_style(to, STYLE_BAD),
                member_text(cell, "status"), terminal_style(to, STYLE_PLAIN),
                member_text(cell, "reason"));
        return;
    }
    for (size_t i = 0; i < n; i++) {
        print_value(cell, &columns[i], to);
        if (columns != costs || i > 0)
            continue;
        print_interval(cell_metric(cell, columns[i].metric), to);
        if (has_multiples(cells, first, n_cells))
            print_multiple(cells, first, n_cells, cell, to);
    }
    if (columns == events && json_array_size(json_object_get(cell, "stalls")) > 0)
        print_stall(cell_longest_stall(cell), to);
    fputc('\n', to);
}

/* Whether some cell of the group was asked for some of the columns. */
static bool has_some(const json_t *cells, size_t first, size_t n,
                     const struct column *columns, size_t n_columns)
{
    for (size_t i = first; i < first + n; i++)
        for (size_t j = 0; j < n_columns; j++)
            if (cell_is_ok(json_array_get(cells, i)) &&
                cell_metric(json_array_get(cells, i), columns[j].metric) != NULL)
                return true;
    return false;
}

static void print_table(const json_t *cells, size_t first, size_t n,
                        const struct column *columns, size_t n_columns, FILE *to)
{
    print_titles(columns, n_columns, has_multiples(cells, first, n), to);
    for (size_t i = first; i < first + n; i++)
        print_row(cells, first, n, i, columns, n_columns, to);
}

/* The reason of a column in some cell that is ok, or "". */
static const char *reason_in(const json_t *cell, const struct column *column)
{
    return cell_is_ok(cell) ? member_text(cell_metric(cell, column->metric), "reason")
                            : "";
}

/* Whether that reason has been told: in an earlier column, or an earlier cell of it. */
static bool is_told(const json_t *cells, const struct column *columns, size_t column,
                    size_t cell, const char *reason)
{
    for (size_t c = 0; c <= column; c++)
        for (size_t i = 0; i < (c < column ? json_array_size(cells) : cell); i++)
            if (strcmp(reason_in(json_array_get(cells, i), &columns[c]), reason) == 0)
                return true;
    return false;
}

/* All columns in which some cell has that reason. */
static void print_sharers(const json_t *cells, const struct column *columns, size_t n,
                          size_t first, const char *reason, FILE *to)
{
    for (size_t c = first; c < n; c++) {
        bool has_it = false;
        for (size_t i = 0; i < json_array_size(cells) && !has_it; i++)
            has_it =
                strcmp(reason_in(json_array_get(cells, i), &columns[c]), reason) == 0;
        if (has_it)
            fprintf(to, "%s%s", c == first ? "  " : ", ", columns[c].title);
    }
    fprintf(to, ": %s\n", reason);
}

/* Why columns have no numbers: each reason once, behind the columns that share it. */
static void print_reasons(const json_t *cells, const struct column *columns, size_t n,
                          FILE *to)
{
    for (size_t c = 0; c < n; c++) {
        for (size_t i = 0; i < json_array_size(cells); i++) {
            const char *const reason = reason_in(json_array_get(cells, i), &columns[c]);
            if (*reason != '\0' && !is_told(cells, columns, c, i, reason))
                print_sharers(cells, columns, n, c, reason, to);
        }
    }
}

/* Below all tables. The events' own blocks have told, where they were shown. */
static void print_all_reasons(const json_t *cells, bool is_detailed, FILE *to)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const room = open_memstream(&text, &size);
    if (room == NULL)
        return;
    print_reasons(cells, costs, N_COSTS, room);
    print_reasons(cells, models, N_MODELS, room);
    print_reasons(cells, events, is_detailed ? N_LATENCIES : N_EVENTS, room);
    fclose(room);
    if (size > 0)
        fprintf(to, "\nWithout a number (-)\n%s", text);
    free(text);
}

/* The level of the intervals shown: the lowest of all. 0: there are none. */
static double level_of(const json_t *cells)
{
    double lowest = 0;
    size_t i;
    const json_t *cell;
    json_array_foreach(cells, i, cell)
    {
        const json_t *const metric = cell_metric(cell, costs[0].metric);
        const double level = json_number_value(json_object_get(metric, "level"));
        if (level > 0 && (lowest == 0 || level < lowest))
            lowest = level;
    }
    return lowest;
}

static void print_level(const json_t *cells, FILE *to)
{
    char text[160];
    const double level = level_of(cells);
    if (!(level > 0))
        return;
    snprintf(text, sizeof text,
             "Values are medians over the blocks; an interval encloses the true median "
             "with probability %.3f.",
             level);
    fputc('\n', to);
    columns_paragraph(to, text, 0);
}

/* One group: cells first to first + n - 1. */
static void report_group(const json_t *cells, size_t first, size_t n, bool is_detailed,
                         const json_t *machine, bool *has_verdicts, FILE *to)
{
    print_group(json_array_get(cells, first), to);
    const bool has_events = has_some(cells, first, n, events, N_EVENTS);
    bool says_enough = has_events || has_some(cells, first, n, models, N_MODELS) ||
                       has_heat(cells, first, n);
    for (size_t i = first; i < first + n; i++) /* a bad status stands in a table's row */
        says_enough = says_enough && (has_events || cell_is_ok(json_array_get(cells, i)));
    if (has_some(cells, first, n, costs, N_COSTS) || !says_enough)
        print_table(cells, first, n, costs, N_COSTS, to);
    if (has_events)
        print_table(cells, first, n, events, N_EVENTS, to);
    *has_verdicts |= report_verdicts(cells, first, n, to);
    report_why(cells, first, n, to);
    report_miss_curve(cells, first, n, to);
    report_heats(cells, first, n, is_detailed, machine, to);
    for (size_t i = first; i < first + n; i++) {
        report_calls(json_array_get(cells, i), to, false);
        report_functions(json_array_get(cells, i), to, false);
        report_flame(json_array_get(cells, i), is_detailed ? MOST_FLAMES : LEAST_FLAMES,
                     to);
    }
    for (size_t i = first; is_detailed && i < first + n; i++)
        report_forensics(json_array_get(cells, i), to);
    for (size_t i = first; is_detailed && i < first + n; i++)
        if (cell_metric(json_array_get(cells, i), "task_clock_ms") != NULL)
            report_perf_stat(json_array_get(cells, i), to);
}

void report_text(const json_t *result, FILE *to, bool is_detailed)
{
    const json_t *const cells = json_object_get(result, "cells");
    const json_t *const machine = json_object_get(result, "machine");
    const size_t n_cells = json_array_size(cells);
    bool has_verdicts = false;
    for (size_t first = 0, n; first < n_cells; first += n) {
        n = cell_group(cells, first);
        report_group(cells, first, n, is_detailed, machine, &has_verdicts, to);
    }
    report_all_pages(cells, to);
    print_all_reasons(cells, is_detailed, to);
    print_level(cells, to);
    for (size_t i = 0; i < n_cells; i++) {
        if (has_multiples(cells, i, 1)) {
            columns_paragraph(to, CEILING_LEGEND, 0);
            break;
        }
    }
    if (has_verdicts)
        report_verdicts_legend(cells, to);
    if (has_some(cells, 0, n_cells, events, N_LATENCIES))
        columns_paragraph(to,
                          "The longest operation is of all blocks, and was not "
                          "preempted; max may have been.",
                          0);
    report_why_legend(cells, to);
    report_calls_legend(cells, to);
    report_noise(result, to);
    report_sources(result, to);
    if (!json_is_true(json_object_get(result, "complete")))
        fputs(json_object_get(result, "sources") != NULL
                  ? "\nA shard is missing, or was interrupted: only finished cells are "
                    "shown.\n"
              : n_cells > 0 ? "\nInterrupted: only finished cells are shown.\n"
                            : "\nInterrupted before any cell was finished.\n",
              to);
}
