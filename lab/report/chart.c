/* SPDX-License-Identifier: MIT */
/* A chart as SVG inside a page, with the table of what it draws behind it.
 *
 *     ns |            o----o     Lines are told apart by colour and by the sign at each
 *      8 |      o---./           point; the legend has both. Ticks stand at powers of two
 *      4 |  o--'  |              on the way up, and of ten or at the points on the way
 *        +------------- n        across. An interval is a bar through its point; a band
 *                                of x is shaded behind all. */
#include "chart.h"

#include <math.h>

#include "html.h"

enum { WIDTH = 720, HEIGHT = 340, LEFT = 62, RIGHT = 16, TOP = 26, BOTTOM = 50 };
enum { N_COLOURS = 6, N_SIGNS = 4 };

const char chart_style[] =
    "figure{margin:14px 0 22px}figcaption{font-weight:600;margin:0 0 4px}\n"
    ".chart{width:100%;max-width:760px;height:auto;display:block}\n"
    ".chart text{fill:var(--dim);font-size:12px}.grid{stroke:var(--rule)}\n"
    ".axis{stroke:var(--dim);fill:none}.end{text-anchor:end}.middle{text-anchor:middle}\n"
    ".line{fill:none;stroke-width:2;stroke-linejoin:round}.bar{stroke-width:1.5}\n"
    ".dash{stroke-dasharray:5 4}\n"
    ".c0{stroke:var(--c0)}.c1{stroke:var(--c1)}.c2{stroke:var(--c2)}\n"
    ".c3{stroke:var(--c3)}.c4{stroke:var(--c4)}.c5{stroke:var(--c5)}\n"
    ".legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:4px 0;padding:0;"
    "list-style:none}\n"
    ".legend li{display:flex;align-items:center;gap:6px}.legend svg{width:30px;"
    "height:14px}\n"
    "@media(max-width:600px){.chart text{font-size:18px}}\n"
    ".band{fill:var(--dim);opacity:.15}.sign{fill:var(--paper);stroke-width:2}\n";

struct frame {
    double low_x, high_x, low_y, high_y; /* logarithms to base 2 */
};

static double at_x(const struct frame *f, double x)
{
    return LEFT + (log2(x) - f->low_x) / (f->high_x - f->low_x) * (WIDTH - LEFT - RIGHT);
}

static double at_y(const struct frame *f, double y)
{
    return HEIGHT - BOTTOM -
           (log2(y) - f->low_y) / (f->high_y - f->low_y) * (HEIGHT - TOP - BOTTOM);
}

static bool is_drawn(const struct chart_point *point)
{
    return point->x > 0 && point->y > 0 && isfinite(point->x) && isfinite(point->y);
}

static void widen(double *low, double *high, double value)
{
    if (value > 0 && log2(value) < *low)
        *low = log2(value);
    if (value > 0 && log2(value) > *high)
        *high = log2(value);
}

/* False: there is nothing to draw. */
static bool find_frame(const struct chart *chart, struct frame *f)
{
    *f = (struct frame){INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t i = 0; i < chart->n; i++) {
        for (size_t j = 0; j < chart->series[i].n; j++) {
            const struct chart_point *const point = &chart->series[i].points[j];
            if (!is_drawn(point))
                continue;
            widen(&f->low_x, &f->high_x, point->x);
            widen(&f->low_y, &f->high_y, point->y);
            widen(&f->low_y, &f->high_y, point->low);
            widen(&f->low_y, &f->high_y, point->high);
        }
    }
    if (!isfinite(f->low_x))
        return false;
    const double edge = fmax(0.03 * (f->high_x - f->low_x), 0.15);
    f->low_x -= edge;
    f->high_x += edge;
    f->low_y = floor(f->low_y - 0.1);
    f->high_y = ceil(f->high_y + 0.1);
    return true;
}

/* 1500000 as 1.5M. */
static void put_number(FILE *to, double value)
{
    static const char *const units[] = {"", "k", "M", "G"};
    size_t unit = 0;
    while (value >= 999.5 && unit < 3)
        value /= 1000, unit++;
    fprintf(to, value < 10 && value != floor(value) ? "%.2g%s" : "%.3g%s", value,
            units[unit]);
}

