/* SPDX-License-Identifier: MIT */
/* Memory in an address range of the lab's own, laid out alike in every run; and of which
 * part of a map each byte of it is. One arena a process.
 *
 * Small blocks lie as glibc's malloc would lay them (heap.h); large ones are whole pages,
 * at rising addresses, never used twice: what the kernel maps anew is new memory. */
#ifndef ONEMISS_LAB_ARENA_H
#define ONEMISS_LAB_ARENA_H

#include "complaint.h"
#include "heap.h"
#include "subject.h"

enum { ARENA_NO_PART = 0, ARENA_UNIT = 16 };

/* Reserves the range. `touch` is told what the heap itself reads and writes; `before` is
 * called before an address comes to mean something else. With both NULL no parts are
 * kept: the memory is only laid out as it would be. */
bool arena_open(heap_touch *touch, void (*before)(void), struct complaint *complaint);

/* For a map that nobody traces. */
extern const om_allocator arena_allocator;

/* NULL when out of memory. All of the block is of `part`. */
void *arena_allocate(const om_request *request, uint8_t part);
void arena_release(void *block, const om_request *request);

/* Books ranges of a block to another part: `bytes` at `offset` in each `stride` bytes from
 * `block`, its first byte, on to its end, or once when stride is 0. Granules of 8 bytes;
 * a large block takes six such calls: false for a seventh, which is left out. */
bool arena_set_part(const void *block, size_t offset, size_t stride, size_t bytes,
                    uint8_t part);

/* Where an address is: its distance from the arena's start, and its part, which all of
 * `start` to `end`, addresses too, are of until `before` is called; both are the address
 * where nothing is known of its neighbours. */
struct arena_place {
    uint64_t offset, start, end;
    uint8_t part;
};

/* False: not in the arena. */
bool arena_find(uint64_t address, struct arena_place *place);

/* The first byte of the block that a byte lies in, both as distances. */
uint64_t arena_block(uint64_t offset);

#endif
