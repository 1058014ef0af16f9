/* SPDX-License-Identifier: MIT */
/* stb_ds: an array of entries, and an index into it in buckets of 8 hashes and positions.
 * Needs <stb/stb_ds.h> (Debian: libstb-dev).
 *
 * Integers only: its string keys end at a NUL byte, those here may hold one. Its hash is
 * its own and cannot be replaced; its seed is the program's, not a table's. */
#include "peer_memory.h"

#define STBDS_REALLOC(context, block, size) peer_realloc(block, size)
#define STBDS_FREE(context, block)          peer_free(block)
#define STB_DS_IMPLEMENTATION
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-function"
#define typeof __typeof__ /* under -std=c11 gcc has it by this name alone */
#include <stb/stb_ds.h>

#define SUBJECT_ORIGIN "stb_ds 0.67"
#include "subject_export.h"

typedef struct stb_entry {
    uint64_t key, value;
} stb_entry;

typedef struct u64_own {
    stb_entry *entries;
} u64_own;

typedef struct u64_own_iterator {
    stb_entry *entry, *end;
} u64_own_iterator;

static inline om_status u64_own_init(u64_own *map, size_t entries, const om_seed *seed,
                                     const om_allocator *allocator)
{
    (void)entries, (void)seed;
    peer_memory_from(allocator);
    map->entries = NULL;
    return OM_OK;
}

static inline void u64_own_drop(u64_own *map)
{
    hmfree(map->entries);
}

static inline size_t u64_own_size(const u64_own *map)
{
    return hmlenu(map->entries);
}

static inline om_status u64_own_insert(u64_own *map, uint64_t key, uint64_t value)
{
    hmput(map->entries, key, value);
    return OM_OK;
}

static inline uint64_t *u64_own_get(const u64_own *map, uint64_t key)
{
    u64_own *const self = (u64_own *)(uintptr_t)map; /* it makes its first array here */
    stb_entry *const entry = hmgetp_null(self->entries, key);
    return entry != NULL ? &entry->value : NULL;
}

static inline bool u64_own_delete(u64_own *map, uint64_t key)
{
    return hmdel(map->entries, key);
}

static inline u64_own_iterator u64_own_first(u64_own *map)
{
    stb_entry *const end = map->entries + hmlenu(map->entries);
    const u64_own_iterator it = {map->entries != end ? map->entries : NULL, end};
    return it;
}

static inline void u64_own_next(u64_own_iterator *it)
{
    if (++it->entry == it->end)
        it->entry = NULL;
}

#define BODY u64_own
#include "subject_body.h"
#pragma GCC diagnostic pop

static const struct subject_variant variants[] = {SUBJECT_VARIANT(u64, own)};

SUBJECT_EXPORT(variants,
               SUBJECT_HIDES_RESIZES | SUBJECT_DIES_WITHOUT_MEMORY | SUBJECT_HAS_NO_SEED);
