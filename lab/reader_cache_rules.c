/* SPDX-License-Identifier: MIT */
/* What the fields of the cache model must be. Reports divide and draw by them, so that
 * sizes have bounds, and arrays the lengths that go together. */
#include <stdio.h>

#include "reader_rule.h"

enum {
    MOST_LEVELS = 4,
    MOST_MACHINES = 32,
    MOST_PARTS = 200,
    MOST_MODELS = 64,
    MOST_HEATS = 16,
    MOST_PERIOD = 4096,
    MOST_POINTS = 400,
    MOST_FIELDS = 64,
    MOST_LINE = 4096,
    MOST_ENTRY = 65536
};

static bool check_range(const struct reader *reader, const json_t *object,
                        const char *field, json_int_t low, json_int_t high)
{
    const json_int_t value = reader_integer(object, field);
    return (value >= low && value <= high) ||
           reader_refuse(reader,
                         "'%s' must be from %" JSON_INTEGER_FORMAT
                         " to %" JSON_INTEGER_FORMAT ", see docs/result-format.md",
                         field, low, high);
}

/* An array of exactly `n` tallies; `name` says which in a complaint. */
static bool check_tallies(const struct reader *reader, const json_t *numbers,
                          const char *name, size_t n)
{
    size_t i;
    const json_t *number;
    bool is_good = json_is_array(numbers) && json_array_size(numbers) == n;
    json_array_foreach(numbers, i, number)
    {
        is_good &= reader_is_of_kind(number, TALLY);
    }
    return is_good || reader_refuse(reader,
                                    "'%s' must be %zu integers from 0 to 2^53, see "
                                    "docs/result-format.md",
                                    name, n);
}

/* ---- the model ---- */

static bool check_parts(struct reader *reader, const json_t *model)
{
    static const struct rule rules[] = {
        {"part", NAME, REQUIRED},         {"phase", NAME, REQUIRED},
        {"loads", TALLY, REQUIRED},       {"stores", TALLY, REQUIRED},
        {"load_lines", ARRAY, REQUIRED},  {"store_lines", ARRAY, REQUIRED},
        {"lines", TALLY, REQUIRED},       {"bytes_fetched", TALLY, REQUIRED},
        {"bytes_used", TALLY, REQUIRED},  {"prefetch_lines", ARRAY, OPTIONAL},
        {"split_lines", ARRAY, OPTIONAL}, {NULL, TEXT, REQUIRED}};
    static const char *const lines[] = {"load_lines", "store_lines", "prefetch_lines",
                                        "split_lines"};
    const json_t *const parts = json_object_get(model, "parts");
    const size_t n_servers = (size_t)reader_integer(model, "levels") + 1;
    const json_t *part;
    size_t i;
    char kind[48];
    const struct reader at = *reader;
    snprintf(kind, sizeof kind, "%s %zu, part", reader->row_kind, reader->row);
    if (!reader_check_rows(reader, parts, kind, MOST_PARTS, rules))
        return false;
    reader->row_kind = kind;
    json_array_foreach(parts, i, part)
    {
        reader->row = i + 1;
        for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
            const json_t *const counts = json_object_get(part, lines[k]);
            if (counts != NULL && !check_tallies(reader, counts, lines[k], n_servers))
                return false;
        }
    }
    *reader = at;
    return true;
}

