/* SPDX-License-Identifier: MIT */
/* The tables of a page: all maps under all workloads at a glance, and each group whole.
 *
 * Every number that stands in a table says by data-cell and data-metric which metric of
 * which cell of the result it is, so that it can be recomputed from the samples there. */
#include "page_tables.h"

#include <math.h>
#include <string.h>

#include "ceiling.h"
#include "cell_read.h"
#include "columns.h"
#include "html.h"
#include "verdicts.h"

enum { MOST_MAPS = 128 };

const char page_tables_style[] =
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:4px 0 "
    "18px}\n"
    "caption{text-align:left;font-weight:600;padding:4px 0}\n"
    "th,td{padding:3px 10px;text-align:right;border-bottom:1px solid var(--rule);"
    "vertical-align:top}\n"
    "th[scope=row]{text-align:left;font-weight:500;white-space:nowrap}\n"
    "th:first-child{text-align:left}thead "
    "th{color:var(--dim);font-weight:600;vertical-align:bottom}\n"
    ".heat thead th{max-width:9em}.heat small,.times{color:inherit;font-size:12px;"
    "display:block}\n"
    ".h0{background:var(--h0)}.h1{background:var(--h1)}.h2{background:var(--h2)}\n"
    ".h3{background:var(--h3)}.h4{background:var(--h4)}.h5{background:var(--h5)}\n"
    ".ceiling th,.ceiling td{color:var(--dim);font-style:italic}\n"
    ".bad{color:var(--warn);font-weight:600}.faster{color:var(--good)}"
    ".slower{color:var(--warn)}\n"
    ".whole{white-space:nowrap}.wide{overflow-x:auto}.left{text-align:left}\n";

void page_group_name(FILE *to, const json_t *cell)
{
    static const char *const names[] = {"pattern", "key"};
    char source[CELL_SOURCE];
    html_text(to, member_text(cell, "workload"));
    for (size_t i = 0; i < 2; i++) {
        if (*member_text(cell, names[i]) == '\0')
            continue;
        fputs(", ", to);
        html_text(to, member_text(cell, names[i]));
    }
    fputs(", n = ", to);
    columns_grouped(to, json_integer_value(json_object_get(cell, "n")));
    if (strcmp(member_text(cell, "pages"), "default") != 0) {
        fputs(", pages ", to);
        html_text(to, member_text(cell, "pages"));
    }
    fputs(cell_source(cell, source), to);
}

static double value_of(const json_t *cell, const char *metric)
{
    return member_number(cell_metric(cell, metric), "value");
}

static bool is_timed_map(const json_t *cell)
{
    return cell_is_ok(cell) && cell_is_map(cell) && value_of(cell, "ns_per_op") > 0;
}

/* The map of least time; NULL: none has one. */
static const json_t *best_of(const json_t *cells, size_t first, size_t n)
{
    const json_t *best = NULL;
    for (size_t i = first; i < first + n; i++) {
        const json_t *const cell = json_array_get(cells, i);
        if (is_timed_map(cell) &&
            (best == NULL || value_of(cell, "ns_per_op") < value_of(best, "ns_per_op")))
            best = cell;
    }
    return best;
}

/* ---- the sentence ---- */

struct score {
    char name[CELL_NAME];
    size_t n_best;
    double least, most; /* multiples of the ceiling where it is best; 0: unknown */
};

static struct score *score_of(struct score *scores, size_t *n, const char *name)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(scores[i].name, name) == 0)
            return &scores[i];
    if (*n == MOST_MAPS)
        return NULL;
    scores[*n] = (struct score){0};
    snprintf(scores[*n].name, CELL_NAME, "%s", name);
    return &scores[(*n)++];
}

static size_t count_scores(const json_t *cells, struct score *scores, size_t *n_groups)
{
    size_t n_scores = 0;
    char name[CELL_NAME];
    *n_groups = 0;
    for (size_t first = 0, n; (n = cell_group(cells, first)) > 0; first += n) {
        const json_t *const best = best_of(cells, first, n);
        struct score *const score =
            best != NULL ? score_of(scores, &n_scores, cell_map(best, name)) : NULL;
        double multiple;
        *n_groups += best != NULL;
        if (score == NULL)
            continue;
        score->n_best++;
        if (!ceiling_multiple(cells, first, n, best, &multiple))
            continue;
        score->least = score->least == 0 ? multiple : fmin(score->least, multiple);
        score->most = fmax(score->most, multiple);
    }
    return n_scores;
}

