/* SPDX-License-Identifier: MIT */
/* Copy, compare and zero bytes: the one place a traced build has to listen at. */
#ifndef ONEMISS_CORE_MEM_H
#define ONEMISS_CORE_MEM_H

#include <string.h>

#include "compiler.h"

/* `n` may be 0, and then the pointers may be NULL. */
OM_UNUSED static inline void om_mem_copy(void *to, const void *from, size_t n)
{
    if (n != 0)
        memcpy(to, from, n);
}

OM_UNUSED static inline bool om_mem_equal(const void *a, const void *b, size_t n)
{
    return n == 0 || memcmp(a, b, n) == 0;
}

OM_UNUSED static inline void om_mem_zero(void *at, size_t n)
{
    if (n != 0)
        memset(at, 0, n);
}

/* Asks for the line at `at` ahead of its use; any address may be given. */
OM_UNUSED static inline void om_mem_prefetch(const void *at)
{
#if defined(__GNUC__) || defined(__clang__)
    __builtin_prefetch(at);
#else
    (void)at;
#endif
}

/* Little-endian loads from any address, on any machine. */
OM_UNUSED static inline uint64_t om_load_le64(const void *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

OM_UNUSED static inline uint32_t om_load_le32(const void *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    return word;
}

#endif
