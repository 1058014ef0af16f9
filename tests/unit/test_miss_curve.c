/* SPDX-License-Identifier: MIT */
/* Miss curves are drawn where they belong, within their columns, and nothing in them gets
 * out of hand. */
#include "picture.h"

#include <math.h>

#include "report/miss_curve.h"
#include "report/miss_curve_read.h"

/* 100 operations; 512 B to 32 KiB: 4 misses, then 2, from 64 KiB on 1. */
static const char falling[] = "[[8, 400], [16, 400], [512, 200], [1024, 100]]";

static json_t *a_cell(const char *subject, const char *points, const char *geometry)
{
    json_t *const cell = parse_json(
        "{'status': 'ok', 'workload': 'load_factor', 'pattern': '', 'key': 'u64',"
        "'hash': 'siphash13', 'n': 100, 'operations': 100, 'reuse': {'line_bytes': 64,"
        "'accesses': 1000}, 'cache_model': [{'machine': 'i7', 'line_bytes': 64,"
        "'model': 'lru', 'levels': 2, 'parts': []}]}");
    json_object_set_new(cell, "subject", json_string(subject));
    json_object_set_new(json_object_get(cell, "reuse"), "points", parse_json(points));
    json_object_set_new(json_array_get(json_object_get(cell, "cache_model"), 0),
                        "geometry", json_string(geometry));
    return cell;
}

static json_t *two_cells(void)
{
    return json_pack("[o, o]", a_cell("chaining", falling, "1K/8,32K/4"),
                     a_cell("open", "[[8, 200], [4096, 20]]", "1K/8,32K/4"));
}

/* What is printed; the caller frees it. */
static char *printed(const json_t *cells)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    report_miss_curve(cells, 0, json_array_size(cells), to);
    fclose(to);
    expect_within(text, 80);
    expect_no_part(text, "nan");
    expect_no_part(text, " inf");
    return text;
}

static char *drawn(const json_t *cells)
{
    char *const text = miss_curve_svg(cells);
    assert_non_null(text);
    expect_well_formed(text);
    expect_no_part(text, "nan");
    expect_no_part(text, "inf");
    return text;
}

/* ---- reading ---- */

static void levels_are_read_from_the_geometry(void **state)
{
    static const struct {
        const char *geometry;
        size_t n;
        double bytes[CACHE_MOST_LEVELS];
    } geometries[] = {
        {"32K/8,256K/4,8M/16", 3, {32768, 262144, 8388608, 0}},
        {"128K/8,12M/12@128", 2, {131072, 12582912, 0, 0}},
        {"48000/12", 1, {48000, 0, 0, 0}},
        {"1G/16", 1, {1073741824, 0, 0, 0}},
        {"1K/1,2K/1,4K/1,8K/1,16K/1", 4, {1024, 2048, 4096, 8192}},
        {"", 0, {0}},
        {"big", 0, {0}},
        {"-5K/8,nan/1,1e5/4,0/8,inf/2,0x10/1", 0, {0}},
        {"99999999999999999999999999G/8", 0, {0}},
        {",,,32K/8", 1, {32768, 0, 0, 0}},
    };
    (void)state;
    for (size_t i = 0; i < N_OF(geometries); i++) {
        double bytes[CACHE_MOST_LEVELS];
        const size_t n = miss_geometry(geometries[i].geometry, bytes);
        if (n != geometries[i].n)
            fail_msg("'%s' has %zu levels", geometries[i].geometry, n);
        for (size_t k = 0; k < n; k++)
            assert_true(bytes[k] == geometries[i].bytes[k]);
    }
}

static void marks_of_an_axis_are_round(void **state)
{
    (void)state;
    for (double most = 1e-15; most < 1e17; most *= 1.37) {
        const double step = miss_step(most, 5);
        const double digit = step / pow(10, floor(log10(step) + 1e-9));
        assert_true(step * 5 >= most * (1 - 1e-9) && step * 2 <= most * (1 + 1e-9));
        assert_true(fabs(digit - 1) < 1e-6 || fabs(digit - 2) < 1e-6 ||
                    fabs(digit - 5) < 1e-6);
    }
}

/* ---- characters ---- */

static void the_table_is_read_at_the_levels(void **state)
{
    (void)state;
    json_t *const cells = two_cells();
    char *const text = printed(cells);
    expect_part(text, "misses an operation at          1 KiB   32 KiB  256 KiB\n");
    expect_part(text, "  o chaining                       4.00     2.00     1.00\n");
    /* between its two points open misses no less than at the smaller */
    expect_part(text, "  x open                           2.00     2.00     0.20\n");
    expect_part(text, " i7,\n  1K/8,32K/4.\n");
    free(text);
    json_decref(cells);
}

