/* SPDX-License-Identifier: MIT */
/* The levels of a memory are found in its staircase, and none where there is none. */
#include "unit.h"

#include <math.h>

#include "calibration.h"

enum { FOUR_A_DOUBLING = 65 }; /* from 4 KiB to 256 MiB */

static struct stair stairs[MOST_STAIRS];
static struct level levels[MOST_LEVELS];
static double memory_ns;

/* Recorded on two days of one machine (Zen 5: 48 KiB, 1 MiB, and a share of 32 MiB). */
static const double quiet[FOUR_A_DOUBLING] = {
    1.07,   1.07,   1.07,   1.08,   1.08,   1.08,   1.08,   1.07,   1.08,   1.08,
    1.08,   1.08,   1.08,   1.08,   1.08,   3.79,   3.76,   3.78,   3.77,   3.77,
    3.77,   3.77,   3.77,   3.77,   3.77,   3.77,   3.77,   3.99,   4.26,   4.69,
    5.50,   6.89,   7.88,   8.91,   10.13,  11.06,  11.95,  12.74,  13.23,  13.75,
    14.12,  14.61,  14.81,  15.17,  15.41,  18.71,  23.61,  25.04,  39.91,  70.63,
    78.37,  98.23,  126.02, 147.96, 149.60, 151.19, 157.23, 160.59, 170.22, 169.04,
    171.84, 175.57, 180.83, 183.94, 184.52};
static const double busy[FOUR_A_DOUBLING] = {
    1.06,   1.06,   1.06,   1.06,   1.06,   1.06,   1.06,   1.06,   1.06,   1.06,
    1.06,   1.06,   1.06,   1.06,   1.06,   3.71,   3.70,   3.71,   3.95,   3.95,
    3.70,   3.70,   3.69,   3.69,   3.69,   3.69,   3.71,   3.90,   4.18,   4.65,
    5.55,   6.70,   8.32,   8.01,   10.41,  11.34,  11.97,  12.58,  13.29,  14.03,
    14.34,  15.39,  15.54,  16.13,  23.21,  27.33,  73.69,  82.31,  82.16,  136.47,
    145.57, 143.41, 161.80, 157.94, 160.65, 168.96, 166.84, 166.47, 170.04, 183.73,
    169.52, 174.34, 179.67, 177.77, 188.28};

static uint64_t size_of(size_t i)
{
    return (uint64_t)(4096 * exp2((double)i / 4));
}

static size_t find(const double *ns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        stairs[i] = (struct stair){size_of(i), ns[i], ns[i], ns[i]};
    memory_ns = -1;
    return steps_find(stairs, n, levels, MOST_LEVELS, &memory_ns);
}

static void expect_near(const char *what, size_t at, double got, double low, double high)
{
    if (!(got >= low && got <= high))
        fail_msg("%s %zu: %g, not from %g to %g", what, at, got, low, high);
}

/* The level ends somewhere between its two sizes. */
static void expect_end(size_t i, uint64_t low, uint64_t high)
{
    if (levels[i].bytes > high || levels[i].above_bytes < low ||
        levels[i].bytes >= levels[i].above_bytes)
        fail_msg("level %zu ends in %llu to %llu, not %llu to %llu", i,
                 (unsigned long long)levels[i].bytes,
                 (unsigned long long)levels[i].above_bytes, (unsigned long long)low,
                 (unsigned long long)high);
}

static void three_levels_of_a_recorded_machine(void **state)
{
    const double *const recorded[] = {quiet, busy};
    (void)state;
    for (size_t r = 0; r < 2; r++) {
        assert_int_equal(find(recorded[r], FOUR_A_DOUBLING), 3);
        expect_end(0, 48 << 10, 48 << 10);
        expect_end(1, 900 << 10, 1 << 20);
        expect_end(2, 10 << 20, 20 << 20);
        for (size_t i = 0; i < 3; i++)
            assert_false(levels[i].is_unclear);
        expect_near("plateau", 0, levels[0].ns, 1, 1.1);
        expect_near("plateau", 1, levels[1].ns, 3.6, 4);
        expect_near("plateau", 2, levels[2].ns, 12, 16);
        expect_near("memory", r, memory_ns, 150, 190);
    }
}

