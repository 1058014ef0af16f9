/* SPDX-License-Identifier: MIT */
/* The heap's lists of free chunks: small ones by size, large ones sorted, and the unsorted
 * list that every freed chunk passes through. See heap.c for what is modelled. */
#include "heap_bins.h"

/* ---- one list ---- */

static unsigned bin_of(size_t bytes)
{
    static const struct {
        unsigned shift, most, base;
    } steps[] = {{6, 48, 48}, {9, 20, 91}, {12, 10, 110}, {15, 4, 119}, {18, 2, 124}};
    if (chunk_is_small(bytes))
        return (unsigned)(bytes >> 4);
    for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++)
        if (bytes >> steps[i].shift <= steps[i].most)
            return steps[i].base + (unsigned)(bytes >> steps[i].shift);
    return 126;
}

/* The word of the map that says whether lists 32 i to 32 i + 31 may hold something. */
static uintptr_t map_at(const struct heap *heap, unsigned i)
{
    return heap->data + DATA_BIN_MAP + (uintptr_t)i * 4;
}

void bins_init(struct heap *heap)
{
    for (unsigned i = 1; i < N_BINS; i++) {
        heap_store(heap, bin_at(heap, i) + CHUNK_BK, bin_at(heap, i));
        heap_store(heap, bin_at(heap, i) + CHUNK_FD, bin_at(heap, i));
    }
}

/* The first chunk of each size carries pointers to the first of the next size and of the
 * one before; `chunk` had them, and `next` may have to take them over. */
static void unlink_size(struct heap *heap, uintptr_t chunk, uintptr_t next)
{
    const uintptr_t after = heap_load(heap, chunk + CHUNK_FD_NEXTSIZE);
    if (after == 0)
        return;
    const uintptr_t before = heap_load(heap, chunk + CHUNK_BK_NEXTSIZE);
    (void)heap_load(heap, after + CHUNK_BK_NEXTSIZE);
    (void)heap_load(heap, before + CHUNK_FD_NEXTSIZE);
    if (heap_load(heap, next + CHUNK_FD_NEXTSIZE) != 0) {
        heap_store(heap, after + CHUNK_BK_NEXTSIZE, before);
        heap_store(heap, before + CHUNK_FD_NEXTSIZE, after);
    } else if (after == chunk) {
        heap_store(heap, next + CHUNK_BK_NEXTSIZE, next);
        heap_store(heap, next + CHUNK_FD_NEXTSIZE, next);
    } else {
        heap_store(heap, next + CHUNK_FD_NEXTSIZE, after);
        heap_store(heap, next + CHUNK_BK_NEXTSIZE, before);
        heap_store(heap, after + CHUNK_BK_NEXTSIZE, next);
        heap_store(heap, before + CHUNK_FD_NEXTSIZE, next);
    }
}

void chunk_unlink(struct heap *heap, uintptr_t chunk)
{
    const size_t bytes = chunk_size(heap, chunk);
    (void)heap_load(heap, chunk + bytes + CHUNK_PREV_SIZE);
    const uintptr_t next = heap_load(heap, chunk + CHUNK_FD);
    const uintptr_t before = heap_load(heap, chunk + CHUNK_BK);
    (void)heap_load(heap, next + CHUNK_BK);
    (void)heap_load(heap, before + CHUNK_FD);
    heap_store(heap, next + CHUNK_BK, before);
    heap_store(heap, before + CHUNK_FD, next);
    if (!chunk_is_small(bytes))
        unlink_size(heap, chunk, next);
}

static void link_between(struct heap *heap, uintptr_t chunk, uintptr_t before,
                         uintptr_t next)
{
    heap_store(heap, chunk + CHUNK_BK, before);
    heap_store(heap, chunk + CHUNK_FD, next);
    heap_store(heap, next + CHUNK_BK, chunk);
    heap_store(heap, before + CHUNK_FD, chunk);
}

