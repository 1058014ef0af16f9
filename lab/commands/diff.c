/* SPDX-License-Identifier: MIT */
/* onemiss diff: two results of the same comparison, before a change and after it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../command.h"
#include "../number.h"
#include "../output.h"
#include "../reader.h"
#include "../report/changes.h"
#include "../report/changes_text.h"

static bool check_output(const char *path, struct complaint *complaint)
{
    const size_t n = path != NULL ? strlen(path) : 0;
    return path == NULL ||
           (n > 3 && strcmp(path + n - 3, ".md") == 0
                ? output_can_write(path, complaint)
                : complain(complaint,
                           "--output '%.200s': diff writes Markdown; name a file "
                           "that ends with .md",
                           path));
}

static bool write_markdown(const struct changes *changes, double gate, const char *path,
                           struct complaint *complaint)
{
    char *const text = path != NULL ? changes_markdown(changes, gate) : NULL;
    const bool is_written =
        path == NULL ||
        (text != NULL ? output_write(path, text, complaint)
                      : complain(complaint, "out of memory for the report"));
    free(text);
    return is_written;
}

static int show(const json_t *before, const json_t *after, const struct options *options,
                double gate)
{
    struct complaint complaint;
    struct changes changes;
    if (!changes_find(&changes, before, after, gate)) {
        complain(&complaint, "out of memory for the differences");
        return command_fail(&complaint, EXIT_NOTHING_RUN);
    }
    int code = EXIT_ALL_GOOD;
    if (!write_markdown(&changes, gate, options->output, &complaint))
        code = command_fail(&complaint, EXIT_NOTHING_RUN);
    if (changes_complain(&changes, stderr) > 0)
        code = EXIT_REGRESSION;
    changes_text(&changes, gate, stdout);
    changes_drop(&changes);
    return code;
}

static int run(const struct options *options, int n_words, char **words)
{
    (void)n_words, (void)words;
    struct complaint complaint;
    double gate = 0.03;
    json_t *before = NULL, *after = NULL;
    const bool is_good =
        (options->gate == NULL ||
         parse_percent("--gate", options->gate, &gate, &complaint)) &&
        check_output(options->output, &complaint) &&
        (before = reader_read(options->operands[0], &complaint)) != NULL &&
        (after = reader_read(options->operands[1], &complaint)) != NULL;
    const int code = is_good ? show(before, after, options, gate)
                             : command_fail(&complaint, EXIT_BAD_USAGE);
    json_decref(before);
    json_decref(after);
    return code;
}

const struct command command_diff = {
    .name = "diff",
    .summary = "what changed between two results, for CI",
    .example = "onemiss diff before.json after.json --gate 3%",
    .operand = "BEFORE.json AFTER.json",
    .bit = OPTION_DIFF,
    .run = run,
};
