/* SPDX-License-Identifier: MIT */
/* Which samples are compared with which, and what the table says of them. */
#include "unit.h"

#include "picture.h"
#include "report/cell_read.h"
#include "report/verdicts.h"

/* A cell with samples of blocks 0, 1, ...: `scale` times 10, 11, ... */
static json_t *a_cell(const char *subject, const char *pages, size_t n, double scale)
{
    json_t *const samples = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(samples,
                              json_pack("{s:i, s:i, s:f}", "block", (int)i, "position", 0,
                                        "value", scale * (double)(10 + i)));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:{s:{s:o}}}", "subject",
                     subject, "workload", "w", "pattern", "p", "key", "u64", "hash", "h",
                     "n", 10, "pages", pages, "status", "ok", "metrics", "ns_per_op",
                     "samples", samples);
}

static json_t *samples_of(json_t *cell)
{
    return json_object_get(json_object_get(json_object_get(cell, "metrics"), "ns_per_op"),
                           "samples");
}

static char *table_of(const json_t *cells, size_t first, size_t n, bool wanted)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    assert_int_equal(report_verdicts(cells, first, n, to), wanted);
    fclose(to);
    expect_within(text, 80);
    return text;
}

static void each_map_is_held_against_the_first(void **state)
{
    static const char wanted[] =
        "  against slow                      time  interval          verdict\n"
        "  fast                             0.500  [ 0.500,  0.500]  faster\n"
        "  twin                             1.000  [ 1.000,  1.000]  same\n"
        "  slower                           1.250  [ 1.250,  1.250]  slower\n";
    json_t *const cells =
        json_pack("[o, o, o, o, o]", a_cell("of another group", "default", 6, 9),
                  a_cell("slow", "default", 6, 1), a_cell("fast", "default", 6, 0.5),
                  a_cell("twin", "default", 6, 1), a_cell("slower", "thp", 6, 1.25));
    (void)state;
    char *const text = table_of(cells, 1, 4, true);
    assert_string_equal(text, wanted);
    free(text);
    json_decref(cells);
}

static void the_first_is_the_first_that_is_ok(void **state)
{
    json_t *const cells =
        json_pack("[o, o, o]", a_cell("bad", "default", 6, 1),
                  a_cell("good", "default", 6, 1), a_cell("better", "default", 6, 0.5));
    (void)state;
    json_object_set_new(json_array_get(cells, 0), "status", json_string("wrong"));
    char *const text = table_of(cells, 0, 3, true);
    expect_part(text, "against good ");
    expect_part(text, "better ");
    expect_no_part(text, "bad");
    json_object_set_new(json_array_get(cells, 1), "status", json_string("crashed"));
    free(table_of(cells, 0, 3, false));
    free(text);
    json_decref(cells);
}

static void five_blocks_show_nothing(void **state)
{
    json_t *const cells =
        json_pack("[o, o]", a_cell("a", "default", 5, 1), a_cell("b", "default", 5, 2));
    (void)state;
    char *const text = table_of(cells, 0, 2, false);
    assert_string_equal(text, "");
    free(text);
    free(table_of(cells, 0, 1, false));
    free(table_of(cells, 0, 0, false));
    json_decref(cells);
}

/* A block that one of them lacks, or has nothing in, is no pair; order does not matter. */
static void pairs_are_of_one_block(void **state)
{
    json_t *const a = a_cell("a", "default", 12, 1);
    json_t *const b = a_cell("b", "default", 12, 2);
    struct difference found;
    (void)state;
    json_array_remove(samples_of(a), 3);
    json_array_remove(samples_of(b), 7);
    json_object_set_new(json_array_get(samples_of(b), 0), "value", json_real(0));
    json_object_set_new(json_array_get(samples_of(a), 1), "value", json_real(-5));
    json_array_append(samples_of(b), json_array_get(samples_of(b), 5));
    json_array_remove(samples_of(b), 5);
    assert_true(verdict_of(b, a, "ns_per_op", 0.01, &found));
    assert_true(found.ratio == 2 && found.low == 2 && found.high == 2);
    assert_true(found.level == 1 - 2.0 / 256); /* all of 8 */
    assert_false(verdict_of(b, a, "wall_s", 0.01, &found));
    json_decref(a);
    json_decref(b);
}

