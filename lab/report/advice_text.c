/* SPDX-License-Identifier: MIT */
/* A recommendation in words: what was measured, why this map, what it costs, the lines of C.
 *
 *     Recommended: open_addressing_compact
 *
 *       map                      ns/op  interval       growth peak MiB B/entry  max us
 *       open_addressing_compact  170.7  [160.0, 179.5]  234.2    48.75   34.08    6738
 *       open_addressing          198.2  [188.2, 218.2]  333.7    72.00   50.33    3266
 *
 *     Why
 *       It is shown to be faster: it takes 0.865 [0.760, 0.912] of the time of
 *       open_addressing, the next. */
#include "advice_text.h"

#include <string.h>

#include "../terminal.h"
#include "advice_code.h"
#include "cell_read.h"
#include "columns.h"
#include "verdicts.h"

enum { NAME_WIDTH = 24, INDENT = 2 };

static double value_of(const json_t *cell, const char *metric)
{
    return member_number(cell_metric(cell, metric), "value");
}

/* The cell that tells of growth: a run of its own, or keys that are inserted first. */
static const json_t *growth_of(const struct advice_map *map)
{
    return map->growth != NULL ? map->growth : map->use;
}

static void put_bytes(FILE *to, double bytes)
{
    const bool is_small = bytes < 1048576;
    fprintf(to, "%.1f %s", bytes / (is_small ? 1024 : 1048576), is_small ? "KiB" : "MiB");
}

static void put_time(FILE *to, double ns)
{
    const bool is_short = ns < 1e6;
    fprintf(to, "%.1f %s", ns / (is_short ? 1e3 : 1e6), is_short ? "us" : "ms");
}

static void put_ratio(FILE *to, const struct difference *difference)
{
    fprintf(to, "%.3f [%.3f, %.3f]", difference->ratio, difference->low,
            difference->high);
}

static void put_title(FILE *to, const char *title)
{
    fprintf(to, "\n%s%s%s\n", terminal_style(to, STYLE_STRONG), title,
            terminal_style(to, STYLE_PLAIN));
}

/* ---- the table ---- */

static double longest_ns(const struct advice_map *map)
{
    return member_number(cell_longest_stall(growth_of(map)), "duration_ns");
}

/* A number in its column, or "-". */
static void put_number(FILE *to, double value, double unit, int width)
{
    char text[COLUMNS_NUMBER];
    columns_number(text, value / unit);
    fprintf(to, "%*s", width, value > 0 ? text : "-");
}

static void put_row(const struct advice_map *map, FILE *to)
{
    char name[CELL_NAME], low[COLUMNS_NUMBER], high[COLUMNS_NUMBER], interval[32] = "";
    const json_t *const metric = cell_metric(map->use, "ns_per_op");
    if (json_is_number(json_object_get(metric, "low"))) {
        columns_number(low, member_number(metric, "low"));
        columns_number(high, member_number(metric, "high"));
        snprintf(interval, sizeof interval, "[%s, %s]", low, high);
    }
    fputs("  ", to);
    columns_name(to, cell_map(map->use, name), NAME_WIDTH);
    put_number(to, map->ns, 1, 6);
    fprintf(to, "  %-14s", interval);
    put_number(to, value_of(map->growth, "ns_per_op"), 1, 7);
    put_number(to, map->peak_bytes, 1048576, 9);
    put_number(to, value_of(growth_of(map), "bytes_per_entry"), 1, 8);
    put_number(to, longest_ns(map), 1e3, 8);
    fputc('\n', to);
}

static void put_table(const struct advice *advice, FILE *to)
{
    fprintf(to, "\n  %-*s%6s  %-14s%7s%9s%8s%8s\n", NAME_WIDTH, "map", "ns/op",
            "interval", "growth", "peak MiB", "B/entry", "max us");
    for (int is_design = 1; is_design >= 0; is_design--)
        for (size_t i = 0; i < advice->n; i++)
            if (advice->maps[i].fate == ADVICE_IN &&
                advice->maps[i].is_design == is_design)
                put_row(&advice->maps[i], to);
}

/* ---- why ---- */

static void put_peaks(const struct advice *advice, FILE *to)
{
    fputs("a peak of ", to);
    put_bytes(to, advice->chosen->peak_bytes);
    fputs(" against ", to);
    put_bytes(to, advice->next->peak_bytes);
}

