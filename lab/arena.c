/* SPDX-License-Identifier: MIT */
/* Memory in an address range of the lab's own, and of which part each byte of it is.
 *
 * Method. One reservation that costs nothing holds the heap, then the pages. A byte for
 * each 8 bytes of the heap says the part; large blocks, of which there are few, have a
 * row each, sorted by address because addresses only rise. */
#include "arena.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Addresses, not memory: as many as there are to be had, between these. */
static const uint64_t MOST_HEAP = (uint64_t)1 << 34, LEAST_HEAP = (uint64_t)1 << 30;
enum { PAGES_TO_HEAP = 4 }; /* room for large blocks, which are never used twice */
enum {
    PAGE = 4096,
    GRANULE = 8,
    STEP = 1 << 20,     /* how far the heap is made usable at once */
    MOST_RANGES = 6,    /* as the report and docs/result-format.md say */
    BLOCK_BEGINS = 0x80 /* in a label: a block's first granule */
};

/* Part of a large block that is another part. */
struct range {
    uint64_t offset, stride, bytes;
    uint8_t part;
};

struct large {
    uint64_t start, end; /* addresses */
    uint8_t part;
    unsigned n_ranges;
    struct range ranges[MOST_RANGES];
};

static struct {
    uint64_t start, pages_start, next_page, end;
    uint8_t *labels;    /* of the heap's granules */
    uint64_t usable_to; /* of the heap, as an address */
    struct heap *heap;
    void (*before)(void);
    struct large *large;
    size_t n_large, room_large;
    size_t last; /* the row found last */
} arena;

static bool make_usable(uint64_t from, uint64_t to)
{
    return from == to ||
           mprotect((void *)(uintptr_t)from, to - from, PROT_READ | PROT_WRITE) == 0;
}

/* The heap's memory up to `end`, and the labels of it. */
static bool grow(void *context, void *end)
{
    const uint64_t wanted = ((uint64_t)(uintptr_t)end + STEP - 1) / STEP * STEP;
    (void)context;
    if (wanted <= arena.usable_to)
        return true;
    const uint64_t labels = (uint64_t)(uintptr_t)arena.labels;
    const uint64_t from = (arena.usable_to - arena.start) / GRANULE;
    const uint64_t to = (wanted - arena.start) / GRANULE;
    if (!make_usable(arena.usable_to, wanted) || !make_usable(labels + from, labels + to))
        return false;
    arena.usable_to = wanted;
    return true;
}

/* The heap says what glibc reads, and need not read all of it itself. */
static void touch_for_real(void *context, const void *at, unsigned bytes, bool is_store)
{
    (void)context, (void)is_store;
    for (unsigned i = 0; i < bytes; i += 8)
        (void)*((const volatile char *)at + i);
}

bool arena_open(heap_touch *touch, void (*before)(void), struct complaint *complaint)
{
    static struct heap heap;
    uint64_t heap_room = MOST_HEAP;
    void *room = MAP_FAILED;
    for (; room == MAP_FAILED && heap_room >= LEAST_HEAP; heap_room /= 2)
        room =
            mmap(NULL, heap_room + PAGES_TO_HEAP * heap_room + heap_room / GRANULE + STEP,
                 PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED)
        return complain(complaint, "no address range for the traced memory; lift the "
                                   "limit of virtual memory (ulimit -v unlimited)");
    heap_room *= 2; /* the loop halved it once more */
    arena.start = ((uint64_t)(uintptr_t)room + STEP - 1) / STEP * STEP;
    arena.pages_start = arena.next_page = arena.start + heap_room;
    arena.end = arena.pages_start + PAGES_TO_HEAP * heap_room;
    arena.labels = (uint8_t *)(uintptr_t)arena.end;
    arena.usable_to = arena.start;
    arena.before = before;
    arena.heap = &heap;
    return heap_init(arena.heap, (void *)(uintptr_t)arena.start, heap_room, grow,
                     touch != NULL ? touch : touch_for_real, NULL) ||
           complain(complaint, "no memory for the traced heap; give more with "
                               "--memory-limit");
}

