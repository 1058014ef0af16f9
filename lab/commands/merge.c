/* SPDX-License-Identifier: MIT */
/* onemiss merge: results of several machines, or of the shards of a comparison, as one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../command.h"
#include "../join.h"
#include "../reader.h"
#include "../report/form.h"
#include "../result.h"

/* All files into `join`; false: it is dropped. */
static bool read_all(struct join *join, const struct options *options,
                     struct complaint *complaint)
{
    join_begin(join);
    for (size_t i = 0; i < options->n_operands; i++) {
        json_t *const part = reader_read(options->operands[i], complaint);
        const bool is_added = part != NULL
                                  ? join_add(join, part, options->operands[i], complaint)
                                  : join_drop(join);
        json_decref(part);
        if (!is_added)
            return false;
    }
    return true;
}

/* A new result with the top of its first source. */
static json_t *create(const struct join *join, int n_words, char **words)
{
    static const char *const fields[] = {"started", "machine", "seed"};
    json_t *const result = result_create(n_words, words, 0);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        json_object_set(result, fields[i],
                        json_object_get(json_array_get(join->sources, 0), fields[i]));
    return result;
}

/* What the reader would refuse is not written: too many cells or sources, too large. */
static bool is_readable(const json_t *result, struct complaint *complaint)
{
    char *const text = json_dumps(result, JSON_INDENT(1) | JSON_SORT_KEYS);
    json_t *const again =
        text != NULL ? reader_parse(text, strlen(text), "all together", complaint) : NULL;
    if (text == NULL)
        complain(complaint, "no memory to merge the results");
    free(text);
    json_decref(again);
    return again != NULL;
}

static int run(const struct options *options, int n_words, char **words)
{
    struct complaint complaint;
    struct join join;
    const char *const path =
        options->json != NULL ? options->json : "onemiss-merged.json";
    if (!report_form_check(options->output, &complaint))
        return command_fail(&complaint, EXIT_BAD_USAGE);
    if (!output_can_write(path, &complaint))
        return command_fail(&complaint, EXIT_NOTHING_RUN);
    if (!read_all(&join, options, &complaint))
        return command_fail(&complaint, EXIT_BAD_USAGE);
    json_t *const result = create(&join, n_words, words);
    join_end(&join, result);
    result_seal(result, join_is_complete(json_object_get(result, "sources"), stderr));
    int code = command_code_of(result);
    if (!is_readable(result, &complaint)) {
        code = command_fail(&complaint, EXIT_BAD_USAGE);
    } else {
        const bool is_written = command_save(result, path, options, &complaint);
        command_show(result, path, options, options->is_detailed, is_written);
        if (!is_written)
            code = command_fail(&complaint, EXIT_NOTHING_RUN);
    }
    json_decref(result);
    return code;
}

const struct command command_merge = {
    .name = "merge",
    .summary = "results of shards or of several machines, as one",
    .example = "onemiss merge shard-1.json shard-2.json --json all.json",
    .operand = "RESULT.json ...",
    .bit = OPTION_MERGE,
    .run = run,
};
