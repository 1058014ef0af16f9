/* SPDX-License-Identifier: MIT */
/* The why-table in words: which map misses least, which most and in what part of it. Every
 * word that compares is computed. */
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "why_maps.h"

enum { MOST_NAMED = 3 /* maps between the first and the last */ };

static const double TOLD_SHARE = 0.1;  /* parts with less of the misses are not named */
static const double TOLD_RATIO = 1.05; /* less is not called more often */

/* ---- the order ---- */

struct place {
    double misses; /* an operation */
    double ahead;  /* the same, of lines that the map itself fetched ahead */
    const struct why_map *map;
};

static int by_misses(const void *a, const void *b)
{
    const struct place *const left = a, *const right = b;
    if (left->misses != right->misses)
        return left->misses < right->misses ? -1 : 1;
    return left->map < right->map ? -1 : left->map > right->map;
}

/* Whether it has memory of its own: a subject that runs the loops and does nothing has
 * none, and is no map to compare with. */
static bool is_map(const struct why_map *map)
{
    static const char *const others[] = {"map struct", "operations", "stack"};
    for (size_t i = 0; i < cache_n_rows(map->model); i++) {
        const struct cache_row row = cache_row(map->model, i);
        size_t k = 0;
        while (k < sizeof others / sizeof *others && strcmp(row.part, others[k]) != 0)
            k++;
        if (k == sizeof others / sizeof *others)
            return true;
    }
    return false;
}

/* The maps that have operations, fewest misses of a level first; to be freed. */
static struct place *order(const struct why *why, size_t level, size_t *n)
{
    struct place *const places = malloc(why->n * sizeof *places);
    *n = 0;
    for (size_t i = 0; places != NULL && i < why->n; i++) {
        const struct why_map *const map = &why->maps[i];
        if (map->operations > 0 && is_map(map))
            places[(*n)++] =
                (struct place){map->total.misses[level] / map->operations,
                               map->total.ahead[level] / map->operations, map};
    }
    if (places != NULL)
        qsort(places, *n, sizeof *places, by_misses);
    return places;
}

/* ---- one map ---- */

struct share {
    const char *part;
    double misses;
};

/* The misses of all phases of a part, and its rows before row i are none. */
static bool sum_part(const struct why_map *map, size_t i, struct share *share)
{
    share->part = cache_row(map->model, i).part;
    share->misses = 0;
    for (size_t k = 0; k < cache_n_rows(map->model); k++) {
        const struct cache_row row = cache_row(map->model, k);
        if (strcmp(row.part, share->part) != 0)
            continue;
        if (k < i)
            return false;
        share->misses += row.misses[0];
    }
    return true;
}

/* The two parts with most misses, those that have any share to tell; how many. */
static size_t find_culprits(const struct why_map *map, struct share culprits[2])
{
    size_t n = 0;
    for (size_t i = 0; i < cache_n_rows(map->model); i++) {
        struct share share;
        if (!sum_part(map, i, &share) ||
            !(share.misses > 0 && share.misses >= TOLD_SHARE * map->total.misses[0]))
            continue;
        if (n == 0 || share.misses > culprits[0].misses) {
            culprits[1] = culprits[0];
            culprits[0] = share;
            n += n < 2;
        } else if (n == 1 || share.misses > culprits[1].misses) {
            culprits[1] = share;
            n = 2;
        }
    }
    return n;
}

/* ": 61% of that in nodes, 30% in heads; of a fetched line 43% is used." */
static void tell_where(const struct why_map *map, FILE *to)
{
    struct share culprits[2] = {{"", 0}, {"", 0}};
    char share[COLUMNS_NUMBER];
    const size_t n = find_culprits(map, culprits);
    for (size_t i = 0; i < n; i++) {
        columns_share(share, culprits[i].misses, map->total.misses[0]);
        fprintf(to, "%s %s %sin %s", i == 0 ? ":" : ",", share, i == 0 ? "of that " : "",
                culprits[i].part);
    }
    columns_share(share, map->total.used, map->total.fetched);
    if (map->total.fetched > 0)
        fprintf(to, "; of a fetched line %s is used", share);
    fputc('.', to);
}

static double with_ahead(const struct place *place)
{
    return place->misses + place->ahead;
}

/* How much more often than the one with least: told only where neither what they fetch
 * ahead nor another model makes another thing of it. */
static void tell_verdict(const struct place *place, const struct place *least, FILE *to)
{
    size_t n_models;
    char ratio[COLUMNS_NUMBER];
    const size_t agreed = why_band_holds(least->map, place->map, 0, &n_models);
    const bool has_ahead = place->ahead > 0 || least->ahead > 0;
    if (!(least->misses > 0) || place->misses < TOLD_RATIO * least->misses)
        return;
    columns_number(ratio, with_ahead(place) / with_ahead(least));
    if (with_ahead(place) < TOLD_RATIO * with_ahead(least))
        fprintf(to, ", no more often than %s with what each fetches ahead",
                least->map->name);
    else if (agreed < n_models)
        fprintf(to, " (the models disagree: more often than %s holds in %zu of %zu)",
                least->map->name, agreed, n_models);
    else
        fprintf(to, ", %s times as often%s", ratio,
                has_ahead ? " with what each fetches ahead" : "");
}

