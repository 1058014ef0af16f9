/* SPDX-License-Identifier: MIT */
/* The panels of resize forensics: the longest operations, memory, page faults, memory
 * calls, each over the operations of the run; and the marks of resizes through them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cell_read.h"
#include "columns.h"
#include "forensics_draw.h"
#include "svg.h"

/* "1.0M > 2.1M", clear of `limit`; where it begins, or the limit when there is no room. */
static double put_slots(FILE *to, const struct picture *p, int column,
                        const struct forensic_resize *resize, double limit)
{
    char from[COLUMNS_NUMBER], until[COLUMNS_NUMBER];
    forensics_whole(from, resize->old_capacity);
    forensics_whole(until, resize->new_capacity);
    const double width = (double)(strlen(from) + strlen(until) + 2) * CHARACTER;
    const double left = place_x(p, column, 0);
    const double middle =
        fmin(place_x(p, column, resize->operation),
             left + p->width + (p->n == 1 ? RIGHT : GAP / 2) - width / 2);
    if (middle + width / 2 > limit || middle - width / 2 < left - LEFT / 4)
        return limit;
    fprintf(to, "<text class='dim small middle' x='%.1f' y='%d'>", middle, TOP - 8);
    svg_escape(to, from, sizeof from);
    fputs(" &#8594; ", to);
    svg_escape(to, until, sizeof until);
    fputs("</text>\n", to);
    return middle - width / 2 - CHARACTER;
}

/* From the last, which is the largest of a growing map; what would be too close to the one
 * behind it is left out, so that those of tiny tables are no black block. */
void put_resizes(FILE *to, const struct picture *p, int column)
{
    const struct forensics *const f = &p->columns[column];
    double limit = WIDTH, before = WIDTH;
    for (size_t i = f->n_resizes; i-- > 0;) {
        const double x = place_x(p, column, f->resizes[i].operation);
        if (before - x < MARK_APART)
            continue;
        fprintf(to, "<path class='mark' d='M%.1f %dv5", x, TOP - 2);
        for (int panel = 0; panel < N_PANELS; panel++)
            fprintf(to, "M%.1f %dv%d", x, top_of((enum panel)panel),
                    panel_heights[panel]);
        if (p->n_calls > 0)
            fprintf(to, "M%.1f %dv%d", x, calls_top(), p->n_calls * ROW);
        fputs("'/>\n", to);
        limit = put_slots(to, p, column, &f->resizes[i], limit);
        before = x;
    }
    if (f->n_resizes > 0 && column == 0)
        fprintf(to, "<text class='dim small right' x='%d' y='%d'>slots</text>\n",
                LEFT - 8, TOP - 8);
}

static void put_title(FILE *to, const struct picture *p, int column, int top,
                      const char *text)
{
    fprintf(to, "<text class='text strong' x='%.1f' y='%d'>%s</text>\n",
            place_x(p, column, 0), top - 9, text);
}

/* An entry of a panel's legend, right-aligned from `x`; where the next one may end. */
static double put_key(FILE *to, double x, int top, int colour, const char *text)
{
    const double width = (double)strlen(text) * 6.4;
    fprintf(to, "<text class='dim small right' x='%.1f' y='%d'>", x, top - 9);
    svg_escape(to, text, 64);
    fprintf(to, "</text><path class='line line%d' d='M%.1f %dh14'/>\n", colour,
            x - width - 20, top - 13);
    return x - width - 32;
}

/* A line across, and its entry of the legend from `x`; where the next one may end. */
static double put_percentile(FILE *to, const struct picture *p, int column,
                             const char *metric, int colour, double x)
{
    char time[FORENSICS_TIME], text[64];
    const json_t *const cell = p->columns[column].cell;
    const json_t *const found = cell_metric(cell, metric);
    const double ns = forensics_metric(cell, metric);
    if (!(ns > 0))
        return x;
    forensics_time(time, ns);
    snprintf(text, sizeof text, "%.3s %s%s", metric + strlen("latency_"),
             json_is_true(json_object_get(found, "is_bound")) ? "at most " : "", time);
    fprintf(to,
            "<path class='line line%d' style='stroke-width:1.2' d='M%.1f %.1fh%.1f'/>",
            colour, place_x(p, column, 0), place_ns(p, ns), p->width);
    return put_key(to, x, top_of(LATENCY), colour, text);
}