static void put_reason(const struct advice *advice, FILE *to)
{
    const struct difference *const difference = &advice->difference;
    if (advice->next == NULL) {
        fputs("It is the only one of ours that is left: nothing was held against it.",
              to);
        return;
    }
    const char *const next = advice_name(advice->next);
    if (!advice->is_judged) {
        fprintf(to,
                "In so few blocks no difference in time can be shown to %s, the next: "
                "chosen by memory, ",
                next);
        put_peaks(advice, to);
    } else if (difference->verdict == VERDICT_FASTER) {
        fputs("It is shown to be faster: it takes ", to);
        put_ratio(to, difference);
        fprintf(to, " of the time of %s, the next", next);
    } else {
        fprintf(to,
                difference->verdict == VERDICT_SAME
                    ? "%s, the next, takes the same time within 1 %%: "
                    : "A difference in time to %s, the next, is not shown: ",
                next);
        put_ratio(to, difference);
        fputs(" of it. Chosen by memory, ", to);
        put_peaks(advice, to);
    }
    fputc('.', to);
}

/* Other people's maps, which are not ours to paste. */
static void put_losses(const struct advice *advice, FILE *to)
{
    struct difference difference;
    size_t n_others = 0, n_faster = 0;
    char name[CELL_NAME];
    for (size_t i = 0; i < advice->n; i++) {
        const struct advice_map *const map = &advice->maps[i];
        n_others += !map->is_design && map->fate == ADVICE_IN;
        if (!advice_is_faster(advice, map, &difference))
            continue;
        const char *const origin = member_text(map->use, "origin");
        fprintf(to, "%s%s%s%s%s takes ",
                n_faster++ == 0 ? " Faster than it, and not ours: " : "; ",
                cell_map(map->use, name), *origin != '\0' ? " (" : "", origin,
                *origin != '\0' ? ")" : "");
        put_ratio(to, &difference);
        fputs(" of its time", to);
    }
    if (n_faster > 0)
        fputc('.', to);
    else if (n_others > 0)
        fprintf(to, " Of other people's maps %zu ran: none is shown to be faster.",
                n_others);
}

/* ---- the price ---- */

/* What the contract says of pointers, and of a hash without a key. */
static void put_contract(const struct advice *advice, FILE *to)
{
    const char *const hash = member_text(advice->chosen->use, "hash");
    if (strcmp(advice_name(advice->chosen), "chaining") == 0)
        fputs("Entries stay where they are through a resize; iterators end there.", to);
    else
        fputs(
            "A resize moves all entries: pointers to values end with any insert of a new "
            "key; keep the key and look it up again.",
            to);
    if (strncmp(hash, "siphash", 7) != 0)
        fprintf(to, " The hash %s is not for keys from people who wish you ill.", hash);
}

/* The design that is in with the shortest longest operation; NULL: the chosen one has it. */
static const struct advice_map *shortest(const struct advice *advice)
{
    const struct advice_map *best = advice->chosen;
    for (size_t i = 0; i < advice->n; i++) {
        const struct advice_map *const map = &advice->maps[i];
        const double ns = longest_ns(map);
        if (map->is_design && map->fate == ADVICE_IN && ns > 0 && ns < longest_ns(best))
            best = map;
    }
    return best != advice->chosen ? best : NULL;
}

static void put_longest(const struct advice *advice, FILE *to)
{
    const json_t *const cell = growth_of(advice->chosen);
    const json_t *const stall = cell_longest_stall(cell);
    const json_t *const capacity = json_object_get(stall, "new_capacity");
    if (stall == NULL) {
        const char *const why =
            member_text(cell_metric(cell, "latency_max_ns"), "reason");
        fprintf(to, "How long a single operation may take is not known%s%s.",
                *why != '\0' ? ": " : "", why);
        return;
    }
    fprintf(to, "The longest single operation, %s ", member_text(stall, "kind"));
    columns_grouped(to, json_integer_value(json_object_get(stall, "operation")));
    fputs(", took ", to);
    put_time(to, member_number(stall, "duration_ns"));
    if (json_is_integer(capacity)) {
        fputs(", of it ", to);
        put_time(to, member_number(stall, "resize_ns"));
        fputs(" a resize to ", to);
        columns_grouped(to, json_integer_value(capacity));
        fputs(" slots; my_map_reserve ahead spares it", to);
    }
    const struct advice_map *const other = shortest(advice);
    if (other != NULL) {
        fprintf(to, ". That of %s took ", advice_name(other));
        put_time(to, longest_ns(other));
    }
    fputc('.', to);
}

static void put_peak(const struct advice *advice, FILE *to)
{
    const json_t *const cell = growth_of(advice->chosen);
    const double peak = value_of(cell, "peak_bytes"), live = value_of(cell, "live_bytes");
    if (!(peak > 0)) {
        const char *const why = member_text(cell_metric(cell, "peak_bytes"), "reason");
        fprintf(to, "Its memory is not known%s%s.", *why != '\0' ? ": " : "", why);
        return;
    }
    fputs("At its peak it held ", to);
    put_bytes(to, peak);
    fputs(", in the end ", to);
    put_bytes(to, live);
    fputs(live < peak && value_of(cell, "resizes") > 0
              ? ": a resize has the old table and the new."
              : ".",
          to);
}

