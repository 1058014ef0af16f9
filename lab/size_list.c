/* SPDX-License-Identifier: MIT */
/* The sizes that a comparison goes through. */
#include "size_list.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "number.h"

static bool add(struct sizes *sizes, uint64_t size, struct complaint *complaint)
{
    for (size_t i = 0; i < sizes->n; i++)
        if (sizes->of[i] == size)
            return true; /* two ranges may meet */
    if (sizes->n == MOST_SIZES)
        return complain(complaint, "-n stands for more than %d sizes; take fewer a range",
                        MOST_SIZES);
    sizes->of[sizes->n++] = size;
    return true;
}

/* `text` up to `end`, or up to its own. */
static bool read_count(const char *text, const char *end, uint64_t least, uint64_t most,
                       uint64_t *count, struct complaint *complaint)
{
    char part[64];
    const size_t n = end != NULL ? (size_t)(end - text) : strlen(text);
    snprintf(part, sizeof part, "%.*s", n < sizeof part ? (int)n : (int)sizeof part,
             text);
    return parse_count("-n", part, least, most, count, complaint);
}

static bool add_range(struct sizes *sizes, const char *word, const char *dots,
                      uint64_t most, struct complaint *complaint)
{
    enum { MOST_STEPS = 32 };
    const char *const slash = strchr(dots, '/');
    uint64_t first, last, steps = 1;
    if (!read_count(word, dots, 1, most, &first, complaint) ||
        !read_count(dots + 2, slash, 1, most, &last, complaint) ||
        (slash != NULL && !read_count(slash + 1, NULL, 1, MOST_STEPS, &steps, complaint)))
        return false;
    if (first > last)
        return complain(complaint, "-n %.80s ends before it begins; turn it round", word);
    for (unsigned i = 0;; i++) {
        const double size = (double)first * exp2((double)i / (double)steps);
        if (size > (double)last * (1 + 1e-9))
            return true;
        if (!add(sizes, (uint64_t)(size + 0.5), complaint))
            return false;
    }
}

/* The bytes at which each level ends, of the pages that show the caches best: the last
 * curve that has any. */
static size_t read_levels(const json_t *diagnosis, double *levels, size_t room)
{
    const json_t *const curves =
        json_object_get(json_object_get(diagnosis, "calibration"), "curves");
    size_t i, n = 0;
    const json_t *curve;
    json_array_foreach(curves, i, curve)
    {
        const json_t *const found = json_object_get(curve, "levels");
        size_t j;
        const json_t *level;
        if (json_array_size(found) > 0)
            n = 0;
        json_array_foreach(found, j, level)
        {
            const double bytes = json_number_value(json_object_get(level, "bytes"));
            if (bytes >= 2 * SIZES_ENTRY_BYTES && bytes < 0x1p48 && n < room)
                levels[n++] = bytes;
        }
    }
    return n;
}

static bool add_levels(struct sizes *sizes, const char *path, uint64_t most,
                       struct complaint *complaint)
{
    enum { MOST_LEVELS = 8 };
    double levels[MOST_LEVELS];
    json_error_t error;
    json_t *const diagnosis = json_load_file(path, 0, &error);
    const size_t n = read_levels(diagnosis, levels, MOST_LEVELS);
    json_decref(diagnosis);
    if (n == 0)
        return complain(complaint,
                        "-n levels=%.200s: no levels of a cache are in there%s%.80s; "
                        "onemiss doctor --calibrate --json FILE writes them",
                        path, diagnosis == NULL ? ": " : "",
                        diagnosis == NULL ? error.text : "");
    for (size_t i = 0; i <= n; i++) {
        const double bytes = i == 0   ? levels[0] / 2
                             : i == n ? levels[n - 1] * 4
                                      : sqrt(levels[i - 1] * levels[i]);
        const double size = floor(bytes / SIZES_ENTRY_BYTES);
        if (size > (double)most)
            return complain(complaint, "-n levels=%.200s: a cache of %.0f bytes is none",
                            path, levels[n - 1]);
        if (!add(sizes, (uint64_t)size, complaint))
            return false;
    }
    return true;
}

bool sizes_add(struct sizes *sizes, const char *word, uint64_t most,
               struct complaint *complaint)
{
    static const char levels[] = "levels=";
    const char *const dots = strstr(word, "..");
    uint64_t count;
    if (strncmp(word, levels, sizeof levels - 1) == 0)
        return add_levels(sizes, word + sizeof levels - 1, most, complaint);
    if (dots != NULL)
        return add_range(sizes, word, dots, most, complaint);
    return parse_count("-n", word, 1, most, &count, complaint) &&
           add(sizes, count, complaint);
}
