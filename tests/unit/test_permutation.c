/* SPDX-License-Identifier: MIT */
/* Shuffles are bijections, seeds lead to different ones, and neither they nor the random
 * words may change: workloads are made of them. */
#include "unit.h"

#include "permutation.h"

static void expect_bijection(uint64_t n, uint64_t seed)
{
    struct permutation permutation;
    uint8_t *const seen = calloc(n, 1);
    assert_non_null(seen);
    permutation_init(&permutation, n, seed);
    for (uint64_t i = 0; i < n; i++) {
        const uint64_t to = permute(&permutation, i);
        if (to >= n || seen[to]++ != 0)
            fail_msg("n %llu, seed %llu: %llu goes to %llu, out of range or taken",
                     (unsigned long long)n, (unsigned long long)seed,
                     (unsigned long long)i, (unsigned long long)to);
    }
    free(seen);
}

static void each_number_goes_to_a_number_of_its_own(void **state)
{
    static const uint64_t large[] = {1000,   1023,   1024,   1025,   4095,
                                     4096,   4097,   65535,  65536,  65537,
                                     100000, 262144, 262145, 1048577};
    static const uint64_t seeds[] = {0, 1, 2, 0x8000000000000000, UINT64_MAX};
    (void)state;
    for (uint64_t n = 1; n <= 300; n++)
        for (size_t s = 0; s < N_OF(seeds); s++)
            expect_bijection(n, seeds[s]);
    for (size_t i = 0; i < N_OF(large); i++)
        expect_bijection(large[i], 1);
}

/* Above what can be walked: in range, and no two of a sample fall together. */
static void huge_shuffles_stay_in_range(void **state)
{
    static const uint64_t sizes[] = {(uint64_t)1 << 32, ((uint64_t)1 << 32) + 1,
                                     ((uint64_t)1 << 62) + 1, UINT64_MAX};
    (void)state;
    for (size_t s = 0; s < N_OF(sizes); s++) {
        struct permutation permutation;
        permutation_init(&permutation, sizes[s], 1);
        uint64_t before = UINT64_MAX;
        for (uint64_t i = 0; i < 10000; i++) {
            const uint64_t to = permute(&permutation, sizes[s] - 1 - i);
            assert_true(to < sizes[s]);
            assert_true(to != before);
            before = to;
        }
    }
}

static void seeds_lead_to_different_shuffles(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct permutation one, other;
        unsigned n_same = 0, n_fixed = 0;
        permutation_init(&one, 1000, seed);
        permutation_init(&other, 1000, seed + 1);
        for (uint64_t i = 0; i < 1000; i++) {
            n_same += permute(&one, i) == permute(&other, i);
            n_fixed += permute(&one, i) == i;
        }
        /* one is expected of each; more than 10 has probability 1e-8 */
        assert_true(n_same <= 10);
        assert_true(n_fixed <= 10);
    }
}

/* Pearson's chi-square over `n` cells; its mean is n - 1, its variance 2 (n - 1). */
static double chi_square(const uint64_t *counts, size_t n, double expected)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    return sum;
}

static void random_below_is_in_range_and_uniform(void **state)
{
    static const uint64_t belows[] = {1, 2, 3, 5, 7, 10, 100, 1000};
    enum { DRAWS = 100000 };
    (void)state;
    for (size_t b = 0; b < N_OF(belows); b++) {
        uint64_t counts[1000] = {0};
        const uint64_t below = belows[b];
        for (uint64_t i = 0; i < DRAWS; i++) {
            const uint64_t drawn = random_below(b, i, below);
            assert_true(drawn < below);
            counts[drawn]++;
        }
        const double freedom = (double)below - 1;
        const double chi = chi_square(counts, below, (double)DRAWS / (double)below);
        /* seeds are fixed: this holds always or never; 40 is 5 deviations at 32 */
        if (chi > freedom + 5 * (freedom + 8))
            fail_msg("below %llu: chi-square %.1f", (unsigned long long)below, chi);
        if (freedom >= 99 && (chi < freedom * 0.6 || chi > freedom * 1.5))
            fail_msg("below %llu: chi-square %.1f", (unsigned long long)below, chi);
    }
}

