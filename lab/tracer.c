/* SPDX-License-Identifier: MIT */
/* From a traced subject's words to accesses that say where, of what part, in which phase.
 *
 * Question. Which array of a map does it read and write, and while it does what?
 * Method. Words collect in a buffer and are decoded when it is full, when a batch begins
 * or ends, and before anything that changes what an address means: a resize, a large
 * block's release, a place in the heap that becomes another part's. Addresses are told as
 * distances: what the kernel drew for this process is taken out, so that a run can be
 * repeated to the last miss. What the lab writes before a batch (keys, opcodes, strings)
 * is told too, uncounted, since it leaves lines in the caches.
 * What it does not see. What the compiler does not tell (trace_memory.c); the kernel, but
 * for pages that the map has it fill in advance. */
#include "tracer.h"

#include <link.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"

enum { WORDS = 512, MOST_RANGES = 24, PAGE_BYTES = 4096, MOST_ZEROED = 1 << 30 };

/* Where ranges outside the arena are told to be: beyond it, a terabyte for each. */
static const uint64_t FIRST_RANGE = (uint64_t)1 << 40;

const char *const trace_phase_names[] = {"get",  "insert", "delete",
                                         "walk", "copy",   "resize"};

_Static_assert(MOST_PARTS - N_FIXED_PARTS == 25,
               "why_trust.c and result-format.md say so");

struct known_range {
    uint64_t start, bytes, told_at;
    uint8_t part;
};

/* Aligned bytes that are one part throughout: a unit, or a region of a large block. */
struct known {
    uint64_t number; /* address / bytes; 0: none */
    uint64_t shift;  /* to be added to an address in it */
    uint64_t part;
};

enum { KNOWN = 256, REGION = 1 << 16 };

static struct {
    struct known units[KNOWN], regions[KNOWN];
    struct trace_port *port;
    uint64_t words[WORDS];
    struct traced_access accesses[WORDS];
    tracer_listener *listeners[4];
    size_t n_listeners;
    struct known_range ranges[MOST_RANGES];
    size_t n_ranges;
    uint64_t n_dropped; /* blocks and ranges there was no room for */
    char names[MOST_PARTS][PART_NAME_ROOM];
    unsigned n_parts;
    uint8_t phase;  /* of the operation at hand */
    bool in_resize; /* then the phase is that */
    uint8_t flags;  /* of the next access */
} tracer = {.names = {"unlabelled", "map struct", "operations", "stack", "constants",
                      "allocator", "malloc"},
            .n_parts = N_FIXED_PARTS};

/* ---- decoding ---- */

static void tell(const struct traced_access *accesses, size_t n)
{
    for (size_t i = 0; i < tracer.n_listeners && n > 0; i++)
        tracer.listeners[i](accesses, n);
}

/* An address outside the arena. */
static struct arena_place place_outside(uint64_t address)
{
    for (size_t i = 0; i < tracer.n_ranges; i++) {
        const struct known_range *const range = &tracer.ranges[i];
        if (address - range->start < range->bytes)
            return (struct arena_place){range->told_at + (address - range->start),
                                        range->start, range->start + range->bytes,
                                        range->part};
    }
    return (struct arena_place){address, address, address, PART_UNLABELLED};
}

/* Whether all of the aligned bytes round the address are of its part. */
static bool is_all(const struct arena_place *place, uint64_t address, uint64_t bytes)
{
    const uint64_t first = address / bytes * bytes;
    return place->start <= first && first + bytes <= place->end;
}

/* Finds where and of which part an address is, until the next one is looked for; kept for
 * longer if it holds for more. */
static const struct known *find(uint64_t address)
{
    struct known *const unit = &tracer.units[address / ARENA_UNIT % KNOWN];
    struct known *const region = &tracer.regions[address / REGION % KNOWN];
    if (region->number == address / REGION)
        return region;
    struct arena_place place;
    if (!arena_find(address, &place))
        place = place_outside(address);
    *unit = (struct known){0, place.offset - address, place.part};
    if (is_all(&place, address, ARENA_UNIT))
        unit->number = address / ARENA_UNIT;
    if (is_all(&place, address, REGION))
        *region = (struct known){address / REGION, unit->shift, unit->part};
    return unit;
}

/* Most accesses are to lines that were touched just before. */
static inline const struct known *find_again(uint64_t address)
{
    const struct known *const unit = &tracer.units[address / ARENA_UNIT % KNOWN];
    return unit->number == address / ARENA_UNIT ? unit : find(address);
}

