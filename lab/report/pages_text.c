/* SPDX-License-Identifier: MIT */
/* Two cells that differ in their pages, side by side:
 *
 *     Pages 4k against thp: open_addressing
 *                                     4k       thp  thp/4k
 *       ns an operation            273.9     180.2    0.66
 *       page faults               49,160     1,637    0.03 */
#include "pages_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../terminal.h"
#include "cell_read.h"
#include "columns.h"
#include "forensics_read.h"

enum form { TIME, BYTES, COUNT, SHARE };

static const struct row {
    const char *title, *metric;
    enum form form;
} rows[] = {
    {"time an operation", "ns_per_op", TIME},
    {"median operation", "latency_p50_ns", TIME},
    {"longest operation", "latency_max_ns", TIME},
    {"longest resize", "resize_longest_ns", TIME},
    {"part of the time in resizes", "resize_share", SHARE},
    {"page faults", "page_faults", COUNT},
    {"of them in resizes", "resize_page_faults", COUNT},
    {"most resident", "peak_rss_bytes", BYTES},
    {"most resident in a resize", "resize_peak_resident_bytes", BYTES},
    {"in huge pages at the end", "huge_page_bytes", BYTES},
};
enum { N_ROWS = sizeof rows / sizeof *rows, TITLE_WIDTH = 32, WIDTH = 12, ROOM = 32 };

/* Looked through for pairs; their number is squared. */
enum { MOST_CELLS = 300 };

static void put_value(char text[ROOM], const json_t *cell, const struct row *row)
{
    const double value = forensics_metric(cell, row->metric);
    char *counted = NULL;
    size_t size;
    FILE *room;
    snprintf(text, ROOM, "-");
    if (!(value >= 0))
        return;
    switch (row->form) {
    case TIME:
        forensics_time(text, value);
        break;
    case BYTES:
        forensics_bytes(text, value);
        break;
    case SHARE:
        columns_share(text, value, 1);
        break;
    case COUNT:
        room = open_memstream(&counted, &size);
        if (room == NULL)
            return;
        forensics_count(room, value);
        fclose(room);
        snprintf(text, ROOM, "%.16s", counted);
        free(counted);
        break;
    }
}

/* Whether the intervals of both medians have something in common, or are not known. */
static bool may_be_equal(const json_t *a, const json_t *b)
{
    const json_t *const low[] = {json_object_get(a, "low"), json_object_get(b, "low")};
    const json_t *const high[] = {json_object_get(a, "high"), json_object_get(b, "high")};
    return !json_is_number(low[0]) || !json_is_number(low[1]) ||
           (json_number_value(low[0]) <= json_number_value(high[1]) &&
            json_number_value(low[1]) <= json_number_value(high[0]));
}

/* Counts are exact; that times differ only several blocks show. */
static bool is_in_doubt(const json_t *cell, const json_t *other, const struct row *row)
{
    return (row->form == TIME || row->form == SHARE) &&
           may_be_equal(cell_metric(cell, row->metric), cell_metric(other, row->metric));
}

static bool print_row(const json_t *cell, const json_t *other, const struct row *row,
                      FILE *to)
{
    char first[ROOM], second[ROOM], ratio[COLUMNS_NUMBER] = "-";
    const double a = forensics_metric(cell, row->metric);
    const double b = forensics_metric(other, row->metric);
    const bool is_in_question =
        isfinite(a) && isfinite(b) && is_in_doubt(cell, other, row);
    if (cell_metric(cell, row->metric) == NULL && cell_metric(other, row->metric) == NULL)
        return false; /* nobody asked */
    put_value(first, cell, row);
    put_value(second, other, row);
    if (a > 0 && b >= 0)
        columns_number(ratio, b / a);
    fprintf(to, "  %-*s%*s%*s%8s%s\n", TITLE_WIDTH, row->title, WIDTH, first, WIDTH,
            second, ratio, is_in_question ? " ?" : "");
    return is_in_question;
}

