/* SPDX-License-Identifier: MIT */
/* onemiss report: the tables of a result that was written before. */
#include <stdio.h>

#include "../command.h"
#include "../reader.h"
#include "../report/text.h"
#include "../result.h"

/* As the run that wrote it would have ended: a cell that is not ok is an exit code of its
 * own, so that a script sees it in an old result as in a new one. */
static int code_of(const json_t *result)
{
    size_t i;
    const json_t *cell;
    json_array_foreach(json_object_get(result, "cells"), i, cell)
    {
        if (!result_is_ok(cell))
            return EXIT_SOME_CELL_BAD;
    }
    return EXIT_ALL_GOOD;
}

static int run(const struct options *options, int n_words, char **words)
{
    (void)n_words, (void)words;
    struct complaint complaint;
    json_t *const result = reader_read(options->operand, &complaint);
    if (result == NULL)
        return command_fail(&complaint, EXIT_BAD_USAGE);
    report_text(result, stdout, options->is_detailed);
    const int code = code_of(result);
    json_decref(result);
    return code;
}

const struct command command_report = {
    .name = "report",
    .summary = "the tables of a result file, - for standard input",
    .example = "onemiss report result.json --details",
    .operand = "RESULT.json",
    .bit = OPTION_REPORT,
    .run = run,
};
