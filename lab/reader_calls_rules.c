/* SPDX-License-Identifier: MIT */
/* What the fields of memory_calls must be. Reports merge its two arrays by time, so that
 * both must be in order, and resizes must not overlap. */
#include <string.h>

#include "reader_rule.h"

enum { MOST_CALLS = 10000, MOST_RESIZES = 10000 };

static bool is_one_of(const json_t *value, const char *const names[])
{
    const char *const text = json_string_value(value);
    for (; *names != NULL; names++)
        if (strcmp(text, *names) == 0)
            return true;
    return false;
}

static bool check_calls(struct reader *reader, const json_t *calls)
{
    static const struct rule rules[] = {
        {"at_ns", TALLY, REQUIRED},       {"duration_ns", TALLY, REQUIRED},
        {"call", NAME, REQUIRED},         {"bytes", INTEGER, REQUIRED},
        {"added_bytes", TALLY, REQUIRED}, {"address", HEX, REQUIRED},
        {"result", HEX, OPTIONAL},        {"error", NAME, OPTIONAL},
        {"text", TEXT, REQUIRED},         {NULL, TEXT, REQUIRED}};
    static const char *const names[] = {"mmap", "munmap",  "mremap",
                                        "brk",  "madvise", NULL};
    json_int_t before = 0;
    const json_t *call;
    size_t i;
    if (!reader_check_rows(reader, calls, "memory call", MOST_CALLS, rules))
        return false;
    reader->row_kind = "memory call";
    json_array_foreach(calls, i, call)
    {
        reader->row = i + 1;
        if (!is_one_of(json_object_get(call, "call"), names))
            return reader_refuse(reader,
                                 "'call' must be mmap, munmap, mremap, brk or madvise");
        if ((json_object_get(call, "error") != NULL) ==
            (json_object_get(call, "result") != NULL))
            return reader_refuse(reader, "must have either 'result' or 'error', see "
                                         "docs/result-format.md");
        if (reader_integer(call, "at_ns") < before)
            return reader_refuse(reader, "is earlier than the one before");
        before = reader_integer(call, "at_ns");
    }
    reader->row_kind = NULL;
    return true;
}

static bool check_resizes(struct reader *reader, const json_t *resizes)
{
    static const struct rule rules[] = {{"began_ns", TALLY, REQUIRED},
                                        {"ended_ns", TALLY, REQUIRED},
                                        {"page_faults", TALLY, REQUIRED},
                                        {"old_capacity", COUNT, REQUIRED},
                                        {"new_capacity", COUNT, REQUIRED},
                                        {"old_bytes", COUNT, REQUIRED},
                                        {"new_bytes", COUNT, REQUIRED},
                                        {"items", COUNT, REQUIRED},
                                        {NULL, TEXT, REQUIRED}};
    json_int_t before = 0;
    const json_t *resize;
    size_t i;
    if (!reader_check_rows(reader, resizes, "resize of memory_calls", MOST_RESIZES,
                           rules))
        return false;
    reader->row_kind = "resize of memory_calls";
    json_array_foreach(resizes, i, resize)
    {
        reader->row = i + 1;
        if (reader_integer(resize, "began_ns") < before ||
            reader_integer(resize, "ended_ns") < reader_integer(resize, "began_ns"))
            return reader_refuse(reader, "must begin behind the one before, and end "
                                         "behind its begin");
        before = reader_integer(resize, "ended_ns");
    }
    reader->row_kind = NULL;
    return true;
}

bool reader_check_calls(struct reader *reader, const json_t *cell)
{
    static const struct rule cell_rules[] = {{"memory_calls", OBJECT, OPTIONAL},
                                             {NULL, TEXT, REQUIRED}};
    static const struct rule rules[] = {{"by", NAME, REQUIRED},
                                        {"began_ns", TALLY, REQUIRED},
                                        {"ended_ns", TALLY, REQUIRED},
                                        {"dropped", TALLY, REQUIRED},
                                        {"dropped_resizes", TALLY, REQUIRED},
                                        {"calls", ARRAY, REQUIRED},
                                        {"resizes", ARRAY, REQUIRED},
                                        {NULL, TEXT, REQUIRED}};
    const json_t *const seen = json_object_get(cell, "memory_calls");
    return reader_check_fields(reader, cell, cell_rules) &&
           (seen == NULL || (reader_check_fields(reader, seen, rules) &&
                             check_calls(reader, json_object_get(seen, "calls")) &&
                             check_resizes(reader, json_object_get(seen, "resizes"))));
}
