/* SPDX-License-Identifier: MIT */
/* Why lab/stats/difference.c takes the order statistics of the median: what else was tried,
 * on two things that are the same, as a table. No test; it takes half a minute.
 *
 * For each kind of noise and number of blocks: how often in 100 the interval leaves the
 * truth out (5 were asked for), and its mean width in per cent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "noise_model.h"
#include "stats/median.h"

enum { TRIALS = 3000, RESAMPLES = 400, MOST = 40 };

struct interval {
    double low, high;
};

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

static double deviation_of(const double *x, size_t n)
{
    const double mean = mean_of(x, n);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sqrt(sum / (double)(n - 1));
}

static double middle_of(double *x, size_t n)
{
    return median_of(x, n, 0.95).value;
}

static struct interval by_order(const double *x, size_t n)
{
    double copy[MOST];
    memcpy(copy, x, n * sizeof *x);
    const struct median median = median_of(copy, n, 0.95);
    return (struct interval){median.low, median.high};
}

/* The middle 95 % of what resamples give (B. Efron, 1979). */
static struct interval by_resampling(const double *x, size_t n, int is_median)
{
    static double found[RESAMPLES];
    double copy[MOST];
    for (size_t k = 0; k < RESAMPLES; k++) {
        for (size_t i = 0; i < n; i++)
            copy[i] = x[(size_t)(uniform() * (double)n)];
        found[k] = is_median ? middle_of(copy, n) : mean_of(copy, n);
    }
    qsort(found, RESAMPLES, sizeof *found, compare);
    return (struct interval){found[RESAMPLES / 40],
                             found[RESAMPLES - 1 - RESAMPLES / 40]};
}

static struct interval by_resampled_mean(const double *x, size_t n)
{
    return by_resampling(x, n, 0);
}

static struct interval by_resampled_median(const double *x, size_t n)
{
    return by_resampling(x, n, 1);
}

/* Student's t; its 97.5 % point for the few n here. */
static struct interval by_t(const double *x, size_t n)
{
    const double point = n == 6 ? 2.571 : n == 10 ? 2.262 : n == 20 ? 2.093 : 2.023;
    const double half = point * deviation_of(x, n) / sqrt((double)n);
    return (struct interval){mean_of(x, n) - half, mean_of(x, n) + half};
}

/* Means of all pairs in order; how many to leave out at each end, by counting the sums of
 * ranks (F. Wilcoxon, 1945; the interval: J. Hodges and E. Lehmann, 1963). */
static struct interval by_signed_ranks(const double *x, size_t n)
{
    static double ways[MOST * (MOST + 1) / 2 + 1], means[MOST * (MOST + 1) / 2];
    const size_t n_pairs = n * (n + 1) / 2;
    size_t m = 0, out = 0;
    double below = 0;
    memset(ways, 0, sizeof ways);
    ways[0] = 1;
    for (size_t rank = 1; rank <= n; rank++)
        for (size_t sum = n_pairs; sum >= rank; sum--)
            ways[sum] += ways[sum - rank];
    while (below + ways[out] <= 0.025 * ldexp(1, (int)n))
        below += ways[out++];
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++)
            means[m++] = (x[i] + x[j]) / 2;
    qsort(means, m, sizeof *means, compare);
    return (struct interval){means[out - 1], means[m - out]};
}

static const struct {
    const char *name;
    struct interval (*of)(const double *x, size_t n);
} methods[] = {{"order statistics", by_order},
               {"bootstrap, median", by_resampled_median},
               {"bootstrap, mean", by_resampled_mean},
               {"Student's t", by_t},
               {"signed ranks", by_signed_ranks}};
enum { N_METHODS = sizeof methods / sizeof *methods };

static void print_row(enum noise kind, size_t n)
{
    static const char *const names[] = {"normal", "one-sided", "outliers", "two modes",
                                        "heavy"};
    size_t n_out[N_METHODS] = {0};
    double width[N_METHODS] = {0}, x[MOST];
    state_of_noise = 1000 * (uint64_t)kind + n;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        for (size_t i = 0; i < n; i++)
            x[i] = noise(kind) - noise(kind);
        for (size_t k = 0; k < N_METHODS; k++) {
            const struct interval found = methods[k].of(x, n);
            n_out[k] += found.low > 0 || found.high < 0;
            width[k] += found.high - found.low;
        }
    }
    printf("%-9s %3zu", names[kind], n);
    for (size_t k = 0; k < N_METHODS; k++)
        printf("   %5.1f %5.1f %%   ", 100.0 * (double)n_out[k] / TRIALS,
               100 * width[k] / TRIALS);
    putchar('\n');
}

int main(void)
{
    static const size_t sizes[] = {6, 10, 20, 40};
    printf("noise       n");
    for (size_t k = 0; k < N_METHODS; k++)
        printf("  %-17s", methods[k].name);
    putchar('\n');
    for (enum noise kind = 0; kind < N_NOISES; kind++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            print_row(kind, sizes[s]);
    return 0;
}
