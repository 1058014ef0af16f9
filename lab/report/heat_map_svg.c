/* SPDX-License-Identifier: MIT */
/* The heat of a cell's parts as an SVG that needs nothing else. */
#include <stdlib.h>
#include <string.h>

#include "../output.h"
#include "cell_read.h"
#include "columns.h"
#include "heat_map.h"
#include "heat_map_read.h"
#include "svg.h"

enum {
    LEFT = 72,
    BYTE = 12, /* wide */
    WIDTH = LEFT + HEAT_LINE * BYTE + 32,
    TOP = 76,
    HEADING = 64, /* above a part's lines */
    STRIP = 16,   /* of fields, reads, writes */
    LINE = 3 * STRIP + 14,
    BELOW = 26, /* a part */
    FOOT = 60
};

static size_t n_lines(const struct heat *heat)
{
    return (heat->period + HEAT_LINE - 1) / HEAT_LINE;
}

/* Bytes that are all used equally often are one box. */
static void put_bytes(FILE *to, const struct heat *heat, size_t first, size_t end,
                      size_t kind, int y)
{
    for (size_t at = first, next; at < end; at = next) {
        char text[COLUMNS_NUMBER], other[COLUMNS_NUMBER];
        columns_number(text, heat->times[kind][at]);
        for (next = at + 1; next < end; next++) {
            columns_number(other, heat->times[kind][next]);
            if (strcmp(text, other) != 0 ||
                heat_field_at(heat, next) != heat_field_at(heat, at))
                break;
        }
        if (!(heat->times[kind][at] > 0))
            continue;
        fprintf(to,
                "<rect class='fill%zu' fill-opacity='%.2f' x='%d' y='%d' width='%d' "
                "height='%d'><title>bytes %zu to %zu: ",
                kind, 0.08 + 0.92 * heat->times[kind][at] / heat->most,
                LEFT + (int)(at - first) * BYTE, y, (int)(next - at) * BYTE, STRIP - 1,
                at, next - 1);
        svg_number(to, heat->times[kind][at]);
        fprintf(to, " %ss an operation</title></rect>", heat_kinds[kind]);
    }
    fputc('\n', to);
}

/* A box for each field, and its name where it fits; padding has none. */
static void put_fields(FILE *to, const struct heat *heat, size_t first, size_t end, int y)
{
    if (heat->n_fields == 0)
        return;
    for (size_t at = first, next; at < end; at = next) {
        const struct heat_field *const field = heat_field_at(heat, at);
        for (next = at + 1;
             next < end && heat_field_at(heat, next) == field && next % heat->entry != 0;
             next++)
            ;
        if (field == NULL)
            continue;
        const int x = LEFT + (int)(at - first) * BYTE, width = (int)(next - at) * BYTE;
        fprintf(to, "<path class='axis' d='M%d %dv-%dh%dv%d'/>", x, y + STRIP - 2,
                STRIP - 4, width, STRIP - 4);
        const size_t room = (size_t)(width - 4) / 7; /* characters of 11 px type */
        if (room < 3 && strlen(field->name) > room)
            continue;
        fprintf(to, "<text class='dim tiny' x='%d' y='%d'>", x + 4, y + STRIP - 4);
        svg_escape(to, field->name, strlen(field->name) > room ? room - 2 : room);
        fputs("</text>", to);
    }
    fputc('\n', to);
}

static void put_line(FILE *to, const struct heat *heat, size_t first, int y)
{
    const size_t end =
        first + HEAT_LINE < heat->period ? first + HEAT_LINE : heat->period;
    put_fields(to, heat, first, end, y);
    fprintf(to,
            "<text class='dim small right' x='%d' y='%d'>%zu</text>"
            "<text class='dim tiny right' x='%d' y='%d'>read</text>"
            "<text class='dim tiny right' x='%d' y='%d'>written</text>\n",
            LEFT - 8, y + STRIP - 4, first, LEFT - 8, y + 2 * STRIP - 4, LEFT - 8,
            y + 3 * STRIP - 4);
    for (size_t kind = 0; kind < HEAT_KINDS; kind++)
        put_bytes(to, heat, first, end, kind, y + (int)(kind + 1) * STRIP);
    fprintf(to, "<rect class='axis' x='%d' y='%d' width='%d' height='%d'/>\n", LEFT,
            y + STRIP, (int)(end - first) * BYTE, 2 * STRIP);
}

/* The ruler above the lines of a part, and what its darkest colour means: a byte of the
 * drawing, while the description adds up what lies over each other. */
