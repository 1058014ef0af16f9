/* SPDX-License-Identifier: MIT */
/* uthash: macros that string structs of the user's own into buckets of a linked list.
 * Needs <uthash.h> (Debian: uthash-dev).
 *
 * The struct here holds the pair and the 56-byte handle. The hash is computed outside and
 * handed over, in the 32 bits that uthash keeps of it. */
#ifndef KIND

#include "c_kinds.h"

#define HASH_NONFATAL_OOM        1
/* in each of the functions below these two are there */
#define uthash_malloc(size)      uthash_take(allocator, size)
#define uthash_free(block, size) uthash_give(allocator, block, size)
#define uthash_nonfatal_oom(entry)                                                       \
    do {                                                                                 \
        is_out_of_memory = true;                                                         \
        (void)(entry);                                                                   \
    } while (0)

static inline void *uthash_take(const om_allocator *allocator, size_t size)
{
    const om_request request = {size, sizeof(void *), "buckets", 0};
    return om_allocate(allocator, &request);
}

static inline void uthash_give(const om_allocator *allocator, void *block, size_t size)
{
    const om_request request = {size, sizeof(void *), "buckets", 0};
    om_release(allocator, block, &request);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <uthash.h>

static inline unsigned u64_hash_own(u64_view key, om_seed seed)
{
    unsigned hash;
    (void)seed;
    HASH_VALUE(&key, sizeof key, hash);
    return hash;
}

static inline unsigned str_hash_own(str_view key, om_seed seed)
{
    unsigned hash;
    (void)seed;
    HASH_VALUE(key.pointer, (unsigned)key.length, hash);
    return hash;
}

#define SUBJECT_ORIGIN "uthash " PEER_TEXT(UTHASH_VERSION)
#include "subject_export.h"

#define KIND u64
#define HASH siphash13
#include "uthash.c"
#define HASH wyhash
#include "uthash.c"
#define HASH own
#include "uthash.c"
#undef KIND
#define KIND str
#define HASH siphash13
#define BODY_STRINGS
#include "uthash.c"
#define HASH wyhash
#define BODY_STRINGS
#include "uthash.c"
#define HASH own
#define BODY_STRINGS
#include "uthash.c"
#pragma GCC diagnostic pop

static const struct subject_variant variants[] = {
    SUBJECT_VARIANT(u64, siphash13), SUBJECT_VARIANT(str, siphash13),
    SUBJECT_VARIANT(u64, wyhash),    SUBJECT_VARIANT(str, wyhash),
    SUBJECT_VARIANT(u64, own),       SUBJECT_VARIANT(str, own),
};

SUBJECT_EXPORT(variants, SUBJECT_HIDES_RESIZES);

#else /* one variant: KIND, HASH */

#define BODY OM_CONCAT3(KIND, _, HASH)

typedef struct C_FN(entry) {
    C_KIND(item) key, value;
    UT_hash_handle hh;
} C_FN(entry);

typedef struct BODY {
    C_FN(entry) * head;
    const om_allocator *allocator;
    om_seed seed;
} BODY;

typedef struct C_FN(iterator) {
    C_FN(entry) * entry;
} C_FN(iterator);

static const om_request C_FN(node) = {sizeof(C_FN(entry)), sizeof(void *), "nodes", 0};

static inline om_status C_FN(init)(BODY *map, size_t entries, const om_seed *seed,
                                   const om_allocator *allocator)
{
    (void)entries; /* it has no way to ask for room */
    map->head = NULL;
    map->allocator = allocator;
    map->seed = *seed;
    return OM_OK;
}

static inline C_FN(entry) * C_FN(find)(const BODY *map, C_KIND(view) view, unsigned hash)
{
    C_FN(entry) *entry = NULL;
    HASH_FIND_BYHASHVALUE(hh, map->head, C_KIND(bytes)(&view), C_KIND(length)(&view),
                          hash, entry);
    return entry;
}

static inline unsigned C_FN(hash)(const BODY *map, C_KIND(view) view)
{
    return (unsigned)OM_CONCAT3(KIND, _hash_, HASH)(view, map->seed);
}

static inline size_t C_FN(size)(const BODY *map)
{
    return HASH_COUNT(map->head);
}

static inline C_KIND(item) * C_FN(get)(const BODY *map, C_KIND(view) view)
{
    C_FN(entry) *const entry = C_FN(find)(map, view, C_FN(hash)(map, view));
    return entry != NULL ? &entry->value : NULL;
}

static inline om_status C_FN(insert)(BODY *map, C_KIND(item) key, C_KIND(item) value)
{
    const om_allocator *const allocator = map->allocator;
    bool is_out_of_memory = false;
    const C_KIND(view) view = C_KIND(view_of)(&key);
    const unsigned hash = C_FN(hash)(map, view);
    C_FN(entry) *entry = C_FN(find)(map, view, hash);
    if (entry != NULL) {
        C_KIND(drop_key)(&key, allocator);
        C_KIND(drop_value)(&entry->value, allocator);
        entry->value = value;
        return OM_OK;
    }
    entry = (C_FN(entry) *)om_allocate(allocator, &C_FN(node));
    if (entry == NULL)
        return OM_OUT_OF_MEMORY;
    entry->key = key;
    entry->value = value;
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, map->head, C_KIND(stored_bytes)(&entry->key),
                                C_KIND(length)(&view), hash, entry);
    if (is_out_of_memory)
        om_release(allocator, entry, &C_FN(node));
    return is_out_of_memory ? OM_OUT_OF_MEMORY : OM_OK;
}

static inline bool C_FN(delete)(BODY *map, C_KIND(view) view)
{
    const om_allocator *const allocator = map->allocator;
    C_FN(entry) *const entry = C_FN(find)(map, view, C_FN(hash)(map, view));
    if (entry == NULL)
        return false;
    HASH_DEL(map->head, entry);
    C_KIND(drop_key)(&entry->key, allocator);
    C_KIND(drop_value)(&entry->value, allocator);
    om_release(allocator, entry, &C_FN(node));
    return true;
}

static inline C_FN(iterator) C_FN(first)(BODY *map)
{
    const C_FN(iterator) it = {map->head};
    return it;
}

static inline void C_FN(next)(C_FN(iterator) * it)
{
    it->entry = (C_FN(entry) *)it->entry->hh.next;
}

static inline void C_FN(drop)(BODY *map)
{
    const om_allocator *const allocator = map->allocator;
    C_FN(entry) *entry = map->head;
    HASH_CLEAR(hh, map->head); /* the entries stay, and their list */
    for (C_FN(entry) * next; entry != NULL; entry = next) {
        next = (C_FN(entry) *)entry->hh.next;
        C_KIND(drop_key)(&entry->key, allocator);
        C_KIND(drop_value)(&entry->value, allocator);
        om_release(allocator, entry, &C_FN(node));
    }
}

#include "subject_body.h"
#undef HASH

#endif
