/* SPDX-License-Identifier: MIT */
/* Which bytes of a part are read and written how often, drawn line by line:
 *
 *             0       8       16      24 ...
 *             |key    |value  |key    |value  | ...
 *         0 r @@@@@@@@........@@@@@@@@........ ...
 *           w ::::::::::::::::::::::::::::::::
 *
 * An offset counts from the start of the part's block, which need not begin a line. */
#include "heat_map.h"

#include <stdlib.h>
#include <string.h>

#include "../terminal.h"
#include "cache_cell.h"
#include "cell_read.h"
#include "columns.h"
#include "heat_map_read.h"

const char *const heat_kinds[HEAT_KINDS] = {"read", "write"};

/* ---- reading ---- */

size_t heat_n(const json_t *cell)
{
    if (!cell_is_ok(cell))
        return 0;
    return json_array_size(json_object_get(cell, "heat"));
}

/* What is no size of ours becomes 0. */
static size_t size_of(const json_t *object, const char *name)
{
    const json_int_t size = json_integer_value(json_object_get(object, name));
    return size > 0 && size <= HEAT_MOST_PERIOD ? (size_t)size : 0;
}

static void read_times(const json_t *from, double operations, size_t kind,
                       struct heat *heat)
{
    const json_t *const counts = json_object_get(from, kind == 0 ? "reads" : "writes");
    for (size_t at = 0; at < heat->period; at++) {
        const double count = json_number_value(json_array_get(counts, at));
        heat->times[kind][at] = count > 0 ? count / operations : 0;
        if (heat->times[kind][at] > heat->most)
            heat->most = heat->times[kind][at];
    }
}

static void read_fields(const json_t *layout, struct heat *heat)
{
    size_t i;
    const json_t *item;
    if (heat->entry == 0 || size_of(layout, "entry_bytes") != heat->entry ||
        heat->period % heat->entry != 0)
        return;
    json_array_foreach(json_object_get(layout, "fields"), i, item)
    {
        const struct heat_field field = {member_text(item, "name"),
                                         size_of(item, "offset"), size_of(item, "bytes")};
        if (heat->n_fields < HEAT_MOST_FIELDS && field.bytes > 0 &&
            field.offset + field.bytes <= heat->entry)
            heat->fields[heat->n_fields++] = field;
    }
}

bool heat_read(const json_t *cell, size_t i, struct heat *heat)
{
    const json_t *const from = json_array_get(json_object_get(cell, "heat"), i);
    const double operations = cache_operations(cell);
    memset(heat, 0, sizeof *heat);
    heat->part = member_text(from, "part");
    heat->period = size_of(from, "period_bytes");
    heat->entry = size_of(from, "entry_bytes");
    if (!(operations > 0))
        return false;
    for (size_t kind = 0; kind < HEAT_KINDS; kind++)
        read_times(from, operations, kind, heat);
    read_fields(json_object_get(cell, "layout"), heat);
    return heat->most > 0;
}

const struct heat_field *heat_field_at(const struct heat *heat, size_t at)
{
    for (size_t i = 0; i < heat->n_fields; i++) {
        const struct heat_field *const field = &heat->fields[i];
        const size_t offset = at % heat->entry;
        if (offset >= field->offset && offset < field->offset + field->bytes)
            return field;
    }
    return NULL;
}

double heat_of_field(const struct heat *heat, const struct heat_field *field, size_t kind)
{
    double sum = 0;
    for (size_t at = 0; at < heat->period; at++)
        if (heat_field_at(heat, at) == field)
            sum += heat->times[kind][at];
    return sum / (double)field->bytes;
}

void heat_workload(FILE *to, const json_t *cell)
{
    const char *const pattern = member_text(cell, "pattern");
    fprintf(to, "%s%s%s, %s keys, hash %s, n = %" JSON_INTEGER_FORMAT,
            member_text(cell, "workload"), *pattern != '\0' ? " " : "", pattern,
            member_text(cell, "key"), member_text(cell, "hash"),
            json_integer_value(json_object_get(cell, "n")));
}

void heat_origin(FILE *to, const json_t *machine)
{
    char cpu[80];
    snprintf(cpu, sizeof cpu, "%s", member_text(machine, "cpu"));
    text_mask(cpu);
    fprintf(to,
            "Accesses are those of the map's source, traced on %s; no cache is modelled.",
            *cpu != '\0' ? cpu : "an unknown processor");
}

/* ---- characters ---- */

enum { LABEL = 8, SHADES = 10 };

static const char shades[SHADES + 1] = " .:-=+*#%@";

/* 0 for never, else 1 to 9. */
static size_t shade_of(const struct heat *heat, double times)
{
    if (!(times > 0))
        return 0;
    const size_t shade = 1 + (size_t)(times / heat->most * (SHADES - 1));
    return shade < SHADES ? shade : SHADES - 1;
}

/* What switches a shade's colours on, of 256; the first two stay as they are. */
static void print_colour(FILE *to, size_t shade)
{
    static const unsigned char paper[SHADES] = {0,   0,   17,  54,  90,
                                                126, 161, 202, 214, 226};
    if (*terminal_style(to, STYLE_STRONG) == '\0')
        return;
    fputs(terminal_style(to, STYLE_PLAIN), to);
    if (shade >= 2)
        fprintf(to, "\033[48;5;%d;38;5;%dm", paper[shade], shade >= 7 ? 16 : 231);
}