/* The longest operation of all, named beside its dot. */
static void put_longest(FILE *to, const struct picture *p, int column,
                        const json_t *longest)
{
    char text[FORENSICS_TIME];
    const double ns = json_number_value(json_object_get(longest, "duration_ns"));
    const double x =
        place_x(p, column, json_number_value(json_object_get(longest, "operation")));
    const bool is_left = x - place_x(p, column, 0) > p->width / 2;
    forensics_time(text, ns);
    fprintf(to, "<text class='text small%s' x='%.1f' y='%.1f'>%s</text>\n",
            is_left ? " right" : "", x + (is_left ? -8 : 8), place_ns(p, ns) + 4, text);
}

static void put_stalls(FILE *to, const struct picture *p, int column)
{
    const struct forensics *const f = &p->columns[column];
    const json_t *const stalls = json_object_get(f->cell, "stalls");
    const json_t *stall, *longest = NULL;
    size_t i;
    json_array_foreach(stalls, i, stall)
    {
        const double ns = json_number_value(json_object_get(stall, "duration_ns"));
        const double x =
            place_x(p, column, json_number_value(json_object_get(stall, "operation")));
        const int colour = json_object_get(stall, "new_capacity") != NULL ? 1 : 0;
        if (json_is_true(json_object_get(stall, "is_preempted")))
            fprintf(to,
                    "<circle class='line line%d' style='stroke-width:1.2' r='3' "
                    "cx='%.1f' cy='%.1f'/>\n",
                    colour, x, place_ns(p, ns));
        else
            fprintf(to, "<circle class='fill%d' r='3' cx='%.1f' cy='%.1f'/>\n", colour, x,
                    place_ns(p, ns));
        if (longest == NULL ||
            ns > json_number_value(json_object_get(longest, "duration_ns")))
            longest = stall;
    }
    if (longest != NULL)
        put_longest(to, p, column, longest);
}

/* Why there is nothing, in the middle of the panel. */
static void put_nothing(FILE *to, const struct picture *p, int column, enum panel panel,
                        const char *reason)
{
    fprintf(to, "<text class='dim small middle' x='%.1f' y='%d'>",
            place_x(p, column, 0) + p->width / 2,
            top_of(panel) + panel_heights[panel] / 2);
    svg_escape(to, reason, p->n == 1 ? 110 : 54);
    fputs("</text>\n", to);
}

void put_latency(FILE *to, const struct picture *p, int column)
{
    const int top = top_of(LATENCY);
    const json_t *const cell = p->columns[column].cell;
    double x = place_x(p, column, 0) + p->width;
    put_title(to, p, column, top, "Longest operations");
    if (json_array_size(json_object_get(cell, "stalls")) == 0) {
        const char *const reason =
            member_text(cell_metric(cell, "latency_max_ns"), "reason");
        put_nothing(to, p, column, LATENCY,
                    *reason != '\0' ? reason : "not looked at: add latency to --with");
        return;
    }
    x = put_percentile(to, p, column, "latency_p99_ns", 4, x);
    (void)put_percentile(to, p, column, "latency_p50_ns", 2, x);
    put_stalls(to, p, column);
}

/* Points, and in each resize the most that was held or resident. */
static void put_line(FILE *to, const struct picture *p, int column, enum panel panel,
                     int colour, double (*value)(const struct forensic_point *point))
{
    const struct forensics *const f = &p->columns[column];
    fprintf(to, "<polyline class='line line%d' points='", colour);
    for (size_t i = 0; i < f->n_points; i++) {
        const struct forensic_point point = forensics_point(f, i);
        fprintf(to, "%.1f,%.1f ", place_x(p, column, point.operation),
                place_y(panel, value(&point) / p->most[panel]));
    }
    fputs("'/>\n", to);
}

