/* SPDX-License-Identifier: MIT */
/* A result as a page, as CSV and as Markdown: every number is that of its samples, and no
 * label is anything but text. */
#include "unit.h"

#include <math.h>

#include "report/csv.h"
#include "report/markdown.h"
#include "report/page.h"
#include "stats/median.h"

enum { N_BLOCKS = 8, N_CELLS = 6 };

static json_t *metric_of(const double *values, size_t n)
{
    double sorted[N_BLOCKS];
    json_t *const samples = json_array();
    for (size_t i = 0; i < n; i++) {
        sorted[i] = values[i];
        json_array_append_new(samples, json_pack("{s:i, s:i, s:f}", "block", (int)i,
                                                 "position", 0, "value", values[i]));
    }
    const struct median median = median_of(sorted, n, 0.95);
    return json_pack("{s:f, s:f, s:f, s:f, s:s, s:s, s:s, s:o}", "value", median.value,
                     "low", median.low, "high", median.high, "level", median.level,
                     "unit", "ns", "trust", "measured", "statistic", "median", "samples",
                     samples);
}

static json_t *cell_of(const char *subject, const char *role, int n, double ns,
                       double bytes)
{
    double times[N_BLOCKS];
    for (size_t i = 0; i < N_BLOCKS; i++)
        times[i] = ns * (1 + 0.01 * (double)(i * 5 % N_BLOCKS));
    json_t *const cell = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:{s:o, s:o, s:o}}",
        "subject", subject, "workload", "lookup", "pattern", "hit", "key", "u64", "hash",
        "wyhash", "n", n, "pages", "default", "build", "native", "status", "ok", "reason",
        "", "metrics", "ns_per_op", metric_of(times, N_BLOCKS), "bytes_per_entry",
        metric_of(&bytes, 1), "bytes_per_entry_without_strings", metric_of(&bytes, 1));
    if (role != NULL)
        json_object_set_new(cell, "role", json_string(role));
    return cell;
}

/* Two maps and a ceiling at two sizes; the first map's name is `name`. */
static json_t *result_of(const char *name)
{
    json_t *const cells = json_array();
    for (int i = 0; i < 2; i++) {
        const int n = i == 0 ? 1000 : 1000000;
        json_array_append_new(cells, cell_of(name, NULL, n, 20.0 * (i + 1), 32));
        json_array_append_new(cells, cell_of("second", NULL, n, 25.0 * (i + 1), 24));
        json_array_append_new(cells, cell_of("one_line_32", "ceiling", n, 10, 32));
    }
    return json_pack("{s:o, s:b, s:[s,s], s:s, s:{s:s}}", "cells", cells, "complete", 1,
                     "command", "onemiss", name, "started", "2026-11-23T00:00:00Z",
                     "machine", "cpu", name);
}

static char *made(char *(*make)(const json_t *result), const char *name)
{
    json_t *const result = result_of(name);
    char *const text = make(result);
    assert_non_null(text);
    json_decref(result);
    return text;
}

/* ---- numbers ---- */

/* The median of the samples of a metric, by its own way: rank and rank. */
static double recompute(const json_t *metric)
{
    const json_t *const samples = json_object_get(metric, "samples");
    const size_t n = json_array_size(samples);
    double middle[2] = {0, 0};
    for (size_t i = 0; i < n; i++) {
        const double value =
            json_number_value(json_object_get(json_array_get(samples, i), "value"));
        size_t rank = 0;
        for (size_t j = 0; j < n; j++) {
            const double other =
                json_number_value(json_object_get(json_array_get(samples, j), "value"));
            rank += other < value || (other == value && j < i);
        }
        if (rank == (n - 1) / 2)
            middle[0] = value;
        if (rank == n / 2)
            middle[1] = value;
    }
    return (middle[0] + middle[1]) / 2;
}

static void every_number_is_that_of_its_samples(void **state)
{
    static const char marker[] = "data-cell=\"";
    size_t n_seen = 0;
    (void)state;
    json_t *const result = result_of("first");
    char *const page = report_page(result);
    assert_non_null(page);
    for (const char *at = page; (at = strstr(at, marker)) != NULL;) {
        size_t cell;
        char name[64];
        double shown;
        assert_int_equal(sscanf(at, "data-cell=\"%zu\" data-metric=\"%63[^\"]\">%lf",
                                &cell, name, &shown),
                         3);
        const json_t *const metric = json_object_get(
            json_object_get(json_array_get(json_object_get(result, "cells"), cell),
                            "metrics"),
            name);
        assert_non_null(metric);
        const double wanted = recompute(metric);
        if (fabs(shown - wanted) > 0.006 * wanted)
            fail_msg("cell %zu, %s: the page has %g, the samples %g", cell, name, shown,
                     wanted);
        n_seen++;
        at += sizeof marker;
    }
    /* each time in the heat table and in its own, each map's bytes once */
    assert_int_equal(n_seen, N_CELLS + N_CELLS + N_CELLS);
    free(page);
    json_decref(result);
}

