/* SPDX-License-Identifier: MIT */
/* Runs the cells of a plan, one child at a time, and fills a result.
 *
 * Method. Cells that are compared with each other form a group (plan_group). Each block
 * starts a fresh child per cell of the group, in random order; the counted pass follows once. The
 * oracle judges each group's workload before its first child.
 * What it does not measure. Nothing is measured here: samples come from the child. */
#include "runner.h"

#include <string.h>

#include "conversation.h"
#include "interrupt.h"
#include "oracle.h"
#include "progress.h"

struct group {
    const struct plan *plan;
    size_t first, n; /* cells of the plan */
    json_t *cells;   /* their results, an array */
    struct verdict expected;
};

/* Says why a cell has no build for that pass, and what would give it one. */
static void excuse(const struct cell *cell, enum pass pass, json_t *result)
{
    char reason[256];
    const bool is_stamped = pass == PASS_STAMPED;
    const char *const slash = strrchr(cell->path, '/');
    const char *const file = slash != NULL ? slash + 1 : cell->path;
    const char *const dot = strrchr(file, '.');
    const int n_name = dot != NULL && dot - file < 80 ? (int)(dot - file) : 80;
    if (!cell->is_own)
        snprintf(reason, sizeof reason, "build %s has no %s form; use --build native",
                 cell->build, is_stamped ? "stamped" : "traced");
    else
        snprintf(reason, sizeof reason,
                 "no %.*s.%s.so beside the map: compile its file once more with %s",
                 n_name, file, is_stamped ? "stamped" : "traced",
                 is_stamped ? "-DSUBJECT_STAMPED"
                            : "-DSUBJECT_TRACED, as CONTRIBUTING.md says");
    text_mask(reason); /* a file's name may hold anything */
    for (size_t i = 0; i < n_instruments; i++)
        for (const struct metric_info *m = all_instruments[i]->metrics; m->name != NULL;
             m++)
            if (all_instruments[i]->pass == pass)
                result_set_absent(result, m->name, reason);
}

/* One child per cell, in an order drawn for this block. */
static void run_block(const struct group *group, enum pass pass, unsigned block)
{
    struct permutation order;
    const uint64_t seed =
        random_u64(group->plan->seed, block * N_PASSES + (unsigned)pass);
    permutation_init(&order, group->n, seed + group->first);
    for (size_t position = 0; position < group->n && interrupt_signal() == 0;
         position++) {
        const size_t i = permute(&order, position);
        const struct cell *const cell = &group->plan->cells[group->first + i];
        struct conversation c = {.cell = json_array_get(group->cells, i),
                                 .block = block,
                                 .position = (unsigned)position};
        if (!cell_has_pass(cell, pass))
            continue;
        if (!result_is_ok(c.cell)) {
            progress_skip(cell, pass);
        } else if (cell_path(cell, pass)[0] == '\0') {
            progress_skip(cell, pass);
            excuse(cell, pass, c.cell);
        } else {
            progress_show(cell, block);
            conversation_run(cell, pass, group->plan->timeout_s, &group->expected, &c);
            progress_done(cell, pass);
        }
    }
}

static bool judge(struct group *group, struct complaint *complaint)
{
    struct workload_plan plan;
    const struct cell *const cell = &group->plan->cells[group->first];
    const bool are_strings = strcmp(cell->key, "str") == 0;
    if (!cell_plan(cell, plan_keys(group->plan, cell->key), &plan, complaint))
        return false;
    for (size_t i = 0; i < group->n; i++)
        result_set_operations(json_array_get(group->cells, i), workload_timed(&plan));
    return oracle_judge(&plan, are_strings, &group->expected, complaint);
}

static void run_group(struct group *group)
{
    struct complaint complaint;
    for (size_t i = 0; i < group->n; i++)
        json_array_append_new(group->cells,
                              result_cell(&group->plan->cells[group->first + i]));
    if (!judge(group, &complaint)) /* each block then passes it by */
        for (size_t i = 0; i < group->n; i++)
            result_set_status(json_array_get(group->cells, i), "refused", complaint.text);
    run_block(group, PASS_COUNTED, 0);
    run_block(group, PASS_TRACED, 0);
    for (unsigned block = 0; block < group->plan->repeat; block++) {
        run_block(group, PASS_TIMED, block);
        run_block(group, PASS_STAMPED, block);
        run_block(group, PASS_EVENTS, block);
    }
    for (enum pass pass = PASS_CALLS; pass < N_PASSES; pass++)
        run_block(group, pass, 0);
}

enum run_end runner_run(const struct plan *plan, json_t *result)
{
    json_t *const cells = json_object_get(result, "cells");
    bool is_bad = false;
    progress_begin(plan);
    for (size_t first = 0, n;
         (n = plan_group(plan, first)) > 0 && interrupt_signal() == 0; first += n) {
        struct group group = {
            .plan = plan, .first = first, .n = n, .cells = json_array()};
        run_group(&group);
        for (size_t i = 0; i < group.n && interrupt_signal() == 0; i++) {
            json_t *const cell = json_array_get(group.cells, i);
            is_bad |= !result_is_ok(cell);
            result_finish_cell(cell, plan->cells[first + i].instruments);
            json_array_append(cells, cell);
        }
        json_decref(group.cells);
    }
    progress_end();
    return interrupt_signal() != 0 ? RUN_INTERRUPTED : is_bad ? RUN_SOME_BAD : RUN_DONE;
}
