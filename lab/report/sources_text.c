/* SPDX-License-Identifier: MIT */
/* Where the cells of a joined result come from, as paragraphs. */
#include "sources_text.h"

#include "cell_read.h"
#include "columns.h"

void report_machine(const json_t *machine, FILE *to)
{
    const char *const cpu = member_text(machine, "cpu");
    fprintf(to, "%s, %.0f cores, %.1f GiB, %s%s, Linux %s",
            *cpu != '\0' ? cpu : "a processor unknown", member_number(machine, "cores"),
            member_number(machine, "memory_bytes") / 1073741824,
            json_is_true(json_object_get(machine, "is_virtual")) ? "virtual, " : "",
            member_text(machine, "architecture"), member_text(machine, "kernel"));
}

void report_source(const json_t *source, FILE *to)
{
    const json_t *const shard = json_object_get(source, "shard");
    if (shard != NULL)
        fprintf(to, "shard %.0f/%.0f, ", member_number(shard, "index"),
                member_number(shard, "of"));
    fputs(member_text(source, "started"), to);
    if (*member_text(source, "file") != '\0')
        fprintf(to, ", %s", member_text(source, "file"));
    fputs(": ", to);
    report_machine(json_object_get(source, "machine"), to);
}

const char *report_sources_warning(const json_t *result)
{
    const json_t *const sources = json_object_get(result, "sources");
    const json_t *const first = json_object_get(json_array_get(sources, 0), "machine");
    for (size_t i = 1; i < json_array_size(sources); i++)
        if (!json_equal(first, json_object_get(json_array_get(sources, i), "machine")))
            return "The machines differ: numbers of one source are not to be held "
                   "against "
                   "those of another. All verdicts are within one source.";
    return NULL;
}

void report_sources(const json_t *result, FILE *to)
{
    size_t i;
    const json_t *source;
    const json_t *const sources = json_object_get(result, "sources");
    const char *const warning = report_sources_warning(result);
    if (json_array_size(sources) > 0)
        fputs("\nSources\n", to);
    json_array_foreach(sources, i, source)
    {
        struct columns_draft draft;
        FILE *const room = columns_begin(&draft);
        if (room == NULL)
            return;
        fprintf(room, "%zu  ", i + 1);
        report_source(source, room);
        columns_end(&draft, to, 2, false);
    }
    if (warning != NULL)
        columns_paragraph(to, warning, 0);
}
