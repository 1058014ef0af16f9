/* SPDX-License-Identifier: MIT */
/* What the why-table's numbers become on other machines and under other models. */
#include <stdlib.h>
#include <string.h>

#include "../terminal.h"
#include "cell_read.h"
#include "columns.h"
#include "why_maps.h"

enum { NUMBER_WIDTH = 7, RANGE_WIDTH = 15, LEAST_NAME = 12 };

/* Columns of the maps' names: what they need, if it is to be had. */
static size_t name_width(const struct why *why, size_t most)
{
    size_t width = LEAST_NAME;
    for (size_t i = 0; i < why->n; i++) {
        const size_t n = columns_of(why->maps[i].name);
        width = n > width ? n : width;
    }
    return width < most ? width : most;
}

static void print_title(const char *title, FILE *to)
{
    fprintf(to, "\n%s%s%s\n", terminal_style(to, STYLE_STRONG), title,
            terminal_style(to, STYLE_PLAIN));
}

/* ---- machines ---- */

/* The model of a cell for the same machine as `wanted`, or NULL. */
static const json_t *find_model(const json_t *cell, const json_t *wanted)
{
    const json_t *model;
    for (size_t i = 0; (model = cache_model(cell, i)) != NULL; i++)
        if (strcmp(member_text(model, "machine"), member_text(wanted, "machine")) == 0 &&
            strcmp(member_text(model, "geometry"), member_text(wanted, "geometry")) == 0)
            return model;
    return NULL;
}

/* What the table of machines needs. */
struct widths {
    size_t machine, map;
    unsigned levels;
};

static struct widths widths_of(const struct why *why)
{
    const json_t *model;
    struct widths widths = {LEAST_NAME, 0, 1};
    for (size_t i = 0; (model = cache_model(why->maps[0].cell, i)) != NULL; i++) {
        const size_t n = columns_of(member_text(model, "machine"));
        const size_t n_geometry = columns_of(member_text(model, "geometry"));
        const unsigned levels = cache_levels(model);
        widths.machine = n > widths.machine ? n : widths.machine;
        widths.machine = n_geometry > widths.machine ? n_geometry : widths.machine;
        widths.levels = levels > widths.levels ? levels : widths.levels;
    }
    const size_t left = COLUMNS_WIDTH - 4 - NUMBER_WIDTH * (size_t)widths.levels;
    widths.machine = widths.machine < left / 2 ? widths.machine : left / 2;
    widths.map = why->n == 1 ? widths.machine : name_width(why, left - widths.machine);
    return widths;
}

/* Its name and geometry stand below each other where there are two maps. */
static void print_machine(const struct why *why, const json_t *wanted,
                          const struct widths *widths, FILE *to)
{
    for (size_t i = 0; i < why->n; i++) {
        const struct why_map *const map = &why->maps[i];
        const json_t *const model = find_model(map->cell, wanted);
        const char *const geometry = member_text(wanted, "geometry");
        struct cache_row total = {0};
        if (model != NULL)
            total = cache_total(model);
        fputs("  ", to);
        columns_name(to,
                     i == 0   ? member_text(wanted, "machine")
                     : i == 1 ? geometry
                              : "",
                     widths->machine);
        fputs("  ", to);
        columns_name(to, why->n == 1 ? geometry : map->name, widths->map);
        for (unsigned level = 0; level < widths->levels; level++) {
            char text[COLUMNS_NUMBER] = "-";
            if (map->operations > 0 && model != NULL && level < cache_levels(model))
                columns_number(text, total.misses[level] / map->operations);
            fprintf(to, "%*s", NUMBER_WIDTH, text);
        }
        fputc('\n', to);
    }
}

void why_machines(const struct why *why, FILE *to)
{
    const json_t *model;
    char title[96];
    if (cache_model(why->maps[0].cell, 1) == NULL)
        return;
    const struct widths widths = widths_of(why);
    snprintf(title, sizeof title, "Lines missed by %s, machine by machine", why->verb);
    print_title(title, to);
    fprintf(to, "  %-*s  %-*s", (int)widths.machine, "machine", (int)widths.map,
            why->n == 1 ? "caches" : "map");
    for (unsigned level = 0; level < widths.levels; level++)
        fprintf(to, "%*sL%u", NUMBER_WIDTH - 2, "", level + 1);
    fputc('\n', to);
    for (size_t i = 0; (model = cache_model(why->maps[0].cell, i)) != NULL; i++)
        print_machine(why, model, &widths, to);
}

/* ---- models ---- */

static const json_t *band_of(const struct why_map *map)
{
    return json_object_get(map->cell, "cache_band");
}

static double band_misses(const struct why_map *map, size_t model, size_t level)
{
    const json_t *const misses =
        json_object_get(json_array_get(band_of(map), model), "misses");
    return json_number_value(json_array_get(misses, level)) / map->operations;
}

/* Whether all maps went through the same models, and have operations. */
static bool is_comparable(const struct why *why)
{
    const size_t n = json_array_size(band_of(&why->maps[0]));
    for (size_t k = 0; k < why->n; k++) {
        if (json_array_size(band_of(&why->maps[k])) != n ||
            !(why->maps[k].operations > 0))
            return false;
        for (size_t i = 0; i < n; i++)
            if (strcmp(member_text(json_array_get(band_of(&why->maps[0]), i), "model"),
                       member_text(json_array_get(band_of(&why->maps[k]), i), "model")) !=
                0)
                return false;
    }
    return true;
}

