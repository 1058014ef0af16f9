/* SPDX-License-Identifier: MIT */
/* Whether one thing takes longer than another, from samples that were taken in pairs. */
#include "difference.h"

#include <math.h>
#include <string.h>

#include "median.h"

const char *const verdict_names[] = {"faster", "slower", "same", "not shown"};

static enum verdict judge(const struct difference *difference, double zone)
{
    const double least = 1 / (1 + zone), most = 1 + zone;
    if (difference->high < least)
        return VERDICT_FASTER;
    if (difference->low > most)
        return VERDICT_SLOWER;
    return difference->low >= least && difference->high <= most ? VERDICT_SAME
                                                                : VERDICT_NOT_SHOWN;
}

/* Of two middle ones the geometric mean: a against b is the reciprocal of b against a. */
static double middle_of(const double *sorted, size_t n)
{
    return sqrt(sorted[(n - 1) / 2] * sorted[n / 2]);
}

struct difference difference_paired(const double *a, const double *b, size_t n,
                                    double zone, double wanted)
{
    double ratios[DIFFERENCE_MOST];
    for (size_t i = 0; i < n; i++)
        ratios[i] = b[i] / a[i];
    const struct median median = median_of(ratios, n, wanted);
    struct difference difference = {
        .ratio = middle_of(ratios, n),
        .low = median.low,
        .high = median.high,
        .level = median.level,
        .verdict = VERDICT_NOT_SHOWN,
    };
    if (median.level >= wanted)
        difference.verdict = judge(&difference, zone);
    return difference;
}

/* ---- two runs ---- */

enum { MOST_EXACT = 32 };

/* P(U = u) for u up to n_a n_b, of the pairs in which the second is the larger, when all
 * orders are equally likely: which side holds the largest of all decides on the rest. */
static const double *rank_sum_chances(size_t n_a, size_t n_b)
{
    enum { ROW = MOST_EXACT * MOST_EXACT + 1 };
    static double rows[MOST_EXACT + 1][ROW]; /* for 0 .. n_b of b, and so many of a */
    memset(rows, 0, sizeof rows);
    for (size_t j = 0; j <= n_b; j++)
        rows[j][0] = 1;
    for (size_t i = 1; i <= n_a; i++) {
        for (size_t j = 1; j <= n_b; j++) {
            const double of_b = (double)j / (double)(i + j);
            for (size_t u = 0; u <= i * j; u++) {
                const double behind_a = rows[j][u]; /* with i - 1 of a */
                const double behind_b = u >= i ? rows[j - 1][u - i] : 0;
                rows[j][u] = (1 - of_b) * behind_a + of_b * behind_b;
            }
        }
    }
    return rows[n_b];
}

/* The narrowest interval from the k-th smallest to the k-th largest of the ratios whose
 * level is `wanted` or more; else from the first to the last. */
static size_t rank_sum_bound(size_t n_a, size_t n_b, double wanted, double *level)
{
    const double pairs = (double)n_a * (double)n_b;
    if (n_a > MOST_EXACT || n_b > MOST_EXACT) {
        const double deviation = sqrt(pairs * (double)(n_a + n_b + 1) / 12);
        double z = 0; /* of the normal distribution: erf(z / sqrt 2) is the level */
        while (erf(z / sqrt(2)) < wanted)
            z += 0.001;
        const double k = floor((pairs + 1) / 2 - z * deviation);
        *level = k >= 1 ? wanted : 0;
        return k >= 1 ? (size_t)k : 1;
    }
    const double *const chances = rank_sum_chances(n_a, n_b);
    size_t k = 1;
    double below = chances[0]; /* P(U < k) */
    while (2 * (double)(k + 1) <= pairs + 1 && 1 - 2 * (below + chances[k]) >= wanted)
        below += chances[k++];
    *level = 1 - 2 * below;
    return k;
}

struct difference difference_unpaired(const double *a, size_t n_a, const double *b,
                                      size_t n_b, double zone, double wanted)
{
    static double ratios[DIFFERENCE_MOST_UNPAIRED * DIFFERENCE_MOST_UNPAIRED];
    const size_t n = n_a * n_b;
    for (size_t i = 0; i < n; i++)
        ratios[i] = b[i % n_b] / a[i / n_b];
    samples_sort(ratios, n);
    double level;
    const size_t k = rank_sum_bound(n_a, n_b, wanted, &level);
    struct difference difference = {
        .ratio = middle_of(ratios, n),
        .low = ratios[k - 1],
        .high = ratios[n - k],
        .level = level,
        .verdict = VERDICT_NOT_SHOWN,
    };
    if (level >= wanted)
        difference.verdict = judge(&difference, zone);
    return difference;
}

/* ---- counts ---- */

struct difference difference_exact(double a, double b, double zone)
{
    const double ratio = a == b ? 1 : b / a;
    struct difference difference = {ratio, ratio, ratio, 1, VERDICT_NOT_SHOWN};
    difference.verdict = judge(&difference, zone);
    return difference;
}