static void random_below_reaches_the_ends_of_large_ranges(void **state)
{
    const uint64_t below = (uint64_t)3 << 62; /* a modulo would favour the lower third */
    uint64_t thirds[3] = {0};
    (void)state;
    for (uint64_t i = 0; i < 30000; i++)
        thirds[random_below(9, i, below) >> 62]++;
    assert_true(chi_square(thirds, 3, 10000) < 30);
}

/* A shuffle moves early numbers as far as late ones: each tenth meets each tenth. */
static void shuffles_are_shuffled(void **state)
{
    static const uint64_t sizes[] = {1000, 10000, 65537};
    (void)state;
    for (size_t s = 0; s < N_OF(sizes); s++) {
        struct permutation permutation;
        uint64_t counts[100] = {0};
        const uint64_t n = sizes[s];
        permutation_init(&permutation, n, 1);
        for (uint64_t i = 0; i < n; i++)
            counts[i * 10 / n * 10 + permute(&permutation, i) * 10 / n]++;
        const double chi = chi_square(counts, 100, (double)n / 100);
        if (chi > 81 + 6 * 13) /* 81 degrees of freedom */
            fail_msg("n %llu: chi-square %.1f", (unsigned long long)n, chi);
    }
}

static void mix_is_the_published_splitmix64(void **state)
{
    /* the first words of SplitMix64 from 1234567, as Rosetta Code and the reference
     * implementation (Vigna, 2015) give them */
    static const uint64_t published[] = {6457827717110365317u, 3203168211198807973u,
                                         9817491932198370423u, 4593380528125082431u,
                                         16408922859458223821u};
    (void)state;
    for (uint64_t i = 0; i < N_OF(published); i++)
        expect_u64("SplitMix64", i, mix_u64(1234567 + (i + 1) * 0x9E3779B97F4A7C15u),
                   published[i]);
    expect_u64("zero", 0, mix_u64(0), 0);
}

static void random_words_never_change(void **state)
{
    (void)state;
    expect_u64("0, 0", 0, random_u64(0, 0), 0x48218226ff3cd4bf);
    expect_u64("1, 0", 0, random_u64(1, 0), 0xdce423fc82c0d5b8);
    expect_u64("1, 1", 0, random_u64(1, 1), 0x5e41ab087439611e);
    expect_u64("max, max", 0, random_u64(UINT64_MAX, UINT64_MAX), 0x2dfe1aa565b7ff81);
    expect_u64("below 10", 0, random_below(1, 0, 10), 8);
    expect_u64("below 1000000", 0, random_below(1, 1, 1000000), 368189);
}

static void shuffles_never_change(void **state)
{
    static const uint64_t of_ten[] = {8, 1, 3, 5, 6, 9, 7, 2, 0, 4};
    static const uint64_t of_a_million[] = {776350, 55825,  673003, 818368,
                                            838584, 427686, 719695, 620269};
    struct permutation permutation;
    (void)state;
    permutation_init(&permutation, 10, 1);
    for (uint64_t i = 0; i < N_OF(of_ten); i++)
        expect_u64("n 10, seed 1", i, permute(&permutation, i), of_ten[i]);
    permutation_init(&permutation, 1000000, 42);
    for (uint64_t i = 0; i < N_OF(of_a_million); i++)
        expect_u64("n 1000000, seed 42", i, permute(&permutation, i), of_a_million[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_goes_to_a_number_of_its_own),
        cmocka_unit_test(huge_shuffles_stay_in_range),
        cmocka_unit_test(seeds_lead_to_different_shuffles),
        cmocka_unit_test(shuffles_are_shuffled),
        cmocka_unit_test(random_below_is_in_range_and_uniform),
        cmocka_unit_test(random_below_reaches_the_ends_of_large_ranges),
        cmocka_unit_test(mix_is_the_published_splitmix64),
        cmocka_unit_test(random_words_never_change),
        cmocka_unit_test(shuffles_never_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
