/* SPDX-License-Identifier: MIT */
/* A calibration as JSON, which is what is drawn and kept. */
#include <math.h>
#include <stdio.h>

#include "calibration.h"

static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *describe_stairs(const struct pages_measured *pages)
{
    json_t *const stairs = json_array();
    for (size_t i = 0; i < pages->n_stairs; i++) {
        const struct stair *const stair = &pages->stairs[i];
        json_array_append_new(stairs, json_pack("{s:I, s:f, s:f, s:f}", "bytes",
                                                (json_int_t)stair->bytes, "ns", stair->ns,
                                                "median_ns", stair->median_ns, "most_ns",
                                                stair->most_ns));
    }
    return stairs;
}

static json_t *describe_levels(const struct pages_measured *pages)
{
    json_t *const levels = json_array();
    for (size_t i = 0; i < pages->n_levels; i++) {
        const struct level *const level = &pages->levels[i];
        json_array_append_new(
            levels, json_pack("{s:I, s:I, s:f, s:b}", "bytes", (json_int_t)level->bytes,
                              "above_bytes", (json_int_t)level->above_bytes, "ns",
                              level->ns, "is_unclear", (int)level->is_unclear));
    }
    return levels;
}

static json_t *describe_pages(const struct pages_measured *pages, const char *name)
{
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:{s:o, s:o, s:o, s:o}}", "pages", name, "reason",
        pages->reason[0] != '\0' ? json_string(pages->reason) : json_null(), "stairs",
        describe_stairs(pages), "levels", describe_levels(pages), "memory_ns",
        real_or_null(pages->memory_ns), "first_touch_of_4k", "wall_ns",
        real_or_null(pages->touch.wall_ns), "least_ns", real_or_null(pages->touch.low_ns),
        "most_ns", real_or_null(pages->touch.high_ns), "cpu_ns",
        real_or_null(pages->touch.cpu_ns));
}

json_t *calibration_describe(const struct calibration *calibration, long page_bytes)
{
    char small[32];
    snprintf(small, sizeof small, "%ld KiB", page_bytes >> 10);
    return json_pack("{s:i, s:f, s:f, s:[o, o]}", "sweeps", (int)calibration->n_sweeps,
                     "seconds", calibration->seconds, "cpu_share", calibration->cpu_share,
                     "curves", describe_pages(&calibration->pages[SMALL_PAGES], small),
                     describe_pages(&calibration->pages[HUGE_PAGES], "2 MiB"));
}
