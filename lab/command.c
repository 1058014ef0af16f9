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
#include "resume.h"
#include "runner.h"
#include "shard.h"

int command_fail(const struct complaint *complaint, int code)
{
    fprintf(stderr, "onemiss: %s\n", complaint->text);
    return code;
}

int command_code_of(const json_t *result)
{
    size_t i;
    const json_t *cell;
    json_array_foreach(json_object_get(result, "cells"), i, cell)
    {
        if (!result_is_ok(cell))
            return EXIT_SOME_CELL_BAD;
    }
    return json_is_true(json_object_get(result, "complete")) ? EXIT_ALL_GOOD
                                                             : EXIT_SOME_CELL_BAD;
}

/* An interrupted run that has finished nothing; it must not take an older file's place. */
static bool is_nothing(const json_t *result)
{
    return json_array_size(json_object_get(result, "cells")) == 0 &&
           !json_is_true(json_object_get(result, "complete"));
}

bool command_save(const json_t *result, const char *path, const struct options *options,
                  struct complaint *complaint)
{
    const json_t *const cells = json_object_get(result, "cells");
    const bool is_empty = is_nothing(result);
    const bool is_file = path != NULL && strcmp(path, "-") != 0;
    return (path == NULL || (is_file && is_empty) ||
            result_write(result, path, complaint)) &&
           (options->picture == NULL || json_array_size(cells) == 0 ||
            report_miss_curve_svg(cells, options->picture, complaint)) &&
           (options->output == NULL || is_empty ||
            report_form_write(result, options->output, complaint));
}

void command_show(const json_t *result, const char *path, const struct options *options,
                  bool is_detailed, bool is_written)
{
    const bool is_empty = is_nothing(result);
    FILE *const people = path != NULL && strcmp(path, "-") == 0 ? stderr : stdout;
    if (options->is_quiet)
        return;
    report_text(result, people, is_detailed);
    if (path != NULL && is_written && people == stdout)
        fprintf(people,
                is_empty ? "\nno result; %s is left as it is\n" : "\nresult: %s\n", path);
    if (options->output != NULL && is_written && !is_empty)
        fprintf(people, "report: %s\n", options->output);
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
    if (plan->shard.of != 0)
        json_object_set_new(result, "shard", shard_describe(plan));
    interrupt_ignore_pipes(true);
    if (!plan->is_single)
        progress_announce(plan);
    noise_begin();
    const bool is_whole = runner_run(plan, result) != RUN_INTERRUPTED;
    json_object_set_new(result, "noise", noise_end());
    result_seal(result, is_whole);
    if (plan->earlier != NULL)
        resume_join(plan->earlier, result);
    int code = command_code_of(result);
    /* the file and the gate first: who reads the table through a pipe may not read all */
    const bool is_written = command_save(result, path, options, &complaint);
    const size_t n_regressions =
        plan->has_gate
            ? report_regressions(json_object_get(result, "cells"), plan->gate, stderr)
            : 0;
    interrupt_ignore_pipes(false);
    command_show(result, path, options, options->is_detailed || plan->is_single,
                 is_written);
    if (!is_written)
        code = command_fail(&complaint, EXIT_NOTHING_RUN);
    if (n_regressions > 0)
        code = EXIT_REGRESSION;
    json_decref(result);
    return is_whole ? code : 128 + interrupt_signal();
}
