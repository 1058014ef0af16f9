/* SPDX-License-Identifier: MIT */
/* The open addressing map of the notes, access for access and with its faults: what figures
 * that were published for it are compared with.
 *
 * Idea. A Vec of enum Entry {Empty, Deleted(K), Occupied(K, V)} and linear probing;
 * SipHash-1-3 with key zero, the slot is the hash modulo the capacity, and so is each next.
 *
 * Layout
 *      u64      0        8        16       24
 *               +--------+--------+--------+
 *               |variant |key     |value   |
 *               +--------+--------+--------+
 *      str      0                          24                         48
 *               +--------+--------+--------+--------+--------+--------+
 *               |key                       |value (the variant in it) |
 *               +--------+--------+--------+--------+--------+--------+
 *
 * Growth. Before an insert that finds size / capacity at 0.7 or more: a new Vec of twice
 * the slots, Empty written into each; what is occupied moves there slot by slot, tombstones
 * are dropped, the old Vec is freed. A large Vec is a block that malloc maps: it starts 16
 * bytes into its page, and 8,192 slots of integers are a mapping of 200,704 bytes.
 *
 * Faults, kept
 *  F1  An insert compares no keys: a key that is there is put in once more. n updates of
 *      one key are n entries in one run of slots, and cost n^2.
 *  F2  An insert takes the first tombstone, and the key may be behind it: when the newer
 *      entry is deleted the older one returns.
 *  F3  A delete that meets a tombstone of its key ends there, though the key may be live
 *      behind it.
 *  F4  Tombstones are not counted: deletes and inserts of new keys fill the table with
 *      them, and a lookup of an absent key looks at every slot.
 *  F5  A lookup takes a key of its own and copies the value it finds.
 *
 * Agrees with the oracle on load_factor, key_distribution and keys: where no key is
 * inserted twice. Not on operation_mix and memory_patterns: F1.
 *
 * Not known. Which word of a string pair holds the variant; it must be the value's, since
 * Deleted keeps a key beside it. */
#define REPLAY_HEADER "replay_open_addressing.h"
#include "replay_subject.h"
