/* SPDX-License-Identifier: MIT */
/* The stacks of a cell as the flame graph's exporters want them. */
#include "flame_read.h"

#include <stdlib.h>
#include <string.h>

#include "cache_cell.h"
#include "cell_read.h"
#include "columns.h"

enum { NAME_ROOM = 8193 /* of the reader's longest stack */ };

const json_t *flame_stacks(const json_t *cell)
{
    const json_t *const stacks = json_object_get(cell, "stacks");
    return cell_is_ok(cell) && flame_samples(stacks) > 0 ? stacks : NULL;
}

double flame_samples(const json_t *stacks)
{
    return member_number(stacks, "samples");
}

double flame_ns_per_op(const json_t *cell)
{
    const double hz = member_number(flame_stacks(cell), "frequency_hz");
    const double operations = cache_operations(cell);
    return hz > 0 && operations > 0 ? 1e9 / hz / operations : 0;
}

const char *flame_warning(const json_t *stacks)
{
    return json_string_value(json_object_get(stacks, "warning"));
}

/* The next name of a stack; false at its end. */
static bool next_name(const char **stack, char name[NAME_ROOM])
{
    const size_t n = strcspn(*stack, ";");
    if (**stack == '\0')
        return false;
    snprintf(name, NAME_ROOM, "%.*s", (int)n, *stack);
    *stack += n + ((*stack)[n] == ';');
    return true;
}

/* ---- the tree ---- */

/* Counts what passed a node, and returns its children. */
static json_t *pass(json_t *node, size_t slot, double value)
{
    json_t *values = json_object_get(node, "v");
    if (values == NULL) {
        values = json_array();
        json_object_set_new(node, "v", values);
        json_object_set_new(node, "c", json_object());
    }
    while (values != NULL && json_array_size(values) <= slot)
        if (json_array_append_new(values, json_real(0)) != 0)
            return NULL;
    json_t *const sum = json_array_get(values, slot);
    (void)json_real_set(sum, json_real_value(sum) + value);
    return json_object_get(node, "c");
}

bool flame_add_to_tree(json_t *tree, const json_t *stacks, size_t slot, double scale)
{
    size_t i;
    const json_t *row;
    char name[NAME_ROOM];
    json_array_foreach(json_object_get(stacks, "folded"), i, row)
    {
        const char *stack = json_string_value(json_array_get(row, 0));
        const double value = scale * json_number_value(json_array_get(row, 1));
        json_t *children = pass(tree, slot, value);
        while (stack != NULL && next_name(&stack, name)) {
            json_t *child = json_object_get(children, name);
            if (child == NULL) {
                child = json_object();
                if (json_object_set_new(children, name, child) != 0)
                    return false;
            }
            children = pass(child, slot, value);
        }
        if (children == NULL)
            return false;
    }
    return true;
}

/* ---- functions ---- */

static int by_self(const void *a, const void *b)
{
    const struct flame_function *const x = a, *const y = b;
    if (x->self != y->self)
        return x->self < y->self ? 1 : -1;
    if (x->total != y->total)
        return x->total < y->total ? 1 : -1;
    return strcmp(x->name, y->name);
}

/* Adds to a function's [self, total, number of the last stack that it was in]. */
static bool count_function(json_t *names, const char *name, size_t stack, double self,
                           double total)
{
    json_t *row = json_object_get(names, name);
    if (row == NULL) {
        row = json_pack("[f, f, i]", 0.0, 0.0, -1);
        if (json_object_set_new(names, name, row) != 0)
            return false;
    }
    const bool is_new = json_integer_value(json_array_get(row, 2)) != (json_int_t)stack;
    json_t *const own = json_array_get(row, 0), *const all = json_array_get(row, 1);
    (void)json_real_set(own, json_real_value(own) + self);
    if (is_new) /* one that calls itself is there once */
        (void)json_real_set(all, json_real_value(all) + total);
    (void)json_integer_set(json_array_get(row, 2), (json_int_t)stack);
    return true;
}

static bool count_stack(json_t *names, size_t i, const char *stack, double samples)
{
    char name[NAME_ROOM];
    bool is_counted = true;
    while (is_counted && next_name(&stack, name))
        is_counted =
            count_function(names, name, i, *stack == '\0' ? samples : 0, samples);
    return is_counted;
}

bool flame_count_functions(const json_t *stacks, struct flame_functions *functions)
{
    size_t i;
    const char *name;
    json_t *row;
    bool is_counted = true;
    memset(functions, 0, sizeof *functions);
    functions->names = json_object();
    json_array_foreach(json_object_get(stacks, "folded"), i, row)
    {
        is_counted = is_counted && count_stack(functions->names, i,
                                               json_string_value(json_array_get(row, 0)),
                                               json_number_value(json_array_get(row, 1)));
    }
    functions->of = calloc(json_object_size(functions->names) + 1, sizeof *functions->of);
    if (!is_counted || functions->of == NULL) {
        flame_drop_functions(functions);
        return false;
    }
    json_object_foreach(functions->names, name, row)
    {
        functions->of[functions->n++] =
            (struct flame_function){name, json_real_value(json_array_get(row, 0)),
                                    json_real_value(json_array_get(row, 1))};
    }
    qsort(functions->of, functions->n, sizeof *functions->of, by_self);
    return true;
}

void flame_drop_functions(struct flame_functions *functions)
{
    free(functions->of);
    json_decref(functions->names);
    memset(functions, 0, sizeof *functions);
}

/* ---- words ---- */

void flame_title(FILE *to, const json_t *cell)
{
    const char *const pattern = member_text(cell, "pattern");
    char name[CELL_NAME];
    fprintf(to, "%s, %s%s%s %s, hash %s, n = %" JSON_INTEGER_FORMAT,
            cell_name(cell, name), member_text(cell, "workload"),
            *pattern != '\0' ? " " : "", pattern, member_text(cell, "key"),
            member_text(cell, "hash"), json_integer_value(json_object_get(cell, "n")));
}

void flame_origin(FILE *to, const json_t *cell)
{
    const json_t *const stacks = flame_stacks(cell);
    const char *const trust = member_text(cell_metric(cell, "flame_samples"), "trust");
    char share[COLUMNS_NUMBER];
    columns_share(share, member_number(stacks, "kernel"), flame_samples(stacks));
    fprintf(to, "%.0f samples of %s, %.0f a second, %s by %s (call graph %s). ",
            flame_samples(stacks), member_text(stacks, "event"),
            member_number(stacks, "frequency_hz"),
            *trust != '\0' ? trust : "trust not told", member_text(stacks, "by"),
            member_text(stacks, "call_graph"));
    if (json_is_true(json_object_get(stacks, "has_kernel")))
        fprintf(to, "%s in kernel mode. ", share);
    else
        fputs("Kernel mode was not sampled. ", to);
    fprintf(to, "Left out: %.0f outside the timed batches.",
            member_number(stacks, "outside"));
    if (member_number(stacks, "lost") > 0)
        fprintf(to, " Lost: %.0f.", member_number(stacks, "lost"));
    fprintf(to, " Build %s, pages %s.", member_text(cell, "build"),
            member_text(cell, "pages"));
}

void flame_machine(FILE *to, const json_t *result)
{
    const json_t *const machine = json_object_get(result, "machine");
    const char *const cpu = member_text(machine, "cpu");
    const char *const kernel = member_text(machine, "kernel");
    fprintf(to, "%s, kernel %s.", *cpu != '\0' ? cpu : "An unknown processor",
            *kernel != '\0' ? kernel : "unknown");
}
