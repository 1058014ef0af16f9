/* SPDX-License-Identifier: MIT */
/* Geometries and models as text, and geometries back.
 *
 *     48K/12,1.25M/20,54M/12        size and ways of each level, from the core outwards
 *     128K/8,12M/12@128             lines of 128 bytes instead of 64 */
#include <stdio.h>
#include <string.h>

#include "machines.h"
#include "size_text.h"

#define EXAMPLE "48K/12,1M/8,32M/16"

enum { PIECE_ROOM = 25, DEFAULT_LINE = 64, DEFAULT_PAGE = 4096 };

/* ---- reading ---- */

/* The text from here to the end of the level, cut and made printable. */
static void piece_of(const char *text, char piece[PIECE_ROOM])
{
    size_t n = 0;
    for (; n + 1 < PIECE_ROOM && text[n] != '\0' && text[n] != ','; n++)
        piece[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
    piece[n] = '\0';
}

static bool complain(char *why, unsigned number, const char *text, const char *complaint)
{
    char piece[PIECE_ROOM];
    piece_of(text, piece);
    snprintf(why, GEOMETRY_WHY_ROOM, "level %u, '%s': %s", number, piece, complaint);
    return false;
}

/* Reads a plain number below 2^20. */
static bool number_read(const char **text, unsigned *number)
{
    unsigned value = 0;
    const char *const first = *text;
    for (; **text >= '0' && **text <= '9' && value < 1u << 20; ++*text)
        value = 10 * value + (unsigned)(**text - '0');
    *number = value;
    return *text != first && value < 1u << 20;
}

static bool level_read(const char **text, unsigned number, struct sim_level *level,
                       char *why)
{
    const char *const first = *text;
    switch (size_read(text, &level->bytes)) {
    case SIZE_MALFORMED:
        return complain(why, number, first,
                        "no size; one is written 32K, 1.25M or 65536");
    case SIZE_NOT_WHOLE:
        return complain(why, number, first,
                        "not a whole number of bytes; 1.25M or 1280K would be");
    case SIZE_TOO_LARGE:
        return complain(why, number, first, "too large; at most 64G would be right");
    case SIZE_READ:
        break;
    }
    if ((**text >= 'A' && **text <= 'Z') || (**text >= 'a' && **text <= 'z'))
        return complain(why, number, first,
                        "no unit of a size; K, M or G would be right, as in 32K/8");
    if (**text != '/')
        return complain(why, number, first,
                        "no '/' and ways behind the size; 32K/8 is 8 ways");
    ++*text;
    if (!number_read(text, &level->ways))
        return complain(why, number, first,
                        "no number of ways from 1 to 64 behind the '/', as in 32K/8");
    if (**text != '\0' && **text != ',' && **text != '@')
        return complain(why, number, first,
                        "something behind the ways; only ',' and the next level, or "
                        "'@128' for the line, would be right");
    return true;
}

static bool line_read(const char *text, unsigned *line_bytes, char *why)
{
    char piece[PIECE_ROOM];
    const char *end = text;
    if (number_read(&end, line_bytes) && *end == '\0')
        return true;
    piece_of(text, piece);
    snprintf(
        why, GEOMETRY_WHY_ROOM,
        "'%s' behind the '@' is no size of a line: 64 or 128 would be right, at the end",
        piece);
    return false;
}

bool geometry_read(const char *text, struct sim_geometry *geometry,
                   char why[GEOMETRY_WHY_ROOM])
{
    why[0] = '\0';
    *geometry =
        (struct sim_geometry){.line_bytes = DEFAULT_LINE, .page_bytes = DEFAULT_PAGE};
    if (text[0] == '\0') {
        snprintf(why, GEOMETRY_WHY_ROOM,
                 "the geometry is empty: one is written " EXAMPLE
                 ", sizes and ways from the core outwards");
        return false;
    }
    do {
        if (geometry->n_levels == SIM_MOST_LEVELS) {
            snprintf(why, GEOMETRY_WHY_ROOM,
                     "more than %d levels: 1 to %d would be right", SIM_MOST_LEVELS,
                     SIM_MOST_LEVELS);
            return false;
        }
        if (!level_read(&text, geometry->n_levels + 1,
                        &geometry->levels[geometry->n_levels], why))
            return false;
        geometry->n_levels++;
    } while (*text++ == ',');
    if (text[-1] == '@' && !line_read(text, &geometry->line_bytes, why))
        return false;
    return geometry_check(geometry, why);
}

/* ---- writing ---- */

/* Appends to a text of `room` bytes; what does not fit is cut. */
static void append(char *text, size_t room, const char *more)
{
    const size_t n = strlen(text);
    snprintf(text + n, room - n, "%s", more);
}

void geometry_text(const struct sim_geometry *geometry, char text[GEOMETRY_TEXT_ROOM])
{
    char size[SIZE_TEXT_ROOM], piece[SIZE_TEXT_ROOM + 16];
    text[0] = '\0';
    for (unsigned i = 0; i < geometry->n_levels && i < SIM_MOST_LEVELS; i++) {
        size_text(geometry->levels[i].bytes, size);
        snprintf(piece, sizeof piece, "%s%s/%u", i == 0 ? "" : ",", size,
                 geometry->levels[i].ways);
        append(text, GEOMETRY_TEXT_ROOM, piece);
    }
    if (geometry->line_bytes != DEFAULT_LINE) {
        snprintf(piece, sizeof piece, "@%u", geometry->line_bytes);
        append(text, GEOMETRY_TEXT_ROOM, piece);
    }
}

static const char *policy_name(enum sim_policy policy)
{
    switch (policy) {
    case SIM_LRU:
        return "lru";
    case SIM_BIT_PLRU:
        return "bit-plru";
    case SIM_RANDOM:
        return "random";
    case SIM_SRRIP:
        return "srrip";
    case SIM_N_POLICIES:
        break;
    }
    return "unknown policy";
}

static const char *prefetchers_name(unsigned prefetchers)
{
    static const char *const names[] = {
        "",
        ", next-line prefetch",
        ", adjacent-line prefetch",
        ", next-line and adjacent-line prefetch",
        ", stream prefetch",
        ", next-line and stream prefetch",
        ", adjacent-line and stream prefetch",
        ", next-line, adjacent-line and stream prefetch",
    };
    return names[prefetchers & (SIM_NEXT_LINE | SIM_ADJACENT_LINE | SIM_STREAM)];
}

void model_text(const struct sim_model *model, uint64_t page_bytes,
                char text[MODEL_TEXT_ROOM])
{
    const bool has_pages = model->walks_pages || model->zeroes_pages;
    snprintf(text, MODEL_TEXT_ROOM, "%s%s%s%s%s", policy_name(model->policy),
             prefetchers_name(model->prefetchers),
             model->last_level == SIM_INCLUSIVE   ? ", inclusive"
             : model->last_level == SIM_EXCLUSIVE ? ", exclusive"
                                                  : "",
             model->walks_pages ? ", page walks" : "",
             model->zeroes_pages ? ", zeroed pages" : "");
    if (has_pages && page_bytes != DEFAULT_PAGE) {
        char size[SIZE_TEXT_ROOM], pages[SIZE_TEXT_ROOM + 16];
        size_text(page_bytes, size);
        const size_t n = strcspn(size, "KMG");
        snprintf(pages, sizeof pages, ", %.*s %siB pages", (int)n, size, size + n);
        append(text, MODEL_TEXT_ROOM, pages);
    }
}
