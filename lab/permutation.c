/* SPDX-License-Identifier: MIT */
/* Shuffles that need no memory: a bijection of 0 .. n - 1 chosen by a seed. */
#include "permutation.h"

#include <onemiss/core/compiler.h>

uint64_t mix_u64(uint64_t word)
{
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9u;
    word = (word ^ word >> 27) * 0x94D049BB133111EBu;
    return word ^ word >> 31;
}

uint64_t random_u64(uint64_t seed, uint64_t index)
{
    return mix_u64(mix_u64(seed + 0x9E3779B97F4A7C15u) + index * 0x9E3779B97F4A7C15u);
}

uint64_t random_below(uint64_t seed, uint64_t index, uint64_t below)
{
    uint64_t high;
    (void)om_multiply_128(random_u64(seed, index), below, &high);
    return high;
}

void permutation_init(struct permutation *permutation, uint64_t n, uint64_t seed)
{
    permutation->n = n;
    permutation->half_bits = 1;
    while (permutation->half_bits < 32 && n > (uint64_t)1 << 2 * permutation->half_bits)
        permutation->half_bits++;
    for (unsigned i = 0; i < 4; i++)
        permutation->keys[i] = random_u64(seed, i);
}

uint64_t permute(const struct permutation *permutation, uint64_t index)
{
    const unsigned bits = permutation->half_bits;
    const uint64_t mask = ((uint64_t)1 << bits) - 1;
    do {
        uint64_t left = index >> bits, right = index & mask;
        for (unsigned i = 0; i < 4; i++) {
            const uint64_t mixed = left ^ (mix_u64(right ^ permutation->keys[i]) & mask);
            left = right;
            right = mixed;
        }
        index = left << bits | right;
    } while (index >= permutation->n);
    return index;
}
