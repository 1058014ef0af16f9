/* SPDX-License-Identifier: MIT */
/* Why one map is faster than another: which part of it misses which cache, in which
 * phase, as the cache model saw it.
 *
 *     open_addressing
 *       entries  insert  2.10   1.00   1.20  1.12  0.60  0.31  71.7   43%   79% ####
 *       total            9.40   3.10   1.90  1.42  0.70  0.33  90.9   45%
 *
 * Rows are sorted by the misses of the first level; those that matter to no column are one.
 * Numbers are sums of whole counts, divided once. */
#include "why.h"

#include <stdlib.h>
#include <string.h>

#include "../terminal.h"
#include "cell_read.h"
#include "columns.h"
#include "why_maps.h"

enum {
    INDENT = 2,
    PHASE_WIDTH = 6,
    LEAST_PART = 8,
    MOST_BAR = 10,
    NUMBER_WIDTH = 6, /* five characters and a blank */
    STORES_WIDTH = 7,
    USED_WIDTH = 5
};

static const double SMALL_SHARE = 0.02;  /* of every column's total: folded below */
static const double LEAST_TOTAL = 0.005; /* an operation; what is shown as "<0.01" */

/* How wide the table's columns are, and what a full bar stands for: the row with most
 * misses of all maps, so that bars compare maps, and percents the parts of one. */
struct widths {
    size_t part, bar;
    double most; /* first-level misses an operation */
};

/* ---- one map ---- */

static int by_misses(const void *a, const void *b)
{
    const struct cache_row *const left = a, *const right = b;
    for (size_t level = 0; level < CACHE_MOST_LEVELS; level++)
        if (left->misses[level] != right->misses[level])
            return left->misses[level] < right->misses[level] ? 1 : -1;
    if (left->lines != right->lines)
        return left->lines < right->lines ? 1 : -1;
    const int order = strcmp(left->part, right->part);
    return order != 0 ? order : strcmp(left->phase, right->phase);
}

/* Of a column that is worth a look at all: a few counts among millions are not. */
static bool is_small_of(double count, double total, double operations)
{
    return count <= SMALL_SHARE * total || total < LEAST_TOTAL * operations;
}

static bool is_small(const struct cache_row *row, const struct why_map *map)
{
    const struct cache_row *const total = &map->total;
    const double n = map->operations;
    bool is_small =
        is_small_of(row->loads + row->stores, total->loads + total->stores, n);
    is_small &= is_small_of(row->lines, total->lines, n);
    is_small &= is_small_of(row->fetched, total->fetched, n);
    for (size_t level = 0; level < CACHE_MOST_LEVELS; level++)
        is_small &= is_small_of(row->misses[level], total->misses[level], n);
    return is_small;
}

/* Sorts the rows and adds the small ones up into the last of those left, whose part is
 * NULL. One alone stays: folding it would save nothing. How many rows are left. */
static size_t fold(struct cache_row *rows, size_t n, const struct why_map *map,
                   size_t *n_folded)
{
    struct cache_row others = {.part = NULL, .phase = ""};
    size_t n_small = 0, n_left = 0;
    qsort(rows, n, sizeof *rows, by_misses);
    for (size_t i = 0; i < n; i++)
        n_small += is_small(&rows[i], map);
    *n_folded = n_small > 1 ? n_small : 0;
    if (n_small < 2)
        return n;
    for (size_t i = 0; i < n; i++) {
        if (is_small(&rows[i], map))
            cache_add(&others, &rows[i]);
        else
            rows[n_left++] = rows[i];
    }
    rows[n_left] = others;
    return n_left + 1;
}

static void print_number(FILE *to, int width, double count, double operations)
{
    char text[COLUMNS_NUMBER];
    columns_number(text, count / operations);
    fprintf(to, "%*s", width, text);
}

static void print_row(const struct why_map *map, const struct cache_row *row,
                      const struct widths *widths, FILE *to)
{
    const unsigned levels = cache_levels(map->model);
    const double all = map->total.misses[0];
    char share[COLUMNS_NUMBER];
    print_number(to, NUMBER_WIDTH, row->loads, map->operations);
    print_number(to, STORES_WIDTH, row->stores, map->operations);
    print_number(to, NUMBER_WIDTH, row->lines, map->operations);
    for (unsigned level = 0; level < levels; level++)
        print_number(to, NUMBER_WIDTH, row->misses[level], map->operations);
    print_number(to, NUMBER_WIDTH, row->fetched, map->operations);
    columns_share(share, row->used, row->fetched);
    fprintf(to, "%*s", USED_WIDTH, share);
    columns_share(share, row->misses[0], all);
    fprintf(to, "%*s", NUMBER_WIDTH, share);
    const double misses = row->misses[0] / map->operations;
    const double bar = widths->most > 0 ? misses / widths->most * (double)widths->bar : 0;
    for (size_t i = 0; i < widths->bar && bar >= (double)i + 0.5; i++)
        fputs(i == 0 ? " #" : "#", to);
    fputc('\n', to);
}