static void put_heading(FILE *to, const struct heat *heat, int y)
{
    fprintf(to, "<text class='text strong' x='%d' y='%d'>", LEFT, y + 14);
    svg_escape(to, heat->part, 40);
    fprintf(to, "</text>\n<text class='dim small' x='%d' y='%d'>", LEFT, y + 32);
    if (heat->entry > 0)
        fprintf(to, "%zu bytes each; ", heat->entry);
    fputs("full colour: ", to);
    svg_number(to, heat->most);
    fputs(" times an operation</text>\n", to);
    for (int at = 0; at <= HEAT_LINE; at += 8)
        fprintf(to, "<text class='dim tiny middle' x='%d' y='%d'>%d</text>",
                LEFT + at * BYTE, y + HEADING - 12, at);
    fputc('\n', to);
}

static int height_of(const struct heat *heat)
{
    return HEADING + (int)n_lines(heat) * LINE + BELOW;
}

/* All parts, or with `to` NULL only how high they are. */
static int put_parts(FILE *to, const json_t *cell, struct heat *heat)
{
    int y = TOP;
    for (size_t i = 0; i < heat_n(cell); i++) {
        if (!heat_read(cell, i, heat))
            continue;
        if (to != NULL) {
            put_heading(to, heat, y);
            for (size_t line = 0; line < n_lines(heat); line++)
                put_line(to, heat, line * HEAT_LINE, y + HEADING + (int)line * LINE);
        }
        y += height_of(heat);
    }
    return y - TOP;
}

/* For those who cannot see the picture: its fields and their numbers. */
static void describe(FILE *to, const json_t *cell, struct heat *heat)
{
    for (size_t i = 0; i < heat_n(cell); i++) {
        char most[COLUMNS_NUMBER];
        if (!heat_read(cell, i, heat))
            continue;
        columns_number(most, heat->most);
        fprintf(to, "%s: a byte of the drawing at most %s times an operation. ",
                heat->part, most);
        for (size_t f = 0; f < heat->n_fields; f++) {
            char reads[COLUMNS_NUMBER], writes[COLUMNS_NUMBER];
            columns_number(reads, heat_of_field(heat, &heat->fields[f], 0));
            columns_number(writes, heat_of_field(heat, &heat->fields[f], 1));
            fprintf(to, "%s: %s reads, %s writes. ", heat->fields[f].name, reads, writes);
        }
    }
}

/* What `text` becomes by a callback, to be freed; NULL: no memory. */
static char *described(const json_t *cell, struct heat *heat, bool is_title)
{
    char *text = NULL, name[CELL_NAME];
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    if (to == NULL)
        return NULL;
    if (is_title)
        fprintf(to, "%s: which bytes are used how often", cell_name(cell, name));
    else
        describe(to, cell, heat);
    if (fclose(to) == 0)
        return text;
    free(text);
    return NULL;
}

/* What is printed of the cell, or of the machine, escaped. */
static void put_sentence(FILE *to, void (*tell)(FILE *to, const json_t *of),
                         const json_t *of)
{
    char *text = NULL;
    size_t size;
    FILE *const room = open_memstream(&text, &size);
    if (room == NULL)
        return;
    tell(room, of);
    fclose(room);
    svg_escape(to, text, 160);
    free(text);
}

static void put_all(FILE *to, const json_t *cell, const json_t *machine,
                    struct heat *heat, int height)
{
    char *const title = described(cell, heat, true);
    char *const about = described(cell, heat, false);
    svg_begin(to, WIDTH, TOP + height + FOOT, LEFT, title != NULL ? title : "heat",
              about != NULL ? about : "");
    free(title);
    free(about);
    fprintf(to, "<text class='dim' x='%d' y='54'>", LEFT);
    put_sentence(to, heat_workload, cell);
    fputs("; simulated by onemiss</text>\n", to);
    put_parts(to, cell, heat);
    fprintf(to,
            "<text class='dim small' x='%d' y='%d'>One row is 64 bytes from the start of "
            "the block, which need not begin a line; all entries of the part are laid "
            "over each other.</text>\n",
            LEFT, TOP + height + FOOT - 36);
    fprintf(to, "<text class='dim small' x='%d' y='%d'>", LEFT, TOP + height + FOOT - 18);
    put_sentence(to, heat_origin, machine);
    fputs("</text>\n", to);
    svg_end(to);
}

char *heat_map_svg(const json_t *cell, const json_t *machine)
{
    char *text = NULL;
    size_t size;
    struct heat *const heat = malloc(sizeof *heat);
    const int height = heat != NULL ? put_parts(NULL, cell, heat) : 0;
    FILE *const to = height > 0 ? open_memstream(&text, &size) : NULL;
    if (to != NULL) {
        put_all(to, cell, machine, heat, height);
        text = svg_made(to, &text);
    }
    free(heat);
    return text;
}

bool report_heat_svg(const json_t *cell, const json_t *machine, const char *path,
                     struct complaint *complaint)
{
    char *const text = heat_map_svg(cell, machine);
    if (text == NULL)
        return complain(complaint,
                        "no heat of '%.80s' to draw; it comes with --with heat",
                        member_text(cell, "subject"));
    const bool is_written = output_write(path, text, complaint);
    free(text);
    return is_written;
}
