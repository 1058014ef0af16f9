/* SPDX-License-Identifier: MIT */
/* Shuffles that need no memory: a bijection of 0 .. n - 1 chosen by a seed. */
#ifndef ONEMISS_LAB_PERMUTATION_H
#define ONEMISS_LAB_PERMUTATION_H

#include <stdint.h>

struct permutation {
    uint64_t n;         /* elements */
    uint64_t keys[4];   /* of the rounds */
    unsigned half_bits; /* 4^half_bits is at least n */
};

/* A bijection of the 64-bit words (the finaliser of SplitMix64, Steele et al., 2014). */
uint64_t mix_u64(uint64_t word);

/* Word number `index` of the stream that `seed` names. */
uint64_t random_u64(uint64_t seed, uint64_t index);

/* The same, uniform over 0 .. below - 1; `below` is not 0. */
uint64_t random_below(uint64_t seed, uint64_t index, uint64_t below);

void permutation_init(struct permutation *permutation, uint64_t n, uint64_t seed);

/* Where `index`, below n, goes. Constant time on average: a four-round Feistel network
 * over the next power of four, walked until it falls below n (Black and Rogaway, 2002). */
uint64_t permute(const struct permutation *permutation, uint64_t index);

#endif
