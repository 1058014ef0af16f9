/* SPDX-License-Identifier: MIT */
/* onemiss report: the tables of a result that was written before. */
#include <stdio.h>

#include "../command.h"
#include "../reader.h"
#include "../report/form.h"
#include "../report/text.h"

static int run(const struct options *options, int n_words, char **words)
{
    (void)n_words, (void)words;
    struct complaint complaint;
    if (!report_form_check(options->output, &complaint))
        return command_fail(&complaint, EXIT_BAD_USAGE);
    json_t *const result = reader_read(options->operand, &complaint);
    if (result == NULL)
        return command_fail(&complaint, EXIT_BAD_USAGE);
    const bool is_one = json_array_size(json_object_get(result, "cells")) == 1;
    int code = command_code_of(result);
    if (options->output == NULL)
        report_text(result, stdout, options->is_detailed || is_one); /* as run shows it */
    else if (!report_form_write(result, options->output, &complaint))
        code = command_fail(&complaint, EXIT_NOTHING_RUN);
    json_decref(result);
    return code;
}

const struct command command_report = {
    .name = "report",
    .summary = "a result file (- too) as tables, HTML, CSV, Markdown",
    .example = "onemiss report result.json --output report.html",
    .operand = "RESULT.json",
    .bit = OPTION_REPORT,
    .run = run,
};
