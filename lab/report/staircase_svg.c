/* SPDX-License-Identifier: MIT */
/* A calibration drawn as an SVG that needs nothing else, on light and dark paper. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "staircase.h"
#include "staircase_read.h"
#include "svg.h"

enum {
    WIDTH = 880,
    HEIGHT = 536,
    LEFT = 72,
    RIGHT = 40,
    TOP = 128,
    BOTTOM = 92,
    PLOT_WIDTH = WIDTH - LEFT - RIGHT,
    PLOT_HEIGHT = HEIGHT - TOP - BOTTOM,
    MOST_TITLE = 72 /* characters that fit */
};

static const char style[] =
    "<style>\n"
    "svg{background:#fff;font:13px system-ui,-apple-system,'Segoe UI',sans-serif}\n"
    ".paper{fill:#fff}.text{fill:#24292f}.dim{fill:#57606a}\n"
    ".grid{stroke:#d8dee4;stroke-width:1}.axis{stroke:#57606a;stroke-width:1}\n"
    ".end{stroke:#57606a;stroke-width:1;stroke-dasharray:4 4}\n"
    ".title{font-size:17px;font-weight:600}.small{font-size:12px}\n"
    ".level{font-weight:600;text-anchor:middle}.middle{text-anchor:middle}\n"
    ".right{text-anchor:end}\n"
    ".line0,.line1{fill:none;stroke-width:2;stroke-linejoin:round}\n"
    ".line0{stroke:#bc4c00}.line1{stroke:#0969da}\n"
    ".dot0{fill:#bc4c00}.dot1{fill:#0969da}\n"
    ".band0{fill:#bc4c00;opacity:.16}.band1{fill:#0969da;opacity:.16}\n"
    "@media (prefers-color-scheme:dark){\n"
    "svg{background:#0d1117}.paper{fill:#0d1117}.text{fill:#e6edf3}.dim{fill:#9198a1}\n"
    ".grid{stroke:#30363d}.axis,.end{stroke:#9198a1}\n"
    ".line0{stroke:#f0883e}.line1{stroke:#58a6ff}\n"
    ".dot0,.band0{fill:#f0883e}.dot1,.band1{fill:#58a6ff}}\n"
    "</style>\n";

static double place_x(const struct staircase *s, double x)
{
    return LEFT + (x - s->low_x) / (s->high_x - s->low_x) * PLOT_WIDTH;
}

static double place_y(const struct staircase *s, double y)
{
    return TOP + PLOT_HEIGHT - (y - s->low_y) / (s->high_y - s->low_y) * PLOT_HEIGHT;
}

static void put_axes(FILE *to, const struct staircase *s)
{
    for (unsigned i = 0; i < 15; i++) {
        const double y = log2(staircase_tick(i));
        if (y < s->low_y || y > s->high_y)
            continue;
        fprintf(to,
                "<path class='grid' d='M%d %.1fH%d'/>"
                "<text class='dim small right' x='%d' y='%.1f'>%.0f ns</text>\n",
                LEFT, place_y(s, y), LEFT + PLOT_WIDTH, LEFT - 8, place_y(s, y) + 4,
                staircase_tick(i));
    }
    for (double x = ceil(s->low_x); x <= s->high_x; x++) {
        char size[24];
        staircase_size(size, exp2(x));
        fprintf(to, "<path class='axis' d='M%.1f %dv5'/>", place_x(s, x),
                TOP + PLOT_HEIGHT);
        if (fmod(x, 2) == 0)
            fprintf(to, "<text class='dim small middle' x='%.1f' y='%d'>%s</text>",
                    place_x(s, x), TOP + PLOT_HEIGHT + 20, size);
        fputc('\n', to);
    }
    fprintf(to,
            "<path class='axis' fill='none' d='M%d %dV%dH%d'/>\n"
            "<text class='text middle' x='%d' y='%d'>bytes walked through in random "
            "order, one load a 64-byte line</text>\n",
            LEFT, TOP, TOP + PLOT_HEIGHT, LEFT + PLOT_WIDTH, LEFT + PLOT_WIDTH / 2,
            TOP + PLOT_HEIGHT + 42);
}

/* The name, extent and latency of what lies between two places. */
static void put_level(FILE *to, double from, double end, const char *name,
                      const char *extent, double ns)
{
    const double middle = (from + end) / 2;
    const bool is_narrow = end - from < 92;
    fprintf(to, "<text class='text level' x='%.1f' y='%d'>%s</text>", middle, TOP - 42,
            name);
    if (!is_narrow)
        fprintf(to,
                "<text class='dim small middle' x='%.1f' y='%d'>%s</text>"
                "<text class='dim small middle' x='%.1f' y='%d'>%.*f ns</text>",
                middle, TOP - 26, extent, middle, TOP - 10, ns < 10 ? 1 : 0, ns);
    fputc('\n', to);
}

