/* SPDX-License-Identifier: MIT */
/* A map in one array of bare entries and one of 2-bit states: linear probing.
 *
 * Idea. The same probing as open_addressing.h, the layout split: entries carry nothing
 * but the pair, and the states stand apart, 32 in a word, 256 in a line. Probes run over
 * the states and touch an entry only where it is live. More entries a line, more states
 * in the cache: that, not contiguity, is what the original notes found to count.
 *
 * Layout, u64 to u64: 16 bytes an entry, four a line; one block holds both arrays.
 *
 *      entries  0                16               32               48               64
 *               +--------+-------+--------+-------+--------+-------+--------+-------+
 *               |key     |value  |key     |value  |key     |value  |key     |value  |
 *               +--------+-------+--------+-------+--------+-------+--------+-------+
 *      status   0        8        16       24       32       40       48       56      64
 *               +--------+--------+--------+--------+--------+--------+--------+--------+
 *               |32 slots|32      |32      |32      |32      |32      |32      |32      |
 *               +--------+--------+--------+--------+--------+--------+--------+--------+
 *      a word   bits 2 i and 2 i + 1 are slot i's: 00 empty, 01 live, 10 deleted
 *
 * String to string: 48 bytes an entry and 2 bits.
 *
 * Budget, cache lines of the table, u64 to u64, at load 0.7 and uniform hashes (probe
 * counts: Knuth, TAOCP 3, 6.4: hit 2.17, miss 6.06): one status line, which serves 256
 * slots and stays cached while capacity / 4 bytes do, and p entries in 1 + (p - 1) / 4
 * lines: a hit 1.3; a miss, which finds its home slot empty in 3 of 10 cases and then
 * reads no entry, 1.8; an insert 2.3; a delete is a hit.
 *
 * Invariants, growth: core/linear_probing.h, I1 to I5.
 *
 * Limits. Once the status array has left the cache a hit misses twice, in a status and
 * an entry line, where open_addressing misses in 1.7 neighbouring lines.
 *
 * Credits. Two status bits an entry: khash.h of klib (2008) and Google's sparse and
 * dense tables before it; the rules are those of the notes this project started from. */

#include "contract.h"
#include "core/map_begin.h"

typedef struct OM_TYPE(entry) {
    OM_KEY key;
    OM_IF_VALUE(OM_VALUE value;)
} OM_TYPE(entry);

typedef struct OM_TYPE(table) {
    OM_TYPE(entry) *entries; /* the block */
    uint64_t *status;        /* in the same block, behind the entries */
    size_t capacity;         /* slots, a power of two; 0: no block */
} OM_TYPE(table);

OM_STATIC_ASSERT(offsetof(OM_TYPE(entry), key) == 0, "an entry is a bare pair");

/* Where the status words begin, in bytes from the block. */
OM_VERB bool OM_FN(status_offset)(size_t capacity, size_t *offset)
{
    const size_t align = OM_ALIGNOF(uint64_t);
    if (!om_size_multiply(capacity, sizeof(OM_TYPE(entry)), offset) ||
        !om_size_add(*offset, align - 1, offset))
        return false;
    *offset &= ~(align - 1);
    return true;
}

OM_VERB bool OM_FN(table_request)(size_t capacity, om_request *request)
{
    size_t offset;
    request->label = "entries";
    request->alignment = OM_ALIGNOF(OM_TYPE(entry)) > OM_ALIGNOF(uint64_t)
                             ? OM_ALIGNOF(OM_TYPE(entry))
                             : OM_ALIGNOF(uint64_t);
    request->flags = OM_ZEROED;
    return OM_FN(status_offset)(capacity, &offset) &&
           om_size_add(offset, (capacity + 31) / 32 * sizeof(uint64_t), &request->bytes);
}

OM_VERB OM_TYPE(table) OM_FN(table_at)(void *block, size_t capacity)
{
    size_t offset = 0;
    (void)!OM_FN(status_offset)(capacity, &offset);
    uint64_t *const status = (uint64_t *)(void *)((char *)block + offset);
    OM_PART(block, offset, 0, (capacity + 31) / 32 * sizeof(uint64_t), "status");
    const OM_TYPE(table) table = {(OM_TYPE(entry) *)block, status, capacity};
    return table;
}

OM_VERB inline om_state OM_FN(state)(const OM_TYPE(table) *table, size_t slot)
{
    return (om_state)(table->status[slot / 32] >> (slot % 32 * 2) & 3);
}

OM_VERB inline void OM_FN(set_state)(OM_TYPE(table) *table, size_t slot, om_state state)
{
    const unsigned shift = (unsigned)(slot % 32 * 2);
    uint64_t *const word = &table->status[slot / 32];
    *word = (*word & ~((uint64_t)3 << shift)) | (uint64_t)state << shift;
}

#include "core/linear_probing.h"

OM_VERB om_layout OM_FN(layout)(void)
{
    om_layout layout = OM_FN(layout_of_entry)(NULL, 0);
    layout.status_bits = 2;
    return layout;
}

#include "core/map_end.h"
