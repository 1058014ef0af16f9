/* SPDX-License-Identifier: MIT */
/* A cell's timeline read: passes are other processes, so that what they know of a resize is
 * found by the slots and entries of it, never by time. */
#include "forensics_read.h"
#include "cell_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const forensics_calls[FORENSICS_CALLS] = {"mmap", "munmap", "mremap", "brk",
                                                      "madvise"};

static double number_or_unknown(const json_t *object, const char *name)
{
    return json_object_get(object, name) != NULL ? member_number(object, name)
                                                 : FORENSICS_UNKNOWN;
}

struct forensic_point forensics_point(const struct forensics *forensics, size_t i)
{
    const json_t *const point = json_array_get(forensics->points, i);
    const json_t *const resident = json_array_get(point, 4);
    return (struct forensic_point){
        json_number_value(json_array_get(point, 0)),
        json_number_value(json_array_get(point, 1)),
        json_number_value(json_array_get(point, 2)),
        json_number_value(json_array_get(point, 3)),
        resident != NULL ? json_number_value(resident) : FORENSICS_UNKNOWN,
    };
}

double forensics_metric(const json_t *cell, const char *name)
{
    const json_t *const value = json_object_get(cell_metric(cell, name), "value");
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* ---- what other passes know ---- */

/* The longest stall that made such a resize about there: a table may be replaced by one of
 * the same size again and again. `reach`: most operations of a batch. */
static const json_t *stall_of(const json_t *cell, const struct forensic_resize *resize)
{
    const bool has_strings = strcmp(member_text(cell, "key"), "str") == 0;
    const double reach = has_strings ? 64 : 512;
    const json_t *stall, *found = NULL;
    size_t i;
    json_array_foreach(json_object_get(cell, "stalls"), i, stall)
    {
        const double apart = member_number(stall, "operation") - resize->operation;
        if (json_object_get(stall, "new_capacity") != NULL &&
            member_number(stall, "new_capacity") == resize->new_capacity && apart >= 0 &&
            apart < reach &&
            (found == NULL ||
             member_number(stall, "duration_ns") > member_number(found, "duration_ns")))
            found = stall;
    }
    return found;
}

/* The same resize of the pass that saw memory calls, at `from` or behind; the size of the
 * array: there is none. */
static size_t same_resize(const json_t *resizes, size_t from,
                          const struct forensic_resize *resize)
{
    const size_t n = json_array_size(resizes);
    for (size_t i = from; i < n; i++) {
        const json_t *const row = json_array_get(resizes, i);
        if (member_number(row, "new_capacity") == resize->new_capacity &&
            member_number(row, "old_capacity") == resize->old_capacity &&
            member_number(row, "items") == resize->items)
            return i;
    }
    return n;
}

static void count_call(struct forensic_resize *resize, const json_t *call)
{
    for (size_t k = 0; k < FORENSICS_CALLS; k++)
        resize->calls[k] += strcmp(member_text(call, "call"), forensics_calls[k]) == 0;
}

/* Both arrays of memory_calls are in the order of time, and so are our resizes. */
static void read_calls(struct forensics *f)
{
    const json_t *const seen = json_object_get(f->cell, "memory_calls");
    const json_t *const calls = json_object_get(seen, "calls");
    const json_t *const rows = json_object_get(seen, "resizes");
    const size_t n_calls = json_array_size(calls);
    size_t row = 0, call = 0;
    f->has_calls = seen != NULL;
    for (size_t i = 0; i < f->n_resizes; i++) {
        const size_t at = same_resize(rows, row, &f->resizes[i]);
        if (at == json_array_size(rows))
            continue;
        const json_t *const found = json_array_get(rows, at);
        const double began = member_number(found, "began_ns"),
                     ended = member_number(found, "ended_ns");
        row = at + 1;
        f->resizes[i].has_calls = true;
        for (; call < n_calls; call++) {
            const json_t *const one = json_array_get(calls, call);
            if (member_number(one, "at_ns") >= ended)
                break;
            if (member_number(one, "at_ns") < began)
                f->calls_outside++;
            else
                count_call(&f->resizes[i], one);
        }
    }
    f->calls_outside += n_calls - call;
}

/* ---- the timeline itself ---- */

static void read_resizes(struct forensics *f, const json_t *rows)
{
    const json_t *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        if (f->n_resizes == FORENSICS_RESIZES)
            return;
        struct forensic_resize *const resize = &f->resizes[f->n_resizes++];
        *resize = (struct forensic_resize){
            .operation = member_number(row, "operation"),
            .ns = member_number(row, "ended_ns") - member_number(row, "began_ns"),
            .old_capacity = member_number(row, "old_capacity"),
            .new_capacity = member_number(row, "new_capacity"),
            .items = member_number(row, "items"),
            .old_bytes = member_number(row, "old_bytes"),
            .new_bytes = member_number(row, "new_bytes"),
            .page_faults = member_number(row, "page_faults"),
            .is_timed = json_is_true(json_object_get(row, "is_timed")),
            .peak_live = member_number(row, "peak_live_bytes"),
            .peak_resident = number_or_unknown(row, "peak_resident_bytes"),
            .huge = number_or_unknown(row, "huge_page_bytes"),
        };
        resize->stall = stall_of(f->cell, resize);
        if (resize->stall != NULL)
            resize->operation = member_number(resize->stall, "operation");
        f->most_live = fmax(f->most_live, resize->peak_live);
        f->most_resident = fmax(f->most_resident, resize->peak_resident);
    }
}