/* 512 B to 256 KiB are nine doublings over 71 columns, 4 misses 15 rows. */
static void points_lie_where_they_belong(void **state)
{
    (void)state;
    json_t *const cells = two_cells();
    char *const text = printed(cells);
    const char *const top = strstr(text, "\n     4 |");
    const char *const middle = strstr(text, "\n     2 |");
    const char *const bottom = strstr(text, "\n     0 |");
    assert_true(top != NULL && middle > top && bottom > middle);
    assert_int_equal(strspn(top + 9, "o"), 47); /* to before 32 KiB, six of nine */
    assert_int_equal(strspn(middle + 9, "x:"), 47);
    assert_int_equal(middle[9 + 47], '*'); /* where chaining is as low as open */
    assert_int_equal(strspn(middle + 9 + 47, "*"), 8);
    assert_int_equal(strspn(middle + 9 + 55, "x"), 15);
    assert_int_equal(count_of(text, "\n       |"), 10);
    free(text);
    json_decref(cells);
}

/* 40 misses at 512 B, 4 from 1 KiB on: the chart is for the caches that there are. */
static void what_is_above_the_chart_is_told(void **state)
{
    (void)state;
    json_t *const cells = json_pack(
        "[o]", a_cell("a", "[[8, 4000], [16, 400], [512, 200], [1024, 100]]", "32K/4"));
    char *const text = printed(cells), *const svg = drawn(cells);
    expect_part(text, " |^^^^^^^^^^  ");
    expect_part(text, "     4 |          oooooooooo"); /* from 1 KiB on */
    expect_part(text, "^ above the chart, up to 40.00.");
    expect_part(svg, ">above: up to 40.00</text>");
    expect_part(svg, "points='180.7,108 181.7,131.7 "); /* just before 1 KiB */
    free(text);
    free(svg);
    json_decref(cells);
}

static void levels_are_marked_where_they_end(void **state)
{
    (void)state;
    json_t *const cells = two_cells();
    char *const text = printed(cells);
    const char *const names = strstr(text, "L1");
    assert_non_null(names);
    const char *start = names;
    while (start[-1] != '\n')
        start--;
    assert_int_equal(names - start, 8 + 8 - 1); /* 1 KiB: one of nine doublings */
    assert_int_equal(strstr(names, "L2") - start, 8 + 47 - 1);
    free(text);
    json_decref(cells);
}

static void sizes_are_told_in_their_order(void **state)
{
    (void)state;
    json_t *const cells = json_pack("[o]", a_cell("a", falling, "32K/8,8M/16"));
    char *const text = printed(cells), *const svg = drawn(cells);
    expect_part(text, " 32 KiB    8 MiB\n"); /* not the 64 KiB where the curve ends */
    expect_part(svg, "2.00 at 32 KiB, 1.00 at 8 MiB.</desc>");
    free(text);
    free(svg);
    json_decref(cells);
}

static void nothing_is_drawn_of_nothing(void **state)
{
    static const char *const fields[][2] = {
        {"operations", "0"}, {"operations", "null"}, {"reuse", "{}"},
        {"reuse", "7"},      {"status", "'leaked'"}, {"reuse", "{'line_bytes': 0}"}};
    struct complaint complaint;
    (void)state;
    for (size_t i = 0; i < N_OF(fields); i++) {
        json_t *const cell = a_cell("a", falling, "1K/8");
        json_object_set_new(cell, fields[i][0], parse_json(fields[i][1]));
        json_t *const cells = json_pack("[o]", cell);
        char *const text = printed(cells);
        assert_string_equal(text, "");
        assert_null(miss_curve_svg(cells));
        assert_false(report_miss_curve_svg(cells, "/nowhere/x.svg", &complaint));
        expect_part(complaint.text, "no miss curve to draw in '/nowhere/x.svg'");
        free(text);
        json_decref(cells);
    }
}

static void nonsense_does_no_harm(void **state)
{
    static const char *const points[] = {
        "[[8, 1]]",
        "[[8, 1], [8, 2], [4, 3], [9, 1]]",
        "[[1, 9007199254740992], [9007199254740992, 1]]",
        "[[0, 5], [-8, 5], ['x', 5], [8, -1], [8], [], 7, {}, null, [16, 3]]",
        "[[1e300, 1e300], [1e308, 1e-300]]",
    };
    static const char *const geometries[] = {"1G/1,1M/1,1K/1", "", "x",
                                             "1/1,2/1,3/1,4/1"};
    (void)state;
    for (size_t i = 0; i < N_OF(points); i++)
        for (size_t k = 0; k < N_OF(geometries); k++) {
            json_t *const cells =
                json_pack("[o, o]", a_cell("a", points[i], geometries[k]),
                          a_cell("b", falling, geometries[k]));
            free(printed(cells));
            free(drawn(cells));
            json_decref(cells);
        }
}

static void more_curves_than_fit_are_counted(void **state)
{
    (void)state;
    json_t *const cells = json_array();
    for (int i = 0; i < MISS_MOST_CURVES + 3; i++)
        json_array_append_new(cells, a_cell("a", falling, "1K/8,32K/4"));
    char *const text = printed(cells), *const svg = drawn(cells);
    assert_int_equal(count_of(text, "  4.00     2.00"), MISS_MOST_CURVES);
    expect_part(text, "3 more are not drawn.");
    assert_int_equal(count_of(svg, "<polyline"), MISS_MOST_CURVES);
    expect_part(svg, "; 3 more are not drawn");
    free(text);
    free(svg);
    json_decref(cells);
}

