/* SPDX-License-Identifier: MIT */
/* What the why-table's numbers are worth: what they are of, and what is known to be missing
 * in them. */
#include <string.h>

#include "cell_read.h"
#include "columns.h"
#include "why_maps.h"

static const char *traced(const struct why_map *map, const char *name)
{
    return member_text(json_object_get(map->cell, "cache_trace"), name);
}

/* Whether an earlier map has the same text. */
static bool is_told(const struct why *why, size_t i, const char *name)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(traced(&why->maps[k], name), traced(&why->maps[i], name)) == 0)
            return true;
    return false;
}

/* Each text once; whose it is, where not all maps have the same. */
static void tell_texts(const struct why *why, const char *name, const char *title,
                       const char *behind, FILE *to)
{
    bool is_one = true;
    for (size_t i = 1; i < why->n; i++)
        is_one &= is_told(why, i, name);
    for (size_t i = 0; i < why->n; i++) {
        const char *const text = traced(&why->maps[i], name);
        if (*text == '\0' || is_told(why, i, name))
            continue;
        fprintf(to, " %s%s%s: %s%s.", title, is_one ? "" : " of ",
                is_one ? "" : why->maps[i].name, text, behind);
    }
}

static void tell_unlabelled(const struct why *why, FILE *to)
{
    bool is_first = true;
    for (size_t i = 0; i < why->n; i++) {
        const json_t *const trace = json_object_get(why->maps[i].cell, "cache_trace");
        const double all = json_number_value(json_object_get(trace, "accesses"));
        const double lost = json_number_value(json_object_get(trace, "unlabelled"));
        char share[COLUMNS_NUMBER];
        columns_share(share, lost, all);
        if (lost > 0 && all > 0)
            fprintf(to, "%s %s of %s", is_first ? " Accesses of no known part:" : ",",
                    share, why->maps[i].name);
        is_first &= !(lost > 0 && all > 0);
    }
    if (!is_first)
        fputc('.', to);
}

/* A count of each map that has it: " BEFORE: 12 of chaining, 3 of own; BEHIND." */
static void tell_count(const struct why *why,
                       double (*count_of)(const struct why_map *map), const char *before,
                       const char *behind, FILE *to)
{
    bool is_first = true;
    for (size_t i = 0; i < why->n; i++) {
        const double count = count_of(&why->maps[i]);
        if (!(count > 0))
            continue;
        fprintf(to, "%s%s %.0f of %s", is_first ? " " : ",", is_first ? before : "",
                count, why->maps[i].name);
        is_first = false;
    }
    if (!is_first)
        fprintf(to, "; %s.", behind);
}

static double dropped_labels(const struct why_map *map)
{
    const json_t *const trace = json_object_get(map->cell, "cache_trace");
    return json_number_value(json_object_get(trace, "dropped_labels"));
}

static double forgotten_pages(const struct why_map *map)
{
    const json_t *const events = json_object_get(map->model, "events");
    return json_number_value(json_object_get(events, "forgotten_pages"));
}

static void tell_trust(const struct why *why, FILE *to)
{
    fputs("Simulated: counts of the model, not of this machine.", to);
    tell_texts(why, "heap", "Heap", "", to);
    tell_unlabelled(why, to);
    tell_count(why, dropped_labels, "Labels not heeded:",
               "a map has 25 parts of its own at most, and a large block six OM_PARTs",
               to);
    tell_texts(why, "unseen", "Not seen", " (its share is not known)", to);
    tell_count(why, forgotten_pages,
               "Touches of pages that were not zeroed for want of memory:",
               "raise --memory-limit", to);
}

/* Prints what is told as a paragraph. */
void why_trust(const struct why *why, FILE *to)
{
    struct columns_draft draft;
    FILE *const room = columns_begin(&draft);
    if (room == NULL)
        return;
    tell_trust(why, room);
    columns_end(&draft, to, 0, true);
}
