/* SPDX-License-Identifier: MIT */
/* Whether a heap's chunks and lists agree with each other, for its tests. */
#include "heap_bins.h"

static size_t size_at(uintptr_t chunk)
{
    return heap_peek(chunk + CHUNK_SIZE) & ~(uintptr_t)CHUNK_FLAGS;
}

static bool is_after_used(uintptr_t chunk)
{
    return (heap_peek(chunk + CHUNK_SIZE) & CHUNK_PREV_IN_USE) != 0;
}

/* Chunks from the start to the top, end to end; no two free ones side by side. Counts the
 * free ones. */
static bool are_chunks_valid(const struct heap *heap, size_t *n_free)
{
    const uintptr_t top = heap_peek(heap->data + DATA_TOP);
    uintptr_t chunk = heap->start;
    bool is_free = false;
    for (size_t bytes; chunk < top; chunk += bytes) {
        bytes = size_at(chunk);
        if (bytes < CHUNK_LEAST || bytes % 16 != 0 || bytes > top - chunk)
            return false;
        const bool was_free = is_free;
        is_free = !is_after_used(chunk + bytes);
        if (is_free && (was_free || heap_peek(chunk + bytes) != bytes))
            return false;
        *n_free += is_free;
    }
    return chunk == top && !is_free && top + size_at(top) == heap->end &&
           heap_peek(heap->data + DATA_SYSTEM) == heap->end - heap->start;
}

/* Of a sorted list: sizes do not rise, and the first of each carries the neighbours. */
static bool is_order_valid(uintptr_t bin, uintptr_t chunk)
{
    const uintptr_t before = heap_peek(chunk + CHUNK_BK);
    const uintptr_t after = heap_peek(chunk + CHUNK_FD_NEXTSIZE);
    if (before != bin && size_at(before) <= size_at(chunk))
        return size_at(before) == size_at(chunk) && after == 0;
    return after != 0 && heap_peek(after + CHUNK_BK_NEXTSIZE) == chunk &&
           (size_at(after) < size_at(chunk) || after == heap_peek(bin + CHUNK_FD));
}

static bool is_bin_valid(const struct heap *heap, unsigned index, size_t *n_free)
{
    const uintptr_t bin = bin_at(heap, index);
    uintptr_t before = bin, chunk = heap_peek(bin + CHUNK_FD);
    for (; chunk != bin; before = chunk, chunk = heap_peek(chunk + CHUNK_FD)) {
        const size_t bytes = size_at(chunk);
        if (heap_peek(chunk + CHUNK_BK) != before || is_after_used(chunk + bytes))
            return false;
        if (index == BIN_UNSORTED)
            continue;
        if (chunk_is_small(bytes) ? bytes != (size_t)index * 16
                                  : index < 64 || !is_order_valid(bin, chunk))
            return false;
    }
    if (heap_peek(bin + CHUNK_BK) != before)
        return false;
    for (chunk = before; chunk != bin; chunk = heap_peek(chunk + CHUNK_BK))
        ++*n_free;
    return true;
}

static bool is_tcache_valid(const struct heap *heap)
{
    for (size_t list = 0; heap->tcache != 0 && list < TCACHE_LISTS; list++) {
        uint16_t count;
        memcpy(&count, (const void *)(heap->tcache + list * 2), sizeof count);
        uintptr_t block = heap_peek(heap->tcache + TCACHE_FIRST + list * 8);
        for (; block != 0 && count > 0; count--) {
            const uintptr_t chunk = block - CHUNK_BLOCK;
            if (tcache_list(size_at(chunk)) != list ||
                !is_after_used(chunk + size_at(chunk)))
                return false;
            block = link_masked(block, heap_peek(block));
        }
        if (block != 0 || count != 0)
            return false;
    }
    return true;
}

bool heap_is_valid(const struct heap *heap)
{
    size_t n_chunks = 0, n_listed = 0;
    if (heap->end == heap->start)
        return true;
    if (!are_chunks_valid(heap, &n_chunks) || !is_tcache_valid(heap))
        return false;
    for (unsigned index = BIN_UNSORTED; index < N_BINS; index++)
        if (!is_bin_valid(heap, index, &n_listed))
            return false;
    return n_chunks == n_listed;
}