/* A level is everywhere as fast as at its beginning. */
static size_t find_made(const uint64_t *ends, const double *ns, size_t n_ends,
                        double noise)
{
    double made[FOUR_A_DOUBLING];
    uint64_t random = 7;
    for (size_t i = 0; i < FOUR_A_DOUBLING; i++) {
        size_t level = 0;
        while (level < n_ends && size_of(i) > ends[level])
            level++;
        random = random * 6364136223846793005u + 1442695040888963407u;
        made[i] = ns[level] * (1 + noise * (double)(random >> 40) / (double)(1 << 24));
    }
    return find(made, FOUR_A_DOUBLING);
}

static void made_levels_are_found_exactly(void **state)
{
    static const uint64_t ends[] = {32 << 10, 512 << 10, 32 << 20};
    static const double ns[] = {1, 3, 12, 90};
    (void)state;
    for (int noise = 0; noise < 4; noise++) {
        assert_int_equal(find_made(ends, ns, 3, 0.1 * noise), 3);
        for (size_t i = 0; i < 3; i++) {
            assert_true(levels[i].bytes <= ends[i] && levels[i].above_bytes > ends[i]);
            expect_near("plateau", i, levels[i].ns, ns[i], ns[i] * (1 + 0.1 * noise));
        }
        expect_near("memory", 0, memory_ns, 90, 90 * 1.4);
    }
}

static void single_outliers_move_nothing(void **state)
{
    double spoilt[FOUR_A_DOUBLING];
    (void)state;
    memcpy(spoilt, quiet, sizeof spoilt);
    spoilt[8] = 500;
    spoilt[22] = 90;
    spoilt[23] = 90; /* two in a row, upwards */
    spoilt[40] = 1;  /* a clock that was set back */
    spoilt[58] = 3;
    assert_int_equal(find(spoilt, FOUR_A_DOUBLING), 3);
    expect_end(0, 48 << 10, 48 << 10);
    expect_end(1, 900 << 10, 1 << 20);
    expect_end(2, 10 << 20, 20 << 20);
}

static void without_a_step_there_is_no_level(void **state)
{
    double made[FOUR_A_DOUBLING];
    const uint64_t end = 1 << 20;
    const double alike[] = {10, 14.5};
    (void)state;
    for (size_t i = 0; i < FOUR_A_DOUBLING; i++)
        made[i] = 5;
    assert_int_equal(find(made, FOUR_A_DOUBLING), 0);
    expect_near("memory", 0, memory_ns, 4.99, 5.01);
    for (size_t i = 0; i < FOUR_A_DOUBLING; i++)
        made[i] = exp2((double)i / 8); /* a ramp: half a binary digit a doubling */
    assert_int_equal(find(made, FOUR_A_DOUBLING), 0);
    assert_true(isnan(memory_ns));
    assert_int_equal(find_made(&end, alike, 1, 0), 0);
}

/* The table of ceilings of one machine: too coarse to tell where its caches end. */
static void a_coarse_table_claims_no_level(void **state)
{
    static const double ns[] = {1.2, 4.0, 8.5, 17, 94, 165, 200, 280};
    static const uint64_t sizes[] = {32u << 10, 256u << 10, 1u << 20,   4u << 20,
                                     16u << 20, 64u << 20,  256u << 20, 1u << 30};
    (void)state;
    for (size_t i = 0; i < N_OF(ns); i++)
        stairs[i] = (struct stair){sizes[i], ns[i], ns[i], ns[i]};
    assert_int_equal(steps_find(stairs, N_OF(ns), levels, MOST_LEVELS, &memory_ns), 0);
    expect_near("memory", 0, memory_ns, 165, 280);
}

