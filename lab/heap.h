/* SPDX-License-Identifier: MIT */
/* A model of glibc's malloc that lays blocks out where glibc does, in a range of memory of
 * the caller's choosing, and tells each word of its own that it reads or writes. */
#ifndef ONEMISS_LAB_HEAP_H
#define ONEMISS_LAB_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the heap's own, or of blocks that it copies or clears, that it reads or is about
 * to write: from 2 to 64 of them in one line, longer runs line by line. */
typedef void heap_touch(void *context, const void *at, unsigned bytes, bool is_store);

/* The heap now ends at `end`, a whole number of pages from the base. When that is further
 * than before, the memory up to it must be usable, and zero where it was never written;
 * false: out of memory. When it is less, the pages behind it are given back: the answer is
 * not looked at, and nothing needs to be done. */
typedef bool heap_grow(void *context, void *end);

struct heap {
    uintptr_t data;   /* first byte of the range: what glibc keeps in libc's own pages */
    uintptr_t start;  /* of the blocks; what sbrk(0) gives a fresh process */
    uintptr_t end;    /* the break */
    uintptr_t limit;  /* end of the range */
    uintptr_t tcache; /* the first block; 0 before the first call */
    heap_grow *grow;
    heap_touch *touch; /* NULL: nobody listens */
    void *context;     /* of both */
};

/* An empty heap over `room` bytes from `base`, which is page aligned. The first pages are
 * the library's data, asked for at once; HEAP_START bytes from the base the blocks begin.
 * False when the room does not hold them or `grow` fails. */
enum { HEAP_START = 0x3000 };
bool heap_init(struct heap *heap, void *base, size_t room, heap_grow *grow,
               heap_touch *touch, void *context);

/* As malloc, and as memalign for an alignment above 16, a power of two. NULL: out of
 * memory. */
void *heap_allocate(struct heap *heap, size_t bytes, size_t alignment);

/* As calloc: of a block from the end of the heap only what is not fresh from the system is
 * cleared. Above an alignment of 16, where glibc has no such call, all of it is. */
void *heap_allocate_zeroed(struct heap *heap, size_t bytes, size_t alignment);

/* As realloc, for blocks that were not given a larger alignment than 16. */
void *heap_reallocate(struct heap *heap, void *block, size_t bytes);

/* As free. */
void heap_release(struct heap *heap, void *block);

/* Whether the chunks lie end to end from the start to the top, and all free ones are
 * where they should be: for tests, touches nothing. */
bool heap_is_valid(const struct heap *heap);

#endif
