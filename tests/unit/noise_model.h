/* SPDX-License-Identifier: MIT */
/* What disturbs a time that is measured, in five kinds, as logarithms: of pure chance, so
 * that it is known what is true. */
#ifndef NOISE_MODEL_H
#define NOISE_MODEL_H

#include <math.h>
#include <stdint.h>

/* A source that repeats: splitmix64 (S. Vigna). Set it before each series. */
static uint64_t state_of_noise;

static double uniform(void)
{
    uint64_t z = state_of_noise += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return ((double)((z ^ z >> 31) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

enum noise { NORMAL, ONE_SIDED, OUTLIERS, TWO_MODES, HEAVY, N_NOISES };

/* In the logarithm of a time. */
static double noise(enum noise kind)
{
    switch (kind) {
    case NORMAL:
        return 0.01 * normal();
    case ONE_SIDED:
        return fabs(0.02 * normal());
    case OUTLIERS:
        return 0.005 * normal() + (uniform() < 0.1 ? 0.1 + 0.2 * uniform() : 0);
    case TWO_MODES: /* as page placement does */
        return 0.005 * normal() + (uniform() < 0.5 ? 0.02 : 0);
    default:
        return 0.003 * exp(1.5 * normal());
    }
}

#endif
