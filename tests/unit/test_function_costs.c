/* SPDX-License-Identifier: MIT */
/* What was spent is booked to the functions that were inlined, adds up to the whole, and
 * a report shows it an operation. */
#include "unit.h"

#include "function_costs.h"
#include "report/functions_text.h"

static struct complaint complaint;
static struct function_costs costs;

static const char *fixture(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/callgrind/%s", FIXTURES, name);
    return path;
}

static void read_inlined(const char *name)
{
    FILE *const file = fopen(fixture(name), "r");
    assert_non_null(file);
    if (!addr2line_read(file, &costs.texts, &costs.chains, &complaint))
        fail_msg("%s", complaint.text);
    fclose(file);
    costs.object = function_costs_object(&costs, "/example/small");
    assert_non_null(costs.object);
}

/* "work own 80 of 228; fold ..." */
static const char *words(const json_t *rows, const char *name)
{
    static char text[512];
    size_t i, n = 0;
    const json_t *row;
    text[0] = '\0';
    json_array_foreach(rows, i, row)
    {
        const json_t *const total = json_object_get(row, "total");
        const json_t *const self = json_object_get(row, "self");
        n += (size_t)snprintf(
            text + n, sizeof text - n, "%s %d/%d/%d",
            json_string_value(json_object_get(row, name)),
            (int)json_integer_value(json_object_get(self, "instructions")),
            (int)json_integer_value(json_object_get(self, "branches")),
            (int)json_integer_value(json_object_get(self, "branch_misses")));
        if (total != NULL)
            n += (size_t)snprintf(
                text + n, sizeof text - n, " of %d",
                (int)json_integer_value(json_object_get(total, "instructions")));
        n += (size_t)snprintf(text + n, sizeof text - n, "; ");
    }
    return text;
}

static void inlined_functions_have_their_own(void **state)
{
    (void)state;
    assert_true(function_costs_read(&costs, fixture("small.txt"), &complaint));
    json_t *const coarse = function_costs_describe(&costs);
    assert_string_equal(words(json_object_get(coarse, "rows"), "name"),
                        "work 80/11/8 of 228; fold 148/23/9 of 148; ");
    read_inlined("small_inlined.txt");
    json_t *const fine = function_costs_describe(&costs);
    assert_string_equal(words(json_object_get(fine, "rows"), "name"),
                        "work 77/11/8 of 228; fold 96/23/9 of 148; mix 55/0/0 of 55; ");
    /* lines need nobody's word on what is inlined */
    assert_true(
        json_equal(json_object_get(coarse, "lines"), json_object_get(fine, "lines")));
    expect_part(words(json_object_get(fine, "lines"), "where"), "mix.h:3 41/0/0; ");
    json_decref(coarse);
    json_decref(fine);
    function_costs_drop(&costs);
}

/* A row's address is in the list once for each place that asks for it. */
static void addresses_are_those_of_the_object(void **state)
{
    struct folder *const folder = *state;
    char text[2048];
    size_t n_addresses, n_lines = 0;
    assert_true(function_costs_read(&costs, fixture("small.txt"), &complaint));
    const char *const object = function_costs_object(&costs, "/example/");
    assert_string_equal(object, "/example/small");
    assert_null(function_costs_object(&costs, "/example/smaller"));
    const char *const path = folder_file(folder, "list");
    assert_true(
        function_costs_write_addresses(&costs, object, path, &n_addresses, &complaint));
    FILE *const file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    for (const char *at = text; *at != '\0'; at++)
        n_lines += *at == '\n';
    assert_true(n_lines == n_addresses);
    expect_part(text, "0x1150\n");
    expect_part(text, "0x11b8\n");
    assert_null(strstr(text, "0x27248")); /* of the C library */
    function_costs_drop(&costs);
}

/* What a compiler moved out of a function, to which it jumps, is the function all the
 * same, and no call of it: its cost would be counted twice. */
static void a_cold_part_is_no_call(void **state)
{
    static const char out[] = "version: 1\npositions: instr line\n"
                              "events: Ir Bc Bcm Bi Bim\nob=/m.so\nfl=m.c\nfn=f\n"
                              "0x10 1 5 1\n0x12 2 3\ncfn=f.cold\ncalls=2 0x90 9\n* * 30\n"
                              "cfn=g\ncalls=1 0x50 7\n0x14 3 4\n"
                              "fn=f.cold\n0x90 9 30\nfn=g\n0x50 7 4 0 0 2 1\n"
                              "fn=h\n0x60 8 100\n"
                              "totals: 142 1 0 2 1\n";
    static const char names[] = "0x10\ninner\n/m.h:1\nf\n/m.c:1\n0x12\nf\n/m.c:2\n"
                                "0x14\ninner\n/m.h:2\nf\n/m.c:3\n"
                                "0x90\ninner\n/m.h:3\nf\n/m.c:9 (discriminator 2)\n"
                                "0x50\n??\n??:0\n";
    struct folder *const folder = *state;
    assert_true(function_costs_read(
        &costs, write_file(folder, "out", out, sizeof out - 1), &complaint));
    FILE *const file = fmemopen((void *)(uintptr_t)names, sizeof names - 1, "r");
    assert_true(addr2line_read(file, &costs.texts, &costs.chains, &complaint));
    fclose(file);
    costs.object = function_costs_object(&costs, "/m.");
    json_t *const all = function_costs_describe(&costs);
    assert_string_equal(words(json_object_get(all, "rows"), "name"),
                        "h 100/0/0 of 100; f 3/0/0 of 42; inner 35/1/0 of 39; "
                        "g 4/2/1 of 4; ");
    json_decref(all);
    function_costs_drop(&costs);
}

