/* SPDX-License-Identifier: MIT */
/* A calibration drawn with plain characters, and what both drawings read of it. */
#include "staircase.h"

#include <math.h>
#include <string.h>

#include "staircase_read.h"

enum { ROWS = 17, LEFT = 9, MOST_COLUMNS = 100, LEAST_COLUMNS = 60 };

void staircase_size(char text[24], double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
    size_t unit = 0;
    while (bytes >= 1024 && unit < 3) {
        bytes /= 1024;
        unit++;
    }
    snprintf(text, 24, bytes < 10 && bytes != floor(bytes) ? "%.1f %s" : "%.0f %s", bytes,
             units[unit]);
}

void staircase_range(char text[64], double low, double high)
{
    char from[24], to[24];
    staircase_size(from, low);
    staircase_size(to, high);
    if (strcmp(strchr(from, ' '), strchr(to, ' ')) == 0)
        *strchr(from, ' ') = '\0'; /* the unit is said once */
    snprintf(text, 64, "%s to %s", from, to);
}

/* ---- reading ---- */

static double number_of(const json_t *object, const char *name)
{
    const json_t *const value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static void read_curve(const json_t *from, struct curve *curve)
{
    size_t i;
    json_t *item;
    const char *const pages = json_string_value(json_object_get(from, "pages"));
    memset(curve, 0, sizeof *curve);
    snprintf(curve->pages, sizeof curve->pages, "%s", pages != NULL ? pages : "?");
    curve->reason = json_string_value(json_object_get(from, "reason"));
    curve->memory_ns = number_of(from, "memory_ns");
    json_array_foreach(json_object_get(from, "stairs"), i, item)
    {
        const double bytes = number_of(item, "bytes"), ns = number_of(item, "ns");
        const double median = number_of(item, "median_ns");
        if (curve->n == MOST_POINTS || !(bytes >= 1) || !(ns > 0) || !isfinite(ns))
            continue;
        curve->x[curve->n] = log2(bytes);
        curve->y[curve->n] = log2(ns);
        curve->median_y[curve->n++] =
            log2(median >= ns && isfinite(median) ? median : ns);
    }
    json_array_foreach(json_object_get(from, "levels"), i, item)
    {
        struct drawn_level *const level = &curve->levels[curve->n_levels];
        level->bytes = number_of(item, "bytes");
        level->above_bytes = number_of(item, "above_bytes");
        level->ns = number_of(item, "ns");
        if (curve->n_levels < MOST_DRAWN_LEVELS && level->bytes >= 1 &&
            level->above_bytes >= level->bytes && level->ns > 0)
            curve->n_levels++;
    }
}

bool staircase_read(const json_t *calibration, struct staircase *stairs)
{
    double low_x = (double)INFINITY, high_x = 0, low_y = (double)INFINITY, high_y = 0;
    stairs->best = 0;
    for (size_t k = 0; k < N_CURVES; k++) {
        struct curve *const curve = &stairs->curves[k];
        read_curve(json_array_get(json_object_get(calibration, "curves"), k), curve);
        for (size_t i = 0; i < curve->n; i++) {
            low_x = fmin(low_x, curve->x[i]);
            high_x = fmax(high_x, curve->x[i]);
            low_y = fmin(low_y, curve->y[i]);
            high_y = fmax(high_y, curve->y[i]);
        }
        if (curve->n > 0)
            stairs->best = k; /* huge pages, if there are any */
    }
    stairs->low_x = low_x;
    stairs->high_x = fmax(high_x, low_x + 1);
    stairs->low_y = fmin(low_y, 0) - 0.15;
    stairs->high_y = fmax(high_y, stairs->low_y + 1) + 0.25;
    return isfinite(low_x);
}

double staircase_tick(unsigned i)
{
    static const double steps[] = {1, 2, 5};
    return steps[i % 3] * pow(10, (double)(i / 3));
}

/* ---- characters ---- */

struct grid {
    char cells[ROWS][MOST_COLUMNS + 1];
    int width;
    const struct staircase *stairs;
};

static int column_of(const struct grid *grid, double x)
{
    const struct staircase *const s = grid->stairs;
    return (int)lround((x - s->low_x) / (s->high_x - s->low_x) * (grid->width - 1));
}

static int row_of(const struct grid *grid, double y)
{
    const struct staircase *const s = grid->stairs;
    return ROWS - 1 - (int)lround((y - s->low_y) / (s->high_y - s->low_y) * (ROWS - 1));
}

static void fill(struct grid *grid)
{
    static const char symbols[N_CURVES] = {'o', 'x'};
    const struct curve *const best = &grid->stairs->curves[grid->stairs->best];
    memset(grid->cells, ' ', sizeof grid->cells);
    for (size_t i = 0; i < best->n_levels; i++)
        for (int row = 0; row < ROWS; row++) {
            const double end = sqrt(best->levels[i].bytes * best->levels[i].above_bytes);
            const int column = column_of(grid, log2(end));
            if (column >= 0 && column < grid->width)
                grid->cells[row][column] = ':';
        }
    for (size_t k = 0; k < N_CURVES; k++)
        for (size_t i = 0; i < grid->stairs->curves[k].n; i++) {
            char *const cell =
                &grid->cells[row_of(grid, grid->stairs->curves[k].y[i])]
                            [column_of(grid, grid->stairs->curves[k].x[i])];
            *cell =
                *cell == ' ' || *cell == ':' || *cell == symbols[k] ? symbols[k] : '*';
        }
}

static void print_rows(const struct grid *grid, FILE *to)
{
    for (int row = 0; row < ROWS; row++) {
        char label[16] = "";
        for (unsigned i = 0; i < 15; i++)
            if (row_of(grid, log2(staircase_tick(i))) == row)
                snprintf(label, sizeof label, "%.0f ns", staircase_tick(i));
        int end = grid->width;
        while (end > 0 && grid->cells[row][end - 1] == ' ')
            end--;
        fprintf(to, "%*s |%.*s\n", LEFT - 2, label, end, grid->cells[row]);
    }
}

/* Every second doubling has its size. */
static void print_axis(const struct grid *grid, FILE *to)
{
    char line[MOST_COLUMNS + 32];
    memset(line, '-', sizeof line);
    for (double x = ceil(grid->stairs->low_x); x <= grid->stairs->high_x; x += 2)
        line[column_of(grid, x)] = '+';
    fprintf(to, "%*s%.*s\n", LEFT, "+", grid->width, line);
    memset(line, ' ', sizeof line);
    int end = 0;
    for (double x = ceil(grid->stairs->low_x); x <= grid->stairs->high_x; x += 2) {
        char size[24];
        staircase_size(size, exp2(x));
        size[strcspn(size, " ") + 2] = '\0'; /* "4 K" */
        const int n = (int)strlen(size), at = LEFT + column_of(grid, x) - n / 2;
        if (at < end || at + n > LEFT + grid->width)
            continue;
        memcpy(line + at, size, (size_t)n);
        end = at + n + 1;
    }
    fprintf(to, "%.*s\n", end > 0 ? end - 1 : 0, line);
}

void staircase_text(const json_t *calibration, FILE *to, int columns)
{
    struct staircase stairs;
    struct grid grid = {.stairs = &stairs};
    if (!staircase_read(calibration, &stairs))
        return;
    if (columns > MOST_COLUMNS)
        columns = MOST_COLUMNS;
    if (columns < LEAST_COLUMNS)
        columns = LEAST_COLUMNS;
    grid.width = columns - LEFT - 1;
    fill(&grid);
    fprintf(to, "%*s a load that waits for the last, by bytes walked\n", LEFT, "");
    print_rows(&grid, to);
    print_axis(&grid, to);
    fprintf(to, "%*s ", LEFT, "");
    for (size_t k = 0; k < N_CURVES; k++)
        if (stairs.curves[k].n > 0)
            fprintf(to, "%c %s pages   ", "ox"[k], stairs.curves[k].pages);
    fprintf(to, "%s\n", stairs.curves[0].n > 0 && stairs.curves[1].n > 0 ? "* both" : "");
}
