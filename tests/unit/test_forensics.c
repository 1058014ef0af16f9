/* SPDX-License-Identifier: MIT */
/* Resize forensics as a picture and as tables: numbers are where they belong, passes are
 * joined by slots and entries, and nothing that a file says does harm. */
#include "picture.h"

#include "report/forensics_read.h"
#include "report/forensics_svg.h"
#include "report/forensics_text.h"
#include "report/pages_text.h"

/* The plot of one cell, from the drawing: x 76 to 840; latency from y 326 up to 156, memory
 * from 552 up to 362, page faults from 698 up to 588, the latter two with a twentieth of
 * room above the most. */
#define METRIC(name, value)                                                              \
    "'" name "': {'value': " value ", 'low': null, 'high': null, 'unit': 'ns', "         \
    "'statistic': 'single', 'trust': 'measured', 'level': null, 'samples': [{}]}"
#define POINTS                                                                           \
    "[[0, 0, 0, 0, 1048576], [500, 10, 1048576, 10, 2097152],"                           \
    "[1000, 20, 2097152, 40, 4194304]]"
#define RESIZE(operation, old, new, items, ns)                                           \
    "{'operation': " operation ", 'old_capacity': " old                                  \
    ", 'new_capacity': " new ", 'items': " items                                         \
                             ", 'old_bytes': 16, 'new_bytes': 32, 'began_ns': 0,"        \
                             "'ended_ns': " ns ", 'page_faults': 10, 'is_timed': true, " \
                             "'peak_live_bytes': 1024,"                                  \
                             "'peak_resident_bytes': 2097152}"
#define STALL(operation, ns, rest)                                                       \
    "{'block': 0, 'operation': " operation ", 'kind': 'insert', 'duration_ns': " ns      \
    ", 'is_preempted': false" rest "}"

static json_t *a_cell(const char *subject, const char *pages, const char *points,
                      const char *resizes, const char *stalls, const char *metrics)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    fprintf(to,
            "{'workload': 'load_factor', 'pattern': '', 'key': 'u64', 'hash': "
            "'siphash13', 'n': 1000, 'operations': 1000, 'pages': '%s', 'threads': 1, "
            "'lock': 'none', 'build': 'native', 'value_bytes': 8, 'status': 'ok', "
            "'reason': '', 'metrics': {%s}, 'stalls': [%s], 'timeline': {'left_out': 0, "
            "'timed_ns': 200, 'points': %s, 'resizes': [%s]}}",
            pages, metrics, stalls, points, resizes);
    fclose(to);
    json_t *const cell = parse_json(text);
    json_object_set_new(cell, "subject", json_string(subject));
    free(text);
    return cell;
}

static char *picture_of(const json_t *cell, const json_t *other)
{
    json_t *const machine = parse_json("{'cpu': 'A <processor> & more'}");
    char *const svg = forensics_svg(cell, other, machine);
    json_decref(machine);
    if (svg != NULL)
        expect_well_formed(svg);
    return svg;
}

static char *written(void (*report)(const json_t *cell, const json_t *other, FILE *to),
                     const json_t *cell, const json_t *other)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    report(cell, other, to);
    fclose(to);
    expect_within(text, 80);
    return text;
}

static void write_forensics(const json_t *cell, const json_t *other, FILE *to)
{
    (void)other;
    report_forensics(cell, to);
}

/* ---- the picture ---- */

static void a_point_lies_where_its_numbers_say(void **state)
{
    json_t *const cell = a_cell("a", "4k", POINTS, "", "", "");
    char *const svg = picture_of(cell, NULL);
    (void)state;
    /* held: 0, 1/4 and 1/2 of the most; resident: 1/4, 1/2 and all of it */
    expect_part(svg, "'76.0,552.0 458.0,506.8 840.0,461.5 '");
    expect_part(svg, "'76.0,506.8 458.0,461.5 840.0,371.0 '");
    expect_part(svg, "'76.0,698.0 458.0,671.8 840.0,593.2 '"); /* 0, 10, 40 faults */
    expect_part(svg, "held by the map, most 2 MiB");
    expect_part(svg, "resident, most 4 MiB");
    expect_part(svg, "40, 0% in resizes");
    free(svg);
    json_decref(cell);
}

