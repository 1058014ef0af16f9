/* SPDX-License-Identifier: MIT */
/* What commands share. */
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "interrupt.h"
#include "noise.h"
#include "progress.h"
#include "report/form.h"
#include "report/miss_curve.h"
#include "report/text.h"
#include "report/verdicts.h"
#include "result.h"
#include "runner.h"

int command_fail(const struct complaint *complaint, int code)
{
    fprintf(stderr, "onemiss: %s\n", complaint->text);
    return code;
}

/* The result, the picture and the report, where there is something to write: an interrupted run that
 * has finished nothing must not take an older file's place. */
static bool save(const json_t *result, const char *path, const struct options *options,
                 struct complaint *complaint)
{
    const json_t *const cells = json_object_get(result, "cells");
    const bool is_empty = json_array_size(cells) == 0;
    const bool is_file = path != NULL && strcmp(path, "-") != 0;
    return (path == NULL || (is_file && is_empty) ||
            result_write(result, path, complaint)) &&
           (options->picture == NULL || is_empty ||
            report_miss_curve_svg(cells, options->picture, complaint)) &&
           (options->output == NULL || is_empty ||
            report_form_write(result, options->output, complaint));
}

static bool can_confine(const struct plan *plan, struct complaint *complaint)
{
    for (size_t i = 0; i < plan->n_cells; i++)
        if (!confinement_check(&plan->cells[i].confinement, complaint))
            return false;
    return true;
}

int command_carry_out(const struct plan *plan, const struct options *options,
                      const char *path, int n_words, char **words)
{
    struct complaint complaint;
    interrupt_watch(); /* from here on there are files and children */
    if (!output_can_write(path, &complaint) ||
        !output_can_write(options->picture, &complaint) ||
        !report_form_check(options->output, &complaint) || !can_confine(plan, &complaint))
        return command_fail(&complaint, EXIT_NOTHING_RUN);
    json_t *const result = result_create(n_words, words, plan->seed);
    interrupt_ignore_pipes(true);
    if (!plan->is_single)
        progress_announce(plan);
    noise_begin();
    const enum run_end end = runner_run(plan, result);
    json_object_set_new(result, "noise", noise_end());
    result_seal(result, end != RUN_INTERRUPTED);
    int code = end == RUN_SOME_BAD ? EXIT_SOME_CELL_BAD : EXIT_ALL_GOOD;
    /* the file and the gate first: who reads the table through a pipe may not read all */
    const bool is_written = save(result, path, options, &complaint);
    const size_t n_regressions =
        plan->has_gate
            ? report_regressions(json_object_get(result, "cells"), plan->gate, stderr)
            : 0;
    const bool is_empty = json_array_size(json_object_get(result, "cells")) == 0;
    interrupt_ignore_pipes(false);
    if (!options->is_quiet) {
        FILE *const people = path != NULL && strcmp(path, "-") == 0 ? stderr : stdout;
        report_text(result, people, options->is_detailed || plan->is_single);
        if (path != NULL && is_written && people == stdout)
            fprintf(people,
                    is_empty ? "\nno result; %s is left as it is\n" : "\nresult: %s\n",
                    path);
        if (options->output != NULL && is_written && !is_empty)
            fprintf(people, "report: %s\n", options->output);
    }
    if (!is_written)
        code = command_fail(&complaint, EXIT_NOTHING_RUN);
    if (n_regressions > 0)
        code = EXIT_REGRESSION;
    json_decref(result);
    return end == RUN_INTERRUPTED ? 128 + interrupt_signal() : code;
}
