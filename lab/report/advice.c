/* SPDX-License-Identifier: MIT */
/* Which map to take, from a result: a recommendation and what it rests on.
 *
 * Question. Which of our maps, for this use? Method. The time of an operation decides,
 * block by block; where it does not tell the fastest from others, the peak of the bytes
 * does. A map that gave one wrong answer, in any cell, is out, and so is one above the
 * limit. What it does not weigh. Growth and the longest operation: they are told as the
 * price. */
#include "advice.h"

#include <string.h>

#include "cell_read.h"
#include "verdicts.h"

static const char growth_workload[] = "load_factor";

const char *advice_name(const struct advice_map *map)
{
    return member_text(map->use != NULL ? map->use : map->growth, "subject");
}

static bool is_design(const char *name, const struct advice_question *question)
{
    for (size_t i = 0; i < question->n_designs; i++)
        if (strcmp(question->designs[i], name) == 0)
            return true;
    return false;
}

/* That of the cell, or a new one; NULL: there is no more room. */
static struct advice_map *find_map(struct advice *advice, const json_t *cell)
{
    for (size_t i = 0; i < advice->n; i++)
        if (strcmp(advice_name(&advice->maps[i]), member_text(cell, "subject")) == 0)
            return &advice->maps[i];
    return advice->n < ADVICE_MOST ? &advice->maps[advice->n++] : NULL;
}

static void add_cell(struct advice *advice, const json_t *cell)
{
    const bool is_growth = strcmp(member_text(cell, "workload"), growth_workload) == 0;
    struct advice_map *const map = find_map(advice, cell);
    if (map == NULL)
        return;
    const double peak_bytes = member_number(cell_metric(cell, "peak_bytes"), "value");
    if (is_growth)
        map->growth = cell;
    else
        map->use = cell;
    if (!is_growth)
        map->ns = member_number(cell_metric(cell, "ns_per_op"), "value");
    if (map->bad == NULL && !cell_is_ok(cell))
        map->bad = cell;
    if (peak_bytes > map->peak_bytes)
        map->peak_bytes = peak_bytes;
}

static enum advice_fate fate_of(const struct advice_map *map, double most_bytes)
{
    return map->bad != NULL                                 ? ADVICE_BAD
           : map->use == NULL || !(map->ns > 0)             ? ADVICE_UNTIMED
           : most_bytes > 0 && !(map->peak_bytes > 0)       ? ADVICE_UNWEIGHED
           : most_bytes > 0 && map->peak_bytes > most_bytes ? ADVICE_TOO_LARGE
                                                            : ADVICE_IN;
}

/* The fastest design that is in, but for `not_this`. */
static const struct advice_map *fastest(const struct advice *advice,
                                        const struct advice_map *not_this)
{
    const struct advice_map *best = NULL;
    for (size_t i = 0; i < advice->n; i++) {
        const struct advice_map *const map = &advice->maps[i];
        if (map->is_design && map->fate == ADVICE_IN && map != not_this &&
            (best == NULL || map->ns < best->ns))
            best = map;
    }
    return best;
}

static bool is_slower(const struct advice_map *map, const struct advice_map *base)
{
    struct difference difference;
    return verdict_of_time(map->use, base->use, &difference) &&
           difference.verdict == VERDICT_SLOWER;
}

/* Less memory, or as much and faster; what is not known is no less than anything. */
static bool is_better(const struct advice_map *map, const struct advice_map *best)
{
    if (map->peak_bytes == best->peak_bytes)
        return map->ns < best->ns;
    return map->peak_bytes > 0 &&
           (!(best->peak_bytes > 0) || map->peak_bytes < best->peak_bytes);
}

static const struct advice_map *choose(const struct advice *advice)
{
    const struct advice_map *const base = fastest(advice, NULL), *best = base;
    for (size_t i = 0; base != NULL && i < advice->n; i++) {
        const struct advice_map *const map = &advice->maps[i];
        if (map->is_design && map->fate == ADVICE_IN && !is_slower(map, base) &&
            is_better(map, best))
            best = map;
    }
    return best;
}

void advice_make(struct advice *advice, const json_t *result,
                 const struct advice_question *question)
{
    memset(advice, 0, sizeof *advice);
    size_t i;
    const json_t *cell;
    json_array_foreach(json_object_get(result, "cells"), i, cell) add_cell(advice, cell);
    for (i = 0; i < advice->n; i++) {
        struct advice_map *const map = &advice->maps[i];
        map->is_design = is_design(advice_name(map), question);
        map->fate = fate_of(map, question->most_bytes);
    }
    advice->chosen = choose(advice);
    if (advice->chosen == NULL)
        return;
    advice->next = fastest(advice, advice->chosen);
    advice->is_judged =
        advice->next != NULL &&
        verdict_of_time(advice->chosen->use, advice->next->use, &advice->difference);
}

bool advice_is_faster(const struct advice *advice, const struct advice_map *map,
                      struct difference *difference)
{
    return !map->is_design && map->fate == ADVICE_IN &&
           verdict_of_time(map->use, advice->chosen->use, difference) &&
           difference->verdict == VERDICT_FASTER;
}

bool advice_complain(const struct advice *advice, const struct advice_question *question,
                     struct complaint *complaint)
{
    const struct advice_map *least = NULL, *other = NULL;
    for (size_t i = 0; i < advice->n; i++) {
        const struct advice_map *const map = &advice->maps[i];
        if (map->is_design && map->fate == ADVICE_TOO_LARGE &&
            (least == NULL || map->peak_bytes < least->peak_bytes))
            least = map;
        if (map->is_design && other == NULL)
            other = map;
    }
    if (least != NULL)
        return complain(complaint,
                        "no map stays below %.0f bytes: %.80s needs the least, %.0f at "
                        "its peak; raise --memory-limit or lower -n",
                        question->most_bytes, advice_name(least), least->peak_bytes);
    if (other == NULL)
        return complain(complaint, "no map can be recommended: none of ours was run");
    return complain(complaint, "no map can be recommended: %.80s: %.20s: %.200s",
                    advice_name(other),
                    other->bad != NULL ? member_text(other->bad, "status") : "not timed",
                    member_text(other->bad, "reason"));
}

static json_t *name_or_null(const struct advice_map *map)
{
    return map != NULL ? json_string(advice_name(map)) : json_null();
}

json_t *advice_json(const struct advice *advice, const struct advice_question *question)
{
    struct difference difference;
    json_t *const faster = json_array();
    for (size_t i = 0; advice->chosen != NULL && i < advice->n; i++)
        if (advice_is_faster(advice, &advice->maps[i], &difference))
            json_array_append_new(faster, name_or_null(&advice->maps[i]));
    json_t *const object = json_pack(
        "{s:o, s:o, s:o, s:o}", "recommended", name_or_null(advice->chosen), "next",
        name_or_null(advice->next), "faster", faster, "memory_limit_bytes",
        question->most_bytes > 0 ? json_integer((json_int_t)question->most_bytes)
                                 : json_null());
    if (advice->is_judged)
        json_object_set_new(object, "against_next",
                            json_pack("{s:s, s:f, s:f, s:f}", "verdict",
                                      verdict_names[advice->difference.verdict], "ratio",
                                      advice->difference.ratio, "low",
                                      advice->difference.low, "high",
                                      advice->difference.high));
    return object;
}
