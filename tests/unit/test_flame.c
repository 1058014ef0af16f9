/* SPDX-License-Identifier: MIT */
/* What is made of folded stacks: each form holds the same counts, the difference is per
 * operation, and no name becomes markup or script. */
#include "picture.h"

#include <jansson.h>

#include "report/flame_folded.h"
#include "report/flame_html.h"
#include "report/flame_read.h"
#include "report/flame_speedscope.h"
#include "report/flame_top.h"

static const char two_cells[] =
    "{'machine': {'cpu': 'A <b>cpu</b>', 'kernel': '6.1'}, 'cells': ["
    "{'subject': 'one', 'workload': 'load_factor', 'pattern': '', 'key': 'u64', 'hash': "
    "'siphash13', 'n': 1000, 'pages': 'default', 'build': 'native', 'status': 'ok', "
    "'operations': 1000, 'metrics': {'flame_samples': {'value': 10, 'trust': "
    "'measured'}}, 'stacks': {'event': 'cycles', 'by': 'perf 1', 'call_graph': 'dwarf', "
    "'frequency_hz': 1000, 'samples': 10, 'kernel': 1, 'outside': 2, 'lost': 3, "
    "'has_kernel': true, 'self_test': [4, 4], 'folded': [['run;insert;find', 6], "
    "['run;insert;insert', 2], ['run;get', 1], ['run;insert;fault_[k]', 1]], 'lines': "
    "[{'where': 'map.h:7', 'function': 'find', 'samples': 6, 'kernel_samples': 1}]}},"
    "{'subject': 'two', 'workload': 'load_factor', 'pattern': '', 'key': 'u64', 'hash': "
    "'siphash13', 'n': 1000, 'pages': 'default', 'build': 'native', 'status': 'ok', "
    "'operations': 2000, 'metrics': {}, 'stacks': {'event': 'cycles', 'by': 'perf 1', "
    "'call_graph': 'dwarf', 'frequency_hz': 500, 'samples': 4, 'kernel': 0, 'outside': "
    "0, "
    "'lost': 0, 'has_kernel': false, 'self_test': [4, 4], 'folded': [['run;insert', 4]], "
    "'lines': [], 'warning': 'not to be believed'}},"
    "{'subject': 'none', 'status': 'ok', 'metrics': {}}]}";

static struct viewer viewer = {{"LIBRARY", "LIBRARY_STYLE", "LICENCE", "SELECTION",
                                "SELECTION_LICENCE", "PAGE", "PAGE_STYLE"}};

/* The JSON that stands in a page. */
static json_t *data_of(const char *page)
{
    static const char mark[] = "<script type=\"application/json\" id=\"data\">";
    json_error_t error;
    const char *const first = strstr(page, mark);
    assert_non_null(first);
    const char *const end = strstr(first, "</script>");
    json_t *const data = json_loadb(first + sizeof mark - 1,
                                    (size_t)(end - first) - (sizeof mark - 1), 0, &error);
    if (data == NULL)
        fail_msg("data: %s", error.text);
    return data;
}

static void expect_json(const json_t *got, const char *wanted)
{
    json_t *const other = parse_json(wanted);
    char *const text = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!json_equal(got, other))
        fail_msg("%s, not %s", text, wanted);
    free(text);
    json_decref(other);
}

static void each_form_holds_the_same_counts(void **state)
{
    (void)state;
    json_t *const result = parse_json(two_cells);
    char *const folded = flame_folded(result, 0);
    assert_string_equal(folded, "run;insert;find 6\nrun;insert;insert 2\nrun;get 1\n"
                                "run;insert;fault_[k] 1\n");
    char *const text = flame_speedscope(result, 0);
    json_t *const speedscope = json_loads(text, 0, NULL);
    const json_t *const profile =
        json_array_get(json_object_get(speedscope, "profiles"), 0);
    expect_json(
        json_object_get(json_object_get(speedscope, "shared"), "frames"),
        "[{'name': 'run'}, {'name': 'insert'}, {'name': 'find'}, {'name': 'get'}, "
        "{'name': 'fault_[k]'}]");
    expect_json(json_object_get(profile, "samples"),
                "[[0, 1, 2], [0, 1, 1], [0, 3], [0, 1, 4]]");
    expect_json(json_object_get(profile, "weights"), "[6, 2, 1, 1]");
    expect_json(json_object_get(profile, "endValue"), "10.0");
    char *const top = flame_top(result, 0);
    expect_part(top, "      60%    60%  find\n");   /* itself and in all */
    expect_part(top, "      20%    90%  insert\n"); /* it calls itself: once */
    expect_part(top, "       0%   100%  run\n");
    expect_part(top, "        6      1  map.h:7 ");
    expect_within(top, 80);
    json_decref(speedscope);
    json_decref(result);
    free(folded);
    free(text);
    free(top);
}

static void a_page_holds_the_tree_and_says_what_it_is(void **state)
{
    (void)state;
    json_t *const result = parse_json(two_cells);
    char *const page = flame_html(result, 0, &viewer);
    json_t *const data = data_of(page);
    expect_json(json_object_get(data, "tree"),
                "{'v': [10.0], 'c': {'run': {'v': [10.0], 'c': {'insert': {'v': [9.0], "
                "'c': {'find': {'v': [6.0], 'c': {}}, 'insert': {'v': [2.0], 'c': {}}, "
                "'fault_[k]': {'v': [1.0], 'c': {}}}}, 'get': {'v': [1.0], 'c': {}}}}}}");
    expect_part(page, "<title>one, load_factor u64, hash siphash13, n = 1000</title>");
    expect_part(page, "10 samples of cycles, 1000 a second, measured by perf 1");
    expect_part(page,
                "10% in kernel mode. Left out: 2 outside the timed batches. Lost: 3.");
    expect_part(page, "A &#60;b&#62;cpu&#60;/b&#62;");
    for (size_t i = 0; i < N_VIEWER_FILES; i++)
        expect_part(page, viewer.texts[i]);
    assert_null(strstr(page, "Warning"));
    json_decref(data);
    json_decref(result);
    free(page);
}

