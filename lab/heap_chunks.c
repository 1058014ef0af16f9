/* SPDX-License-Identifier: MIT */
/* The heap's chunks: cached, merged, cut and got from the system, as glibc does. See heap.c
 * for what is modelled. */
#include "heap_bins.h"

enum {
    PAGE = 4096,
    MERGE_FAST_FROM = 64 * 1024, /* a freed chunk of this size, merged, empties the fast
                                    lists */
    SORT_MOST = 10000,           /* chunks sorted by one call */
    TCACHE_MOST = 7,             /* chunks a list */
};

/* What glibc draws at random once; freed blocks carry it. */
static const uintptr_t tcache_key = 0x9E3779B97F4A7C15u;

/* ---- sizes ---- */

static uintptr_t fast_at(const struct heap *heap, size_t bytes)
{
    return heap->data + DATA_FAST + ((bytes >> 4) - 2) * 8;
}

static bool has_fast(const struct heap *heap)
{
    return heap_load_u32(heap, heap->data + DATA_HAVE_FAST) != 0;
}

/* ---- the tcache ---- */

unsigned tcache_count(const struct heap *heap, size_t list)
{
    uint16_t count;
    const uintptr_t at = heap->tcache + list * 2;
    heap_tell(heap, at, sizeof count, false);
    memcpy(&count, (const void *)at, sizeof count);
    return count;
}

static void tcache_set_count(const struct heap *heap, size_t list, unsigned value)
{
    const uint16_t count = (uint16_t)value;
    const uintptr_t at = heap->tcache + list * 2;
    heap_tell(heap, at, sizeof count, true);
    memcpy((void *)at, &count, sizeof count);
}

bool tcache_has_list(const struct heap *heap, size_t bytes)
{
    return heap_load(heap, heap->data + DATA_THREAD) != 0 &&
           tcache_list(bytes) < heap_load(heap, heap->data + DATA_TCACHE_BINS);
}

static bool tcache_has_room(const struct heap *heap, size_t bytes)
{
    return tcache_count(heap, tcache_list(bytes)) < TCACHE_MOST;
}

static void tcache_put(struct heap *heap, uintptr_t chunk, size_t bytes)
{
    const size_t list = tcache_list(bytes);
    const uintptr_t first = heap->tcache + TCACHE_FIRST + list * 8;
    const uintptr_t block = chunk + CHUNK_BLOCK;
    heap_store(heap, chunk + CHUNK_BK, tcache_key);
    heap_store(heap, block, link_masked(block, heap_load(heap, first)));
    heap_store(heap, first, block);
    tcache_set_count(heap, list, tcache_count(heap, list) + 1);
}

uintptr_t tcache_get(struct heap *heap, size_t bytes)
{
    const size_t list = tcache_list(bytes);
    const uintptr_t first = heap->tcache + TCACHE_FIRST + list * 8;
    const uintptr_t block = heap_load(heap, first);
    heap_store(heap, first, link_masked(block, heap_load(heap, block)));
    tcache_set_count(heap, list, tcache_count(heap, list) - 1);
    heap_store(heap, block + 8, 0);
    return block - CHUNK_BLOCK;
}

/* ---- the end of the heap ---- */

static void cut_top(struct heap *heap, uintptr_t top, size_t bytes, size_t wanted)
{
    heap_store(heap, heap->data + DATA_TOP, top + wanted);
    chunk_set_size(heap, top, wanted);
    chunk_set_size(heap, top + wanted, bytes - wanted);
}

/* Asks the system for the wanted chunk, a last one behind it, and some more. */
static uintptr_t take_from_system(struct heap *heap, uintptr_t top, size_t old_bytes,
                                  size_t wanted)
{
    const size_t pad = heap_load(heap, heap->data + DATA_TOP_PAD);
    const size_t missing = wanted + pad + CHUNK_LEAST - old_bytes;
    const size_t bytes = (missing + PAGE - 1) & ~(size_t)(PAGE - 1);
    if (bytes > heap->limit - heap->end ||
        !heap->grow(heap->context, (void *)(heap->end + bytes)))
        return 0;
    if (old_bytes == 0) { /* the first time */
        top = heap->start;
        heap_store(heap, heap->data + DATA_TOP, top);
    }
    heap->end += bytes;
    chunk_set_size(heap, top, old_bytes + bytes);
    const uintptr_t system = heap->data + DATA_SYSTEM;
    heap_store(heap, system, heap_load(heap, system) + bytes);
    if (heap_peek(system) > heap_load(heap, heap->data + DATA_SYSTEM_MOST))
        heap_store(heap, heap->data + DATA_SYSTEM_MOST, heap_peek(system));
    cut_top(heap, top, old_bytes + bytes, wanted);
    return top;
}