/* What others do better, that this choice gives up. */
static void put_given_up(const struct advice *advice, FILE *to)
{
    const struct advice_map *const chosen = advice->chosen;
    struct difference difference;
    for (size_t i = 0; i < advice->n; i++) {
        const struct advice_map *const map = &advice->maps[i];
        if (!map->is_design || map->fate != ADVICE_IN || map == chosen)
            continue;
        if (map->growth != NULL && chosen->growth != NULL &&
            verdict_of_time(map->growth, chosen->growth, &difference) &&
            difference.verdict == VERDICT_FASTER) {
            fprintf(to, "%s grows faster, in ", advice_name(map));
            put_ratio(to, &difference);
            fputs(" of its time. ", to);
        }
        if (map->peak_bytes > 0 && map->peak_bytes < chosen->peak_bytes) {
            fprintf(to, "%s would hold ", advice_name(map));
            put_bytes(to, map->peak_bytes);
            fputs(" at its peak", to);
            if (verdict_of_time(map->use, chosen->use, &difference)) {
                fputs(", but take ", to);
                put_ratio(to, &difference);
                fputs(" of its time", to);
            }
            fputs(". ", to);
        }
    }
}

/* ---- those that are out ---- */

static void put_fate(const struct advice_map *map, const struct advice_question *question,
                     FILE *to)
{
    fprintf(to, "%s: ", advice_name(map));
    switch (map->fate) {
    case ADVICE_IN:
        break;
    case ADVICE_BAD:
        fprintf(to, "%s under %s: %s", member_text(map->bad, "status"),
                member_text(map->bad, "workload"), member_text(map->bad, "reason"));
        break;
    case ADVICE_UNTIMED:
        fprintf(to, "it has no time: %s",
                member_text(cell_metric(map->use, "ns_per_op"), "reason"));
        break;
    case ADVICE_UNWEIGHED:
        fputs("its memory is not counted, and there is a limit", to);
        break;
    case ADVICE_TOO_LARGE:
        fputs("at its peak it held ", to);
        columns_grouped(to, (json_int_t)map->peak_bytes);
        fputs(" bytes, the limit is ", to);
        columns_grouped(to, (json_int_t)question->most_bytes);
        break;
    }
}

/* ---- all of it ---- */

/* A paragraph that `put` writes, if it writes anything. */
static void put_paragraph(void (*put)(const struct advice *advice, FILE *to),
                          const struct advice *advice, FILE *to)
{
    struct columns_draft draft;
    FILE *const room = columns_begin(&draft);
    if (room == NULL)
        return;
    put(advice, room);
    columns_end(&draft, to, INDENT, false);
}

static void put_why(const struct advice *advice, FILE *to)
{
    put_reason(advice, to);
    put_losses(advice, to);
}

static void put_those_out(const struct advice *advice,
                          const struct advice_question *question, FILE *to)
{
    bool has_title = false;
    for (size_t i = 0; i < advice->n; i++) {
        struct columns_draft draft;
        if (advice->maps[i].fate == ADVICE_IN)
            continue;
        if (!has_title)
            put_title(to, "Out");
        has_title = true;
        FILE *const room = columns_begin(&draft);
        if (room == NULL)
            return;
        put_fate(&advice->maps[i], question, room);
        columns_end(&draft, to, INDENT, false);
    }
}

void advice_text(const struct advice *advice, const struct advice_question *question,
                 FILE *to)
{
    const struct advice_map *const chosen = advice->chosen;
    char title[CELL_NAME + 16];
    snprintf(title, sizeof title, "Recommended: %.80s", advice_name(chosen));
    put_title(to, title);
    put_table(advice, to);
    columns_paragraph(to,
                      chosen->growth != NULL
                          ? "ns/op: of the mix; growth: ns of an insert into the growing "
                            "map, of which B/entry and the longest operation are, too. "
                          : "B/entry: at the end, when half of the keys are deleted.",
                      INDENT);
    put_title(to, "Why");
    put_paragraph(put_why, advice, to);
    put_title(to, "Its price");
    put_paragraph(put_contract, advice, to);
    put_paragraph(put_longest, advice, to);
    put_paragraph(put_peak, advice, to);
    put_paragraph(put_given_up, advice, to);
    put_those_out(advice, question, to);
    put_title(to, "Lines of C");
    advice_code(advice_name(chosen), member_text(chosen->use, "key"),
                member_text(chosen->use, "hash"), to);
}
