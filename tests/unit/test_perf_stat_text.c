/* SPDX-License-Identifier: MIT */
/* What perf stat prints is read to the values that a person reads in it, in each of its
 * forms, and what is not whole is refused with one line. */
#include "unit.h"

#include <math.h>

#include "formats/perf_stat_text.h"

static struct perf_stat stat;
static struct complaint complaint;

static bool read_stream(FILE *file)
{
    complaint.text[0] = '\0';
    assert_non_null(file);
    const bool is_read = perf_stat_read(file, "it", &stat, &complaint);
    fclose(file);
    return is_read;
}

static bool read_fixture(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/perf-stat/perf_%s", FIXTURES, name);
    return read_stream(fopen(path, "r"));
}

static bool read_text(const char *text)
{
    return read_stream(fmemopen((void *)(uintptr_t)text, strlen(text), "r"));
}

struct wanted {
    const char *event, *modifiers, *unit;
    enum perf_stat_state state;
    double value, share;
};

static void expect_rows(const struct wanted *rows, size_t n)
{
    if (complaint.text[0] != '\0')
        fail_msg("%s", complaint.text);
    assert_int_equal(stat.n_rows, n);
    for (size_t i = 0; i < n; i++) {
        const struct perf_stat_row *const row = perf_stat_find(&stat, rows[i].event);
        if (row != &stat.rows[i])
            fail_msg("row %zu is not %s", i, rows[i].event);
        assert_string_equal(row->modifiers, rows[i].modifiers);
        assert_string_equal(row->unit, rows[i].unit);
        assert_int_equal(row->state, rows[i].state);
        if (fabs(row->value - rows[i].value) > 1e-6 ||
            fabs(row->share - rows[i].share) > 1e-9)
            fail_msg("%s: %.9g of %.9g", row->event, row->value, row->share);
    }
}

#define COUNTED PERF_STAT_COUNTED
#define REFUSED PERF_STAT_NOT_SUPPORTED
#define NO_TURN PERF_STAT_NOT_COUNTED

/* ---- tests ---- */

static void the_form_for_people_is_read(void **state)
{
    static const struct wanted rows[] = {{"task-clock", "", "msec", COUNTED, 4.09, 1},
                                         {"context-switches", "", "", COUNTED, 1, 1},
                                         {"page-faults", "u", "", COUNTED, 44, 1},
                                         {"cycles", "u", "", REFUSED, 0, 1},
                                         {"LLC-load-misses", "", "", REFUSED, 0, 1}};
    (void)state;
    assert_true(read_fixture("people.txt"));
    expect_rows(rows, N_OF(rows));
    assert_true(stat.elapsed_s == 0.006860778);
    assert_true(stat.user_s == 0);
    assert_true(stat.sys_s == 0.009106);
}

static void both_forms_for_programs_are_read(void **state)
{
    static const struct wanted fields[] = {{"task-clock", "", "msec", COUNTED, 3.08, 1},
                                           {"context-switches", "", "", COUNTED, 1, 1},
                                           {"page-faults", "u", "", COUNTED, 45, 1},
                                           {"cycles", "u", "", REFUSED, 0, 1},
                                           {"LLC-load-misses", "", "", REFUSED, 0, 1}};
    static const struct wanted objects[] = {
        {"task-clock", "", "msec", COUNTED, 3.043466, 1},
        {"context-switches", "", "", COUNTED, 0, 1},
        {"page-faults", "u", "", COUNTED, 45, 1},
        {"cycles", "u", "", REFUSED, 0, 1},
        {"LLC-load-misses", "", "", REFUSED, 0, 1}};
    (void)state;
    assert_true(read_fixture("fields.csv"));
    expect_rows(fields, N_OF(fields));
    assert_true(isnan(stat.elapsed_s));
    assert_true(read_fixture("objects.json"));
    expect_rows(objects, N_OF(objects));
    assert_true(
        read_text("{\"counter-value\" : \"12.000000\", \"unit\" : \"\", \"event\" "
                  ": \"cycles:u\", \"pcnt-running\" : 66.66}\n"
                  "{\"metric-value\" : 0.3, \"metric-unit\" : \"stalled\"}\n"));
    assert_true(stat.n_rows == 1 && fabs(stat.rows[0].share - 0.6666) < 1e-9);
    assert_true(read_text("12,,cycles:u,99,33.40,0.3,GHz\n      ,,,,,0.30,stalled\n"));
    assert_true(stat.n_rows == 1 && fabs(stat.rows[0].share - 0.334) < 1e-9);
}

static void what_took_turns_has_its_share(void **state)
{
    static const struct wanted rows[] = {
        {"cycles", "u", "", COUNTED, 1234567, 0.6666},
        {"LLC-loads", "u", "", NO_TURN, 0, 0},
        {"LLC-load-misses", "u", "", REFUSED, 0, 1},
        {"task-clock", "u", "msec", COUNTED, 1003.07, 1},
        {"sched:sched_switch", "", "", COUNTED, 7654321, 0.334}};
    (void)state;
    assert_true(read_fixture("multiplexed.txt"));
    expect_rows(rows, N_OF(rows));
    assert_true(stat.elapsed_s == 1.004999);
}

