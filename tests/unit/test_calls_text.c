/* SPDX-License-Identifier: MIT */
/* What a child says of its memory calls becomes one log in order of time, each call in the
 * resize during which it began; what strace wrote becomes the same. */
#include "unit.h"

#include "calls_result.h"
#include "report/calls_text.h"

static void hear_all(json_t *cell, const char *const *lines, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_true(calls_result_hear(cell, lines[i]));
}

static json_t *a_cell(void)
{
    return json_pack("{s:s}", "subject", "a_map");
}

static char *report_of(const json_t *cell, bool is_whole)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    report_calls(cell, to, is_whole);
    fclose(to);
    return text;
}

static const char *const said[] = {
    "calls 1 9000000 5000 0 0 123",
    "during 1000 2000 1 8 16 192 384 5",
    "during 5000 8000 50 16 32 384 768 12",
    "call 3 500 100 6000 0 0 0 0 0 6000",
    "call 0 5000 200 0 40000 3 22 ffffffffffffffff 0 7f0000000000",
    "call 1 7000 300 7e0000000000 20000 0 0 0 0 0",
    "call 2 7500 100 7f0000000000 1000 5000 1 0 0 7f0000000000",
    "call 4 8000 400 7f0000000000 1000 17 0 0 0 fffffffffffffff4",
    "calls_end",
};

static void the_log_is_in_order_of_time(void **state)
{
    static const char wanted[] =
        "\na_map: memory calls, seen by seccomp\n"
        "       at us      in us  event\n"
        "         0.5        0.1  brk(0x6000) = 0x6000\n"
        "         1.0             resize 8 -> 16 slots begins: 5 entries, 192 -> 384 "
        "bytes\n"
        "         2.0             resize 8 -> 16 slots ends after 1.0 us: 1 page faults\n"
        "         5.0             resize 16 -> 32 slots begins: 12 entries, 384 -> 768 "
        "bytes\n"
        "         5.0        0.2  mmap(NULL, 262144, PROT_READ|PROT_WRITE, "
        "MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000\n"
        "         7.0        0.3  munmap(0x7e0000000000, 131072) = 0\n"
        "         7.5        0.1  mremap(0x7f0000000000, 4096, 20480, MREMAP_MAYMOVE) = "
        "0x7f0000000000\n"
        "         8.0             resize 16 -> 32 slots ends after 3.0 us: 50 page "
        "faults\n"
        "         8.0        0.4  madvise(0x7f0000000000, 4096, MADV_POPULATE_WRITE) = "
        "-1 "
        "ENOMEM (Cannot allocate memory)\n"
        "      9000.0             the workload ends\n"
        "\n"
        "  resize, slots          mmap munmap mremap   brk madvise   MiB     us  faults\n"
        "  16 -> 32                  1      1      1     0       0  0.27   0.60      50\n"
        "  1 without a call          0      0      0     0       0     0      0       1\n"
        "  outside of resizes        0      0      0     1       1 <0.01   0.50       "
        "-\n";
    json_t *const cell = a_cell();
    (void)state;
    hear_all(cell, said, N_OF(said));
    char *const text = report_of(cell, true);
    assert_string_equal(text, wanted);
    char *const brief = report_of(cell, false);
    assert_null(strstr(brief, "munmap("));
    expect_part(brief, "  16 -> 32                  1      1 ");
    free(text);
    free(brief);
    json_decref(cell);
}

static void other_lines_are_not_taken(void **state)
{
    json_t *const cell = a_cell();
    (void)state;
    assert_false(calls_result_hear(cell, "metric mmap_calls 3"));
    assert_false(calls_result_hear(cell, "done"));
    assert_true(calls_result_hear(cell, "calls 9 1 0 0 0 0")); /* no such method */
    assert_true(calls_result_hear(cell, "call 0 1 1 0 0 0 0 0 0 0"));
    assert_true(calls_result_hear(cell, "calls_end"));
    assert_true(calls_result_hear(cell, "calls 1 7"));
    assert_true(calls_result_hear(cell, "calls_end"));
    assert_null(json_object_get(cell, "memory_calls"));
    char *const text = report_of(cell, true);
    assert_string_equal(text, "");
    free(text);
    json_decref(cell);
}

static json_int_t integer_at(const json_t *seen, const char *name)
{
    return json_integer_value(json_object_get(seen, name));
}

