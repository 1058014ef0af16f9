/* SPDX-License-Identifier: MIT */
/* A file of the user's own keys is read as text editors write it, each key once, or
 * refused with a line that says what is wrong where. */
#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "key_file.h"

static struct key_file keys;

static void load(void **state, const char *text, size_t n, bool are_integers)
{
    struct complaint complaint;
    if (!key_file_load(&keys, write_file(*state, "keys", text, n), are_integers,
                       &complaint))
        fail_msg("refused: %s", complaint.text);
}

#define LOAD(text, are_integers) load(state, text, sizeof(text) - 1, are_integers)

static void refuse_path(const char *path, bool are_integers, const char *because)
{
    struct complaint complaint = {""};
    if (key_file_load(&keys, path, are_integers, &complaint))
        fail_msg("'%s' is taken", path);
    expect_part(complaint.text, because);
    expect_part(complaint.text, path); /* it says which file */
    key_file_drop(&keys);              /* legal after a failure */
}

#define REFUSE(text, are_integers, because)                                              \
    refuse_path(write_file(*state, "keys", text, sizeof(text) - 1), are_integers, because)

static void expect_key(uint64_t i, const char *text)
{
    assert_true(i < keys.n);
    if (keys.lengths[i] != strlen(text) ||
        memcmp(keys.lines[i], text, keys.lengths[i]) != 0)
        fail_msg("key %llu is '%.*s', not '%s'", (unsigned long long)i,
                 (int)keys.lengths[i], keys.lines[i], text);
    /* behind it stands a line end, which makes the absent key */
    const char behind = keys.lines[i][keys.lengths[i]];
    assert_true(behind == '\n' || behind == '\r');
}

static void lines_are_keys_in_the_files_order(void **state)
{
    LOAD("pear\napple\nfig and date\n", false);
    expect_u64("keys", 0, keys.n, 3);
    expect_key(0, "pear");
    expect_key(1, "apple");
    expect_key(2, "fig and date");
    assert_null(keys.integers);
    key_file_drop(&keys);
}

static void a_missing_file_a_folder_or_no_regular_file_is_refused(void **state)
{
    struct folder *const folder = *state;
    char path[UNIT_PATH];
    refuse_path(folder_file(folder, "missing"), false, "No such file");
    refuse_path(folder->path, false, "not a regular file");
    refuse_path("/dev/null", false, "not a regular file");
    refuse_path("", false, "");
    snprintf(path, sizeof path, "%s", folder_file(folder, "pipe"));
    assert_int_equal(mkfifo(path, 0600), 0);
    const int writer = open(path, O_RDWR | O_CLOEXEC); /* so that nobody waits for one */
    refuse_path(path, false, "not a regular file");
    close(writer);
}

static void a_file_without_a_key_is_refused(void **state)
{
    REFUSE("", false, "no key");
    REFUSE("", true, "no key");
    REFUSE("\n", false, "no key");
    REFUSE("\n\n\n\n", true, "no key");
    REFUSE("\r\n\r\n\r\r\n", false, "no key");
}

static void line_ends_of_windows_are_no_part_of_a_key(void **state)
{
    LOAD("pear\r\napple\r\n\r\nfig", false);
    expect_u64("keys", 0, keys.n, 3);
    expect_key(0, "pear");
    expect_key(1, "apple");
    expect_key(2, "fig");
    key_file_drop(&keys);
    LOAD("1\r\n2\r\n", true);
    expect_u64("keys", 0, keys.n, 2);
    expect_u64("integer", 1, keys.integers[1], 2);
    key_file_drop(&keys);
}

static void the_last_line_needs_no_end(void **state)
{
    LOAD("pear\nfig", false);
    expect_u64("keys", 0, keys.n, 2);
    expect_key(1, "fig");
    key_file_drop(&keys);
    LOAD("x", false);
    expect_u64("keys", 0, keys.n, 1);
    expect_key(0, "x");
    key_file_drop(&keys);
}

