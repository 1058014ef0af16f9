/* SPDX-License-Identifier: MIT */
/* What the instruments over a traced map say, into a cell of the result: cache_model,
 * cache_band, cache_trace, reuse, heat, layout, as docs/result-format.md describes them. */
#include "cache_result.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "complaint.h"
#include "result.h"
#include "sim/hierarchy.h"

enum { MOST_ROWS = 200, MOST_MACHINES = 32, MOST_BAND = 64, MOST_POINTS = 400 };
enum { MOST_HEATS = 16, MOST_PERIOD = 4096, MOST_FIELDS = 64 };

/* A member of an object, made when it is not there yet. */
static json_t *member(json_t *object, const char *name, json_t *(*make)(void))
{
    json_t *const value = json_object_get(object, name);
    if (value == NULL)
        json_object_set_new(object, name, make());
    return json_object_get(object, name);
}

static json_t *last_of(json_t *array)
{
    const size_t n = json_array_size(array);
    return n == 0 ? NULL : json_array_get(array, n - 1);
}

/* The next number of a text, as JSON; NULL when there is none that fits. */
static json_t *next_count(const char **text)
{
    uint64_t count;
    int n = 0;
    if (sscanf(*text, "%" SCNu64 "%n", &count, &n) != 1 || count > INT64_MAX)
        return NULL;
    *text += n;
    return json_integer((json_int_t)count);
}

/* Sets the member to the next number. */
static bool take_count(json_t *object, const char *name, const char **text)
{
    json_t *const count = next_count(text);
    return count != NULL && json_object_set_new(object, name, count) == 0;
}

static bool take_counts(json_t *object, const char *name, size_t n, const char **text)
{
    json_t *const counts = json_array();
    bool is_taken = true;
    for (size_t i = 0; i < n && is_taken; i++) {
        json_t *const count = next_count(text);
        is_taken = count != NULL && json_array_append_new(counts, count) == 0;
    }
    json_object_set_new(object, name, counts);
    return is_taken;
}

/* What is left of the line, as a name. */
static bool take_rest(json_t *object, const char *name, const char *text)
{
    text += strspn(text, " ");
    return *text != '\0' && json_object_set_new(object, name, result_text(text)) == 0;
}

static void keep(json_t *array, json_t *row, bool is_whole, size_t most)
{
    if (is_whole)
        result_append(array, row, most);
    else
        json_decref(row);
}

static void hear_machine(json_t *cell, const char *text)
{
    char name[64], geometry[128];
    unsigned line_bytes, levels;
    int n = 0;
    uint64_t page_bytes;
    if (sscanf(text, "%63s %127s %u %u %" SCNu64 " %n", name, geometry, &line_bytes,
               &levels, &page_bytes, &n) != 5 ||
        levels == 0 || levels > SIM_MOST_LEVELS || line_bytes == 0 || line_bytes > 4096 ||
        page_bytes > INT64_MAX)
        return;
    json_t *const row = json_pack(
        "{s:o, s:o, s:i, s:i, s:I, s:[], s:{}}", "machine", result_text(name), "geometry",
        result_text(geometry), "line_bytes", (int)line_bytes, "levels", (int)levels,
        "page_bytes", (json_int_t)page_bytes, "parts", "events");
    keep(member(cell, "cache_model", json_array), row, take_rest(row, "model", text + n),
         MOST_MACHINES);
}

static void hear_part(json_t *cell, const char *text)
{
    static const char *const counts[] = {"loads", "stores", "lines", "bytes_fetched",
                                         "bytes_used"};
    json_t *const machine = last_of(json_object_get(cell, "cache_model"));
    char phase[32];
    int n = 0;
    if (machine == NULL || sscanf(text, "%31s%n", phase, &n) != 1)
        return;
    const size_t n_lines =
        (size_t)json_integer_value(json_object_get(machine, "levels")) + 1;
    json_t *const row = json_pack("{s:o}", "phase", result_text(phase));
    text += n;
    bool is_whole = true;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        is_whole = is_whole && take_count(row, counts[i], &text);
    is_whole = is_whole && take_counts(row, "load_lines", n_lines, &text) &&
               take_counts(row, "store_lines", n_lines, &text) &&
               take_counts(row, "prefetch_lines", n_lines, &text) &&
               take_counts(row, "split_lines", n_lines, &text) &&
               take_rest(row, "part", text);
    keep(json_object_get(machine, "parts"), row, is_whole, MOST_ROWS);
}

