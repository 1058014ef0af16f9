/* SPDX-License-Identifier: MIT */
/* Verdicts by closed forms, and against samples whose truth is known: what is the same is
 * told apart no more often than is claimed, what is 3 % slower is found, and what slows a
 * whole block down does not matter. */
#include "unit.h"

#include <math.h>

#include "noise_model.h"
#include "stats/difference.h"
#include "stats/median.h"

static const double WANTED = 0.95;

/* Blocks that differ by `unrest`, of two things of which the second takes `slower` more. */
static struct difference try_blocks(enum noise kind, size_t n, double unrest,
                                    double slower, double zone)
{
    double a[DIFFERENCE_MOST], b[DIFFERENCE_MOST];
    for (size_t i = 0; i < n; i++) {
        const double block = 100 * exp(unrest * normal());
        a[i] = block * exp(noise(kind));
        b[i] = block * exp(noise(kind)) * (1 + slower);
    }
    return difference_paired(a, b, n, zone, WANTED);
}

static bool is_alarm(const struct difference *difference)
{
    return difference->verdict == VERDICT_FASTER || difference->verdict == VERDICT_SLOWER;
}

/* ---- against the truth ---- */

/* With zone 0; and in no more than 18 of each 200, as an A/A test would ask. */
static void the_same_is_told_apart_as_seldom_as_claimed(void **state)
{
    static const size_t sizes[] = {6, 10, 20, 40};
    enum { TRIALS = 2000, OF = 200, MOST_OF = 18 };
    (void)state;
    for (enum noise kind = 0; kind < N_NOISES; kind++)
        for (size_t s = 0; s < N_OF(sizes); s++) {
            size_t n_alarms = 0, n_recent = 0;
            state_of_noise = 1 + (uint64_t)kind * 100 + s;
            for (size_t i = 0; i < TRIALS; i++) {
                const struct difference found = try_blocks(kind, sizes[s], 0.2, 0, 0);
                n_recent = i % OF == 0 ? 0 : n_recent;
                n_recent += is_alarm(&found);
                n_alarms += is_alarm(&found);
                if (n_recent > MOST_OF)
                    fail_msg("noise %d, n %zu: %zu alarms of %d", (int)kind, sizes[s],
                             n_recent, OF);
            }
            /* 5 % of 2000 and no more than chance adds once in 10,000 */
            if (n_alarms > 100 + 37)
                fail_msg("noise %d, n %zu: %zu alarms", (int)kind, sizes[s], n_alarms);
            if (n_alarms == 0)
                fail_msg("noise %d, n %zu: an interval that cannot err says nothing",
                         (int)kind, sizes[s]);
        }
}

/* 20 blocks, zone 1 %: no more than 2 of 40 alarms where nothing differs, and 36 of 40
 * found where 3 % do. */
static void three_percent_are_found_and_one_is_let_pass(void **state)
{
    enum { TRIALS = 40 };
    (void)state;
    for (enum noise kind = 0; kind < N_NOISES; kind++) {
        size_t n_alarms = 0, n_found = 0;
        state_of_noise = 77 + (uint64_t)kind;
        for (size_t i = 0; i < TRIALS; i++) {
            const struct difference nothing = try_blocks(kind, 20, 0.2, 0, 0.01);
            const struct difference three = try_blocks(kind, 20, 0.2, 0.03, 0.01);
            n_alarms += is_alarm(&nothing);
            n_found += three.verdict == VERDICT_SLOWER;
        }
        print_message("noise %d: %zu alarms, %zu found of %d\n", (int)kind, n_alarms,
                      n_found, TRIALS);
        if (n_alarms > 2 || n_found < 36)
            fail_msg("noise %d: %zu alarms, %zu of %d found", (int)kind, n_alarms,
                     n_found, TRIALS);
    }
}

/* The interval is as narrow in blocks that differ twofold as in those that do not. */
static void what_slows_a_whole_block_down_drops_out(void **state)
{
    (void)state;
    for (enum noise kind = 0; kind < N_NOISES; kind++) {
        state_of_noise = 5;
        const struct difference calm = try_blocks(kind, 20, 0, 0.03, 0.01);
        state_of_noise = 5;
        const struct difference unrest = try_blocks(kind, 20, 0.7, 0.03, 0.01);
        if (fabs(calm.low - unrest.low) > 1e-9 || fabs(calm.high - unrest.high) > 1e-9)
            fail_msg("noise %d: [%g, %g], in unrest [%g, %g]", (int)kind, calm.low,
                     calm.high, unrest.low, unrest.high);
    }
}

