/* SPDX-License-Identifier: MIT */
/* onemiss report: the tables of a result that was written before. */
#include <stdio.h>

#include "../command.h"
#include "../reader.h"
#include "../report/text.h"
#include "../result.h"

/* So that a script sees in an old result what it saw in a new one: a cell that is not ok,
 * or cells that are missing because the run was interrupted. */
static int code_of(const json_t *result)
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

static int run(const struct options *options, int n_words, char **words)
{
    (void)n_words, (void)words;
    struct complaint complaint;
    json_t *const result = reader_read(options->operand, &complaint);
    if (result == NULL)
        return command_fail(&complaint, EXIT_BAD_USAGE);
    const bool is_one = json_array_size(json_object_get(result, "cells")) == 1;
    report_text(result, stdout, options->is_detailed || is_one); /* one as run shows it */
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