/* One sample of the first is 1 ms of 1000 operations, of the second 2 ms of 2000. */
static void a_difference_is_per_operation(void **state)
{
    (void)state;
    json_t *const result = parse_json(two_cells);
    char *const page = flame_diff_html(result, 0, 1, &viewer);
    json_t *const data = data_of(page);
    const json_t *const tree = json_object_get(data, "tree");
    expect_json(json_object_get(tree, "v"), "[10000.0, 4000.0]");
    const json_t *const insert = json_object_get(
        json_object_get(json_object_get(json_object_get(tree, "c"), "run"), "c"),
        "insert");
    expect_json(json_object_get(insert, "v"), "[9000.0, 4000.0]");
    expect_json(json_object_get(data, "names"), "['one', 'two']");
    expect_part(page, "one (A) against two (B)");
    expect_part(page, "Warning: not to be believed");
    expect_part(page, "Kernel mode was not sampled");
    assert_null(flame_diff_html(result, 0, 2, &viewer));
    assert_null(flame_html(result, 2, &viewer));
    assert_null(flame_top(result, 2));
    json_decref(data);
    json_decref(result);
    free(page);
}

/* In names, titles and warnings: they come out as they are, and end nothing. */
static void hostile_names_stay_text(void **state)
{
    static const char hostile[] =
        "</script><!--<script>alert(1)</script>&\"'\xe2\x80\xa8";
    (void)state;
    json_t *const result = parse_json(two_cells);
    json_t *const cell = json_array_get(json_object_get(result, "cells"), 0);
    json_t *const stacks = json_object_get(cell, "stacks");
    json_object_set_new(cell, "subject", json_string(hostile));
    json_object_set_new(cell, "pages", json_string(hostile));
    json_object_set_new(stacks, "warning", json_string(hostile));
    json_object_set_new(stacks, "event", json_string(hostile));
    json_array_set_new(json_object_get(stacks, "folded"), 0,
                       json_pack("[s, i]", hostile, 6));
    for (int is_difference = 0; is_difference < 2; is_difference++) {
        char *const page = is_difference ? flame_diff_html(result, 1, 0, &viewer)
                                         : flame_html(result, 0, &viewer);
        json_t *const data = data_of(page);
        assert_non_null(json_object_get(
            json_object_get(json_object_get(data, "tree"), "c"), hostile));
        assert_null(strstr(page, "alert(1)<"));
        assert_null(strstr(page, "<!--"));
        assert_int_equal(count_of(page, "<script"), 5);
        assert_int_equal(count_of(page, "</script>"), 5);
        /* U+2028 ends a line of a script, not one of markup */
        const char *const script = strstr(page, "id=\"data\"");
        assert_null(strstr(script, "\xe2\x80\xa8"));
        json_decref(data);
        free(page);
    }
    json_decref(result);
}

/* Each script of the page has the policy's nonce, and no two pages share one. */
static void only_the_page_s_own_scripts_may_run(void **state)
{
    char nonces[2][33];
    (void)state;
    json_t *const result = parse_json(two_cells);
    for (int i = 0; i < 2; i++) {
        char own[128];
        char *const page = flame_html(result, 0, &viewer);
        const char *const at = strstr(page, "script-src 'nonce-");
        assert_non_null(at);
        snprintf(nonces[i], sizeof nonces[i], "%s", at + strlen("script-src 'nonce-"));
        expect_part(page, "default-src 'none'");
        snprintf(own, sizeof own, "<script nonce=\"%s\">", nonces[i]);
        assert_int_equal(count_of(page, own), 3);
        assert_int_equal(count_of(page, "<script nonce"), 3);
        free(page);
    }
    assert_string_not_equal(nonces[0], nonces[1]);
    json_decref(result);
}

static void a_missing_library_is_one_line_with_a_remedy(void **state)
{
    struct folder *const folder = *state;
    struct complaint complaint;
    struct viewer loaded;
    char path[UNIT_PATH];
    assert_false(viewer_load(&loaded, folder->path, &complaint));
    expect_part(complaint.text, "no HTML: the viewer's node_modules/d3-flame-graph/");
    expect_part(complaint.text, "./run --viewer");
    assert_null(strchr(complaint.text, '\n'));
    for (size_t i = 0; i < N_VIEWER_FILES; i++)
        assert_null(loaded.texts[i]);
    snprintf(path, sizeof path, "%s/none", folder->path);
    assert_false(viewer_load(&loaded, path, &complaint));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_holds_the_same_counts),
        cmocka_unit_test(a_page_holds_the_tree_and_says_what_it_is),
        cmocka_unit_test(a_difference_is_per_operation),
        cmocka_unit_test(hostile_names_stay_text),
        cmocka_unit_test(only_the_page_s_own_scripts_may_run),
        FOLDER_TEST(a_missing_library_is_one_line_with_a_remedy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
