/* SPDX-License-Identifier: MIT */
/* What the instrument counters saw of one cell, as perf stat would print it.
 *
 *       123,456,789      cycles:u           #    2.469 GHz                  (66.66%)
 *   <not supported>      LLC-loads:u
 *
 * Values are medians over the blocks, `:u` is perf's mark for user mode alone. The
 * comments are perf's, with its divisors: rates and GHz by the task clock. User and system
 * time are of the clock's own pass, which no counter slows. */
#include "perf_stat.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "../stats/median.h"
#include "cell_read.h"

enum { COMMENT_WIDTH = 36, NAME_WIDTH = 32, MOST_SAMPLES = 1000 };
enum { LIST_INDENT = 17, LIST_COLUMNS = 90 }; /* of events that share a reason */

/* What is said behind a value. */
enum comment { COMMENT_RATE, COMMENT_SHARE, COMMENT_GHZ, COMMENT_IPC, COMMENT_CPUS };

struct row {
    const char *metric, *name;
    enum comment comment;
    const char *base; /* the metric that it is a share of */
    const char *text;
};

static const struct row rows[] = {
    {"cache_references", "cache-references:u", COMMENT_RATE, NULL, NULL},
    {"cache_misses", "cache-misses:u", COMMENT_SHARE, "cache_references",
     "of all cache refs"},
    {"l1d_loads", "L1-dcache-loads:u", COMMENT_RATE, NULL, NULL},
    {"l1d_load_misses", "L1-dcache-load-misses:u", COMMENT_SHARE, "l1d_loads",
     "of all L1-dcache accesses"},
    {"llc_loads", "LLC-loads:u", COMMENT_RATE, NULL, NULL},
    {"llc_load_misses", "LLC-load-misses:u", COMMENT_SHARE, "llc_loads",
     "of all LL-cache accesses"},
    {"dtlb_load_misses", "dTLB-load-misses:u", COMMENT_RATE, NULL, NULL},
    {"cycles", "cycles:u", COMMENT_GHZ, NULL, NULL},
    {"instructions", "instructions:u", COMMENT_IPC, "cycles", NULL},
    {"branches", "branches:u", COMMENT_RATE, NULL, NULL},
    {"branch_misses", "branch-misses:u", COMMENT_SHARE, "branches", "of all branches"},
    {"context_switches", "context-switches", COMMENT_RATE, NULL, NULL},
    {"cpu_migrations", "cpu-migrations", COMMENT_RATE, NULL, NULL},
    {"page_faults_timed", "page-faults:u", COMMENT_RATE, NULL, NULL},
    {"cpu_clock_ms", "cpu-clock", COMMENT_CPUS, NULL, NULL},
    {"task_clock_ms", "task-clock", COMMENT_CPUS, NULL, NULL},
};

enum { N_ROWS = sizeof rows / sizeof *rows };

/* ---- what a result says; it may say anything ---- */

/* The metric's value; false: there is none that could be one. */
static bool value_of(const json_t *cell, const char *name, double *value)
{
    const json_t *const number = json_object_get(cell_metric(cell, name), "value");
    *value = json_number_value(number);
    return json_is_number(number) && *value >= 0 && *value < 1e18;
}

/* Of the pass that counted; of the clock's in a result without it. */
static bool elapsed_of(const json_t *cell, double *seconds)
{
    return value_of(cell, "elapsed_s", seconds) || value_of(cell, "wall_s", seconds);
}

/* The text without control characters: below a space, delete, and C1, which some
 * terminals obey and UTF-8 writes as C2 and 80 to 9F. */
static void print_clean(const char *text, FILE *to)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0)
            c++;
        else if (*c >= ' ' && *c != 0x7F)
            fputc(*c, to);
    }
}

/* The share of the time that the counts ran: the median of the samples. */
static double share_of(const json_t *metric)
{
    static double shares[MOST_SAMPLES];
    size_t n = 0, i;
    const json_t *sample;
    json_array_foreach(json_object_get(metric, "samples"), i, sample)
    {
        const json_t *const share = json_object_get(sample, "share");
        const double number = json_is_number(share) ? json_number_value(share) : 1;
        if (n < MOST_SAMPLES)
            shares[n++] = number > 0 && number < 1 ? number : 1;
    }
    return n == 0 ? 1 : median_of(shares, n, 0.5).value;
}

