/* SPDX-License-Identifier: MIT */
/* The memory calls of a cell, merged with its resizes.
 *
 * Input: memory_calls, both of its arrays in order of time. Output, whole:
 *
 *        at us      in us  event
 *      11123.1             resize 32768 -> 65536 slots begins: 22938 entries, ...
 *      11130.2        4.4  mmap(NULL, 1572880, ...) = 0x7f4cfb3d6000
 *      20680.3             resize 32768 -> 65536 slots ends after 9557.2 us: 577 page faults
 *
 * and always the summary, in which a call belongs to the resize during which it began. */
#include "calls_text.h"

#include <stdint.h>
#include <string.h>

#include "../terminal.h"
#include "cell_read.h"
#include "columns.h"

enum { N_KINDS = 5, MOST_SHOWN = 40 /* resizes of the table */ };

static const char *const kinds[N_KINDS] = {"mmap", "munmap", "mremap", "brk", "madvise"};
static const int widths[N_KINDS] = {6, 7, 7, 6, 8};
enum { NAME_WIDTH = 21 };

/* What some of the calls sum up to. */
struct sums {
    double n[N_KINDS], n_all, faults, bytes, ns;
};

static json_int_t integer_of(const json_t *object, const char *field)
{
    return json_integer_value(json_object_get(object, field));
}

static void add(struct sums *sums, const json_t *call)
{
    for (size_t i = 0; i < N_KINDS; i++)
        sums->n[i] += strcmp(member_text(call, "call"), kinds[i]) == 0;
    sums->n_all++;
    sums->bytes += (double)integer_of(call, "added_bytes");
    sums->ns += (double)integer_of(call, "duration_ns");
}

static bool is_during(const json_t *call, const json_t *resize)
{
    const json_int_t at = integer_of(call, "at_ns");
    return at >= integer_of(resize, "began_ns") && at < integer_of(resize, "ended_ns");
}

/* ---- the log ---- */

static void print_resize(const json_t *resize, bool is_end, FILE *to)
{
    const double began = (double)integer_of(resize, "began_ns");
    const double ended = (double)integer_of(resize, "ended_ns");
    fprintf(to,
            "%12.1f             resize %" JSON_INTEGER_FORMAT " -> %" JSON_INTEGER_FORMAT
            " slots ",
            (is_end ? ended : began) / 1e3, integer_of(resize, "old_capacity"),
            integer_of(resize, "new_capacity"));
    if (is_end)
        fprintf(to, "ends after %.1f us: %" JSON_INTEGER_FORMAT " page faults\n",
                (ended - began) / 1e3, integer_of(resize, "page_faults"));
    else
        fprintf(to,
                "begins: %" JSON_INTEGER_FORMAT " entries, %" JSON_INTEGER_FORMAT
                " -> %" JSON_INTEGER_FORMAT " bytes\n",
                integer_of(resize, "items"), integer_of(resize, "old_bytes"),
                integer_of(resize, "new_bytes"));
}

static void print_call(const json_t *call, FILE *to)
{
    fprintf(to, "%12.1f %10.1f  %s\n", (double)integer_of(call, "at_ns") / 1e3,
            (double)integer_of(call, "duration_ns") / 1e3, member_text(call, "text"));
}

/* Prints begin and end of resizes up to a moment; *next is twice the number of those that
 * have ended, one more within one. */
static void print_resizes_until(const json_t *resizes, json_int_t at, size_t *next,
                                FILE *to)
{
    for (; *next < 2 * json_array_size(resizes); (*next)++) {
        const json_t *const resize = json_array_get(resizes, *next / 2);
        const bool is_end = *next % 2 == 1;
        if (integer_of(resize, is_end ? "ended_ns" : "began_ns") > at)
            return;
        print_resize(resize, is_end, to);
    }
}

static void print_log(const json_t *seen, FILE *to)
{
    const json_t *const resizes = json_object_get(seen, "resizes");
    const json_t *call;
    size_t i, next = 0;
    fprintf(to, "%12s %10s  event\n", "at us", "in us");
    json_array_foreach(json_object_get(seen, "calls"), i, call)
    {
        print_resizes_until(resizes, integer_of(call, "at_ns"), &next, to);
        print_call(call, to);
    }
    print_resizes_until(resizes, INT64_MAX, &next, to);
    fprintf(to, "%12.1f             the workload ends\n\n",
            (double)integer_of(seen, "ended_ns") / 1e3);
}

/* ---- the summary ---- */

static void print_number(FILE *to, double value, int width)
{
    char text[COLUMNS_NUMBER];
    columns_number(text, value);
    fprintf(to, "%*s", width, text);
}

