/* SPDX-License-Identifier: MIT */
/* SipHash-1-3, the keyed hash that every table uses unless told otherwise. */
#ifndef ONEMISS_CORE_HASH_SIPHASH13_H
#define ONEMISS_CORE_HASH_SIPHASH13_H

/*
 * Source. SipHash with 1 and 3 rounds (Aumasson and Bernstein, 2012; see
 *   siphash.h), the variant of Rust's standard map, of Python and of Ruby.
 * Cost. A u64: 5 rounds of 14 operations, no multiply, no branch, no memory
 *   access. Bytes: 1 round for each 8 bytes, then 4.
 * Strength. Keyed with 128 bits: safe for untrusted keys while the seed stays
 *   secret. Fewer rounds than the authors proposed: the margin is thinner, the
 *   use the intended one.
 * Limits. 70 operations for a u64 where an unkeyed hash takes one multiply.
 *
 * seed.low is the paper's k0, seed.high its k1.
 */

#include "siphash.h"
#include "view.h"

/* Equals om_siphash13_bytes of the key's 8 little-endian bytes. */
OM_UNUSED static inline uint64_t om_siphash13_u64(uint64_t key, om_seed seed)
{
    return om_siphash_u64(key, seed, 1, 3);
}

/* The published function. `bytes` may be NULL when `n` is 0. */
OM_UNUSED static inline uint64_t om_siphash13_bytes(const void *bytes, size_t n,
                                                    om_seed seed)
{
    return om_siphash_bytes(bytes, n, seed, OM_SIPHASH_PLAIN, 1, 3);
}

/* The text followed by one byte 0xFF, which keeps ("ab", "c") and ("a", "bc")
 * apart when texts are hashed in a row; what Rust's hash of a str gives. */
OM_UNUSED static inline uint64_t om_siphash13_view(om_view text, om_seed seed)
{
    return om_siphash_bytes(text.pointer, text.length, seed, OM_SIPHASH_STRING, 1, 3);
}

#endif
