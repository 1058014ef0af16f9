/* SPDX-License-Identifier: MIT */
/* MurmurHash3 for x64: the first word for bytes, the finalizer for a u64. */
#ifndef ONEMISS_CORE_HASH_MURMUR3_H
#define ONEMISS_CORE_HASH_MURMUR3_H

/*
 * Source. MurmurHash3_x64_128 and fmix64 of Austin Appleby's SMHasher.
 *   bytes, view: h1, the first of the two words. Its seed is the low half of
 *   seed.low, as the published function takes 32 bits.
 *   u64: fmix64(key ^ seed.low), which is not the hash of the key's 8 bytes.
 * Cost. A u64: two multiplies and three xor-shifts, one after the other. Bytes:
 *   four multiplies for each 16 bytes, then up to eight (tail and two
 *   finalizers side by side).
 * Strength. Not for untrusted keys: colliding keys for every seed are published
 *   (Aumasson, Bernstein, Bosslet 2012). fmix64 is a bijection: two keys never
 *   share all 64 bits, and anybody can compute the key of a wanted hash when
 *   the seed is known.
 * Limits. fmix64(0) is 0: key == seed.low hashes to 0. h1 alone is 64 of the
 *   128 bits.
 */

#include "mem.h"
#include "seed.h"
#include "view.h"

/* fmix64: every bit of the word reaches every bit of the result. */
OM_UNUSED static inline uint64_t om_murmur3_finish(uint64_t word)
{
    word = (word ^ word >> 33) * UINT64_C(0xff51afd7ed558ccd);
    word = (word ^ word >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return word ^ word >> 33;
}

/* Prepares an input word for h1. */
OM_UNUSED static inline uint64_t om_murmur3_first(uint64_t word)
{
    return om_rotate_left(word * UINT64_C(0x87c37b91114253d5), 31) *
           UINT64_C(0x4cf5ad432745937f);
}

/* Prepares an input word for h2. */
OM_UNUSED static inline uint64_t om_murmur3_second(uint64_t word)
{
    return om_rotate_left(word * UINT64_C(0x4cf5ad432745937f), 33) *
           UINT64_C(0x87c37b91114253d5);
}

/* At most 8 bytes, the first one lowest. */
OM_UNUSED static inline uint64_t om_murmur3_tail(const unsigned char *at, size_t n)
{
    uint64_t word = 0;
    for (size_t i = 0; i < n; i++)
        word |= (uint64_t)at[i] << (8 * i);
    return word;
}

/* The published function's h1. `bytes` may be NULL when `n` is 0. */
OM_UNUSED static inline uint64_t om_murmur3_bytes(const void *bytes, size_t n,
                                                  om_seed seed)
{
    const unsigned char *at = (const unsigned char *)bytes;
    uint64_t h1 = (uint32_t)seed.low; /* 32 bits: the published seed */
    uint64_t h2 = h1;
    size_t left = n;
    for (; left >= 16; left -= 16, at += 16) {
        h1 ^= om_murmur3_first(om_load_le64(at));
        h1 = (om_rotate_left(h1, 27) + h2) * 5 + 0x52dce729;
        h2 ^= om_murmur3_second(om_load_le64(at + 8));
        h2 = (om_rotate_left(h2, 31) + h1) * 5 + 0x38495ab5;
    }
    if (left > 8)
        h2 ^= om_murmur3_second(om_murmur3_tail(at + 8, left - 8));
    if (left > 0)
        h1 ^= om_murmur3_first(om_murmur3_tail(at, left < 8 ? left : 8));
    h1 ^= n;
    h2 ^= n;
    h1 += h2;
    h2 += h1;
    return om_murmur3_finish(h1) + om_murmur3_finish(h2);
}

/* fmix64 of the key and the seed; not om_murmur3_bytes of the key's bytes. */
OM_UNUSED static inline uint64_t om_murmur3_u64(uint64_t key, om_seed seed)
{
    return om_murmur3_finish(key ^ seed.low);
}

/* The bytes of the text, nothing added: the length is part of the hash. */
OM_UNUSED static inline uint64_t om_murmur3_view(om_view text, om_seed seed)
{
    return om_murmur3_bytes(text.pointer, text.length, seed);
}

#endif
