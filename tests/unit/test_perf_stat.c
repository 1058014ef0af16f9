/* SPDX-License-Identifier: MIT */
/* The block in the manner of perf stat: its text to the letter, and hostile results. */
#include <jansson.h>
#include <stdlib.h>

#include "report/perf_stat.h"
#include "unit.h"

/* One run of 0.05 s of task clock at 2.469 GHz, the last level multiplexed. */
static const char full[] =
    "{'subject': 'open_addressing', 'workload': 'operation_mix',"
    " 'pattern': 'read_heavy', 'key': 'u64', 'hash': 'siphash13', 'n': 10000000,"
    " 'status': 'ok', 'reason': '', 'metrics': {"
    "'cache_references': {'value': 5000000, 'samples': [{'value': 5000000}]},"
    "'cache_misses': {'value': 1250000, 'samples': [{'value': 1250000}]},"
    "'l1d_loads': {'value': 60000000, 'samples': []},"
    "'l1d_load_misses': {'value': 3000000},"
    "'llc_loads': {'value': 1500000, 'trust': 'estimated', 'samples':"
    " [{'share': 0.6666}, {'share': 0.5}, {'share': 0.9}]},"
    "'llc_load_misses': {'value': 375000, 'trust': 'estimated', 'samples':"
    " [{'share': 0.6666}]},"
    "'dtlb_load_misses': {'value': 20000},"
    "'cycles': {'value': 123450000}, 'instructions': {'value': 246900000},"
    "'branches': {'value': 30000000}, 'branch_misses': {'value': 900000},"
    "'context_switches': {'value': 3}, 'cpu_migrations': {'value': 0},"
    "'page_faults_timed': {'value': 1234},"
    "'cpu_clock_ms': {'value': 50.01}, 'task_clock_ms': {'value': 50},"
    "'wall_s': {'value': 0.0846}, 'user_s': {'value': 0.048},"
    "'sys_s': {'value': 0.002}}}";

static const char full_text[] =
    "\n"
    " Performance counter stats for 'open_addressing' (operation_mix read_heavy u64, "
    "hash "
    "siphash13, n = 10,000,000):\n"
    "\n"
    "         5,000,000      cache-references:u               #  100.000 M/sec\n"
    "         1,250,000      cache-misses:u                   #   25.00% of all cache "
    "refs\n"
    "        60,000,000      L1-dcache-loads:u                #    1.200 G/sec\n"
    "         3,000,000      L1-dcache-load-misses:u          #    5.00% of all "
    "L1-dcache accesses\n"
    "         1,500,000      LLC-loads:u                      #   30.000 M/sec          "
    "            (66.66%)\n"
    "           375,000      LLC-load-misses:u                #   25.00% of all LL-cache "
    "accesses   (66.66%)\n"
    "            20,000      dTLB-load-misses:u               #  400.000 K/sec\n"
    "       123,450,000      cycles:u                         #    2.469 GHz\n"
    "       246,900,000      instructions:u                   #    2.00  insn per cycle\n"
    "        30,000,000      branches:u                       #  600.000 M/sec\n"
    "           900,000      branch-misses:u                  #    3.00% of all "
    "branches\n"
    "                 3      context-switches                 #   60.000 /sec\n"
    "                 0      cpu-migrations                   #    0.000 /sec\n"
    "             1,234      page-faults:u                    #   24.680 K/sec\n"
    "             50.01 msec cpu-clock                        #    0.591 CPUs utilized\n"
    "             50.00 msec task-clock                       #    0.591 CPUs utilized\n"
    "\n"
    "       0.084600000 seconds time elapsed\n"
    "\n"
    "       0.048000000 seconds user (in the pass of the clock)\n"
    "       0.002000000 seconds sys\n";

/* What is printed of a cell; the caller frees it. */
static char *printed(const json_t *cell)
{
    char *text = NULL;
    size_t bytes;
    FILE *const to = open_memstream(&text, &bytes);
    assert_non_null(to);
    report_perf_stat(cell, to);
    fclose(to);
    return text;
}

