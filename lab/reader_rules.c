/* SPDX-License-Identifier: MIT */
/* What the fields of a result must be: tables of rules, and the few that no table says. */
#include "reader_rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reader_rule.h"

enum {
    MOST_TEXT = 1024, /* of a text that is shown, in bytes */
    MOST_NAME = 300,  /* of a name: 63 bytes, each shown as four */
    MOST_CELLS = 10000,
    MOST_SAMPLES = 10000, /* of a metric */
    MOST_ROWS = 100000    /* resize events or stalls of a cell */
};

bool reader_refuse(const struct reader *reader, const char *format, ...)
{
    char cell[40] = "", metric[64] = "", row[64] = "", why[240];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    if (reader->cell != 0)
        snprintf(cell, sizeof cell, " cell %zu", reader->cell);
    if (reader->metric != NULL)
        snprintf(metric, sizeof metric, ", metric %.40s", reader->metric);
    if (reader->row_kind != NULL)
        snprintf(row, sizeof row, "%s %s %zu", reader->cell != 0 ? "," : "",
                 reader->row_kind, reader->row);
    return complain(reader->complaint, "result '%.150s':%s%s%s%s %s", reader->name, cell,
                    metric, row, cell[0] != '\0' || row[0] != '\0' ? ":" : "", why);
}

bool reader_is_plain(const char *text, size_t most)
{
    const unsigned char *at = (const unsigned char *)text;
    if (strlen(text) > most)
        return false;
    for (; *at != '\0'; at++)
        if (*at < 0x20 || *at == 0x7F || (at[0] == 0xC2 && at[1] < 0xA0))
            return false;
    return true;
}

bool reader_is_hex(const char *text)
{
    return text != NULL && strlen(text) == 18 && strncmp(text, "0x", 2) == 0 &&
           strspn(text + 2, "0123456789abcdef") == 16;
}

static const char *const wanted[] = {
    [TEXT] = "a text of at most 1024 bytes without control characters",
    [NAME] = "a name of 1 to 300 bytes without control characters",
    [HEX] = "a text of 0x and 16 digits",
    [COUNT] = "an integer of 0 or more",
    [TALLY] = "an integer from 0 to 2^53",
    [INTEGER] = "an integer",
    [NUMBER] = "a number",
    [SHARE] = "a number above 0, at most 1",
    [BOOLEAN] = "true or false",
    [OBJECT] = "an object",
    [ARRAY] = "an array",
};

json_int_t reader_integer(const json_t *object, const char *field)
{
    return json_integer_value(json_object_get(object, field));
}

bool reader_is_of_kind(const json_t *value, enum kind kind)
{
    const char *const text = json_string_value(value);
    switch (kind) {
    case TEXT:
        return text != NULL && reader_is_plain(text, MOST_TEXT);
    case NAME:
        return text != NULL && *text != '\0' && reader_is_plain(text, MOST_NAME);
    case HEX:
        return reader_is_hex(text);
    case COUNT:
        return json_is_integer(value) && json_integer_value(value) >= 0;
    case TALLY:
        return json_is_integer(value) && json_integer_value(value) >= 0 &&
               json_integer_value(value) <= MOST_TALLY;
    case INTEGER:
        return json_is_integer(value);
    case NUMBER:
        return json_is_number(value); /* JSON has none that is not finite */
    case SHARE:
        return json_is_number(value) && json_number_value(value) > 0 &&
               json_number_value(value) <= 1;
    case BOOLEAN:
        return json_is_boolean(value);
    case OBJECT:
        return json_is_object(value);
    case ARRAY:
        return json_is_array(value);
    }
    return false;
}

