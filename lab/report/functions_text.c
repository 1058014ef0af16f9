/* SPDX-License-Identifier: MIT */
/* Instructions an operation, by function and by line, as callgrind counted them.
 *
 *     Instructions by function: open_addressing, build v3 (callgrind 3.19.0)
 *     392.5 an operation; 18.73 of them branches, 2.49 mispredicted (simulated).
 *
 *       function                 file                   own     %  total     %
 *       u64_siphash13_insert     linear_probing.h     22.00    6%  382.3   97%
 *       om_siphash_round         siphash.h            104.9   27%  194.5   50%
 *
 * A function's total has what it calls and what is inlined in it. Its own adds up to the
 * whole over all rows. Numbers are whole counts, divided once. */
#include "functions_text.h"

#include <string.h>

#include "../terminal.h"
#include "cell_read.h"
#include "columns.h"

enum { NAME_COLUMNS = 32, FILE_COLUMNS = 20, MOST_SHORT = 20 };
static const double SMALL_SHARE =
    0.01; /* of all instructions: folded in the short form */

struct functions {
    const json_t *of; /* the cell's field */
    double operations, instructions, branches, misses;
};

static double cost_of(const json_t *row, const char *field, const char *cost)
{
    const double n =
        json_number_value(json_object_get(json_object_get(row, field), cost));
    return n > 0 ? n : 0;
}

/* The others' sum stands last, and has no total of its own. */
static bool is_rest(const json_t *row)
{
    return json_object_get(row, "n") != NULL;
}

static bool find_functions(const json_t *cell, struct functions *functions)
{
    functions->of = json_object_get(cell, "functions");
    functions->operations = json_number_value(json_object_get(cell, "operations"));
    functions->instructions = cost_of(functions->of, "totals", "instructions");
    functions->branches = cost_of(functions->of, "totals", "branches");
    functions->misses = cost_of(functions->of, "totals", "branch_misses");
    return functions->instructions > 0 && functions->operations > 0;
}

static void print_head(const json_t *cell, const struct functions *f, FILE *to)
{
    char each[COLUMNS_NUMBER], branches[COLUMNS_NUMBER], misses[COLUMNS_NUMBER];
    char name[CELL_NAME];
    struct columns_draft draft;
    FILE *const text = columns_begin(&draft);
    if (text == NULL)
        return;
    columns_number(each, f->instructions / f->operations);
    columns_number(branches, f->branches / f->operations);
    columns_number(misses, f->misses / f->operations);
    fprintf(to, "\n%sInstructions by function%s: %s, build %s (callgrind %s)\n",
            terminal_style(to, STYLE_STRONG), terminal_style(to, STYLE_PLAIN),
            cell_name(cell, name), member_text(f->of, "build"),
            member_text(f->of, "valgrind_version"));
    fprintf(text,
            "%s an operation; %s of them conditional or indirect branches, %s "
            "mispredicted (simulated).",
            each, branches, misses);
    if (member_text(f->of, "not_inlined")[0] != '\0')
        fprintf(text, " Inlined functions are not told apart: %s.",
                member_text(f->of, "not_inlined"));
    columns_end(&draft, to, 0, false);
}

static void print_number(FILE *to, const struct functions *f, double n)
{
    char number[COLUMNS_NUMBER], share[COLUMNS_NUMBER];
    columns_number(number, n / f->operations);
    columns_share(share, n, f->instructions);
    fprintf(to, " %6s %5s", number, share);
}

static void print_function(const struct functions *f, const json_t *row, FILE *to)
{
    fputs("  ", to);
    columns_name(to, member_text(row, "name"), NAME_COLUMNS);
    fputc(' ', to);
    columns_name(to, member_text(row, "file"), FILE_COLUMNS);
    print_number(to, f, cost_of(row, "self", "instructions"));
    print_number(to, f, cost_of(row, "total", "instructions"));
    fputc('\n', to);
}

/* What is folded together, each function's own. */
static void print_others(const struct functions *f, double n_functions, double own,
                         FILE *to)
{
    char name[48];
    if (!(n_functions > 0))
        return;
    snprintf(name, sizeof name, "%.0f others", n_functions);
    fprintf(to, "  %-*s %-*s", NAME_COLUMNS, name, FILE_COLUMNS, "");
    print_number(to, f, own);
    fputc('\n', to);
}

static void print_functions(const struct functions *f, bool is_whole, FILE *to)
{
    double n_others = 0, own = 0;
    size_t i, n_shown = 0;
    const json_t *row;
    fprintf(to, "\n  %-*s %-*s %6s %5s %6s %5s\n", NAME_COLUMNS, "function", FILE_COLUMNS,
            "file", "own", "%", "total", "%");
    json_array_foreach(json_object_get(f->of, "rows"), i, row)
    {
        const double total = cost_of(row, "total", "instructions");
        const bool is_large =
            total >= SMALL_SHARE * f->instructions && n_shown < MOST_SHORT;
        if (!is_rest(row) && (is_whole || is_large)) {
            print_function(f, row, to);
            n_shown++;
        } else {
            n_others += is_rest(row) ? json_number_value(json_object_get(row, "n")) : 1;
            own += cost_of(row, "self", "instructions");
        }
    }
    print_others(f, n_others, own, to);
}

static void print_lines(const struct functions *f, FILE *to)
{
    size_t i;
    const json_t *line;
    const int width = NAME_COLUMNS + 1 + FILE_COLUMNS;
    fprintf(to, "\n  %-*s %6s %5s %13s\n", width, "line", "own", "%", "mispredicted");
    json_array_foreach(json_object_get(f->of, "lines"), i, line)
    {
        char misses[COLUMNS_NUMBER];
        fputs("  ", to);
        columns_name(to, member_text(line, "where"), (size_t)width);
        print_number(to, f, cost_of(line, "self", "instructions"));
        columns_number(misses, cost_of(line, "self", "branch_misses") / f->operations);
        fprintf(to, " %13s\n", misses);
    }
}

void report_functions(const json_t *cell, FILE *to, bool is_whole)
{
    struct functions functions;
    if (!cell_is_ok(cell) || !find_functions(cell, &functions))
        return;
    print_head(cell, &functions, to);
    print_functions(&functions, is_whole, to);
    if (is_whole)
        print_lines(&functions, to);
}
