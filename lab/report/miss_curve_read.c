/* SPDX-License-Identifier: MIT */
/* Miss curves as their drawings want them: misses an operation by bytes of cache. */
#include "miss_curve_read.h"
#include "cell_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SMALLEST_CACHE = 4096, MUCH = 1.5, HEADROOM = 1.08;
static const double MOST_BYTES = 0x1p70; /* a reader lets 2^53 lines of 4096 through */

/* The bytes of a level, "256K/4"; 0: it is none. */
static double size_of(const char *text)
{
    static const char units[] = "KMG";
    char *end;
    const double number = strtod(text, &end);
    if (end == text || strspn(text, "0123456789") != (size_t)(end - text))
        return 0;
    const char *const unit = *end != '\0' ? strchr(units, *end) : NULL;
    if (end[unit != NULL] != '/')
        return 0;
    const double bytes = ldexp(number, unit != NULL ? 10 * (int)(unit - units + 1) : 0);
    return bytes >= 1 && bytes < MOST_BYTES ? bytes : 0;
}

size_t miss_geometry(const char *geometry, double bytes[CACHE_MOST_LEVELS])
{
    size_t n = 0;
    for (const char *at = geometry; *at != '\0' && n < CACHE_MOST_LEVELS;) {
        bytes[n] = size_of(at);
        n += bytes[n] > 0;
        at += strcspn(at, ",");
        at += *at == ',';
    }
    return n;
}

/* Points that do not rise in size are left out. */
static bool read_curve(const json_t *cell, struct miss_curve *curve)
{
    const json_t *const reuse = json_object_get(cell, "reuse");
    const double line = json_number_value(json_object_get(reuse, "line_bytes"));
    const double operations = cache_operations(cell);
    size_t i;
    const json_t *point;
    curve->cell = cell;
    curve->n = 0;
    if (!cell_is_ok(cell) || !(operations > 0) || !(line > 0))
        return false;
    json_array_foreach(json_object_get(reuse, "points"), i, point)
    {
        const double bytes = line * json_number_value(json_array_get(point, 0));
        const double misses = json_number_value(json_array_get(point, 1)) / operations;
        if (curve->n == MISS_MOST_POINTS || !(bytes >= 1) || !(bytes < MOST_BYTES) ||
            !(misses >= 0) || !isfinite(misses) ||
            (curve->n > 0 && bytes <= curve->bytes[curve->n - 1]))
            continue;
        curve->bytes[curve->n] = bytes;
        curve->misses[curve->n++] = misses;
    }
    return curve->n > 0;
}

double miss_curve_at(const struct miss_curve *curve, double bytes)
{
    size_t i = 0;
    while (i + 1 < curve->n && curve->bytes[i + 1] <= bytes * (1 + 1e-9))
        i++;
    return curve->misses[i];
}

/* Stack and batch fit into a few lines; what they miss without them would flatten the
 * rest of the picture. */
static void set_top(struct miss_curves *curves)
{
    curves->top = 0;
    for (size_t k = 0; k < curves->n; k++)
        curves->top =
            fmax(curves->top, miss_curve_at(&curves->curves[k], SMALLEST_CACHE));
    if (!(curves->top > 0) || curves->most <= MUCH * curves->top)
        curves->top = curves->most;
    else
        curves->top *= HEADROOM;
}

size_t miss_n_sizes(const struct miss_curves *curves)
{
    for (size_t i = 0; i < curves->n_marks; i++)
        if (log2(curves->marks[i]) >= curves->high_log2)
            return curves->n_marks;
    return curves->n_marks + 1;
}

double miss_size(const struct miss_curves *curves, size_t i)
{
    return i < curves->n_marks ? curves->marks[i] : exp2(curves->high_log2);
}

bool miss_curves_read(const json_t *cells, size_t first, size_t n,
                      struct miss_curves *curves)
{
    memset(curves, 0, sizeof *curves);
    curves->machine = curves->geometry = "";
    curves->high_log2 = MISS_LOW_LOG2 + 2;
    for (size_t i = first; i < first + n; i++) {
        const json_t *const cell = json_array_get(cells, i);
        const json_t *const model = cache_model(cell, 0);
        const bool has_room = curves->n < MISS_MOST_CURVES;
        struct miss_curve *const curve = &curves->curves[curves->n];
        if (!read_curve(cell, curve))
            continue;
        curves->n_left_out += !has_room;
        curves->n += has_room;
        if (!has_room)
            continue;
        curves->high_log2 = fmax(curves->high_log2, log2(curve->bytes[curve->n - 1]));
        for (size_t k = 0; k < curve->n; k++)
            curves->most = fmax(curves->most, curve->misses[k]);
        if (curves->n_marks == 0 && model != NULL) {
            curves->machine = member_text(model, "machine");
            curves->geometry = member_text(model, "geometry");
            curves->n_marks = miss_geometry(curves->geometry, curves->marks);
        }
    }
    set_top(curves);
    return curves->most > 0;
}

double miss_step(double most, unsigned n)
{
    const double least = most / n;
    const double power = pow(10, floor(log10(least)));
    return least <= power       ? power
           : least <= 2 * power ? 2 * power
           : least <= 5 * power ? 5 * power
                                : 10 * power;
}

bool miss_is_one_group(const struct miss_curves *curves)
{
    static const char *const names[] = {"workload", "pattern", "key", "hash", "n"};
    for (size_t k = 1; k < curves->n; k++)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (!json_equal(json_object_get(curves->curves[0].cell, names[i]),
                            json_object_get(curves->curves[k].cell, names[i])))
                return false;
    return true;
}