static void a_long_operation_lies_at_the_logarithm_of_its_time(void **state)
{
    json_t *const cell =
        a_cell("a", "4k", POINTS, "",
               STALL("500", "10000", "") "," STALL(
                   "750", "1000000", ", 'new_capacity': 64, 'resize_ns': 9"),
               METRIC("latency_p50_ns", "1000"));
    char *const svg = picture_of(cell, NULL);
    (void)state;
    /* the axis goes from 100 ns to 1 ms: 10 us is its half, 1 us its quarter */
    expect_part(svg, "<circle class='fill0' r='3' cx='458.0' cy='241.0'/>");
    expect_part(svg, "<circle class='fill1' r='3' cx='649.0' cy='156.0'/>");
    expect_part(svg, "d='M76.0 283.5h764.0'");
    expect_part(svg, ">1 ms</text>");
    expect_part(svg, "p50 1 us");
    free(svg);
    json_decref(cell);
}

static void a_resize_is_where_its_operation_was_exactly(void **state)
{
    json_t *const cell = a_cell(
        "a", "4k", POINTS, RESIZE("400", "32", "64", "45", "50"),
        STALL("300", "10", ", 'new_capacity': 64, 'resize_ns': 9") "," STALL(
            "500", "99",
            ", 'new_capacity': 64, 'resize_ns': 9") "," STALL("501", "100",
                                                              ", 'new_capacity': 128, "
                                                              "'resize_ns': 9"),
        "");
    static struct forensics f;
    (void)state;
    assert_true(forensics_read(cell, &f));
    assert_true(f.resizes[0].operation == 500);
    char *const svg = picture_of(cell, NULL);
    expect_part(svg, "<path class='mark' d='M458.0 ");
    expect_part(svg, ">32 &#8594; 64</text>");
    free(svg);
    json_decref(cell);
}

static void resizes_of_tiny_tables_are_no_block_and_the_last_is_drawn(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    (void)state;
    for (int i = 0; i < 150; i++)
        fprintf(to, "%s" RESIZE("%d", "%d", "%d", "7", "9"), i == 0 ? "" : ",",
                i < 149 ? i : 1000, 16 + i, 32 + i);
    fclose(to);
    json_t *const cell = a_cell("a", "4k", POINTS, text, "", "");
    char *const svg = picture_of(cell, NULL);
    const size_t n = count_of(svg, "class='mark'");
    if (n < 2 || n > 2 + 764 / 8)
        fail_msg("%zu marks", n);
    expect_part(svg, "<path class='mark' d='M840.0 ");
    expect_part(svg, ">165 &#8594; 181</text>");
    free(svg);
    free(text);
    json_decref(cell);
}

static void two_cells_stand_side_by_side_by_the_same_scales(void **state)
{
    json_t *const cell = a_cell("a", "4k", POINTS, "", "", "");
    json_t *const other =
        a_cell("a", "thp", "[[0, 0, 0, 0, 0], [2000, 9, 9, 4, 2097152]]", "", "", "");
    char *const svg = picture_of(cell, other);
    (void)state;
    /* columns of 364 from 76 and 476; each by its own operations */
    expect_part(svg, "'76.0,506.8 258.0,461.5 440.0,371.0 '");
    expect_part(svg, "'476.0,552.0 840.0,461.5 '");
    expect_part(svg, ">pages 4k</text>");
    expect_part(svg, ">pages thp</text>");
    free(svg);
    json_decref(cell);
    json_decref(other);
}

