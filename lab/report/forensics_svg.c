/* SPDX-License-Identifier: MIT */
/* Resize forensics as an SVG that needs nothing else: panels over one axis of operations,
 *
 *     slots          1M > 2M                2M > 4M
 *     latency           o                      o
 *     memory         ___|----------------------|------
 *     page faults    ___/----------------------/------
 *     memory calls      o                      o
 *
 * and where two cells are given, a second column of them by the same scales. */
#include "forensics_svg.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../output.h"
#include "cell_read.h"
#include "columns.h"
#include "forensics_draw.h"
#include "miss_curve_read.h"
#include "svg.h"

/* ---- what is drawn ---- */

static void widen(struct picture *p, double ns)
{
    if (!(ns > 0) || ns > 1e15)
        return;
    p->low_ns = fmin(p->low_ns, pow(10, floor(log10(ns))));
    p->high_ns = fmax(p->high_ns, pow(10, ceil(log10(ns))));
}

static void find_scales(struct picture *p)
{
    p->low_ns = 100;
    p->high_ns = 10000;
    p->most[MEMORY] = p->most[FAULTS] = 1;
    for (int i = 0; i < p->n; i++) {
        const struct forensics *const f = &p->columns[i];
        const json_t *stall;
        size_t k;
        json_array_foreach(json_object_get(f->cell, "stalls"), k, stall)
        {
            widen(p, json_number_value(json_object_get(stall, "duration_ns")));
        }
        widen(p, forensics_metric(f->cell, "latency_p50_ns"));
        p->most[MEMORY] = fmax(p->most[MEMORY], fmax(f->most_live, f->most_resident));
        p->most[FAULTS] = fmax(p->most[FAULTS], f->most_faults);
        for (size_t r = 0; r < f->n_resizes; r++)
            for (k = 0; k < FORENSICS_CALLS; k++)
                p->has_call[k] |= f->resizes[r].calls[k] > 0;
    }
    p->most[MEMORY] *= 1.05; /* so that the top line is not on the edge */
    p->most[FAULTS] *= 1.05;
    for (size_t k = 0; k < FORENSICS_CALLS; k++)
        p->n_calls += p->has_call[k];
}