/* ---- numbers ---- */

/* 1234567.891 with two decimals as 1,234,567.89. */
static void format_grouped(char *text, size_t bytes, double value, int decimals)
{
    char plain[48];
    size_t n = 0;
    snprintf(plain, sizeof plain, "%.*f", decimals, value);
    const size_t whole = strcspn(plain, ".");
    for (size_t i = 0; plain[i] != '\0' && n + 2 < bytes; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            text[n++] = ',';
        text[n++] = plain[i];
    }
    text[n] = '\0';
}

/* "   2.469 M/sec" */
static void format_rate(char *text, size_t bytes, double per_second)
{
    static const struct {
        double unit;
        const char *name;
    } units[] = {{1e9, "G/sec"}, {1e6, "M/sec"}, {1e3, "K/sec"}, {1, "/sec"}};
    size_t k = 0;
    while (k < 3 && per_second < units[k].unit)
        k++;
    snprintf(text, bytes, "%8.3f %s", per_second / units[k].unit, units[k].name);
}

/* Whether both counted by the event that they are named after, or both by the nearest:
 * else their quotient is of two different caches. */
static bool is_same_kind(const json_t *cell, const char *a, const char *b)
{
    return (json_object_get(cell_metric(cell, a), "event") == NULL) ==
           (json_object_get(cell_metric(cell, b), "event") == NULL);
}

static void format_comment(const json_t *cell, const struct row *row, double value,
                           char *text, size_t bytes)
{
    double clock_ms, base, wall_s;
    text[0] = '\0';
    const bool has_clock = value_of(cell, "task_clock_ms", &clock_ms) && clock_ms > 0;
    const bool has_base = row->base != NULL && value_of(cell, row->base, &base) &&
                          base > 0 && is_same_kind(cell, row->metric, row->base);
    switch (row->comment) {
    case COMMENT_CPUS:
        if (elapsed_of(cell, &wall_s) && wall_s > 0)
            snprintf(text, bytes, "%8.3f CPUs utilized", value * 1e-3 / wall_s);
        return;
    case COMMENT_GHZ:
        if (has_clock)
            snprintf(text, bytes, "%8.3f GHz", value / (clock_ms * 1e6));
        return;
    case COMMENT_IPC:
        if (has_base)
            snprintf(text, bytes, "%7.2f  insn per cycle", value / base);
        return;
    case COMMENT_SHARE:
        if (has_base) {
            snprintf(text, bytes, "%7.2f%% %s", value / base * 100, row->text);
            return;
        }
        break;
    case COMMENT_RATE:
        break;
    }
    if (has_clock)
        format_rate(text, bytes, value / (clock_ms * 1e-3));
}

/* ---- lines ---- */

/* "map' (workload pattern key, hash h, n = 1,000)", behind an opening quote. */
static void print_subject(const json_t *cell, FILE *to)
{
    static const char *const names[] = {"workload", "pattern", "key"};
    char n[64];
    print_clean(member_text(cell, "subject"), to);
    fputs("' (", to);
    const char *between = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (member_text(cell, names[i])[0] == '\0')
            continue;
        fputs(between, to);
        print_clean(member_text(cell, names[i]), to);
        between = " ";
    }
    fputs(", hash ", to);
    print_clean(member_text(cell, "hash"), to);
    format_grouped(n, sizeof n, (double)json_integer_value(json_object_get(cell, "n")),
                   0);
    fprintf(to, ", n = %s)", n);
}

static bool is_clock(const struct row *row)
{
    return row->comment == COMMENT_CPUS;
}

static void print_row(const json_t *cell, const struct row *row, FILE *to)
{
    const json_t *const metric = cell_metric(cell, row->metric);
    char count[64], comment[128];
    double value;
    if (metric == NULL)
        return;
    if (!value_of(cell, row->metric, &value)) {
        fprintf(to, "%18s      %s\n", "<not supported>", row->name);
        return;
    }
    format_grouped(count, sizeof count, value, is_clock(row) ? 2 : 0);
    format_comment(cell, row, value, comment, sizeof comment);
    const double share = share_of(metric);
    const bool is_last = comment[0] == '\0' && share >= 1; /* nothing to align */
    fprintf(to, "%18s %-4s %-*s", count, is_clock(row) ? "msec" : "",
            is_last ? 0 : NAME_WIDTH, row->name);
    if (comment[0] != '\0')
        fprintf(to, " # %-*s", share < 1 ? COMMENT_WIDTH : 0, comment);
    else if (share < 1)
        fprintf(to, "   %*s", COMMENT_WIDTH, "");
    if (share < 1)
        fprintf(to, "(%.2f%%)", share * 100);
    fputc('\n', to);
}

