/* SPDX-License-Identifier: MIT */
/* What the fields of a timeline must be. Reports draw along them, so that time, operations
 * and faults must not fall, and resizes must follow one another. */
#include "reader_rule.h"
#include "timeline_result.h"

static bool check_point(const struct reader *reader, const json_t *point, size_t n)
{
    size_t i;
    const json_t *number;
    bool is_good = json_is_array(point) && json_array_size(point) == n;
    json_array_foreach(point, i, number)
    {
        is_good &= reader_is_of_kind(number, TALLY);
    }
    return is_good ||
           reader_refuse(reader,
                         "must be %zu integers from 0 to 2^53, as the first is, see "
                         "docs/result-format.md",
                         n);
}

/* Operation, time, page faults: none may fall from point to point. */
static bool is_behind(const json_t *point, const json_t *before)
{
    static const size_t rising[] = {0, 1, 3};
    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++)
        if (json_integer_value(json_array_get(point, rising[i])) <
            json_integer_value(json_array_get(before, rising[i])))
            return false;
    return true;
}

static bool check_points(struct reader *reader, const json_t *points)
{
    const json_t *before = NULL;
    size_t i;
    const json_t *point;
    const size_t n = json_array_size(json_array_get(points, 0)) == 5 ? 5 : 4;
    if (json_array_size(points) == 0 || json_array_size(points) > TIMELINE_MOST_POINTS)
        return reader_refuse(reader, "a timeline has 1 to %d points",
                             TIMELINE_MOST_POINTS);
    reader->row_kind = "point of the timeline";
    json_array_foreach(points, i, point)
    {
        reader->row = i + 1;
        if (!check_point(reader, point, n))
            return false;
        if (before != NULL && !is_behind(point, before))
            return reader_refuse(reader, "operations, time and page faults must not fall "
                                         "from point to point");
        before = point;
    }
    reader->row_kind = NULL;
    return true;
}

static bool check_resizes(struct reader *reader, const json_t *resizes)
{
    static const struct rule rules[] = {
        {"operation", TALLY, REQUIRED},       {"old_capacity", TALLY, REQUIRED},
        {"new_capacity", TALLY, REQUIRED},    {"items", TALLY, REQUIRED},
        {"old_bytes", TALLY, REQUIRED},       {"new_bytes", TALLY, REQUIRED},
        {"began_ns", TALLY, REQUIRED},        {"ended_ns", TALLY, REQUIRED},
        {"page_faults", TALLY, REQUIRED},     {"is_timed", BOOLEAN, REQUIRED},
        {"peak_live_bytes", TALLY, REQUIRED}, {"peak_resident_bytes", TALLY, OPTIONAL},
        {"huge_page_bytes", TALLY, OPTIONAL}, {NULL, TEXT, REQUIRED}};
    json_int_t ended_ns = 0, operation = 0;
    size_t i;
    const json_t *row;
    if (!reader_check_rows(reader, resizes, "resize of the timeline",
                           TIMELINE_MOST_RESIZES, rules))
        return false;
    reader->row_kind = "resize of the timeline";
    json_array_foreach(resizes, i, row)
    {
        reader->row = i + 1;
        if (reader_integer(row, "began_ns") < ended_ns ||
            reader_integer(row, "ended_ns") < reader_integer(row, "began_ns") ||
            reader_integer(row, "operation") < operation)
            return reader_refuse(reader, "a resize must end before the next begins, and "
                                         "operations must not fall");
        ended_ns = reader_integer(row, "ended_ns");
        operation = reader_integer(row, "operation");
    }
    reader->row_kind = NULL;
    return true;
}

bool reader_check_timeline(struct reader *reader, const json_t *cell)
{
    static const struct rule rules[] = {{"timeline", OBJECT, OPTIONAL},
                                        {NULL, TEXT, REQUIRED}};
    static const struct rule own_rules[] = {{"left_out", TALLY, REQUIRED},
                                            {"timed_ns", TALLY, REQUIRED},
                                            {"points", ARRAY, REQUIRED},
                                            {"resizes", ARRAY, REQUIRED},
                                            {NULL, TEXT, REQUIRED}};
    const json_t *const timeline = json_object_get(cell, "timeline");
    if (!reader_check_fields(reader, cell, rules) || timeline == NULL)
        return timeline == NULL;
    return reader_check_fields(reader, timeline, own_rules) &&
           check_points(reader, json_object_get(timeline, "points")) &&
           check_resizes(reader, json_object_get(timeline, "resizes"));
}
