/* SPDX-License-Identifier: MIT */
/* What the field `functions` of a cell must be: rows and lines that add up to the totals,
 * since a report shows shares of them. */
#include "reader_rule.h"

enum { MOST_ROWS = 1000 };

static const char *const costs[] = {"instructions", "branches", "branch_misses"};
enum { N_COSTS = sizeof costs / sizeof *costs };

static json_int_t cost_of(const json_t *row, const char *field, const char *cost)
{
    return json_integer_value(json_object_get(json_object_get(row, field), cost));
}

static bool check_costs(const struct reader *reader, const json_t *object)
{
    static const struct rule rules[] = {{"instructions", TALLY, REQUIRED},
                                        {"branches", TALLY, REQUIRED},
                                        {"branch_misses", TALLY, REQUIRED},
                                        {NULL, TEXT, REQUIRED}};
    return reader_check_fields(reader, object, rules);
}

/* A total has its own in it, and is no more than all. */
static bool check_total(const struct reader *reader, const json_t *functions,
                        const json_t *row)
{
    static const struct rule rules[] = {{"instructions", TALLY, REQUIRED},
                                        {NULL, TEXT, REQUIRED}};
    const json_t *const total = json_object_get(row, "total");
    if (total == NULL)
        return true; /* the others together have none */
    if (!reader_check_fields(reader, total, rules))
        return false;
    const json_int_t n = cost_of(row, "total", costs[0]);
    return (n >= cost_of(row, "self", costs[0]) &&
            n <= cost_of(functions, "totals", costs[0])) ||
           reader_refuse(reader, "'total' must be from 'self' to the totals, see "
                                 "docs/result-format.md");
}

/* Rows by `rules`, whose own costs add up. */
static bool check_rows(struct reader *reader, const json_t *functions, const char *name,
                       const char *kind, const struct rule *rules)
{
    const json_t *const rows = json_object_get(functions, name);
    json_int_t sums[N_COSTS] = {0};
    const json_t *row;
    size_t i;
    if (!reader_check_rows(reader, rows, kind, MOST_ROWS, rules))
        return false;
    reader->row_kind = kind;
    json_array_foreach(rows, i, row)
    {
        reader->row = i + 1;
        if (!check_costs(reader, json_object_get(row, "self")) ||
            !check_total(reader, functions, row))
            return false;
        for (size_t k = 0; k < N_COSTS; k++)
            sums[k] += cost_of(row, "self", costs[k]);
    }
    reader->row_kind = NULL;
    for (size_t k = 0; k < N_COSTS; k++)
        if (sums[k] != cost_of(functions, "totals", costs[k]))
            return reader_refuse(reader,
                                 "'%s' of 'functions' must add up to its 'totals', see "
                                 "docs/result-format.md",
                                 name);
    return true;
}

bool reader_check_functions(struct reader *reader, const json_t *cell)
{
    static const struct rule rules[] = {{"by", NAME, REQUIRED},
                                        {"build", TEXT, REQUIRED},
                                        {"valgrind_version", TEXT, REQUIRED},
                                        {"not_inlined", TEXT, OPTIONAL},
                                        {"totals", OBJECT, REQUIRED},
                                        {"rows", ARRAY, REQUIRED},
                                        {"lines", ARRAY, REQUIRED},
                                        {NULL, TEXT, REQUIRED}};
    static const struct rule row_rules[] = {
        {"name", NAME, REQUIRED},    {"file", NAME, OPTIONAL}, {"self", OBJECT, REQUIRED},
        {"total", OBJECT, OPTIONAL}, {"n", TALLY, OPTIONAL},   {NULL, TEXT, REQUIRED}};
    static const struct rule line_rules[] = {{"where", NAME, REQUIRED},
                                             {"self", OBJECT, REQUIRED},
                                             {"n", TALLY, OPTIONAL},
                                             {NULL, TEXT, REQUIRED}};
    const json_t *const functions = json_object_get(cell, "functions");
    return functions == NULL ||
           (reader_check_fields(reader, functions, rules) &&
            check_costs(reader, json_object_get(functions, "totals")) &&
            check_rows(reader, functions, "rows", "function", row_rules) &&
            check_rows(reader, functions, "lines", "line", line_rules));
}
