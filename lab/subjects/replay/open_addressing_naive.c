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
#define REPLAY_NAIVE
#define REPLAY_HEADER "replay_open_addressing.h"
#include "replay_subject.h"
