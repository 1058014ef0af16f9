/* SPDX-License-Identifier: MIT */
/* glibc's malloc, modelled: where each block lies, and which words finding it costs.
 *
 * Question. A cache model that is fed a map's own accesses does not see what malloc does:
 * its lists, the size word before each node, the bytes that a copying realloc moves. And
 * the addresses of nodes decide which of them share a line. What would they be?
 *
 * Method. The allocation scheme of glibc 2.36 on a 64-bit machine, one thread, its default
 * thresholds: a cache of at most 7 freed chunks for each size up to 1040 bytes (tcache);
 * single lists for chunks up to 128 bytes that keep them from merging (fast lists); the
 * unsorted list; lists of one size below 1024 bytes, sorted ones above; the top, grown by
 * whole pages and 128 KiB more than asked for, and trimmed when it reaches 128 KiB. All
 * words are where glibc has them: sizes and links in the chunks, the lists' heads at the
 * offsets of struct malloc_state, the tcache as the heap's first block, its links masked
 * as there. So equal calls give equal distances between blocks, which the tests hold
 * against the real one.
 *
 *      base     0              0x340    0xC60      0x2740   0x3000    0x32A0
 *               +--------------+--------+----------+--------+---------+--------- - -
 *               |              |limits  |arena     |thread  |tcache   |blocks ...
 *               +--------------+--------+----------+--------+---------+--------- - -
 *               libc's data, as much as malloc has in it    sbrk's memory
 *
 *      chunk    0        8        16                                 size     size + 8
 *               +--------+--------+---------------------------------+--------+
 *               |block or|size   f|block ...                  block |size of |
 *               |size    |        |fd   bk   (large: sizes)         |next    |
 *               +--------+--------+---------------------------------+--------+
 *
 * What it does not measure. The stack, errno, and the tests of constants whose lines the
 * arena's limits share. Blocks of 128 KiB and more, which glibc maps: here they lie in
 * the heap like any others, and the caller maps them if it wants glibc's behaviour; then
 * the thresholds do not move, as they would after glibc freed one. When sbrk fails glibc
 * turns to mmap; this heap is out of memory. Its tests of a damaged heap are made as
 * loads; their answers are not looked at. */
#include "heap_bins.h"

enum {
    PAD = 128 * 1024,       /* asked for beyond what is needed */
    TRIM_FROM = 128 * 1024, /* bytes of the top */
    TCACHE_BYTES = 640
};

/* The chunk for a request; 0: no such block can be. */
static size_t chunk_for(size_t bytes)
{
    if (bytes > PTRDIFF_MAX - 2 * CHUNK_LEAST)
        return 0;
    const size_t whole = (bytes + 8 + 15) & ~(size_t)15;
    return whole < CHUNK_LEAST ? CHUNK_LEAST : whole;
}

/* ---- the beginning ---- */

bool heap_init(struct heap *heap, void *base, size_t room, heap_grow *grow,
               heap_touch *touch, void *context)
{
    const uintptr_t data = (uintptr_t)base;
    *heap = (struct heap){.data = data,
                          .start = data + HEAP_START,
                          .end = data + HEAP_START,
                          .limit = data + room,
                          .grow = grow,
                          .touch = touch,
                          .context = context};
    if (room < HEAP_START || !grow(context, (void *)heap->end))
        return false;
    heap_store(heap, data + DATA_TRIM, TRIM_FROM);
    heap_store(heap, data + DATA_TOP_PAD, PAD);
    heap_store(heap, data + DATA_TCACHE_BINS, TCACHE_LISTS);
    bins_init(heap);
    /* a list's head seen as a chunk, whose size word is the last remainder: 0 bytes */
    heap_store(heap, data + DATA_TOP, bin_at(heap, BIN_UNSORTED));
    return true;
}

/* Bytes of a block that are read or written as a whole; memcpy and memset go line by
 * line. */