/* As of a map without debug information: a name of the symbols, and a file, no line. */
static void a_place_without_a_line_is_none(void **state)
{
    static const char text[] = "0x10\nf\nm.c:?\n0x20\n??\n??:0\n0x30\nf\nm.c:0\n";
    FILE *const file = fmemopen((void *)(uintptr_t)text, sizeof text - 1, "r");
    (void)state;
    assert_true(addr2line_read(file, &costs.texts, &costs.chains, &complaint));
    fclose(file);
    assert_int_equal(costs.chains.n_frames, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(costs.chains.frames[i].file, "");
    assert_string_equal(costs.chains.frames[0].function, "f");
    assert_string_equal(costs.chains.frames[1].function, "");
    assert_null(inlined_chain_at(&costs.chains, 0x11));
    assert_int_equal(inlined_chain_at(&costs.chains, 0x30)->first, 2);
    function_costs_drop(&costs);
}

static void a_garbled_answer_is_told(void **state)
{
    static const char *const bad[][2] = {
        {"main\nm.c:1\n", "its first line is no address"},
        {"0x10\nf\n", "ends early"},
        {"0x10\nf\nm.c\n", "a function without its place"},
        {"0x10\nf\n0x20\n", "a function without its place"}};
    (void)state;
    for (size_t i = 0; i < N_OF(bad); i++) {
        FILE *const file = fmemopen((void *)(uintptr_t)bad[i][0], strlen(bad[i][0]), "r");
        assert_false(addr2line_read(file, &costs.texts, &costs.chains, &complaint));
        expect_part(complaint.text, bad[i][1]);
        fclose(file);
        function_costs_drop(&costs);
    }
    assert_false(function_costs_read(&costs, "/nowhere", &complaint));
    expect_part(complaint.text, "callgrind has written no file");
    function_costs_drop(&costs);
}

/* ---- the report ---- */

static const char *report_of(const json_t *cell, bool is_whole)
{
    static char text[8192];
    text[0] = '\0';
    FILE *const to = fmemopen(text, sizeof text, "w");
    assert_non_null(to);
    report_functions(cell, to, is_whole);
    fclose(to);
    return text;
}

static void the_report_is_an_operation_s(void **state)
{
    (void)state;
    assert_true(function_costs_read(&costs, fixture("small.txt"), &complaint));
    read_inlined("small_inlined.txt");
    json_t *const functions = function_costs_describe(&costs);
    json_object_set_new(functions, "build", json_string("v3"));
    json_object_set_new(functions, "valgrind_version", json_string("3.19.0"));
    json_t *const cell = json_pack("{s:s, s:s, s:i, s:o}", "status", "ok", "subject",
                                   "small", "operations", 10, "functions", functions);
    assert_string_equal(
        report_of(cell, false),
        "\nInstructions by function: small, build v3 (callgrind 3.19.0)\n"
        "22.80 an operation; 3.40 of them conditional or indirect branches, 1.70\n"
        "mispredicted (simulated).\n\n"
        "  function                         file                    own     %  total     "
        "%\n"
        "  work                             small.c                7.70   34%  22.80  "
        "100%\n"
        "  fold                             small.c                9.60   42%  14.80   "
        "65%\n"
        "  mix                              mix.h                  5.50   24%   5.50   "
        "24%\n");
    expect_part(report_of(cell, true),
                "  line                                                     own     %  "
                "mispredicted\n"
                "  small.c:5                                               6.30   28%  "
                "        0.90\n");
    json_object_set_new(cell, "status", json_string("wrong"));
    assert_string_equal(report_of(cell, true), "");
    json_decref(cell);
    function_costs_drop(&costs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inlined_functions_have_their_own),
        FOLDER_TEST(addresses_are_those_of_the_object),
        FOLDER_TEST(a_cold_part_is_no_call),
        cmocka_unit_test(a_place_without_a_line_is_none),
        cmocka_unit_test(a_garbled_answer_is_told),
        cmocka_unit_test(the_report_is_an_operation_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
