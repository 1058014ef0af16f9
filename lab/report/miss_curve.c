/* SPDX-License-Identifier: MIT */
/* Misses of a cache of any size, with plain characters:
 *
 *     misses an operation, by bytes of cache
 *        L1        L2         L3
 *      4 |oooooooo :           :
 *        |        ooooo        :
 *      2 |xxxxxxxxxxxx*xxxx    :
 *      0 +---------+-----------+----- */
#include "miss_curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../terminal.h"
#include "cell_read.h"
#include "columns.h"
#include "miss_curve_read.h"
#include "staircase.h"

enum { ROWS = 15, LEFT = 8, WIDTH = COLUMNS_WIDTH - LEFT - 1, NAME_WIDTH = 26 };

static const char symbols[MISS_MOST_CURVES + 1] = "ox+svndbpqzk";

struct grid {
    char cells[ROWS][WIDTH + 1];
    double top; /* misses of the highest row */
};

static int column_of(const struct miss_curves *curves, double log2_bytes)
{
    const double x = (log2_bytes - MISS_LOW_LOG2) / (curves->high_log2 - MISS_LOW_LOG2);
    return (int)lround(fmin(fmax(x, 0), 1) * (WIDTH - 1));
}

static int row_of(const struct grid *grid, double misses)
{
    return ROWS - 1 - (int)lround(misses / grid->top * (ROWS - 1));
}

static bool is_in_chart(const struct miss_curves *curves, double bytes)
{
    return log2(bytes) >= MISS_LOW_LOG2 && log2(bytes) <= curves->high_log2;
}

/* Every column has the misses at its size; from one to the next a curve goes on down. */
static void fill(struct grid *grid, const struct miss_curves *curves)
{
    memset(grid->cells, ' ', sizeof grid->cells);
    for (size_t i = 0; i < curves->n_marks; i++)
        for (int row = 0; row < ROWS && is_in_chart(curves, curves->marks[i]); row++)
            grid->cells[row][column_of(curves, log2(curves->marks[i]))] = ':';
    for (size_t k = 0; k < curves->n; k++) {
        int before = -1;
        for (int column = 0; column < WIDTH; column++) {
            const double x = MISS_LOW_LOG2 +
                             (curves->high_log2 - MISS_LOW_LOG2) * column / (WIDTH - 1);
            const int exact = row_of(grid, miss_curve_at(&curves->curves[k], exp2(x)));
            const int row = exact > 0 ? exact : 0;
            for (int at = before >= 0 && before < row ? before + 1 : row; at <= row;
                 at++) {
                char *const cell = &grid->cells[at][column];
                const char symbol = exact < 0 ? '^' : symbols[k];
                *cell = *cell == ' ' || *cell == ':' || *cell == symbol ? symbol : '*';
            }
            before = row;
        }
    }
}

/* "L1" and so on above the marks, as far as there is room between them. */
static void print_marks(const struct miss_curves *curves, FILE *to)
{
    int at = 0;
    for (size_t i = 0; i < curves->n_marks; i++) {
        const int column = LEFT + column_of(curves, log2(curves->marks[i])) - 1;
        if (!is_in_chart(curves, curves->marks[i]) || column < at)
            continue;
        at += fprintf(to, "%*sL%zu ", column - at, "", i + 1);
    }
    if (at > 0)
        fputc('\n', to);
}

static void print_rows(const struct grid *grid, double step, FILE *to)
{
    for (int row = 0; row < ROWS; row++) {
        char label[16] = "";
        for (int i = 0; i * step <= grid->top * 1.001; i++)
            if (row_of(grid, i * step) == row)
                snprintf(label, sizeof label, "%.5g", i * step);
        int end = WIDTH;
        while (end > 0 && grid->cells[row][end - 1] == ' ')
            end--;
        fprintf(to, "%*s |%.*s\n", LEFT - 2, label, end, grid->cells[row]);
    }
}