/* The notes' figures, as issue and README name them. */
static void published_counts_are_read(void **state)
{
    static const struct wanted rows[] = {
        {"L1-dcache-load-misses", "", "", COUNTED, 140770087, 0.6666},
        {"LLC-loads", "", "", COUNTED, 72878214, 0.6667},
        {"LLC-load-misses", "", "", COUNTED, 41523145, 0.6666},
        {"L1-dcache-loads", "", "", COUNTED, 2380114906, 0.6666},
        {"instructions", "", "", COUNTED, 11086265659, 0.6666},
        {"branch-misses", "", "", COUNTED, 32027771, 0.6667}};
    (void)state;
    assert_true(read_fixture("published.txt"));
    expect_rows(rows, N_OF(rows));
}

static void thousands_are_those_of_the_language(void **state)
{
    static const struct wanted commas[] = {
        {"cycles", "", "", COUNTED, 1234567, 1},
        {"task-clock", "", "msec", COUNTED, 1003.07, 1},
        {"page-faults", "", "", COUNTED, 1234, 0.6666}};
    static const struct wanted blanks[] = {{"cycles", "uk", "", COUNTED, 1234567, 1},
                                           {"branches", "", "", COUNTED, 7654321, 1}};
    (void)state;
    assert_true(read_fixture("comma_decimals.txt"));
    expect_rows(commas, N_OF(commas));
    assert_true(stat.elapsed_s == 1.004999);
    assert_true(read_fixture("narrow_blanks.txt"));
    expect_rows(blanks, N_OF(blanks));
}

static void the_spread_of_runs_is_passed_over(void **state)
{
    static const struct wanted fields[] = {{"task-clock", "", "msec", COUNTED, 3.22, 1},
                                           {"faults", "u", "", COUNTED, 45, 1},
                                           {"cycles", "", "", REFUSED, 0, 1}};
    static const struct wanted people[] = {{"task-clock", "", "msec", COUNTED, 2.59, 1},
                                           {"faults", "u", "", COUNTED, 45, 1},
                                           {"cycles", "", "", REFUSED, 0, 1}};
    (void)state;
    assert_true(read_fixture("repeated.csv"));
    expect_rows(fields, N_OF(fields));
    assert_true(read_fixture("repeated.txt"));
    expect_rows(people, N_OF(people));
    assert_true(stat.elapsed_s == 0.00618);
}

static void what_is_not_whole_is_told_in_one_line(void **state)
{
    static const char *const fixtures[][2] = {
        {"truncated.txt", "ends early, at line 9: no time elapsed"},
        {"truncated.json", "no JSON"},
        {"intervals.csv", "leave -I out"},
        {"garbled.csv", "line 3: neither a count nor a refusal"}};
    static const char head[] = " Performance counter stats for 'a':\n";
    static const char *const bad[][2] = {
        {"12x cycles\n", "the count is garbled"},
        {"many cycles\n", "neither a count nor a refusal"},
        {"12 cycles   (66.66\n", "share of the time is garbled"},
        {"12 cycles   (166.66%)\n", "share of the time is garbled"},
        {"12\n", "the count is garbled"},
        {"12 msec\n", "a value without an event"},
        {"x seconds time elapsed\n", "a time is garbled"}};
    static const char *const rows[][2] = {
        {"", "no event in it"},
        {"Segmentation fault\n", "no event in it"},
        {"1,,cycles\n", "value,unit,event,runtime,share"},
        {"1,,cycles,5,\n", "share of the time is garbled"},
        {"nan,,cycles,5,100.00\n", "neither a count nor a refusal"},
        {"-1,,cycles,5,100.00\n", "neither a count nor a refusal"},
        {"1,,,5,100.00\n", "a value without an event"},
        {"{\"event\" : \"cycles\"}\n", "no 'counter-value'"},
        {"{\"counter-value\" : \"1\", \"event\" : \"a\"}\n",
         "share of the time is garbled"},
        {"{\"counter-value\" : \"1e\", \"event\" : \"a\", \"pcnt-running\" : 1}\n",
         "neither a count nor a refusal"}};
    char text[256];
    (void)state;
    for (size_t i = 0; i < N_OF(fixtures); i++) {
        assert_false(read_fixture(fixtures[i][0]));
        expect_part(complaint.text, fixtures[i][1]);
    }
    for (size_t i = 0; i < N_OF(bad); i++) {
        snprintf(text, sizeof text, "%s%s", head, bad[i][0]);
        assert_false(read_text(text));
        expect_part(complaint.text, bad[i][1]);
    }
    for (size_t i = 0; i < N_OF(rows); i++) {
        assert_false(rows[i][0][0] == '\0' ? read_stream(fopen("/dev/null", "r"))
                                           : read_text(rows[i][0]));
        expect_part(complaint.text, rows[i][1]);
        assert_null(strchr(complaint.text, '\n'));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_for_people_is_read),
        cmocka_unit_test(both_forms_for_programs_are_read),
        cmocka_unit_test(what_took_turns_has_its_share),
        cmocka_unit_test(published_counts_are_read),
        cmocka_unit_test(thousands_are_those_of_the_language),
        cmocka_unit_test(the_spread_of_runs_is_passed_over),
        cmocka_unit_test(what_is_not_whole_is_told_in_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