/* Gives whole pages of the top back, all but the pad. */
static void trim(struct heap *heap, uintptr_t top, size_t top_bytes)
{
    const size_t pad = heap_load(heap, heap->data + DATA_TOP_PAD);
    if (top_bytes - CHUNK_LEAST - 1 <= pad)
        return;
    const size_t extra = (top_bytes - CHUNK_LEAST - 1 - pad) & ~(size_t)(PAGE - 1);
    if (extra == 0)
        return;
    heap->end -= extra;
    (void)heap->grow(heap->context, (void *)heap->end);
    const uintptr_t system = heap->data + DATA_SYSTEM;
    heap_store(heap, system, heap_load(heap, system) - extra);
    chunk_set_size(heap, top, top_bytes - extra);
}

/* ---- merging ---- */

/* Merges a chunk that is in no list with its free neighbours; the result is unsorted, or
 * the top. Returns its size. */
static size_t merge(struct heap *heap, uintptr_t chunk, size_t bytes)
{
    const uintptr_t next = chunk + bytes;
    const size_t next_bytes = chunk_size(heap, next);
    if (!chunk_is_after_used(heap, chunk)) {
        const size_t before = heap_load(heap, chunk + CHUNK_PREV_SIZE);
        bytes += before;
        chunk -= before;
        chunk_unlink(heap, chunk);
    }
    if (next == heap_top(heap)) {
        bytes += next_bytes;
        chunk_set_size(heap, chunk, bytes);
        heap_store(heap, heap->data + DATA_TOP, chunk);
        return bytes;
    }
    if (chunk_is_after_used(heap, next + next_bytes)) {
        chunk_set_used(heap, next, false);
    } else {
        chunk_unlink(heap, next);
        bytes += next_bytes;
    }
    chunk_link_unsorted(heap, chunk, bytes);
    return bytes;
}

/* Empties the fast lists. */
static void merge_fast(struct heap *heap)
{
    heap_store_u32(heap, heap->data + DATA_HAVE_FAST, 0);
    for (unsigned i = 0; i < FAST_LISTS; i++) {
        const uintptr_t list = heap->data + DATA_FAST + (uintptr_t)i * 8;
        uintptr_t chunk = heap_load(heap, list);
        heap_store(heap, list, 0);
        while (chunk != 0) {
            const size_t bytes = chunk_size(heap, chunk);
            const uintptr_t link = chunk + CHUNK_FD;
            const uintptr_t next = link_masked(link, heap_load(heap, link));
            merge(heap, chunk, bytes);
            chunk = next;
        }
    }
}

/* ---- giving back ---- */

void chunk_release(struct heap *heap, uintptr_t chunk, bool is_internal)
{
    size_t bytes = chunk_size(heap, chunk);
    if (tcache_has_list(heap, bytes)) {
        (void)heap_load(heap, chunk + CHUNK_BK); /* the key: freed twice? */
        if (tcache_has_room(heap, bytes)) {
            tcache_put(heap, chunk, bytes);
            return;
        }
    }
    if (bytes <= CHUNK_FAST_MOST) {
        const uintptr_t list = fast_at(heap, bytes), link = chunk + CHUNK_FD;
        (void)chunk_size(heap, chunk + bytes);
        heap_store_u32(heap, heap->data + DATA_HAVE_FAST, 1);
        const uintptr_t first = heap_load(heap, list);
        heap_store(heap, link, link_masked(link, first));
        heap_store(heap, list, chunk);
        if (is_internal && first != 0)
            (void)chunk_size(heap, first);
        return;
    }
    (void)chunk_size(heap, heap_top(heap));
    bytes = merge(heap, chunk, bytes);
    if (bytes < MERGE_FAST_FROM)
        return;
    if (has_fast(heap))
        merge_fast(heap);
    const uintptr_t top = heap_top(heap);
    const size_t top_bytes = chunk_size(heap, top);
    if (top_bytes >= heap_load(heap, heap->data + DATA_TRIM))
        trim(heap, top, top_bytes);
}

/* ---- taking ---- */

