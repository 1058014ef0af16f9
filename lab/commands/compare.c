/* SPDX-License-Identifier: MIT */
/* onemiss compare: every map under every workload, or those that are named. */
#include "../command.h"
#include "../plan.h"

static int run(const struct options *options, int n_words, char **words)
{
    struct plan plan;
    struct complaint complaint;
    const char *const path =
        options->json != NULL ? options->json : "onemiss-result.json";
    const int code = plan_make(&plan, options, false, &complaint)
                         ? command_carry_out(&plan, options, path, n_words, words)
                         : command_fail(&complaint, EXIT_BAD_USAGE);
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