size_t why_band_holds(const struct why_map *fewer, const struct why_map *more,
                      size_t level, size_t *n)
{
    const struct why_map maps[] = {*fewer, *more};
    const struct why pair = {maps, 2, 0, ""};
    size_t n_agreed = 0;
    *n = is_comparable(&pair) ? json_array_size(band_of(fewer)) : 0;
    for (size_t i = 0; i < *n; i++)
        n_agreed += band_misses(fewer, i, level) < band_misses(more, i, level);
    return n_agreed;
}

struct place {
    double misses;
    size_t map;
};

static int by_misses(const void *a, const void *b)
{
    const struct place *const left = a, *const right = b;
    if (left->misses != right->misses)
        return left->misses < right->misses ? -1 : 1;
    return left->map < right->map ? -1 : left->map > right->map;
}

static void rank(const struct why *why, size_t model, size_t level, struct place *places)
{
    for (size_t k = 0; k < why->n; k++)
        places[k] = (struct place){band_misses(&why->maps[k], model, level), k};
    qsort(places, why->n, sizeof *places, by_misses);
}

/* In how many models each map of that order has truly fewer misses than the next. */
static size_t count_order(const struct why *why, size_t level, const struct place *places)
{
    size_t n_models = 0;
    for (size_t i = 0; i < json_array_size(band_of(&why->maps[0])); i++) {
        bool holds = true;
        for (size_t k = 0; k + 1 < why->n; k++)
            holds &= band_misses(&why->maps[places[k].map], i, level) <
                     band_misses(&why->maps[places[k + 1].map], i, level);
        n_models += holds;
    }
    return n_models;
}

/* The order that most models agree on. */
static void tell_order(const struct why *why, size_t level, FILE *to)
{
    const size_t n = json_array_size(band_of(&why->maps[0]));
    struct place *const places = malloc(why->n * sizeof *places);
    size_t best = 0, agreed = 0;
    for (size_t i = 0; places != NULL && i < n; i++) {
        rank(why, i, level, places);
        const size_t n_models = count_order(why, level, places);
        if (n_models > agreed) {
            agreed = n_models;
            best = i;
        }
    }
    if (agreed > 0) {
        rank(why, best, level, places);
        fprintf(to, " Fewest L%zu misses first: ", level + 1);
        for (size_t k = 0; k < why->n; k++)
            fprintf(to, "%s%s", k > 0 ? " before " : "", why->maps[places[k].map].name);
        fprintf(to, " in %zu of %zu models.", agreed, n);
    } else if (places != NULL) {
        fprintf(to, " By L%zu misses no model has them all in an order: some are equal.",
                level + 1);
    }
    free(places);
}

static void print_orders(const struct why *why, FILE *to)
{
    char *text = NULL;
    size_t size;
    FILE *const room = open_memstream(&text, &size);
    if (room == NULL)
        return;
    tell_order(why, 0, room);
    if (why->levels > 1)
        tell_order(why, why->levels - 1, room);
    fclose(room);
    columns_paragraph(to, text, 0);
    free(text);
}

/* "1.10 to 1.32" */
static void print_range(const struct why_map *map, size_t level, FILE *to)
{
    char low_text[COLUMNS_NUMBER], high_text[COLUMNS_NUMBER], both[24] = "-";
    const size_t n = json_array_size(band_of(map));
    double low = 0, high = 0;
    for (size_t i = 0; i < n && map->operations > 0; i++) {
        const double misses = band_misses(map, i, level);
        low = i == 0 || misses < low ? misses : low;
        high = i == 0 || misses > high ? misses : high;
    }
    columns_number(low_text, low);
    columns_number(high_text, high);
    if (n > 0 && map->operations > 0)
        snprintf(both, sizeof both, "%s to %s", low_text, high_text);
    fprintf(to, "%*s", RANGE_WIDTH, both);
}

void why_band(const struct why *why, FILE *to)
{
    size_t most = 0;
    char title[96];
    for (size_t k = 0; k < why->n; k++) {
        const size_t n = json_array_size(band_of(&why->maps[k]));
        most = n > most ? n : most;
    }
    if (most == 0)
        return;
    const size_t width =
        name_width(why, COLUMNS_WIDTH - 2 - RANGE_WIDTH * (size_t)why->levels);
    snprintf(title, sizeof title, "Lines missed by %s, least and most of %zu models",
             why->verb, most);
    print_title(title, to);
    fprintf(to, "  %-*s", (int)width, "map");
    for (unsigned level = 0; level < why->levels; level++)
        fprintf(to, "%*sL%u", RANGE_WIDTH - 2, "", level + 1);
    fputc('\n', to);
    for (size_t k = 0; k < why->n; k++) {
        fputs("  ", to);
        columns_name(to, why->maps[k].name, width);
        for (unsigned level = 0; level < why->levels; level++)
            print_range(&why->maps[k], level, to);
        fputc('\n', to);
    }
    if (why->n > 1 && is_comparable(why))
        print_orders(why, to);
}
