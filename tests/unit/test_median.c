/* SPDX-License-Identifier: MIT */
/* The median is the median, and its interval has the level that it claims: by closed
 * forms, and by going through every way the samples can fall. */
#include "unit.h"

#include <math.h>

#include "stats/median.h"

static void expect_near(const char *what, size_t n, double got, double wanted)
{
    if (!(fabs(got - wanted) <= 1e-12 * (1 + fabs(wanted))))
        fail_msg("%s, n %zu: %.17g, not %.17g", what, n, got, wanted);
}

/* The median of the samples 1 .. n, given in some order. */
static struct median of_one_to(size_t n, double wanted)
{
    static double samples[4096];
    assert_true(n <= N_OF(samples));
    for (size_t i = 0; i < n; i++)
        samples[i] = (double)((i * 7919 + 3) % n + 1); /* 7919: prime, so each once */
    const struct median median = median_of(samples, n, wanted);
    for (size_t i = 0; i < n; i++)
        expect_near("sorted", n, samples[i], (double)i + 1);
    return median;
}

/* P(B < k) for B binomial(n, 1/2), term by term in another way than the code. */
static double below(size_t n, size_t k)
{
    long double sum = 0;
    for (size_t j = 0; j < k; j++)
        sum += expl(lgammal((long double)n + 1) - lgammal((long double)j + 1) -
                    lgammal((long double)(n - j) + 1) - (long double)n * logl(2));
    return (double)sum;
}

static void closed_forms_for_a_few_samples(void **state)
{
    /* level of all samples: 1 - 2^(1 - n) */
    static const struct {
        size_t n;
        double value, low, high, level;
    } cases[] = {
        {1, 1, 1, 1, 0},
        {2, 1.5, 1, 2, 0.5},
        {3, 2, 1, 3, 0.75},
        {5, 3, 1, 5, 0.9375},
        {6, 3.5, 1, 6, 0.96875},                  /* the first n that reaches 0.95 */
        {8, 4.5, 1, 8, 1 - 2.0 / 256},            /* 2nd to 7th: 1 - 18 / 256 = 0.93 */
        {9, 5, 2, 8, 1 - 20.0 / 512},             /* 1 + 9 of 512 below, and above */
        {20, 10.5, 6, 15, 1 - 43400.0 / 1048576}, /* 1 + 20 + 190 + 1140 + 4845 + 15504 */
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct median median = of_one_to(cases[i].n, 0.95);
        expect_near("value", cases[i].n, median.value, cases[i].value);
        expect_near("low", cases[i].n, median.low, cases[i].low);
        expect_near("high", cases[i].n, median.high, cases[i].high);
        expect_near("level", cases[i].n, median.level, cases[i].level);
    }
}

static void the_level_is_that_of_the_binomial_and_the_interval_the_narrowest(void **state)
{
    static const double wanteds[] = {0.5, 0.9, 0.95, 0.99};
    (void)state;
    for (size_t n = 1; n <= 1000; n = n < 100 ? n + 1 : n + 77) {
        if (n % 7919 == 0)
            continue;
        for (size_t w = 0; w < N_OF(wanteds); w++) {
            const struct median median = of_one_to(n, wanteds[w]);
            const size_t k = (size_t)median.low;
            const double level = 1 - 2 * below(n, k);
            expect_near("symmetry", n, median.high, (double)(n + 1 - k));
            if (fabs(median.level - level) > 1e-9)
                fail_msg("n %zu: level %.12f, should be %.12f", n, median.level, level);
            if (k > 1 && median.level < wanteds[w])
                fail_msg("n %zu: level %.6f, wanted %.2f", n, median.level, wanteds[w]);
            const double narrower = 1 - 2 * below(n, k + 1);
            if (2 * (k + 1) <= n + 1 && narrower > wanteds[w] + 1e-9)
                fail_msg("n %zu: k %zu would do, %.6f", n, k + 1, narrower);
        }
    }
}

/* Beyond 1074 samples 2^-n is no double any more. */
static void many_samples_keep_an_honest_level(void **state)
{
    static const size_t sizes[] = {100, 101, 500, 998, 999, 1000};
    (void)state;
    for (size_t i = 0; i < N_OF(sizes); i++) {
        const size_t n = sizes[i];
        const struct median median = of_one_to(n, 0.95);
        const size_t k = (size_t)median.low;
        const double level = 1 - 2 * below(n, k);
        if (fabs(median.level - level) > 1e-9 || median.level < 0.95)
            fail_msg("n %zu: level %.12f, k %zu has %.12f", n, median.level, k, level);
    }
}

/* Each sample falls below or above the true median with probability 1/2: go through all
 * 2^n ways and count how often the interval encloses it. */
static void coverage_is_the_level_by_exhaustion(void **state)
{
    static const double wanteds[] = {0.1, 0.5, 0.9, 0.95};
    (void)state;
    for (unsigned n = 1; n <= 14; n++) {
        for (size_t w = 0; w < N_OF(wanteds); w++) {
            unsigned n_enclosed = 0;
            double level = 0;
            for (unsigned way = 0; way < 1u << n; way++) {
                double samples[14];
                for (unsigned i = 0; i < n; i++) /* the true median is 0 */
                    samples[i] = (way >> i & 1) != 0 ? 1.0 + i : -1.0 - i;
                const struct median median = median_of(samples, n, wanteds[w]);
                n_enclosed += median.low < 0 && median.high > 0;
                level = median.level;
            }
            expect_near("coverage", n, (double)n_enclosed / (double)(1u << n), level);
        }
    }
}

static void samples_are_sorted_whatever_their_order(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 720; way++) { /* all orders of 6, ties among them */
        double values[6] = {1, 2, 2, 3, 5, 8}, samples[6];
        unsigned code = way;
        for (unsigned n = 6; n > 0; n--) {
            const unsigned at = code % n;
            code /= n;
            samples[n - 1] = values[at];
            values[at] = values[n - 1];
        }
        const struct median median = median_of(samples, 6, 0.95);
        expect_near("median", 6, median.value, 2.5);
        for (unsigned i = 1; i < 6; i++)
            assert_true(samples[i - 1] <= samples[i]);
    }
}

static void equal_negative_and_tiny_samples_are_no_exception(void **state)
{
    double equal[] = {7, 7, 7, 7, 7, 7, 7}, negative[] = {-3, -1, -2};
    double tiny[] = {5e-324, 0, 5e-324, 1e-300, 0};
    (void)state;
    expect_near("equal", 7, median_of(equal, 7, 0.95).value, 7);
    expect_near("equal low", 7, median_of(equal, 7, 0.95).low, 7);
    expect_near("negative", 3, median_of(negative, 3, 0.95).value, -2);
    assert_true(median_of(tiny, 5, 0.95).value == 5e-324);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_forms_for_a_few_samples),
        cmocka_unit_test(
            the_level_is_that_of_the_binomial_and_the_interval_the_narrowest),
        cmocka_unit_test(many_samples_keep_an_honest_level),
        cmocka_unit_test(coverage_is_the_level_by_exhaustion),
        cmocka_unit_test(samples_are_sorted_whatever_their_order),
        cmocka_unit_test(equal_negative_and_tiny_samples_are_no_exception),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
