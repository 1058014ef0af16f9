/* SPDX-License-Identifier: MIT */
/* Counts are read as people write them, exactly, or refused with one clear line. */
#include "unit.h"

#include "number.h"

static uint64_t count_of(const char *text)
{
    struct complaint complaint;
    uint64_t count = 0;
    if (!parse_count("-n", text, 0, UINT64_MAX, &count, &complaint))
        fail_msg("'%s' is refused: %s", text, complaint.text);
    return count;
}

static void refuse(const char *text, const char *because)
{
    struct complaint complaint = {""};
    uint64_t count = 77;
    if (parse_count("-n", text, 1, (uint64_t)1 << 32, &count, &complaint))
        fail_msg("'%s' is taken as %llu", text, (unsigned long long)count);
    expect_u64(text, 0, count, 77); /* the count is left alone */
    expect_part(complaint.text, because);
    expect_part(complaint.text, "-n");
}

static void counts_are_read_as_people_write_them(void **state)
{
    static const struct {
        const char *text;
        uint64_t count;
    } cases[] = {
        {"0", 0},
        {"1", 1},
        {"42", 42},
        {"007", 7},
        {"10M", 10000000},
        {"10m", 10000000},
        {"1e6", 1000000},
        {"1E6", 1000000},
        {"1k", 1000},
        {"1K", 1000},
        {"3G", 3000000000},
        {"3g", 3000000000},
        {"2.5k", 2500},
        {"0.5M", 500000},
        {"1_000_000", 1000000},
        {"1_0", 10},
        {"1e+3", 1000},
        {"1.5e3", 1500},
        {"1_000k", 1000000},
        {".5k", 500},
        {"4294967296", 4294967296},
        {"9007199254740992", 9007199254740992}, /* 2^53 */
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        expect_u64(cases[i].text, i, count_of(cases[i].text), cases[i].count);
}

/* 1.001 * 1000 is no whole number in binary; the count still is 1001. */
static void a_decimal_fraction_of_a_suffix_is_exact(void **state)
{
    char text[32];
    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        snprintf(text, sizeof text, "%u.%03uk", i / 1000, i % 1000);
        expect_u64(text, i, count_of(text), i);
        snprintf(text, sizeof text, "%u.%03uM", i / 1000, i % 1000);
        expect_u64(text, i, count_of(text), (uint64_t)i * 1000);
        snprintf(text, sizeof text, "%u.%06uM", i / 1000, i * 37 % 1000000);
        expect_u64(text, i, count_of(text),
                   (uint64_t)(i / 1000) * 1000000 + i * 37 % 1000000);
    }
}

static void rubbish_is_no_count(void **state)
{
    static const char *const texts[] = {
        "",          "nan",   "NAN",  "inf", "infinity", "1__0",  "_1",  "1_",  "_",
        "10MM",      "0x10",  "0X10", "1k5", "k",        "M",     "e",   "e5",  "1e",
        "1e_5",      "1 ",    " 1",   "\t1", "1\n",      "1,000", "abc", "1kk", "--1",
        "1..5",      ".",     "-",    "+",   "1_.5",     "1._5",  "1T",  "1p4", "\xff",
        "1\xc3\xa9", "1e6M_", "0b1",  "1ek", "1e3e3",    "kM",
    };
    (void)state;
    for (size_t i = 0; i < N_OF(texts); i++)
        refuse(texts[i], "is not a count");
}