/* ---- closed forms ---- */

static void expect_verdict(const double *b, size_t n, double zone, enum verdict wanted)
{
    double a[16], inverse[16];
    static const enum verdict turned[] = {VERDICT_SLOWER, VERDICT_FASTER, VERDICT_SAME,
                                          VERDICT_NOT_SHOWN};
    for (size_t i = 0; i < n; i++) {
        a[i] = 1;
        inverse[i] = 1 / b[i];
    }
    const struct difference found = difference_paired(a, b, n, zone, WANTED);
    const struct difference back = difference_paired(a, inverse, n, zone, WANTED);
    assert_string_equal(verdict_names[found.verdict], verdict_names[wanted]);
    assert_string_equal(verdict_names[back.verdict], verdict_names[turned[wanted]]);
    assert_true(fabs(found.ratio * back.ratio - 1) < 1e-12);
    assert_true(found.low <= found.ratio && found.ratio <= found.high);
}

static void the_zone_decides(void **state)
{
    static const double slower[] = {1.02, 1.03, 1.04, 1.05, 1.06, 1.5};
    static const double over_the_edge[] = {1.009, 1.03, 1.04, 1.05, 1.06, 1.5};
    static const double equal[] = {0.995, 1, 1, 1.001, 1.002, 1.005};
    static const double nine[] = {0.5, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 1.08, 0.4};
    (void)state;
    expect_verdict(slower, 6, 0.01, VERDICT_SLOWER);
    expect_verdict(slower, 6, 0.03, VERDICT_NOT_SHOWN);
    expect_verdict(slower, 6, 0.6, VERDICT_SAME);
    expect_verdict(slower, 5, 0.01, VERDICT_NOT_SHOWN); /* 0.9375 is less than 0.95 */
    expect_verdict(over_the_edge, 6, 0.01, VERDICT_NOT_SHOWN);
    expect_verdict(over_the_edge, 6, 0, VERDICT_SLOWER);
    expect_verdict(equal, 6, 0.01, VERDICT_SAME);
    expect_verdict(equal, 6, 0, VERDICT_NOT_SHOWN);
    expect_verdict(nine, 9, 0, VERDICT_NOT_SHOWN);
    const double one = 1.0;
    expect_verdict(&one, 1, 0.01, VERDICT_NOT_SHOWN);
}

/* ---- two runs ---- */

/* From the table of critical values of Mann and Whitney's test, two-sided, 5 %: the k-th
 * ratio is the first that the table does not refuse. */
static void unpaired_intervals_are_those_of_the_table(void **state)
{
    static const struct {
        size_t n_a, n_b, critical; /* the largest sum that is refused */
    } table[] = {{4, 4, 0}, {5, 5, 2},   {6, 6, 5},    {5, 7, 5},
                 {7, 7, 8}, {8, 6, 8},   {10, 10, 23}, {20, 20, 127},
                 {9, 4, 4}, {12, 7, 18}, {15, 20, 90}};
    (void)state;
    for (size_t i = 0; i < N_OF(table); i++) {
        double a[20], b[20], ratios[400];
        const size_t n = table[i].n_a * table[i].n_b;
        state_of_noise = 3 + i;
        for (size_t j = 0; j < 20; j++) {
            a[j] = exp(normal());
            b[j] = exp(normal());
        }
        for (size_t j = 0; j < n; j++)
            ratios[j] = b[j / table[i].n_a] / a[j % table[i].n_a];
        samples_sort(ratios, n);
        const struct difference found =
            difference_unpaired(a, table[i].n_a, b, table[i].n_b, 0, WANTED);
        assert_true(found.level >= WANTED && found.level < 0.98);
        assert_true(found.low == ratios[table[i].critical]);
        assert_true(found.high == ratios[n - 1 - table[i].critical]);
    }
}

