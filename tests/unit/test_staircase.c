/* SPDX-License-Identifier: MIT */
/* A calibration is drawn whole, within its columns, and nothing in it gets out of hand. */
#include "unit.h"

#include "picture.h"

#include "report/staircase.h"

static const char recorded[] =
    "{'sweeps': 3, 'seconds': 16.4, 'curves': ["
    "{'pages': '4 KiB', 'reason': null, 'memory_ns': 160, 'levels': [], 'stairs': ["
    "{'bytes': 4096, 'ns': 1.0, 'median_ns': 1.1, 'most_ns': 2},"
    "{'bytes': 65536, 'ns': 4.0, 'median_ns': 5.0, 'most_ns': 7},"
    "{'bytes': 1048576, 'ns': 8.5, 'median_ns': 9.0, 'most_ns': 10},"
    "{'bytes': 16777216, 'ns': 94, 'median_ns': 100, 'most_ns': 300},"
    "{'bytes': 268435456, 'ns': 200, 'median_ns': 210, 'most_ns': 700}]},"
    "{'pages': '2 MiB', 'reason': null, 'memory_ns': 170, 'levels': ["
    "{'bytes': 46336, 'above_bytes': 55104, 'ns': 1.06},"
    "{'bytes': 881728, 'above_bytes': 1048576, 'ns': 3.7}], 'stairs': ["
    "{'bytes': 4096, 'ns': 1.0, 'median_ns': 1.1, 'most_ns': 2},"
    "{'bytes': 65536, 'ns': 3.7, 'median_ns': 3.8, 'most_ns': 7},"
    "{'bytes': 268435456, 'ns': 180, 'median_ns': 190, 'most_ns': 700}]}]}";