/* Of very many calls those of the resizes stay, whenever they are. */
static void a_full_log_keeps_the_calls_of_resizes(void **state)
{
    enum { MANY = 10000 };
    json_t *const cell = a_cell();
    size_t n_mmaps = 0, i;
    char line[128];
    json_t *call;
    (void)state;
    assert_true(calls_result_hear(cell, "calls 1 9000000 0 5 7 0"));
    snprintf(line, sizeof line, "during %d %d 1 1 2 3 4 5", MANY * 10, MANY * 10 + 500);
    assert_true(calls_result_hear(cell, line));
    for (int k = 0; k < MANY; k++) {
        snprintf(line, sizeof line, "call 3 %d 1 0 0 0 0 0 0 %x", k * 10, 4096 * k);
        assert_true(calls_result_hear(cell, line));
    }
    for (int k = 0; k < 3; k++) {
        snprintf(line, sizeof line, "call 0 %d 1 0 1000 0 0 0 0 7000", MANY * 10 + k);
        assert_true(calls_result_hear(cell, line));
    }
    assert_true(calls_result_hear(cell, "calls_end"));
    const json_t *const seen = json_object_get(cell, "memory_calls");
    const json_t *const calls = json_object_get(seen, "calls");
    json_array_foreach(calls, i, call) n_mmaps +=
        strcmp(json_string_value(json_object_get(call, "call")), "mmap") == 0;
    assert_int_equal(n_mmaps, 3);
    assert_true(json_array_size(calls) < MANY);
    assert_int_equal(integer_at(seen, "dropped"), 5 + MANY + 3 - json_array_size(calls));
    assert_int_equal(integer_at(seen, "dropped_resizes"), 7);
    char *const text = report_of(cell, false);
    expect_part(text, "for want of room");
    free(text);
    json_decref(cell);
}

/* ---- by strace ---- */

/* Its words become the cell's, of the window alone; false: `why` it does not. */
static bool read_strace(struct folder *folder, const char *text, json_t *cell,
                        struct memory_call_sums *sums, struct complaint *why)
{
    const char *const path = write_file(folder, "calls.strace", text, strlen(text));
    assert_true(calls_result_hear(cell, "calls 0 5000 1000 0 0 1500000000000000000"));
    assert_true(calls_result_hear(cell, "during 1000 2000 1 8 16 192 384 5"));
    return calls_result_read_strace(cell, path, sums, why);
}

static void only_what_lies_between_the_marks_counts(void **state)
{
    json_t *const cell = a_cell();
    struct memory_call_sums sums;
    struct complaint why;
    assert_true(read_strace(
        *state,
        "7 1499999999.999999000 brk(0x1000) = 0x1000 <0.000000500>\n"
        "7 1500000000.000000100 munmap(0x6f6e656d697373, 1) = -1 EINVAL (Invalid "
        "argument) "
        "<0.000000100>\n"
        "7 1500000000.000001500 mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE, -1, 0) = 0x7000 "
        "<0.000000200>\n"
        "7 1500000000.000002500 brk(0x4000) = 0x4000 <0.000000300>\n"
        "7 1500000000.000003500 munmap(0x6f6e656d697373, 2) = -1 EINVAL (Invalid "
        "argument) "
        "<0.000000100>\n"
        "7 1500000000.000004500 munmap(0x7000, 8192) = 0 <0.000000200>\n"
        "7 1500000000.000005500 +++ exited with 0 +++\n",
        cell, &sums, &why));
    const json_t *const calls =
        json_object_get(json_object_get(cell, "memory_calls"), "calls");
    assert_int_equal(json_array_size(calls), 2);
    assert_int_equal(sums.n[CALL_MMAP], 1);
    assert_int_equal(sums.n[CALL_BRK], 1);
    assert_int_equal(sums.n[CALL_MUNMAP], 0);
    assert_int_equal(sums.mapped_bytes, 8192 + 0x3000);
    assert_int_equal(sums.ns, 500);
    assert_int_equal(integer_at(json_array_get(calls, 0), "at_ns"), 1500);
    assert_int_equal(integer_at(json_array_get(calls, 1), "bytes"), 0x3000);
    char *const text = report_of(cell, false);
    expect_part(text, "seen by strace");
    expect_part(text, "  8 -> 16                   1      0 ");
    free(text);
    json_decref(cell);
}

static void strace_without_marks_or_of_another_time_is_refused(void **state)
{
    json_t *const cell = a_cell();
    struct memory_call_sums sums;
    struct complaint why;
    assert_false(read_strace(*state, "7 1500000000.1 brk(NULL) = 0x1000 <0.000001>\n",
                             cell, &sums, &why));
    expect_part(why.text, "lacks the workload's begin and end");
    assert_false(
        read_strace(*state,
                    "7 1500000000.1 munmap(0x6f6e656d697373, 1) = -1 EINVAL (x)\n"
                    "7 1400000000.1 brk(NULL) = 0x1000 <0.000001>\n",
                    cell, &sums, &why));
    expect_part(why.text, "line 2: before the workload began; the machine's clock");
    assert_false(read_strace(*state, "junk\n", cell, &sums, &why));
    expect_part(why.text, "line 1: no system call");
    assert_null(json_object_get(cell, "memory_calls"));
    json_decref(cell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_log_is_in_order_of_time),
        cmocka_unit_test(other_lines_are_not_taken),
        cmocka_unit_test(a_full_log_keeps_the_calls_of_resizes),
        FOLDER_TEST(only_what_lies_between_the_marks_counts),
        FOLDER_TEST(strace_without_marks_or_of_another_time_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
