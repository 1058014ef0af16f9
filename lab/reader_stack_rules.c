/* SPDX-License-Identifier: MIT */
/* What the stacks of a cell must be. Reports make trees of them and divide by their sum, so
 * that their number, length and depth have bounds, and the counts their sum. */
#include "reader_rule.h"

#include <string.h>

enum {
    MOST_STACKS = 4000,
    MOST_STACK_TEXT = 8192, /* bytes */
    MOST_DEPTH = 320,       /* frames */
    MOST_LINES = 200,
    MOST_FREQUENCY = 1000000
};

static bool is_stack(const json_t *value)
{
    const char *const text = json_string_value(value);
    size_t depth = 1;
    if (text == NULL || *text == '\0' || !reader_is_plain(text, MOST_STACK_TEXT))
        return false;
    for (const char *at = text; *at != '\0'; at++)
        depth += *at == ';';
    return depth <= MOST_DEPTH;
}

static bool check_folded(struct reader *reader, const json_t *stacks)
{
    const json_t *const folded = json_object_get(stacks, "folded");
    const json_int_t samples = reader_integer(stacks, "samples");
    json_int_t sum = 0;
    size_t i;
    const json_t *row;
    if (json_array_size(folded) > MOST_STACKS)
        return reader_refuse(reader, "more than %d stacks; no result has so many",
                             MOST_STACKS);
    reader->row_kind = "stack";
    json_array_foreach(folded, i, row)
    {
        reader->row = i + 1;
        if (!json_is_array(row) || json_array_size(row) != 2 ||
            !is_stack(json_array_get(row, 0)) ||
            !reader_is_of_kind(json_array_get(row, 1), TALLY))
            return reader_refuse(reader,
                                 "must be a text of at most %d bytes and %d frames, and "
                                 "a count; see docs/result-format.md",
                                 MOST_STACK_TEXT, MOST_DEPTH);
        sum += json_integer_value(json_array_get(row, 1));
    }
    reader->row_kind = NULL;
    return sum == samples || reader_refuse(reader, "the counts of 'folded' must sum up "
                                                   "to 'samples' of the stacks");
}

static bool check_lines(struct reader *reader, const json_t *stacks)
{
    static const struct rule rules[] = {{"where", TEXT, REQUIRED},
                                        {"function", TEXT, REQUIRED},
                                        {"samples", TALLY, REQUIRED},
                                        {"kernel_samples", TALLY, REQUIRED},
                                        {NULL, TEXT, REQUIRED}};
    return reader_check_rows(reader, json_object_get(stacks, "lines"), "source line",
                             MOST_LINES, rules);
}

bool reader_check_stacks(struct reader *reader, const json_t *cell)
{
    static const struct rule rules[] = {
        {"event", NAME, REQUIRED},      {"by", NAME, REQUIRED},
        {"call_graph", NAME, REQUIRED}, {"frequency_hz", COUNT, REQUIRED},
        {"samples", TALLY, REQUIRED},   {"kernel", TALLY, REQUIRED},
        {"outside", TALLY, REQUIRED},   {"lost", TALLY, REQUIRED},
        {"self_test", ARRAY, REQUIRED}, {"has_kernel", BOOLEAN, REQUIRED},
        {"folded", ARRAY, REQUIRED},    {"lines", ARRAY, REQUIRED},
        {"warning", TEXT, OPTIONAL},    {NULL, TEXT, REQUIRED}};
    const json_t *const stacks = json_object_get(cell, "stacks");
    if (stacks == NULL)
        return true;
    if (!reader_check_fields(reader, stacks, rules))
        return false;
    const json_t *const test = json_object_get(stacks, "self_test");
    if (json_array_size(test) != 2 ||
        !reader_is_of_kind(json_array_get(test, 0), TALLY) ||
        !reader_is_of_kind(json_array_get(test, 1), TALLY))
        return reader_refuse(reader, "'self_test' must be two counts, see "
                                     "docs/result-format.md");
    const json_int_t hz = reader_integer(stacks, "frequency_hz");
    if (hz < 1 || hz > MOST_FREQUENCY)
        return reader_refuse(reader, "'frequency_hz' must be from 1 to %d",
                             MOST_FREQUENCY);
    if (reader_integer(stacks, "samples") < 1 ||
        reader_integer(stacks, "kernel") > reader_integer(stacks, "samples"))
        return reader_refuse(reader, "'samples' of the stacks must be 1 or more, and "
                                     "'kernel' not more than that");
    return check_folded(reader, stacks) && check_lines(reader, stacks);
}
