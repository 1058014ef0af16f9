/* SPDX-License-Identifier: MIT */
/* A result as lines of comma-separated values, for spreadsheets and statistics.
 *
 *     subject,workload,...,metric,unit,trust,block,position,value,low,high,level,reason
 *     chaining,lookup,...,ns_per_op,ns,measured,,,28.1,26,32.5,0.97,
 *     chaining,lookup,...,ns_per_op,ns,measured,0,3,27.7,,,,
 *
 * A line without a block is the metric itself; those with one are its samples. */
#include "csv.h"

#include <stdio.h>
#include <string.h>

#include "cell_read.h"
#include "svg.h"

static const char *const fields[] = {"subject", "origin", "workload", "pattern",
                                     "key",     "hash",   "n",        "pages",
                                     "build",   "status", "source"};
enum { N_FIELDS = sizeof fields / sizeof *fields };

static void put_text(FILE *to, const char *text)
{
    const bool is_formula = strchr("=+-@\t\r", *text) != NULL && *text != '\0';
    fputc('"', to);
    if (is_formula)
        fputc('\'', to);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', to);
        fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, to);
    }
    fputc('"', to);
}

static void put_value(FILE *to, const json_t *value)
{
    if (json_is_string(value))
        put_text(to, json_string_value(value));
    else if (json_is_integer(value))
        fprintf(to, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        fprintf(to, "%.17g", json_real_value(value));
}

static void put_cell(FILE *to, const json_t *cell, const char *metric, const json_t *of)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        put_value(to, json_object_get(cell, fields[i]));
        fputc(',', to);
    }
    put_text(to, metric);
    fputc(',', to);
    put_text(to, member_text(of, "unit"));
    fputc(',', to);
    put_text(to, member_text(of, "trust"));
}

static void put_metric(FILE *to, const json_t *cell, const char *name,
                       const json_t *metric)
{
    static const char *const own[] = {"value", "low", "high", "level", "reason"};
    size_t i;
    json_t *sample;
    put_cell(to, cell, name, metric);
    fputs(",,", to);
    for (i = 0; i < sizeof own / sizeof *own; i++) {
        fputc(',', to);
        put_value(to, json_object_get(metric, own[i]));
    }
    fputs("\r\n", to);
    json_array_foreach(json_object_get(metric, "samples"), i, sample)
    {
        static const char *const parts[] = {"block", "position", "value"};
        put_cell(to, cell, name, metric);
        for (size_t j = 0; j < 3; j++) {
            fputc(',', to);
            put_value(to, json_object_get(sample, parts[j]));
        }
        fputs(",,,,\r\n", to);
    }
}

char *report_csv(const json_t *result)
{
    char *text = NULL;
    size_t size = 0, i;
    json_t *cell, *metric;
    const char *name;
    FILE *const to = open_memstream(&text, &size);
    if (to == NULL)
        return NULL;
    for (i = 0; i < N_FIELDS; i++)
        fprintf(to, "%s,", fields[i]);
    fputs("metric,unit,trust,block,position,value,low,high,level,reason\r\n", to);
    json_array_foreach(json_object_get(result, "cells"), i, cell)
    {
        if (!cell_is_ok(cell)) {
            put_cell(to, cell, "", NULL);
            fputs(",,,,,,,", to);
            put_text(to, member_text(cell, "reason"));
            fputs("\r\n", to);
        }
        json_object_foreach(json_object_get(cell, "metrics"), name, metric)
            put_metric(to, cell, name, metric);
    }
    return svg_made(to, &text);
}
