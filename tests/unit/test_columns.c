/* SPDX-License-Identifier: MIT */
/* Numbers, names and paragraphs stay within their columns and say no more than is so. */
#include "picture.h"

#include <math.h>

#include "report/columns.h"

static void expect_number(double value, const char *wanted)
{
    char text[COLUMNS_NUMBER];
    columns_number(text, value);
    assert_string_equal(text, wanted);
}

static void numbers_take_five_characters(void **state)
{
    (void)state;
    for (double value = 1e-12; value < 1e40; value *= 1.0173) {
        char text[COLUMNS_NUMBER];
        columns_number(text, value);
        if (strlen(text) > 5 || *text == '-')
            fail_msg("%g became '%s'", value, text);
    }
    expect_number(0.42, "0.42");
    expect_number(99.994, "99.99");
    expect_number(99.996, "100.0");
    expect_number(999.96, "1000");
    expect_number(99999.4, "99999");
    expect_number(99999.6, "100k");
    expect_number(12345678, "12.3M");
    expect_number(1.234e9, "1234M");
    expect_number(1.234e12, "1234G");
    expect_number(9.2e18, "9e+18");
}

static void few_is_not_none(void **state)
{
    (void)state;
    expect_number(0, "0");
    expect_number(1e-300, "<0.01");
    expect_number(0.0049, "<0.01");
    expect_number(0.005, "0.01");
}

static void what_is_no_number_is_a_dash(void **state)
{
    (void)state;
    expect_number((double)NAN, "-");
    expect_number((double)INFINITY, "-");
    expect_number(-1, "-");
    expect_number(1e100, "-");
}

static void shares_need_a_whole(void **state)
{
    static const struct {
        double part, whole;
        const char *wanted;
    } shares[] = {
        {43, 100, "43%"}, {0, 5, "0%"},        {1, 1e6, "<1%"},   {1, 0, "-"},
        {0, 0, "-"},      {1, 1, "100%"},      {1e9, 1, ">999%"}, {-1, 5, "-"},
        {1, -1, "-"},     {999, 1000, ">99%"},
    };
    (void)state;
    for (size_t i = 0; i < N_OF(shares); i++) {
        char text[COLUMNS_NUMBER];
        columns_share(text, shares[i].part, shares[i].whole);
        assert_string_equal(text, shares[i].wanted);
    }
}

/* What a name becomes; the caller frees it. */
static char *named(const char *name, size_t width)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    columns_name(to, name, width);
    fclose(to);
    return text;
}

static void names_are_cut_between_characters(void **state)
{
    static const struct {
        const char *name;
        size_t width;
        const char *wanted;
    } names[] = {
        {"heads", 5, "heads"}, {"heads", 7, "heads  "},
        {"heads", 4, "hea~"},  {"\xc3\xa9t\xc3\xa9", 3, "\xc3\xa9t\xc3\xa9"},
        {"", 2, "  "},         {"\xc3\xa9\xe2\x82\xac\xc3\xa9", 2, "\xc3\xa9~"},
    };
    (void)state;
    for (size_t i = 0; i < N_OF(names); i++) {
        char *const text = named(names[i].name, names[i].width);
        assert_string_equal(text, names[i].wanted);
        assert_int_equal(columns_of(text), names[i].width);
        free(text);
    }
}

static void paragraphs_lose_no_word(void **state)
{
    static const char words[] = "one two  three, four";
    char *text = NULL, longer[400];
    size_t size;
    (void)state;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    for (int i = 0; i < 20; i++)
        fprintf(to, "%s ", words);
    fclose(to);
    char *wrapped = NULL;
    FILE *const room = open_memstream(&wrapped, &size);
    assert_non_null(room);
    columns_paragraph(room, text, 2);
    columns_paragraph(room, "", 2);
    columns_paragraph(room, longer, 0); /* in pieces: all of it */
    fclose(room);
    assert_int_equal(count_of(wrapped, "three,"), 20);
    assert_int_equal(count_of(wrapped, "one"), 20);
    const char *const pieces = strchr(wrapped, 'a');
    assert_non_null(pieces);
    size_t n_kept = 0;
    for (const char *c = pieces; *c != '\0'; c++)
        n_kept += *c == 'a';
    assert_int_equal(n_kept, sizeof longer - 1);
    *strchr(wrapped, 'a') = '\0';
    expect_within(wrapped, COLUMNS_WIDTH);
    free(wrapped);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_take_five_characters),
        cmocka_unit_test(few_is_not_none),
        cmocka_unit_test(what_is_no_number_is_a_dash),
        cmocka_unit_test(shares_need_a_whole),
        cmocka_unit_test(names_are_cut_between_characters),
        cmocka_unit_test(paragraphs_lose_no_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