/* ---- the picture ---- */

static void the_picture_is_whole(void **state)
{
    (void)state;
    json_t *const cells = two_cells();
    char *const text = drawn(cells);
    expect_part(text, "load_factor, u64 keys, hash siphash13, n = 100; simulated by "
                      "onemiss; levels of i7</text>");
    expect_part(text, "<desc>Misses an operation by size of cache. chaining: 4.00 at 1 "
                      "KiB, 2.00 at 32 KiB, 1.00 at 256 KiB. open: 2.00 at 1 KiB, 2.00 "
                      "at 32 KiB, 0.20 at 256 KiB.</desc>");
    expect_part(text, "prefers-color-scheme:dark");
    expect_part(text, ">L1</text>");
    expect_part(text, ">L2</text>");
    assert_int_equal(count_of(text, "<polyline"), 2);
    assert_int_equal(count_of(text, "class='mark'"), 2);
    /* from the top left, flat behind the last point to the right edge */
    expect_part(text,
                "points='72.0,108.0 157.3,108.0 584.0,268.0 669.3,348.0 840,348.0'");
    assert_int_equal(count_of(text, "http"), 1);
    free(text);
    json_decref(cells);
}

static void a_level_beyond_the_axis_is_told(void **state)
{
    (void)state;
    json_t *const cells =
        json_pack("[o]", a_cell("a", falling, "1K/8,32K/4,8M/16,1G/16"));
    char *const svg = drawn(cells), *const text = printed(cells);
    expect_part(svg, ">beyond: L3 8 MiB, L4 1 GiB &#8594;</text>");
    assert_int_equal(count_of(svg, "class='mark'"), 2);
    expect_part(text, "L3 lies beyond the chart.");
    free(svg);
    free(text);
    json_decref(cells);
}

static void cells_of_several_groups_say_whose_they_are(void **state)
{
    (void)state;
    json_t *const cells = two_cells();
    json_object_set_new(json_array_get(cells, 1), "workload", json_string("churn"));
    char *const text = drawn(cells);
    expect_part(text, ">open, churn u64</text>");
    expect_part(text, ">chaining, load_factor u64</text>");
    expect_no_part(text, "hash siphash13");
    free(text);
    json_decref(cells);
}

static void hostile_names_are_escaped(void **state)
{
    static const char name[] = "</text><script>alert('1')</script>&\"\033[2J\001\xff";
    (void)state;
    json_t *const cells = two_cells();
    json_t *const cell = json_array_get(cells, 0);
    static const char *const fields[] = {"subject", "workload", "pattern", "key", "hash"};
    for (size_t i = 0; i < N_OF(fields); i++)
        json_object_set_new(cell, fields[i], json_stringn_nocheck(name, strlen(name)));
    json_object_set_new(json_array_get(json_object_get(cell, "cache_model"), 0),
                        "machine", json_stringn_nocheck(name, strlen(name)));
    json_object_set_new(cell, "operations", json_integer(1000000)); /* "<0.01" */
    char *const several = drawn(cells);
    json_array_remove(cells, 1);
    char *const one = drawn(cells);
    expect_no_part(one, "<script");
    expect_no_part(several, "<script");
    expect_part(one, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;");
    expect_part(one, ">&lt;0.01</text>");
    free(one);
    free(several);
    json_decref(cells);
}

static void it_is_written_whole(void **state)
{
    struct complaint complaint;
    json_t *const cells = two_cells();
    assert_true(report_miss_curve_svg(cells, folder_file(*state, "x.svg"), &complaint));
    assert_int_equal(folder_count(*state), 1);
    assert_false(report_miss_curve_svg(cells, "/nowhere/x.svg", &complaint));
    json_decref(cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_read_from_the_geometry),
        cmocka_unit_test(marks_of_an_axis_are_round),
        cmocka_unit_test(the_table_is_read_at_the_levels),
        cmocka_unit_test(points_lie_where_they_belong),
        cmocka_unit_test(what_is_above_the_chart_is_told),
        cmocka_unit_test(levels_are_marked_where_they_end),
        cmocka_unit_test(sizes_are_told_in_their_order),
        cmocka_unit_test(nothing_is_drawn_of_nothing),
        cmocka_unit_test(nonsense_does_no_harm),
        cmocka_unit_test(more_curves_than_fit_are_counted),
        cmocka_unit_test(the_picture_is_whole),
        cmocka_unit_test(a_level_beyond_the_axis_is_told),
        cmocka_unit_test(cells_of_several_groups_say_whose_they_are),
        cmocka_unit_test(hostile_names_are_escaped),
        FOLDER_TEST(it_is_written_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