static void print_times(const json_t *cell, FILE *to)
{
    static const struct {
        const char *metric, *text;
    } times[] = {{"user_s", "seconds user (in the pass of the clock)"},
                 {"sys_s", "seconds sys"}};
    double seconds;
    if (elapsed_of(cell, &seconds))
        fprintf(to, "\n%18.9f seconds time elapsed\n", seconds);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (value_of(cell, times[i].metric, &seconds))
            fprintf(to, "%s%18.9f %s\n", i == 0 ? "\n" : "", seconds, times[i].text);
}

/* ---- below the block ---- */

/* The reason of a row without a value, or NULL. */
static const char *reason_of(const json_t *cell, size_t i)
{
    double value;
    const json_t *const metric = cell_metric(cell, rows[i].metric);
    if (metric == NULL || value_of(cell, rows[i].metric, &value))
        return NULL;
    const char *const reason = member_text(metric, "reason");
    return reason[0] != '\0' ? reason : "the result gives no reason";
}

/* One more of the list; a new line when this one is full. */
static void print_listed(const char *name, int *column, FILE *to)
{
    const int width = (int)strlen(name) + 2; /* names of ours: short */
    if (*column + width > LIST_COLUMNS) {
        fprintf(to, ",\n%*s%s", LIST_INDENT, "", name);
        *column = LIST_INDENT;
    } else {
        fprintf(to, "%s%s", *column > LIST_INDENT ? ", " : "", name);
    }
    *column += width;
}

/* Each reason once, behind all the events that have it. */
static void print_reasons(const json_t *cell, FILE *to)
{
    bool is_said[N_ROWS] = {false};
    for (size_t i = 0; i < N_ROWS; i++) {
        const char *const reason = reason_of(cell, i);
        int column = LIST_INDENT;
        if (reason == NULL || is_said[i])
            continue;
        fputs("\n <not supported> ", to);
        for (size_t k = i; k < N_ROWS; k++) {
            const char *const other = reason_of(cell, k);
            if (other == NULL || strcmp(other, reason) != 0)
                continue;
            is_said[k] = true;
            print_listed(rows[k].name, &column, to);
        }
        fputs(":\n   ", to);
        print_clean(reason, to);
        fputc('\n', to);
    }
}

/* Which event counted where the one of that name could not. */
static void print_nearest(const json_t *cell, FILE *to)
{
    bool is_first = true;
    for (size_t i = 0; i < N_ROWS; i++) {
        double value;
        const char *const event = member_text(cell_metric(cell, rows[i].metric), "event");
        if (event[0] == '\0' || !value_of(cell, rows[i].metric, &value))
            continue;
        fprintf(to, "%s %s is the nearest this processor has: ", is_first ? "\n" : "",
                rows[i].name);
        print_clean(event, to);
        fputc('\n', to);
        is_first = false;
    }
}

static bool has_any(const json_t *cell)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (json_is_object(cell_metric(cell, rows[i].metric)))
            return true;
    return false;
}

void report_perf_stat(const json_t *cell, FILE *to)
{
    const char *const status = member_text(cell, "status");
    if (strcmp(status, "ok") != 0) {
        fputs("\n '", to);
        print_subject(cell, to);
        fputs(": ", to);
        print_clean(status[0] != '\0' ? status : "no status", to);
        fputs(member_text(cell, "reason")[0] != '\0' ? ": " : "", to);
        print_clean(member_text(cell, "reason"), to);
        fputc('\n', to);
        return;
    }
    if (!has_any(cell))
        return;
    fputs("\n Performance counter stats for '", to);
    print_subject(cell, to);
    fputs(":\n\n", to);
    for (size_t i = 0; i < N_ROWS; i++)
        print_row(cell, &rows[i], to);
    print_times(cell, to);
    print_nearest(cell, to);
    print_reasons(cell, to);
}