void chunk_link_unsorted(struct heap *heap, uintptr_t chunk, size_t bytes)
{
    const uintptr_t bin = bin_at(heap, BIN_UNSORTED);
    const uintptr_t first = heap_load(heap, bin + CHUNK_FD);
    (void)heap_load(heap, first + CHUNK_BK);
    heap_store(heap, chunk + CHUNK_FD, first);
    heap_store(heap, chunk + CHUNK_BK, bin);
    if (!chunk_is_small(bytes)) {
        heap_store(heap, chunk + CHUNK_FD_NEXTSIZE, 0);
        heap_store(heap, chunk + CHUNK_BK_NEXTSIZE, 0);
    }
    heap_store(heap, bin + CHUNK_FD, chunk);
    heap_store(heap, first + CHUNK_BK, chunk);
    chunk_set_size(heap, chunk, bytes);
    heap_store(heap, chunk + bytes + CHUNK_PREV_SIZE, bytes);
}

/* ---- sorting ---- */

/* `chunk` is the first of its size; its size's neighbours are `after` and what was before
 * that. */
static void link_size(struct heap *heap, uintptr_t chunk, uintptr_t after)
{
    const uintptr_t before = heap_load(heap, after + CHUNK_BK_NEXTSIZE);
    heap_store(heap, chunk + CHUNK_FD_NEXTSIZE, after);
    heap_store(heap, chunk + CHUNK_BK_NEXTSIZE, before);
    heap_store(heap, after + CHUNK_BK_NEXTSIZE, chunk);
    heap_store(heap, before + CHUNK_FD_NEXTSIZE, chunk);
}

/* Large lists fall in size from first to last. Of equals the newest is second, so that the
 * first keeps its pointers. */
static void sort_large(struct heap *heap, uintptr_t bin, uintptr_t chunk, size_t bytes)
{
    uintptr_t next = heap_load(heap, bin + CHUNK_FD);
    if (next == bin) {
        heap_store(heap, chunk + CHUNK_BK_NEXTSIZE, chunk);
        heap_store(heap, chunk + CHUNK_FD_NEXTSIZE, chunk);
        link_between(heap, chunk, bin, bin);
        return;
    }
    const uintptr_t last = heap_load(heap, bin + CHUNK_BK);
    if (bytes < chunk_size(heap, last)) {
        link_size(heap, chunk, next);
        link_between(heap, chunk, last, bin);
        return;
    }
    size_t next_bytes = chunk_size(heap, next);
    while (bytes < next_bytes) {
        next = heap_load(heap, next + CHUNK_FD_NEXTSIZE);
        next_bytes = chunk_size(heap, next);
    }
    if (bytes == next_bytes)
        next = heap_load(heap, next + CHUNK_FD);
    else
        link_size(heap, chunk, next);
    const uintptr_t before = heap_load(heap, next + CHUNK_BK);
    (void)heap_load(heap, before + CHUNK_FD);
    link_between(heap, chunk, before, next);
}

void chunk_sort(struct heap *heap, uintptr_t chunk, size_t bytes)
{
    const unsigned index = bin_of(bytes);
    const uintptr_t bin = bin_at(heap, index), map = map_at(heap, index / 32);
    heap_store_u32(heap, map, heap_load_u32(heap, map) | (uint32_t)1 << index % 32);
    if (chunk_is_small(bytes))
        link_between(heap, chunk, bin, heap_load(heap, bin + CHUNK_FD));
    else
        sort_large(heap, bin, chunk, bytes);
}

/* ---- searching ---- */

void chunk_cut(struct heap *heap, uintptr_t chunk, size_t bytes, size_t wanted,
               bool is_last_remainder)
{
    const size_t rest = bytes - wanted;
    if (rest < CHUNK_LEAST) {
        chunk_set_used(heap, chunk + bytes, true);
        return;
    }
    if (is_last_remainder)
        heap_store(heap, heap->data + DATA_LAST_REMAINDER, chunk + wanted);
    chunk_set_size(heap, chunk, wanted);
    chunk_link_unsorted(heap, chunk + wanted, rest);
}