static void tell_range(const struct heap *heap, uintptr_t at, size_t bytes, bool is_store)
{
    for (size_t step; bytes > 0; at += step, bytes -= step) {
        step = 64 - at % 64;
        if (step > bytes)
            step = bytes;
        heap_tell(heap, at, (unsigned)step, is_store);
    }
}

static void clear(const struct heap *heap, uintptr_t at, size_t bytes)
{
    tell_range(heap, at, bytes, true);
    memset((void *)at, 0, bytes);
}

/* The first call makes the tcache. */
static void need_tcache(struct heap *heap)
{
    const uintptr_t thread = heap->data + DATA_THREAD;
    if (heap_load(heap, thread) != 0)
        return;
    const uintptr_t chunk = chunk_take(heap, chunk_for(TCACHE_BYTES));
    if (chunk == 0)
        return;
    heap->tcache = chunk + CHUNK_BLOCK;
    heap_store(heap, thread, heap->tcache);
    clear(heap, heap->tcache, TCACHE_BYTES);
}

static void *block_of(uintptr_t chunk)
{
    return chunk == 0 ? NULL : (void *)(chunk + CHUNK_BLOCK);
}

/* ---- verbs ---- */

/* Writes a size and leaves the flags. */
static void resize_chunk(struct heap *heap, uintptr_t chunk, size_t bytes)
{
    const uintptr_t word = heap_load(heap, chunk + CHUNK_SIZE);
    heap_store(heap, chunk + CHUNK_SIZE, bytes | (word & CHUNK_FLAGS));
}

/* Takes a chunk large enough to hold an aligned block, and gives back what is before it
 * and behind it. */
static uintptr_t take_aligned(struct heap *heap, size_t wanted, size_t alignment)
{
    if (alignment > PTRDIFF_MAX / 2 || wanted > PTRDIFF_MAX / 4)
        return 0;
    uintptr_t chunk = chunk_take(heap, chunk_for(wanted + alignment + CHUNK_LEAST));
    if (chunk == 0)
        return 0;
    size_t bytes = chunk_size(heap, chunk);
    const uintptr_t block = chunk + CHUNK_BLOCK;
    if (block % alignment != 0) {
        uintptr_t at = ((block + alignment - 1) & ~(alignment - 1)) - CHUNK_BLOCK;
        if (at - chunk < CHUNK_LEAST)
            at += alignment;
        bytes -= at - chunk;
        chunk_set_size(heap, at, bytes);
        chunk_set_used(heap, at + bytes, true);
        resize_chunk(heap, chunk, at - chunk);
        chunk_release(heap, chunk, true);
        chunk = at;
    }
    if (bytes > wanted + CHUNK_LEAST) {
        chunk_set_size(heap, chunk + wanted, bytes - wanted);
        resize_chunk(heap, chunk, wanted);
        chunk_release(heap, chunk + wanted, true);
    }
    return chunk;
}

void *heap_allocate(struct heap *heap, size_t bytes, size_t alignment)
{
    const size_t wanted = chunk_for(bytes);
    if (wanted == 0)
        return NULL;
    if (alignment > 16) /* glibc looks for no tcache here */
        return block_of(take_aligned(heap, wanted, alignment));
    need_tcache(heap);
    if (tcache_has_list(heap, wanted) && tcache_count(heap, tcache_list(wanted)) > 0)
        return block_of(tcache_get(heap, wanted));
    return block_of(chunk_take(heap, wanted));
}

/* What lies behind the break's highest place is zero; the rest of the top, as far as glibc
 * knows, may not be. */
