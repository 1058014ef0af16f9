/* SPDX-License-Identifier: MIT */
/* From a traced subject's words to accesses that say where, of what part, in which phase;
 * handed on to whoever listens. One tracer a process. */
#ifndef ONEMISS_LAB_TRACER_H
#define ONEMISS_LAB_TRACER_H

#include "complaint.h"
#include "subject.h"

/* What the map is doing: a verb, numbered as in enum operation, or a resize within one. */
enum trace_phase {
    PHASE_GET,
    PHASE_INSERT,
    PHASE_DELETE,
    PHASE_ITERATE,
    PHASE_COPY,
    PHASE_RESIZE,
    N_PHASES
};
extern const char *const trace_phase_names[]; /* by enum trace_phase */

enum access_kind {
    ACCESS_LOAD,
    ACCESS_STORE,
    ACCESS_PREFETCH,
    ACCESS_ZERO /* the kernel fills whole pages with zeros */
};

/* Parts that every map has; those of its own follow. */
enum {
    PART_UNLABELLED,
    PART_MAP,        /* its struct */
    PART_OPERATIONS, /* keys, opcodes, strings that are handed in */
    PART_STACK,
    PART_CONSTANTS, /* of the subject's code: tables of a hash, the empty string */
    PART_ALLOCATOR, /* the hooks' struct */
    PART_HEAP,      /* the heap's own words */
    N_FIXED_PARTS,
    MOST_PARTS = 32,
    PART_NAME_ROOM = 32
};

struct traced_access {
    uint64_t address; /* the same in every run */
    uint32_t bytes;
    uint8_t part, phase, kind; /* kind: enum access_kind */
    uint8_t flags;             /* enum access_flags; 16 bytes */
};

enum access_flags {
    ACCESS_COUNTED = 1, /* else it only prepares what is looked at */
    ACCESS_FIRST = 2,   /* of an operation, of a resize, or of what is left behind one */
    ACCESS_PAGES = 4    /* always with ACCESS_ZERO: flags alone tell a plain access */
};

/* What listens is told of all accesses in order, many at a time. */
typedef void tracer_listener(const struct traced_access *accesses, size_t n);

/* Takes over a subject's port. Call before the map is created. */
bool tracer_open(struct trace_port *port, struct complaint *complaint);
void tracer_listen(tracer_listener *listener);

/* For the map and its strings. */
const om_allocator *tracer_allocator(void);

/* Books a range outside the allocator's memory to a fixed part. */
void tracer_know(const void *at, size_t bytes, unsigned part);

/* The map's code: every segment of the file that holds `symbol`. */
void tracer_know_code(const void *symbol);

/* Counted operations begin with a batch, and end. Of a batch that has just been made all
 * is told, since making it has left its lines in the caches; else only its head. */
void tracer_begin(const struct batch *batch, bool is_fresh);
void tracer_end(void);

/* What the map still does is not looked at. */
void tracer_stop(void);

size_t tracer_n_parts(void);

/* Blocks and ranges whose label was not heeded: it was one part too many, or one range too
 * many of a large block. */
uint64_t tracer_n_dropped(void);
const char *tracer_part_name(unsigned part);

/* The first byte of the allocator's block an access is in. */
uint64_t tracer_block(const struct traced_access *access);

#endif