/* JSON with single quotes. */
static json_t *parse(const char *text)
{
    char plain[4096];
    snprintf(plain, sizeof plain, "%s", text);
    for (char *c = plain; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    json_t *const json = json_loads(plain, 0, NULL);
    assert_non_null(json);
    return json;
}

static char *chart(const char *calibration, int columns)
{
    char *text = NULL;
    size_t n;
    json_t *const json = parse(calibration);
    FILE *const to = open_memstream(&text, &n);
    assert_non_null(to);
    staircase_text(json, to, columns);
    fclose(to);
    json_decref(json);
    return text;
}

static char *svg(const char *calibration, const char *processor, const char *date)
{
    json_t *const json = parse(calibration);
    char *const text = staircase_svg(json, processor, date);
    json_decref(json);
    return text;
}

static void the_picture_is_whole(void **state)
{
    (void)state;
    char *const text = svg(recorded, "AMD EPYC", "2026-11-22");
    assert_non_null(text);
    expect_well_formed(text);
    expect_part(text, "AMD EPYC</text>");
    expect_part(text, "2026-11-22");
    expect_part(text, "level 1");
    expect_part(text, "level 2");
    expect_part(text, "45 to 54 KiB");
    expect_part(text, "memory");
    expect_part(text, "4 KiB pages");
    expect_part(text, "2 MiB pages");
    expect_part(text, "prefers-color-scheme:dark");
    expect_part(text, ">256 MiB</text>");
    expect_part(text, ">100 ns</text>");
    assert_int_equal(count_of(text, "<polyline"), 2);
    assert_int_equal(count_of(text, "<circle"), 8);
    assert_int_equal(count_of(text, "http"), 1); /* its namespace: nothing is loaded */
    assert_int_equal(count_of(text, "nan"), 0);
    assert_int_equal(count_of(text, "inf"), 0);
    free(text);
}

static void hostile_names_are_escaped(void **state)
{
    (void)state;
    char *const text =
        svg(recorded, "</text><script>alert('1')</script>&\"\033[2J\001\xff", "<today>");
    assert_non_null(text);
    expect_well_formed(text);
    assert_int_equal(count_of(text, "<script"), 0);
    assert_int_equal(count_of(text, "</script"), 0);
    assert_null(strchr(text, '\033'));
    expect_part(text, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;?[2J??");
    expect_part(text, "&lt;today&gt;");
    free(text);
}

static void a_long_name_is_cut(void **state)
{
    char name[4096];
    (void)state;
    memset(name, '&', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    char *const text = svg(recorded, name, "2026-11-22");
    assert_non_null(text);
    expect_well_formed(text);
    expect_part(text, "&amp;...");
    assert_true(count_of(text, "&amp;") < 200);
    free(text);
}

static void a_missing_curve_shows_its_reason(void **state)
{
    static const char half[] =
        "{'curves': [{'pages': '4 KiB', 'stairs': [{'bytes': 4096, 'ns': 1},"
        "{'bytes': 8192, 'ns': 2}]}, {'pages': '2 MiB', 'stairs': [],"
        "'reason': 'switched <off>'}]}";
    (void)state;
    char *const text = svg(half, "x", "y");
    assert_non_null(text);
    expect_well_formed(text);
    expect_part(text, "2 MiB pages: switched &lt;off&gt;");
    assert_int_equal(count_of(text, "<polyline"), 1);
    free(text);
}

static void nonsense_is_not_drawn(void **state)
{
    static const char *const nonsense[] = {
        "{}", "[]", "{'curves': 7}",
        ("{'curves': [{'stairs': [{'bytes': -1, 'ns': 5}, {'bytes': 'x', 'ns': 5},"
         "{'bytes': 4096, 'ns': 0}, {'bytes': 4096, 'ns': -2}, {'ns': 4}, 5, null]}]}")};
    (void)state;
    for (size_t i = 0; i < N_OF(nonsense); i++) {
        char *const text = chart(nonsense[i], 80);
        assert_string_equal(text, "");
        assert_null(svg(nonsense[i], "x", "y"));
        free(text);
    }
}

static void nonsense_beside_numbers_is_left_out(void **state)
{
    static const char mixed[] =
        "{'curves': [{'pages': '4 KiB', 'memory_ns': 'x', 'levels': [7, {'bytes': 9},"
        "{'bytes': 8192, 'above_bytes': 4096, 'ns': 1}], 'stairs': ["
        "{'bytes': -1, 'ns': 5}, {'bytes': 4096, 'ns': 1, 'median_ns': -3},"
        "{'bytes': 0, 'ns': 5}, {'bytes': 8192, 'ns': 2}]}]}";
    (void)state;
    char *const text = svg(mixed, "x", "y");
    assert_non_null(text);
    expect_well_formed(text);
    assert_int_equal(count_of(text, "<circle"), 2);
    assert_int_equal(count_of(text, "nan"), 0);
    assert_int_equal(count_of(text, "inf"), 0);
    assert_int_equal(count_of(text, "level 1"), 0);
    free(text);
}

static void too_many_points_are_cut(void **state)
{
    json_t *const stairs = json_array();
    (void)state;
    for (int i = 1; i <= 300; i++)
        json_array_append_new(stairs,
                              json_pack("{s:i, s:i}", "bytes", 4096 * i, "ns", i));
    json_t *const json =
        json_pack("{s:[{s:s, s:o}]}", "curves", "pages", "4 KiB", "stairs", stairs);
    assert_non_null(json);
    char *const text = staircase_svg(json, "x", "y");
    assert_non_null(text);
    expect_well_formed(text);
    assert_int_equal(count_of(text, "<circle"), 128);
    free(text);
    json_decref(json);
}

/* ---- characters ---- */

static void the_chart_stays_in_its_columns(void **state)
{
    static const int asked[] = {1, 60, 80, 100, 1000};
    static const size_t given[] = {60, 60, 80, 100, 100};
    (void)state;
    for (size_t i = 0; i < N_OF(asked); i++) {
        char *const text = chart(recorded, asked[i]);
        expect_within(text, given[i]);
        expect_part(text, "o 4 KiB pages");
        expect_part(text, "x 2 MiB pages");
        expect_part(text, "4 K ");
        expect_part(text, "100 ns |");
        free(text);
    }
}

/* Row and column of a symbol are those of its point. */
static void points_lie_where_they_belong(void **state)
{
    static const char two[] = "{'curves': [{'pages': '4 KiB', 'stairs': ["
                              "{'bytes': 4096, 'ns': 1}, {'bytes': 1048576, 'ns': 100}]},"
                              "{'pages': '2 MiB', 'stairs': [{'bytes': 4096, 'ns': 1},"
                              "{'bytes': 65536, 'ns': 10}]}]}";
    (void)state;
    char *const text = chart(two, 80);
    char *const hundred = strstr(text, "100 ns |"), *const ten =
                                                        strstr(text, "\n  10 ns |");
    char *const one = strstr(text, "1 ns |*");
    assert_non_null(hundred);
    assert_non_null(ten);
    assert_non_null(one); /* both curves begin there */
    assert_int_equal(strcspn(hundred, "o"), strlen("100 ns |") + 69);
    assert_int_equal(strcspn(ten + 1, "x"), strlen("  10 ns |") + 35);
    free(text);
}

static void sizes_read_well(void **state)
{
    char text[64];
    (void)state;
    staircase_size(text, 64);
    assert_string_equal(text, "64 B");
    staircase_size(text, 49152);
    assert_string_equal(text, "48 KiB");
    staircase_size(text, 1.5 * 1048576);
    assert_string_equal(text, "1.5 MiB");
    staircase_size(text, 1073741824.0 * 4096);
    assert_string_equal(text, "4096 GiB");
    staircase_range(text, 46336, 55104);
    assert_string_equal(text, "45 to 54 KiB");
    staircase_range(text, 881728, 1048576);
    assert_string_equal(text, "861 KiB to 1 MiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_picture_is_whole),
        cmocka_unit_test(hostile_names_are_escaped),
        cmocka_unit_test(a_long_name_is_cut),
        cmocka_unit_test(a_missing_curve_shows_its_reason),
        cmocka_unit_test(nonsense_is_not_drawn),
        cmocka_unit_test(nonsense_beside_numbers_is_left_out),
        cmocka_unit_test(too_many_points_are_cut),
        cmocka_unit_test(the_chart_stays_in_its_columns),
        cmocka_unit_test(points_lie_where_they_belong),
        cmocka_unit_test(sizes_read_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
