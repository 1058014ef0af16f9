/* SPDX-License-Identifier: MIT */
/* Fibonacci hashing: one multiply by 2^64 / golden ratio, halves swapped. */
#ifndef ONEMISS_CORE_HASH_FIBONACCI_H
#define ONEMISS_CORE_HASH_FIBONACCI_H

/*
 * Source. Knuth, The Art of Computer Programming, volume 3, section 6.4:
 *   multiplicative hashing with the golden ratio.
 *   u64: swap(((key ^ seed.low) * 0x9e3779b97f4a7c15) mod 2^64), where swap
 *   exchanges the two 32-bit halves.
 *   bytes, view, this library's own: h starts as the seed; every 8 bytes, the
 *   last ones filled up with zeros, and then the length go in as words w, each
 *   by h = u64(w, seed h).
 * Cost. A u64: one multiply and one rotation. Bytes: one of each for every 8
 *   bytes, then one of each for the length, each waiting for the one before.
 * Strength. None. A bijection of 64 bits whose inverse is one multiply. Not for
 *   untrusted keys.
 * Limits. A bit of the product depends only on the key bits at and below it.
 *   The top bits are the good ones, and tables index by the low bits: hence the
 *   swap, which puts bits 32 to 63 of the product lowest. What it leaves: keys
 *   that differ only above bit 31 + k share the low k bits of the hash, and
 *   keys that differ only above bit 31 share its high half. Dense
 *   integers do well, integers that differ in their top bits do not. For bytes
 *   it is a weak hash: two words that cancel are easily found.
 */

#include "mem.h"
#include "seed.h"
#include "view.h"

/* As defined above; not om_fibonacci_bytes of the key's bytes. */
OM_UNUSED static inline uint64_t om_fibonacci_u64(uint64_t key, om_seed seed)
{
    const uint64_t product = (key ^ seed.low) * UINT64_C(0x9e3779b97f4a7c15);
    return product << 32 | product >> 32;
}

/* As defined above. `bytes` may be NULL when `n` is 0. */
OM_UNUSED static inline uint64_t om_fibonacci_bytes(const void *bytes, size_t n,
                                                    om_seed seed)
{
    const unsigned char *at = (const unsigned char *)bytes;
    size_t left = n;
    for (; left >= 8; left -= 8, at += 8)
        seed.low = om_fibonacci_u64(om_load_le64(at), seed);
    if (left > 0) {
        uint64_t last = 0;
        for (size_t i = 0; i < left; i++)
            last |= (uint64_t)at[i] << (8 * i);
        seed.low = om_fibonacci_u64(last, seed);
    }
    return om_fibonacci_u64(n, seed);
}

/* The bytes of the text, nothing added: the length is part of the hash. */
OM_UNUSED static inline uint64_t om_fibonacci_view(om_view text, om_seed seed)
{
    return om_fibonacci_bytes(text.pointer, text.length, seed);
}

#endif