static void without_a_timeline_there_is_no_picture_and_one_may_lack(void **state)
{
    json_t *const cell = a_cell("a", "4k", POINTS, "", "", "");
    json_t *const bad = a_cell("b", "4k", POINTS, "", "", "");
    json_t *const none = json_object();
    struct complaint complaint;
    (void)state;
    json_object_set_new(bad, "status", json_string("crashed"));
    assert_null(forensics_svg(NULL, NULL, NULL));
    assert_null(forensics_svg(none, cell, NULL));
    assert_null(forensics_svg(bad, NULL, NULL));
    assert_false(report_forensics_svg(none, NULL, NULL, "it.svg", &complaint));
    expect_part(complaint.text, "--with timeline");
    char *const svg = forensics_svg(cell, bad, NULL);
    expect_well_formed(svg);
    expect_part(svg, "an unknown processor");
    expect_no_part(svg, ">b, ");
    free(svg);
    json_decref(none);
    json_decref(bad);
    json_decref(cell);
}

static void without_resident_bytes_there_is_one_line_of_memory(void **state)
{
    json_t *const cell = a_cell("a", "4k", "[[0, 0, 0, 0], [9, 1, 4096, 1]]", "", "", "");
    char *const svg = picture_of(cell, NULL);
    (void)state;
    expect_part(svg, "held by the map, most 4 KiB");
    expect_no_part(svg, "resident, most");
    free(svg);
    json_decref(cell);
}

static void what_a_file_says_of_itself_is_escaped(void **state)
{
    json_t *const cell =
        a_cell("a", "4k", POINTS, RESIZE("1", "2", "3", "4", "5"), "",
               "'latency_max_ns': {'value': null, 'reason': 'a < b > c'}");
    static const char *const fields[] = {"subject", "workload", "pattern",
                                         "key",     "hash",     "pages"};
    (void)state;
    for (size_t i = 0; i < N_OF(fields); i++)
        json_object_set_new(cell, fields[i],
                            json_string("</text><script>\"'&\xc2\xb5 and so on, and so"));
    char *const svg = picture_of(cell, cell);
    expect_no_part(svg, "<script");
    expect_part(svg, "a &lt; b &gt; c");
    expect_part(svg, "A &lt;processor&gt; &amp; more");
    free(svg);
    json_decref(cell);
}

static void numbers_without_bound_are_drawn_within_the_picture(void **state)
{
    static const char *const large[] = {"9007199254740992", "1", "0"};
    (void)state;
    for (size_t i = 0; i < N_OF(large); i++) {
        char points[256], resizes[512], stalls[256];
        snprintf(points, sizeof points, "[[0, 0, 0, 0, 0], [%s, %s, %s, %s, %s]]",
                 large[i], large[i], large[i], large[i], large[i]);
        snprintf(resizes, sizeof resizes,
                 RESIZE("9007199254740992", "%s", "%s", "%s", "%s"), large[i], large[i],
                 large[i], large[i]);
        snprintf(stalls, sizeof stalls,
                 STALL("%s", "1e308", "") "," STALL("%s", "-1", ""), large[i], large[i]);
        json_t *const cell =
            a_cell("a", "4k", points, resizes, stalls, METRIC("latency_p50_ns", "1e308"));
        char *const svg = picture_of(cell, cell);
        char *const text = written(write_forensics, cell, NULL);
        expect_no_part(svg, "nan");
        expect_no_part(svg, "inf");
        for (const char *x = svg; (x = strstr(x, " cx='")) != NULL; x++)
            if (!(atof(x + 5) >= 0 && atof(x + 5) <= 880))
                fail_msg("a dot at '%.20s'", x);
        free(text);
        free(svg);
        json_decref(cell);
    }
}

