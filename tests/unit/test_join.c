/* SPDX-License-Identifier: MIT */
/* Results of several machines become one that says of each cell where it comes from, and
 * from which nothing is told that one of them did not measure. */
#include "unit.h"

#include "join.h"
#include "report/cell_read.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/text.h"

static struct complaint complaint;

static json_t *cell_of(const char *subject, const char *workload, int value)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:{s:{s:i}}}",
                     "subject", subject, "workload", workload, "pattern", "", "key",
                     "u64", "hash", "wyhash", "n", 1000, "pages", "default", "status",
                     "ok", "reason", "", "metrics", "ns_per_op", "value", value);
}

/* A result of that processor: two maps under each of the workloads. */
static json_t *part_of(const char *cpu, const char *workloads)
{
    json_t *const cells = json_array();
    for (const char *at = workloads; *at != '\0'; at++) {
        const char name[] = {*at, '\0'};
        json_array_append_new(cells, cell_of("first", name, *at));
        json_array_append_new(cells, cell_of("second", name, *at + 1));
    }
    return json_pack("{s:s, s:s, s:b, s:s, s:{s:s}, s:[s, s], s:s, s:o}", "schema",
                     "onemiss.result/1", "started", "2026-01-31T12:00:00Z", "complete", 1,
                     "seed", "0x0000000000000001", "machine", "cpu", cpu, "command",
                     "onemiss", workloads, "later", cpu, "cells", cells);
}

static json_t *shard_of(int index, int of, const char *plan, const char *workloads)
{
    json_t *const part = part_of("A", workloads);
    json_object_set_new(
        part, "shard",
        json_pack("{s:i, s:i, s:s}", "index", index, "of", of, "plan", plan));
    return part;
}

/* The parts as one, each from a file a, b, ...; they are taken. */
static json_t *joined(size_t n, json_t **parts)
{
    struct join join;
    json_t *const result = json_object();
    join_begin(&join);
    for (size_t i = 0; i < n; i++) {
        const char file[] = {(char)('a' + i), '\0'};
        if (!join_add(&join, parts[i], file, &complaint))
            fail_msg("%s", complaint.text);
        json_decref(parts[i]);
    }
    join_end(&join, result);
    return result;
}

static void expect_workloads(const json_t *result, const char *wanted)
{
    char found[64] = "";
    size_t i;
    const json_t *cell;
    json_array_foreach(json_object_get(result, "cells"), i, cell)
    {
        strcat(found, member_text(cell, "workload"));
    }
    assert_string_equal(found, wanted);
}

static void every_cell_says_which_source_it_is_of(void **state)
{
    (void)state;
    json_t *const result = joined(2, (json_t *[]){part_of("A", "xy"), part_of("B", "z")});
    const json_t *const sources = json_object_get(result, "sources");
    expect_workloads(result, "xxyyzz");
    assert_int_equal(json_array_size(sources), 2);
    for (size_t i = 0; i < 6; i++) {
        const json_t *const cell = cell_at(result, i);
        assert_int_equal(json_integer_value(json_object_get(cell, "source")), i / 4);
    }
    const json_t *const second = json_array_get(sources, 1);
    assert_string_equal(member_text(second, "file"), "b");
    assert_string_equal(member_text(json_object_get(second, "machine"), "cpu"), "B");
    assert_string_equal(member_text(second, "later"), "B"); /* which nobody knows */
    assert_null(json_object_get(second, "cells"));
    json_decref(result);
}

static void what_was_joined_can_be_joined_again(void **state)
{
    (void)state;
    json_t *const first = joined(2, (json_t *[]){part_of("A", "x"), part_of("B", "y")});
    json_object_set_new(first, "newer", json_integer(7));
    json_object_set_new(first, "noise", json_object());
    json_t *const result =
        joined(3, (json_t *[]){part_of("C", "z"), first, part_of("B", "y")});
    const json_t *const sources = json_object_get(result, "sources");
    expect_workloads(result, "zzxxyy");
    assert_int_equal(json_array_size(sources), 3); /* B, brought twice, is one */
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            json_integer_value(json_object_get(cell_at(result, 2 * i), "source")), i);
    assert_int_equal(json_integer_value(json_object_get(result, "newer")), 7);
    assert_null(json_object_get(result, "noise")); /* is of one source */
    json_decref(result);
}

static void the_same_cell_twice_is_refused_by_its_name_and_files(void **state)
{
    struct join join;
    json_t *const parts[] = {part_of("A", "x"), part_of("B", "x")};
    (void)state;
    json_object_set_new(
        json_object_get(json_object_get(cell_at(parts[1], 1), "metrics"), "ns_per_op"),
        "value", json_integer(99));
    join_begin(&join);
    assert_true(join_add(&join, parts[0], "a.json", &complaint));
    assert_false(join_add(&join, parts[1], "b.json", &complaint));
    expect_part(complaint.text, "second, x u64, n = 1000, is in 'a.json' and");
    expect_part(complaint.text, "'b.json': leave one of the files out");
    json_decref(parts[0]);
    json_decref(parts[1]);
}

