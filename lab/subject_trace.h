/* SPDX-License-Identifier: MIT */
/* How a traced build of a subject tells the lab what it touches: a buffer of accesses.
 *
 * The compiler's thread sanitizer instruments every load and store with a call; the calls
 * land in lab/trace, linked into the subject, which writes one word for each into the
 * buffer. What the compiler does not report goes through the macros below. */
#ifndef ONEMISS_LAB_SUBJECT_TRACE_H
#define ONEMISS_LAB_SUBJECT_TRACE_H

#include <stddef.h>
#include <stdint.h>

/* A word of the buffer: address, then bytes, then kind. Longer accesses are several. What
 * a program can access lies below 2^48 on x86-64 and AArch64. */
enum {
    TRACE_ADDRESS_BITS = 48,
    TRACE_BYTES_BITS = 12,
    TRACE_KIND_AT = TRACE_ADDRESS_BITS + TRACE_BYTES_BITS,
    TRACE_MOST_BYTES = (1 << TRACE_BYTES_BITS) - 1
};

enum trace_kind {
    TRACE_LOAD,
    TRACE_STORE,
    TRACE_PREFETCH,
    TRACE_MARK /* an operation begins; the address is its enum operation */
};

#define TRACE_BY_HEAP ((uint64_t)1 << 62) /* the allocator's own touch, not the map's */

/* The buffer, between a traced subject and the lab. */
struct trace_port {
    uint64_t *next, *end; /* where the next word goes; when they meet ... */
    void (*flush)(struct trace_port *port); /* ... this makes room */
    void (*part)(const void *base, size_t offset, size_t stride, size_t bytes,
                 const char *name); /* OM_PART */
};

static inline uint64_t trace_word(const void *at, size_t bytes, enum trace_kind kind)
{
    return (uint64_t)(uintptr_t)at | (uint64_t)bytes << TRACE_ADDRESS_BITS |
           (uint64_t)kind << TRACE_KIND_AT;
}

static inline void trace_put(struct trace_port *port, uint64_t word)
{
    if (port->next == port->end)
        port->flush(port);
    *port->next++ = word;
}

static inline void trace_put_range(struct trace_port *port, const void *at, size_t bytes,
                                   enum trace_kind kind, uint64_t flags)
{
    const char *from = (const char *)at;
    for (; bytes > TRACE_MOST_BYTES; bytes -= TRACE_MOST_BYTES, from += TRACE_MOST_BYTES)
        trace_put(port, trace_word(from, TRACE_MOST_BYTES, kind) | flags);
    if (bytes != 0)
        trace_put(port, trace_word(from, bytes, kind) | flags);
}

#ifdef SUBJECT_TRACED

#ifdef __cplusplus
extern "C" {
#endif
/* In lab/trace. */
extern struct trace_port trace_port;
void trace_copy(void *to, const void *from, size_t n);
int trace_compare(const void *a, const void *b, size_t n);
void trace_zero(void *at, size_t n);
uint64_t trace_load_64(const void *at);
uint32_t trace_load_32(const void *at);
void trace_prefetch(const void *at);
void trace_take(void *to, const void *from, size_t n);
void trace_mark(unsigned operation);
void trace_part(const void *base, size_t offset, size_t stride, size_t bytes,
                const char *name);
#ifdef __cplusplus
}
#endif

#define OM_MEM_COPY(to, from, n) trace_copy(to, from, n)
#define OM_MEM_COMPARE(a, b, n)  trace_compare(a, b, n)
#define OM_MEM_ZERO(at, n)       trace_zero(at, n)
#define OM_MEM_LOAD_64(at)       trace_load_64(at)
#define OM_MEM_LOAD_32(at)       trace_load_32(at)
#define OM_MEM_PREFETCH(at)      trace_prefetch(at)
#define OM_PART(base, offset, stride, bytes, name)                                       \
    trace_part(base, offset, stride, bytes, name)

#endif

#endif
