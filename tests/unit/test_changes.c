/* SPDX-License-Identifier: MIT */
/* What two results are said to differ by, and what of it is a regression. */
#include "unit.h"

#include "picture.h"
#include "report/changes.h"
#include "report/changes_text.h"

/* Six samples about `ns`, not in the same blocks' order; instructions and a peak. */
static json_t *a_cell(const char *subject, double ns, double instructions, double peak)
{
    static const double around[] = {1, 1.002, 0.998, 1.004, 0.997, 1.001};
    json_t *const samples = json_array();
    for (size_t i = 0; i < N_OF(around); i++)
        json_array_append_new(samples, json_pack("{s:i, s:i, s:f}", "block", (int)i,
                                                 "position", 0, "value", ns * around[i]));
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:{s:{s:f, s:o}, s:{s:f}, s:{s:f}}}",
        "subject", subject, "workload", "lookup", "pattern", "hit", "key", "u64", "hash",
        "wyhash", "n", 1000, "pages", "default", "status", "ok", "metrics", "ns_per_op",
        "value", ns, "samples", samples, "exact_instructions_per_op", "value",
        instructions, "peak_bytes", "value", peak);
}

static json_t *a_result(const char *cpu, json_t *cells)
{
    return json_pack("{s:{s:s, s:i}, s:o}", "machine", "cpu", cpu, "cores", 2, "cells",
                     cells);
}

/* The complaints of both, which are freed; the table and the Markdown where wanted. */
static size_t complaints_of(json_t *before, json_t *after, double gate, char **complaints,
                            char **table, char **markdown)
{
    struct changes changes;
    size_t size;
    assert_true(changes_find(&changes, before, after, gate));
    FILE *to = open_memstream(complaints, &size);
    const size_t n = changes_complain(&changes, to);
    fclose(to);
    to = open_memstream(table, &size);
    changes_text(&changes, gate, to);
    fclose(to);
    expect_within(*table, 80);
    *markdown = changes_markdown(&changes, gate);
    changes_drop(&changes);
    json_decref(before);
    json_decref(after);
    return n;
}

/* Two results of one map each: how many regressions, and what is said. */
static void expect_one(json_t *before, json_t *after, double gate, size_t n,
                       const char *complaint, const char *row)
{
    char *complaints, *table, *markdown;
    assert_int_equal(complaints_of(a_result("a", json_pack("[o]", before)),
                                   a_result("a", json_pack("[o]", after)), gate,
                                   &complaints, &table, &markdown),
                     n);
    assert_int_equal(count_of(complaints, "onemiss: regression: "), n);
    expect_part(complaints, complaint);
    expect_part(table, row);
    assert_int_equal(count_of(markdown, "**") == 0, n == 0);
    free(complaints);
    free(table);
    free(markdown);
}

static void what_is_slower_beyond_the_gate_is_a_regression(void **state)
{
    (void)state;
    expect_one(a_cell("map", 10, 100, 1), a_cell("map", 11, 100, 1), 0.03, 1,
               "map has 11 ns/op, before 10: 1.100 [", "slower");
    expect_one(a_cell("map", 10, 100, 1), a_cell("map", 10.2, 100, 1), 0.03, 0, "",
               "same");
    expect_one(a_cell("map", 10, 100, 1), a_cell("map", 10.3, 100, 1), 0.03, 0, "",
               "not shown");
    expect_one(a_cell("map", 10, 100, 1), a_cell("map", 9, 100, 1), 0.03, 0, "",
               "faster");
}

static void what_repeats_exactly_is_held_ten_times_as_tightly(void **state)
{
    (void)state;
    expect_one(a_cell("map", 10, 1000, 1), a_cell("map", 10, 1004, 1), 0.03, 1,
               "map has 1004 instructions, before 1000: 1.0040 times as many", "more");
    expect_one(a_cell("map", 10, 1000, 1), a_cell("map", 10, 1002, 1), 0.03, 0, "",
               "instructions  1000   1002 1.002                 same");
    expect_one(a_cell("map", 10, 1000, 1), a_cell("map", 10, 900, 1), 0.03, 0, "",
               "less");
}

