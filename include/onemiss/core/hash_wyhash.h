/* SPDX-License-Identifier: MIT */
/* wyhash: folded 64x64 to 128 multiplies; for a u64 a single one. */
#ifndef ONEMISS_CORE_HASH_WYHASH_H
#define ONEMISS_CORE_HASH_WYHASH_H

/*
 * Source. Wang Yi's wyhash, final version 4 as of 4.2 (4.3 hashes alike), with
 *   its default secret and its normal (not the "condom 2") multiply.
 *   bytes, view: the published function; its seed is seed.low.
 *   u64, this library's own: fold(key ^ seed.low ^ secret[0], secret[1]), where
 *   fold(a, b) is the high xor the low half of the 128-bit product a * b. It is
 *   not the hash of the key's 8 bytes.
 * Cost. A u64: one 64x64 to 128 multiply. Bytes: up to 16 bytes three
 *   multiplies, then one more for each 16 bytes; from 48 bytes on, three run
 *   side by side.
 * Strength. Not for untrusted keys: the secret is public and the seed is no
 *   key; one known hash of a u64 says much about it.
 * Limits. The product of a u64 is zero for exactly one key, seed.low ^
 *   secret[0]. That key hashes to 0 and no other does: high equals low only in
 *   multiples of 2^64 + 1, whose two prime factors do not divide secret[1]. So
 *   a zero loses nothing here; in `bytes`, where both factors hold input, a
 *   zero factor hides the other one (a chance of about 2^-63). The u64 fold is
 *   no bijection: distinct keys can share all 64 bits.
 */

#include "compiler.h"
#include "mem.h"
#include "seed.h"
#include "view.h"

#define OM_WYHASH_SECRET_0 UINT64_C(0x2d358dccaa6c78a5)
#define OM_WYHASH_SECRET_1 UINT64_C(0x8bb84b93962eacc9)
#define OM_WYHASH_SECRET_2 UINT64_C(0x4b33a62ed433d4a3)
#define OM_WYHASH_SECRET_3 UINT64_C(0x4d5a2da51de1aa47)

OM_UNUSED static inline uint64_t om_wyhash_fold(uint64_t a, uint64_t b)
{
    uint64_t high;
    const uint64_t low = om_multiply_128(a, b, &high);
    return high ^ low;
}

/* One step of 16 bytes: folds them into `state`. */
OM_UNUSED static inline uint64_t om_wyhash_step(const unsigned char *at, uint64_t secret,
                                                uint64_t state)
{
    return om_wyhash_fold(om_load_le64(at) ^ secret, om_load_le64(at + 8) ^ state);
}

/* Two words that together hold the 0 to 16 bytes at `at`; short inputs are read
 * twice. */
OM_UNUSED static inline uint64_t om_wyhash_short(const unsigned char *at, size_t n,
                                                 uint64_t *second)
{
    *second = 0;
    if (n >= 4) {
        const size_t inner = n / 8 * 4; /* 0 below 8 bytes, 4 below 16, then 8 */
        const uint64_t a = om_load_le32(at), b = om_load_le32(at + n - 4);
        *second = b << 32 | om_load_le32(at + n - 4 - inner);
        return a << 32 | om_load_le32(at + inner);
    }
    if (n == 0)
        return 0;
    const uint64_t first = at[0], middle = at[n / 2];
    return first << 16 | middle << 8 | at[n - 1];
}

/* Folds more than 16 bytes, but for the last 1 to 16, into `state`. */
OM_UNUSED static inline uint64_t om_wyhash_long(const unsigned char *at, size_t n,
                                                uint64_t state)
{
    if (n >= 48) {
        uint64_t state_1 = state, state_2 = state;
        for (; n >= 48; n -= 48, at += 48) {
            state = om_wyhash_step(at, OM_WYHASH_SECRET_1, state);
            state_1 = om_wyhash_step(at + 16, OM_WYHASH_SECRET_2, state_1);
            state_2 = om_wyhash_step(at + 32, OM_WYHASH_SECRET_3, state_2);
        }
        state ^= state_1 ^ state_2;
    }
    for (; n > 16; n -= 16, at += 16)
        state = om_wyhash_step(at, OM_WYHASH_SECRET_1, state);
    return state;
}

/* The published function. `bytes` may be NULL when `n` is 0. */
OM_UNUSED static inline uint64_t om_wyhash_bytes(const void *bytes, size_t n,
                                                 om_seed seed)
{
    const unsigned char *at = (const unsigned char *)bytes;
    uint64_t state =
        seed.low ^ om_wyhash_fold(seed.low ^ OM_WYHASH_SECRET_0, OM_WYHASH_SECRET_1);
    uint64_t first, second;
    if (n <= 16) {
        first = om_wyhash_short(at, n, &second);
    } else {
        state = om_wyhash_long(at, n, state);
        first = om_load_le64(at + n - 16); /* the last 16 bytes, some of them again */
        second = om_load_le64(at + n - 8);
    }
    const uint64_t low =
        om_multiply_128(first ^ OM_WYHASH_SECRET_1, second ^ state, &second);
    return om_wyhash_fold(low ^ OM_WYHASH_SECRET_0 ^ n, second ^ OM_WYHASH_SECRET_1);
}

/* One multiply-fold, as defined above; not om_wyhash_bytes of the bytes. */
OM_UNUSED static inline uint64_t om_wyhash_u64(uint64_t key, om_seed seed)
{
    return om_wyhash_fold(key ^ seed.low ^ OM_WYHASH_SECRET_0, OM_WYHASH_SECRET_1);
}

/* The bytes of the text, nothing added: the length is part of the hash. */
OM_UNUSED static inline uint64_t om_wyhash_view(om_view text, om_seed seed)
{
    return om_wyhash_bytes(text.pointer, text.length, seed);
}

#undef OM_WYHASH_SECRET_0
#undef OM_WYHASH_SECRET_1
#undef OM_WYHASH_SECRET_2
#undef OM_WYHASH_SECRET_3

#endif
