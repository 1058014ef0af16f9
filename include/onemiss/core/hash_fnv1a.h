/* SPDX-License-Identifier: MIT */
/* FNV-1a with 64 bits: one xor and one multiply for each byte. */
#ifndef ONEMISS_CORE_HASH_FNV1A_H
#define ONEMISS_CORE_HASH_FNV1A_H

/*
 * Source. Fowler, Noll and Vo; the 64-bit variant "1a" of draft-eastlake-fnv,
 *   which gives offset basis and prime. seed.low is xored into the offset
 *   basis: seed zero is the published function.
 * Cost. One multiply for each byte, each waiting for the one before: 8 for a
 *   u64.
 * Strength. Not for untrusted keys. A seed moves the start, and collisions for
 *   a known seed are found by solving for a few bytes.
 * Limits. Byte by byte, so slow on long keys. The last byte reaches the upper
 *   bits through one multiply by a prime with few bits set, so that the top
 *   bits of short keys differ little; the low bits are the better index.
 */

#include "seed.h"
#include "view.h"

#define OM_FNV1A_BASIS UINT64_C(0xcbf29ce484222325)
#define OM_FNV1A_PRIME UINT64_C(0x00000100000001b3)

/* The published function. `bytes` may be NULL when `n` is 0. */
OM_UNUSED static inline uint64_t om_fnv1a_bytes(const void *bytes, size_t n, om_seed seed)
{
    const unsigned char *at = (const unsigned char *)bytes;
    uint64_t hash = OM_FNV1A_BASIS ^ seed.low;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ at[i]) * OM_FNV1A_PRIME;
    return hash;
}

/* Equals om_fnv1a_bytes of the key's 8 little-endian bytes. */
OM_UNUSED static inline uint64_t om_fnv1a_u64(uint64_t key, om_seed seed)
{
    uint64_t hash = OM_FNV1A_BASIS ^ seed.low;
    for (int i = 0; i < 8; i++)
        hash = (hash ^ (key >> 8 * i & 0xff)) * OM_FNV1A_PRIME;
    return hash;
}

/* The bytes of the text, nothing added. */
OM_UNUSED static inline uint64_t om_fnv1a_view(om_view text, om_seed seed)
{
    return om_fnv1a_bytes(text.pointer, text.length, seed);
}

#undef OM_FNV1A_BASIS
#undef OM_FNV1A_PRIME

#endif
