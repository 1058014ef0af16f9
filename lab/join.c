/* SPDX-License-Identifier: MIT */
/* Several results as one: the union of their cells, each with where it comes from.
 *
 * Method. What stands at the top of a part, but for its cells and its seal, becomes a
 * source: machine, seed, command, start, shard, noise and whatever a later version writes
 * there. A cell's `source` says which. A part that has sources already brings them along;
 * a source that two parts bring is one. Cells are moved as they are. */
#include "join.h"

#include <stdlib.h>
#include <string.h>

#include "plan.h"
#include "report/cell_read.h"
#include "result.h"

void join_begin(struct join *join)
{
    *join = (struct join){json_array(), json_array(), json_array(), json_object(),
                          json_object()};
}

bool join_drop(struct join *join)
{
    json_decref(join->cells);
    json_decref(join->sources);
    json_decref(join->files);
    json_decref(join->places);
    json_decref(join->others);
    return false;
}

/* ---- sources ---- */

static json_t *without(const json_t *object, const char *field)
{
    json_t *const copy = json_copy((json_t *)(uintptr_t)object); /* its top alone */
    json_object_del(copy, field);
    return copy;
}

static bool is_same_without(const json_t *a, const json_t *b, const char *field)
{
    json_t *const first = without(a, field), *const second = without(b, field);
    const bool is_same = first != NULL && json_equal(first, second);
    json_decref(first);
    json_decref(second);
    return is_same;
}

/* The place of a source, which is added when it is new. Takes it. */
static size_t place_of(struct join *join, json_t *source)
{
    size_t at;
    const json_t *known;
    json_array_foreach(join->sources, at, known)
    {
        if (is_same_without(known, source, "file")) {
            json_decref(source);
            return at;
        }
    }
    json_array_append_new(join->sources, source);
    return at;
}

/* Of a part that has no sources: its top. */
static json_t *top_of(const json_t *part)
{
    static const char *const others[] = {"schema", "cells", "integrity", "sources"};
    json_t *const source = json_copy((json_t *)(uintptr_t)part);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        json_object_del(source, others[i]);
    return source;
}

/* The places of the part's sources, an array. */
static json_t *add_sources(struct join *join, const json_t *part, const char *file)
{
    json_t *const sources = json_object_get(part, "sources");
    json_t *const places = json_array();
    const size_t n = json_array_size(sources);
    for (size_t i = 0; i < (n > 0 ? n : 1); i++) {
        json_t *const source =
            n > 0 ? json_copy(json_array_get(sources, i)) : top_of(part);
        if (file != NULL && json_object_get(source, "file") == NULL)
            json_object_set_new(source, "file", result_word(file));
        json_array_append_new(places, json_integer((json_int_t)place_of(join, source)));
    }
    if (n > 0) { /* its own top says nothing of where its cells come from */
        json_t *const rest = top_of(part);
        json_object_del(rest, "noise");
        json_object_del(rest, "shard");
        json_object_update_missing(join->others, rest);
        json_decref(rest);
    }
    return places;
}

/* ---- cells ---- */

static bool complain_of_twins(const json_t *cell, const char *first, const char *second,
                              struct complaint *complaint)
{
    char map[CELL_NAME];
    const char *const pattern = member_text(cell, "pattern");
    return complain(complaint,
                    "%.90s, %.60s%s%.40s %.20s, n = %" JSON_INTEGER_FORMAT
                    ", is in '%.100s' and, with other samples, in '%.100s': leave one "
                    "of the files out",
                    cell_name(cell, map), member_text(cell, "workload"),
                    *pattern != '\0' ? " " : "", pattern, member_text(cell, "key"),
                    json_integer_value(json_object_get(cell, "n")), first, second);
}

static bool add_cell(struct join *join, json_t *cell, const json_t *places,
                     const char *file, struct complaint *complaint)
{
    char *const name = cell_identity(cell);
    if (name == NULL)
        return complain(complaint, "no memory to join results");
    const json_t *const place = json_object_get(join->places, name);
    if (place == NULL) {
        const size_t of_part =
            (size_t)json_integer_value(json_object_get(cell, "source"));
        json_object_set_new(join->places, name,
                            json_integer((json_int_t)json_array_size(join->cells)));
        json_object_set(cell, "source", json_array_get(places, of_part));
        json_array_append(join->cells, cell);
        json_array_append_new(join->files, result_word(file));
        free(name);
        return true;
    }
    free(name);
    const size_t at = (size_t)json_integer_value(place);
    return is_same_without(json_array_get(join->cells, at), cell, "source") ||
           complain_of_twins(cell, json_string_value(json_array_get(join->files, at)),
                             file, complaint);
}

bool join_add(struct join *join, json_t *part, const char *file,
              struct complaint *complaint)
{
    size_t i;
    json_t *cell;
    bool is_good = true;
    json_t *const places = add_sources(join, part, file);
    json_array_foreach(json_object_get(part, "cells"), i, cell)
    {
        is_good = is_good &&
                  add_cell(join, cell, places, file != NULL ? file : "it", complaint);
    }
    json_decref(places);
    return is_good || join_drop(join);
}

/* ---- order ---- */

/* Cells that were run in the same blocks. */
struct stretch {
    size_t first, n;
    size_t family; /* the first source of the same comparison */
    size_t place;  /* among the groups of that comparison, increasing */
};