bool forensics_read(const json_t *cell, struct forensics *forensics)
{
    struct forensics *const f = forensics;
    const json_t *const timeline = json_object_get(cell, "timeline");
    memset(f, 0, sizeof *f);
    f->cell = cell;
    f->points = json_object_get(timeline, "points");
    f->n_points = json_array_size(f->points);
    if (f->n_points == 0 || !cell_is_ok(cell))
        return false;
    f->has_resident = true;
    for (size_t i = 0; i < f->n_points; i++) {
        const struct forensic_point point = forensics_point(f, i);
        f->has_resident = f->has_resident && point.resident >= 0;
        f->most_live = fmax(f->most_live, point.live);
        f->most_resident = fmax(f->most_resident, point.resident);
        f->most_faults = fmax(f->most_faults, point.faults);
        f->operations = fmax(1, point.operation);
        f->ns = point.ns;
    }
    f->timed_ns = member_number(timeline, "timed_ns");
    f->n_left_out = member_number(timeline, "left_out");
    read_resizes(f, json_object_get(timeline, "resizes"));
    read_calls(f);
    return true;
}

/* ---- numbers as people read them ---- */

/* Three digits, none that is not known. */
static void put_scaled(char text[FORENSICS_TIME], double value, const char *unit)
{
    const int decimals = value >= 99.95 || fabs(value - round(value)) < 0.005 ? 0
                         : value >= 9.995                                     ? 1
                                                                              : 2;
    snprintf(text, FORENSICS_TIME, "%.*f %s", decimals, value, unit);
}

static void put_in_units(char text[FORENSICS_TIME], double value, double step,
                         const char *const units[], size_t n)
{
    size_t i = 0;
    if (!isfinite(value) || value < 0 || value > 1e18) {
        strcpy(text, "-");
        return;
    }
    for (; i + 1 < n && value >= step * 0.9995; i++)
        value /= step;
    if (value >= 9999.5) /* of the largest unit */
        snprintf(text, FORENSICS_TIME, "%.0e %s", value, units[i]);
    else
        put_scaled(text, i == 0 ? round(value) : value, units[i]);
}

void forensics_time(char text[FORENSICS_TIME], double ns)
{
    static const char *const units[] = {"ns", "us", "ms", "s"};
    put_in_units(text, ns, 1000, units, 4);
}

void forensics_bytes(char text[FORENSICS_TIME], double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    put_in_units(text, bytes, 1024, units, 5);
}

void forensics_whole(char text[COLUMNS_NUMBER], double whole)
{
    if (whole >= 0 && whole < 99999.5)
        snprintf(text, COLUMNS_NUMBER, "%.0f", whole);
    else
        columns_number(text, whole);
}

void forensics_count(FILE *to, double count)
{
    char digits[32];
    const int length = snprintf(digits, sizeof digits, "%.0f", fmin(count, 1e18));
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
            fputc(',', to);
        fputc(digits[i], to);
    }
}