static void memory_calls_are_joined_by_slots_and_entries(void **state)
{
    json_t *const cell = a_cell(
        "a", "4k", POINTS,
        RESIZE("100", "16", "32", "12", "9") "," RESIZE("500", "32", "64", "45", "9"), "",
        "");
    static struct forensics f;
    (void)state;
    json_object_set_new(
        cell, "memory_calls",
        parse_json(
            "{'calls': [{'at_ns': 5, 'call': 'brk'}, {'at_ns': 20, 'call': 'mmap'},"
            "{'at_ns': 25, 'call': 'mmap'}, {'at_ns': 29, 'call': 'munmap'},"
            "{'at_ns': 30, 'call': 'brk'}], 'resizes': ["
            "{'began_ns': 1, 'ended_ns': 2, 'old_capacity': 0, 'new_capacity': 16,"
            "'items': 0}, {'began_ns': 20, 'ended_ns': 30, 'old_capacity': 32,"
            "'new_capacity': 64, 'items': 45}]}"));
    assert_true(forensics_read(cell, &f));
    assert_false(f.resizes[0].has_calls);
    assert_true(f.resizes[1].has_calls);
    expect_u64("mmap", 0, f.resizes[1].calls[0], 2);
    expect_u64("munmap", 0, f.resizes[1].calls[1], 1);
    expect_u64("brk", 0, f.resizes[1].calls[3], 0);
    expect_u64("outside", 0, f.calls_outside, 2);
    char *const svg = picture_of(cell, NULL);
    /* rows for the kinds that were seen alone, 20 high from 734 */
    expect_part(svg, "<circle class='fill4' r='3' cx='458.0' cy='744'/>");
    expect_part(svg, "<circle class='fill4' r='3' cx='458.0' cy='764'/>");
    expect_part(svg, ">munmap</text>");
    expect_no_part(svg, ">brk</text>");
    free(svg);
    json_decref(cell);
}

/* ---- tables ---- */

static void the_last_resizes_and_the_slowest_are_told(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    (void)state;
    for (int i = 0; i < 9; i++)
        fprintf(to, "%s" RESIZE("%d", "%d", "%d", "1234567", "%d"), i == 0 ? "" : ",",
                100 * i, 16 << i, 32 << i, i == 2 ? 90 : 10);
    fclose(to);
    json_t *const cell =
        a_cell("a", "4k", POINTS, text,
               STALL("810", "1500000", ", 'new_capacity': 8192, 'resize_ns': 9"), "");
    char *const said = written(write_forensics, cell, NULL);
    expect_part(said,
                "Resizes of a, pages 4k: 9\n  85% of the time, 225% of 40 page faults");
    expect_part(said, "*   64 > 128 ");
    expect_no_part(said, " 128 > 256 ");
    expect_part(said, "  256 > 512 ");
    expect_part(said, " 4096 > 8192    1,234,567     1 KiB     2 MiB    10 ns       10"
                      "  1.50 ms    5%");
    free(said);
    free(text);
    json_decref(cell);
}

static void without_a_timeline_nothing_is_told(void **state)
{
    json_t *const none = json_object();
    char *const said = written(write_forensics, none, NULL);
    (void)state;
    assert_string_equal(said, "");
    free(said);
    json_decref(none);
}

#define WITH_INTERVAL(name, value, low, high)                                            \
    "'" name "': {'value': " value ", 'low': " low ", 'high': " high "}"

static void pages_are_told_with_ratios_and_doubts(void **state)
{
    json_t *const small = a_cell(
        "a", "4k", POINTS, "", "",
        WITH_INTERVAL("ns_per_op", "200", "190", "210") "," WITH_INTERVAL(
            "latency_max_ns", "100", "90",
            "110") "," METRIC("page_faults",
                              "40000") "," METRIC("resize_longest_ns",
                                                  "100") "," METRIC("huge_page_bytes",
                                                                    "0"));
    json_t *const large = a_cell(
        "a", "thp", POINTS, "", "",
        WITH_INTERVAL("ns_per_op", "100", "95", "105") "," WITH_INTERVAL(
            "latency_max_ns", "90", "80",
            "100") "," METRIC("page_faults",
                              "400") "," METRIC("resize_longest_ns",
                                                "50") ","
                                                      "'huge_page_bytes': {'value': "
                                                      "null, 'reason': 'mount /proc'}");
    char *const said = written(report_pages, small, large);
    (void)state;
    expect_part(said, "Pages 4k against thp: a\n");
    expect_part(said,
                "time an operation                     200 ns      100 ns    0.50\n");
    expect_part(said,
                "longest operation                     100 ns       90 ns    0.90 ?\n");
    expect_part(said,
                "longest resize                        100 ns       50 ns    0.50 ?\n");
    expect_part(said,
                "page faults                           40,000         400    0.01\n");
    expect_part(said, "pages thp, in huge pages at the end: mount /proc\n");
    expect_no_part(said, "most resident"); /* nobody asked */
    free(said);
    json_decref(small);
    json_decref(large);
}