static double live_of(const struct forensic_point *point)
{
    return point->live;
}

static double resident_of(const struct forensic_point *point)
{
    return point->resident;
}

static double faults_of(const struct forensic_point *point)
{
    return point->faults;
}

void put_memory(FILE *to, const struct picture *p, int column)
{
    const struct forensics *const f = &p->columns[column];
    const int top = top_of(MEMORY);
    double x = place_x(p, column, 0) + p->width;
    char bytes[FORENSICS_TIME], text[64];
    put_title(to, p, column, top, "Memory");
    put_line(to, p, column, MEMORY, 1, live_of);
    forensics_bytes(bytes, f->most_live);
    snprintf(text, sizeof text, "held by the map, most %s", bytes);
    if (f->has_resident) {
        char other[64];
        put_line(to, p, column, MEMORY, 0, resident_of);
        forensics_bytes(bytes, f->most_resident);
        snprintf(other, sizeof other, p->n == 1 ? "resident, most %s" : "resident %s",
                 bytes);
        x = put_key(to, x, top, 0, other);
    }
    if (p->n > 1) {
        forensics_bytes(bytes, f->most_live);
        snprintf(text, sizeof text, "held %s", bytes);
    }
    (void)put_key(to, x, top, 1, text);
}

void put_faults(FILE *to, const struct picture *p, int column)
{
    const struct forensics *const f = &p->columns[column];
    const int top = top_of(FAULTS);
    double within = 0;
    char share[COLUMNS_NUMBER];
    put_title(to, p, column, top, "Page faults so far");
    put_line(to, p, column, FAULTS, 3, faults_of);
    for (size_t i = 0; i < f->n_resizes; i++)
        within += f->resizes[i].page_faults;
    columns_share(share, within, f->most_faults);
    fprintf(to, "<text class='dim small right' x='%.1f' y='%d'>",
            place_x(p, column, 0) + p->width, top - 9);
    forensics_count(to, f->most_faults);
    fputs(", ", to);
    svg_escape(to, share, sizeof share);
    fputs(" in resizes</text>\n", to);
}

/* A row a kind of call, a dot a resize with how many it made, where there is room. */
void put_calls(FILE *to, const struct picture *p, int column)
{
    const struct forensics *const f = &p->columns[column];
    int row = 0;
    if (p->n_calls == 0)
        return;
    put_title(to, p, column, calls_top(), "Memory system calls of each resize");
    for (size_t k = 0; k < FORENSICS_CALLS; k++) {
        double before = WIDTH;
        if (!p->has_call[k])
            continue;
        const int y = calls_top() + row++ * ROW + ROW / 2;
        if (column == 0)
            fprintf(to, "<text class='dim small right' x='%d' y='%d'>%s</text>\n",
                    LEFT - 8, y + 4, forensics_calls[k]);
        for (size_t i = f->n_resizes; i-- > 0;) {
            const double x = place_x(p, column, f->resizes[i].operation);
            if (f->resizes[i].calls[k] == 0 || before - x < MARK_APART)
                continue;
            fprintf(to, "<circle class='fill4' r='3' cx='%.1f' cy='%d'/>", x, y);
            if (before - x > 4 * CHARACTER)
                fprintf(to, "<text class='dim tiny' x='%.1f' y='%d'>%zu</text>", x + 6,
                        y + 4, f->resizes[i].calls[k]);
            before = x;
        }
        fputc('\n', to);
    }
    fprintf(to, "<path class='axis' d='M%.1f %dv%dh%.1f'/>\n", place_x(p, column, 0),
            calls_top(), p->n_calls * ROW, p->width);
}
