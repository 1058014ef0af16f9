/* SPDX-License-Identifier: MIT */
/* The stacks of a cell for the viewer speedscope.
 *
 * Output: its own JSON format, a profile of type "sampled", each stack once with its count
 * for a weight:
 *     {"$schema": ..., "shared": {"frames": [{"name": "run"}, {"name": "insert"}]},
 *      "profiles": [{"type": "sampled", "unit": "none", "samples": [[0, 1]],
 *                    "weights": [687], ...}]} */
#include "flame_speedscope.h"

#include <stdlib.h>
#include <string.h>

#include "cell_read.h"
#include "flame_read.h"

/* By this text speedscope knows its format. */
static const char schema[] = "https://www.speedscope.app/file-format-schema.json";

struct profile {
    json_t *frames, *samples, *weights;
    json_t *numbers; /* of frames, by name */
};

static json_t *number_of(struct profile *profile, const char *name)
{
    json_t *number = json_object_get(profile->numbers, name);
    if (number == NULL) {
        number = json_integer((json_int_t)json_array_size(profile->frames));
        json_array_append_new(profile->frames, json_pack("{s:s}", "name", name));
        json_object_set_new(profile->numbers, name, number);
    }
    return json_incref(number);
}

static void add_stack(struct profile *profile, const char *stack, json_t *weight)
{
    json_t *const sample = json_array();
    char *const copy = strdup(stack);
    char *rest = copy;
    for (char *name; rest != NULL && (name = strsep(&rest, ";")) != NULL;)
        json_array_append_new(sample, number_of(profile, name));
    free(copy);
    json_array_append_new(profile->samples, sample);
    json_array_append(profile->weights, weight);
}

static json_t *title_of(const json_t *cell)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const to = open_memstream(&text, &size);
    if (to == NULL)
        return json_string("");
    flame_title(to, cell);
    fclose(to);
    json_t *const title = json_string(text);
    free(text);
    return title;
}

char *flame_speedscope(const json_t *result, size_t cell)
{
    const json_t *const own = cell_at(result, cell);
    const json_t *const stacks = flame_stacks(own);
    size_t i;
    const json_t *row;
    if (stacks == NULL)
        return NULL;
    struct profile profile = {json_array(), json_array(), json_array(), json_object()};
    json_array_foreach(json_object_get(stacks, "folded"), i, row)
    {
        add_stack(&profile, json_string_value(json_array_get(row, 0)),
                  json_array_get(row, 1));
    }
    json_decref(profile.numbers);
    json_t *const title = title_of(own);
    json_t *const document = json_pack(
        "{s:s, s:{s:o}, s:[{s:s, s:O, s:s, s:i, s:f, s:o, s:o}], s:o, s:i, s:s}",
        "$schema", schema, "shared", "frames", profile.frames, "profiles", "type",
        "sampled", "name", title, "unit", "none", "startValue", 0, "endValue",
        flame_samples(stacks), "samples", profile.samples, "weights", profile.weights,
        "name", title, "activeProfileIndex", 0, "exporter", "onemiss");
    char *const text = json_dumps(document, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(document);
    return text;
}
