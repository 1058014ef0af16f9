/* SPDX-License-Identifier: MIT */
/* The heat of a part is drawn line by line, within its columns, and nothing in it gets
 * out of hand. */
#include "picture.h"

#include "report/heat_map.h"

/* 12-byte entries, which meet 64-byte lines every 192 bytes: `state`, padding, `key`. */
static json_t *a_cell(const char *subject, json_int_t state_reads, json_int_t key_writes)
{
    json_t *const cell = parse_json(
        "{'status': 'ok', 'workload': 'load_factor', 'pattern': '', 'key': 'u64',"
        "'hash': 'siphash13', 'n': 100, 'operations': 100, 'heat': [{'part': 'entries', "
        "'period_bytes': 192,"
        "'entry_bytes': 12}], 'layout': {'entry_bytes': 12, 'fields': ["
        "{'name': 'state', 'offset': 0, 'bytes': 1},"
        "{'name': 'key', 'offset': 4, 'bytes': 8}]}}");
    json_t *const reads = json_array(), *const writes = json_array();
    for (int at = 0; at < 192; at++) {
        json_array_append_new(reads, json_integer(at % 12 == 0  ? state_reads
                                                  : at % 12 < 4 ? 0
                                                                : 100));
        json_array_append_new(writes, json_integer(at % 12 >= 4 ? key_writes : 0));
    }
    json_t *const heat = json_array_get(json_object_get(cell, "heat"), 0);
    json_object_set_new(heat, "reads", reads);
    json_object_set_new(heat, "writes", writes);
    json_object_set_new(cell, "subject", json_string(subject));
    return cell;
}

static json_t *heat_of(const json_t *cell)
{
    return json_array_get(json_object_get(cell, "heat"), 0);
}

/* What is printed; the caller frees it. */
static char *printed(const json_t *cell)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    report_heat(cell, NULL, to);
    fclose(to);
    expect_within(text, 80);
    expect_no_part(text, "nan");
    expect_no_part(text, "inf");
    return text;
}

static char *drawn(const json_t *cell)
{
    char *const text = heat_map_svg(cell, NULL);
    assert_non_null(text);
    expect_well_formed(text);
    expect_no_part(text, "nan");
    expect_no_part(text, "inf");
    return text;
}

/* ---- characters ---- */

static void bytes_have_the_shade_of_their_reads(void **state)
{
    (void)state;
    json_t *const cell = a_cell("open", 900, 0);
    char *const text = printed(cell);
    /* the most, 9 times, is @; once, one ninth of it, is the second shade */
    expect_part(text, "\n    0 r @   ::::::::@   ::::::::@   ");
    expect_part(text, "\n   64 r ::::::::@   ::::::::@   ");
    expect_part(text, "\n  128 r ::::@   ");
    expect_part(text, "\n        |...|key    |...|key    |...|key");
    expect_part(text, "\n        |key    |...|key");
    expect_part(text, "\n         key|...|key");  /* cut by the line */
    assert_int_equal(count_of(text, " w \n"), 3); /* never written */
    expect_part(text, "open: the bytes of entries");
    expect_part(text, "up to 9.00 times an operation");
    free(text);
    json_decref(cell);
}

static void fields_have_their_numbers(void **state)
{
    (void)state;
    json_t *const cell = a_cell("open", 250, 50);
    char *const text = printed(cell); /* 16 entries in 192 bytes, laid over each other */
    expect_part(text, "\n  state                     0      1   40.00       0\n");
    expect_part(text, "\n  key                       4      8   16.00    8.00\n");
    free(text);
    json_decref(cell);
}

static void the_run_and_both_scales_are_named(void **state)
{
    (void)state;
    json_t *const cell = a_cell("open", 250, 50);
    json_t *const machine = json_pack("{s:s}", "cpu", "A <Fine> CPU\033[2J");
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    report_heat(cell, machine, to);
    fclose(to);
    expect_within(text, 80);
    expect_part(text,
                "\n  shades: of a byte above; numbers below: of all its 16 entries\n");
    expect_part(text, "\n  load_factor, u64 keys, hash siphash13, n = 100. Accesses are");
    expect_part(text, "<Fine>");
    expect_no_part(text, "\033[2J");
    free(text);
    text = heat_map_svg(cell, machine);
    expect_well_formed(text);
    expect_part(text, "traced on A &lt;Fine&gt; CPU?[2J; no cache is modelled.</text>");
    free(text);
    json_decref(machine);
    json_decref(cell);
}

static void a_layout_of_something_else_is_not_used(void **state)
{
    (void)state;
    json_t *const cell = a_cell("open", 250, 50);
    json_object_set_new(json_object_get(cell, "layout"), "entry_bytes", json_integer(16));
    char *text = printed(cell);
    expect_no_part(text, "|key");
    expect_no_part(text, "  key ");
    free(text);
    json_object_set_new(json_object_get(cell, "layout"), "entry_bytes", json_integer(12));
    json_object_set_new(heat_of(cell), "period_bytes", json_integer(191));
    text = printed(cell); /* no whole number of entries: offsets would drift */
    expect_no_part(text, "|key");
    expect_no_part(text, "  key ");
    free(text);
    json_decref(cell);
}