static void put_bands(FILE *to, const struct chart *chart, const struct frame *f)
{
    for (size_t i = 0; i < chart->n_bands; i++) {
        const struct chart_band *const band = &chart->bands[i];
        const double left = fmax(log2(band->low), f->low_x);
        const double right = fmin(log2(band->high), f->high_x);
        if (left >= right)
            continue;
        const double from = at_x(f, exp2(left)), until = at_x(f, exp2(right));
        fprintf(to,
                "<rect class=\"band\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" "
                "height=\"%d\"/><text class=\"middle\" x=\"%.1f\" y=\"%d\">",
                from, TOP, fmax(until - from, 1), HEIGHT - TOP - BOTTOM,
                (from + until) / 2, TOP + 16);
        html_text(to, band->name);
        fputs("</text>\n", to);
    }
}

static void put_y_axis(FILE *to, const struct chart *chart, const struct frame *f)
{
    const int step = 1 + (int)(f->high_y - f->low_y) / 8;
    for (int power = (int)f->low_y; power <= (int)f->high_y; power += step) {
        const double y = at_y(f, exp2(power));
        fprintf(to,
                "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                "<text class=\"end\" x=\"%d\" y=\"%.1f\">",
                LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4);
        put_number(to, exp2(power));
        fputs("</text>\n", to);
    }
    fputs("<text x=\"4\" y=\"14\">", to);
    html_text(to, chart->y_title);
    fputs("</text>\n", to);
}

static void put_x_tick(FILE *to, const struct frame *f, double x, const char *name)
{
    fprintf(to,
            "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
            "<text class=\"middle\" x=\"%.1f\" y=\"%d\">",
            at_x(f, x), at_x(f, x), HEIGHT - BOTTOM, HEIGHT - BOTTOM + 5, at_x(f, x),
            HEIGHT - BOTTOM + 20);
    if (name != NULL)
        html_text(to, name);
    else
        put_number(to, x);
    fputs("</text>\n", to);
}

static void put_x_axis(FILE *to, const struct chart *chart, const struct frame *f)
{
    const double tens = (f->high_x - f->low_x) / log2(10);
    fprintf(to, "<path class=\"axis\" d=\"M%d %dH%d\"/>\n", LEFT, HEIGHT - BOTTOM,
            WIDTH - RIGHT);
    for (int i = 1; chart->x_names != NULL && chart->x_names[i - 1] != NULL; i++)
        put_x_tick(to, f, i, chart->x_names[i - 1]);
    for (int power = -3; chart->x_names == NULL && power < 12; power++) {
        static const double within[] = {1, 2, 5, 1.5, 3, 4, 6, 8};
        for (int i = 0; i < (tens < 0.8 ? 8 : tens < 2 ? 3 : 1); i++) {
            const double x = within[i] * pow(10, power);
            if (log2(x) >= f->low_x && log2(x) <= f->high_x)
                put_x_tick(to, f, x, NULL);
        }
    }
    fprintf(to, "<text class=\"end\" x=\"%d\" y=\"%d\">", WIDTH - RIGHT, HEIGHT - 6);
    html_text(to, chart->x_title);
    fputs("</text>\n", to);
}

static void put_sign(FILE *to, size_t series, double x, double y)
{
    const unsigned colour = (unsigned)(series % N_COLOURS);
    switch (series / N_COLOURS % N_SIGNS) {
    case 0:
        fprintf(to, "<circle class=\"sign c%u\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>",
                colour, x, y);
        break;
    case 1:
        fprintf(to,
                "<rect class=\"sign c%u\" x=\"%.1f\" y=\"%.1f\" width=\"7\" "
                "height=\"7\"/>",
                colour, x - 3.5, y - 3.5);
        break;
    case 2:
        fprintf(to, "<path class=\"sign c%u\" d=\"M%.1f %.1fl4.5 8h-9z\"/>", colour, x,
                y - 5);
        break;
    default:
        fprintf(to, "<path class=\"sign c%u\" d=\"M%.1f %.1fl5 5l-5 5l-5-5z\"/>", colour,
                x, y - 5);
    }
}

