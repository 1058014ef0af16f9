/* SPDX-License-Identifier: MIT */
/* The functions and source lines that took most, as text.
 *
 * Output:
 *     open_addressing: where the processor was
 *        self  total  function
 *         46%    58%  move_stretch
 *     samples kernel  source line                    function
 *         788      5  linear_probing.h:133           move_stretch */
#include "flame_top.h"

#include <stdlib.h>

#include "cell_read.h"
#include "columns.h"
#include "flame_read.h"

enum { MOST_IN_FILE = 60, NAME_WIDTH = 60, WHERE_WIDTH = 30, FUNCTION_WIDTH = 30 };

/* The last on its line: no blanks behind it. */
static void put_last(FILE *to, const char *name, size_t width)
{
    if (columns_of(name) <= width)
        fputs(name, to);
    else
        columns_name(to, name, width);
    fputc('\n', to);
}

static void put_functions(const json_t *stacks, size_t most, FILE *to)
{
    struct flame_functions functions;
    const double samples = flame_samples(stacks);
    if (!flame_count_functions(stacks, &functions))
        return;
    fputs("     self  total  function\n", to);
    for (size_t i = 0; i < functions.n && i < most; i++) {
        char self[COLUMNS_NUMBER], total[COLUMNS_NUMBER];
        columns_share(self, functions.of[i].self, samples);
        columns_share(total, functions.of[i].total, samples);
        fprintf(to, "  %7s %6s  ", self, total);
        put_last(to, functions.of[i].name, NAME_WIDTH);
    }
    flame_drop_functions(&functions);
}

/* Whole, as long as there is room. */
static void put_count(char text[COLUMNS_NUMBER], double count)
{
    if (count < 1e6)
        snprintf(text, COLUMNS_NUMBER, "%.0f", count);
    else
        columns_number(text, count);
}

static void put_lines(const json_t *stacks, size_t most, FILE *to)
{
    size_t i;
    const json_t *line;
    fputs("  samples kernel  source line                     function\n", to);
    json_array_foreach(json_object_get(stacks, "lines"), i, line)
    {
        if (i == most)
            break;
        char samples[COLUMNS_NUMBER], kernel[COLUMNS_NUMBER];
        put_count(samples, json_number_value(json_object_get(line, "samples")));
        put_count(kernel, json_number_value(json_object_get(line, "kernel_samples")));
        fprintf(to, "  %7s %6s  ", samples, kernel);
        columns_name(to, member_text(line, "where"), WHERE_WIDTH);
        fputs("  ", to);
        put_last(to, member_text(line, "function"), FUNCTION_WIDTH);
    }
}

void report_flame(const json_t *cell, size_t most, FILE *to)
{
    const json_t *const stacks = flame_stacks(cell);
    struct columns_draft draft;
    char name[CELL_NAME];
    if (stacks == NULL)
        return;
    fprintf(to, "\n  %s: where the processor was\n", cell_name(cell, name));
    put_functions(stacks, most, to);
    put_lines(stacks, most, to);
    FILE *const room = columns_begin(&draft);
    if (room == NULL)
        return;
    flame_origin(room, cell);
    fputs(
        " Kernel functions end with _[k]; a line's kernel samples are of what it had the "
        "kernel do.",
        room);
    if (flame_warning(stacks) != NULL)
        fprintf(room, " Warning: %s.", flame_warning(stacks));
    columns_end(&draft, to, 2, false);
}

char *flame_top(const json_t *result, size_t cell)
{
    const json_t *const own = cell_at(result, cell);
    char *text = NULL;
    size_t size = 0;
    FILE *const to = flame_stacks(own) != NULL ? open_memstream(&text, &size) : NULL;
    if (to == NULL)
        return NULL;
    flame_title(to, own);
    fputc('\n', to);
    flame_machine(to, result);
    fputc('\n', to);
    report_flame(own, MOST_IN_FILE, to);
    fclose(to);
    return text;
}