static void nothing_is_drawn_of_nothing(void **state)
{
    static const char *const fields[][2] = {
        {"operations", "0"},    {"operations", "null"}, {"heat", "[]"},
        {"heat", "[{}]"},       {"heat", "null"},       {"status", "'wrong'"},
        {"heat", "[7, [], {}]"}};
    struct complaint complaint;
    (void)state;
    for (size_t i = 0; i < N_OF(fields); i++) {
        json_t *const cell = a_cell("open", 250, 50);
        json_object_set_new(cell, fields[i][0], parse_json(fields[i][1]));
        char *const text = printed(cell);
        assert_string_equal(text, "");
        assert_null(heat_map_svg(cell, NULL));
        assert_false(report_heat_svg(cell, NULL, "/nowhere/x.svg", &complaint));
        expect_part(complaint.text, "no heat of 'open' to draw");
        free(text);
        json_decref(cell);
    }
}

static void nonsense_does_no_harm(void **state)
{
    static const char *const fields[][2] = {
        {"entry_bytes", "0"},       {"entry_bytes", "-1"},      {"period_bytes", "63"},
        {"entry_bytes", "9999999"}, {"period_bytes", "4096"},   {"period_bytes", "1"},
        {"reads", "[1, -5, 'x']"},  {"writes", "null"},         {"part", "7"},
        {"reads", "[9e307, 1]"},    {"writes", "[1, 2, 3e300]"}};
    (void)state;
    for (size_t i = 0; i < N_OF(fields); i++) {
        json_t *const cell = a_cell("open", 250, 50);
        json_object_set_new(heat_of(cell), fields[i][0], parse_json(fields[i][1]));
        free(printed(cell));
        free(drawn(cell));
        json_decref(cell);
    }
}

/* ---- the picture ---- */

static void the_picture_is_whole(void **state)
{
    (void)state;
    json_t *const cell = a_cell("open", 900, 50);
    char *const text = drawn(cell);
    expect_part(text, "open: which bytes are used how often</text>");
    expect_part(text, "load_factor, u64 keys, hash siphash13, n = 100; simulated by "
                      "onemiss</text>");
    expect_part(text, "<desc>entries: a byte of the drawing at most 9.00 times an "
                      "operation. state: 144.0 "
                      "reads, 0 writes. key: 16.00 reads, 8.00 writes. </desc>");
    expect_part(text, "<title>bytes 0 to 0: 9.00 reads an operation</title>");
    expect_part(text, "<title>bytes 4 to 11: 1.00 reads an operation</title>");
    expect_part(text, "<title>bytes 4 to 11: 0.50 writes an operation</title>");
    expect_part(text, "prefers-color-scheme:dark");
    expect_part(text, ">128</text>");
    assert_int_equal(count_of(text, "class='fill0'"), 33); /* 16 entries, 1 is cut */
    assert_int_equal(count_of(text, "http"), 1); /* its namespace: nothing is loaded */
    free(text);
    json_decref(cell);
}

static void hostile_names_are_escaped(void **state)
{
    static const char name[] = "</text><script>alert('1')</script>&\"\033[2J\001\xc3\xa9";
    (void)state;
    json_t *const cell = a_cell(name, 250, 1); /* 0.01: few are "<0.01" elsewhere */
    json_object_set_new(cell, "operations", json_integer(100000));
    json_t *const fields = json_object_get(json_object_get(cell, "layout"), "fields");
    json_object_set_new(heat_of(cell), "part", json_string(name));
    json_object_set_new(json_array_get(fields, 1), "name", json_string("<i>&"));
    json_object_set_new(cell, "workload", json_string(name));
    char *const text = drawn(cell);
    expect_no_part(text, "<script");
    expect_no_part(text, "\033");
    expect_part(text, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;?[2J??");
    expect_part(text, "&lt;i&gt;&amp;</text>");
    expect_part(text, ": &lt;0.01 reads an operation");
    free(text);
    json_decref(cell);
}

static void it_is_written_whole(void **state)
{
    struct complaint complaint;
    json_t *const cell = a_cell("open", 900, 50);
    const char *const path = folder_file(*state, "heat.svg");
    assert_true(report_heat_svg(cell, NULL, path, &complaint));
    assert_int_equal(access(path, R_OK), 0);
    assert_false(report_heat_svg(cell, NULL, "/nowhere/heat.svg", &complaint));
    json_decref(cell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_have_the_shade_of_their_reads),
        cmocka_unit_test(fields_have_their_numbers),
        cmocka_unit_test(the_run_and_both_scales_are_named),
        cmocka_unit_test(a_layout_of_something_else_is_not_used),
        cmocka_unit_test(nothing_is_drawn_of_nothing),
        cmocka_unit_test(nonsense_does_no_harm),
        cmocka_unit_test(the_picture_is_whole),
        cmocka_unit_test(hostile_names_are_escaped),
        FOLDER_TEST(it_is_written_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
