/* SPDX-License-Identifier: MIT */
/* Miss curves as an SVG that needs nothing else, on light and dark paper. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../output.h"
#include "cell_read.h"
#include "columns.h"
#include "miss_curve.h"
#include "miss_curve_read.h"
#include "staircase.h"
#include "svg.h"

enum {
    WIDTH = 880,
    LEFT = 72,
    RIGHT = 40,
    TOP = 108,
    PLOT_WIDTH = WIDTH - LEFT - RIGHT,
    PLOT_HEIGHT = 320,
    AXIS = 56,   /* below the plot */
    ROW = 22,    /* of the legend */
    COLUMN = 84, /* of its numbers */
    FOOT = 40
};

/* Beside the colour, so that twelve curves differ and print does, too. */
static const char *const dashes[] = {"", " stroke-dasharray='7 4'"};

static double place_x(const struct miss_curves *curves, double bytes)
{
    const double x = (log2(bytes) - MISS_LOW_LOG2) / (curves->high_log2 - MISS_LOW_LOG2);
    return LEFT + fmin(fmax(x, 0), 1) * PLOT_WIDTH;
}

static double place_y(const struct miss_curves *curves, double misses)
{
    return TOP + PLOT_HEIGHT * (1 - misses / curves->top);
}

static bool is_in_plot(const struct miss_curves *curves, double bytes)
{
    return log2(bytes) >= MISS_LOW_LOG2 && log2(bytes) <= curves->high_log2;
}

static void put_axes(FILE *to, const struct miss_curves *curves)
{
    const double step = miss_step(curves->top, 6);
    const double doublings = curves->high_log2 - MISS_LOW_LOG2;
    for (int i = 0; i * step <= curves->top; i++)
        fprintf(to,
                "<path class='grid' d='M%d %.1fh%d'/><text class='dim small right' "
                "x='%d' y='%.1f'>%.5g</text>\n",
                LEFT, place_y(curves, i * step), PLOT_WIDTH, LEFT - 8,
                place_y(curves, i * step) + 4, i * step);
    for (int i = 0; i <= doublings; i++) {
        char size[24];
        const double x = place_x(curves, ldexp(1, MISS_LOW_LOG2 + i));
        fprintf(to, "<path class='axis' d='M%.1f %dv5'/>", x, TOP + PLOT_HEIGHT);
        staircase_size(size, ldexp(1, MISS_LOW_LOG2 + i));
        if (i % (doublings > 12 ? 2 : 1) == 0)
            fprintf(to, "<text class='dim small middle' x='%.1f' y='%d'>%s</text>", x,
                    TOP + PLOT_HEIGHT + 20, size);
        fputc('\n', to);
    }
    fprintf(to,
            "<path class='axis' d='M%d %dv%dh%d'/>\n"
            "<text class='text middle' x='%d' y='%d'>bytes of cache (fully associative, "
            "least recently used goes)</text>\n",
            LEFT, TOP, PLOT_HEIGHT, PLOT_WIDTH, LEFT + PLOT_WIDTH / 2,
            TOP + PLOT_HEIGHT + 42);
}

static void put_marks(FILE *to, const struct miss_curves *curves)
{
    for (size_t i = 0; i < curves->n_marks; i++) {
        char size[24];
        const double x = place_x(curves, curves->marks[i]);
        if (!is_in_plot(curves, curves->marks[i]))
            continue;
        staircase_size(size, curves->marks[i]);
        fprintf(to,
                "<path class='mark' d='M%.1f %dv%d'/><text class='text strong middle' "
                "x='%.1f' y='%d'>L%zu</text><text class='dim small middle' x='%.1f' "
                "y='%d'>%s</text>\n",
                x, TOP - 6, PLOT_HEIGHT + 6, x, TOP - 26, i + 1, x, TOP - 11, size);
    }
}

/* Levels that are larger than all that the map ever touched, at the edge behind which they
 * are: "L2 256 KiB, L3 8 MiB" with an arrow. */