void *heap_allocate_zeroed(struct heap *heap, size_t bytes, size_t alignment)
{
    if (alignment > 16) {
        void *const block = heap_allocate(heap, bytes, alignment);
        if (block != NULL)
            clear(heap, (uintptr_t)block, bytes);
        return block;
    }
    const size_t wanted = chunk_for(bytes);
    if (wanted == 0)
        return NULL;
    need_tcache(heap);
    const uintptr_t top = heap_top(heap);
    const size_t most = heap_load(heap, heap->data + DATA_SYSTEM_MOST);
    size_t used = chunk_size(heap, top);
    if (used < heap->start + most - top)
        used = heap->start + most - top;
    const uintptr_t chunk = chunk_take(heap, wanted);
    if (chunk == 0)
        return NULL;
    size_t whole = chunk_size(heap, chunk);
    if (chunk == top && whole > used)
        whole = used;
    clear(heap, chunk + CHUNK_BLOCK, whole - 8);
    return block_of(chunk);
}

/* At the end of the heap a block grows without moving. */
static bool grow_into_top(struct heap *heap, uintptr_t chunk, size_t bytes, size_t wanted)
{
    const uintptr_t next = chunk + bytes;
    if (next != heap_top(heap))
        return false;
    const size_t whole = bytes + chunk_size(heap, next);
    if (whole < wanted + CHUNK_LEAST)
        return false;
    resize_chunk(heap, chunk, wanted);
    heap_store(heap, heap->data + DATA_TOP, chunk + wanted);
    chunk_set_size(heap, chunk + wanted, whole - wanted);
    return true;
}

/* Adds a free chunk behind the block to it when that suffices; the sum, or 0. */
static size_t grow_into_next(struct heap *heap, uintptr_t chunk, size_t bytes,
                             size_t wanted)
{
    const uintptr_t next = chunk + bytes;
    if (next == heap_top(heap))
        return 0;
    const size_t whole = bytes + chunk_size(heap, next);
    if (chunk_is_after_used(heap, chunk + whole) || whole < wanted)
        return 0;
    chunk_unlink(heap, next);
    return whole;
}

static void move(struct heap *heap, uintptr_t to, uintptr_t from, size_t bytes)
{
    for (size_t done = 0, step; done < bytes; done += step) {
        step = bytes - done < 64 ? bytes - done : 64;
        tell_range(heap, from + CHUNK_BLOCK + done, step, false);
        tell_range(heap, to + CHUNK_BLOCK + done, step, true);
    }
    memcpy(block_of(to), block_of(from), bytes);
    chunk_release(heap, from, true);
}

void *heap_reallocate(struct heap *heap, void *block, size_t bytes)
{
    if (block == NULL)
        return heap_allocate(heap, bytes, 16);
    if (bytes == 0) {
        heap_release(heap, block);
        return NULL;
    }
    const uintptr_t chunk = (uintptr_t)block - CHUNK_BLOCK;
    const size_t wanted = chunk_for(bytes);
    size_t whole = chunk_size(heap, chunk);
    if (wanted == 0)
        return NULL;
    need_tcache(heap);
    (void)chunk_size(heap, chunk + whole);
    if (whole < wanted) {
        if (grow_into_top(heap, chunk, whole, wanted))
            return block;
        const size_t grown = grow_into_next(heap, chunk, whole, wanted);
        const uintptr_t to = grown != 0 ? chunk : chunk_take(heap, wanted);
        if (to == 0)
            return NULL;
        if (grown == 0 && to != chunk + whole) {
            move(heap, to, chunk, whole - 8);
            return block_of(to);
        }
        whole = grown != 0 ? grown : whole + chunk_size(heap, to);
    }
    if (whole - wanted < CHUNK_LEAST) {
        resize_chunk(heap, chunk, whole);
        chunk_set_used(heap, chunk + whole, true);
    } else {
        resize_chunk(heap, chunk, wanted);
        chunk_set_size(heap, chunk + wanted, whole - wanted);
        chunk_set_used(heap, chunk + whole, true);
        chunk_release(heap, chunk + wanted, true);
    }
    return block;
}

void heap_release(struct heap *heap, void *block)
{
    if (block == NULL)
        return;
    need_tcache(heap);
    chunk_release(heap, (uintptr_t)block - CHUNK_BLOCK, false);
}