static void a_staircase_that_still_rises_has_no_memory(void **state)
{
    (void)state;
    assert_int_equal(find(busy, 49), 2); /* to 16 MiB: in the middle of the last step */
    assert_true(isnan(memory_ns));
}

/* Neighbours were at work: between 4 ns and 300 no plateau of the third level is left. */
static void a_hidden_level_is_said_to_be_possible(void **state)
{
    double made[FOUR_A_DOUBLING];
    (void)state;
    for (size_t i = 0; i < FOUR_A_DOUBLING; i++)
        made[i] = i < 15   ? 1.1
                  : i < 27 ? 3.8
                  : i < 45 ? 3.8 * exp2((double)(i - 27) / 3)
                           : 300;
    assert_int_equal(find(made, FOUR_A_DOUBLING), 2);
    assert_false(levels[0].is_unclear);
    assert_true(levels[1].is_unclear);
    assert_true(levels[1].bytes <= 600 << 10 && levels[1].above_bytes >= 8 << 20);
}

static void little_is_no_trouble(void **state)
{
    (void)state;
    for (size_t n = 0; n < 6; n++)
        assert_int_equal(find(quiet, n), 0);
    assert_int_equal(steps_find(stairs, MOST_STAIRS + 1, levels, MOST_LEVELS, &memory_ns),
                     0);
    assert_true(isnan(memory_ns));
    for (size_t room = 0; room < 3; room++) {
        (void)find(quiet, FOUR_A_DOUBLING);
        assert_int_equal(steps_find(stairs, FOUR_A_DOUBLING, levels, room, &memory_ns),
                         room);
    }
}

static void what_was_not_measured_is_null_with_a_reason(void **state)
{
    static struct calibration calibration;
    (void)state;
    (void)find(quiet, FOUR_A_DOUBLING);
    memcpy(calibration.pages[SMALL_PAGES].stairs, stairs, sizeof stairs);
    calibration.pages[SMALL_PAGES].n_stairs = FOUR_A_DOUBLING;
    calibration.pages[SMALL_PAGES].memory_ns = (double)NAN;
    strcpy(calibration.pages[HUGE_PAGES].reason, "switched off");
    assert_ptr_equal(calibration_best(&calibration), &calibration.pages[SMALL_PAGES]);
    json_t *const json = calibration_describe(&calibration, 16384);
    assert_non_null(json);
    const json_t *const curves = json_object_get(json, "curves");
    const json_t *const small = json_array_get(curves, 0),
                        *huge = json_array_get(curves, 1);
    assert_string_equal(json_string_value(json_object_get(small, "pages")), "16 KiB");
    assert_int_equal(json_array_size(json_object_get(small, "stairs")), FOUR_A_DOUBLING);
    assert_true(json_is_null(json_object_get(small, "memory_ns")));
    assert_true(json_is_null(json_object_get(small, "reason")));
    assert_int_equal(json_array_size(json_object_get(huge, "stairs")), 0);
    assert_string_equal(json_string_value(json_object_get(huge, "reason")),
                        "switched off");
    json_decref(json);
    calibration.pages[HUGE_PAGES].n_stairs = 1;
    assert_ptr_equal(calibration_best(&calibration), &calibration.pages[HUGE_PAGES]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_levels_of_a_recorded_machine),
        cmocka_unit_test(made_levels_are_found_exactly),
        cmocka_unit_test(single_outliers_move_nothing),
        cmocka_unit_test(without_a_step_there_is_no_level),
        cmocka_unit_test(a_coarse_table_claims_no_level),
        cmocka_unit_test(a_staircase_that_still_rises_has_no_memory),
        cmocka_unit_test(a_hidden_level_is_said_to_be_possible),
        cmocka_unit_test(little_is_no_trouble),
        cmocka_unit_test(what_was_not_measured_is_null_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
