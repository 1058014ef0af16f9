/* SPDX-License-Identifier: MIT */
/* The words of the heap, its chunks and its lists: what the files of heap.c share. */
#ifndef ONEMISS_LAB_HEAP_BINS_H
#define ONEMISS_LAB_HEAP_BINS_H

#include <string.h>

#include "heap.h"

/* A chunk is known by its address, 16 bytes before the block that the caller sees. */
enum chunk_word {
    CHUNK_PREV_SIZE =
        0,          /* of the chunk before, when that is free; else still its block */
    CHUNK_SIZE = 8, /* a multiple of 16, and flags */
    CHUNK_FD = 16,  /* free ones: the next in the list; the block begins here */
    CHUNK_BK = 24,  /* the one before */
    CHUNK_FD_NEXTSIZE = 32, /* large ones: the next of another size, or 0 */
    CHUNK_BK_NEXTSIZE = 40
};

enum {
    CHUNK_BLOCK = 16,      /* from the chunk to its block */
    CHUNK_PREV_IN_USE = 1, /* flag of the size word: the chunk before is not free */
    CHUNK_FLAGS = 7,
    CHUNK_LEAST = 32,      /* bytes */
    CHUNK_FAST_MOST = 128, /* bytes a chunk of the fast lists has at most */
    CHUNK_LARGE = 1024     /* bytes from which a list holds chunks of several sizes */
};

/* The library's data as bytes from the heap's base, each at the offset within its page
 * that it has in Debian 12's libc.so.6 of glibc 2.36; the thread's word is in a page of
 * its own, as thread-local storage is. */
enum {
    DATA_PARAMETERS = 0x340, /* thresholds and the tcache's bounds */
    DATA_TRIM = DATA_PARAMETERS,
    DATA_TOP_PAD = DATA_PARAMETERS + 8,
    DATA_TCACHE_BINS = DATA_PARAMETERS + 104,
    DATA_ARENA = 0xC60, /* 2200 bytes */
    DATA_HAVE_FAST = DATA_ARENA + 8,
    DATA_FAST = DATA_ARENA + 0x10, /* 10 lists */
    DATA_TOP = DATA_ARENA + 0x60,
    DATA_LAST_REMAINDER = DATA_ARENA + 0x68,
    DATA_BINS = DATA_ARENA + 0x70, /* 127 pairs of first and last */
    DATA_BIN_MAP = DATA_ARENA + 0x860,
    DATA_SYSTEM = DATA_ARENA + 0x888,
    DATA_SYSTEM_MOST = DATA_ARENA + 0x890,
    DATA_THREAD = 0x2740 /* the pointer to the tcache */
};

enum { BIN_UNSORTED = 1, N_BINS = 128, BIN_MAP_WORDS = 4, FAST_LISTS = 10 };

/* The tcache: counts of 2 bytes, then the lists' heads. */
enum { TCACHE_LISTS = 64, TCACHE_FIRST = TCACHE_LISTS * 2 };

_Static_assert(sizeof(uintptr_t) == 8, "the model is of a 64-bit machine's malloc");

/* ---- one word ---- */

static inline void heap_tell(const struct heap *heap, uintptr_t at, unsigned bytes,
                             bool is_store)
{
    if (heap->touch != NULL)
        heap->touch(heap->context, (const void *)at, bytes, is_store);
}

/* A word that is in a register already, or that only a test looks at. */
static inline uintptr_t heap_peek(uintptr_t at)
{
    uintptr_t word;
    memcpy(&word, (const void *)at, sizeof word);
    return word;
}

static inline uintptr_t heap_load(const struct heap *heap, uintptr_t at)
{
    heap_tell(heap, at, 8, false);
    return heap_peek(at);
}

static inline void heap_store(const struct heap *heap, uintptr_t at, uintptr_t word)
{
    heap_tell(heap, at, 8, true);
    memcpy((void *)at, &word, sizeof word);
}

static inline uint32_t heap_load_u32(const struct heap *heap, uintptr_t at)
{
    uint32_t word;
    heap_tell(heap, at, sizeof word, false);
    memcpy(&word, (const void *)at, sizeof word);
    return word;
}

