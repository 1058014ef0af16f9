/* SPDX-License-Identifier: MIT */
/* onemiss compare: every map under every workload, or those that are named. */
#include <stdio.h>

#include "../command.h"
#include "../plan.h"
#include "../resume.h"
#include "../shard.h"

/* With --resume, of a result that is whole already. */
static int show_earlier(const struct plan *plan, const struct options *options,
                        const char *path)
{
    struct complaint complaint;
    const bool is_complete = json_is_true(json_object_get(plan->earlier, "complete"));
    if (!is_complete)
        resume_finish(plan->earlier);
    const bool is_written =
        command_save(plan->earlier, is_complete ? NULL : path, options, &complaint);
    if (!options->is_quiet)
        fprintf(stderr, "onemiss: %s is whole: there is nothing left to run\n", path);
    command_show(plan->earlier, path, options, options->is_detailed, is_written);
    return is_written ? command_code_of(plan->earlier)
                      : command_fail(&complaint, EXIT_NOTHING_RUN);
}

static int run(const struct options *options, int n_words, char **words)
{
    struct plan plan = {0};
    struct shard shard;
    struct complaint complaint;
    int code;
    const char *const path =
        options->json != NULL ? options->json : "onemiss-result.json";
    if (!shard_read(&shard, options->shard, &complaint) ||
        !plan_make(&plan, options, false, &complaint)) {
        code = command_fail(&complaint, EXIT_BAD_USAGE);
    } else {
        shard_take(&plan, &shard);
        if (options->is_resuming && !resume_open(&plan, path, n_words, words, &complaint))
            code = command_fail(&complaint, EXIT_BAD_USAGE);
        else if (plan.earlier != NULL && plan.n_cells == 0)
            code = show_earlier(&plan, options, path);
        else
            code = command_carry_out(&plan, options, path, n_words, words);
    }
    plan_drop(&plan);
    return code;
}

const struct command command_compare = {
    .name = "compare",
    .summary = "maps against each other: a table and a result file",
    .example = "onemiss compare -w load_factor,operation_mix -t u64 -n 1M",
    .bit = OPTION_COMPARE,
    .run = run,
};