static bool check_model(struct reader *reader, const json_t *model)
{
    static const struct rule rules[] = {
        {"machine", NAME, REQUIRED},     {"geometry", TEXT, REQUIRED},
        {"line_bytes", COUNT, REQUIRED}, {"model", TEXT, REQUIRED},
        {"levels", COUNT, REQUIRED},     {"parts", ARRAY, REQUIRED},
        {"events", OBJECT, OPTIONAL},    {"page_bytes", COUNT, OPTIONAL},
        {NULL, TEXT, REQUIRED}};
    static const struct rule event_rules[] = {
        {"l1_fills", TALLY, OPTIONAL},        {"llc_loads", TALLY, OPTIONAL},
        {"llc_load_misses", TALLY, OPTIONAL}, {"tlb_load_misses", TALLY, OPTIONAL},
        {"walk_loads", TALLY, OPTIONAL},      {"prefetches", TALLY, OPTIONAL},
        {"write_backs", TALLY, OPTIONAL},     {"zeroed_pages", TALLY, OPTIONAL},
        {"forgotten_pages", TALLY, OPTIONAL}, {NULL, TEXT, REQUIRED}};
    const json_t *const events = json_object_get(model, "events");
    return reader_check_fields(reader, model, rules) &&
           check_range(reader, model, "levels", 1, MOST_LEVELS) &&
           check_range(reader, model, "line_bytes", 1, MOST_LINE) &&
           (events == NULL || reader_check_fields(reader, events, event_rules)) &&
           check_parts(reader, model);
}

/* Every element of an array of objects by `check`. */
static bool check_each(struct reader *reader, const json_t *rows, const char *kind,
                       size_t most,
                       bool (*check)(struct reader *reader, const json_t *row))
{
    size_t i;
    const json_t *row;
    if (json_array_size(rows) > most)
        return reader_refuse(reader, "more than %zu times '%s'; no result has so many",
                             most, kind);
    json_array_foreach(rows, i, row)
    {
        reader->row_kind = kind;
        reader->row = i + 1;
        if (!check(reader, row))
            return false;
    }
    reader->row_kind = NULL;
    return true;
}

/* ---- what else ---- */

/* The levels are those of the main machine; without one any number will do. */
static bool check_band(struct reader *reader, const json_t *cell)
{
    static const struct rule rules[] = {
        {"model", NAME, REQUIRED}, {"misses", ARRAY, REQUIRED}, {NULL, TEXT, REQUIRED}};
    const json_t *const band = json_object_get(cell, "cache_band");
    const json_t *const main_model =
        json_array_get(json_object_get(cell, "cache_model"), 0);
    const json_t *row;
    size_t i;
    if (!reader_check_rows(reader, band, "model of the band", MOST_MODELS, rules))
        return false;
    if (json_array_size(band) > 0 && main_model == NULL)
        return reader_refuse(reader, "'cache_band' needs 'cache_model', whose levels it "
                                     "has; see docs/result-format.md");
    json_array_foreach(band, i, row)
    {
        reader->row_kind = "model of the band";
        reader->row = i + 1;
        if (!check_tallies(reader, json_object_get(row, "misses"), "misses",
                           (size_t)reader_integer(main_model, "levels")))
            return false;
    }
    reader->row_kind = NULL;
    return true;
}

static bool check_trace(const struct reader *reader, const json_t *trace)
{
    static const struct rule rules[] = {{"heap", TEXT, REQUIRED},
                                        {"accesses", TALLY, REQUIRED},
                                        {"unlabelled", TALLY, REQUIRED},
                                        {"unseen", TEXT, OPTIONAL},
                                        {"dropped_labels", TALLY, OPTIONAL},
                                        {NULL, TEXT, REQUIRED}};
    if (trace == NULL)
        return true;
    return reader_check_fields(reader, trace, rules) &&
           check_range(reader, trace, "unlabelled", 0, reader_integer(trace, "accesses"));
}

static bool check_heat(struct reader *reader, const json_t *heat)
{
    static const struct rule rules[] = {
        {"part", NAME, REQUIRED},         {"period_bytes", COUNT, REQUIRED},
        {"entry_bytes", COUNT, REQUIRED}, {"reads", ARRAY, REQUIRED},
        {"writes", ARRAY, REQUIRED},      {NULL, TEXT, REQUIRED}};
    if (!reader_check_fields(reader, heat, rules) ||
        !check_range(reader, heat, "period_bytes", 1, MOST_PERIOD) ||
        !check_range(reader, heat, "entry_bytes", 1, MOST_ENTRY))
        return false;
    const size_t period = (size_t)reader_integer(heat, "period_bytes");
    return check_tallies(reader, json_object_get(heat, "reads"), "reads", period) &&
           check_tallies(reader, json_object_get(heat, "writes"), "writes", period);
}