static void an_equal_cell_twice_is_there_once(void **state)
{
    (void)state;
    json_t *const result =
        joined(2, (json_t *[]){part_of("A", "xy"), part_of("A", "yx")});
    expect_workloads(result, "xxyy");
    json_decref(result);
}

static void shards_come_back_in_the_order_of_the_whole(void **state)
{
    static const char plan[] = "0x000000000000000a", other[] = "0x000000000000000b";
    (void)state;
    json_t *const result =
        joined(4, (json_t *[]){shard_of(3, 3, plan, "cf"), shard_of(1, 3, plan, "adg"),
                               shard_of(1, 1, other, "uv"), shard_of(2, 3, plan, "be")});
    expect_workloads(result, "aabbccddeeffgguuvv");
    assert_true(join_is_complete(json_object_get(result, "sources"), stderr));
    json_decref(result);
}

/* What join_is_complete tells of the parts, which are taken. */
static void expect_missing(size_t n, json_t **parts, const char *wanted)
{
    char *text = NULL;
    size_t size;
    json_t *const result = joined(n, parts);
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    const bool is_complete = join_is_complete(json_object_get(result, "sources"), to);
    assert_int_equal(fclose(to), 0);
    assert_string_equal(text, wanted);
    assert_int_equal(is_complete, *wanted == '\0');
    free(text);
    json_decref(result);
}

static void what_is_missing_is_told(void **state)
{
    static const char plan[] = "0x000000000000000a", other[] = "0x000000000000000b";
    (void)state;
    expect_missing(2, (json_t *[]){part_of("A", "x"), part_of("B", "y")}, "");
    expect_missing(
        2, (json_t *[]){shard_of(2, 4, plan, "x"), shard_of(3, 4, plan, "y")},
        "onemiss: missing: shard 1/4, 4/4, of the comparison that 'a' is of\n");
    /* halves of two comparisons are no whole */
    expect_missing(2, (json_t *[]){shard_of(1, 2, plan, "x"), shard_of(2, 2, other, "y")},
                   "onemiss: missing: shard 2/2, of the comparison that 'a' is of\n"
                   "onemiss: missing: shard 1/2, of the comparison that 'b' is of\n");
    json_t *const part = part_of("B", "y");
    json_object_set_new(part, "complete", json_false());
    expect_missing(2, (json_t *[]){part_of("A", "x"), part},
                   "onemiss: 'b' was interrupted; run its command once more with "
                   "--resume\n");
}

/* ---- reports ---- */

static char *printed(const json_t *result)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    report_text(result, to, false);
    assert_int_equal(fclose(to), 0);
    return text;
}

static void every_report_names_machines_that_differ(void **state)
{
    char *(*const reports[])(const json_t *) = {printed, report_page, report_markdown};
    (void)state;
    for (size_t i = 0; i < N_OF(reports); i++) {
        json_t *const result =
            joined(2, (json_t *[]){part_of("One Mill", "x"), part_of("Two Mill", "y")});
        char *text = reports[i](result);
        expect_part(text, "The machines differ");
        expect_part(text, "One Mill");
        expect_part(text, "Two Mill");
        expect_part(text, "source 2");
        free(text);
        json_decref(result);
        json_t *const alike =
            joined(2, (json_t *[]){part_of("One Mill", "x"), part_of("One Mill", "y")});
        text = reports[i](alike);
        if (strstr(text, "The machines differ") != NULL)
            fail_msg("said of one machine: %s", text);
        free(text);
        json_decref(alike);
    }
}

static void cells_of_two_sources_are_no_group(void **state)
{
    json_t *const cells = json_array();
    (void)state;
    for (int i = 0; i < 4; i++) {
        json_array_append_new(cells, cell_of("map", "x", 1));
        json_object_set_new(json_array_get(cells, (size_t)i), "source",
                            json_integer(i / 3));
    }
    assert_int_equal(cell_group(cells, 0), 3);
    assert_int_equal(cell_group(cells, 3), 1);
    json_decref(cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_says_which_source_it_is_of),
        cmocka_unit_test(what_was_joined_can_be_joined_again),
        cmocka_unit_test(the_same_cell_twice_is_refused_by_its_name_and_files),
        cmocka_unit_test(an_equal_cell_twice_is_there_once),
        cmocka_unit_test(shards_come_back_in_the_order_of_the_whole),
        cmocka_unit_test(what_is_missing_is_told),
        cmocka_unit_test(every_report_names_machines_that_differ),
        cmocka_unit_test(cells_of_two_sources_are_no_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