/* ---- large blocks ---- */

static struct large *add_large(uint64_t bytes)
{
    const uint64_t whole = (bytes + PAGE - 1) / PAGE * PAGE;
    if (arena.n_large == arena.room_large) {
        const size_t room = arena.room_large == 0 ? 16 : 2 * arena.room_large;
        struct large *const longer = realloc(arena.large, room * sizeof *longer);
        if (longer == NULL)
            return NULL;
        arena.large = longer;
        arena.room_large = room;
    }
    if (whole > arena.end - arena.next_page ||
        !make_usable(arena.next_page, arena.next_page + whole))
        return NULL;
    struct large *const large = &arena.large[arena.n_large++];
    memset(large, 0, sizeof *large);
    large->start = arena.next_page;
    large->end = arena.next_page + bytes;
    arena.next_page += whole;
    return large;
}

/* The row that an address lies in, or NULL. */
static struct large *find_large(uint64_t address)
{
    if (arena.last < arena.n_large && arena.large[arena.last].start <= address &&
        address < arena.large[arena.last].end)
        return &arena.large[arena.last];
    size_t low = 0, high = arena.n_large;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (arena.large[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == arena.n_large || address < arena.large[low].start)
        return NULL;
    arena.last = low;
    return &arena.large[low];
}

static void release_large(struct large *large)
{
    const uint64_t whole = (large->end - large->start + PAGE - 1) / PAGE * PAGE;
    void *const pages = (void *)(uintptr_t)large->start;
    (void)madvise(pages, whole, MADV_DONTNEED);
    (void)mprotect(pages, whole, PROT_NONE);
    const size_t i = (size_t)(large - arena.large);
    memmove(large, large + 1, (arena.n_large - i - 1) * sizeof *large);
    arena.n_large--;
}

/* Part and neighbours of an address in a large block. */
static void place_in_large(const struct large *large, uint64_t address,
                           struct arena_place *place)
{
    uint64_t start = large->start, end = large->end;
    bool is_known = true;
    place->part = large->part;
    for (unsigned i = large->n_ranges; i-- > 0;) {
        const struct range *const range = &large->ranges[i];
        const uint64_t from = large->start + range->offset, to = from + range->bytes;
        const uint64_t at = address - from;
        is_known = is_known && range->stride == 0;
        if (address >= from &&
            (range->stride == 0 ? at : at % range->stride) < range->bytes)
            place->part = range->part;
        /* the nearest edges */
        start = from <= address && from > start ? from : start;
        start = to <= address && to > start ? to : start;
        end = from > address && from < end ? from : end;
        end = to > address && to < end ? to : end;
    }
    if (is_known) {
        place->start = start;
        place->end = end;
    }
}

/* ---- blocks of the heap ---- */

static uint8_t *label_of(uint64_t address)
{
    return &arena.labels[(address - arena.start) / GRANULE];
}

static void set_labels(uint64_t from, uint64_t to, uint8_t part)
{
    if (from < to)
        memset(label_of(from), part, (to - from + GRANULE - 1) / GRANULE);
}

/* Whether some of it has been another part. */
static bool was_another(uint64_t at, uint64_t bytes, uint8_t part)
{
    const uint8_t *const label = label_of(at);
    for (uint64_t i = 0; i < (bytes + GRANULE - 1) / GRANULE; i++) {
        const uint8_t before = label[i] & (BLOCK_BEGINS - 1);
        if (before != part && before != ARENA_NO_PART)
            return true;
    }
    return false;
}

static void label_block(uint64_t at, uint64_t bytes, uint8_t part)
{
    if (was_another(at, bytes, part))
        arena.before();
    set_labels(at, at + bytes, part);
    *label_of(at) |= BLOCK_BEGINS;
}

/* As malloc_usable_size: the word before a block is its chunk's size, with three flags. */
static uint64_t usable_bytes(const void *block)
{
    uint64_t size;
    memcpy(&size, (const char *)block - sizeof size, sizeof size);
    return (size & ~(uint64_t)7) - sizeof size;
}

/* ---- for all ---- */

void *arena_allocate(const om_request *request, uint8_t part)
{
    const bool is_zeroed = (request->flags & OM_ZEROED) != 0;
    if (om_is_pages(request)) {
        struct large *const large = add_large(request->bytes);
        if (large == NULL)
            return NULL;
        large->part = part;
        return (void *)(uintptr_t)large->start;
    }
    void *const block =
        is_zeroed ? heap_allocate_zeroed(arena.heap, request->bytes, request->alignment)
                  : heap_allocate(arena.heap, request->bytes, request->alignment);
    if (block != NULL && arena.before != NULL)
        label_block((uint64_t)(uintptr_t)block, request->bytes, part);
    return block;
}

void arena_release(void *block, const om_request *request)
{
    struct large *const large =
        om_is_pages(request) ? find_large((uint64_t)(uintptr_t)block) : NULL;
    if (large != NULL) {
        if (arena.before != NULL)
            arena.before();
        release_large(large);
    } else {
        heap_release(arena.heap, block);
    }
}

static void *allocate(void *context, const om_request *request)
{
    (void)context;
    return arena_allocate(request, ARENA_NO_PART);
}

static void release(void *context, void *block, const om_request *request)
{
    (void)context;
    arena_release(block, request);
}

const om_allocator arena_allocator = {allocate, release, NULL, NULL, om_default_advise};

bool arena_set_part(const void *block, size_t offset, size_t stride, size_t bytes,
                    uint8_t part)
{
    const uint64_t at = (uint64_t)(uintptr_t)block;
    struct large *const large = find_large(at);
    const bool has_room = large == NULL || large->n_ranges < MOST_RANGES;
    if (large != NULL && has_room) {
        large->ranges[large->n_ranges++] = (struct range){offset, stride, bytes, part};
    } else if (large == NULL && arena.start <= at && at < arena.usable_to &&
               (*label_of(at) & BLOCK_BEGINS) != 0) {
        const uint64_t room = usable_bytes(block);
        for (uint64_t from = offset; from < room && bytes <= room - from;
             from += stride) {
            set_labels(at + from, at + from + bytes, part);
            if (stride == 0)
                break;
        }
        *label_of(at) |= BLOCK_BEGINS;
    }
    return has_room;
}

bool arena_find(uint64_t address, struct arena_place *place)
{
    if (address - arena.start >= arena.end - arena.start)
        return false;
    *place = (struct arena_place){address - arena.start, address, address, ARENA_NO_PART};
    if (address >= arena.pages_start) {
        const struct large *const large = find_large(address);
        if (large != NULL)
            place_in_large(large, address, place);
    } else if (address < arena.usable_to) {
        const uint8_t other = *label_of(address ^ GRANULE) & (BLOCK_BEGINS - 1);
        place->part = *label_of(address) & (BLOCK_BEGINS - 1);
        /* no part may become one */
        if (place->part == other && place->part != ARENA_NO_PART) {
            place->start = address / ARENA_UNIT * ARENA_UNIT;
            place->end = place->start + ARENA_UNIT;
        }
    }
    return true;
}

uint64_t arena_block(uint64_t offset)
{
    const uint64_t address = arena.start + offset;
    if (address < arena.pages_start) {
        const uint8_t *label = label_of(address);
        while (label > arena.labels && (*label & BLOCK_BEGINS) == 0)
            label--;
        return (uint64_t)(label - arena.labels) * GRANULE;
    }
    const struct large *const large = find_large(address);
    return large != NULL ? large->start - arena.start : offset;
}