/* ---- what cannot be compared ---- */

/* The first field but `pages` in which they differ; NULL: there is none. */
static const char *other_difference(const json_t *cell, const json_t *other)
{
    static const char *const names[] = {"subject", "workload",    "pattern", "key",
                                        "hash",    "n",           "threads", "lock",
                                        "build",   "value_bytes", "status",  "source"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!member_is_same(cell, other, names[i]))
            return names[i];
    return NULL;
}

/* Why a row has no number, each reason once. */
static void print_reasons(const json_t *cell, FILE *to)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        const char *const reason =
            member_text(cell_metric(cell, rows[i].metric), "reason");
        bool is_told = *reason == '\0';
        for (size_t k = 0; k < i && !is_told; k++)
            is_told = strcmp(member_text(cell_metric(cell, rows[k].metric), "reason"),
                             reason) == 0;
        if (!is_told)
            fprintf(to, "  pages %s, %s: %s\n", member_text(cell, "pages"), rows[i].title,
                    reason);
    }
}

/* Pages are what was asked for, not always what came. */
static void print_remarks(const json_t *cell, FILE *to)
{
    const double huge = forensics_metric(cell, "huge_page_bytes");
    const char *const pages = member_text(cell, "pages");
    if (strcmp(pages, "thp") == 0 && huge == 0)
        columns_paragraph(to,
                          "The kernel gave no huge pages for thp: both columns are of "
                          "small ones. A map below 2 MiB gets none; onemiss doctor says "
                          "what else may be the reason.",
                          2);
    else if (strcmp(pages, "4k") == 0 && huge > 0)
        columns_paragraph(to, "The kernel used huge pages in spite of 4k.", 2);
    print_reasons(cell, to);
}

void report_pages(const json_t *cell, const json_t *other, FILE *to)
{
    const char *const a = member_text(cell, "pages"), *const b =
                                                          member_text(other, "pages");
    const char *const difference = other_difference(cell, other);
    char ratio[80];
    bool is_in_question = false;
    fprintf(to, "\n%sPages %s against %s: %s%s\n", terminal_style(to, STYLE_STRONG), a, b,
            member_text(cell, "subject"), terminal_style(to, STYLE_PLAIN));
    if (difference != NULL) {
        fprintf(to, "  not compared: the cells differ in '%s', too\n", difference);
        return;
    }
    if (!cell_is_ok(cell)) {
        fprintf(to, "  not compared: the cells are %s\n", member_text(cell, "status"));
        return;
    }
    snprintf(ratio, sizeof ratio, "%.16s/%.16s", b, a);
    fprintf(to, "  %-*s%*.11s%*.11s%8s\n", TITLE_WIDTH, "", WIDTH, a, WIDTH, b, ratio);
    for (size_t i = 0; i < N_ROWS; i++)
        is_in_question |= print_row(cell, other, &rows[i], to);
    if (is_in_question)
        columns_paragraph(to,
                          "? the intervals of both medians overlap, or there is but one "
                          "run of each: not shown to differ.",
                          2);
    print_remarks(cell, to);
    print_remarks(other, to);
}

static bool is_pair(const json_t *cell, const json_t *other)
{
    return other_difference(cell, other) == NULL && cell_is_ok(cell) &&
           strcmp(member_text(cell, "pages"), member_text(other, "pages")) != 0;
}

void report_all_pages(const json_t *cells, FILE *to)
{
    const size_t n_all = json_array_size(cells);
    const size_t n = n_all < MOST_CELLS ? n_all : MOST_CELLS;
    for (size_t i = 0; i < n; i++) {
        size_t k = i + 1;
        while (k < n && !is_pair(json_array_get(cells, i), json_array_get(cells, k)))
            k++;
        if (k < n)
            report_pages(json_array_get(cells, i), json_array_get(cells, k), to);
    }
}