static void spaces_and_bytes_beyond_ascii_are_part_of_a_key(void **state)
{
    LOAD(" a\na\na \n\t\n\xff\xfe\n\xc3\xa9\na\rb\n", false);
    expect_u64("keys", 0, keys.n, 7);
    expect_u64("repeats", 0, keys.n_repeats, 0);
    expect_key(0, " a");
    expect_key(2, "a ");
    expect_key(4, "\xff\xfe");
    expect_key(6, "a\rb");
    key_file_drop(&keys);
}

static void repeats_are_left_out_and_counted_the_first_one_stays(void **state)
{
    LOAD("b\na\nb\nc\na\nb\r\n\nab\nb", false);
    expect_u64("keys", 0, keys.n, 4);
    expect_u64("repeats", 0, keys.n_repeats, 4);
    expect_key(0, "b");
    expect_key(1, "a");
    expect_key(2, "c");
    expect_key(3, "ab");
    key_file_drop(&keys);
}

static void many_repeats_leave_the_order_of_the_first_ones(void **state)
{
    static char text[64 * 1024];
    char wanted[16];
    size_t n = 0;
    for (unsigned i = 0; i < 8000; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%u\n", i * 7919 % 1000);
    load(state, text, n, true);
    expect_u64("keys", 0, keys.n, 1000);
    expect_u64("repeats", 0, keys.n_repeats, 7000);
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(wanted, sizeof wanted, "%u", i * 7919 % 1000);
        expect_key(i, wanted);
        expect_u64("integer", i, keys.integers[i], i * 7919 % 1000);
    }
    key_file_drop(&keys);
}

/* Else a right map would seem wrong: it holds one entry where two are expected. */
static void one_integer_in_two_spellings_is_one_key(void **state)
{
    LOAD("1\n01\n0x1\n2\n0X1\n001\n", true);
    for (uint64_t i = 0; i < keys.n; i++)
        for (uint64_t j = 0; j < i; j++)
            if (keys.integers[i] == keys.integers[j])
                fail_msg("keys %llu and %llu are both %llu", (unsigned long long)j,
                         (unsigned long long)i, (unsigned long long)keys.integers[i]);
    expect_u64("keys", 0, keys.n, 2);
    expect_u64("repeats", 0, keys.n_repeats, 4);
    key_file_drop(&keys);
}

static void a_zero_byte_is_refused_and_its_place_told(void **state)
{
    REFUSE("pear\nap\0ple\n", false, "byte 7");
    REFUSE("\0", false, "byte 0");
    REFUSE("1\n2\n\0", true, "not text");
}

static void long_lines_are_whole_keys(void **state)
{
    enum { LONG = 1 << 20 };
    char *const text = malloc(2 * LONG + 2);
    assert_non_null(text);
    memset(text, 'a', LONG);
    text[LONG] = '\n';
    memset(text + LONG + 1, 'a', LONG);
    text[2 * LONG] = 'b'; /* they differ in the last byte */
    text[2 * LONG + 1] = '\n';
    load(state, text, 2 * LONG + 2, false);
    expect_u64("keys", 0, keys.n, 2);
    expect_u64("length", 0, keys.lengths[0], LONG);
    expect_u64("length", 1, keys.lengths[1], LONG);
    assert_true(keys.lines[1][LONG - 1] == 'b');
    key_file_drop(&keys);
    struct complaint complaint;
    assert_false(key_file_load(&keys, folder_file(*state, "keys"), true, &complaint));
    assert_true(strlen(complaint.text) < 400); /* it does not quote a mebibyte */
    key_file_drop(&keys);
    free(text);
}

