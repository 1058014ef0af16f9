/* SPDX-License-Identifier: MIT */
/* A result as tables in Markdown, for the summary of a CI run. */
#include "markdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ceiling.h"
#include "cell_read.h"
#include "sources_text.h"
#include "svg.h"
#include "verdicts.h"

void markdown_text(FILE *to, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("&<>", *text) != NULL)
            fprintf(to, "&#%d;", *text);
        else if ((unsigned char)*text < ' ' || *text == 0x7f)
            fputc('?', to);
        else
            fprintf(to, strchr("\\`*_{}[]()#+!|~=:@$", *text) != NULL ? "\\%c" : "%c",
                    *text);
    }
}

static void put_verdict(FILE *to, const json_t *cell, const json_t *base)
{
    struct difference difference;
    if (base == NULL || cell == base || !verdict_of_time(cell, base, &difference))
        fputs("|", to);
    else
        fprintf(to, "%s, %.3f [%.3f, %.3f] |", verdict_names[difference.verdict],
                difference.ratio, difference.low, difference.high);
}

static void put_row(FILE *to, const json_t *cells, size_t first, size_t n,
                    const json_t *cell, const json_t *base)
{
    char name[CELL_NAME];
    double multiple;
    const json_t *const metric = cell_metric(cell, "ns_per_op");
    const json_t *const bytes =
        json_object_get(cell_metric(cell, "bytes_per_entry"), "value");
    fputs("| ", to);
    markdown_text(to, cell_map(cell, name));
    if (!cell_is_ok(cell)) {
        fputs(" | **", to);
        markdown_text(to, member_text(cell, "status"));
        fputs("**: ", to);
        markdown_text(to, member_text(cell, "reason"));
        fputs(" | | | |\n", to);
        return;
    }
    fprintf(to, " | %.4g", member_number(metric, "value"));
    if (json_is_number(json_object_get(metric, "low")))
        fprintf(to, " [%.4g, %.4g]", member_number(metric, "low"),
                member_number(metric, "high"));
    fputs(" | ", to);
    if (ceiling_multiple(cells, first, n, cell, &multiple))
        fprintf(to, "%.2f ", multiple);
    fputs("| ", to);
    put_verdict(to, cell, base);
    if (json_is_number(bytes))
        fprintf(to, " %.1f", json_number_value(bytes));
    fputs(" |\n", to);
}

static void put_group(FILE *to, const json_t *cells, size_t first, size_t n)
{
    const json_t *const cell = json_array_get(cells, first);
    const json_t *base = NULL;
    char source[CELL_SOURCE];
    for (size_t i = first; i < first + n && base == NULL; i++)
        if (cell_is_ok(json_array_get(cells, i)) && cell_is_map(json_array_get(cells, i)))
            base = json_array_get(cells, i);
    fputs("\n#### ", to);
    markdown_text(to, member_text(cell, "workload"));
    if (*member_text(cell, "pattern") != '\0') {
        fputs(" ", to);
        markdown_text(to, member_text(cell, "pattern"));
    }
    fprintf(to, ", %s, hash %s, n = %.10g%s\n\n", member_text(cell, "key"),
            member_text(cell, "hash"), member_number(cell, "n"),
            cell_source(cell, source));
    fputs("| map | ns an operation | × ceiling | time against the first | bytes an entry "
          "|\n|---|---|---|---|---|\n",
          to);
    for (size_t i = first; i < first + n; i++)
        put_row(to, cells, first, n, json_array_get(cells, i), base);
}

/* A line for the machine, or for that of each source. */
static void put_machines(FILE *to, const json_t *result)
{
    const json_t *const sources = json_object_get(result, "sources");
    const char *const warning = report_sources_warning(result);
    for (size_t i = 0; i < json_array_size(sources) || i == 0; i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *const room = open_memstream(&text, &size);
        if (room == NULL)
            return;
        if (sources != NULL)
            report_source(json_array_get(sources, i), room);
        else
            report_machine(json_object_get(result, "machine"), room);
        fclose(room);
        if (sources != NULL)
            fprintf(to, "- source %zu: ", i + 1);
        markdown_text(to, text);
        fputs(sources != NULL ? "\n" : ". ", to);
        free(text);
    }
    if (warning != NULL)
        fprintf(to, "\n**%s**\n", warning);
    if (sources != NULL)
        fputc('\n', to);
}

char *report_markdown(const json_t *result)
{
    char *text = NULL;
    size_t size = 0;
    const json_t *const cells = json_object_get(result, "cells");
    FILE *const to = open_memstream(&text, &size);
    if (to == NULL)
        return NULL;
    fputs("### Hash maps compared\n\n", to);
    put_machines(to, result);
    fputs(
        "Medians over blocks; in brackets intervals that enclose the true median. "
        "Shown are verdicts on the ratios within a block, the zone of equivalence 1 %.\n",
        to);
    char twins[512];
    if (report_twins_text(cells, twins, sizeof twins))
        fprintf(to, "%s\n", twins);
    for (size_t first = 0, n; (n = cell_group(cells, first)) > 0; first += n)
        put_group(to, cells, first, n);
    if (!json_is_true(json_object_get(result, "complete")))
        fprintf(to, "\n%s: only finished cells are shown.\n",
                json_object_get(result, "sources") == NULL
                    ? "Interrupted"
                    : "A shard is missing, or was interrupted");
    return svg_made(to, &text);
}
