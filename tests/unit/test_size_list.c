/* SPDX-License-Identifier: MIT */
/* The sizes of a comparison: what the words of -n stand for, and which are refused. */
#include "unit.h"

#include "size_list.h"

static struct complaint complaint;

static void expect_sizes(const char *word, const uint64_t *wanted, size_t n)
{
    struct sizes sizes = {.n = 0};
    if (!sizes_add(&sizes, word, UINT32_MAX, &complaint))
        fail_msg("%s", complaint.text);
    assert_int_equal(sizes.n, n);
    for (size_t i = 0; i < n; i++)
        expect_u64(word, i, sizes.of[i], wanted[i]);
}

static void a_range_goes_up_by_doublings_or_parts_of_them(void **state)
{
    static const uint64_t one[] = {1000000}, doublings[] = {1000, 2000, 4000, 8000};
    static const uint64_t below[] = {3, 6}, quarters[] = {1000, 1189, 1414, 1682, 2000};
    static const uint64_t small[] = {1, 2}; /* parts of so few are the same: once each */
    (void)state;
    expect_sizes("1M", one, N_OF(one));
    expect_sizes("1k..8k", doublings, N_OF(doublings));
    expect_sizes("3..11", below, N_OF(below));
    expect_sizes("1k..2k/4", quarters, N_OF(quarters));
    expect_sizes("1..2/3", small, N_OF(small));
    expect_sizes("1M..1M", one, N_OF(one));
}

static void several_words_add_up_and_none_counts_twice(void **state)
{
    struct sizes sizes = {.n = 0};
    (void)state;
    assert_true(sizes_add(&sizes, "1k..4k", UINT32_MAX, &complaint));
    assert_true(sizes_add(&sizes, "3k", UINT32_MAX, &complaint));
    assert_true(sizes_add(&sizes, "2k..8k", UINT32_MAX, &complaint));
    static const uint64_t wanted[] = {1000, 2000, 4000, 3000, 8000};
    assert_int_equal(sizes.n, N_OF(wanted));
    for (size_t i = 0; i < N_OF(wanted); i++)
        expect_u64("size", i, sizes.of[i], wanted[i]);
}

static void what_is_no_range_is_refused(void **state)
{
    static const struct {
        const char *word, *says;
    } bad[] = {{"1k..", "not a count"},
               {"..1k", "not a count"},
               {"2k..1k", "ends before it begins"},
               {"0..4", "out of range; it goes from 1 to"},
               {"1..5G", "out of range"},
               {"1k..2k/0", "out of range; it goes from 1 to 32"},
               {"1k..2k/", "not a count"},
               {"1..4G/32", "more than 64 sizes"},
               {"1k..2k..4k", "not a count"},
               {"levels=nowhere", "doctor --calibrate --json FILE writes them"}};
    (void)state;
    for (size_t i = 0; i < N_OF(bad); i++) {
        struct sizes sizes = {.n = 0};
        assert_false(sizes_add(&sizes, bad[i].word, UINT32_MAX, &complaint));
        expect_part(complaint.text, bad[i].says);
    }
}

static void measured_levels_are_met_in_their_middle(void **state)
{
    struct sizes sizes = {.n = 0};
    char word[512];
    static const char text[] =
        "{\"calibration\": {\"curves\": ["
        "{\"pages\": \"4 KiB\", \"levels\": [{\"bytes\": 30000}]},"
        "{\"pages\": \"2 MiB\", \"levels\": [{\"bytes\": 49152}, {\"bytes\": 1228800}]},"
        "{\"pages\": \"none\", \"levels\": []}]}}";
    snprintf(word, sizeof word, "levels=%s",
             write_file(*state, "machine.json", text, sizeof text - 1));
    assert_true(sizes_add(&sizes, word, UINT32_MAX, &complaint));
    /* 24,576, sqrt(49,152 x 1,228,800) = 245,760 and 4,915,200 bytes at 24 an entry */
    static const uint64_t wanted[] = {1024, 10240, 204800};
    assert_int_equal(sizes.n, N_OF(wanted));
    for (size_t i = 0; i < N_OF(wanted); i++)
        expect_u64("size", i, sizes.of[i], wanted[i]);
}

static void a_file_without_levels_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "{\"calibration\": null}",
        "{\"calibration\": {\"curves\": 3}}",
        "{\"calibration\": {\"curves\": [{\"levels\": [{\"bytes\": -5}, 7]}]}}"};
    for (size_t i = 0; i < N_OF(texts); i++) {
        struct sizes sizes = {.n = 0};
        char word[512];
        snprintf(word, sizeof word, "levels=%s",
                 write_file(*state, "machine.json", texts[i], strlen(texts[i])));
        assert_false(sizes_add(&sizes, word, UINT32_MAX, &complaint));
        expect_part(complaint.text, "no levels of a cache are in there");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_goes_up_by_doublings_or_parts_of_them),
        cmocka_unit_test(several_words_add_up_and_none_counts_twice),
        cmocka_unit_test(what_is_no_range_is_refused),
        FOLDER_TEST(measured_levels_are_met_in_their_middle),
        FOLDER_TEST(a_file_without_levels_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