static void put_levels_beyond(FILE *to, const struct miss_curves *curves)
{
    bool is_first = true;
    for (size_t i = 0; i < curves->n_marks; i++) {
        char size[24];
        if (log2(curves->marks[i]) <= curves->high_log2)
            continue;
        staircase_size(size, curves->marks[i]);
        if (is_first)
            fprintf(to,
                    "<text class='dim small right' x='%d' y='%d'>beyond: ", WIDTH - RIGHT,
                    TOP - 42);
        fprintf(to, "%sL%zu %s", is_first ? "" : ", ", i + 1, size);
        is_first = false;
    }
    if (!is_first)
        fputs(" &#8594;</text>\n", to);
}

/* Where a curve comes down into the plot between its points i and i + 1. */
static double entry_x(const struct miss_curves *curves, const struct miss_curve *curve,
                      size_t i)
{
    const double from = place_x(curves, curve->bytes[i]);
    const double to = place_x(curves, curve->bytes[i + 1]);
    return from + (to - from) * (curve->misses[i] - curves->top) /
                      (curve->misses[i] - curve->misses[i + 1]);
}

/* Flat behind the last point: there only first touches miss. */
static void put_curve(FILE *to, const struct miss_curves *curves, size_t k)
{
    const struct miss_curve *const curve = &curves->curves[k];
    fprintf(to, "<polyline class='line line%zu'%s points='", k % SVG_COLOURS,
            dashes[k / SVG_COLOURS]);
    for (size_t i = 0; i < curve->n; i++) {
        if (curve->misses[i] <= curves->top)
            fprintf(to, "%.1f,%.1f ", place_x(curves, curve->bytes[i]),
                    place_y(curves, curve->misses[i]));
        else if (i + 1 < curve->n && curve->misses[i + 1] <= curves->top)
            fprintf(to, "%.1f,%d ", entry_x(curves, curve, i), TOP);
    }
    if (curve->misses[curve->n - 1] <= curves->top)
        fprintf(to, "%d,%.1f", LEFT + PLOT_WIDTH,
                place_y(curves, curve->misses[curve->n - 1]));
    fputs("'/>\n", to);
}

/* What no longer fits into the plot is told. */
static void put_top(FILE *to, const struct miss_curves *curves)
{
    if (!(curves->most > curves->top))
        return;
    fprintf(to, "<text class='dim small' x='%d' y='%d'>above: up to ", LEFT, TOP - 11);
    svg_number(to, curves->most);
    fputs("</text>\n", to);
}

/* Each map with its misses at the marks, in columns. */
static void put_legend(FILE *to, const struct miss_curves *curves, int y)
{
    char text[24];
    const int last = WIDTH - RIGHT;
    fprintf(to, "<text class='dim small' x='%d' y='%d'>misses an operation at</text>",
            LEFT + 36, y);
    for (size_t i = 0; i < miss_n_sizes(curves); i++) {
        staircase_size(text, miss_size(curves, i));
        fprintf(to, "<text class='dim small right' x='%d' y='%d'>%s</text>",
                last - COLUMN * (int)(miss_n_sizes(curves) - 1 - i), y, text);
    }
    for (size_t k = 0; k < curves->n; k++) {
        const struct miss_curve *const curve = &curves->curves[k];
        char name[CELL_NAME];
        y += ROW;
        fprintf(to,
                "\n<path class='line line%zu'%s d='M%d %dh26'/><text class='text' x='%d' "
                "y='%d'>",
                k % SVG_COLOURS, dashes[k / SVG_COLOURS], LEFT, y - 4, LEFT + 36, y);
        svg_escape(to, cell_name(curve->cell, name), 36);
        if (!miss_is_one_group(curves)) {
            fputs(", ", to);
            svg_escape(to, member_text(curve->cell, "workload"), 16);
            fputc(' ', to);
            svg_escape(to, member_text(curve->cell, "key"), 8);
        }
        fputs("</text>", to);
        for (size_t i = 0; i < miss_n_sizes(curves); i++) {
            fprintf(to, "<text class='text right' x='%d' y='%d'>",
                    last - COLUMN * (int)(miss_n_sizes(curves) - 1 - i), y);
            svg_number(to, miss_curve_at(curve, miss_size(curves, i)));
            fputs("</text>", to);
        }
    }
    fputc('\n', to);
}

