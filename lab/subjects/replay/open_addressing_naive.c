/* SPDX-License-Identifier: MIT */
/* The notes' open addressing map as it first was: its resize makes two tables.
 *
 * Idea, layout, faults, what it agrees with: open_addressing_original.c. The resize differs:
 * the old table's entries are drained into a Vec of their own, of the same size, before the
 * new table is made; two mappings and two unmappings where one of each would do. The notes
 * found them with strace, 50,335,744 and 100,667,392 bytes when 1,048,576 slots of strings
 * become 2,097,152.
 *
 * Growth. A Vec of the old capacity, each entry copied into it whole, empty ones too; the
 * new Vec, Empty written into each slot; what is occupied moves from the copy; the old Vec
 * is freed, then the copy, in the order that the notes' trace shows.
 *
 * Faults, kept. Those of open_addressing_original.c, and
 *  F6  A resize has three tables at a time, 4 times the bytes of the old one, where it
 *      needs two, 3 times.
 *
 * Not known. The text that the notes print and their trace disagree in which of the two is
 * freed first. Whether both come from the system depends on malloc's threshold, which
 * rises up to 32 MiB with each mapping that is freed: the copy of a smaller table may have
 * come from the heap. Here every block of 128 KiB and more is mapped. */
#include "subject_export.h"

#define REPLAY_NAIVE
#include "replay.h"

#define BODY u64_siphash13
#define KIND u64
#include "replay_open_addressing.h"
#include "subject_body.h"
#undef KIND

#define BODY str_siphash13
#define KIND str
#define BODY_STRINGS
#include "replay_open_addressing.h"
#include "subject_body.h"
#undef KIND

static const struct subject_variant variants[] = {
    SUBJECT_VARIANT(u64, siphash13),
    SUBJECT_VARIANT(str, siphash13),
};

SUBJECT_EXPORT(variants, 0);