static void multiples_are_of_the_ceiling_at_the_own_footprint(void **state)
{
    (void)state;
    char *const page = made(report_page, "first");
    expect_part(page, "<small>2.00×</small>"); /* 20 ns by 10 */
    expect_part(page, "<small>2.50×</small>");
    expect_part(page, "<strong>first</strong> has the least time in 2 of 2, at 2.00 to "
                      "4.00 times its ceiling");
    free(page);
}

static void several_sizes_are_drawn_and_tabled(void **state)
{
    (void)state;
    char *const page = made(report_page, "first");
    expect_part(page, "Time against size: lookup, hit, u64");
    expect_part(page, "<th scope=\"row\">first</th><td>1000000</td><td>41.4</td>");
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "http:"));
    assert_null(strstr(page, "https:"));
    assert_null(strstr(page, "src="));
    assert_true(strlen(page) < 1500000);
    free(page);
}

/* ---- caches in the charts ---- */

/* The result with a machine that has these two levels of data, and one of instructions. */
static json_t *result_with_caches(void)
{
    json_t *const result = result_of("first");
    json_object_set_new(json_object_get(result, "machine"), "caches",
                        json_pack("[{s:s, s:s, s:s}, {s:s, s:s, s:s}, {s:s, s:s, s:s}]",
                                  "level", "1", "type", "Data", "size", "32K", "level",
                                  "1", "type", "Instruction", "size", "64K", "level", "2",
                                  "type", "Unified", "size", "1M"));
    return result;
}

static size_t count_of(const char *text, const char *part)
{
    size_t n = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        n++;
    return n;
}

static void a_cache_stands_where_the_maps_fill_it(void **state)
{
    (void)state;
    json_t *const result = result_with_caches();
    char *const page = report_page(result);
    double x[2], y, left, width;
    expect_part(page, "where the maps, of 24 to 32 bytes an entry, fill a cache, by the "
                      "kernel&#39;s word; L1 32K at n = 1,024 to 1,365; L2 1M at n = "
                      "32,768 to 43,690.");
    assert_int_equal(count_of(page, "class=\"band\""), 2);
    /* the second band, held against the points at n = 1,000 and 1,000,000 */
    const char *at = strstr(page, "class=\"line c0\" d=\"M");
    assert_int_equal(sscanf(at, "class=\"line c0\" d=\"M%lf %lfL%lf", &x[0], &y, &x[1]),
                     3);
    at = strstr(strstr(page, "class=\"band\"") + 1, "class=\"band\"");
    assert_int_equal(
        sscanf(at, "class=\"band\" x=\"%lf\" y=\"%lf\" width=\"%lf\"", &left, &y, &width),
        3);
    const double scale = (x[1] - x[0]) / log(1000);
    assert_true(fabs(left - (x[0] + scale * log(32.768))) < 0.2);
    assert_true(fabs(width - scale * log(32.0 / 24)) < 0.2);
    free(page);
    json_decref(result);
}

static void bytes_that_nobody_counted_are_told_to_be_usual_ones(void **state)
{
    (void)state;
    json_t *const result = result_with_caches(), *cell;
    size_t i;
    json_array_foreach(json_object_get(result, "cells"), i, cell)
        json_object_del(json_object_get(cell, "metrics"), "bytes_per_entry");
    json_object_set_new(json_object_get(result, "machine"), "is_virtual", json_true());
    char *const page = report_page(result);
    expect_part(page, "where maps of 16 to 40 bytes an entry (theirs were not counted) "
                      "fill a cache, by the hypervisor&#39;s word; L1 32K at n = 819 to "
                      "2,048;");
    free(page);
    json_decref(result);
}

static void without_caches_nothing_is_shaded(void **state)
{
    (void)state;
    char *const page = made(report_page, "first");
    assert_null(strstr(page, "class=\"band\""));
    assert_null(strstr(page, "Shaded"));
    free(page);
}

/* ---- resizes ---- */

static void resizes_of_the_largest_size_are_drawn_and_tabled(void **state)
{
    (void)state;
    json_t *const result = result_of("first"), *cell;
    size_t i;
    json_array_foreach(json_object_get(result, "cells"), i, cell)
    {
        json_t *const events = json_array();
        for (int doubling = 0; i != 1 && i != 2 && doubling < 30; doubling++)
            json_array_append_new(events,
                                  json_pack("{s:I, s:f}", "new_capacity",
                                            (json_int_t)16 << doubling, "duration_ns",
                                            1e3 * (double)(i + 1) + doubling));
        json_object_set_new(cell, "resize_events", events);
    }
    json_object_set_new(json_array_get(json_object_get(result, "cells"), 4), "status",
                        json_string("wrong"));
    char *const page = report_page(result);
    assert_int_equal(count_of(page, "Resizes: lookup, hit, u64, n = 1000000</figcap"), 1);
    assert_int_equal(count_of(page, "Resizes: lookup, hit, u64, n = 1000<"), 0);
    const char *const table = strstr(page, "Numbers of Resizes");
    assert_non_null(table);
    /* the last 24 of 30: from 16 << 6 on, of cell 3, the first map at 1,000,000 */
    expect_part(table,
                "<tbody>\n<tr><th scope=\"row\">first</th><td>1024</td><td>4006</td>");
    expect_part(table, "<td>8589934592</td><td>4029</td>");
    assert_null(strstr(table, "<th scope=\"row\">second</th><td>1024</td>"));
    free(page);
    json_decref(result);
}