static void hear_event(json_t *cell, const char *text)
{
    json_t *const machine = last_of(json_object_get(cell, "cache_model"));
    char name[32];
    int n = 0;
    if (machine == NULL || sscanf(text, "%31s%n", name, &n) != 1)
        return;
    text += n;
    (void)take_count(json_object_get(machine, "events"), name, &text);
}

static void hear_band(json_t *cell, const char *text)
{
    unsigned levels;
    int n = 0;
    if (sscanf(text, "%u%n", &levels, &n) != 1 || levels == 0 || levels > SIM_MOST_LEVELS)
        return;
    json_t *const row = json_object();
    text += n;
    const bool is_whole =
        take_counts(row, "misses", levels, &text) && take_rest(row, "model", text);
    keep(member(cell, "cache_band", json_array), row, is_whole, MOST_BAND);
}

static void hear_trace(json_t *cell, const char *text)
{
    json_t *const trace = json_object();
    if (take_count(trace, "accesses", &text) && take_count(trace, "unlabelled", &text) &&
        take_count(trace, "dropped_labels", &text) && take_rest(trace, "heap", text))
        json_object_set(cell, "cache_trace", trace);
    json_decref(trace);
}

static void hear_unseen(json_t *cell, const char *text)
{
    json_t *const trace = json_object_get(cell, "cache_trace");
    if (trace != NULL)
        (void)take_rest(trace, "unseen", text);
}

static void hear_reuse(json_t *cell, const char *text)
{
    json_t *const reuse = json_pack("{s:[]}", "points");
    if (take_count(reuse, "line_bytes", &text) && take_count(reuse, "accesses", &text))
        json_object_set(cell, "reuse", reuse);
    json_decref(reuse);
}

static void hear_point(json_t *cell, const char *text)
{
    json_t *const points = json_object_get(json_object_get(cell, "reuse"), "points");
    json_t *const lines = next_count(&text);
    json_t *const misses = lines != NULL ? next_count(&text) : NULL;
    if (misses != NULL && json_array_size(points) < MOST_POINTS)
        json_array_append_new(points, json_pack("[O, O]", lines, misses));
    json_decref(lines);
    json_decref(misses);
}

static void hear_heat(json_t *cell, const char *text)
{
    json_t *const row = json_pack("{s:[], s:[]}", "reads", "writes");
    const bool is_whole = take_count(row, "period_bytes", &text) &&
                          take_count(row, "entry_bytes", &text) &&
                          take_rest(row, "part", text);
    keep(member(cell, "heat", json_array), row, is_whole, MOST_HEATS);
}

static void hear_byte(json_t *cell, const char *kind, const char *text)
{
    json_t *const counts = json_object_get(last_of(json_object_get(cell, "heat")), kind);
    json_t *const count = counts != NULL ? next_count(&text) : NULL;
    if (count != NULL)
        result_append(counts, count, MOST_PERIOD);
}

static void hear_reads(json_t *cell, const char *text)
{
    hear_byte(cell, "reads", text);
}

static void hear_writes(json_t *cell, const char *text)
{
    hear_byte(cell, "writes", text);
}

static void hear_layout(json_t *cell, const char *text)
{
    json_t *const layout = json_pack("{s:[]}", "fields");
    if (take_count(layout, "entry_bytes", &text))
        json_object_set(cell, "layout", layout);
    json_decref(layout);
}

static void hear_field(json_t *cell, const char *text)
{
    json_t *const fields = json_object_get(json_object_get(cell, "layout"), "fields");
    json_t *const row = json_object();
    const bool is_whole = take_count(row, "offset", &text) &&
                          take_count(row, "bytes", &text) && take_rest(row, "name", text);
    keep(fields, row, is_whole && fields != NULL, MOST_FIELDS);
}

bool cache_result_hear(json_t *cell, const char *line)
{
    static const struct hearing known[] = {
        {"machine ", hear_machine}, {"part ", hear_part},     {"event ", hear_event},
        {"band ", hear_band},       {"trace ", hear_trace},   {"unseen ", hear_unseen},
        {"reuse ", hear_reuse},     {"point ", hear_point},   {"heat ", hear_heat},
        {"reads ", hear_reads},     {"writes ", hear_writes}, {"layout ", hear_layout},
        {"field ", hear_field}};
    return result_hear(cell, line, known, sizeof known / sizeof *known);
}