/* From JSON with ' for " */
static json_t *parsed(const char *text)
{
    char *const copy = strdup(text);
    for (char *c = copy; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    json_error_t error;
    json_t *const cell = json_loads(copy, JSON_DECODE_ANY, &error);
    free(copy);
    if (cell == NULL)
        fail_msg("fixture: %s at %d", error.text, error.position);
    return cell;
}

static void expect_print(const char *json, const char *wanted)
{
    json_t *const cell = parsed(json);
    char *const text = printed(cell);
    assert_string_equal(text, wanted);
    free(text);
    json_decref(cell);
}

static void a_machine_with_counters_is_printed_as_perf_does(void **state)
{
    (void)state;
    expect_print(full, full_text);
}

#define HEAD                                                                             \
    "{'subject': 's', 'workload': 'w', 'pattern': '', 'key': 'str', 'hash': 'h', "
#define HEAD_TEXT "s' (w str, hash h, n = 1,000)"

static void absent_events_share_a_reason_that_is_said_once(void **state)
{
    (void)state;
    expect_print(HEAD "'n': 1000, 'status': 'ok', 'metrics': {"
                      "'cycles': {'value': null, 'reason': 'no counter'},"
                      "'instructions': {'value': null, 'reason': 'other'},"
                      "'branches': {'value': null, 'reason': 'no counter'},"
                      "'page_faults_timed': {'value': 0},"
                      "'task_clock_ms': {'value': 1234567.891}}}",
                 "\n Performance counter stats for '" HEAD_TEXT ":\n\n"
                 "   <not supported>      cycles:u\n"
                 "   <not supported>      instructions:u\n"
                 "   <not supported>      branches:u\n"
                 "                 0      page-faults:u                    #    0.000 "
                 "/sec\n"
                 "      1,234,567.89 msec task-clock\n"
                 "\n <not supported> cycles:u, branches:u:\n   no counter\n"
                 "\n <not supported> instructions:u:\n   other\n");
}

static void a_long_list_of_absent_events_is_wrapped(void **state)
{
    (void)state;
    json_t *const cell = parsed(HEAD "'n': 1, 'status': 'ok', 'metrics': {"
                                     "'cache_references': {'reason': 'x'},"
                                     "'cache_misses': {'reason': 'x'},"
                                     "'l1d_load_misses': {'reason': 'x'},"
                                     "'llc_load_misses': {'reason': 'x'}}}");
    char *const text = printed(cell);
    expect_part(text, "\n <not supported> cache-references:u, cache-misses:u, "
                      "L1-dcache-load-misses:u,\n"
                      "                 LLC-load-misses:u:\n   x\n");
    free(text);
    json_decref(cell);
}

static void the_nearest_event_is_named_and_not_set_against_another(void **state)
{
    (void)state;
    expect_print(HEAD "'n': 1000, 'status': 'ok', 'metrics': {"
                      "'llc_loads': {'value': 8, 'event': 'l3d_cache'},"
                      "'llc_load_misses': {'value': 4}}}",
                 "\n Performance counter stats for '" HEAD_TEXT ":\n\n"
                 "                 8      LLC-loads:u\n"
                 "                 4      LLC-load-misses:u\n"
                 "\n LLC-loads:u is the nearest this processor has: l3d_cache\n");
}

static void a_multiplexed_value_without_comment_keeps_its_column(void **state)
{
    (void)state;
    expect_print(HEAD "'n': 1000, 'status': 'ok', 'metrics': {'cycles': {'value': 7,"
                      " 'samples': [{'share': 0.25}, {}, {'share': 0.5}]}}}",
                 "\n Performance counter stats for '" HEAD_TEXT ":\n\n"
                 "                 7      cycles:u                        "
                 "                                       (50.00%)\n");
}

static void a_cell_that_is_not_ok_is_one_line(void **state)
{
    (void)state;
    expect_print(HEAD "'n': 1000, 'status': 'crashed', 'reason': 'Bus error',"
                      "'metrics': {'cycles': {'value': 1}}}",
                 "\n '" HEAD_TEXT ": crashed: Bus error\n");
    expect_print("{}", "\n '' (, hash , n = 0): no status\n");
}

static void a_cell_without_counters_prints_nothing(void **state)
{
    (void)state;
    expect_print(HEAD "'status': 'ok', 'metrics': {'wall_s': {'value': 1}}}", "");
}

static void control_bytes_never_reach_the_terminal(void **state)
{
    (void)state;
    json_t *const cell = parsed(
        "{'subject': 'a\\u001b[31mb\\u009b2Jc\\u00e9', 'workload': '\\n\\r\\u007f',"
        " 'hash': '\\t', 'status': 'ok', 'metrics': {"
        "'cycles': {'value': null, 'reason': 'x\\u001b]0;y\\u0007z'},"
        "'llc_loads': {'value': 1, 'event': '\\u001bq'}}}");
    char *const text = printed(cell);
    for (const char *c = text; *c != '\0'; c++)
        assert_true(*c == '\n' || (unsigned char)*c >= ' ');
    assert_null(strchr(text, 0x7F));
    assert_null(strstr(text, "\xC2\x9B"));
    expect_part(text, "'a[31mb2Jc\xC3\xA9'");
    expect_part(text, "x]0;yz");
    expect_part(text, "has: q\n");
    free(text);
    json_decref(cell);
}

static void fields_of_the_wrong_type_are_absent_not_fatal(void **state)
{
    (void)state;
    static const char *const odd[] = {"1", "null", "[]", "'text'", "{'status': 7}"};
    for (size_t i = 0; i < N_OF(odd); i++) {
        json_t *const cell = parsed(odd[i]);
        char *const text = printed(cell);
        expect_part(text, "no status");
        free(text);
        json_decref(cell);
    }
    char *const nothing = printed(NULL);
    expect_part(nothing, "no status");
    free(nothing);
    json_t *const cell =
        parsed("{'subject': [], 'n': 'many', 'status': 'ok', 'metrics': {"
               "'cycles': {'value': 'x', 'reason': 3}, 'branches': [],"
               "'instructions': {'value': -1}, 'cache_misses': {'value': 1e300},"
               "'llc_loads': {'value': 1, 'samples': {'share': 2}, 'event': []},"
               "'l1d_loads': {'value': 2, 'samples': [1, null, {'share': 'x'}]},"
               "'branch_misses': {'value': 3, 'samples': [{'share': -1}]}, "
               "'task_clock_ms': {'value': 0}, 'wall_s': 1}}");
    char *const text = printed(cell);
    expect_part(text, "   <not supported>      cycles:u\n");
    expect_part(text, "   <not supported>      instructions:u\n");
    expect_part(text, "   <not supported>      cache-misses:u\n");
    expect_part(text, "   <not supported>      branches:u\n");
    expect_part(text, "                 1      LLC-loads:u\n");
    expect_part(text, "                 2      L1-dcache-loads:u\n");
    expect_part(text, "                 3      branch-misses:u\n");
    expect_part(text, "              0.00 msec task-clock\n");
    expect_part(text, "the result gives no reason");
    free(text);
    json_decref(cell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_with_counters_is_printed_as_perf_does),
        cmocka_unit_test(absent_events_share_a_reason_that_is_said_once),
        cmocka_unit_test(a_long_list_of_absent_events_is_wrapped),
        cmocka_unit_test(the_nearest_event_is_named_and_not_set_against_another),
        cmocka_unit_test(a_multiplexed_value_without_comment_keeps_its_column),
        cmocka_unit_test(a_cell_that_is_not_ok_is_one_line),
        cmocka_unit_test(a_cell_without_counters_prints_nothing),
        cmocka_unit_test(control_bytes_never_reach_the_terminal),
        cmocka_unit_test(fields_of_the_wrong_type_are_absent_not_fatal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