static void put_series(FILE *to, const struct chart *chart, const struct frame *f,
                       size_t i)
{
    const struct chart_series *const series = &chart->series[i];
    const unsigned colour = (unsigned)(i % N_COLOURS);
    char command = 'M';
    if (chart->has_lines) {
        fprintf(to, "<path class=\"line c%u%s\" d=\"", colour,
                series->is_dashed ? " dash" : "");
        for (size_t j = 0; j < series->n; j++) {
            const struct chart_point *const point = &series->points[j];
            if (is_drawn(point))
                fprintf(to, "%c%.1f %.1f", command, at_x(f, point->x), at_y(f, point->y));
            command = is_drawn(point) ? 'L' : command;
        }
        fputs("\"/>\n", to);
    }
    for (size_t j = 0; j < series->n; j++) {
        const struct chart_point *const point = &series->points[j];
        if (!is_drawn(point))
            continue;
        if (point->low > 0 && point->high > 0)
            fprintf(to, "<path class=\"bar c%u\" d=\"M%.1f %.1fV%.1f\"/>", colour,
                    at_x(f, point->x), at_y(f, point->low), at_y(f, point->high));
        put_sign(to, i, at_x(f, point->x), at_y(f, point->y));
        fputc('\n', to);
    }
}

static void put_legend(FILE *to, const struct chart *chart)
{
    fputs("<ul class=\"legend\">\n", to);
    for (size_t i = 0; i < chart->n; i++) {
        fprintf(to,
                "<li><svg viewBox=\"0 0 30 14\" aria-hidden=\"true\"><path class=\"line "
                "c%u%s\" d=\"M0 7H30\"/>",
                (unsigned)(i % N_COLOURS), chart->series[i].is_dashed ? " dash" : "");
        put_sign(to, i, 15, 7);
        fputs("</svg>", to);
        html_text(to, chart->series[i].name);
        fputs("</li>\n", to);
    }
    fputs("</ul>\n", to);
}

static void put_data(FILE *to, const struct chart *chart)
{
    fputs(
        "<details><summary>The numbers of this chart</summary>\n<section class=\"wide\" "
        "tabindex=\"0\" aria-label=\"Numbers of ",
        to);
    html_text(to, chart->title);
    fputs("\"><table><thead><tr><th scope=\"col\">map</th><th scope=\"col\">", to);
    html_text(to, chart->x_title);
    fputs("</th><th scope=\"col\">", to);
    html_text(to, chart->y_title);
    fputs("</th><th scope=\"col\">interval</th></tr></thead><tbody>\n", to);
    for (size_t i = 0; i < chart->n; i++) {
        for (size_t j = 0; j < chart->series[i].n; j++) {
            const struct chart_point *const point = &chart->series[i].points[j];
            fputs("<tr><th scope=\"row\">", to);
            html_text(to, chart->series[i].name);
            fputs("</th><td>", to);
            if (chart->x_names != NULL)
                html_text(to, chart->x_names[(size_t)point->x - 1]);
            else
                fprintf(to, "%.10g", point->x);
            fprintf(to, "</td><td>%.4g</td><td>", point->y);
            if (point->low > 0)
                fprintf(to, "%.4g to %.4g", point->low, point->high);
            fputs("</td></tr>\n", to);
        }
    }
    fputs("</tbody></table></section></details>\n", to);
}

void chart_put(FILE *to, const struct chart *chart, unsigned id)
{
    struct frame f;
    if (!find_frame(chart, &f))
        return;
    fprintf(to, "<figure><figcaption id=\"chart%u\">", id);
    html_text(to, chart->title);
    fprintf(to,
            "</figcaption>\n<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" "
            "aria-labelledby=\"chart%u\">\n",
            WIDTH, HEIGHT, id);
    put_bands(to, chart, &f);
    put_y_axis(to, chart, &f);
    put_x_axis(to, chart, &f);
    for (size_t i = 0; i < chart->n; i++)
        put_series(to, chart, &f, i);
    fputs("</svg>\n", to);
    put_legend(to, chart);
    if (*chart->note != '\0') {
        fputs("<p class=\"dim\">", to);
        html_text(to, chart->note);
        fputs("</p>\n", to);
    }
    put_data(to, chart);
    fputs("</figure>\n", to);
}
