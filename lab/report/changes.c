/* SPDX-License-Identifier: MIT */
/* What differs between two results of the same comparison. */
#include "changes.h"

#include <stdlib.h>
#include <string.h>

#include "ceiling.h"
#include "cell_read.h"

static const double WANTED_LEVEL = 0.95;

const struct exact_metric exact_metrics[] = {
    {"exact_instructions_per_op", "instructions"},
    {"sim_l1_misses_per_op", "L1 misses"},
    {"sim_memory_lines_per_op", "memory lines"},
    {NULL, NULL},
};

/* The peak of the memory repeats, too; but what is faster may be larger for it, so that it is
 * told and is no regression. */
static const struct exact_metric told[] = {{"peak_bytes", "peak bytes"}};

bool change_of_count(const json_t *cell, const json_t *base, const char *metric,
                     double zone, struct difference *difference)
{
    const json_t *const a = json_object_get(cell_metric(base, metric), "value");
    const json_t *const b = json_object_get(cell_metric(cell, metric), "value");
    if (!json_is_number(a) || !json_is_number(b))
        return false;
    *difference = difference_exact(json_number_value(a), json_number_value(b), zone);
    return true;
}

/* The samples of a time, all that are above 0. */
static size_t samples_of(const json_t *cell, double to[DIFFERENCE_MOST_UNPAIRED])
{
    size_t i, n = 0;
    const json_t *sample;
    json_array_foreach(json_object_get(cell_metric(cell, "ns_per_op"), "samples"), i,
                       sample)
    {
        const double value = member_number(sample, "value");
        if (value > 0 && n < DIFFERENCE_MOST_UNPAIRED)
            to[n++] = value;
    }
    return n;
}

static bool is_one_machine(const json_t *before, const json_t *old_result,
                           const json_t *after, const json_t *new_result)
{
    static const char *const fields[] = {"cpu", "cores", "architecture"};
    const json_t *const a = cell_machine(old_result, before), *const b = cell_machine(
                                                                  new_result, after);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!member_is_same(a, b, fields[i]))
            return false;
    return true;
}

/* ---- a cell that is in both ---- */

static void add(struct changes *changes, struct change change, const char *metric)
{
    change.old_value = member_number(cell_metric(change.before, metric), "value");
    change.new_value = member_number(cell_metric(change.after, metric), "value");
    changes->of[changes->n++] = change;
}

static void add_exact(struct changes *changes, struct change change,
                      const struct exact_metric *metric, double zone)
{
    change.is_exact = true;
    change.label = metric->label;
    if (change_of_count(change.after, change.before, metric->name, zone,
                        &change.difference))
        add(changes, change, metric->name);
}

static void add_cell(struct changes *changes, struct change change, double gate)
{
    static double a[DIFFERENCE_MOST_UNPAIRED], b[DIFFERENCE_MOST_UNPAIRED];
    const size_t n_a = samples_of(change.before, a), n_b = samples_of(change.after, b);
    change.label = "ns/op";
    if (n_a > 0 && n_b > 0) {
        change.difference = difference_unpaired(a, n_a, b, n_b, gate, WANTED_LEVEL);
        if (change.is_foreign)
            change.difference.verdict = VERDICT_NOT_SHOWN;
        add(changes, change, "ns_per_op");
    }
    change.is_foreign = false;
    for (const struct exact_metric *m = exact_metrics; m->name != NULL; m++)
        add_exact(changes, change, m, gate / EXACT_PART);
    add_exact(changes, change, told, gate / EXACT_PART);
}

/* ---- all of them ---- */

/* An object: of each cell's name its place. */
static json_t *places_of(const json_t *cells)
{
    json_t *const places = json_object();
    size_t i;
    const json_t *cell;
    json_array_foreach(cells, i, cell)
    {
        char *const name = cell_identity(cell);
        if (name != NULL)
            json_object_set_new(places, name, json_integer((json_int_t)i));
        free(name);
    }
    return places;
}

/* The cell of that name, which is then no more among `places`; NULL: there is none. */
static const json_t *take(const json_t *cells, json_t *places, const json_t *cell)
{
    const json_t *found = NULL;
    char *const name = cell_identity(cell);
    const json_t *const place = name != NULL ? json_object_get(places, name) : NULL;
    if (place != NULL) {
        found = json_array_get(cells, (size_t)json_integer_value(place));
        json_object_del(places, name);
    }
    free(name);
    return found;
}

bool changes_find(struct changes *changes, const json_t *old_result,
                  const json_t *new_result, double gate)
{
    enum { MOST_A_CELL = 8 };
    const json_t *const cells = json_object_get(new_result, "cells");
    const json_t *const old_cells = json_object_get(old_result, "cells");
    const size_t n = json_array_size(cells);
    *changes = (struct changes){.of = calloc(n * MOST_A_CELL + 1, sizeof *changes->of),
                                .broken = calloc(n + 1, sizeof *changes->broken)};
    json_t *const places = places_of(old_cells);
    if (changes->of == NULL || changes->broken == NULL || places == NULL) {
        json_decref(places);
        changes_drop(changes);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const json_t *const after = json_array_get(cells, i);
        const json_t *const before = take(old_cells, places, after);
        changes->n_only_new += before == NULL;
        if (before == NULL || !cell_is_ok(before))
            continue;
        if (!cell_is_ok(after)) {
            changes->broken[changes->n_broken++] = after;
            continue;
        }
        const struct change change = {
            .before = before,
            .after = after,
            .is_foreign = !is_one_machine(before, old_result, after, new_result)};
        add_cell(changes, change, gate);
    }
    changes->n_only_old = json_object_size(places);
    json_decref(places);
    return true;
}

void changes_drop(struct changes *changes)
{
    free(changes->of);
    free(changes->broken);
    *changes = (struct changes){0};
}

bool change_is_regression(const struct change *change)
{
    return change->difference.verdict == VERDICT_SLOWER && change->label != told->label &&
           cell_is_map(change->after);
}