/* Every doubling is a mark, every second has its size where it fits. */
static void print_axis(const struct miss_curves *curves, FILE *to)
{
    char line[LEFT + WIDTH + 32];
    memset(line, '-', sizeof line);
    for (double x = MISS_LOW_LOG2; x <= curves->high_log2; x++)
        line[column_of(curves, x)] = '+';
    fprintf(to, "%*s%.*s\n", LEFT, "+", WIDTH, line);
    memset(line, ' ', sizeof line);
    int end = 0;
    for (double x = MISS_LOW_LOG2; x <= curves->high_log2; x++) {
        char size[24];
        staircase_size(size, exp2(x));
        const int n = (int)strcspn(size, " ") + 2; /* "4 K" */
        const int at = LEFT + column_of(curves, x) - n / 2;
        if (at < end || at + n > LEFT + WIDTH)
            continue;
        memcpy(line + at, size, (size_t)n);
        end = at + n + 3;
    }
    fprintf(to, "%.*s\n", end > 0 ? end - 3 : 0, line);
}

static void print_table(const struct miss_curves *curves, FILE *to)
{
    const size_t n = miss_n_sizes(curves);
    char name[CELL_NAME];
    fprintf(to, "\n  %-*s", NAME_WIDTH + 2, "misses an operation at");
    for (size_t i = 0; i < n; i++) {
        char size[24];
        staircase_size(size, miss_size(curves, i));
        fprintf(to, "%9s", size);
    }
    fputc('\n', to);
    for (size_t k = 0; k < curves->n; k++) {
        const struct miss_curve *const curve = &curves->curves[k];
        fprintf(to, "  %c ", symbols[k]);
        columns_name(to, cell_name(curve->cell, name), NAME_WIDTH);
        for (size_t i = 0; i < n; i++) {
            char text[COLUMNS_NUMBER];
            columns_number(text, miss_curve_at(curve, miss_size(curves, i)));
            fprintf(to, "%9s", text);
        }
        fputc('\n', to);
    }
}

static void print_notes(const struct miss_curves *curves, FILE *to)
{
    char *text = NULL;
    size_t size;
    FILE *const room = open_memstream(&text, &size);
    if (room == NULL)
        return;
    if (curves->n > 1)
        fputs("* several at once. ", room);
    if (curves->most > curves->top) {
        char most[COLUMNS_NUMBER];
        columns_number(most, curves->most);
        fprintf(room, "^ above the chart, up to %s. ", most);
    }
    if (curves->n_left_out > 0)
        fprintf(room, "%zu more are not drawn. ", curves->n_left_out);
    fputs("Simulated: a fully associative cache that gives up what was used longest ago "
          "(LRU), first touches included.",
          room);
    for (size_t i = 0; i < curves->n_marks; i++)
        if (log2(curves->marks[i]) > curves->high_log2)
            fprintf(room, " L%zu lies beyond the chart.", i + 1);
    if (curves->n_marks > 0)
        fprintf(room, " Levels are those of %s, %s.", curves->machine, curves->geometry);
    fclose(room);
    columns_paragraph(to, text, 2);
    free(text);
}

void report_miss_curve(const json_t *cells, size_t first, size_t n, FILE *to)
{
    struct grid grid;
    struct miss_curves *const curves = malloc(sizeof *curves);
    if (curves != NULL && miss_curves_read(cells, first, n, curves)) {
        const double step = miss_step(curves->top, 5);
        grid.top = curves->top;
        fill(&grid, curves);
        fprintf(to, "\n%sMisses an operation, by bytes of cache%s\n",
                terminal_style(to, STYLE_STRONG), terminal_style(to, STYLE_PLAIN));
        print_marks(curves, to);
        print_rows(&grid, step, to);
        print_axis(curves, to);
        print_table(curves, to);
        print_notes(curves, to);
    }
    free(curves);
}
