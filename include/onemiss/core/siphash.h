/* SPDX-License-Identifier: MIT */
/* SipHash-c-d, with the round counts c and d fixed at compile time. */
#ifndef ONEMISS_CORE_SIPHASH_H
#define ONEMISS_CORE_SIPHASH_H

/*
 * Source. "SipHash: a fast short-input PRF", Aumasson and Bernstein, Indocrypt
 *   2012; written from the paper's definition.
 * Cost. No multiply. A round is 14 operations: 4 additions, 4 xors, 6
 *   rotations. c rounds for each 8 bytes, c more for the last 0 to 7 bytes and
 *   the length, d to finish: a u64 costs 2c + d rounds.
 * Strength. Keyed with 128 bits; made for untrusted keys as long as the seed is
 *   secret. 2-4 is the paper's choice, 1-3 the one of hash tables (Rust,
 *   Python, Ruby).
 * Limits. Serial: each round waits for the one before it.
 *
 * hash_siphash13.h and hash_siphash24.h are the two instances. Everything that
 * takes a round count is always inlined, so that each instance is straight-line
 * code.
 */

#include "compiler.h"
#include "mem.h"
#include "seed.h"

typedef struct om_siphash {
    uint64_t v0, v1, v2, v3; /* the paper's names; live in registers   32 bytes */
} om_siphash;

/* What the input is followed by before the length: nothing, or the byte that
 * makes a string key prefix-free, as Rust's hash of a str does. */
enum { OM_SIPHASH_PLAIN = 0, OM_SIPHASH_STRING = 1 };

OM_UNUSED static OM_ALWAYS_INLINE void om_siphash_round(om_siphash *s)
{
    s->v0 += s->v1;
    s->v1 = om_rotate_left(s->v1, 13) ^ s->v0;
    s->v0 = om_rotate_left(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = om_rotate_left(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = om_rotate_left(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = om_rotate_left(s->v1, 17) ^ s->v2;
    s->v2 = om_rotate_left(s->v2, 32);
}

/* `rounds` is a constant from 1 to 4. Not a loop: -O2 would keep it as one. */
OM_UNUSED static OM_ALWAYS_INLINE void om_siphash_rounds(om_siphash *s, int rounds)
{
    om_siphash_round(s);
    if (rounds > 1)
        om_siphash_round(s);
    if (rounds > 2)
        om_siphash_round(s);
    if (rounds > 3)
        om_siphash_round(s);
}

/* The constants are the paper's: "somepseudorandomlygeneratedbytes". */
OM_UNUSED static OM_ALWAYS_INLINE om_siphash om_siphash_begin(om_seed seed)
{
    om_siphash s;
    s.v0 = seed.low ^ UINT64_C(0x736f6d6570736575);
    s.v1 = seed.high ^ UINT64_C(0x646f72616e646f6d);
    s.v2 = seed.low ^ UINT64_C(0x6c7967656e657261);
    s.v3 = seed.high ^ UINT64_C(0x7465646279746573);
    return s;
}

OM_UNUSED static OM_ALWAYS_INLINE void om_siphash_absorb(om_siphash *s, uint64_t word,
                                                         int c)
{
    s->v3 ^= word;
    om_siphash_rounds(s, c);
    s->v0 ^= word;
}

OM_UNUSED static OM_ALWAYS_INLINE uint64_t om_siphash_end(om_siphash *s, int d)
{
    s->v2 ^= 0xff;
    om_siphash_rounds(s, d);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* The 0 to 7 bytes at `at`, the first one lowest; reads no byte beyond them. */
OM_UNUSED static inline uint64_t om_siphash_tail(const unsigned char *at, size_t n)
{
    if (n >= 4) {
        const uint64_t last = om_load_le32(at + n - 4);
        return om_load_le32(at) | last << (8 * (n - 4)); /* overlapping bits agree */
    }
    if (n == 0)
        return 0;
    const uint64_t first = at[0], middle = at[n / 2], last = at[n - 1];
    return first | middle << (8 * (n / 2)) | last << (8 * (n - 1));
}

OM_UNUSED static OM_ALWAYS_INLINE uint64_t om_siphash_u64(uint64_t key, om_seed seed,
                                                          int c, int d)
{
    om_siphash s = om_siphash_begin(seed);
    om_siphash_absorb(&s, key, c);
    om_siphash_absorb(&s, UINT64_C(8) << 56, c); /* no bytes left over, length 8 */
    return om_siphash_end(&s, d);
}

/* `suffix` is OM_SIPHASH_PLAIN or OM_SIPHASH_STRING; copies nothing. */
OM_UNUSED static OM_ALWAYS_INLINE uint64_t om_siphash_bytes(const void *bytes, size_t n,
                                                            om_seed seed, int suffix,
                                                            int c, int d)
{
    const unsigned char *at = (const unsigned char *)bytes;
    om_siphash s = om_siphash_begin(seed);
    size_t left = n;
    for (; left >= 8; left -= 8, at += 8)
        om_siphash_absorb(&s, om_load_le64(at), c);
    uint64_t last = om_siphash_tail(at, left);
    size_t length = n;
    if (suffix == OM_SIPHASH_STRING) {
        length++;
        last |= UINT64_C(0xff) << (8 * left);
        if (left == 7) { /* the suffix completes a block */
            om_siphash_absorb(&s, last, c);
            last = 0;
        }
    }
    om_siphash_absorb(&s, last | (uint64_t)length << 56, c); /* length modulo 256 */
    return om_siphash_end(&s, d);
}

#endif
