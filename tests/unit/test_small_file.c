/* SPDX-License-Identifier: MIT */
/* Lines and numbers of small files, and of files that are not as they should be. */
#include "unit.h"

#include "small_file.h"

static void a_line_is_read_without_its_end(void **state)
{
    char line[16];
    struct folder *const folder = *state;
    assert_true(small_file_line(write_file(folder, "a", "one\ntwo\n", 8), line, 16));
    assert_string_equal(line, "one");
    assert_true(small_file_line(write_file(folder, "b", "no end", 6), line, 16));
    assert_string_equal(line, "no end");
    assert_true(
        small_file_line(write_file(folder, "c", "longer than room\n", 17), line, 8));
    assert_string_equal(line, "longer ");
    assert_false(small_file_line(write_file(folder, "d", "", 0), line, 16));
    assert_false(small_file_line(folder_file(folder, "missing"), line, 16));
    assert_false(small_file_line(folder->path, line, 16));
}

static void a_number_stands_behind_its_name(void **state)
{
    uint64_t number;
    struct folder *const folder = *state;
    const char text[] = "MemTotal:  5 kB\nMem: max\nMem: 77 kB\nMem: 8\n";
    const char *const path = write_file(folder, "a", text, sizeof text - 1);
    assert_true(small_file_number(path, "Mem:", &number));
    expect_u64("Mem", 0, number, 77);
    assert_true(small_file_number(path, "MemTotal:", &number));
    expect_u64("MemTotal", 0, number, 5);
    assert_false(small_file_number(path, "Missing:", &number));
    assert_false(small_file_number(folder_file(folder, "missing"), "Mem:", &number));
    assert_true(small_file_number(write_file(folder, "b", "123\n", 4), "", &number));
    expect_u64("whole file", 0, number, 123);
    assert_false(small_file_number(write_file(folder, "c", "max\n", 4), "", &number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(a_line_is_read_without_its_end),
        FOLDER_TEST(a_number_stands_behind_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
