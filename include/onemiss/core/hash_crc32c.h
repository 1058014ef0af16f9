/* SPDX-License-Identifier: MIT */
/* CRC32C (Castagnoli) as a hash: a checksum of 32 bits in a word of 64. */
#ifndef ONEMISS_CORE_HASH_CRC32C_H
#define ONEMISS_CORE_HASH_CRC32C_H

/*
 * Source. The CRC with Castagnoli's polynomial 0x1edc6f41 (1993), as iSCSI uses
 *   it (RFC 3720).
 * Cost. With SSE4.2 one crc32 instruction for each 8 bytes and one multiply;
 *   without it, one look-up in a 1 KiB table for each byte.
 * Strength. None: a CRC is linear. Two keys of one length that collide under
 *   one seed collide under every seed, and colliding keys are written down at
 *   will. Never for untrusted keys.
 * Limits. 64 bits wide, 32 bits of entropy: about one pair in 2^32 shares the
 *   whole hash (77,000 keys give an even chance of one), so that a map of many
 *   millions of keys compares more keys than it needs to. Distinct u64 keys
 *   collide only when they differ in both halves.
 *
 * The word:
 *
 *   63                          32 31                           0
 *   |  crc * 0x9e3779b1 mod 2^32  |  crc, as published (seed 0)  |
 *
 * The high half is a fixed bijection of the low one (the factor is odd):
 * nothing is lost and nothing is gained, but the multiply carries upwards, so
 * that the top bits, where maps take their tags from, depend on all of the crc
 * and are not linear in the key. With the crc in both halves, tag and index
 * bits would be two slices of the same linear function.
 *
 * seed.low's halves are xored to one 32-bit word that is xored into the initial
 * register; seeds with equal halves, zero among them, give the published
 * CRC32C.
 */

#include "compiler.h"
#include "seed.h"
#include "view.h"

#if defined(__SSE4_2__) && defined(__x86_64__)
#include "crc32c_sse42.h"
#define OM_CRC32C_WORD  om_crc32c_sse42_word
#define OM_CRC32C_BYTES om_crc32c_sse42_bytes
#else
#include "crc32c_scalar.h"
#define OM_CRC32C_WORD  om_crc32c_scalar_word
#define OM_CRC32C_BYTES om_crc32c_scalar_bytes
#endif

/* The register before the first byte. */
OM_UNUSED static inline uint32_t om_crc32c_begin(om_seed seed)
{
    return ~(uint32_t)(seed.low ^ seed.low >> 32);
}

/* The hash from the register after the last byte. */
OM_UNUSED static inline uint64_t om_crc32c_end(uint32_t state)
{
    const uint64_t crc = ~state;
    return crc * UINT64_C(0x9e3779b100000001); /* crc + (crc * 0x9e3779b1 << 32) */
}

/* Low half: the published CRC32C, when the seed is zero. `bytes` may be NULL
 * when `n` is 0. */
OM_UNUSED static inline uint64_t om_crc32c_bytes(const void *bytes, size_t n,
                                                 om_seed seed)
{
    return om_crc32c_end(OM_CRC32C_BYTES(om_crc32c_begin(seed), bytes, n));
}

/* Equals om_crc32c_bytes of the key's 8 little-endian bytes. */
OM_UNUSED static inline uint64_t om_crc32c_u64(uint64_t key, om_seed seed)
{
    return om_crc32c_end(OM_CRC32C_WORD(om_crc32c_begin(seed), key));
}

/* The bytes of the text, nothing added. */
OM_UNUSED static inline uint64_t om_crc32c_view(om_view text, om_seed seed)
{
    return om_crc32c_bytes(text.pointer, text.length, seed);
}

#undef OM_CRC32C_WORD
#undef OM_CRC32C_BYTES

#endif
