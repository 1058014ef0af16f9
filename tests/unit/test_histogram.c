/* SPDX-License-Identifier: MIT */
/* A quantile from the histogram is the exact one to a 64th, over the whole range. */
#include "unit.h"

#include "permutation.h"
#include "stats/histogram.h"

static struct histogram histogram;

static int reset(void **state)
{
    (void)state;
    memset(&histogram, 0, sizeof histogram);
    return 0;
}

static int compare(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* `got` must be `wanted` to within half a bucket. */
static void expect_close(const char *what, double got, double wanted)
{
    const double off = got > wanted ? got - wanted : wanted - got;
    if (!(off <= wanted / 64))
        fail_msg("%s: %.17g, not %.17g", what, got, wanted);
}

static void no_values_have_no_quantile(void **state)
{
    (void)state;
    assert_true(histogram_quantile(&histogram, 0.5) == 0);
    assert_true(histogram_quantile(&histogram, 1) == 0);
}

static void values_below_128_are_exact(void **state)
{
    (void)state;
    for (uint64_t value = 0; value < 128; value++)
        histogram_add(&histogram, value);
    for (unsigned i = 1; i <= 128; i++)
        assert_true(histogram_quantile(&histogram, i / 128.0) == i - 1);
}

/* One value alone must come back within a 64th of itself, wherever it lies. */
static void every_doubling_has_the_same_precision(void **state)
{
    char what[32];
    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        const uint64_t power = (uint64_t)1 << bit;
        const uint64_t values[] = {power, power + power / 3, power + power / 2 + 1,
                                   2 * power - 1};
        for (size_t i = 0; i < N_OF(values); i++) {
            reset(NULL);
            histogram_add(&histogram, values[i]);
            histogram_add(&histogram, UINT64_MAX); /* so that the cap does not help */
            snprintf(what, sizeof what, "bit %u, value %zu", bit, i);
            expect_close(what, histogram_quantile(&histogram, 0.5), (double)values[i]);
        }
    }
}

static void quantiles_are_those_of_the_sorted_values(void **state)
{
    enum { N = 20000 };
    static uint64_t values[N];
    static const double shares[] = {0.01, 0.5, 0.9, 0.99, 0.999};
    (void)state;
    for (size_t i = 0; i < N; i++) {
        values[i] = random_u64(7, i) >> (20 + random_u64(8, i) % 40);
        histogram_add(&histogram, values[i]);
    }
    qsort(values, N, sizeof *values, compare);
    for (size_t i = 0; i < N_OF(shares); i++)
        expect_close("quantile", histogram_quantile(&histogram, shares[i]),
                     (double)values[(size_t)(shares[i] * N + 0.999) - 1]);
    assert_true(histogram_quantile(&histogram, 1) == (double)values[N - 1]);
    expect_u64("n", 0, histogram.n, N);
}

static void no_quantile_exceeds_the_largest_value(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        histogram_add(&histogram, 1000000); /* the first of its bucket, or near it */
    assert_true(histogram_quantile(&histogram, 0.999) <= 1000000);
    assert_true(histogram_quantile(&histogram, 1) == 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(no_values_have_no_quantile, reset),
        cmocka_unit_test_setup(values_below_128_are_exact, reset),
        cmocka_unit_test_setup(every_doubling_has_the_same_precision, reset),
        cmocka_unit_test_setup(quantiles_are_those_of_the_sorted_values, reset),
        cmocka_unit_test_setup(no_quantile_exceeds_the_largest_value, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