static void print_rows(const struct why_map *map, const struct cache_row *rows, size_t n,
                       size_t n_folded, const struct widths *widths, FILE *to)
{
    for (size_t i = 0; i < n; i++) {
        char others[32];
        snprintf(others, sizeof others, "%zu others", n_folded);
        const bool is_culprit = i == 0 && rows[0].misses[0] > 0;
        fprintf(to, "%s%*s", is_culprit ? terminal_style(to, STYLE_STRONG) : "", INDENT,
                "");
        columns_name(to, rows[i].part != NULL ? rows[i].part : others, widths->part);
        fputc(' ', to);
        columns_name(to, rows[i].phase, PHASE_WIDTH);
        print_row(map, &rows[i], widths, to);
        fputs(is_culprit ? terminal_style(to, STYLE_PLAIN) : "", to);
    }
    const struct widths without_bar = {widths->part, 0, 0};
    fprintf(to, "%*s%-*s", INDENT, "", (int)widths->part + 1 + PHASE_WIDTH, "total");
    print_row(map, &map->total, &without_bar, to);
}

/* One of them, of *n so far. */
static void print_event(const struct why_map *map, double count, const char *what,
                        size_t *n, FILE *to)
{
    char text[COLUMNS_NUMBER];
    if (!(count > 0))
        return;
    columns_number(text, count / map->operations);
    fprintf(to, "%s%s %s", *n == 0 ? "besides: " : ", ", text, what);
    ++*n;
}

/* What no row of the table has: lines that came before they were needed, and pages. */
static void print_events(const struct why_map *map, FILE *to)
{
    static const struct {
        const char *name, *what;
    } events[] = {
        {"tlb_load_misses", "TLB misses of loads"}, {"walk_loads", "loads of page walks"},
        {"prefetches", "lines prefetched"},         {"write_backs", "lines written back"},
        {"zeroed_pages", "pages zeroed"},
    };
    const json_t *const counts = json_object_get(map->model, "events");
    size_t n = 0;
    print_event(map, map->total.ahead[0], "lines that the map itself fetched ahead", &n,
                to);
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        print_event(map, json_number_value(json_object_get(counts, events[i].name)),
                    events[i].what, &n, to);
}

/* As a paragraph of its own. */
static void print_besides(const struct why_map *map, FILE *to)
{
    struct columns_draft draft;
    FILE *const room = columns_begin(&draft);
    if (room == NULL)
        return;
    print_events(map, room);
    columns_end(&draft, to, INDENT, false);
}

static void print_map(const struct why_map *map, const struct widths *widths, FILE *to)
{
    const size_t n = cache_n_rows(map->model);
    struct cache_row *const rows = malloc((n + 1) * sizeof *rows);
    fprintf(to, "%s%s%s\n", terminal_style(to, STYLE_STRONG), map->name,
            terminal_style(to, STYLE_PLAIN));
    if (!(map->operations > 0)) {
        fprintf(to, "%*sno timed operation to divide the counts by\n", INDENT, "");
    } else if (rows != NULL) {
        size_t n_folded;
        for (size_t i = 0; i < n; i++)
            rows[i] = cache_row(map->model, i);
        const size_t n_left = fold(rows, n, map, &n_folded);
        print_rows(map, rows, n_left, n_folded, widths, to);
        print_besides(map, to);
    }
    free(rows);
}

/* ---- the table ---- */

/* The parts' names get what they need, the bar what is left. */
static struct widths widths_of(const struct why *why)
{
    const size_t fixed = INDENT + 1 + PHASE_WIDTH + STORES_WIDTH + USED_WIDTH +
                         NUMBER_WIDTH * (4 + (size_t)why->levels);
    const size_t left = COLUMNS_WIDTH - fixed;
    struct widths widths = {LEAST_PART, 0, 0};
    for (size_t k = 0; k < why->n; k++)
        for (size_t i = 0; i < cache_n_rows(why->maps[k].model); i++) {
            const struct cache_row row = cache_row(why->maps[k].model, i);
            const size_t n = columns_of(row.part);
            const double operations = why->maps[k].operations;
            const double misses = operations > 0 ? row.misses[0] / operations : 0;
            widths.part = n > widths.part ? n : widths.part;
            widths.most = misses > widths.most ? misses : widths.most;
        }
    widths.part = widths.part < left ? widths.part : left;
    if (left > widths.part + 1)
        widths.bar = left - widths.part - 1;
    widths.bar = widths.bar < MOST_BAR ? widths.bar : MOST_BAR;
    return widths;
}