static void put_levels(FILE *to, const struct staircase *s)
{
    const struct curve *const curve = &s->curves[s->best];
    double from = LEFT;
    for (size_t i = 0; i < curve->n_levels; i++) {
        const struct drawn_level *const level = &curve->levels[i];
        char name[24], extent[64];
        const double end = place_x(s, log2(sqrt(level->bytes * level->above_bytes)));
        snprintf(name, sizeof name, "level %zu", i + 1);
        staircase_range(extent, level->bytes, level->above_bytes);
        fprintf(to, "<path class='end' d='M%.1f %dV%d'/>", end, TOP - 54,
                TOP + PLOT_HEIGHT);
        put_level(to, from, end, name, extent, level->ns);
        from = end;
    }
    if (isfinite(curve->memory_ns) && curve->n_levels > 0)
        put_level(to, from, LEFT + PLOT_WIDTH, "memory", "behind the last step",
                  curve->memory_ns);
}

static void put_curve(FILE *to, const struct staircase *s, size_t k)
{
    const struct curve *const curve = &s->curves[k];
    fprintf(to, "<path class='band%zu' d='", k);
    for (size_t i = 0; i < curve->n; i++)
        fprintf(to, "%c%.1f %.1f", i == 0 ? 'M' : 'L', place_x(s, curve->x[i]),
                place_y(s, fmin(curve->median_y[i], s->high_y)));
    for (size_t i = curve->n; i-- > 0;)
        fprintf(to, "L%.1f %.1f", place_x(s, curve->x[i]), place_y(s, curve->y[i]));
    fprintf(to, "Z'/>\n<polyline class='line%zu' points='", k);
    for (size_t i = 0; i < curve->n; i++)
        fprintf(to, "%.1f,%.1f ", place_x(s, curve->x[i]), place_y(s, curve->y[i]));
    fputs("'/>\n", to);
    for (size_t i = 0; i < curve->n; i++)
        fprintf(to, "<circle class='dot%zu' r='2.2' cx='%.1f' cy='%.1f'/>", k,
                place_x(s, curve->x[i]), place_y(s, curve->y[i]));
    fputc('\n', to);
}

/* Both kinds of pages; one that was not to be had with its reason. */
static void put_legend(FILE *to, const struct staircase *s)
{
    int x = LEFT;
    const int y = HEIGHT - 18;
    for (size_t k = 0; k < N_CURVES; k++) {
        const struct curve *const curve = &s->curves[k];
        fprintf(to,
                "<path class='line%zu' d='M%d %dh26'/><text class='text' x='%d' y='%d'>",
                k, x, y - 4, x + 34, y);
        svg_escape(to, curve->pages, 16);
        fputs(" pages", to);
        if (curve->n == 0) {
            fputs(": ", to);
            svg_escape(to, curve->reason != NULL ? curve->reason : "not measured", 60);
        }
        fputs("</text>\n", to);
        x += curve->n == 0 ? 480 : 150;
    }
    fprintf(to,
            "<text class='dim small right' x='%d' y='%d'>line: least of the repetitions; "
            "shade: up to their median</text>\n",
            WIDTH - RIGHT, y);
}

char *staircase_svg(const json_t *calibration, const char *processor, const char *date)
{
    char *text = NULL;
    size_t n;
    struct staircase *const s = malloc(sizeof *s);
    FILE *const to =
        s != NULL && staircase_read(calibration, s) ? open_memstream(&text, &n) : NULL;
    if (to == NULL) {
        free(s);
        return NULL;
    }
    fprintf(to,
            "<?xml version='1.0' encoding='UTF-8'?>\n"
            "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' "
            "viewBox='0 0 %d %d' role='img'>\n<title>",
            WIDTH, HEIGHT, WIDTH, HEIGHT);
    svg_escape(to, processor, MOST_TITLE);
    fprintf(to,
            ": latency by size</title>\n%s<rect class='paper' width='%d' height='%d'/>",
            style, WIDTH, HEIGHT);
    fprintf(to, "\n<text class='text title' x='%d' y='32'>", LEFT);
    svg_escape(to, processor, MOST_TITLE);
    fprintf(
        to,
        "</text>\n<text class='dim' x='%d' y='54'>a load that waits for the one before "
        "it, measured ",
        LEFT);
    svg_escape(to, date, 32);
    fputs(" by onemiss doctor --calibrate</text>\n", to);
    put_axes(to, s);
    put_levels(to, s);
    for (size_t k = 0; k < N_CURVES; k++)
        if (s->curves[k].n > 0)
            put_curve(to, s, k);
    put_legend(to, s);
    fputs("</svg>\n", to);
    free(s);
    return svg_made(to, &text);
}