/* Sizes rise, and a larger cache does not miss more. */
static bool check_points(struct reader *reader, const json_t *reuse)
{
    const json_t *const points = json_object_get(reuse, "points");
    json_int_t lines = 0, misses = reader_integer(reuse, "accesses");
    size_t i;
    const json_t *point;
    if (json_array_size(points) > MOST_POINTS)
        return reader_refuse(reader,
                             "more than %d points of 'reuse'; no result has so "
                             "many",
                             MOST_POINTS);
    reader->row_kind = "point of reuse";
    json_array_foreach(points, i, point)
    {
        reader->row = i + 1;
        if (!check_tallies(reader, point, "points", 2))
            return false;
        const json_int_t next_lines = json_integer_value(json_array_get(point, 0));
        const json_int_t next_misses = json_integer_value(json_array_get(point, 1));
        if (next_lines <= lines || next_misses > misses)
            return reader_refuse(reader, "lines must rise from point to point, misses "
                                         "must not, nor be more than 'accesses'");
        lines = next_lines;
        misses = next_misses;
    }
    reader->row_kind = NULL;
    return true;
}

static bool check_reuse(struct reader *reader, const json_t *reuse)
{
    static const struct rule rules[] = {{"line_bytes", COUNT, REQUIRED},
                                        {"accesses", TALLY, REQUIRED},
                                        {"points", ARRAY, REQUIRED},
                                        {NULL, TEXT, REQUIRED}};
    return reuse == NULL || (reader_check_fields(reader, reuse, rules) &&
                             check_range(reader, reuse, "line_bytes", 1, MOST_LINE) &&
                             check_points(reader, reuse));
}

static bool check_field(struct reader *reader, const json_t *field)
{
    static const struct rule rules[] = {{"name", NAME, REQUIRED},
                                        {"offset", COUNT, REQUIRED},
                                        {"bytes", COUNT, REQUIRED},
                                        {NULL, TEXT, REQUIRED}};
    return reader_check_fields(reader, field, rules) &&
           check_range(reader, field, "offset", 0, MOST_ENTRY) &&
           check_range(reader, field, "bytes", 0, MOST_ENTRY);
}

static bool check_layout(struct reader *reader, const json_t *layout)
{
    static const struct rule rules[] = {{"entry_bytes", COUNT, REQUIRED},
                                        {"fields", ARRAY, REQUIRED},
                                        {NULL, TEXT, REQUIRED}};
    return layout == NULL ||
           (reader_check_fields(reader, layout, rules) &&
            check_range(reader, layout, "entry_bytes", 0, MOST_ENTRY) &&
            check_each(reader, json_object_get(layout, "fields"), "field of the layout",
                       MOST_FIELDS, check_field));
}

bool reader_check_cache(struct reader *reader, const json_t *cell)
{
    static const struct rule rules[] = {{"cache_model", ARRAY, OPTIONAL},
                                        {"cache_band", ARRAY, OPTIONAL},
                                        {"cache_trace", OBJECT, OPTIONAL},
                                        {"heat", ARRAY, OPTIONAL},
                                        {"reuse", OBJECT, OPTIONAL},
                                        {"layout", OBJECT, OPTIONAL},
                                        {NULL, TEXT, REQUIRED}};
    return reader_check_fields(reader, cell, rules) &&
           check_each(reader, json_object_get(cell, "cache_model"), "cache model",
                      MOST_MACHINES, check_model) &&
           check_band(reader, cell) &&
           check_trace(reader, json_object_get(cell, "cache_trace")) &&
           check_each(reader, json_object_get(cell, "heat"), "heat", MOST_HEATS,
                      check_heat) &&
           check_reuse(reader, json_object_get(cell, "reuse")) &&
           check_layout(reader, json_object_get(cell, "layout"));
}