/* Bytes of the largest unit that the most has twice of. */
static double unit_of(double bytes, const char **name)
{
    static const char *const names[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    size_t i = 0;
    double unit = 1;
    for (; i < 4 && bytes >= 2 * unit * 1024; i++)
        unit *= 1024;
    *name = names[i];
    return unit;
}

static void put_mark_y(FILE *to, const struct picture *p, double y)
{
    for (int i = 0; i < p->n; i++)
        fprintf(to, "<path class='grid' d='M%.1f %.1fh%.1f'/>", place_x(p, i, 0), y,
                p->width);
    fprintf(to, "<text class='dim small right' x='%d' y='%.1f'>", LEFT - 8, y + 4);
}

static void put_whole(FILE *to, double whole)
{
    char text[COLUMNS_NUMBER];
    forensics_whole(text, whole);
    svg_escape(to, text, sizeof text);
}

static void put_axis_of_time(FILE *to, const struct picture *p)
{
    const double decades = log10(p->high_ns / p->low_ns);
    const int step = decades > 8.5 ? 2 : 1;
    for (int i = 0; i <= lround(decades); i += step) {
        char text[FORENSICS_TIME];
        const double ns = p->low_ns * pow(10, i);
        forensics_time(text, ns);
        put_mark_y(to, p, place_ns(p, ns));
        fprintf(to, "%s</text>\n", text);
    }
}

static void put_axis_of_counts(FILE *to, const struct picture *p, enum panel panel)
{
    const char *name = "";
    const double unit = panel == MEMORY ? unit_of(p->most[panel], &name) : 1;
    const double step = fmax(miss_step(p->most[panel] / unit, panel == MEMORY ? 5 : 4),
                             panel == MEMORY ? 0 : 1);
    for (int i = 0; i * step * unit <= p->most[panel]; i++) {
        put_mark_y(to, p, place_y(panel, i * step * unit / p->most[panel]));
        if (panel == MEMORY && i > 0)
            fprintf(to, "%.5g %s", i * step, name);
        else
            put_whole(to, i * step);
        fputs("</text>\n", to);
    }
}

/* The axis of operations, below all panels of a column. */
static void put_axis_of_operations(FILE *to, const struct picture *p, int column)
{
    const double most = p->columns[column].operations;
    const double step = fmax(1, miss_step(most, p->n == 1 ? 8 : 4));
    const double left = place_x(p, column, 0);
    for (int i = 0; i * step <= most; i++) {
        const double x = place_x(p, column, i * step);
        fprintf(to,
                "<path class='axis' d='M%.1f %dv5'/><text class='dim small middle' "
                "x='%.1f' y='%d'>",
                x, bottom(p), x, bottom(p) + 20);
        put_whole(to, i * step);
        fputs("</text>\n", to);
    }
    fprintf(to, "<text class='text middle' x='%.1f' y='%d'>operation</text>\n",
            left + p->width / 2, bottom(p) + 40);
    for (int panel = 0; panel < N_PANELS; panel++)
        fprintf(to, "<path class='axis' d='M%.1f %dv%dh%.1f'/>\n", left,
                top_of((enum panel)panel), panel_heights[panel], p->width);
}

/* ---- words ---- */

/* In what two cells differ, above their columns. */
static void put_column_title(FILE *to, const struct picture *p, int column)
{
    const json_t *const cell = p->columns[column].cell;
    const bool is_same_map =
        json_equal(json_object_get(p->columns[0].cell, "subject"),
                   json_object_get(p->columns[p->n - 1].cell, "subject"));
    fprintf(to, "<text class='text strong' x='%.1f' y='%d'>", place_x(p, column, 0),
            TOP - 34);
    if (!is_same_map) {
        svg_escape(to, member_text(cell, "subject"), 28);
        fputs(", ", to);
    }
    fputs("pages ", to);
    svg_escape(to, member_text(cell, "pages"), 16);
    fputs("</text>\n", to);
}

static void put_subtitle(FILE *to, const struct picture *p)
{
    const json_t *const cell = p->columns[0].cell;
    fprintf(to, "<text class='dim' x='%d' y='54'>", LEFT);
    svg_escape(to, member_text(cell, "workload"), 32);
    fputs(*member_text(cell, "pattern") != '\0' ? " " : "", to);
    svg_escape(to, member_text(cell, "pattern"), 24);
    fputs(", ", to);
    svg_escape(to, member_text(cell, "key"), 16);
    fputs(" keys, hash ", to);
    svg_escape(to, member_text(cell, "hash"), 24);
    fputs(", n = ", to);
    forensics_count(to, json_number_value(json_object_get(cell, "n")));
    if (p->n == 1) {
        fputs(", pages ", to);
        svg_escape(to, member_text(cell, "pages"), 16);
    }
    fprintf(to, "</text>\n<text class='dim small' x='%d' y='74'>measured by onemiss on ",
            LEFT);
    svg_escape(to,
               *member_text(p->machine, "cpu") != '\0' ? member_text(p->machine, "cpu")
                                                       : "an unknown processor",
               64);
    fputs(json_is_true(json_object_get(p->machine, "is_virtual")) ? ", virtual" : "", to);
    fputs("</text>\n", to);
}

/* What the dots mean, then which pass measured what. */
static void put_notes(FILE *to, const struct picture *p)
{
    static const char *const notes[] = {
        "Dashed lines are resizes; one too close to a later one is left out. Their place "
        "is known to the batch (512 operations, of strings 64), or",
        "exactly where the operation that made one is drawn. Memory and page faults are "
        "of one process, whose allocator counts; resident is all of",
        "that process. The longest operations are of others, with a time stamp behind "
        "each operation; memory calls of one more, that records them.",
        "What belongs together is found by operation and slots, never by time.",
    };
    int y = bottom(p) + AXIS + LINE;
    int x = LEFT;
    fprintf(to,
            "<circle class='fill1' r='3' cx='%d' cy='%d'/><text class='dim small' "
            "x='%d' y='%d'>made a resize</text>\n",
            x + 3, y - 4, x + 12, y);
    x += 116;
    fprintf(to,
            "<circle class='fill0' r='3' cx='%d' cy='%d'/><text class='dim small' "
            "x='%d' y='%d'>did not</text>\n",
            x + 3, y - 4, x + 12, y);
    x += 76;
    fprintf(to,
            "<circle class='line line5' style='stroke-width:1.2' r='3' cx='%d' "
            "cy='%d'/><text class='dim small' x='%d' y='%d'>the kernel took the "
            "processor away meanwhile</text>\n",
            x + 3, y - 4, x + 12, y);
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        fprintf(to, "<text class='dim tiny' x='%d' y='%d'>%s</text>\n", LEFT,
                y + LINE * (int)(i + 1) + 4, notes[i]);
}

/* For those who cannot see the picture. */
static char *description_of(const struct picture *p)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    if (to == NULL)
        return NULL;
    for (int i = 0; i < p->n; i++) {
        const struct forensics *const f = &p->columns[i];
        char live[FORENSICS_TIME], resident[FORENSICS_TIME];
        forensics_bytes(live, f->most_live);
        forensics_bytes(resident, f->most_resident);
        fprintf(to, "%s%s, pages %s: %zu resizes; at most %s held", i > 0 ? " " : "",
                member_text(f->cell, "subject"), member_text(f->cell, "pages"),
                f->n_resizes, live);
        if (f->has_resident)
            fprintf(to, ", %s resident", resident);
        fprintf(to, "; %.0f page faults.", f->most_faults);
    }
    fclose(to);
    return text;
}