/* From the fast list of that size; more of them go to the tcache. 0: it is empty. */
static uintptr_t take_fast(struct heap *heap, size_t wanted)
{
    const uintptr_t list = fast_at(heap, wanted);
    const uintptr_t chunk = heap_load(heap, list);
    if (chunk == 0)
        return 0;
    const uintptr_t link = chunk + CHUNK_FD;
    heap_store(heap, list, link_masked(link, heap_load(heap, link)));
    (void)chunk_size(heap, chunk);
    if (!tcache_has_list(heap, wanted))
        return chunk;
    while (tcache_has_room(heap, wanted)) {
        const uintptr_t other = heap_load(heap, list);
        if (other == 0)
            break;
        const uintptr_t other_link = other + CHUNK_FD;
        heap_store(heap, list, link_masked(other_link, heap_load(heap, other_link)));
        tcache_put(heap, other, wanted);
    }
    return chunk;
}

/* The oldest chunk of a list of one size; 0: it is empty. */
static uintptr_t take_last(struct heap *heap, uintptr_t bin, size_t wanted)
{
    const uintptr_t chunk = heap_load(heap, bin + CHUNK_BK);
    if (chunk == bin)
        return 0;
    const uintptr_t before = heap_load(heap, chunk + CHUNK_BK);
    (void)heap_load(heap, before + CHUNK_FD);
    chunk_set_used(heap, chunk + wanted, true);
    heap_store(heap, bin + CHUNK_BK, before);
    heap_store(heap, before + CHUNK_FD, bin);
    return chunk;
}

/* From the list of that one size; more of them go to the tcache. 0: it is empty. */
static uintptr_t take_small(struct heap *heap, size_t wanted)
{
    const uintptr_t bin = bin_at(heap, (unsigned)(wanted >> 4));
    const uintptr_t chunk = take_last(heap, bin, wanted);
    if (chunk == 0 || !tcache_has_list(heap, wanted))
        return chunk;
    while (tcache_has_room(heap, wanted)) {
        const uintptr_t other = take_last(heap, bin, wanted);
        if (other == 0)
            break;
        tcache_put(heap, other, wanted);
    }
    return chunk;
}

/* Sorts what is unsorted, oldest first, until a chunk fits exactly; those that do go to
 * the tcache first, and one of them is the answer. 0: none fits. */
static uintptr_t take_unsorted(struct heap *heap, size_t wanted)
{
    const uintptr_t bin = bin_at(heap, BIN_UNSORTED);
    const bool is_cached_size = tcache_has_list(heap, wanted);
    bool is_cached = false;
    for (unsigned n = 0; n < SORT_MOST;) {
        const uintptr_t chunk = heap_load(heap, bin + CHUNK_BK);
        if (chunk == bin)
            break;
        const uintptr_t before = heap_load(heap, chunk + CHUNK_BK);
        const size_t bytes = chunk_size(heap, chunk);
        (void)heap_load(heap, heap->data + DATA_SYSTEM);
        (void)heap_load(heap, chunk + bytes + CHUNK_PREV_SIZE);
        (void)chunk_size(heap, chunk + bytes);
        (void)heap_load(heap, before + CHUNK_FD);
        (void)heap_load(heap, chunk + CHUNK_FD);
        if (chunk_cut_last_remainder(heap, chunk, bytes, wanted))
            return chunk;
        heap_store(heap, bin + CHUNK_BK, before);
        heap_store(heap, before + CHUNK_FD, bin);
        if (bytes != wanted) {
            chunk_sort(heap, chunk, bytes);
            n++;
            continue;
        }
        chunk_set_used(heap, chunk + bytes, true);
        if (!is_cached_size || !tcache_has_room(heap, wanted))
            return chunk;
        tcache_put(heap, chunk, wanted);
        is_cached = true;
    }
    return is_cached ? tcache_get(heap, wanted) : 0;
}

uintptr_t chunk_take(struct heap *heap, size_t wanted)
{
    uintptr_t chunk = 0;
    if (wanted <= CHUNK_FAST_MOST)
        chunk = take_fast(heap, wanted);
    if (chunk == 0 && chunk_is_small(wanted))
        chunk = take_small(heap, wanted);
    else if (chunk == 0 && has_fast(heap))
        merge_fast(heap);
    while (chunk == 0) {
        chunk = take_unsorted(heap, wanted);
        if (chunk == 0)
            chunk = bins_take(heap, wanted);
        if (chunk != 0)
            break;
        const uintptr_t top = heap_top(heap);
        const size_t bytes = chunk_size(heap, top);
        (void)heap_load(heap, heap->data + DATA_SYSTEM);
        if (bytes >= wanted + CHUNK_LEAST) {
            cut_top(heap, top, bytes, wanted);
            return top;
        }
        if (!has_fast(heap))
            return take_from_system(heap, top, bytes, wanted);
        merge_fast(heap);
    }
    return chunk;
}
