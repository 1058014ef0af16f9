/* SPDX-License-Identifier: MIT */
/* What compilers do not report: copies, compares, prefetches, operations, parts.
 *
 * The library's core/mem.h calls the trace_ functions in a traced build; calls of the C
 * library that are left over come in by the linker's --wrap. A compare is booked as glibc
 * (from 2.34 on) reads on x86-64: 32 bytes at once up to the first that differ, of short
 * texts too where that crosses no page; elsewhere byte by byte.
 * What it does not see. What a prebuilt library touches. */
#include "trace_runtime.h"

#include <string.h>

void *__real_memcpy(void *to, const void *from, size_t n);
void *__real_memmove(void *to, const void *from, size_t n);
void *__real_memset(void *at, int byte, size_t n);
void *__wrap_memcpy(void *to, const void *from, size_t n);
void *__wrap_memmove(void *to, const void *from, size_t n);
void *__wrap_memset(void *at, int byte, size_t n);
int __wrap_memcmp(const void *a, const void *b, size_t n);
int __wrap_bcmp(const void *a, const void *b, size_t n);

static void report_copy(const void *to, const void *from, size_t n)
{
    trace_put_range(&trace_port, from, n, TRACE_LOAD, 0);
    trace_put_range(&trace_port, to, n, TRACE_STORE, 0);
}

void *__wrap_memcpy(void *to, const void *from, size_t n)
{
    report_copy(to, from, n);
    return __real_memcpy(to, from, n);
}

void *__wrap_memmove(void *to, const void *from, size_t n)
{
    report_copy(to, from, n);
    return __real_memmove(to, from, n);
}

void *__wrap_memset(void *at, int byte, size_t n)
{
    trace_put_range(&trace_port, at, n, TRACE_STORE, 0);
    return __real_memset(at, byte, n);
}

/* Bytes of both sides that are read to see that the first `n_same` of `n` are equal. */
static void report_compare(const void *a, const void *b, size_t n, size_t n_same)
{
    const size_t n_needed = n_same < n ? n_same + 1 : n;
    size_t n_read = n_needed;
#if defined(__x86_64__)
    enum { VECTOR = 32, PAGE = 4096 };
    const uintptr_t worst = ((uintptr_t)a | (uintptr_t)b) % PAGE;
    const size_t whole = (n_needed + VECTOR - 1) / VECTOR * VECTOR;
    if (n > 1 && (whole <= n || (n < VECTOR && worst <= PAGE - VECTOR)))
        n_read = whole;
#endif
    for (size_t at = 0; at < n_read; at += 32) {
        const size_t bytes = n_read - at < 32 ? n_read - at : 32;
        trace_load((const char *)a + at, bytes);
        trace_load((const char *)b + at, bytes);
    }
}

int __wrap_memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *const left = a, *const right = b;
    size_t same = 0;
    while (same < n && left[same] == right[same])
        same++;
    report_compare(a, b, n, same);
    return same < n ? (left[same] < right[same] ? -1 : 1) : 0;
}

/* What clang makes of a memcmp that is only held against zero. */
int __wrap_bcmp(const void *a, const void *b, size_t n)
{
    return __wrap_memcmp(a, b, n);
}

void trace_copy(void *to, const void *from, size_t n)
{
    (void)__wrap_memcpy(to, from, n);
}

int trace_compare(const void *a, const void *b, size_t n)
{
    return __wrap_memcmp(a, b, n);
}

void trace_zero(void *at, size_t n)
{
    (void)__wrap_memset(at, 0, n);
}

uint64_t trace_load_64(const void *at)
{
    uint64_t word;
    trace_load(at, sizeof word);
    (void)__real_memcpy(&word, at, sizeof word);
    return word;
}

uint32_t trace_load_32(const void *at)
{
    uint32_t word;
    trace_load(at, sizeof word);
    (void)__real_memcpy(&word, at, sizeof word);
    return word;
}

void trace_prefetch(const void *at)
{
    if (at != NULL && (uintptr_t)at >> TRACE_ADDRESS_BITS == 0) /* may be any address */
        trace_put(&trace_port, trace_word(at, 1, TRACE_PREFETCH));
    __builtin_prefetch(at);
}

/* Into registers, as far as anybody can tell. */
void trace_take(void *to, const void *from, size_t n)
{
    trace_put_range(&trace_port, from, n, TRACE_LOAD, 0);
    (void)__real_memcpy(to, from, n);
}

void trace_mark(unsigned operation)
{
    trace_put(&trace_port, trace_word((const void *)(uintptr_t)operation, 0, TRACE_MARK));
}

void trace_part(const void *base, size_t offset, size_t stride, size_t bytes,
                const char *name)
{
    if (trace_port.part != NULL)
        trace_port.part(base, offset, stride, bytes, name);
}