static void put_all(FILE *to, const struct picture *p)
{
    char title[96];
    char *const about = description_of(p);
    const char *const second = member_text(p->columns[p->n - 1].cell, "subject");
    const char *const first = member_text(p->columns[0].cell, "subject");
    const bool is_same = strcmp(first, second) == 0;
    snprintf(title, sizeof title, "%.32s%s%.32s: what resizes do", first,
             is_same ? "" : " and ", is_same ? "" : second);
    svg_begin(to, WIDTH, bottom(p) + AXIS + 7 * LINE, LEFT, title,
              about != NULL ? about : "");
    free(about);
    put_subtitle(to, p);
    put_axis_of_time(to, p);
    put_axis_of_counts(to, p, MEMORY);
    put_axis_of_counts(to, p, FAULTS);
    for (int i = 0; i < p->n; i++) {
        if (p->n > 1)
            put_column_title(to, p, i);
        put_axis_of_operations(to, p, i);
        put_resizes(to, p, i);
        put_latency(to, p, i);
        put_memory(to, p, i);
        put_faults(to, p, i);
        put_calls(to, p, i);
    }
    put_notes(to, p);
    svg_end(to);
}

char *forensics_svg(const json_t *cell, const json_t *other, const json_t *machine)
{
    char *text = NULL;
    size_t size;
    struct picture *const p = calloc(1, sizeof *p);
    if (p == NULL || !forensics_read(cell, &p->columns[0])) {
        free(p);
        return NULL;
    }
    p->n = other != NULL && forensics_read(other, &p->columns[1]) ? 2 : 1;
    p->width = (double)(WIDTH - LEFT - RIGHT - (p->n - 1) * GAP) / p->n;
    p->machine = machine;
    find_scales(p);
    FILE *const to = open_memstream(&text, &size);
    if (to != NULL) {
        put_all(to, p);
        text = svg_made(to, &text);
    }
    free(p);
    return text;
}

bool report_forensics_svg(const json_t *cell, const json_t *other, const json_t *machine,
                          const char *path, struct complaint *complaint)
{
    char *const text = forensics_svg(cell, other, machine);
    if (text == NULL)
        return complain(complaint,
                        "no timeline to draw in '%.150s'; it comes with "
                        "--with timeline",
                        path);
    const bool is_written = output_write(path, text, complaint);
    free(text);
    return is_written;
}