/* A count in whole digits as long as they have room. */
static void print_count(FILE *to, double count, int width)
{
    if (count < 100000)
        fprintf(to, "%*.0f", width, count);
    else
        print_number(to, count, width);
}

static void print_sums(const char *name, const struct sums *sums, bool has_faults,
                       FILE *to)
{
    fputs("  ", to);
    columns_name(to, name, NAME_WIDTH);
    for (size_t i = 0; i < N_KINDS; i++)
        print_count(to, sums->n[i], widths[i]);
    print_number(to, sums->bytes / 1048576, 6);
    print_number(to, sums->ns / 1e3, 7);
    if (has_faults)
        print_count(to, sums->faults, 8);
    else
        fprintf(to, "%8s", "-");
    fputc('\n', to);
}

static void print_titles(FILE *to)
{
    fprintf(to, "  %-*s", NAME_WIDTH, "resize, slots");
    for (size_t i = 0; i < N_KINDS; i++)
        fprintf(to, "%*s", widths[i], kinds[i]);
    fprintf(to, "%6s%7s%8s\n", "MiB", "us", "faults");
}

/* The calls of one resize; *next is the first that has not begun before it. Calls in
 * between go to `outside`. */
static struct sums sums_of(const json_t *resize, const json_t *calls, size_t *next,
                           struct sums *outside)
{
    struct sums sums = {0};
    sums.faults = (double)integer_of(resize, "page_faults");
    for (; *next < json_array_size(calls); (*next)++) {
        const json_t *const call = json_array_get(calls, *next);
        if (integer_of(call, "at_ns") >= integer_of(resize, "ended_ns"))
            break;
        add(is_during(call, resize) ? &sums : outside, call);
    }
    return sums;
}

static void print_summary(const json_t *seen, FILE *to)
{
    const json_t *const calls = json_object_get(seen, "calls");
    const json_t *const resizes = json_object_get(seen, "resizes");
    const json_t *resize;
    struct sums outside = {0}, silent = {0};
    size_t i, next = 0, n_silent = 0, n_shown = 0;
    char name[64];
    print_titles(to);
    json_array_foreach(resizes, i, resize)
    {
        const struct sums sums = sums_of(resize, calls, &next, &outside);
        if (sums.n_all == 0 || n_shown == MOST_SHOWN) {
            silent.faults += sums.faults;
            for (size_t k = 0; k < N_KINDS; k++)
                silent.n[k] += sums.n[k];
            silent.bytes += sums.bytes;
            silent.ns += sums.ns;
            n_silent++;
            continue;
        }
        snprintf(name, sizeof name, "%" JSON_INTEGER_FORMAT " -> %" JSON_INTEGER_FORMAT,
                 integer_of(resize, "old_capacity"), integer_of(resize, "new_capacity"));
        print_sums(name, &sums, true, to);
        n_shown++;
    }
    for (; next < json_array_size(calls); next++)
        add(&outside, json_array_get(calls, next));
    snprintf(name, sizeof name,
             n_shown == MOST_SHOWN ? "%zu others" : "%zu without a call", n_silent);
    if (n_silent > 0)
        print_sums(name, &silent, true, to);
    print_sums("outside of resizes", &outside, false, to);
}

static const json_t *seen_in(const json_t *cell)
{
    return json_object_get(cell, "memory_calls");
}

void report_calls(const json_t *cell, FILE *to, bool is_whole)
{
    const json_t *const seen = seen_in(cell);
    const json_int_t dropped = integer_of(seen, "dropped");
    const json_int_t n_lost = integer_of(seen, "dropped_resizes");
    char name[CELL_NAME];
    if (seen == NULL)
        return;
    fprintf(to, "\n%s%s: memory calls, seen by %s%s\n", terminal_style(to, STYLE_STRONG),
            cell_name(cell, name), member_text(seen, "by"),
            terminal_style(to, STYLE_PLAIN));
    if (is_whole)
        print_log(seen, to);
    print_summary(seen, to);
    if (dropped > 0 || n_lost > 0) {
        char text[160];
        snprintf(text, sizeof text,
                 "Not in the log, nor in these rows: %" JSON_INTEGER_FORMAT
                 " calls and %" JSON_INTEGER_FORMAT
                 " resizes, for want of room; the metrics count all calls.",
                 dropped, n_lost);
        columns_paragraph(to, text, 2);
    }
}

void report_calls_legend(const json_t *cells, FILE *to)
{
    const json_t *cell;
    size_t i;
    json_array_foreach(cells, i, cell)
    {
        if (seen_in(cell) == NULL)
            continue;
        fputc('\n', to);
        columns_paragraph(to,
                          "Memory calls: malloc's own are among them; MiB is address "
                          "space added, us the time in the calls as their recorder sees "
                          "it (strace stops each twice), faults the pages first touched.",
                          0);
        return;
    }
}
