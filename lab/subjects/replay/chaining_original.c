/* SPDX-License-Identifier: MIT */
/* The chaining map of the notes, access for access and with its faults: what figures that
 * were published for it are compared with.
 *
 * Idea. A Vec of lists: 8-byte heads, nullable, each entry a Box of {key, value, next} on
 * malloc's heap; SipHash-1-3 with key zero, the slot is the hash modulo the capacity.
 *
 * Layout
 *      heads    8 bytes a slot
 *      node     0        8        16       24         u64: 24 bytes, 32 of malloc's
 *               +--------+--------+--------+
 *               |key     |value   |next    |
 *               +--------+--------+--------+
 *      node     0                          24                         48       56
 *               +--------+--------+--------+--------+--------+--------+--------+
 *               |key                       |value                     |next    |    str
 *               +--------+--------+--------+--------+--------+--------+--------+
 *
 * Growth. Before an insert that finds size / capacity at 0.7 or more: new heads, twice as
 * many, each written; then bucket by bucket every entry is CLONED, strings too, inserted
 * anew, and the old bucket dropped, its nodes from the tail up. So nodes change places with
 * every resize, and what one bucket gives back the next ones take.
 *
 * Faults, kept
 *  F1  A resize clones: an allocation and a release for each node, and two more of each
 *      with strings.
 *  F2  A delete does not lower the size: growth counts the dead, and the size is wrong.
 *  F3  A resize counts the size anew, so that it is suddenly right.
 *  F4  A lookup takes a key of its own and copies the value it finds.
 *
 * Agrees with the oracle on load_factor and key_distribution. Every workload with a delete
 * (keys, operation_mix, memory_patterns) reports a wrong size: F2.
 *
 * Not known. The order of the node's fields in Rust's memory; whether the link that a
 * delete empties and fills again on its way is written each time in an optimised build
 * (here it is). */
#define REPLAY_HEADER "replay_chaining.h"
#include "replay_subject.h"
