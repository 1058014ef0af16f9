/* SPDX-License-Identifier: MIT */
/* The compact open addressing map of the notes, access for access and with its faults: what
 * figures that were published for it are compared with.
 *
 * Idea. A Vec of bare pairs and a Vec<u8> of 2-bit states, 4 slots a byte (0 empty, 1
 * deleted, 3 occupied), and linear probing; SipHash-1-3 with key zero, the slot is the hash
 * modulo the capacity, and so is each next.
 *
 * Layout
 *      entries  0        8        16                  status   0        1
 *               +--------+--------+                            +--------+
 *               |key     |value   |   u64; str: 48             |3 2 1 0 |  2 bits a slot
 *               +--------+--------+                            +--------+
 *
 * Growth. Before an insert that finds size / capacity at 0.7 or more: both arrays anew, of
 * twice the slots. States and integer pairs are zero and come from calloc, unwritten; a
 * pair of Strings is written into each slot, for an empty String is not zero bytes. What is
 * occupied is taken out of the old slots, which a default pair is written into, and moves
 * slot by slot; with strings the old Vec is then walked once more to drop what is in it.
 *
 * Faults, kept
 *  F1  An insert takes the first tombstone, and the key may be behind it: then it is in
 *      the table twice, and after a delete of the newer entry the older one returns.
 *  F2  Tombstones are not counted: deletes and inserts of new keys fill the table with
 *      them, and a lookup of an absent key looks at every slot.
 *  F3  A delete releases nothing: the pair stays until its slot is used again.
 *  F4  A lookup takes a key of its own and copies the value it finds.
 *
 * Agrees with the oracle on load_factor, key_distribution, keys and memory_patterns, which
 * inserts no key again that may be behind a tombstone but those it has just overwritten
 * before its first delete. Not on operation_mix: F1.
 *
 * Not known. Whether the notes' compiler made a Vec of zero pairs by calloc, as later ones
 * do. malloc's threshold rises with each mapping that is freed, so the status of large
 * tables came from the heap there; here every block of 128 KiB and more is mapped. */
#define REPLAY_HEADER "replay_compact.h"
#include "replay_subject.h"
