/* SPDX-License-Identifier: MIT */
/* Where maps get memory, and how an onlooker sees what they do with it. */
#ifndef ONEMISS_CORE_ALLOCATOR_H
#define ONEMISS_CORE_ALLOCATOR_H

#include <stdlib.h>

#include "compiler.h"
#include "mem.h"
#include "os_pages.h"

/* One block, described alike when it is asked for and when it is given back. */
typedef struct om_request {
    size_t bytes;      /* never 0, at most PTRDIFF_MAX */
    size_t alignment;  /* a power of two */
    const char *label; /* which part of a map: "entries", "heads", "nodes", "key bytes" */
    unsigned flags;    /* om_request_flags                           32 bytes */
} om_request;

enum om_request_flags {
    OM_ZEROED = 1 /* the block must read as zero */
};

/* What a map is about to do with a part of a block. */
typedef enum om_advice {
    OM_WILL_WRITE,   /* nearly all of it, soon */
    OM_WILL_NOT_READ /* never again: the part's content may be lost */
} om_advice;

/* One resize of one table, in the words of the original notes. */
typedef struct om_resize {
    size_t old_capacity; /* slots; 0 for the first table */
    size_t new_capacity; /* slots */
    size_t entry_bytes;  /* bytes a slot holds in the table (chaining: a head) */
    size_t items;        /* entries to move */
    size_t old_bytes;    /* bytes of the old table */
    size_t new_bytes;    /* bytes of the new table         48 bytes */
} om_resize;

/* Hooks of your own. `allocate` returns NULL when out of memory. A map calls them only
 * when it is consistent, so they may use the map. `on_resize`, which may be NULL, is told
 * when a resize begins (is_end false; before the new table is asked for) and ends (after
 * the old one is released, or after the resize has failed, the map then unchanged).
 * `advise`, which may be NULL, may do something or nothing about a part of a block; it is
 * the one hook that is called in the middle of a resize and must not touch the map.
 * The struct must outlive every map that was given it. Fill it in by name
 * (.allocate = ...), so that hooks of later versions start out as NULL; to build on the
 * default, call om_allocate(&om_allocator_default, request) and om_release. */
typedef struct om_allocator {
    void *(*allocate)(void *context, const om_request *request);
    void (*release)(void *context, void *block, const om_request *request);
    void (*on_resize)(void *context, const om_resize *resize, bool is_end);
    void *context; /* handed to each hook */
    void (*advise)(void *context, void *part, size_t bytes, const om_request *block,
                   om_advice advice);
    /* 40 bytes */
} om_allocator;

/* From this size on a block is pages of its own: they come zeroed, start on a cache
 * line, and go back to the system at once. (glibc's own threshold starts at 128 KiB.) */
#define OM_PAGES_FROM ((size_t)128 * 1024)

OM_UNUSED static inline bool om_is_pages(const om_request *block)
{
    return block->bytes >= OM_PAGES_FROM && block->alignment <= 4096;
}

/* The default: the C library's heap, and whole pages for large blocks. */
OM_UNUSED static void *om_default_allocate(void *context, const om_request *request)
{
    (void)context;
    if (om_is_pages(request))
        return om_os_pages_map(request->bytes);
    if (request->alignment <= OM_ALIGNOF(max_align_t))
        return (request->flags & OM_ZEROED) != 0 ? calloc(1, request->bytes)
                                                 : malloc(request->bytes);
    const size_t mask = request->alignment - 1;
    if (request->bytes > SIZE_MAX - mask)
        return NULL;
    const size_t whole = (request->bytes + mask) & ~mask;
    void *const block = aligned_alloc(request->alignment, whole);
    if (block != NULL && (request->flags & OM_ZEROED) != 0)
        om_mem_zero(block, whole);
    return block;
}

OM_UNUSED static void om_default_release(void *context, void *block,
                                         const om_request *request)
{
    (void)context;
    if (om_is_pages(request))
        om_os_pages_unmap(block, request->bytes);
    else
        free(block);
}

OM_UNUSED static void om_default_advise(void *context, void *part, size_t bytes,
                                        const om_request *block, om_advice advice)
{
    (void)context;
    if (!om_is_pages(block))
        return;
    if (advice == OM_WILL_WRITE)
        om_os_pages_populate(part, bytes);
    else
        om_os_pages_discard(part, bytes);
}

static const om_allocator om_allocator_default = {om_default_allocate, om_default_release,
                                                  NULL, NULL, om_default_advise};

OM_UNUSED static inline const om_allocator *om_allocator_or_default(const om_allocator *a)
{
    return a != NULL ? a : &om_allocator_default;
}

OM_UNUSED static inline void *om_allocate(const om_allocator *a,
                                          const om_request *request)
{
    return a->allocate(a->context, request);
}

OM_UNUSED static inline void om_release(const om_allocator *a, void *block,
                                        const om_request *request)
{
    a->release(a->context, block, request);
}

OM_UNUSED static inline void om_advise(const om_allocator *a, void *part, size_t bytes,
                                       const om_request *block, om_advice advice)
{
    if (a->advise != NULL)
        a->advise(a->context, part, bytes, block, advice);
}

OM_UNUSED static inline void om_announce(const om_allocator *a, const om_resize *resize,
                                         bool is_end)
{
    if (a->on_resize != NULL)
        a->on_resize(a->context, resize, is_end);
}

/* Tells a traced build that a sub-range of a block is a part of its own: `bytes` bytes
 * at `offset` in each `stride` bytes from `base`. Nothing unless somebody defines it. */
#ifndef OM_PART
#define OM_PART(base, offset, stride, bytes, name) ((void)0)
#endif

/* Called once for each slot or node that a verb examines. Nothing unless a test that
 * counts probes defines it. */
#ifndef OM_ON_PROBE
#define OM_ON_PROBE() ((void)0)
#endif

#endif
