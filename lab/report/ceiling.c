/* SPDX-License-Identifier: MIT */
/* How far a map is from what its footprint allows: the ceilings that ran beside it. */
#include "ceiling.h"

#include <math.h>
#include <string.h>

#include "cell_read.h"

bool cell_is_ceiling(const json_t *cell)
{
    return strcmp(member_text(cell, "role"), "ceiling") == 0;
}

bool cell_is_twin(const json_t *cell)
{
    return strcmp(member_text(cell, "role"), "twin") == 0;
}

bool cell_is_map(const json_t *cell)
{
    return !cell_is_ceiling(cell) && !cell_is_twin(cell);
}

static double value_of(const json_t *cell, const char *metric)
{
    return member_number(cell_metric(cell, metric), "value");
}

/* A ceiling's place: 0 bytes for one that touches no memory, which is none. */
static bool read_point(const json_t *cell, double *bytes, double *ns)
{
    *bytes = value_of(cell, "bytes_per_entry_without_strings");
    *ns = value_of(cell, "ns_per_op");
    return cell_is_ceiling(cell) && cell_is_ok(cell) && *bytes > 0 && *ns > 0;
}

bool ceiling_at(const json_t *cells, size_t first, size_t n, double bytes_per_entry,
                double *ns)
{
    double below = 0, below_ns = 0, above = INFINITY, above_ns = 0;
    for (size_t i = 0; i < n; i++) {
        double bytes, its_ns;
        if (!read_point(json_array_get(cells, first + i), &bytes, &its_ns))
            continue;
        if (bytes <= bytes_per_entry && bytes > below)
            below = bytes, below_ns = its_ns;
        if (bytes >= bytes_per_entry && bytes < above)
            above = bytes, above_ns = its_ns;
    }
    const bool has_below = below > 0, has_above = isfinite(above);
    const double share = has_below && has_above && above > below
                             ? log(bytes_per_entry / below) / log(above / below)
                             : 0;
    *ns = !has_below   ? above_ns
          : !has_above ? below_ns
                       : below_ns + share * (above_ns - below_ns);
    return has_below || has_above;
}

bool ceiling_multiple(const json_t *cells, size_t first, size_t n, const json_t *cell,
                      double *multiple)
{
    double ceiling;
    const double ns = value_of(cell, "ns_per_op");
    if (cell_is_ceiling(cell) || !cell_is_ok(cell) || !(ns > 0) ||
        !ceiling_at(cells, first, n, value_of(cell, "bytes_per_entry_without_strings"),
                    &ceiling))
        return false;
    *multiple = ns / ceiling;
    return true;
}