/* Where the bar has room, its title has it too. */
static void print_titles(const struct why *why, const struct widths *widths, FILE *to)
{
    const bool is_wide = widths->bar >= 4;
    const int before = INDENT + (int)widths->part + 1 + PHASE_WIDTH;
    const int misses = NUMBER_WIDTH * (int)why->levels;
    fprintf(to, "\n%*s%*s%*s%*s%*s  %s\n", before, "", NUMBER_WIDTH + STORES_WIDTH,
            "accesses", NUMBER_WIDTH, "lines", misses, why->levels > 1 ? "missed in" : "",
            NUMBER_WIDTH + USED_WIDTH, "bytes", is_wide ? "share of" : "  L1");
    fprintf(to, "%*s%-*s %-*s%*s%*s%*s", INDENT, "", (int)widths->part, "part",
            PHASE_WIDTH, "phase", NUMBER_WIDTH, "loads", STORES_WIDTH, "stores",
            NUMBER_WIDTH, "touch");
    for (unsigned level = 0; level < why->levels; level++)
        fprintf(to, "%*sL%u", NUMBER_WIDTH - 2, "", level + 1);
    fprintf(to, "%*s%*s %s\n", NUMBER_WIDTH, "fetch", USED_WIDTH, "used",
            is_wide ? " L1 misses" : "share");
}

static void print_head(const struct why *why, const struct widths *widths, FILE *to)
{
    const json_t *const model = why->maps[0].model;
    char *text = NULL;
    size_t size;
    FILE *const room = open_memstream(&text, &size);
    fprintf(to, "\n%sWhy: where %s misses, by part of the map and phase%s\n",
            terminal_style(to, STYLE_STRONG), why->verb, terminal_style(to, STYLE_PLAIN));
    if (room != NULL) {
        fprintf(room,
                "Per%s, simulated for %s, %s, %" JSON_INTEGER_FORMAT
                "-byte lines; model: %s",
                strchr(why->verb, ' '), member_text(model, "machine"),
                member_text(model, "geometry"),
                json_integer_value(json_object_get(model, "line_bytes")),
                member_text(model, "model"));
        fclose(room);
        columns_paragraph(to, text, 0);
        free(text);
    }
    print_titles(why, widths, to);
}

/* The batch and the stack are touched between verbs, too, in whatever phase that is. */
static bool tells_verb(const struct cache_row *row)
{
    return strcmp(row->phase, "resize") != 0 && strcmp(row->part, "operations") != 0 &&
           strcmp(row->part, "stack") != 0;
}

/* "an insert" when no map has a row of another verb; a resize is part of its verb. */
static const char *verb_of(const struct why_map *maps, size_t n)
{
    static const char *const phases[] = {"get", "insert", "delete"};
    static const char *const verbs[] = {"a get", "an insert", "a delete"};
    const char *verb = NULL;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < cache_n_rows(maps[k].model); i++) {
            const struct cache_row row = cache_row(maps[k].model, i);
            size_t known = 0;
            while (known < 3 && strcmp(row.phase, phases[known]) != 0)
                known++;
            if (!tells_verb(&row))
                continue;
            if (known == 3 || (verb != NULL && verb != verbs[known]))
                return "an operation";
            verb = verbs[known];
        }
    return verb != NULL ? verb : "an operation";
}

static void report_run(const struct why_map *maps, size_t n, FILE *to)
{
    const struct why why = {maps, n, cache_levels(maps[0].model), verb_of(maps, n)};
    const struct widths widths = widths_of(&why);
    print_head(&why, &widths, to);
    for (size_t i = 0; i < n; i++)
        print_map(&maps[i], &widths, to);
    why_words(&why, to);
    why_machines(&why, to);
    why_band(&why, to);
    why_trust(&why, to);
}

/* ---- which maps ---- */

static bool is_same_model(const json_t *a, const json_t *b)
{
    static const char *const names[] = {"machine", "geometry", "line_bytes", "model",
                                        "levels"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!json_equal(json_object_get(a, names[i]), json_object_get(b, names[i])))
            return false;
    return true;
}

void report_why(const json_t *cells, size_t first, size_t n, FILE *to)
{
    size_t n_maps = 0;
    struct why_map *const maps = calloc(n > 0 ? n : 1, sizeof *maps);
    for (size_t i = first; maps != NULL && i < first + n; i++) {
        const json_t *const cell = json_array_get(cells, i);
        const json_t *const model = cache_model(cell, 0);
        if (model != NULL)
            maps[n_maps++] = (struct why_map){member_text(cell, "subject"), cell, model,
                                              cache_operations(cell), cache_total(model)};
    }
    for (size_t at = 0, end; at < n_maps; at = end) { /* numbers of one model only */
        for (end = at + 1; end < n_maps; end++)
            if (!is_same_model(maps[at].model, maps[end].model))
                break;
        report_run(maps + at, end - at, to);
    }
    free(maps);
}
