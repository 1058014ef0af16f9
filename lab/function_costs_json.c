/* SPDX-License-Identifier: MIT */
/* What was spent in each function and on each line, added up for the result file. */
#include "function_costs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"

enum { MOST_ROWS = 60, MOST_LINES = 100, MOST_DEPTH = 32 };

/* ---- by function ---- */

/* A function's share of one site. */
struct part {
    const char *name, *file;
    uint64_t self[N_COSTS], total;
};

struct parts {
    struct part *of;
    size_t n, room;
};

/* The last part of a path. */
static const char *base_name(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* callgrind's word for a file that it does not know is "???". */
static const char *file_or_object(const char *file, const char *object)
{
    return base_name(*file == '\0' || strcmp(file, "???") == 0 ? object : file);
}

/* The functions at a place, the innermost first; at least the one that callgrind names. */
static size_t functions_at(const struct function_costs *costs,
                           const struct callgrind_place *place,
                           struct inlined_frame frames[MOST_DEPTH])
{
    const struct inlined_chain *const chain =
        costs->object != NULL && place->object == costs->object
            ? inlined_chain_at(&costs->chains, place->address)
            : NULL;
    size_t n = 0;
    for (size_t i = 0; chain != NULL && i < chain->n && n < MOST_DEPTH; i++) {
        struct inlined_frame frame = costs->chains.frames[chain->first + i];
        bool is_new = *frame.function != '\0';
        frame.file = file_or_object(frame.file, place->object);
        for (size_t k = 0; k < n; k++)
            is_new &= frames[k].function != frame.function;
        if (is_new)
            frames[n++] = frame;
    }
    if (n == 0)
        frames[n++] = (struct inlined_frame){place->function,
                                             file_or_object(place->home, place->object)};
    return n;
}

static bool add_part(struct parts *parts, const struct part *part)
{
    if (parts->n == parts->room) {
        const size_t room = 2 * parts->room + 1024;
        struct part *const larger = realloc(parts->of, room * sizeof *larger);
        if (larger == NULL)
            return false;
        parts->of = larger;
        parts->room = room;
    }
    parts->of[parts->n++] = *part;
    return true;
}

/* What the functions at one site have of it. */
static bool add_parts(const struct function_costs *costs, const struct cost_site *site,
                      struct parts *parts)
{
    struct inlined_frame at[MOST_DEPTH], to[MOST_DEPTH];
    const size_t n = functions_at(costs, &site->at, at);
    const size_t n_to = cost_site_is_call(site) ? functions_at(costs, &site->to, to) : 0;
    const uint64_t instructions = site->costs[COST_INSTRUCTIONS];
    if (n_to > 0 && to[n_to - 1].function == at[n - 1].function)
        return true; /* another part of itself, or itself again */
    for (size_t i = 0; i < n; i++) {
        struct part part = {at[i].function, at[i].file, {0}, instructions};
        if (i == 0 && n_to == 0)
            memcpy(part.self, site->costs, sizeof part.self);
        if (!add_part(parts, &part))
            return false;
    }
    return true;
}

static int compare_texts(const char *a, const char *b)
{
    return a == b ? 0 : strcmp(a, b);
}

static int by_name(const void *left, const void *right)
{
    const struct part *const a = left, *const b = right;
    const int files = compare_texts(a->file, b->file);
    return files != 0 ? files : compare_texts(a->name, b->name);
}

static int by_total(const void *left, const void *right)
{
    const struct part *const a = left, *const b = right;
    if (a->total != b->total)
        return a->total < b->total ? 1 : -1;
    if (a->self[0] != b->self[0])
        return a->self[0] > b->self[0] ? 1 : -1; /* who calls goes before */
    return by_name(left, right);
}

static void add_costs(uint64_t *sums, const uint64_t *costs)
{
    for (size_t i = 0; i < N_COSTS; i++)
        sums[i] += costs[i];
}

/* Makes one of those of a name, and leaves out who has nothing of its own: a caller of
 * the timed batches. */
static void merge_parts(struct parts *parts, uint64_t most)
{
    size_t n = 0;
    if (parts->n > 0)
        qsort(parts->of, parts->n, sizeof *parts->of, by_name);
    for (size_t i = 0; i < parts->n;) {
        struct part sum = parts->of[i];
        for (i++; i < parts->n && by_name(&sum, &parts->of[i]) == 0; i++) {
            add_costs(sum.self, parts->of[i].self);
            sum.total += parts->of[i].total;
        }
        sum.total = sum.total < most ? sum.total : most;
        if (sum.self[0] + sum.self[1] + sum.self[2] > 0)
            parts->of[n++] = sum;
    }
    parts->n = n;
}

/* ---- by line ---- */

static bool collect_lines(const struct function_costs *costs, struct parts *lines)
{
    for (size_t i = 0; i < costs->n_sites; i++) {
        const struct cost_site *const site = &costs->sites[i];
        struct part line = {"", site->at.file, {0}, site->at.line};
        if (cost_site_is_call(site))
            continue;
        if (site->at.line == 0 || *file_or_object(site->at.file, "") == '\0') {
            line.file = site->at.object;
            line.total = 0;
        }
        memcpy(line.self, site->costs, sizeof line.self);
        if (!add_part(lines, &line))
            return false;
    }
    return true;
}

static int by_line(const void *left, const void *right)
{
    const struct part *const a = left, *const b = right;
    const int files = compare_texts(a->file, b->file);
    return files != 0 ? files : (a->total > b->total) - (a->total < b->total);
}

static int by_self(const void *left, const void *right)
{
    const struct part *const a = left, *const b = right;
    if (a->self[0] != b->self[0])
        return a->self[0] < b->self[0] ? 1 : -1;
    return by_line(left, right);
}

/* `total` is the line's number, for a while. */
static void merge_lines(struct parts *lines)
{
    size_t n = 0;
    if (lines->n > 0)
        qsort(lines->of, lines->n, sizeof *lines->of, by_line);
    for (size_t i = 0; i < lines->n; i++) {
        if (n > 0 && by_line(&lines->of[n - 1], &lines->of[i]) == 0)
            add_costs(lines->of[n - 1].self, lines->of[i].self);
        else
            lines->of[n++] = lines->of[i];
    }
    lines->n = n;
}

/* ---- as JSON ---- */

static json_t *describe_costs(const uint64_t costs[N_COSTS])
{
    return json_pack("{s:I, s:I, s:I}", "instructions", (json_int_t)costs[0], "branches",
                     (json_int_t)costs[1], "branch_misses", (json_int_t)costs[2]);
}

/* Names are a stranger's: C++ ones may be longer than a reader takes. */
static json_t *short_text(const char *text)
{
    char room[200];
    snprintf(room, sizeof room, "%s", text);
    text_mask(room);
    return result_text(*room != '\0' ? room : "?");
}

static json_t *describe_row(const struct part *row)
{
    return json_pack("{s:o, s:o, s:o, s:{s:I}}", "name", short_text(row->name), "file",
                     short_text(row->file), "self", describe_costs(row->self), "total",
                     "instructions", (json_int_t)row->total);
}

static json_t *describe_line(const struct part *line)
{
    char where[200];
    if (line->total == 0)
        snprintf(where, sizeof where, "%.150s", base_name(line->file));
    else
        snprintf(where, sizeof where, "%.150s:%" PRIu64, base_name(line->file),
                 line->total);
    return json_pack("{s:o, s:o}", "where", short_text(where), "self",
                     describe_costs(line->self));
}

/* The first rows, and the others' sum. */
static json_t *describe_parts(const struct parts *parts, size_t most,
                              json_t *(*describe)(const struct part *part),
                              const char *name)
{
    json_t *const rows = json_array();
    uint64_t rest[N_COSTS] = {0};
    for (size_t i = 0; i < parts->n; i++) {
        if (i < most)
            json_array_append_new(rows, describe(&parts->of[i]));
        else
            add_costs(rest, parts->of[i].self);
    }
    if (parts->n > most)
        json_array_append_new(rows, json_pack("{s:s, s:I, s:o}", name, "others", "n",
                                              (json_int_t)(parts->n - most), "self",
                                              describe_costs(rest)));
    return rows;
}

json_t *function_costs_describe(const struct function_costs *costs)
{
    struct parts rows = {0}, lines = {0};
    json_t *object = NULL;
    bool has_all = collect_lines(costs, &lines);
    for (size_t i = 0; has_all && i < costs->n_sites; i++)
        has_all = add_parts(costs, &costs->sites[i], &rows);
    if (has_all) {
        merge_parts(&rows, costs->totals[COST_INSTRUCTIONS]);
        merge_lines(&lines);
        if (rows.n > 0)
            qsort(rows.of, rows.n, sizeof *rows.of, by_total);
        if (lines.n > 0)
            qsort(lines.of, lines.n, sizeof *lines.of, by_self);
        object =
            json_pack("{s:o, s:o, s:o}", "totals", describe_costs(costs->totals), "rows",
                      describe_parts(&rows, MOST_ROWS, describe_row, "name"), "lines",
                      describe_parts(&lines, MOST_LINES, describe_line, "where"));
    }
    free(rows.of);
    free(lines.of);
    return object;
}
