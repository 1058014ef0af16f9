/* SPDX-License-Identifier: MIT */
/* What differs between two results, for people, for Markdown, and as complaints:
 *
 *     lookup hit u64, hash wyhash, n = 1,000
 *       map                  number      before  after ratio  interval       verdict
 *       chaining             ns/op        11.04  11.93 1.081  [1.052, 1.112] slower
 *                            instructions 108.4  112.4 1.037                 more */
#include "changes_text.h"

#include <stdlib.h>
#include <string.h>

#include "../terminal.h"
#include "ceiling.h"
#include "cell_read.h"
#include "columns.h"
#include "markdown.h"
#include "svg.h"

enum { NAME_WIDTH = 20, LABEL_WIDTH = 12 };

static const char *verdict_word(const struct change *change)
{
    const enum verdict verdict = change->difference.verdict;
    if (change->is_foreign)
        return "elsewhere"; /* on another machine */
    if (change->is_exact)
        return verdict == VERDICT_FASTER   ? "less"
               : verdict == VERDICT_SLOWER ? "more"
                                           : "same";
    return verdict_names[verdict];
}

static bool is_told(const struct change *change)
{
    return !change->is_exact || change->old_value != change->new_value;
}

void changes_where(const json_t *cell, FILE *to)
{
    const char *const pattern = member_text(cell, "pattern");
    fprintf(to, "%s%s%s %s, hash %s, n = ", member_text(cell, "workload"),
            *pattern != '\0' ? " " : "", pattern, member_text(cell, "key"),
            member_text(cell, "hash"));
    columns_grouped(to, json_integer_value(json_object_get(cell, "n")));
}

/* ---- for people ---- */

static void print_change(const struct change *change, bool is_new_map, FILE *to)
{
    char name[CELL_NAME], before[COLUMNS_NUMBER], after[COLUMNS_NUMBER],
        interval[40] = "";
    const struct difference *const d = &change->difference;
    const bool is_regression = change_is_regression(change);
    columns_number(before, change->old_value);
    columns_number(after, change->new_value);
    if (!change->is_exact)
        snprintf(interval, sizeof interval, "[%.3f, %.3f]", d->low, d->high);
    fputs("  ", to);
    columns_name(to, is_new_map ? cell_name(change->after, name) : "", NAME_WIDTH);
    fprintf(to, " %-*s%6s%7s%6.3f  %-14s %s%s%s\n", LABEL_WIDTH, change->label, before,
            after, d->ratio, interval, is_regression ? terminal_style(to, STYLE_BAD) : "",
            verdict_word(change), is_regression ? terminal_style(to, STYLE_PLAIN) : "");
}

static void print_rest(const struct changes *changes, double gate, FILE *to)
{
    char text[512];
    if (changes->n_only_old > 0 || changes->n_only_new > 0) {
        snprintf(text, sizeof text,
                 "Not compared: %zu cell%s of the first file alone, %zu of the second.",
                 changes->n_only_old, changes->n_only_old == 1 ? "" : "s",
                 changes->n_only_new);
        columns_paragraph(to, text, 0);
    }
    snprintf(text, sizeof text,
             "Times: the median of all ratios of a sample after to one before, with an "
             "interval that encloses it with probability 0.95 if the two runs differ by "
             "a factor alone; zone %.3g %%. What slowed all of a run down is in it: a "
             "ceiling's ratio tells; elsewhere: on another machine. Instructions, misses "
             "and lines are an operation's, from "
             "runs that repeat exactly: zone %.3g %%.",
             100 * gate, 100 * gate / EXACT_PART);
    columns_paragraph(to, text, 0);
}

