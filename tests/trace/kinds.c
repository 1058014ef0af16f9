/* SPDX-License-Identifier: MIT */
/* One function for each kind of access, as a traced shared object. */
#include "kinds.h"

#include <onemiss/core/mem.h>
#include <stdatomic.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Keeps what was read alive. */
static void use(uint64_t word)
{
    __asm__ volatile("" : : "r"(word) : "memory");
}

struct three_words {
    uint64_t a, b, c;
};

struct six_words {
    uint64_t words[6];
};

struct bits {
    unsigned low : 3, high : 5;
};

struct packed_word {
    char before;
    uint64_t word;
} __attribute__((packed));

#define KIND(name) __attribute__((noinline)) static void name(char *to, const char *from)

KIND(load_1)
{
    (void)to;
    use((uint64_t)*from);
}

KIND(load_4)
{
    (void)to;
    use(*(const uint32_t *)(const void *)from);
}

KIND(load_8)
{
    (void)to;
    use(*(const uint64_t *)(const void *)from);
}

KIND(load_8_unaligned)
{
    (void)to;
    use(((const struct packed_word *)(const void *)from)->word);
}

KIND(store_1)
{
    (void)from;
    *to = 1;
}

KIND(store_8)
{
    (void)from;
    *(uint64_t *)(void *)to = 1;
}

KIND(add_in_place)
{
    (void)from;
    *(uint64_t *)(void *)to += 2;
}

KIND(bit_field_store)
{
    (void)from;
    ((struct bits *)(void *)to)->high = 3;
}

KIND(struct_copy_24)
{
    *(struct three_words *)(void *)to = *(const struct three_words *)(const void *)from;
}

KIND(struct_copy_48)
{
    *(struct six_words *)(void *)to = *(const struct six_words *)(const void *)from;
}

KIND(ordered_load)
{
    (void)to;
    use(atomic_load_explicit((const _Atomic uint64_t *)(const void *)from,
                             memory_order_acquire));
}

KIND(ordered_store)
{
    (void)from;
    atomic_store_explicit((_Atomic uint64_t *)(void *)to, 1, memory_order_release);
}

KIND(ordered_add)
{
    (void)from;
    use(atomic_fetch_add((_Atomic uint64_t *)(void *)to, 1));
}

KIND(ordered_swap_if_equal)
{
    (void)from;
    uint64_t expected = 0;
    use(atomic_compare_exchange_strong((_Atomic uint64_t *)(void *)to, &expected, 1));
}

KIND(vector_load_16)
{
    (void)to;
#if defined(__x86_64__)
    const __m128i two = _mm_load_si128((const __m128i *)(const void *)from);
    __asm__ volatile("" : : "x"(two));
#else
    (void)from;
#endif
}

KIND(vector_load_32)
{
    (void)to;
#if defined(__x86_64__)
    const __m256i four = _mm256_load_si256((const __m256i *)(const void *)from);
    __asm__ volatile("" : : "x"(four));
#else
    (void)from;
#endif
}

KIND(vector_load_32_unaligned)
{
    (void)to;
#if defined(__x86_64__)
    const __m256i four = _mm256_loadu_si256((const __m256i *)(const void *)(from + 8));
    __asm__ volatile("" : : "x"(four));
#else
    (void)from;
#endif
}

KIND(gather)
{
    (void)to;
#if defined(__x86_64__)
    const __m256i four = _mm256_i64gather_epi64((const long long *)(const void *)from,
                                                _mm256_setr_epi64x(0, 8, 16, 24), 8);
    __asm__ volatile("" : : "x"(four));
#else
    (void)from;
#endif
}

KIND(prefetch_of_the_compiler)
{
    (void)to;
    __builtin_prefetch(from);
}

KIND(fixed_memcpy_8)
{
    (void)to;
    uint64_t word;
    memcpy(&word, from, sizeof word);
    use(word);
}

KIND(fixed_memset_48)
{
    (void)from;
    memset(to, 0, 48);
}

KIND(fixed_memcmp_8)
{
    use((uint64_t)memcmp(to, from, 8));
}

KIND(memcpy_of_any_size)
{
    size_t n = 100;
    __asm__ volatile("" : "+r"(n));
    memcpy(to, from, n);
}

/* ---- the library's own forms: every byte must be seen ---- */

KIND(om_copy_8)
{
    om_mem_copy(to, from, 8);
}

KIND(om_copy_100)
{
    om_mem_copy(to, from, 100);
}

KIND(om_zero_48)
{
    (void)from;
    om_mem_zero(to, 48);
}

KIND(om_equal_100)
{
    use(om_mem_equal(to, from, 100));
}

KIND(om_load_64)
{
    (void)to;
    use(om_load_le64(from + 3));
}

KIND(om_load_32)
{
    (void)to;
    use(om_load_le32(from + 3));
}

KIND(om_prefetch)
{
    (void)to;
    om_mem_prefetch(from);
}

#define ROW(name)                                                                        \
    {                                                                                    \
#name, name                                                                      \
    }
static const struct kind kinds[] = {
    ROW(load_1),
    ROW(load_4),
    ROW(load_8),
    ROW(load_8_unaligned),
    ROW(store_1),
    ROW(store_8),
    ROW(add_in_place),
    ROW(bit_field_store),
    ROW(struct_copy_24),
    ROW(struct_copy_48),
    ROW(ordered_load),
    ROW(ordered_store),
    ROW(ordered_add),
    ROW(ordered_swap_if_equal),
    ROW(vector_load_16),
    ROW(vector_load_32),
    ROW(vector_load_32_unaligned),
    ROW(gather),
    ROW(prefetch_of_the_compiler),
    ROW(fixed_memcpy_8),
    ROW(fixed_memset_48),
    ROW(fixed_memcmp_8),
    ROW(memcpy_of_any_size),
    ROW(om_copy_8),
    ROW(om_copy_100),
    ROW(om_zero_48),
    ROW(om_equal_100),
    ROW(om_load_64),
    ROW(om_load_32),
    ROW(om_prefetch),
    {NULL, NULL},
};

extern const struct kinds trace_kinds;
__attribute__((visibility("default")))
const struct kinds trace_kinds = {&trace_port, kinds};