static void cells_that_differ_in_more_than_pages_are_not_compared(void **state)
{
    static const char *const fields[] = {"subject", "workload", "n", "build", "status"};
    (void)state;
    for (size_t i = 0; i < N_OF(fields); i++) {
        json_t *const cell =
            a_cell("a", "4k", POINTS, "", "", METRIC("page_faults", "4"));
        json_t *const other = json_deep_copy(cell);
        json_object_set_new(other, fields[i], json_string("else"));
        char *const said = written(report_pages, cell, other);
        expect_part(said, "not compared: the cells differ in '");
        expect_part(said, fields[i]);
        expect_no_part(said, "page faults");
        free(said);
        json_decref(other);
        json_decref(cell);
    }
}

static void huge_pages_that_did_not_come_are_told(void **state)
{
    json_t *const small =
        a_cell("a", "4k", POINTS, "", "", METRIC("huge_page_bytes", "2097152"));
    json_t *const large =
        a_cell("a", "thp", POINTS, "", "", METRIC("huge_page_bytes", "0"));
    char *const said = written(report_pages, small, large);
    (void)state;
    expect_part(said, "The kernel gave no huge pages for thp");
    expect_part(said, "in spite of 4k");
    free(said);
    json_decref(small);
    json_decref(large);
}

static void times_and_bytes_are_told_in_three_digits(void **state)
{
    static const struct {
        double value;
        const char *time, *bytes;
    } cases[] = {{0, "0 ns", "0 B"},
                 {999, "999 ns", "999 B"},
                 {999.6, "1 us", "1000 B"},
                 {1023.9, "1.02 us", "1 KiB"},
                 {1536, "1.54 us", "1.50 KiB"},
                 {12345678, "12.3 ms", "11.8 MiB"},
                 {-1, "-", "-"}};
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char text[FORENSICS_TIME];
        forensics_time(text, cases[i].value);
        assert_string_equal(text, cases[i].time);
        forensics_bytes(text, cases[i].value);
        assert_string_equal(text, cases[i].bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_point_lies_where_its_numbers_say),
        cmocka_unit_test(a_long_operation_lies_at_the_logarithm_of_its_time),
        cmocka_unit_test(a_resize_is_where_its_operation_was_exactly),
        cmocka_unit_test(resizes_of_tiny_tables_are_no_block_and_the_last_is_drawn),
        cmocka_unit_test(two_cells_stand_side_by_side_by_the_same_scales),
        cmocka_unit_test(without_a_timeline_there_is_no_picture_and_one_may_lack),
        cmocka_unit_test(without_resident_bytes_there_is_one_line_of_memory),
        cmocka_unit_test(what_a_file_says_of_itself_is_escaped),
        cmocka_unit_test(numbers_without_bound_are_drawn_within_the_picture),
        cmocka_unit_test(memory_calls_are_joined_by_slots_and_entries),
        cmocka_unit_test(the_last_resizes_and_the_slowest_are_told),
        cmocka_unit_test(without_a_timeline_nothing_is_told),
        cmocka_unit_test(pages_are_told_with_ratios_and_doubts),
        cmocka_unit_test(cells_that_differ_in_more_than_pages_are_not_compared),
        cmocka_unit_test(huge_pages_that_did_not_come_are_told),
        cmocka_unit_test(times_and_bytes_are_told_in_three_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
