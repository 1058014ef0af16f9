/* SPDX-License-Identifier: MIT */
/* The caches of the machine in a chart of time against size.
 *
 * Method. Maps differ in bytes an entry, so that no single n fills a level: a level of b
 * bytes is a band from b by the bytes an entry of the largest map to b by those of the
 * smallest. What is in the cache besides the map, and a hypervisor that tells of caches
 * that are not there, are not seen; the note says whose word it is. */
#include "page_levels.h"

#include <stdlib.h>
#include <string.h>

#include "../cache_geometry.h"
#include "cell_read.h"
#include "columns.h"

/* Where memory was not measured: 8-byte keys and values at full load, and three words an
 * entry at a load of 0.6. */
static const double usual_low = 16, usual_high = 40;

static void add_level(struct chart *chart, const json_t *cache, double low, double high)
{
    const char *const size = member_text(cache, "size");
    const double bytes = (double)cache_geometry_bytes(size);
    if (chart->n_bands == CHART_BANDS || !(bytes > 0) ||
        strcmp(member_text(cache, "type"), "Instruction") == 0)
        return;
    struct chart_band *const band = &chart->bands[chart->n_bands++];
    *band = (struct chart_band){.low = bytes / high, .high = bytes / low};
    snprintf(band->name, sizeof band->name, "L%.3s %.12s", member_text(cache, "level"),
             size);
}

/* "; L2 1024K at n = 20,971 to 32,768". */
static void note_level(FILE *to, const struct chart_band *band)
{
    fprintf(to, "; %s at n = ", band->name);
    columns_grouped(to, (json_int_t)band->low);
    fputs(" to ", to);
    columns_grouped(to, (json_int_t)band->high);
}

void page_add_levels(struct chart *chart, const json_t *machine, double low, double high)
{
    const bool is_known = low > 0 && high >= low;
    const json_t *cache;
    size_t i;
    low = is_known ? low : usual_low;
    high = is_known ? high : usual_high;
    json_array_foreach(json_object_get(machine, "caches"), i, cache)
    {
        add_level(chart, cache, low, high);
    }
    FILE *const to =
        chart->n_bands > 0 ? fmemopen(chart->note, sizeof chart->note, "w") : NULL;
    if (to == NULL)
        return;
    fprintf(to,
            "Shaded: where %s%.3g to %.3g bytes an entry%s fill a cache, by the %s word",
            is_known ? "the maps, of " : "maps of ", low, high,
            is_known ? "," : " (theirs were not counted)",
            json_is_true(json_object_get(machine, "is_virtual")) ? "hypervisor's"
                                                                 : "kernel's");
    for (i = 0; i < chart->n_bands; i++)
        note_level(to, &chart->bands[i]);
    fputc('.', to);
    fclose(to);
}
