/* SPDX-License-Identifier: MIT */
/* What else the machine did while a result was taken, as a paragraph. */
#include "noise_words.h"

#include "columns.h"

/* A number of the noise, or nothing. */
static void tell_number(const json_t *noise, const char *name, double divisor,
                        const char *format, FILE *to)
{
    const json_t *const number = json_object_get(noise, name);
    if (json_is_number(number))
        fprintf(to, format, json_number_value(number) / divisor);
}

static void tell_noise(const json_t *result, FILE *to)
{
    const json_t *const noise = json_object_get(result, "noise");
    const json_t *const governor = json_object_get(noise, "governor");
    const double wall = json_number_value(json_object_get(noise, "wall_s"));
    if (!(wall > 0))
        return;
    fprintf(to, "Noise: %.1f s of wall time", wall);
    tell_number(noise, "children_cpu_s", wall / 100,
                ", children on a processor for %.0f %% of it", to);
    tell_number(noise, "involuntary_switches", 1, ", %.0f involuntary switches", to);
    if (json_is_number(json_object_get(noise, "others_cpu_s"))) {
        tell_number(noise, "others_cpu_s", wall, "; others kept %.2f", to);
        tell_number(json_object_get(result, "machine"), "cores", 1, " of %.0f", to);
        fputs(" cores busy", to);
        tell_number(noise, "stolen_s", 1, ", %.1f s stolen", to);
    } else {
        fputs("; other load unknown (too short a run, or no /proc/stat)", to);
    }
    fprintf(to, "; frequency governor %s.",
            json_is_string(governor) ? json_string_value(governor) : "not visible");
}

static void put_noise(const json_t *source, size_t at, FILE *to)
{
    struct columns_draft draft;
    FILE *const room = columns_begin(&draft);
    if (room == NULL)
        return;
    if (at > 0)
        fprintf(room, "Source %zu. ", at);
    tell_noise(source, room);
    columns_end(&draft, to, 0, true);
}

void report_noise(const json_t *result, FILE *to)
{
    const json_t *const sources = json_object_get(result, "sources");
    if (sources == NULL)
        put_noise(result, 0, to);
    for (size_t i = 0; i < json_array_size(sources); i++)
        put_noise(json_array_get(sources, i), i + 1, to);
}
