/* SPDX-License-Identifier: MIT */
/* SipHash-2-4, the keyed hash with the margin that its authors proposed. */
#ifndef ONEMISS_CORE_HASH_SIPHASH24_H
#define ONEMISS_CORE_HASH_SIPHASH24_H

/*
 * Source. SipHash with 2 and 4 rounds (Aumasson and Bernstein, 2012; see
 *   siphash.h), the authors' own proposal and the one their test vectors are
 *   for.
 * Cost. A u64: 8 rounds of 14 operations, no multiply, no branch, no memory
 *   access. Bytes: 2 rounds for each 8 bytes, then 6.
 * Strength. Keyed with 128 bits: safe for untrusted keys while the seed stays
 *   secret. Made to serve as a message authentication code too.
 * Limits. 1.6 times the rounds of SipHash-1-3 for a u64, and a table has no use
 *   for them.
 *
 * seed.low is the paper's k0, seed.high its k1.
 */

#include "siphash.h"
#include "view.h"

/* Equals om_siphash24_bytes of the key's 8 little-endian bytes. */
OM_UNUSED static inline uint64_t om_siphash24_u64(uint64_t key, om_seed seed)
{
    return om_siphash_u64(key, seed, 2, 4);
}

/* The published function. `bytes` may be NULL when `n` is 0. */
OM_UNUSED static inline uint64_t om_siphash24_bytes(const void *bytes, size_t n,
                                                    om_seed seed)
{
    return om_siphash_bytes(bytes, n, seed, OM_SIPHASH_PLAIN, 2, 4);
}

/* The text followed by one byte 0xFF, which keeps ("ab", "c") and ("a", "bc")
 * apart when texts are hashed in a row; what Rust's hash of a str gives. */
OM_UNUSED static inline uint64_t om_siphash24_view(om_view text, om_seed seed)
{
    return om_siphash_bytes(text.pointer, text.length, seed, OM_SIPHASH_STRING, 2, 4);
}

#endif