/* `least` is NULL for the one that has it. */
static void tell_map(const struct why *why, const struct place *place,
                     const struct place *least, FILE *to)
{
    char lines[COLUMNS_NUMBER], misses[COLUMNS_NUMBER], ahead[COLUMNS_NUMBER];
    columns_number(lines, place->map->total.lines / place->map->operations);
    columns_number(misses, place->misses);
    fprintf(to, " %s touches %s lines %s and misses L1 %s times", place->map->name, lines,
            why->verb, misses);
    if (least != NULL)
        tell_verdict(place, least, to);
    tell_where(place->map, to);
    if (!(place->ahead > 0))
        return;
    columns_number(ahead, place->ahead);
    columns_number(misses, with_ahead(place));
    fprintf(to, " It fetches %s lines more ahead by itself, %s together.", ahead, misses);
}

static void tell_between(const struct place *places, size_t n, FILE *to)
{
    char misses[COLUMNS_NUMBER];
    if (n <= 2)
        return;
    if (n - 2 > MOST_NAMED) {
        fprintf(to, " %zu maps lie between.", n - 2);
        return;
    }
    fputs(" Between them:", to);
    for (size_t i = 1; i + 1 < n; i++) {
        columns_number(misses, places[i].misses);
        fprintf(to, "%s %s %s", i == 1 ? "" : ",", places[i].map->name, misses);
    }
    fputc('.', to);
}

static int by_both(const void *a, const void *b)
{
    const double left = with_ahead(a), right = with_ahead(b);
    return left != right ? (left < right ? -1 : 1) : by_misses(a, b);
}

/* The models of the band know no lines that were fetched ahead: where these make the order
 * they are not asked. */
static void tell_extremes(const struct why *why, const struct place *fewest,
                          const struct place *most, FILE *to)
{
    size_t n_models;
    char low[COLUMNS_NUMBER], high[COLUMNS_NUMBER];
    const size_t agreed =
        why_band_holds(fewest->map, most->map, why->levels - 1, &n_models);
    const bool is_ahead = fewest->ahead > 0 || most->ahead > 0;
    columns_number(low, with_ahead(fewest));
    columns_number(high, with_ahead(most));
    fprintf(to, " Memory serves %s fewest lines, %s %s, and %s most, %s%s",
            fewest->map->name, low, why->verb, most->map->name, high,
            is_ahead ? ", those fetched ahead included" : "");
    if (agreed < n_models && fewest->misses < most->misses)
        fprintf(to, "; the models disagree: that holds in %zu of %zu", agreed, n_models);
    fputc('.', to);
}

static void tell_memory(const struct why *why, FILE *to)
{
    size_t n;
    char all[COLUMNS_NUMBER];
    struct place *const places = order(why, why->levels - 1, &n);
    if (places == NULL || n < 2) {
        free(places);
        return;
    }
    qsort(places, n, sizeof *places, by_both);
    columns_number(all, with_ahead(&places[0]));
    if (!(with_ahead(&places[n - 1]) > 0))
        fputs(" None of them reaches memory.", to);
    else if (with_ahead(&places[0]) < with_ahead(&places[n - 1]))
        tell_extremes(why, &places[0], &places[n - 1], to);
    else
        fprintf(to, " Memory serves them equally many lines, %s %s.", all, why->verb);
    free(places);
}

/* Prints what `tell` says as a paragraph. */
static void print_told(void (*tell)(const struct why *why, FILE *to),
                       const struct why *why, FILE *to)
{
    struct columns_draft draft;
    FILE *const room = columns_begin(&draft);
    if (room == NULL)
        return;
    tell(why, room);
    columns_end(&draft, to, 0, true);
}

static void tell_comparison(const struct why *why, FILE *to)
{
    size_t n;
    struct place *const places = order(why, 0, &n);
    const bool is_told = places != NULL && n > 1;
    if (is_told && !(places[0].misses < places[n - 1].misses)) {
        char misses[COLUMNS_NUMBER];
        columns_number(misses, places[0].misses);
        fprintf(to, " All miss L1 equally often, %s times %s.", misses, why->verb);
    } else if (is_told) {
        tell_map(why, &places[0], NULL, to);
        tell_map(why, &places[n - 1], &places[0], to);
        tell_between(places, n, to);
    }
    if (is_told) {
        if (why->levels > 1)
            tell_memory(why, to);
    }
    free(places);
}

void why_words(const struct why *why, FILE *to)
{
    print_told(tell_comparison, why, to);
}

/* ---- the table's own words ---- */

void report_why_legend(const json_t *cells, FILE *to)
{
    size_t i, n = 0;
    const json_t *cell;
    json_array_foreach(cells, i, cell) n += cache_model(cell, 0) != NULL;
    if (n == 0)
        return;
    fputc('\n', to);
    columns_paragraph(
        to,
        "Words of the miss tables: touch, different lines that an operation touches; "
        "fetch, bytes brought into L1; used, the share of them that was touched; "
        "operations, the batch of keys that is read; allocator, the struct of hooks that "
        "a map calls; malloc, the heap's own words. 0 is none, <0.01 less than that but "
        "some, - no number. Bars compare L1 misses an operation, the longest has the "
        "most of all maps in a table; percents are shares of one map's.",
        0);
}