static void memory_is_told_and_no_regression(void **state)
{
    (void)state;
    expect_one(a_cell("map", 10, 1, 1000), a_cell("map", 10, 1, 2000), 0.03, 0, "",
               "peak bytes    1000   2000 2.000                 more");
}

static void a_ceiling_tells_of_the_machine(void **state)
{
    json_t *const before = a_cell("one_line", 10, 1, 1);
    json_t *const after = a_cell("one_line", 20, 1, 1);
    (void)state;
    json_object_set_new(before, "role", json_string("ceiling"));
    json_object_set_new(after, "role", json_string("ceiling"));
    expect_one(before, after, 0.03, 0, "", "slower");
}

static void what_was_ok_and_is_not_is_a_regression(void **state)
{
    json_t *const after = a_cell("map", 1, 1, 1);
    (void)state;
    json_object_set_new(after, "status", json_string("wrong"));
    json_object_set_new(after, "reason", json_string("an answer"));
    expect_one(a_cell("map", 10, 1, 1), after, 0.03, 1,
               "map was ok and is wrong, in lookup hit u64, hash wyhash, n = 1,000: an "
               "answer",
               "No cell is in both");
}

static void another_machine_has_no_verdict_on_time_but_on_counts(void **state)
{
    char *complaints, *table, *markdown;
    (void)state;
    const size_t n =
        complaints_of(a_result("a", json_pack("[o]", a_cell("map", 10, 100, 1))),
                      a_result("b", json_pack("[o]", a_cell("map", 30, 110, 1))), 0.03,
                      &complaints, &table, &markdown);
    assert_int_equal(n, 1);
    expect_part(complaints, "1.1000 times as many");
    expect_part(table, "elsewhere");
    free(complaints);
    free(table);
    free(markdown);
}

static void cells_are_met_by_what_they_are_and_others_counted(void **state)
{
    char *complaints, *table, *markdown;
    json_t *const larger = a_cell("map", 99, 1, 1);
    (void)state;
    json_object_set_new(larger, "n", json_integer(2000));
    const size_t n = complaints_of(
        a_result("a", json_pack("[o, o, o]", a_cell("gone", 1, 1, 1),
                                a_cell("map", 10, 1, 1), a_cell("other", 20, 1, 1))),
        a_result("a", json_pack("[o, o, o]", larger, a_cell("other", 20, 1, 1),
                                a_cell("map", 10, 1, 1))),
        0.03, &complaints, &table, &markdown);
    assert_int_equal(n, 0);
    expect_part(table, "Not compared: 1 cell of the first file alone, 1 of the second.");
    assert_int_equal(count_of(table, "same"), 2);
    free(complaints);
    free(table);
    free(markdown);
}

static void a_hostile_name_stays_in_its_cell_of_markdown(void **state)
{
    char *complaints, *table, *markdown;
    static const char hostile[] = "|<b>**x**";
    (void)state;
    (void)complaints_of(a_result("a", json_pack("[o]", a_cell(hostile, 1, 1, 1))),
                        a_result("a", json_pack("[o]", a_cell(hostile, 1, 1, 1))), 0.03,
                        &complaints, &table, &markdown);
    expect_part(markdown, "\\|&#60;b&#62;\\*\\*x\\*\\*");
    free(complaints);
    free(table);
    free(markdown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_slower_beyond_the_gate_is_a_regression),
        cmocka_unit_test(what_repeats_exactly_is_held_ten_times_as_tightly),
        cmocka_unit_test(memory_is_told_and_no_regression),
        cmocka_unit_test(a_ceiling_tells_of_the_machine),
        cmocka_unit_test(what_was_ok_and_is_not_is_a_regression),
        cmocka_unit_test(another_machine_has_no_verdict_on_time_but_on_counts),
        cmocka_unit_test(cells_are_met_by_what_they_are_and_others_counted),
        cmocka_unit_test(a_hostile_name_stays_in_its_cell_of_markdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