/* ---- cache lines ---- */

static void lines_are_drawn_where_heat_was_taken(void **state)
{
    (void)state;
    json_t *const result = result_of("first");
    char *page = report_page(result);
    assert_null(strstr(page, "Cache lines"));
    free(page);
    json_t *const cell = json_array_get(json_object_get(result, "cells"), 1);
    json_object_set_new(cell, "operations", json_integer(10));
    json_object_set_new(cell, "heat",
                        json_pack("[{s:s, s:i, s:i, s:[i,i,i,i], s:[i,i,i,i]}]", "part",
                                  "<entries>", "entry_bytes", 4, "period_bytes", 4,
                                  "reads", 9, 9, 0, 0, "writes", 0, 0, 5, 5));
    page = report_page(result);
    expect_part(page, "<h2>Cache lines</h2>");
    expect_part(page, "second: the bytes of &#60;entries&#62;");
    free(page);
    json_decref(result);
}

/* ---- labels ---- */

static const char hostile[] =
    "</script></style><img src=x onerror=alert(1)>'\"&amp;`|\x1b[31m\r\n=cmd()../../x";

static void a_hostile_label_is_text_in_a_page(void **state)
{
    (void)state;
    char *const page = made(report_page, hostile);
    assert_null(strstr(page, "<img"));
    assert_null(strstr(page, "</script"));
    assert_null(strchr(page, '\x1b'));
    assert_ptr_equal(strstr(page, "</style>"), strstr(page, "</style>\n</head>"));
    assert_null(strstr(strstr(page, "</style>") + 1, "</style>"));
    expect_part(page, "&#60;/script&#62;&#60;/style&#62;&#60;img src=x");
    free(page);
}

static void a_hostile_label_is_no_formula_and_no_line_in_csv(void **state)
{
    (void)state;
    char *csv = made(report_csv, "=cmd|' /C calc'!A0");
    expect_part(csv, "\r\n\"'=cmd|' /C calc'!A0\",");
    free(csv);
    csv = made(report_csv, hostile);
    size_t n_lines = 0;
    for (const char *at = csv; *at != '\0'; at++) {
        n_lines += *at == '\n';
        assert_true(*at != '\n' || (at > csv && at[-1] == '\r'));
    }
    assert_null(strchr(csv, '\x1b'));
    /* a title; three metrics and 8, 1 and 1 samples of 6 cells */
    assert_int_equal(n_lines, 1 + N_CELLS * (3 + 8 + 1 + 1));
    free(csv);
}

static void a_hostile_label_stays_in_its_cell_of_markdown(void **state)
{
    (void)state;
    char *const text = made(report_markdown, hostile);
    assert_null(strstr(text, "<img"));
    assert_null(strchr(text, '\x1b'));
    expect_part(text, "&#60;/script&#62;");
    expect_part(text, "\\`\\|?");
    expect_part(text, "| second | 25.88 ");
    expect_part(text, "slower, 1.250 [1.250, 1.250]");
    free(text);
}

static void a_page_of_nothing_is_a_page(void **state)
{
    (void)state;
    json_t *const result = json_pack("{s:[], s:b}", "cells", "complete", 0);
    char *const page = report_page(result);
    expect_part(page, "No map has a time here.");
    expect_part(page, "interrupted");
    expect_part(page, "</html>");
    free(page);
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_is_that_of_its_samples),
        cmocka_unit_test(multiples_are_of_the_ceiling_at_the_own_footprint),
        cmocka_unit_test(several_sizes_are_drawn_and_tabled),
        cmocka_unit_test(a_cache_stands_where_the_maps_fill_it),
        cmocka_unit_test(bytes_that_nobody_counted_are_told_to_be_usual_ones),
        cmocka_unit_test(without_caches_nothing_is_shaded),
        cmocka_unit_test(resizes_of_the_largest_size_are_drawn_and_tabled),
        cmocka_unit_test(lines_are_drawn_where_heat_was_taken),
        cmocka_unit_test(a_hostile_label_is_text_in_a_page),
        cmocka_unit_test(a_hostile_label_is_no_formula_and_no_line_in_csv),
        cmocka_unit_test(a_hostile_label_stays_in_its_cell_of_markdown),
        cmocka_unit_test(a_page_of_nothing_is_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