static void unpaired_levels_are_exact_and_too_few_show_nothing(void **state)
{
    static const double ones[200] = {1, 1, 1, 1, 1, 1},
                        twos[] = {2, 2.1, 2.2, 2.3, 2.4, 2.5};
    double many[200];
    (void)state;
    /* of the 20 and 70 orders the two extreme ones are outside */
    const struct difference three = difference_unpaired(ones, 3, twos, 3, 0.01, WANTED);
    assert_true(fabs(three.level - 0.9) < 1e-12);
    assert_int_equal(three.verdict, VERDICT_NOT_SHOWN);
    const struct difference four = difference_unpaired(ones, 4, twos, 4, 0.01, WANTED);
    assert_true(fabs(four.level - (1 - 2. / 70)) < 1e-12);
    assert_int_equal(four.verdict, VERDICT_SLOWER);
    const struct difference one = difference_unpaired(ones, 1, twos, 1, 0.01, WANTED);
    assert_int_equal(one.verdict, VERDICT_NOT_SHOWN);
    for (size_t i = 0; i < N_OF(many); i++)
        many[i] = 1.2 + 1e-5 * (double)i;
    const struct difference most =
        difference_unpaired(ones, 6, many, N_OF(many), 0.01, WANTED);
    assert_int_equal(most.verdict, VERDICT_SLOWER);
    assert_true(most.level == WANTED && most.low > 1.2 && most.high < 1.202);
}

/* The same is told apart as seldom as is claimed, on both sides of the exact sums' end;
 * what takes 3 % more is found. */
static void unpaired_verdicts_err_as_seldom_as_claimed(void **state)
{
    static const size_t sizes[] = {6, 20, 40};
    enum { TRIALS = 1000 };
    (void)state;
    for (enum noise kind = 0; kind < N_NOISES; kind++)
        for (size_t s = 0; s < N_OF(sizes); s++) {
            size_t n_alarms = 0, n_found = 0;
            state_of_noise = 9 + (uint64_t)kind * 100 + s;
            for (size_t i = 0; i < TRIALS; i++) {
                double a[40], b[40], slower[40];
                for (size_t j = 0; j < sizes[s]; j++) {
                    a[j] = exp(noise(kind));
                    b[j] = exp(noise(kind));
                    slower[j] = 1.05 * b[j];
                }
                const struct difference same =
                    difference_unpaired(a, sizes[s], b, sizes[s], 0, WANTED);
                const struct difference other =
                    difference_unpaired(a, sizes[s], slower, sizes[s], 0.01, WANTED);
                n_alarms += is_alarm(&same);
                n_found += other.verdict == VERDICT_SLOWER;
            }
            /* 5 % of 1000 and no more than chance adds once in 10,000 */
            if (n_alarms > 50 + 26 || n_alarms == 0 ||
                (s > 0 && n_found < TRIALS * 9 / 10))
                fail_msg("noise %d, n %zu: %zu alarms, %zu found", (int)kind, sizes[s],
                         n_alarms, n_found);
        }
}

static void counts_that_repeat_need_one_sample(void **state)
{
    (void)state;
    assert_int_equal(difference_exact(1000, 1000, 0).verdict, VERDICT_SAME);
    assert_int_equal(difference_exact(0, 0, 0).verdict, VERDICT_SAME);
    assert_int_equal(difference_exact(1000, 1001, 0).verdict, VERDICT_SLOWER);
    assert_int_equal(difference_exact(1000, 999, 0).verdict, VERDICT_FASTER);
    assert_int_equal(difference_exact(1000, 1001, 0.002).verdict, VERDICT_SAME);
    assert_int_equal(difference_exact(0, 1, 0.5).verdict, VERDICT_SLOWER);
    assert_int_equal(difference_exact(1, 0, 0.5).verdict, VERDICT_FASTER);
    assert_true(difference_exact(1000, 1030, 0.01).ratio == 1.03);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_told_apart_as_seldom_as_claimed),
        cmocka_unit_test(three_percent_are_found_and_one_is_let_pass),
        cmocka_unit_test(what_slows_a_whole_block_down_drops_out),
        cmocka_unit_test(the_zone_decides),
        cmocka_unit_test(unpaired_intervals_are_those_of_the_table),
        cmocka_unit_test(unpaired_levels_are_exact_and_too_few_show_nothing),
        cmocka_unit_test(unpaired_verdicts_err_as_seldom_as_claimed),
        cmocka_unit_test(counts_that_repeat_need_one_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