void page_put_sentence(FILE *to, const json_t *cells)
{
    struct score scores[MOST_MAPS];
    size_t n_groups, n = count_scores(cells, scores, &n_groups);
    fputs("<p class=\"verdict\">", to);
    if (n_groups == 0)
        fputs("No map has a time here.", to);
    for (size_t round = 0; round < 3 && n > 0; round++) {
        size_t best = 0;
        for (size_t i = 1; i < n; i++)
            if (scores[i].n_best > scores[best].n_best)
                best = i;
        struct score *const score = &scores[best];
        if (score->n_best == 0)
            break;
        fputs(round == 0 ? "<strong>" : "; <strong>", to);
        html_text(to, score->name);
        fprintf(to, "</strong>%s %zu", round == 0 ? " has the least time in" : " in",
                score->n_best);
        if (round == 0)
            fprintf(to, " of %zu", n_groups);
        if (score->least > 0 && score->most > score->least * 1.005)
            fprintf(to, ", at %.2f to %.2f times its ceiling", score->least, score->most);
        else if (score->least > 0)
            fprintf(to, ", at %.2f times its ceiling", score->least);
        score->n_best = 0;
    }
    fputs(n_groups > 0
              ? ". Which of the differences are shown, and not chance, stands in "
                "the tables.</p>\n"
              : "</p>\n",
          to);
}

/* ---- the heat table ---- */

/* Names of maps in order of their first cells, ceilings behind. */
static size_t list_maps(const json_t *cells, char names[MOST_MAPS][CELL_NAME])
{
    size_t n = 0, i;
    json_t *cell;
    for (int are_ceilings = 0; are_ceilings < 2; are_ceilings++) {
        json_array_foreach(cells, i, cell)
        {
            char name[CELL_NAME];
            size_t at = 0;
            if (cell_is_twin(cell) || cell_is_ceiling(cell) != (are_ceilings != 0))
                continue;
            cell_map(cell, name);
            while (at < n && strcmp(names[at], name) != 0)
                at++;
            if (at == n && n < MOST_MAPS)
                memcpy(names[n++], name, sizeof name);
        }
    }
    return n;
}

static const json_t *cell_of(const json_t *cells, size_t first, size_t n,
                             const char *wanted, size_t *at)
{
    char name[CELL_NAME];
    for (*at = first; *at < first + n; ++*at)
        if (strcmp(cell_map(json_array_get(cells, *at), name), wanted) == 0)
            return json_array_get(cells, *at);
    return NULL;
}

static void put_ns(FILE *to, double ns)
{
    fprintf(to, ns < 9.995 ? "%.2f" : ns < 9999.5 ? "%.1f" : "%.3g", ns);
}

static void put_heat_cell(FILE *to, const json_t *cells, size_t first, size_t n,
                          const char *map)
{
    static const double steps[] = {1.05, 1.25, 1.6, 2.5, 4};
    size_t at;
    const json_t *const cell = cell_of(cells, first, n, map, &at);
    const json_t *const best = best_of(cells, first, n);
    double multiple;
    if (cell == NULL || !cell_is_ok(cell) || cell_metric(cell, "ns_per_op") == NULL) {
        fputs(cell != NULL && !cell_is_ok(cell) ? "<td class=\"bad\">" : "<td>", to);
        html_text(to, cell == NULL        ? "–"
                      : !cell_is_ok(cell) ? member_text(cell, "status")
                                          : "–");
        fputs("</td>", to);
        return;
    }
    const double ns = value_of(cell, "ns_per_op");
    if (cell_is_ceiling(cell) || best == NULL) {
        fprintf(to, "<td data-cell=\"%zu\" data-metric=\"ns_per_op\">", at);
        put_ns(to, ns);
        fputs("</td>", to);
        return;
    }
    unsigned heat = 0;
    while (heat < 5 && ns > steps[heat] * value_of(best, "ns_per_op"))
        heat++;
    fprintf(to, "<td class=\"h%u\"><span data-cell=\"%zu\" data-metric=\"ns_per_op\">",
            heat, at);
    put_ns(to, ns);
    fputs("</span>", to);
    if (ceiling_multiple(cells, first, n, cell, &multiple))
        fprintf(to, "<small>%.2f×</small>", multiple);
    fputs("</td>", to);
}

void page_put_heat(FILE *to, const json_t *cells)
{
    static char names[MOST_MAPS][CELL_NAME];
    const size_t n_maps = list_maps(cells, names);
    fputs("<section class=\"wide\" tabindex=\"0\" aria-label=\"All maps under "
          "all workloads\"><table class=\"heat\">\n<caption>Nanoseconds an operation; "
          "below, × its ceiling</caption>\n<thead><tr><th scope=\"col\">map</th>",
          to);
    for (size_t first = 0, n; (n = cell_group(cells, first)) > 0; first += n) {
        fputs("<th scope=\"col\">", to);
        page_group_name(to, json_array_get(cells, first));
        fputs("</th>", to);
    }
    fputs("</tr></thead>\n<tbody>\n", to);
    for (size_t i = 0; i < n_maps; i++) {
        size_t at;
        const json_t *const any =
            cell_of(cells, 0, json_array_size(cells), names[i], &at);
        fprintf(to, "<tr%s><th scope=\"row\">",
                cell_is_ceiling(any) ? " class=\"ceiling\"" : "");
        html_text(to, names[i]);
        fputs("</th>", to);
        for (size_t first = 0, n; (n = cell_group(cells, first)) > 0; first += n)
            put_heat_cell(to, cells, first, n, names[i]);
        fputs("</tr>\n", to);
    }
    fputs("</tbody></table></section>\n<p class=\"dim\">The darker, the longer than the "
          "fastest "
          "map of the column: up to 1.05, 1.25, 1.6, 2.5, 4 times, and more. ",
          to);
    html_text(to, CEILING_LEGEND);
    fputs("</p>\n", to);
}

