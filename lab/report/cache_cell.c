/* SPDX-License-Identifier: MIT */
/* What the cache model left in a cell, as numbers that reports add and divide. */
#include "cache_cell.h"
#include "cell_read.h"

#include <string.h>

static double count_of(const json_t *value)
{
    const double count = json_is_integer(value) ? json_number_value(value) : 0;
    return count > 0 ? count : 0;
}

const json_t *cache_model(const json_t *cell, size_t machine)
{
    if (!cell_is_ok(cell))
        return NULL;
    return json_array_get(json_object_get(cell, "cache_model"), machine);
}

unsigned cache_levels(const json_t *model)
{
    const json_int_t levels = json_integer_value(json_object_get(model, "levels"));
    return levels < 1                   ? 1
           : levels > CACHE_MOST_LEVELS ? CACHE_MOST_LEVELS
                                        : (unsigned)levels;
}

double cache_operations(const json_t *cell)
{
    return count_of(json_object_get(cell, "operations"));
}

size_t cache_n_rows(const json_t *model)
{
    return json_array_size(json_object_get(model, "parts"));
}

struct cache_row cache_row(const json_t *model, size_t i)
{
    const json_t *const from = json_array_get(json_object_get(model, "parts"), i);
    const json_t *const loads = json_object_get(from, "load_lines");
    const json_t *const stores = json_object_get(from, "store_lines");
    struct cache_row row = {
        .part = member_text(from, "part"),
        .phase = member_text(from, "phase"),
        .loads = count_of(json_object_get(from, "loads")),
        .stores = count_of(json_object_get(from, "stores")),
        .lines = count_of(json_object_get(from, "lines")),
        .fetched = count_of(json_object_get(from, "bytes_fetched")),
        .used = count_of(json_object_get(from, "bytes_used")),
    };
    const json_t *const ahead = json_object_get(from, "prefetch_lines");
    for (unsigned level = 0; level < cache_levels(model); level++)
        for (size_t server = level + 1; server <= cache_levels(model); server++) {
            row.ahead[level] += count_of(json_array_get(ahead, server));
            row.misses[level] += count_of(json_array_get(loads, server)) +
                                 count_of(json_array_get(stores, server));
        }
    return row;
}

void cache_add(struct cache_row *sum, const struct cache_row *row)
{
    sum->loads += row->loads;
    sum->stores += row->stores;
    sum->lines += row->lines;
    for (size_t level = 0; level < CACHE_MOST_LEVELS; level++) {
        sum->misses[level] += row->misses[level];
        sum->ahead[level] += row->ahead[level];
    }
    sum->fetched += row->fetched;
    sum->used += row->used;
}

struct cache_row cache_total(const json_t *model)
{
    struct cache_row total = {.part = "total", .phase = ""};
    for (size_t i = 0; i < cache_n_rows(model); i++) {
        const struct cache_row row = cache_row(model, i);
        cache_add(&total, &row);
    }
    return total;
}