static void a_regression_is_told_beyond_the_gate_alone(void **state)
{
    json_t *const cells =
        json_pack("[o, o, o, o, o]", a_cell("slow", "4k", 6, 1),
                  a_cell("five", "4k", 6, 1.05), a_cell("fast", "4k", 6, 0.5),
                  a_cell("slow", "thp", 6, 1), a_cell("seven", "thp", 6, 1.07));
    static const struct {
        double gate;
        size_t n;
    } gates[] = {{0, 2}, {0.04, 2}, {0.06, 1}, {0.08, 0}};
    (void)state;
    for (size_t i = 0; i < N_OF(gates); i++) {
        char *text = NULL;
        size_t size;
        FILE *const to = open_memstream(&text, &size);
        assert_non_null(to);
        assert_int_equal(report_regressions(cells, gates[i].gate, to), gates[i].n);
        fclose(to);
        assert_int_equal(count_of(text, "onemiss: regression: "), gates[i].n);
        if (gates[i].n > 0)
            expect_part(text, "seven, pages thp takes 1.070 [1.070, 1.070] times as long "
                              "as slow, pages thp, in w p u64, hash h, n = 10");
        expect_no_part(text, "fast");
        free(text);
    }
    json_decref(cells);
}

/* A cell that lacks what groups go by is a group of its own: a report goes on behind it. */
static void every_cell_is_of_a_group(void **state)
{
    json_t *const cells =
        json_pack("[{}, {}, o, o]", a_cell("a", "4k", 6, 1), a_cell("b", "4k", 6, 1));
    (void)state;
    assert_int_equal(cell_group(cells, 0), 1);
    assert_int_equal(cell_group(cells, 1), 1);
    assert_int_equal(cell_group(cells, 2), 2);
    assert_int_equal(cell_group(cells, 4), 0);
    json_decref(cells);
}

/* Instructions and simulated misses: a tenth of the gate is enough for them. */
static void counts_are_gated_tightly(void **state)
{
    json_t *const cells =
        json_pack("[o, o]", a_cell("before", "4k", 6, 1), a_cell("after", "4k", 6, 1));
    (void)state;
    for (int i = 0; i < 2; i++)
        json_object_set_new(json_object_get(json_array_get(cells, (size_t)i), "metrics"),
                            "exact_instructions_per_op",
                            json_pack("{s:f}", "value", 1000 + 4. * i));
    for (int is_tight = 0; is_tight < 2; is_tight++) {
        char *text = NULL;
        size_t size;
        FILE *const to = open_memstream(&text, &size);
        assert_int_equal(report_regressions(cells, is_tight ? 0.03 : 0.05, to), is_tight);
        fclose(to);
        if (is_tight)
            expect_part(text, "after, pages 4k has 1.0040 times the instructions of "
                              "before, pages 4k, in w p u64");
        free(text);
    }
    json_decref(cells);
}

/* A map against itself: a row of the table, judged, never a base and never a regression. */
static void a_twin_is_judged_and_wins_nothing(void **state)
{
    json_t *const cells = json_pack(
        "[o, o, o, o, o, o, o]", a_cell("a_again", "4k", 6, 1), a_cell("a", "4k", 6, 1),
        a_cell("b", "4k", 6, 2), a_cell("a", "thp", 6, 1), a_cell("b", "thp", 6, 1),
        a_cell("a_again", "thp", 6, 1.5), a_cell("c", "thp", 5, 1));
    char sentence[512];
    size_t n_told_apart;
    (void)state;
    for (size_t i = 0; i < 6; i += 5)
        json_object_set_new(json_array_get(cells, i), "role", json_string("twin"));
    assert_int_equal(report_twins(cells, &n_told_apart), 2);
    assert_int_equal(n_told_apart, 1);
    assert_true(report_twins_text(cells, sentence, sizeof sentence));
    expect_part(sentence, "ran twice in 2 groups and was told apart from itself in 1;");
    char *const text = table_of(cells, 3, 3, true);
    expect_part(text, "against a ");
    expect_part(text, "a_again                          1.500");
    FILE *const nowhere = fopen("/dev/null", "w");
    assert_int_equal(report_regressions(cells, 0.03, nowhere), 0);
    fclose(nowhere);
    free(text);
    json_array_remove(cells, 5);
    json_array_remove(cells, 0);
    assert_false(report_twins_text(cells, sentence, sizeof sentence));
    json_decref(cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_map_is_held_against_the_first),
        cmocka_unit_test(the_first_is_the_first_that_is_ok),
        cmocka_unit_test(five_blocks_show_nothing),
        cmocka_unit_test(pairs_are_of_one_block),
        cmocka_unit_test(every_cell_is_of_a_group),
        cmocka_unit_test(a_regression_is_told_beyond_the_gate_alone),
        cmocka_unit_test(counts_are_gated_tightly),
        cmocka_unit_test(a_twin_is_judged_and_wins_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
