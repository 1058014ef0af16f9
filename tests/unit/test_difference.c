/* SPDX-License-Identifier: MIT */
/* Verdicts by closed forms, and against samples whose truth is known: what is the same is
 * told apart no more often than is claimed, what is 3 % slower is found, and what slows a
 * whole block down does not matter. */
#include "unit.h"

#include <math.h>

#include "noise_model.h"
#include "stats/difference.h"

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
        cmocka_unit_test(counts_that_repeat_need_one_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
