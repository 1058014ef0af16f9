/* SPDX-License-Identifier: MIT */
/* A tiny deterministic random number generator (splitmix64). */
#ifndef TEST_RNG_H
#define TEST_RNG_H

#include "check.h"

typedef struct test_rng {
    uint64_t state;
} test_rng;

/* A bijection of 64 bits. */
CHECK_UNUSED static inline uint64_t test_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

CHECK_UNUSED static inline uint64_t test_rng_next(test_rng *rng)
{
    return test_mix(rng->state += 0x9e3779b97f4a7c15u);
}

/* A number below `bound`, which is at most 2^32. */
CHECK_UNUSED static inline size_t test_rng_below(test_rng *rng, size_t bound)
{
    return (size_t)(((test_rng_next(rng) >> 32) * (uint64_t)bound) >> 32);
}

#endif