bool reader_check_fields(const struct reader *reader, const json_t *object,
                         const struct rule *rule)
{
    if (!json_is_object(object))
        return reader_refuse(reader,
                             "is no object; docs/result-format.md tells what it holds");
    for (; rule->field != NULL; rule++) {
        const json_t *const value = json_object_get(object, rule->field);
        if (value == NULL && (rule->flags & OPTIONAL) == 0)
            return reader_refuse(
                reader, "'%s' is missing; docs/result-format.md names all fields",
                rule->field);
        if (value == NULL || (json_is_null(value) && (rule->flags & OR_NULL) != 0))
            continue;
        if (!reader_is_of_kind(value, rule->kind))
            return reader_refuse(reader, "'%s' must be %s%s, see docs/result-format.md",
                                 rule->field, wanted[rule->kind],
                                 (rule->flags & OR_NULL) != 0 ? ", or null" : "");
    }
    return true;
}

static bool is_one_of(const json_t *value, const char *const names[])
{
    const char *const text = json_string_value(value);
    for (; text != NULL && *names != NULL; names++)
        if (strcmp(text, *names) == 0)
            return true;
    return false;
}

bool reader_check_rows(struct reader *reader, const json_t *rows, const char *kind,
                       size_t most, const struct rule *rules)
{
    size_t i;
    const json_t *row;
    if (json_array_size(rows) > most)
        return reader_refuse(reader, "more than %zu times '%s'; no result has so many",
                             most, kind);
    reader->row_kind = kind;
    json_array_foreach(rows, i, row)
    {
        reader->row = i + 1;
        if (!reader_check_fields(reader, row, rules))
            return false;
    }
    reader->row_kind = NULL;
    return true;
}

/* ---- a cell ---- */

static bool check_value(struct reader *reader, const json_t *metric)
{
    static const char *const trusts[] = {"measured", "simulated", "estimated", NULL};
    static const struct rule rules[] = {
        {"value", NUMBER, REQUIRED},     {"unit", NAME, REQUIRED},
        {"statistic", NAME, REQUIRED},   {"trust", NAME, REQUIRED},
        {"low", NUMBER, OR_NULL},        {"high", NUMBER, OR_NULL},
        {"level", SHARE, OR_NULL},       {"samples", ARRAY, REQUIRED},
        {"is_bound", BOOLEAN, OPTIONAL}, {"event", NAME, OPTIONAL},
        {NULL, TEXT, REQUIRED}};
    static const struct rule sample_rules[] = {
        {"block", COUNT, REQUIRED},      {"position", COUNT, REQUIRED},
        {"value", NUMBER, REQUIRED},     {"share", SHARE, OPTIONAL},
        {"is_bound", BOOLEAN, OPTIONAL}, {NULL, TEXT, REQUIRED}};
    if (!reader_check_fields(reader, metric, rules))
        return false;
    if (!is_one_of(json_object_get(metric, "trust"), trusts))
        return reader_refuse(reader, "'trust' must be measured, simulated or estimated");
    const int n_nulls = json_is_null(json_object_get(metric, "low")) +
                        json_is_null(json_object_get(metric, "high")) +
                        json_is_null(json_object_get(metric, "level"));
    if (n_nulls != 0 && n_nulls != 3)
        return reader_refuse(reader,
                             "'low', 'high' and 'level' must be three numbers or three "
                             "times null");
    const json_t *const samples = json_object_get(metric, "samples");
    if (json_array_size(samples) == 0)
        return reader_refuse(reader,
                             "a value without samples; see docs/result-format.md");
    return reader_check_rows(reader, samples, "sample", MOST_SAMPLES, sample_rules);
}

static bool check_metric(struct reader *reader, const json_t *metric)
{
    static const struct rule absent_rules[] = {{"reason", TEXT, REQUIRED},
                                               {NULL, TEXT, REQUIRED}};
    if (!json_is_null(json_object_get(metric, "value")))
        return check_value(reader, metric);
    return reader_check_fields(reader, metric, absent_rules) &&
           (json_string_length(json_object_get(metric, "reason")) > 0 ||
            reader_refuse(reader,
                          "neither a value nor a reason; see docs/result-format.md"));
}

static bool check_metrics(struct reader *reader, json_t *metrics)
{
    const char *name;
    const json_t *metric;
    json_object_foreach(metrics, name, metric)
    {
        if (!reader_is_plain(name, MOST_NAME) || *name == '\0')
            return reader_refuse(reader, "the name of a metric must be %s", wanted[NAME]);
        reader->metric = name;
        if (!check_metric(reader, metric))
            return false;
    }
    reader->metric = NULL;
    return true;
}

