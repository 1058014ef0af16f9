/* SPDX-License-Identifier: MIT */
/* A map in one array of entries, each with its state inside: linear probing.
 *
 * Idea. No pointer is followed: an entry stands in its home slot or in one of the next.
 * The state of a slot (empty, live, deleted) is a byte of the entry, so a probe reads one
 * place only; the price is that alignment makes that byte as wide as the key.
 *
 * Layout, u64 to u64: 24 bytes an entry, two entries a line and 16 bytes over, so that
 * one entry in four straddles two lines.
 *
 *      0        8        16       24       32       40       48       56       64
 *      +--------+--------+--------+--------+--------+--------+--------+--------+
 *      |s       |key     |value   |s       |key     |value   |s       |key     | value..
 *      +--------+--------+--------+--------+--------+--------+--------+--------+
 *       1 + 7 unused
 *
 * With a key that has a niche (OM_KEY_NICHE; om_string: its pointer) no state is stored:
 * string to string is the bare pair, 48 bytes, one entry a line and 16 bytes over.
 *
 *      0        8        16       24       32       40       48                64
 *      +--------+--------+--------+--------+--------+--------+-----------------+
 *      |key.ptr |key.len |key.cap |val.ptr |val.len |val.cap | next entry..
 *      +--------+--------+--------+--------+--------+--------+-----------------+
 *       NULL: empty, 1: deleted
 *
 * Budget, cache lines of the table, u64 to u64, at load 0.7 and uniform hashes (probe
 * counts: Knuth, TAOCP 3, 6.4: hit 2.17, miss 6.06): p probes read 1 + (24 p - 8) / 64
 * lines, so a hit 1.7 and an insert 3.1; a miss 2.9, since of the slot that ends it only
 * the state is read; a delete is a hit. Strings add the lines
 * of the bytes that are compared.
 *
 * Invariants, growth: core/linear_probing.h, I1 to I5.
 *
 * Limits. Large values make every probe dear: the compact design keeps the same entries
 * but looks at 2 bits first. A miss at high load walks several lines.
 *
 * Credits. Linear probing: G. Amdahl, E. McGraw, A. Samuel, 1954 (told by Knuth); the
 * rules (load 0.7, doubling, masks, 16 slots) are those of the notes this project
 * started from. */

#include "contract.h"
#include "core/map_begin.h"

typedef struct OM_TYPE(entry) {
#ifndef OM_KEY_NICHE
    uint8_t state; /* om_state; the compiler pads it to the key's alignment */
#endif
    OM_KEY key;
    OM_IF_VALUE(OM_VALUE value;)
} OM_TYPE(entry);

typedef struct OM_TYPE(table) {
    OM_TYPE(entry) *entries;
    size_t capacity; /* slots, a power of two; 0: no block */
} OM_TYPE(table);

#ifdef OM_KEY_NICHE
OM_STATIC_ASSERT(offsetof(OM_TYPE(entry), key) == 0,
                 "a niche leaves no state in the entry");
#else
OM_STATIC_ASSERT(offsetof(OM_TYPE(entry), key) == OM_ALIGNOF(OM_KEY),
                 "the state is as wide as the key is aligned");
#endif

OM_VERB bool OM_FN(table_request)(size_t capacity, om_request *request)
{
    request->label = "entries";
    request->alignment = OM_ALIGNOF(OM_TYPE(entry));
    request->flags = OM_ZEROED;
    return om_size_multiply(capacity, sizeof(OM_TYPE(entry)), &request->bytes);
}

OM_VERB OM_TYPE(table) OM_FN(table_at)(void *block, size_t capacity)
{
    const OM_TYPE(table) table = {(OM_TYPE(entry) *)block, capacity};
    return table;
}

OM_VERB inline om_state OM_FN(state)(const OM_TYPE(table) *table, size_t slot)
{
#ifdef OM_KEY_NICHE
    return OM_CONCAT(OM_KEY_NICHE, _get)(&table->entries[slot].key);
#else
    return (om_state)table->entries[slot].state;
#endif
}

OM_VERB inline void OM_FN(set_state)(OM_TYPE(table) *table, size_t slot, om_state state)
{
#ifdef OM_KEY_NICHE
    OM_CONCAT(OM_KEY_NICHE, _set)(&table->entries[slot].key, state);
#else
    table->entries[slot].state = (uint8_t)state;
#endif
}

#include "core/linear_probing.h"

OM_VERB om_layout OM_FN(layout)(void)
{
#ifdef OM_KEY_NICHE
    return OM_FN(layout_of_entry)(NULL, 0);
#else
    return OM_FN(layout_of_entry)("state", sizeof(((OM_TYPE(entry) *)NULL)->state));
#endif
}

#include "core/map_end.h"
