/* SPDX-License-Identifier: MIT */
/* XXH3 with 64 bits of hash and of seed, from libxxhash's header. */
#ifndef ONEMISS_CORE_HASH_XXH3_H
#define ONEMISS_CORE_HASH_XXH3_H

/*
 * Source. XXH3_64bits_withSeed of xxHash 0.8 or later (Yann Collet); its result
 *   is frozen since 0.8.0. This is the only header that needs libxxhash's
 *   <xxhash.h>, inlined whole; nothing is linked.
 * Cost. A u64: two multiplies and two rotations. From 17 to 240 bytes one 64x64
 *   to 128 multiply for each 16 bytes, beyond that vector code in stripes of 64
 *   bytes.
 * Strength. Seeded, not keyed, and not a cryptographic function: not for
 *   untrusted keys.
 * Limits. Only seed.low is used; with a seed, more than 240 bytes first derive
 *   a 192-byte secret from it on the stack, once a call.
 */

#ifndef XXH_INLINE_ALL
#define XXH_INLINE_ALL
#endif
#include <xxhash.h>

#include "mem.h"
#include "seed.h"
#include "view.h"

/* `bytes` may be NULL when `n` is 0. */
OM_UNUSED static inline uint64_t om_xxh3_bytes(const void *bytes, size_t n, om_seed seed)
{
    return XXH3_64bits_withSeed(bytes, n, seed.low);
}

/* Equals om_xxh3_bytes of the key's 8 little-endian bytes. */
OM_UNUSED static inline uint64_t om_xxh3_u64(uint64_t key, om_seed seed)
{
    const uint64_t little_endian = om_load_le64(&key); /* swaps on big-endian only */
    return XXH3_64bits_withSeed(&little_endian, sizeof little_endian, seed.low);
}

/* The bytes of the text, nothing added: the length is part of the hash. */
OM_UNUSED static inline uint64_t om_xxh3_view(om_view text, om_seed seed)
{
    return om_xxh3_bytes(text.pointer, text.length, seed);
}

#endif
