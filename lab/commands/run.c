/* SPDX-License-Identifier: MIT */
/* onemiss run: one map under one workload. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../child.h"
#include "../command.h"
#include "../loader.h"
#include "../plan.h"

static int run_bare(const struct plan *plan, const struct options *options, char **words)
{
    struct complaint complaint;
    uint64_t n_operations;
    const struct cell *const cell = &plan->cells[0];
    if (!confinement_check(&cell->confinement, &complaint))
        return command_fail(&complaint, EXIT_NOTHING_RUN);
    if (!confinement_is_prepared(&cell->confinement)) {
        confinement_prepare(&cell->confinement);
        execv(loader_program(), words); /* once: now it is */
    }
    struct confinement confinement = cell->confinement;
    if (options->cpu == NULL)
        confinement.cpu = CPU_ANY; /* what runs us from outside decides */
    if (options->memory_limit == NULL)
        confinement.memory_bytes = 0;
    confinement_enter(&confinement);
    if (!child_run_bare(cell, &n_operations, &complaint))
        return command_fail(&complaint, EXIT_SOME_CELL_BAD);
    printf("%s %s %s: %" PRIu64 " operations, not verified\n", cell->subject,
           cell->workload->name, cell->key, n_operations);
    return EXIT_ALL_GOOD;
}

static int run(const struct options *options, int n_words, char **words)
{
    struct plan plan;
    struct complaint complaint;
    int code;
    memset(&plan, 0, sizeof plan);
    bool is_sensible = true;
    if (options->is_bare && (options->json != NULL || options->instruments != NULL))
        is_sensible =
            complain(&complaint, "--bare measures nothing: leave --json and --with out");
    else if (options->is_bare && (options->repeat != NULL || options->timeout != NULL))
        is_sensible = complain(&complaint, "--bare runs once and to its end: leave "
                                           "--repeat and --timeout out");
    else if (options->is_quiet && options->json == NULL)
        is_sensible = complain(&complaint, "--quiet shows nothing: name a file with "
                                           "--json, or leave it out");
    if (!is_sensible || !plan_make(&plan, options, true, &complaint))
        code = command_fail(&complaint, EXIT_BAD_USAGE);
    else
        code = options->is_bare
                   ? run_bare(&plan, options, words)
                   : command_carry_out(&plan, options, options->json, n_words, words);
    plan_drop(&plan);
    return code;
}

const struct command command_run = {
    .name = "run",
    .summary = "one map under one workload",
    .example = "onemiss run -w load_factor -i open_addressing -t u64 -n 1M",
    .bit = OPTION_RUN,
    .run = run,
};