static void print_bytes(const struct heat *heat, size_t first, size_t end, size_t kind,
                        FILE *to)
{
    size_t before = 0;
    for (; end > first && !(heat->times[kind][end - 1] > 0); end--)
        ;
    for (size_t at = first; at < end; at++) {
        const size_t shade = shade_of(heat, heat->times[kind][at]);
        if (shade != before)
            print_colour(to, shade);
        fputc(shades[shade], to);
        before = shade;
    }
    fprintf(to, "%s\n", terminal_style(to, STYLE_PLAIN));
}

/* A bar where a field begins, its name behind the bar, once more where a line cuts it;
 * dots where there is none. */
static void print_fields(const struct heat *heat, size_t first, size_t end, FILE *to)
{
    const struct heat_field *before = NULL;
    const char *name = "";
    fprintf(to, "%*s", LABEL, "");
    for (size_t at = first; at < end; at++) {
        const struct heat_field *const field = heat_field_at(heat, at);
        const bool begins = field != NULL && at % heat->entry == field->offset;
        char shown = field == NULL ? '.' : begins ? '|' : ' ';
        if (begins || field != before)
            name = field != NULL ? field->name : "";
        before = field;
        if (*name != '\0' && !begins && at > first) {
            shown = *name >= ' ' && *name <= '~' ? *name : '?';
            name++;
        }
        fputc(shown, to);
    }
    fputc('\n', to);
}

static void print_line(const struct heat *heat, size_t first, FILE *to)
{
    const size_t end =
        first + HEAT_LINE < heat->period ? first + HEAT_LINE : heat->period;
    if (heat->n_fields > 0)
        print_fields(heat, first, end, to);
    fprintf(to, "%*zu r ", LABEL - 3, first);
    print_bytes(heat, first, end, 0, to);
    fprintf(to, "%*s w ", LABEL - 3, "");
    print_bytes(heat, first, end, 1, to);
}

static void print_field_table(const struct heat *heat, FILE *to)
{
    fprintf(to, "  %-20s %6s %6s %7s %7s  an operation, of a byte\n", "field", "offset",
            "bytes", "reads", "writes");
    for (size_t i = 0; i < heat->n_fields; i++) {
        const struct heat_field *const field = &heat->fields[i];
        fputs("  ", to);
        columns_name(to, field->name, 20);
        fprintf(to, " %6zu %6zu", field->offset, field->bytes);
        for (size_t kind = 0; kind < HEAT_KINDS; kind++) {
            char text[COLUMNS_NUMBER];
            columns_number(text, heat_of_field(heat, field, kind));
            fprintf(to, " %7s", text);
        }
        fputc('\n', to);
    }
}

static void print_part(const json_t *cell, const struct heat *heat, FILE *to)
{
    char most[COLUMNS_NUMBER], name[CELL_NAME];
    columns_number(most, heat->most);
    fprintf(to, "\n%s%s: the bytes of %s%s\n", terminal_style(to, STYLE_STRONG),
            cell_name(cell, name), heat->part, terminal_style(to, STYLE_PLAIN));
    fprintf(to, "%*s", LABEL, "");
    for (int at = 0; at <= HEAT_LINE; at += 8)
        fprintf(to, at < HEAT_LINE ? "%-8d" : "%d\n", at);
    for (size_t first = 0; first < heat->period; first += HEAT_LINE)
        print_line(heat, first, to);
    fprintf(to, "  r read, w written; ");
    for (size_t shade = 1; shade < SHADES; shade++) {
        print_colour(to, shade);
        fputc(shades[shade], to);
    }
    fprintf(to, "%s up to %s times an operation, blank never\n",
            terminal_style(to, STYLE_PLAIN), most);
    if (heat->n_fields == 0)
        return;
    if (heat->period > heat->entry)
        fprintf(to, "  shades: of a byte above; numbers below: of all its %zu entries\n",
                heat->period / heat->entry);
    print_field_table(heat, to);
}

/* Of what all parts are. */
static void print_foot(const json_t *cell, const json_t *machine, FILE *to)
{
    struct columns_draft draft;
    FILE *const room = columns_begin(&draft);
    if (room == NULL)
        return;
    heat_workload(room, cell);
    fputs(". ", room);
    heat_origin(room, machine);
    fputs(" Offsets are from the start of the block, which need not begin a line; all "
          "periods of it lie over each other.",
          room);
    columns_end(&draft, to, 2, false);
}

void report_heat(const json_t *cell, const json_t *machine, FILE *to)
{
    bool is_drawn = false;
    struct heat *const heat = malloc(sizeof *heat);
    for (size_t i = 0; heat != NULL && i < heat_n(cell); i++)
        if (heat_read(cell, i, heat)) {
            print_part(cell, heat, to);
            is_drawn = true;
        }
    free(heat);
    if (is_drawn)
        print_foot(cell, machine, to);
}

bool has_heat(const json_t *cells, size_t first, size_t n)
{
    for (size_t i = first; i < first + n; i++)
        if (json_object_get(json_array_get(cells, i), "heat") != NULL)
            return true;
    return false;
}

void report_heats(const json_t *cells, size_t first, size_t n, bool is_drawn,
                  const json_t *machine, FILE *to)
{
    for (size_t i = first; is_drawn && i < first + n; i++)
        report_heat(json_array_get(cells, i), machine, to);
    if (!is_drawn && has_heat(cells, first, n))
        fputs("\nHeat is in the result; --details draws it, as onemiss layout --heat "
              "does.\n",
              to);
}
