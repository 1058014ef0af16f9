/* SPDX-License-Identifier: MIT */
/* Which of the maps of a group is faster than its first, and whether that is shown:
 *
 *     against chaining                  time  interval          verdict
 *     open_addressing                  0.461  [ 0.432,  0.481]  faster */
#include "verdicts.h"

#include <stddef.h>

#include "../terminal.h"
#include "ceiling.h"
#include "cell_read.h"
#include "changes.h"
#include "changes_text.h"
#include "columns.h"

enum { NAME_WIDTH = 32 };
static const double ZONE = 0.01, WANTED_LEVEL = 0.95;
static const char metric_name[] = "ns_per_op";

/* The sample of that block, 0: it has none. */
static double sample_of(const json_t *samples, json_int_t block)
{
    size_t i;
    const json_t *sample;
    json_array_foreach(samples, i, sample)
    {
        if (i == DIFFERENCE_MOST)
            break;
        if (json_integer_value(json_object_get(sample, "block")) == block)
            return member_number(sample, "value");
    }
    return 0;
}

static const json_t *samples_of(const json_t *cell, const char *metric)
{
    return json_object_get(cell_metric(cell, metric), "samples");
}

bool verdict_of(const json_t *cell, const json_t *other, const char *metric, double zone,
                struct difference *difference)
{
    static double a[DIFFERENCE_MOST], b[DIFFERENCE_MOST];
    const json_t *const others = samples_of(other, metric);
    size_t i, n = 0;
    const json_t *sample;
    json_array_foreach(samples_of(cell, metric), i, sample)
    {
        if (n == DIFFERENCE_MOST)
            break;
        b[n] = member_number(sample, "value");
        a[n] = sample_of(others, json_integer_value(json_object_get(sample, "block")));
        n += a[n] > 0 && b[n] > 0;
    }
    if (n == 0)
        return false;
    *difference = difference_paired(a, b, n, zone, WANTED_LEVEL);
    return true;
}

/* The first that is ok; n: none is. */
static size_t find_base(const json_t *cells, size_t first, size_t n)
{
    size_t i = 0;
    while (i < n && (!cell_is_ok(json_array_get(cells, first + i)) ||
                     !cell_is_map(json_array_get(cells, first + i))))
        i++;
    return i;
}

/* Whether it has as many blocks as a verdict needs. */
static bool can_be_judged(const json_t *cell, const json_t *base, double zone,
                          struct difference *difference)
{
    return cell_is_ok(cell) && !cell_is_ceiling(cell) &&
           verdict_of(cell, base, metric_name, zone, difference) &&
           difference->level >= WANTED_LEVEL;
}

bool verdict_of_time(const json_t *cell, const json_t *base,
                     struct difference *difference)
{
    return cell_is_map(base) && can_be_judged(cell, base, ZONE, difference);
}

static void print_ratio(FILE *to, double ratio)
{
    if (ratio >= 0.0005 && ratio < 99)
        fprintf(to, "%6.3f", ratio);
    else
        fprintf(to, "%6.1g", ratio);
}

/* Green and red where it is shown. */
static enum style style_of(enum verdict verdict)
{
    return verdict == VERDICT_FASTER   ? STYLE_GOOD
           : verdict == VERDICT_SLOWER ? STYLE_BAD
                                       : STYLE_PLAIN;
}

static void print_row(const json_t *cell, const struct difference *difference, FILE *to)
{
    char name[CELL_NAME];
    fputs("  ", to);
    columns_name(to, cell_map(cell, name), NAME_WIDTH);
    print_ratio(to, difference->ratio);
    fputs("  [", to);
    print_ratio(to, difference->low);
    fputs(", ", to);
    print_ratio(to, difference->high);
    fprintf(to, "]  %s%s%s\n", terminal_style(to, style_of(difference->verdict)),
            verdict_names[difference->verdict], terminal_style(to, STYLE_PLAIN));
}