static void flush(struct trace_port *port)
{
    const uint64_t address_mask = ((uint64_t)1 << TRACE_ADDRESS_BITS) - 1;
    struct traced_access *access = tracer.accesses;
    const uint64_t *const end = port->next;
    uint8_t phase = tracer.phase, flags = tracer.flags;
    uint8_t told = tracer.in_resize ? PHASE_RESIZE : phase;
    port->next = tracer.words;
    for (const uint64_t *at = tracer.words; at < end; at++) {
        const uint64_t word = *at, address = word & address_mask;
        const unsigned kind = word >> TRACE_KIND_AT & 3;
        if (kind == TRACE_MARK) {
            phase = address < PHASE_RESIZE ? (uint8_t)address : PHASE_GET;
            told = tracer.in_resize ? PHASE_RESIZE : phase;
            flags |= ACCESS_FIRST;
            continue;
        }
        const struct known *const known = find_again(address);
        access->address = address + known->shift;
        access->bytes = (uint32_t)(word >> TRACE_ADDRESS_BITS) & TRACE_MOST_BYTES;
        access->part = (word & TRACE_BY_HEAP) != 0 ? PART_HEAP : (uint8_t)known->part;
        access->phase = told;
        access->kind = (uint8_t)kind; /* the kinds are numbered alike */
        access->flags = flags;
        access++;
        flags &= (uint8_t)~ACCESS_FIRST;
    }
    tracer.phase = phase;
    tracer.flags = flags;
    tell(tracer.accesses, (size_t)(access - tracer.accesses));
}

_Static_assert(ACCESS_LOAD == (int)TRACE_LOAD && ACCESS_STORE == (int)TRACE_STORE &&
                   ACCESS_PREFETCH == (int)TRACE_PREFETCH,
               "the kinds are numbered alike");

/* Before an address comes to mean something else. */
static void flush_now(void)
{
    flush(tracer.port);
    memset(tracer.units, 0, sizeof tracer.units);
    memset(tracer.regions, 0, sizeof tracer.regions);
}

/* ---- memory ---- */

/* The part of that name, which is a map's own word: only its first bytes are kept, and
 * none that could end a message. Without a name, or when there are too many, unlabelled. */
static unsigned part_of(const char *name)
{
    char safe[PART_NAME_ROOM];
    unsigned i = 0;
    if (name == NULL || *name == '\0')
        return PART_UNLABELLED;
    snprintf(safe, sizeof safe, "%s", name);
    text_mask(safe);
    while (i < tracer.n_parts && strcmp(tracer.names[i], safe) != 0)
        i++;
    tracer.n_dropped += i == MOST_PARTS;
    if (i == MOST_PARTS)
        return PART_UNLABELLED;
    if (i == tracer.n_parts)
        strcpy(tracer.names[tracer.n_parts++], safe);
    return i;
}

static void touch(void *context, const void *at, unsigned bytes, bool is_store)
{
    (void)context;
    trace_put_range(tracer.port, at, bytes, is_store ? TRACE_STORE : TRACE_LOAD,
                    TRACE_BY_HEAP);
}

static void *allocate(void *context, const om_request *request)
{
    (void)context;
    return arena_allocate(request, (uint8_t)part_of(request->label));
}

static void release(void *context, void *block, const om_request *request)
{
    (void)context;
    arena_release(block, request);
}

static void on_resize(void *context, const om_resize *resize, bool is_end)
{
    (void)context, (void)resize;
    flush(tracer.port);
    tracer.in_resize = !is_end;
    tracer.flags |= ACCESS_FIRST;
}

/* The kernel backs whole pages of a large block, and fills them with zeros. The page that
 * a stretch begins in is the stretch before's. */
static void advise(void *context, void *part, size_t bytes, const om_request *block,
                   om_advice advice)
{
    const uint64_t at = (uint64_t)(uintptr_t)part, mask = PAGE_BYTES - 1;
    struct traced_access access = {.kind = ACCESS_ZERO};
    om_default_advise(context, part, bytes, block, advice);
    if (!om_is_pages(block) || advice != OM_WILL_WRITE)
        return;
    flush(tracer.port);
    access.flags = (tracer.flags & ACCESS_COUNTED) | ACCESS_PAGES;
    access.phase = tracer.in_resize ? PHASE_RESIZE : tracer.phase;
    const uint64_t first = (at + mask) & ~mask, end = (at + bytes + mask) & ~mask;
    struct arena_place place;
    if (first >= end || !arena_find(first, &place))
        return;
    access.address = place.offset;
    access.part = place.part;
    for (uint64_t left = end - first; left > 0; left -= access.bytes) {
        access.bytes = left < MOST_ZEROED ? (uint32_t)left : MOST_ZEROED;
        tell(&access, 1);
        access.address += access.bytes;
    }
}

static const om_allocator allocator = {allocate, release, on_resize, NULL, advise};

const om_allocator *tracer_allocator(void)
{
    return &allocator;
}