void changes_text(const struct changes *changes, double gate, FILE *to)
{
    const json_t *last = NULL;
    for (size_t i = 0; i < changes->n; i++) {
        const struct change *const change = &changes->of[i];
        if (!is_told(change))
            continue;
        if (last == NULL || !cell_is_beside(last, change->after)) {
            fprintf(to, "%s%s", last != NULL ? "\n" : "",
                    terminal_style(to, STYLE_STRONG));
            changes_where(change->after, to);
            fprintf(to, "%s\n  %-*s %-*s%6s%7s%6s  %-14s %s\n",
                    terminal_style(to, STYLE_PLAIN), NAME_WIDTH, "map", LABEL_WIDTH,
                    "number", "before", "after", "ratio", "interval", "verdict");
        }
        print_change(change, change->after != last, to);
        last = change->after;
    }
    if (last == NULL)
        fputs("No cell is in both with numbers to compare.\n", to);
    fputc('\n', to);
    print_rest(changes, gate, to);
}

/* ---- Markdown ---- */

/* "lookup hit u64, hash wyhash, n = 1,000", or nothing without memory. */
static void put_where(const json_t *cell, FILE *to)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const room = open_memstream(&text, &size);
    if (room == NULL)
        return;
    changes_where(cell, room);
    if (svg_made(room, &text) != NULL)
        markdown_text(to, text);
    free(text);
}

char *changes_markdown(const struct changes *changes, double gate)
{
    char *text = NULL;
    size_t size = 0;
    char name[CELL_NAME];
    FILE *const to = open_memstream(&text, &size);
    if (to == NULL)
        return NULL;
    fputs("### Hash maps, before and after\n\n"
          "| workload | map | number | before | after | ratio | verdict |\n"
          "|---|---|---|---|---|---|---|\n",
          to);
    for (size_t i = 0; i < changes->n; i++) {
        const struct change *const change = &changes->of[i];
        const struct difference *const d = &change->difference;
        const char *const strong = change_is_regression(change) ? "**" : "";
        if (!is_told(change))
            continue;
        fputs("| ", to);
        put_where(change->after, to);
        fputs(" | ", to);
        markdown_text(to, cell_name(change->after, name));
        fprintf(to, " | %s | %.5g | %.5g | %.3f", change->label, change->old_value,
                change->new_value, d->ratio);
        if (!change->is_exact)
            fprintf(to, " [%.3f, %.3f]", d->low, d->high);
        fprintf(to, " | %s%s%s |\n", strong, verdict_word(change), strong);
    }
    for (size_t i = 0; i < changes->n_broken; i++) {
        fputs("| ", to);
        put_where(changes->broken[i], to);
        fputs(" | ", to);
        markdown_text(to, cell_name(changes->broken[i], name));
        fputs(" | | | | | **", to);
        markdown_text(to, member_text(changes->broken[i], "status"));
        fputs("** |\n", to);
    }
    fputc('\n', to);
    print_rest(changes, gate, to);
    return svg_made(to, &text);
}

/* ---- complaints ---- */

size_t changes_complain(const struct changes *changes, FILE *to)
{
    char name[CELL_NAME];
    size_t n = changes->n_broken;
    for (size_t i = 0; i < changes->n_broken; i++) {
        const json_t *const cell = changes->broken[i];
        fprintf(to, "onemiss: regression: %s was ok and is %s, in ",
                cell_name(cell, name), member_text(cell, "status"));
        changes_where(cell, to);
        fprintf(to, ": %s\n", member_text(cell, "reason"));
    }
    for (size_t i = 0; i < changes->n; i++) {
        const struct change *const change = &changes->of[i];
        const struct difference *const d = &change->difference;
        if (!change_is_regression(change))
            continue;
        n++;
        fprintf(to, "onemiss: regression: %s has %.4g %s, before %.4g: ",
                cell_name(change->after, name), change->new_value, change->label,
                change->old_value);
        if (change->is_exact)
            fprintf(to, "%.4f times as many, in ", d->ratio);
        else
            fprintf(to, "%.3f [%.3f, %.3f] times as long, in ", d->ratio, d->low,
                    d->high);
        changes_where(change->after, to);
        fputc('\n', to);
    }
    return n;
}