/* ---- one group ---- */

static const struct column {
    const char *title, *metric;
    double scale;
    int decimals;
} columns[] = {
    {"peak MiB", "peak_bytes", 1048576, 1},
    {"resident MiB", "peak_rss_bytes", 1048576, 1},
    {"bytes an entry", "bytes_per_entry", 1, 1},
    {"allocations", "alloc_calls", 1, 0},
    {"page faults", "page_faults", 1, 0},
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

static void put_number(FILE *to, const json_t *cell, size_t at,
                       const struct column *column)
{
    const json_t *const metric = cell_metric(cell, column->metric);
    const json_t *const value = json_object_get(metric, "value");
    if (json_is_number(value)) {
        fprintf(to, "<td data-cell=\"%zu\" data-metric=\"%s\">%.*f</td>", at,
                column->metric, column->decimals,
                json_number_value(value) / column->scale);
        return;
    }
    fputs("<td title=\"", to);
    html_text(to, metric != NULL ? member_text(metric, "reason") : "not asked for");
    fputs("\">–</td>", to);
}

static void put_verdict(FILE *to, const json_t *cell, const json_t *base)
{
    struct difference difference;
    if (cell == base) {
        fputs("<td class=\"left\">the others are held against it</td>", to);
        return;
    }
    if (base == NULL || !verdict_of_time(cell, base, &difference)) {
        fputs("<td class=\"left\">–</td>", to);
        return;
    }
    const char *const word = verdict_names[difference.verdict];
    fprintf(to, "<td class=\"left %s\">%s, %.3f [%.3f, %.3f]</td>", word, word,
            difference.ratio, difference.low, difference.high);
}

static void put_row(FILE *to, const json_t *cells, size_t first, size_t n, size_t at,
                    const json_t *base)
{
    const json_t *const cell = json_array_get(cells, at);
    char name[CELL_NAME];
    double multiple;
    fprintf(to, "<tr%s><th scope=\"row\">",
            cell_is_ceiling(cell) ? " class=\"ceiling\"" : "");
    html_text(to, cell_map(cell, name));
    if (*member_text(cell, "origin") != '\0') {
        fputs(" <small class=\"dim\">", to);
        html_text(to, member_text(cell, "origin"));
        fputs("</small>", to);
    }
    fputs("</th>", to);
    if (!cell_is_ok(cell)) {
        fprintf(to, "<td class=\"left bad\" colspan=\"%d\">", 4 + N_COLUMNS);
        html_text(to, member_text(cell, "status"));
        fputs(": ", to);
        html_text(to, member_text(cell, "reason"));
        fputs("</td></tr>\n", to);
        return;
    }
    const json_t *const metric = cell_metric(cell, "ns_per_op");
    fprintf(to, "<td data-cell=\"%zu\" data-metric=\"ns_per_op\">", at);
    put_ns(to, member_number(metric, "value"));
    fputs("</td><td class=\"whole\">", to);
    if (json_is_number(json_object_get(metric, "low"))) {
        put_ns(to, member_number(metric, "low"));
        fputs(" to ", to);
        put_ns(to, member_number(metric, "high"));
    }
    if (ceiling_multiple(cells, first, n, cell, &multiple))
        fprintf(to, "</td><td>%.2f</td>", multiple);
    else
        fputs("</td><td>–</td>", to);
    put_verdict(to, cell, base);
    for (size_t i = 0; i < N_COLUMNS; i++)
        put_number(to, cell, at, &columns[i]);
    fputs("</tr>\n", to);
}

void page_put_group(FILE *to, const json_t *cells, size_t first, size_t n)
{
    const json_t *const cell = json_array_get(cells, first);
    const json_t *base = NULL;
    for (size_t i = 0; i < n && base == NULL; i++)
        if (is_timed_map(json_array_get(cells, first + i)))
            base = json_array_get(cells, first + i);
    fputs("<section class=\"wide\" tabindex=\"0\" aria-label=\"", to);
    page_group_name(to, cell);
    fputs("\"><table>\n<caption>", to);
    page_group_name(to, cell);
    fputs("; hash ", to);
    html_text(to, member_text(cell, "hash"));
    fputs("</caption>\n<thead><tr><th scope=\"col\">map</th><th scope=\"col\">ns</th>"
          "<th scope=\"col\">interval</th><th scope=\"col\">× ceiling</th>"
          "<th scope=\"col\" class=\"left\">time against the first</th>",
          to);
    for (size_t i = 0; i < N_COLUMNS; i++)
        fprintf(to, "<th scope=\"col\">%s</th>", columns[i].title);
    fputs("</tr></thead>\n<tbody>\n", to);
    for (size_t i = first; i < first + n; i++)
        put_row(to, cells, first, n, i, base);
    fputs("</tbody></table></section>\n", to);
}