static void set_part(const void *base, size_t offset, size_t stride, size_t bytes,
                     const char *name)
{
    flush_now();
    const uint8_t part = (uint8_t)part_of(name); /* counts what it drops itself */
    if (!arena_set_part(base, offset, stride, bytes, part))
        tracer.n_dropped++;
}

/* ---- what lies elsewhere ---- */

void tracer_know(const void *at, size_t bytes, unsigned part)
{
    if (tracer.n_ranges == MOST_RANGES || bytes == 0)
        return;
    const uint64_t told_at = FIRST_RANGE * (tracer.n_ranges + 1);
    tracer.ranges[tracer.n_ranges++] =
        (struct known_range){(uint64_t)(uintptr_t)at, bytes, told_at, (uint8_t)part};
    flush_now(); /* what has just been made there was written there */
}

static int know_segments(struct dl_phdr_info *file, size_t size, void *symbol)
{
    const uintptr_t wanted = (uintptr_t)symbol;
    bool is_it = false;
    (void)size;
    for (size_t i = 0; i < file->dlpi_phnum; i++) {
        const uintptr_t start = file->dlpi_addr + file->dlpi_phdr[i].p_vaddr;
        is_it |= file->dlpi_phdr[i].p_type == PT_LOAD &&
                 wanted - start < file->dlpi_phdr[i].p_memsz;
    }
    for (size_t i = 0; is_it && i < file->dlpi_phnum; i++)
        if (file->dlpi_phdr[i].p_type == PT_LOAD)
            tracer_know((const void *)(file->dlpi_addr + file->dlpi_phdr[i].p_vaddr),
                        file->dlpi_phdr[i].p_memsz, PART_CONSTANTS);
    return is_it;
}

void tracer_know_code(const void *symbol)
{
    (void)dl_iterate_phdr(know_segments, (void *)(uintptr_t)symbol);
}

uint64_t tracer_block(const struct traced_access *access)
{
    return arena_block(access->address);
}

size_t tracer_n_parts(void)
{
    return tracer.n_parts;
}

uint64_t tracer_n_dropped(void)
{
    return tracer.n_dropped;
}

const char *tracer_part_name(unsigned part)
{
    return tracer.names[part];
}

/* ---- the run ---- */

bool tracer_open(struct trace_port *port, struct complaint *complaint)
{
    enum { STACK_BELOW = 256 * 1024, STACK_ABOVE = 4096 };
    tracer.port = port;
    port->next = tracer.words;
    port->end = tracer.words + WORDS;
    port->flush = flush;
    port->part = set_part;
    const char *const here = __builtin_frame_address(0);
    tracer_know(&allocator, sizeof allocator, PART_ALLOCATOR);
    tracer_know(here - STACK_BELOW, STACK_BELOW + STACK_ABOVE, PART_STACK);
    return arena_open(touch, flush_now, complaint);
}

void tracer_listen(tracer_listener *listener)
{
    const size_t most = sizeof tracer.listeners / sizeof *tracer.listeners;
    if (tracer.n_listeners < most)
        tracer.listeners[tracer.n_listeners++] = listener;
}

static void put_written(const void *at, size_t bytes)
{
    trace_put_range(tracer.port, at, bytes, TRACE_STORE, 0);
}

/* The lines that making a batch has written. */
static void put_batch(const struct batch *batch)
{
    if (subject_is_whole(batch->operation))
        return;
    const bool are_strings = batch->views[0].pointer != NULL;
    if (batch->operation == OPERATION_MIXED)
        put_written(batch->operations, batch->n);
    if (!are_strings) {
        put_written(batch->integers, batch->n * sizeof *batch->integers);
        return;
    }
    for (unsigned i = 0; i < batch->n; i++) {
        put_written(batch->views[i].pointer, batch->views[i].length);
        put_written(&batch->views[i], sizeof *batch->views);
        const om_string *const owned[] = {&batch->strings[i], &batch->values[i]};
        for (size_t j = 0; j < 2; j++) {
            if (owned[j]->capacity == 0)
                continue; /* nothing to insert */
            put_written(owned[j]->pointer, owned[j]->length);
            put_written(owned[j], sizeof *owned[j]);
        }
    }
}

void tracer_begin(const struct batch *batch, bool is_fresh)
{
    put_written(batch, 1); /* what the lab itself has just looked at */
    put_written(&batch->checksum, sizeof batch->checksum);
    if (is_fresh)
        put_batch(batch);
    flush(tracer.port);
    tracer.flags |= ACCESS_COUNTED;
}

void tracer_end(void)
{
    flush(tracer.port);
    tracer.flags = 0;
}

static void forget(struct trace_port *port)
{
    port->next = tracer.words;
}

void tracer_stop(void)
{
    flush(tracer.port);
    tracer.n_listeners = 0;
    tracer.port->flush = forget;
}
