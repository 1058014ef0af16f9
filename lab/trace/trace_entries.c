/* SPDX-License-Identifier: MIT */
/* The entry points that a compiler calls under -fsanitize=thread: each reports one access.
 *
 * Question. Which bytes does a map's own code read and write? Method. A subject is
 * compiled with -fsanitize=thread but not linked with it; these functions take the place
 * of the sanitizer's runtime, hidden in the subject, so that no other binary ever binds to
 * them. Idea: LLVM's ThreadSanitizer instruments every access it cannot prove private.
 * What it does not see. Registers and spills; loads the optimiser has merged; what
 * trace_memory.c says. tests/trace holds the table of what each compiler reports. */
#include "trace_runtime.h"

#include <stdbool.h>

/* Until the lab listens, words go nowhere. */
static uint64_t nowhere[64];

static void forget(struct trace_port *port)
{
    port->next = nowhere;
}

struct trace_port trace_port = {nowhere, nowhere + sizeof nowhere / sizeof *nowhere,
                                forget, NULL};

/* The compilers know these names; no header has them. */
#define ENTRY_POINT(name, ...)                                                           \
    void name(__VA_ARGS__);                                                              \
    void name(__VA_ARGS__)

#define ACCESS(prefix, size)                                                             \
    ENTRY_POINT(__tsan_##prefix##read##size, const void *at)                             \
    {                                                                                    \
        trace_load(at, size);                                                            \
    }                                                                                    \
    ENTRY_POINT(__tsan_##prefix##write##size, const void *at)                            \
    {                                                                                    \
        trace_store(at, size);                                                           \
    }

ACCESS(, 1)
ACCESS(, 2)
ACCESS(, 4)
ACCESS(, 8)
ACCESS(, 16)
ACCESS(unaligned_, 2)
ACCESS(unaligned_, 4)
ACCESS(unaligned_, 8)
ACCESS(unaligned_, 16)
ACCESS(volatile_, 1)
ACCESS(volatile_, 2)
ACCESS(volatile_, 4)
ACCESS(volatile_, 8)
ACCESS(volatile_, 16)
ACCESS(unaligned_volatile_, 2)
ACCESS(unaligned_volatile_, 4)
ACCESS(unaligned_volatile_, 8)
ACCESS(unaligned_volatile_, 16)

ENTRY_POINT(__tsan_read_range, const void *at, size_t bytes)
{
    trace_put_range(&trace_port, at, bytes, TRACE_LOAD, 0);
}

ENTRY_POINT(__tsan_write_range, const void *at, size_t bytes)
{
    trace_put_range(&trace_port, at, bytes, TRACE_STORE, 0);
}

ENTRY_POINT(__tsan_vptr_read, const void *at)
{
    trace_load(at, sizeof(void *));
}

ENTRY_POINT(__tsan_vptr_update, const void *at, const void *pointer)
{
    (void)pointer;
    trace_store(at, sizeof(void *));
}

/* Called, and of no use here. */
ENTRY_POINT(__tsan_init, void)
{
}

ENTRY_POINT(__tsan_func_entry, const void *caller)
{
    (void)caller;
}

ENTRY_POINT(__tsan_func_exit, void)
{
}

/* ---- atomics: done here, in the strongest order, and reported ---- */

#define ATOMIC_CHANGE(bits, verb)                                                        \
    uint##bits##_t __tsan_atomic##bits##_fetch_##verb(volatile uint##bits##_t *at,       \
                                                      uint##bits##_t word, int order);   \
    uint##bits##_t __tsan_atomic##bits##_fetch_##verb(volatile uint##bits##_t *at,       \
                                                      uint##bits##_t word, int order)    \
    {                                                                                    \
        (void)order;                                                                     \
        trace_load((const void *)(uintptr_t)at, bits / 8);                               \
        trace_store((const void *)(uintptr_t)at, bits / 8);                              \
        return __atomic_fetch_##verb(at, word, __ATOMIC_SEQ_CST);                        \
    }

#define ATOMIC_COMPARE(bits, kind)                                                       \
    int __tsan_atomic##bits##_compare_exchange_##kind(                                   \
        volatile uint##bits##_t *at, uint##bits##_t *expected, uint##bits##_t wanted,    \
        int order, int order_of_failure);                                                \
    int __tsan_atomic##bits##_compare_exchange_##kind(                                   \
        volatile uint##bits##_t *at, uint##bits##_t *expected, uint##bits##_t wanted,    \
        int order, int order_of_failure)                                                 \
    {                                                                                    \
        (void)order, (void)order_of_failure;                                             \
        trace_load((const void *)(uintptr_t)at, bits / 8);                               \
        const bool is_done = __atomic_compare_exchange_n(                                \
            at, expected, wanted, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);            \
        if (is_done)                                                                     \
            trace_store((const void *)(uintptr_t)at, bits / 8);                          \
        return is_done;                                                                  \
    }

#define ATOMICS(bits)                                                                    \
    uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t *at,         \
                                              int order);                                \
    uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t *at,         \
                                              int order)                                 \
    {                                                                                    \
        (void)order;                                                                     \
        trace_load((const void *)(uintptr_t)at, bits / 8);                               \
        return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                    \
    }                                                                                    \
    ENTRY_POINT(__tsan_atomic##bits##_store, volatile uint##bits##_t *at,                \
                uint##bits##_t word, int order)                                          \
    {                                                                                    \
        (void)order;                                                                     \
        trace_store((const void *)(uintptr_t)at, bits / 8);                              \
        __atomic_store_n(at, word, __ATOMIC_SEQ_CST);                                    \
    }                                                                                    \
    uint##bits##_t __tsan_atomic##bits##_exchange(volatile uint##bits##_t *at,           \
                                                  uint##bits##_t word, int order);       \
    uint##bits##_t __tsan_atomic##bits##_exchange(volatile uint##bits##_t *at,           \
                                                  uint##bits##_t word, int order)        \
    {                                                                                    \
        (void)order;                                                                     \
        trace_load((const void *)(uintptr_t)at, bits / 8);                               \
        trace_store((const void *)(uintptr_t)at, bits / 8);                              \
        return __atomic_exchange_n(at, word, __ATOMIC_SEQ_CST);                          \
    }                                                                                    \
    ATOMIC_CHANGE(bits, add)                                                             \
    ATOMIC_CHANGE(bits, sub)                                                             \
    ATOMIC_CHANGE(bits, and)                                                             \
    ATOMIC_CHANGE(bits, or)                                                              \
    ATOMIC_CHANGE(bits, xor)                                                             \
    ATOMIC_COMPARE(bits, strong)                                                         \
    ATOMIC_COMPARE(bits, weak)                                                           \
    uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                           \
        volatile uint##bits##_t *at, uint##bits##_t expected, uint##bits##_t wanted,     \
        int order, int order_of_failure);                                                \
    uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                           \
        volatile uint##bits##_t *at, uint##bits##_t expected, uint##bits##_t wanted,     \
        int order, int order_of_failure)                                                 \
    {                                                                                    \
        (void)__tsan_atomic##bits##_compare_exchange_strong(at, &expected, wanted,       \
                                                            order, order_of_failure);    \
        return expected;                                                                 \
    }

ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)

ENTRY_POINT(__tsan_atomic_thread_fence, int order)
{
    (void)order;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

ENTRY_POINT(__tsan_atomic_signal_fence, int order)
{
    (void)order;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}
