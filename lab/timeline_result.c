/* SPDX-License-Identifier: MIT */
/* What instrument timeline says, into a cell of the result, as docs/result-format.md
 * describes it. In:
 *
 *     timeline 0 7000000
 *     moment 0 120 0 0 2097152
 *     resized 0 16 32 12 256 512 9000 9400 1 1 768 2101248
 *
 * Out: "timeline": {"left_out": 0, "timed_ns": 7000000,
 *     "points": [[0, 120, 0, 0, 2097152]],
 *     "resizes": [{"operation": 0, "old_capacity": 16, ...}]} */
#include "timeline_result.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "result.h"

enum { MOST_NUMBERS = 13, IS_TIMED = 9, LEAST_OF_RESIZE = 11 };

/* All numbers of a text; 0: not one of them, or something else stands there. */
static size_t numbers_of(const char *text, json_int_t numbers[MOST_NUMBERS])
{
    size_t n = 0;
    int used = 0;
    uint64_t number;
    for (; n < MOST_NUMBERS && sscanf(text, "%" SCNu64 "%n", &number, &used) == 1; n++) {
        if (number > (uint64_t)1 << 53)
            return 0;
        numbers[n] = (json_int_t)number;
        text += used;
    }
    return *text == '\0' ? n : 0;
}

static void hear_timeline(json_t *cell, const char *text)
{
    json_int_t numbers[MOST_NUMBERS];
    if (numbers_of(text, numbers) == 2)
        json_object_set_new(cell, "timeline",
                            json_pack("{s:I, s:I, s:[], s:[]}", "left_out", numbers[0],
                                      "timed_ns", numbers[1], "points", "resizes"));
}

static void hear_moment(json_t *cell, const char *text)
{
    json_int_t numbers[MOST_NUMBERS];
    json_t *const points = json_object_get(json_object_get(cell, "timeline"), "points");
    const size_t n = numbers_of(text, numbers);
    if (points == NULL || (n != 4 && n != 5))
        return;
    json_t *const point = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(point, json_integer(numbers[i]));
    result_append(points, point, TIMELINE_MOST_POINTS);
}

static void hear_resized(json_t *cell, const char *text)
{
    static const char *const names[MOST_NUMBERS] = {
        "operation",      "old_capacity", "new_capacity",    "items",
        "old_bytes",      "new_bytes",    "began_ns",        "ended_ns",
        "page_faults",    "is_timed",     "peak_live_bytes", "peak_resident_bytes",
        "huge_page_bytes"};
    json_int_t numbers[MOST_NUMBERS];
    json_t *const rows = json_object_get(json_object_get(cell, "timeline"), "resizes");
    const size_t n = numbers_of(text, numbers);
    if (rows == NULL || n < LEAST_OF_RESIZE)
        return;
    json_t *const row = json_object();
    for (size_t i = 0; i < n; i++)
        json_object_set_new(row, names[i],
                            i == IS_TIMED ? json_boolean(numbers[i])
                                          : json_integer(numbers[i]));
    result_append(rows, row, TIMELINE_MOST_RESIZES);
}

bool timeline_result_hear(json_t *cell, const char *line)
{
    static const struct hearing known[] = {{"timeline ", hear_timeline},
                                           {"moment ", hear_moment},
                                           {"resized ", hear_resized}};
    return result_hear(cell, line, known, sizeof known / sizeof *known);
}
