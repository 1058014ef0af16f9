/* SPDX-License-Identifier: MIT */
/* CRC32C steps with the crc32 instruction of x86-64 processors that have
 * SSE4.2. */
#ifndef ONEMISS_CORE_CRC32C_SSE42_H
#define ONEMISS_CORE_CRC32C_SSE42_H

/*
 * Cost. One instruction for each 8 bytes, each waiting for the one before.
 *
 * Same interface and same results as crc32c_scalar.h. `state` is the register
 * as it is, without the inversions at the start and at the end: hash_crc32c.h
 * makes them.
 */

#include <nmmintrin.h>

#include "compiler.h"
#include "mem.h"

OM_UNUSED static inline uint32_t om_crc32c_sse42_byte(uint32_t state, unsigned char byte)
{
    return _mm_crc32_u8(state, byte);
}

/* The word's 8 bytes, the lowest first. */
OM_UNUSED static inline uint32_t om_crc32c_sse42_word(uint32_t state, uint64_t word)
{
    return (uint32_t)_mm_crc32_u64(state,
                                   word); /* the instruction clears the upper half */
}

/* `bytes` may be NULL when `n` is 0. */
OM_UNUSED static inline uint32_t om_crc32c_sse42_bytes(uint32_t state, const void *bytes,
                                                       size_t n)
{
    const unsigned char *at = (const unsigned char *)bytes;
    for (; n >= 8; n -= 8, at += 8)
        state = om_crc32c_sse42_word(state, om_load_le64(at));
    for (size_t i = 0; i < n; i++)
        state = om_crc32c_sse42_byte(state, at[i]);
    return state;
}

#endif