static void a_text_longer_than_any_count_is_no_count(void **state)
{
    char text[4096];
    (void)state;
    memset(text, '1', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    refuse(text, "is not a count");
}

static void what_lies_outside_the_bounds_is_refused_and_the_bounds_are_told(void **state)
{
    static const char *const texts[] = {"0",     "-0",    "-5",         "1e30", "1e308",
                                        "1e999", "-1e30", "4294967297", "5G",   "0.0"};
    struct complaint complaint;
    uint64_t count = 0;
    (void)state;
    for (size_t i = 0; i < N_OF(texts); i++) {
        refuse(texts[i], "out of range");
        refuse(texts[i], "1 to 4294967296");
    }
    assert_true(parse_count("-n", "1", 1, 3, &count, &complaint));
    assert_true(parse_count("-n", "3", 1, 3, &count, &complaint));
    assert_false(parse_count("-n", "4", 1, 3, &count, &complaint));
}

static void a_count_beyond_64_bits_is_refused_whatever_the_bounds(void **state)
{
    static const char *const texts[] = {"18446744073709551616", "18446744073709551616k",
                                        "3e19", "1e300"};
    struct complaint complaint;
    uint64_t count = 0;
    (void)state;
    for (size_t i = 0; i < N_OF(texts); i++)
        if (parse_count("-n", texts[i], 0, UINT64_MAX, &count, &complaint))
            fail_msg("'%s' is taken as %llu", texts[i], (unsigned long long)count);
}

static void a_fraction_is_refused(void **state)
{
    (void)state;
    refuse("1.5", "not a whole number");
    refuse("2.0005k", "not a whole number");
    refuse("1.0000001", "not a whole number");
}

static void a_complaint_shows_no_control_bytes(void **state)
{
    struct complaint complaint;
    uint64_t count;
    (void)state;
    assert_false(parse_count("-n", "\033[31m\r\n9", 1, 9, &count, &complaint));
    for (const char *at = complaint.text; *at != '\0'; at++)
        if (*at < ' ')
            fail_msg("byte %d in the complaint", *at);
}

static void words_are_read_in_decimal_and_hexadecimal(void **state)
{
    static const struct {
        const char *text;
        uint64_t number;
    } cases[] = {{"0", 0},
                 {"00", 0},
                 {"010", 10}, /* never octal */
                 {"42", 42},
                 {"18446744073709551615", UINT64_MAX},
                 {"0x0", 0},
                 {"0x10", 16},
                 {"0XfF", 255},
                 {"0xffffffffffffffff", UINT64_MAX},
                 {"9007199254740993", 9007199254740993}}; /* 2^53 + 1: no double */
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        uint64_t number = 7;
        if (!parse_u64(cases[i].text, &number))
            fail_msg("'%s' is refused", cases[i].text);
        expect_u64(cases[i].text, i, number, cases[i].number);
    }
}

static void rubbish_is_no_word(void **state)
{
    static const char *const texts[] = {"",
                                        "-1",
                                        "+1",
                                        " 1",
                                        "1 ",
                                        "1\n",
                                        "x",
                                        "0x",
                                        "0xg",
                                        "0x-1",
                                        "0x 1",
                                        "0x0x1",
                                        "1.0",
                                        "1e3",
                                        "1k",
                                        "1_000",
                                        "ff",
                                        "18446744073709551616",
                                        "0x10000000000000000",
                                        "99999999999999999999999",
                                        "\xff"};
    (void)state;
    for (size_t i = 0; i < N_OF(texts); i++) {
        uint64_t number;
        if (parse_u64(texts[i], &number))
            fail_msg("'%s' is taken as %llu", texts[i], (unsigned long long)number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_read_as_people_write_them),
        cmocka_unit_test(a_decimal_fraction_of_a_suffix_is_exact),
        cmocka_unit_test(rubbish_is_no_count),
        cmocka_unit_test(a_text_longer_than_any_count_is_no_count),
        cmocka_unit_test(what_lies_outside_the_bounds_is_refused_and_the_bounds_are_told),
        cmocka_unit_test(a_count_beyond_64_bits_is_refused_whatever_the_bounds),
        cmocka_unit_test(a_fraction_is_refused),
        cmocka_unit_test(a_complaint_shows_no_control_bytes),
        cmocka_unit_test(words_are_read_in_decimal_and_hexadecimal),
        cmocka_unit_test(rubbish_is_no_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