bool report_verdicts(const json_t *cells, size_t first, size_t n, FILE *to)
{
    const size_t base_at = find_base(cells, first, n);
    const json_t *const base = json_array_get(cells, first + base_at);
    struct difference difference;
    bool has_title = false;
    char name[CELL_NAME];
    for (size_t i = base_at + 1; i < n; i++) {
        const json_t *const cell = json_array_get(cells, first + i);
        if (!verdict_of_time(cell, base, &difference))
            continue;
        if (!has_title) {
            fputs("  against ", to);
            columns_name(to, cell_map(base, name), NAME_WIDTH - 8);
            fputs("  time  interval          verdict\n", to);
        }
        has_title = true;
        print_row(cell, &difference, to);
    }
    return has_title;
}

size_t report_twins(const json_t *cells, size_t *n_told_apart)
{
    size_t n_twins = 0;
    struct difference difference;
    *n_told_apart = 0;
    for (size_t first = 0, n; (n = cell_group(cells, first)) > 0; first += n) {
        const json_t *const base =
            json_array_get(cells, first + find_base(cells, first, n));
        for (size_t i = first; i < first + n; i++) {
            const json_t *const cell = json_array_get(cells, i);
            if (!cell_is_twin(cell) || !verdict_of_time(cell, base, &difference))
                continue;
            n_twins++;
            *n_told_apart += difference.verdict == VERDICT_FASTER ||
                             difference.verdict == VERDICT_SLOWER;
        }
    }
    return n_twins;
}

bool report_twins_text(const json_t *cells, char *text, size_t room)
{
    size_t n_told_apart;
    const size_t n_twins = report_twins(cells, &n_told_apart);
    snprintf(text, room,
             "A/A test: the first map ran twice in %zu group%s and was told apart from "
             "itself in %zu; more than one in 20 says that the machine makes the "
             "differences, not the maps.",
             n_twins, n_twins == 1 ? "" : "s", n_told_apart);
    return n_twins > 0;
}

void report_verdicts_legend(const json_t *cells, FILE *to)
{
    char text[512];
    snprintf(text, sizeof text,
             "Times against those of the first map that ran: medians of the ratios "
             "within a block; an interval encloses the true one with probability %.2f or "
             "more; same: all of it within %.0f %%.",
             WANTED_LEVEL, 100 * ZONE);
    columns_paragraph(to, text, 0);
    if (report_twins_text(cells, text, sizeof text))
        columns_paragraph(to, text, 0);
}

/* In the words of a complaint: it is one. */
static void print_regression(const json_t *cell, const json_t *base,
                             const struct difference *difference, FILE *to)
{
    char name[CELL_NAME], base_name[CELL_NAME];
    fprintf(to,
            "onemiss: regression: %s takes %.3f [%.3f, %.3f] times as long as %s, in ",
            cell_name(cell, name), difference->ratio, difference->low, difference->high,
            cell_name(base, base_name));
    changes_where(cell, to);
    fputc('\n', to);
}

/* What repeats exactly and was measured, held tightly. */
static size_t report_counts(const json_t *cell, const json_t *base, double gate, FILE *to)
{
    size_t n_found = 0;
    struct difference difference;
    char name[CELL_NAME], base_name[CELL_NAME];
    for (const struct exact_metric *m = exact_metrics; m->name != NULL; m++) {
        if (!change_of_count(cell, base, m->name, gate / EXACT_PART, &difference) ||
            difference.verdict != VERDICT_SLOWER)
            continue;
        fprintf(to, "onemiss: regression: %s has %.4f times the %s of %s, in ",
                cell_name(cell, name), difference.ratio, m->label,
                cell_name(base, base_name));
        changes_where(cell, to);
        fputc('\n', to);
        n_found++;
    }
    return n_found;
}

size_t report_regressions(const json_t *cells, double gate, FILE *to)
{
    size_t n_found = 0;
    struct difference difference;
    for (size_t first = 0, n; (n = cell_group(cells, first)) > 0; first += n) {
        const json_t *const base = json_array_get(cells, first);
        for (size_t i = 1; cell_is_ok(base) && !cell_is_twin(base) && i < n; i++) {
            const json_t *const cell = json_array_get(cells, first + i);
            if (!cell_is_ok(cell) || !cell_is_map(cell))
                continue;
            n_found += report_counts(cell, base, gate, to);
            if (!can_be_judged(cell, base, gate, &difference) ||
                difference.verdict != VERDICT_SLOWER)
                continue;
            print_regression(cell, base, &difference, to);
            n_found++;
        }
    }
    return n_found;
}