static void integers_are_decimal_or_hexadecimal_up_to_64_bits(void **state)
{
    LOAD("0\n18446744073709551615\n0xff\n9007199254740993\n", true);
    expect_u64("keys", 0, keys.n, 4);
    expect_u64("integer", 0, keys.integers[0], 0);
    expect_u64("integer", 1, keys.integers[1], UINT64_MAX);
    expect_u64("integer", 2, keys.integers[2], 255);
    expect_u64("integer", 3, keys.integers[3], 9007199254740993);
    key_file_drop(&keys);
}

static void a_line_that_is_no_integer_is_named(void **state)
{
    REFUSE("1\n2\npear\n4\n", true, "'pear'");
    REFUSE("1\n-2\n", true, "'-2'");
    REFUSE("1\n2 \n", true, "'2 '");
    REFUSE("1.5\n", true, "'1.5'");
    REFUSE("18446744073709551616\n", true, "'18446744073709551616'");
    REFUSE("000000000000000000000000000000000000000000001x\n", true, "no 64-bit number");
    REFUSE("1\n\033[31m\n", true, "'?[31m'"); /* and steers no terminal */
    REFUSE("pear\n", true, "-t str");
}

static void the_absent_word_leads_out_of_the_file(void **state)
{
    static char text[400 * 1024];
    size_t n = 0;
    for (unsigned i = 0; i < 20000; i++) /* dense, so that small words would not do */
        n += (size_t)snprintf(text + n, sizeof text - n, "%u\n", i);
    load(state, text, n, true);
    for (uint64_t i = 0; i < keys.n; i++)
        assert_true((keys.integers[i] ^ keys.absent) >= 20000);
    key_file_drop(&keys);
    LOAD("0\n1\n18446744073709551615\n0x8000000000000000\n", true);
    assert_true(keys.absent != 0);
    for (uint64_t i = 0; i < keys.n; i++)
        for (uint64_t j = 0; j < keys.n; j++)
            assert_true((keys.integers[i] ^ keys.absent) != keys.integers[j]);
    key_file_drop(&keys);
}

/* A line with the byte behind it is what `keys` looks up in vain. */
static void a_line_with_one_byte_more_is_no_line(void **state)
{
    LOAD("a\nab\r\nab\nb\r\r\nb\na\rb\nab", false);
    for (uint64_t i = 0; i < keys.n; i++)
        for (uint64_t j = 0; j < keys.n; j++)
            assert_false(keys.lengths[j] == keys.lengths[i] + 1 &&
                         memcmp(keys.lines[j], keys.lines[i], keys.lengths[j]) == 0);
    key_file_drop(&keys);
}

static void drop_twice_is_legal(void **state)
{
    LOAD("a\n", false);
    key_file_drop(&keys);
    key_file_drop(&keys);
    expect_u64("keys", 0, keys.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(lines_are_keys_in_the_files_order),
        FOLDER_TEST(a_missing_file_a_folder_or_no_regular_file_is_refused),
        FOLDER_TEST(a_file_without_a_key_is_refused),
        FOLDER_TEST(line_ends_of_windows_are_no_part_of_a_key),
        FOLDER_TEST(the_last_line_needs_no_end),
        FOLDER_TEST(spaces_and_bytes_beyond_ascii_are_part_of_a_key),
        FOLDER_TEST(repeats_are_left_out_and_counted_the_first_one_stays),
        FOLDER_TEST(many_repeats_leave_the_order_of_the_first_ones),
        FOLDER_TEST(one_integer_in_two_spellings_is_one_key),
        FOLDER_TEST(a_zero_byte_is_refused_and_its_place_told),
        FOLDER_TEST(long_lines_are_whole_keys),
        FOLDER_TEST(integers_are_decimal_or_hexadecimal_up_to_64_bits),
        FOLDER_TEST(a_line_that_is_no_integer_is_named),
        FOLDER_TEST(the_absent_word_leads_out_of_the_file),
        FOLDER_TEST(a_line_with_one_byte_more_is_no_line),
        FOLDER_TEST(drop_twice_is_legal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