static const json_t *shard_of(const json_t *sources, size_t source)
{
    return json_object_get(json_array_get(sources, source), "shard");
}

/* The first source that is a shard of the same comparison; itself, where it is none. */
static size_t family_of(const json_t *sources, size_t source)
{
    const json_t *const shard = shard_of(sources, source);
    for (size_t i = 0; shard != NULL && i < source; i++)
        if (is_same_without(shard_of(sources, i), shard, "index"))
            return i;
    return source;
}

static bool is_same_group(const json_t *a, const json_t *b)
{
    static const char *const names[] = {"source", "workload", "pattern", "key", "n"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!member_is_same(a, b, names[i]))
            return false;
    return true;
}

static size_t source_of(const json_t *cell)
{
    return (size_t)json_integer_value(json_object_get(cell, "source"));
}

/* How many groups of that shard came before; one more did. */
static size_t count_up(json_t *counts, size_t family, json_int_t index)
{
    char key[64];
    snprintf(key, sizeof key, "%zu %" JSON_INTEGER_FORMAT, family, index);
    const json_int_t n = json_integer_value(json_object_get(counts, key));
    json_object_set_new(counts, key, json_integer(n + 1));
    return (size_t)n;
}

static size_t find_stretches(const struct join *join, struct stretch *stretches)
{
    size_t n = 0;
    json_t *const counts = json_object();
    const size_t n_cells = json_array_size(join->cells);
    for (size_t first = 0; first < n_cells; first += stretches[n++].n) {
        const json_t *const cell = json_array_get(join->cells, first);
        const size_t source = source_of(cell);
        const json_t *const shard = shard_of(join->sources, source);
        struct stretch *const stretch = &stretches[n];
        *stretch = (struct stretch){first, 1, family_of(join->sources, source), 0};
        while (is_same_group(cell, json_array_get(join->cells, first + stretch->n)))
            stretch->n++;
        if (shard == NULL) {
            stretch->place = n;
            continue;
        }
        const json_int_t index = json_integer_value(json_object_get(shard, "index"));
        stretch->place = count_up(counts, stretch->family, index) *
                             (size_t)json_integer_value(json_object_get(shard, "of")) +
                         (size_t)index;
    }
    json_decref(counts);
    return n;
}

static int compare_stretches(const void *one, const void *other)
{
    const struct stretch *const a = one, *const b = other;
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return a->first < b->first ? -1 : 1;
}

/* Shards deal the groups out in turn: it is undone. */
static json_t *in_order(const struct join *join)
{
    json_t *const cells = json_array();
    struct stretch *const stretches =
        calloc(json_array_size(join->cells) + 1, sizeof *stretches);
    if (stretches == NULL)
        return json_decref(cells), json_incref(join->cells);
    const size_t n = find_stretches(join, stretches);
    qsort(stretches, n, sizeof *stretches, compare_stretches);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < stretches[i].n; k++)
            json_array_append(cells, json_array_get(join->cells, stretches[i].first + k));
    free(stretches);
    return cells;
}

void join_end(struct join *join, json_t *result)
{
    json_object_set_new(result, "cells", in_order(join));
    json_object_set(result, "sources", join->sources);
    json_object_update_missing(result, join->others);
    join_drop(join);
}

/* ---- what is missing ---- */

static const char *file_of(const json_t *source)
{
    const char *const file = member_text(source, "file");
    return *file != '\0' ? file : member_text(source, "started");
}

/* Tells which shards of a source's comparison are not there; true: all are. */
static bool are_all_shards_there(const json_t *sources, size_t family, FILE *to)
{
    enum { MOST_TOLD = 12 };
    static bool is_there[MOST_SHARDS + 1];
    const json_t *const shard = shard_of(sources, family);
    const json_int_t of = json_integer_value(json_object_get(shard, "of"));
    size_t n_missing = 0;
    memset(is_there, 0, sizeof is_there);
    for (size_t i = family; i < json_array_size(sources); i++) {
        const json_t *const other = shard_of(sources, i);
        if (is_same_without(other, shard, "index"))
            is_there[json_integer_value(json_object_get(other, "index"))] = true;
    }
    for (json_int_t index = 1; index <= of; index++) {
        if (is_there[index])
            continue;
        if (n_missing++ < MOST_TOLD)
            fprintf(to, "%s%" JSON_INTEGER_FORMAT "/%" JSON_INTEGER_FORMAT,
                    n_missing == 1 ? "onemiss: missing: shard " : ", ", index, of);
    }
    if (n_missing > MOST_TOLD)
        fprintf(to, " and %zu more", n_missing - MOST_TOLD);
    if (n_missing > 0)
        fprintf(to, ", of the comparison that '%s' is of\n",
                file_of(json_array_get(sources, family)));
    return n_missing == 0;
}

bool join_is_complete(const json_t *sources, FILE *to)
{
    size_t i;
    const json_t *source;
    bool is_complete = true;
    json_array_foreach(sources, i, source)
    {
        if (shard_of(sources, i) != NULL && family_of(sources, i) == i)
            is_complete &= are_all_shards_there(sources, i, to);
        if (json_is_true(json_object_get(source, "complete")))
            continue;
        is_complete = false;
        fprintf(to,
                "onemiss: '%s' was interrupted; run its command once more with "
                "--resume\n",
                file_of(source));
    }
    return is_complete;
}