static inline void heap_store_u32(const struct heap *heap, uintptr_t at, uint32_t word)
{
    heap_tell(heap, at, sizeof word, true);
    memcpy((void *)at, &word, sizeof word);
}

static inline size_t chunk_size(const struct heap *heap, uintptr_t chunk)
{
    return heap_load(heap, chunk + CHUNK_SIZE) & ~(uintptr_t)CHUNK_FLAGS;
}

/* Writes the size of a chunk whose predecessor is in use. */
static inline void chunk_set_size(const struct heap *heap, uintptr_t chunk, size_t bytes)
{
    heap_store(heap, chunk + CHUNK_SIZE, bytes | CHUNK_PREV_IN_USE);
}

/* Says in the chunk `after` whether the one before it is in use. */
static inline void chunk_set_used(const struct heap *heap, uintptr_t after, bool is_used)
{
    const uintptr_t word = heap_load(heap, after + CHUNK_SIZE);
    heap_store(heap, after + CHUNK_SIZE,
               is_used ? word | CHUNK_PREV_IN_USE : word & ~(uintptr_t)CHUNK_PREV_IN_USE);
}

static inline bool chunk_is_after_used(const struct heap *heap, uintptr_t chunk)
{
    return (heap_load(heap, chunk + CHUNK_SIZE) & CHUNK_PREV_IN_USE) != 0;
}

static inline uintptr_t heap_top(const struct heap *heap)
{
    return heap_load(heap, heap->data + DATA_TOP);
}

/* ---- lists, in heap_bins.c ---- */

/* A list's head is used as if it were a chunk, of which it has the words fd and bk. */
static inline uintptr_t bin_at(const struct heap *heap, unsigned index)
{
    return heap->data + DATA_BINS + (uintptr_t)(index - 1) * 16 - CHUNK_FD;
}

static inline bool chunk_is_small(size_t bytes)
{
    return bytes < CHUNK_LARGE;
}

/* Empty lists. */
void bins_init(struct heap *heap);

/* Takes a chunk out of whatever list it is in. */
void chunk_unlink(struct heap *heap, uintptr_t chunk);

/* A free chunk, its neighbours merged already, becomes the first of the unsorted list. */
void chunk_link_unsorted(struct heap *heap, uintptr_t chunk, size_t bytes);

/* A chunk out of the unsorted list goes to the list of its size. */
void chunk_sort(struct heap *heap, uintptr_t chunk, size_t bytes);

/* The first part of a free chunk of `bytes` that is in no list, `wanted` bytes, becomes
 * used; the rest, if it can be a chunk, is unsorted. */
void chunk_cut(struct heap *heap, uintptr_t chunk, size_t bytes, size_t wanted,
               bool is_last_remainder);

/* A run of small requests is served from the rest of one chunk, so that its blocks lie
 * together: when that rest is the only chunk that is unsorted. */
bool chunk_cut_last_remainder(struct heap *heap, uintptr_t chunk, size_t bytes,
                              size_t wanted);

/* The chunk that fits best, taken from the sorted lists and cut; 0: there is none. */
uintptr_t bins_take(struct heap *heap, size_t wanted);

/* ---- chunks, in heap_chunks.c ---- */

static inline size_t tcache_list(size_t bytes)
{
    return (bytes - CHUNK_LEAST) / 16;
}

/* A single list's link, masked by where it is kept; and unmasked. */
static inline uintptr_t link_masked(uintptr_t at, uintptr_t link)
{
    return at >> 12 ^ link;
}

/* Whether there is a tcache, and it has a list for chunks of that size. */
bool tcache_has_list(const struct heap *heap, size_t bytes);

/* How many chunks it holds; and one of them, when there is one. */
unsigned tcache_count(const struct heap *heap, size_t list);
uintptr_t tcache_get(struct heap *heap, size_t bytes);

/* A chunk of that size, not from the tcache; 0: out of memory. */
uintptr_t chunk_take(struct heap *heap, size_t wanted);

/* Frees a chunk; `is_internal` on behalf of realloc or memalign, where glibc looks at one
 * word more. */
void chunk_release(struct heap *heap, uintptr_t chunk, bool is_internal);

#endif
