/* SPDX-License-Identifier: MIT */
/* What reports read of a result: the reader has checked its types, not that all is there. */
#include "cell_read.h"

#include <stdio.h>
#include <string.h>

const char *member_text(const json_t *object, const char *name)
{
    const char *const text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

double member_number(const json_t *object, const char *name)
{
    return json_number_value(json_object_get(object, name));
}

const json_t *cell_at(const json_t *result, size_t i)
{
    return json_array_get(json_object_get(result, "cells"), i);
}

bool cell_is_ok(const json_t *cell)
{
    return strcmp(member_text(cell, "status"), "ok") == 0;
}

bool member_is_same(const json_t *a, const json_t *b, const char *name)
{
    const json_t *const first = json_object_get(a, name);
    const json_t *const second = json_object_get(b, name);
    return first == second || json_equal(first, second); /* equal where both lack it */
}

bool cell_is_beside(const json_t *a, const json_t *b)
{
    static const char *const names[] = {"workload", "pattern", "key", "n", "pages"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!json_equal(json_object_get(a, names[i]), json_object_get(b, names[i])))
            return false;
    return member_is_same(a, b, "source");
}

size_t cell_group(const json_t *cells, size_t first)
{
    const json_t *const cell = json_array_get(cells, first);
    size_t n = cell != NULL; /* itself, whatever it lacks */
    while (first + n < json_array_size(cells) &&
           cell_is_beside(cell, json_array_get(cells, first + n)))
        n++;
    return n;
}

const char *cell_source(const json_t *cell, char text[CELL_SOURCE])
{
    const json_t *const source = json_object_get(cell, "source");
    text[0] = '\0';
    if (source != NULL)
        snprintf(text, CELL_SOURCE, ", source %.0f", json_number_value(source) + 1);
    return text;
}

const json_t *cell_metric(const json_t *cell, const char *name)
{
    return json_object_get(json_object_get(cell, "metrics"), name);
}

const json_t *cell_longest_stall(const json_t *cell)
{
    const json_t *longest = NULL;
    double longest_ns = 0;
    size_t i;
    const json_t *stall;
    json_array_foreach(json_object_get(cell, "stalls"), i, stall)
    {
        const double ns = member_number(stall, "duration_ns");
        if (ns > longest_ns && !json_is_true(json_object_get(stall, "is_preempted"))) {
            longest = stall;
            longest_ns = ns;
        }
    }
    return longest;
}

char *cell_identity(const json_t *cell)
{
    static const char *const fields[] = {"subject", "workload",   "pattern", "key",
                                         "hash",    "n",          "pages",   "threads",
                                         "lock",    "value_bytes"};
    json_t *const values = json_array();
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        json_array_append(values, json_object_get(cell, fields[i]));
    char *const name = json_dumps(values, JSON_COMPACT);
    json_decref(values);
    return name;
}

const json_t *cell_machine(const json_t *result, const json_t *cell)
{
    const json_t *const source = json_array_get(json_object_get(result, "sources"),
                                                (size_t)member_number(cell, "source"));
    return json_object_get(source != NULL ? source : result, "machine");
}

bool cell_shares_machine(const json_t *result, const json_t *a, const json_t *b)
{
    return json_equal(cell_machine(result, a), cell_machine(result, b));
}

const char *cell_map(const json_t *cell, char name[CELL_NAME])
{
    const bool is_own = strcmp(member_text(cell, "hash"), "own") == 0;
    snprintf(name, CELL_NAME, "%.64s%s", member_text(cell, "subject"),
             is_own ? ", own hash" : "");
    return name;
}

const char *cell_name(const json_t *cell, char name[CELL_NAME])
{
    const char *const pages = member_text(cell, "pages");
    const bool is_asked = *pages != '\0' && strcmp(pages, "default") != 0;
    const size_t n = strlen(cell_map(cell, name));
    snprintf(name + n, CELL_NAME - n, "%s%.12s", is_asked ? ", pages " : "",
             is_asked ? pages : "");
    return name;
}