/* For those who cannot see the picture: each map's misses at the marks. */
static char *description_of(const struct miss_curves *curves)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    if (to == NULL)
        return NULL;
    fputs("Misses an operation by size of cache.", to);
    for (size_t k = 0; k < curves->n; k++) {
        char name[CELL_NAME];
        fprintf(to, " %s:", cell_name(curves->curves[k].cell, name));
        for (size_t i = 0; i < miss_n_sizes(curves); i++) {
            char bytes[24], misses[COLUMNS_NUMBER];
            const double at = miss_size(curves, i);
            staircase_size(bytes, at);
            columns_number(misses, miss_curve_at(&curves->curves[k], at));
            fprintf(to, "%s %s at %s", i > 0 ? "," : "", misses, bytes);
        }
        fputc('.', to);
    }
    fclose(to);
    return text;
}

/* Below the title: whose curves, and whose marks. */
static void put_subtitle(FILE *to, const struct miss_curves *curves)
{
    const json_t *const cell = curves->curves[0].cell;
    fprintf(to, "<text class='dim' x='%d' y='54'>", LEFT);
    if (miss_is_one_group(curves)) {
        svg_escape(to, member_text(cell, "workload"), 32);
        fputs(*member_text(cell, "pattern") != '\0' ? " " : "", to);
        svg_escape(to, member_text(cell, "pattern"), 24);
        fputs(", ", to);
        svg_escape(to, member_text(cell, "key"), 16);
        fputs(" keys, hash ", to);
        svg_escape(to, member_text(cell, "hash"), 24);
        fprintf(to, ", n = %" JSON_INTEGER_FORMAT "; ",
                json_integer_value(json_object_get(cell, "n")));
    }
    fputs("simulated by onemiss", to);
    if (curves->n_marks > 0) {
        fputs("; levels of ", to);
        svg_escape(to, curves->machine, 32);
    }
    if (curves->n_left_out > 0)
        fprintf(to, "; %zu more are not drawn", curves->n_left_out);
    fputs("</text>\n", to);
}

static void put_all(FILE *to, const struct miss_curves *curves)
{
    const int legend = TOP + PLOT_HEIGHT + AXIS + ROW;
    char *const about = description_of(curves);
    svg_begin(to, WIDTH, legend + (int)curves->n * ROW + FOOT - ROW, LEFT,
              "Misses an operation, by size of the cache", about != NULL ? about : "");
    free(about);
    put_subtitle(to, curves);
    put_axes(to, curves);
    put_marks(to, curves);
    put_levels_beyond(to, curves);
    put_top(to, curves);
    for (size_t k = 0; k < curves->n; k++)
        put_curve(to, curves, k);
    put_legend(to, curves, legend);
    svg_end(to);
}

char *miss_curve_svg(const json_t *cells)
{
    char *text = NULL;
    size_t size;
    struct miss_curves *const curves = malloc(sizeof *curves);
    FILE *const to =
        curves != NULL && miss_curves_read(cells, 0, json_array_size(cells), curves)
            ? open_memstream(&text, &size)
            : NULL;
    if (to != NULL) {
        put_all(to, curves);
        text = svg_made(to, &text);
    }
    free(curves);
    return text;
}

bool report_miss_curve_svg(const json_t *cells, const char *path,
                           struct complaint *complaint)
{
    char *const text = miss_curve_svg(cells);
    if (text == NULL)
        return complain(complaint,
                        "no miss curve to draw in '%.150s'; it comes with "
                        "--with reuse",
                        path);
    const bool is_written = output_write(path, text, complaint);
    free(text);
    return is_written;
}
