/* SPDX-License-Identifier: MIT */
/* The only file that uses compiler extensions; everything else is C11 and C++17. */
#ifndef ONEMISS_CORE_COMPILER_H
#define ONEMISS_CORE_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define OM_UNUSED        __attribute__((unused))
#define OM_MUST_CHECK    __attribute__((warn_unused_result))
#define OM_COLD          __attribute__((cold, noinline))
#define OM_ALWAYS_INLINE __attribute__((always_inline)) inline
#define OM_LIKELY(x)     __builtin_expect(!!(x), 1)
#define OM_UNLIKELY(x)   __builtin_expect(!!(x), 0)
#else
#define OM_UNUSED
#define OM_MUST_CHECK
#define OM_COLD
#define OM_ALWAYS_INLINE inline
#define OM_LIKELY(x)     (x)
#define OM_UNLIKELY(x)   (x)
#endif

/* What every function that a map header generates is: yours alone, and no warning
 * when you leave it unused. */
#define OM_VERB OM_UNUSED static

#ifdef __cplusplus
#define OM_STATIC_ASSERT(condition, text) static_assert(condition, text)
#define OM_ALIGNOF(type)                  alignof(type)
#else
#define OM_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#define OM_ALIGNOF(type)                  _Alignof(type)
#endif

#define OM_CONCAT_(a, b)    a##b
#define OM_CONCAT(a, b)     OM_CONCAT_(a, b)
#define OM_CONCAT3(a, b, c) OM_CONCAT(a, OM_CONCAT(b, c))

/* The 128-bit product of two 64-bit words: the returned low half, and *high. */
OM_UNUSED static inline uint64_t om_multiply_128(uint64_t a, uint64_t b, uint64_t *high)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 om_uint128;
    const om_uint128 product = (om_uint128)a * b;
    *high = (uint64_t)(product >> 64);
    return (uint64_t)product;
#else
    const uint64_t a_low = (uint32_t)a, a_high = a >> 32;
    const uint64_t b_low = (uint32_t)b, b_high = b >> 32;
    const uint64_t low = a_low * b_low;
    const uint64_t middle = a_high * b_low + (low >> 32);
    const uint64_t cross = a_low * b_high + (uint32_t)middle;
    *high = a_high * b_high + (middle >> 32) + (cross >> 32);
    return (cross << 32) | (uint32_t)low;
#endif
}

/* `bits` is from 1 to 63. */
OM_UNUSED static inline uint64_t om_rotate_left(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

#endif
