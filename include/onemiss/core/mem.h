/* SPDX-License-Identifier: MIT */
/* Copy, compare and zero bytes: the one place a traced build has to listen at. */
#ifndef ONEMISS_CORE_MEM_H
#define ONEMISS_CORE_MEM_H

#include <string.h>

#include "compiler.h"

/* A build that traces what a map touches brings its own forms of these six, which report
 * and then do the same: what a compiler makes of a copy of known size, it tells nobody. */
#ifndef OM_MEM_COPY
#define OM_MEM_COPY(to, from, n) ((void)memcpy(to, from, n))
#define OM_MEM_COMPARE(a, b, n)  memcmp(a, b, n)
#define OM_MEM_ZERO(at, n)       ((void)memset(at, 0, n))
#define OM_MEM_LOAD_64(at)       om_mem_load_64(at)
#define OM_MEM_LOAD_32(at)       om_mem_load_32(at)
#if defined(__GNUC__) || defined(__clang__)
#define OM_MEM_PREFETCH(at) __builtin_prefetch(at)
#else
#define OM_MEM_PREFETCH(at) ((void)(at))
#endif

OM_UNUSED static inline uint64_t om_mem_load_64(const void *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

OM_UNUSED static inline uint32_t om_mem_load_32(const void *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}
#endif

/* `n` may be 0, and then the pointers may be NULL. */
OM_UNUSED static inline void om_mem_copy(void *to, const void *from, size_t n)
{
    if (n != 0)
        OM_MEM_COPY(to, from, n);
}

OM_UNUSED static inline bool om_mem_equal(const void *a, const void *b, size_t n)
{
    return n == 0 || OM_MEM_COMPARE(a, b, n) == 0;
}

OM_UNUSED static inline void om_mem_zero(void *at, size_t n)
{
    if (n != 0)
        OM_MEM_ZERO(at, n);
}

/* Asks for the line at `at` ahead of its use; any address may be given. */
OM_UNUSED static inline void om_mem_prefetch(const void *at)
{
    OM_MEM_PREFETCH(at);
}

/* Little-endian loads from any address, on any machine. */
OM_UNUSED static inline uint64_t om_load_le64(const void *at)
{
    const uint64_t word = OM_MEM_LOAD_64(at);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(word);
#else
    return word;
#endif
}

OM_UNUSED static inline uint32_t om_load_le32(const void *at)
{
    const uint32_t word = OM_MEM_LOAD_32(at);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap32(word);
#else
    return word;
#endif
}

#endif