static bool check_cell(struct reader *reader, const json_t *cell)
{
    static const char *const statuses[] = {"ok",      "wrong",         "crashed",
                                           "leaked",  "out_of_memory", "timeout",
                                           "refused", "failed",        NULL};
    static const struct rule rules[] = {
        {"subject", NAME, REQUIRED},
        {"origin", NAME, OPTIONAL},
        {"role", NAME, OPTIONAL},
        {"workload", NAME, REQUIRED},
        {"pattern", TEXT, REQUIRED},
        {"key", NAME, REQUIRED},
        {"hash", NAME, REQUIRED},
        {"n", COUNT, REQUIRED},
        {"pages", NAME, REQUIRED},
        {"threads", COUNT, REQUIRED},
        {"lock", NAME, REQUIRED},
        {"value_bytes", COUNT, REQUIRED},
        {"build", NAME, REQUIRED},
        {"status", NAME, REQUIRED},
        {"reason", TEXT, REQUIRED},
        {"metrics", OBJECT, REQUIRED},
        {"stalls", ARRAY, OPTIONAL},
        {"resize_events", ARRAY, REQUIRED},
        {"operations", COUNT, OPTIONAL | OR_NULL},
        {NULL, TEXT, REQUIRED},
    };
    static const struct rule resize_rules[] = {
        {"old_capacity", COUNT, REQUIRED}, {"new_capacity", COUNT, REQUIRED},
        {"entry_bytes", COUNT, REQUIRED},  {"items", COUNT, REQUIRED},
        {"old_bytes", COUNT, REQUIRED},    {"new_bytes", COUNT, REQUIRED},
        {"duration_ns", COUNT, REQUIRED},  {NULL, TEXT, REQUIRED}};
    static const struct rule stall_rules[] = {{"block", COUNT, REQUIRED},
                                              {"operation", COUNT, REQUIRED},
                                              {"kind", NAME, REQUIRED},
                                              {"duration_ns", NUMBER, REQUIRED},
                                              {"is_preempted", BOOLEAN, REQUIRED},
                                              {"new_capacity", COUNT, OPTIONAL},
                                              {"resize_ns", NUMBER, OPTIONAL},
                                              {NULL, TEXT, REQUIRED}};
    return reader_check_fields(reader, cell, rules) &&
           (is_one_of(json_object_get(cell, "status"), statuses) ||
            reader_refuse(reader,
                          "its 'status' is unknown; see docs/result-format.md")) &&
           reader_check_rows(reader, json_object_get(cell, "resize_events"),
                             "resize event", MOST_ROWS, resize_rules) &&
           reader_check_rows(reader, json_object_get(cell, "stalls"), "stall", MOST_ROWS,
                             stall_rules) &&
           check_metrics(reader, json_object_get(cell, "metrics")) &&
           reader_check_cache(reader, cell) && reader_check_calls(reader, cell) &&
           reader_check_functions(reader, cell) && reader_check_timeline(reader, cell) &&
           reader_check_stacks(reader, cell);
}

/* ---- the top ---- */

bool reader_check(struct reader *reader, const json_t *result)
{
    static const struct rule rules[] = {
        {"cells", ARRAY, REQUIRED}, {"sources", ARRAY, OPTIONAL}, {NULL, TEXT, REQUIRED}};
    size_t i;
    const json_t *cell;
    if (!reader_check_fields(reader, result, rules) ||
        !reader_check_source(reader, result) || !reader_check_sources(reader, result))
        return false;
    const json_t *const cells = json_object_get(result, "cells");
    if (json_array_size(cells) > MOST_CELLS)
        return reader_refuse(reader, "more than %d cells; no result has so many",
                             MOST_CELLS);
    json_array_foreach(cells, i, cell)
    {
        reader->cell = i + 1;
        if (!check_cell(reader, cell) || !reader_check_cell_source(reader, result, cell))
            return false;
    }
    return true;
}
