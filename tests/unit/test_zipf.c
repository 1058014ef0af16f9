/* SPDX-License-Identifier: MIT */
/* Ranks are drawn as Zipf's law has them: against sums of the law itself. */
#include "unit.h"

#include <math.h>

#include "zipf.h"

enum { N_DRAWS = 200000, MOST_RANKS = 1000 };

/* The sum of k^-exponent for k up to n. */
static double zeta(uint64_t n, double exponent)
{
    const uint64_t exact = n < 100000 ? n : 100000;
    double sum = 0;
    for (uint64_t k = 1; k <= exact; k++)
        sum += pow((double)k, -exponent);
    /* the rest by the integral, half a bar further */
    const double rest = 1 - exponent;
    return sum + (pow((double)n + 0.5, rest) - pow((double)exact + 0.5, rest)) / rest;
}

/* `seen` of N_DRAWS, each with that probability: within five standard deviations. */
static void expect_share(const char *what, uint64_t n, uint64_t seen, double probability)
{
    const double expected = N_DRAWS * probability;
    const double deviation = sqrt(expected * (1 - probability));
    if (fabs((double)seen - expected) > 5 * deviation + 1e-6)
        fail_msg("%s of %llu: %llu times, %.1f expected", what, (unsigned long long)n,
                 (unsigned long long)seen, expected);
}

static void ranks_follow_the_law(void **state)
{
    static const uint64_t sizes[] = {1, 2, 3, 10, MOST_RANKS};
    static const double exponents[] = {0.5, ZIPF_YCSB, 1.5};
    (void)state;
    for (size_t i = 0; i < N_OF(sizes); i++) {
        for (size_t e = 0; e < N_OF(exponents); e++) {
            static uint64_t counts[MOST_RANKS];
            struct zipf zipf;
            const double all = zeta(sizes[i], exponents[e]);
            memset(counts, 0, sizeof counts);
            zipf_init(&zipf, sizes[i], exponents[e]);
            for (uint64_t draw = 0; draw < N_DRAWS; draw++) {
                const uint64_t rank = zipf_rank(&zipf, 7, draw);
                assert_true(rank < sizes[i]);
                counts[rank]++;
            }
            uint64_t behind = 0; /* the hundredth and all that follow */
            for (uint64_t k = 0; k < sizes[i]; k++) {
                if (k < 99)
                    expect_share("a rank", sizes[i], counts[k],
                                 pow((double)k + 1, -exponents[e]) / all);
                else
                    behind += counts[k];
            }
            if (sizes[i] > 99)
                expect_share("the rest", sizes[i], behind,
                             1 - zeta(99, exponents[e]) / all);
        }
    }
}

static void any_number_of_ranks_will_do(void **state)
{
    const uint64_t n = UINT32_MAX;
    const double all = zeta(n, ZIPF_YCSB);
    struct zipf zipf;
    uint64_t firsts = 0, rare = 0;
    (void)state;
    zipf_init(&zipf, n, ZIPF_YCSB);
    for (uint64_t draw = 0; draw < N_DRAWS; draw++) {
        const uint64_t rank = zipf_rank(&zipf, 1, draw);
        assert_true(rank < n);
        firsts += rank == 0;
        rare += rank >= 1000000;
    }
    expect_share("the first", n, firsts, 1 / all);
    expect_share("those from a million on", n, rare, 1 - zeta(1000000, ZIPF_YCSB) / all);
}

static void a_draw_is_a_function_of_seed_and_number(void **state)
{
    struct zipf zipf;
    unsigned n_differ = 0;
    (void)state;
    zipf_init(&zipf, 1000000, ZIPF_YCSB);
    for (uint64_t draw = 0; draw < 1000; draw++) {
        const uint64_t rank = zipf_rank(&zipf, 3, draw);
        assert_true(rank == zipf_rank(&zipf, 3, draw));
        n_differ += rank != zipf_rank(&zipf, 4, draw);
    }
    assert_true(n_differ > 900);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_follow_the_law),
        cmocka_unit_test(any_number_of_ranks_will_do),
        cmocka_unit_test(a_draw_is_a_function_of_seed_and_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