bool chunk_cut_last_remainder(struct heap *heap, uintptr_t chunk, size_t bytes,
                              size_t wanted)
{
    const uintptr_t bin = bin_at(heap, BIN_UNSORTED), rest = chunk + wanted;
    if (!chunk_is_small(wanted) || heap_peek(chunk + CHUNK_BK) != bin ||
        chunk != heap_load(heap, heap->data + DATA_LAST_REMAINDER) ||
        bytes <= wanted + CHUNK_LEAST)
        return false;
    heap_store(heap, bin + CHUNK_FD, rest);
    heap_store(heap, bin + CHUNK_BK, rest);
    heap_store(heap, heap->data + DATA_LAST_REMAINDER, rest);
    heap_store(heap, rest + CHUNK_BK, bin);
    heap_store(heap, rest + CHUNK_FD, bin);
    if (!chunk_is_small(bytes - wanted)) {
        heap_store(heap, rest + CHUNK_FD_NEXTSIZE, 0);
        heap_store(heap, rest + CHUNK_BK_NEXTSIZE, 0);
    }
    chunk_set_size(heap, chunk, wanted);
    chunk_set_size(heap, rest, bytes - wanted);
    heap_store(heap, rest + bytes - wanted + CHUNK_PREV_SIZE, bytes - wanted);
    return true;
}

/* The smallest chunk of the wanted one's own large list that suffices. */
static uintptr_t take_from_own(struct heap *heap, unsigned index, size_t wanted)
{
    const uintptr_t bin = bin_at(heap, index);
    uintptr_t chunk = heap_load(heap, bin + CHUNK_FD);
    if (chunk == bin || chunk_size(heap, chunk) < wanted)
        return 0;
    size_t bytes;
    do {
        chunk = heap_load(heap, chunk + CHUNK_BK_NEXTSIZE);
        bytes = chunk_size(heap, chunk);
    } while (bytes < wanted);
    /* the second of its size goes, for the first has the pointers */
    if (chunk != heap_load(heap, bin + CHUNK_BK)) {
        const uintptr_t second = heap_load(heap, chunk + CHUNK_FD);
        if (chunk_size(heap, second) == bytes)
            chunk = second;
    }
    chunk_unlink(heap, chunk);
    chunk_cut(heap, chunk, bytes, wanted, false);
    return chunk;
}

/* The last chunk of the first list from `index` on that holds any. */
static uintptr_t take_from_larger(struct heap *heap, unsigned index, size_t wanted)
{
    unsigned word = index / 32;
    uint32_t map = heap_load_u32(heap, map_at(heap, word)) & UINT32_MAX << index % 32;
    for (;;) {
        while (map == 0) {
            if (++word == BIN_MAP_WORDS)
                return 0;
            map = heap_load_u32(heap, map_at(heap, word));
        }
        const uint32_t bit = map & (0 - map);
        unsigned at = word * 32;
        while ((uint32_t)1 << (at - word * 32) != bit)
            at++;
        const uintptr_t bin = bin_at(heap, at);
        const uintptr_t chunk = heap_load(heap, bin + CHUNK_BK);
        map &= ~bit;
        if (chunk != bin) {
            const size_t bytes = chunk_size(heap, chunk);
            chunk_unlink(heap, chunk);
            chunk_cut(heap, chunk, bytes, wanted, chunk_is_small(wanted));
            return chunk;
        }
        heap_store_u32(heap, map_at(heap, word),
                       (uint32_t)heap_peek(map_at(heap, word)) & ~bit);
    }
}

uintptr_t bins_take(struct heap *heap, size_t wanted)
{
    const unsigned index = bin_of(wanted);
    const uintptr_t chunk =
        chunk_is_small(wanted) ? 0 : take_from_own(heap, index, wanted);
    return chunk != 0 ? chunk : take_from_larger(heap, index + 1, wanted);
}
