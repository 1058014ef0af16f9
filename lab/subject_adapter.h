/* SPDX-License-Identifier: MIT */
/* Turns five functions of any map, in C or C++, into a subject of the lab: docs/your-map.md.
 * A file (`onemiss new-adapter NAME` writes one) includes subject.h first, defines ADAPTER
 * as NAME and what follows, and includes this header last:
 *     void *NAME_create(const struct subject_setup *setup);         NULL: out of memory
 *     void NAME_destroy(void *map);
 *     enum subject_put NAME_put(void *map, ITEM key, ITEM value);   or overwrites
 *     const ITEM *NAME_get(void *map, LOOKUP key);                  NULL: it is not there
 *     bool NAME_remove(void *map, LOOKUP key);                      whether it was there
 * ITEM and LOOKUP are uint64_t; with ADAPTER_STRINGS an om_string, which the map owns from
 * then on, and an om_view. With ADAPTER_WALKS the content is checked, not only the answers:
 *     bool NAME_next(void *map, uint64_t *cursor, ITEM *key, ITEM *value);   false: the end
 * with a cursor of 0 at first. ADAPTER_HASH: one of the lab's, as "wyhash". ADAPTER_LACKS: what
 * of enum subject_flags the map lacks. SUBJECT_ORIGIN: a text, whose it is and its version. */
#include "subject_export.h"
#define SUBJECT_NO_LAYOUT
#ifndef ADAPTER_HASH
#define ADAPTER_HASH "own"
#endif
#ifndef ADAPTER_LACKS
#define ADAPTER_LACKS SUBJECT_LACKS_MOST
#endif
#ifdef ADAPTER_STRINGS
#define BODY_STRINGS
#define ADAPTER_KIND "str"
typedef om_string adapter_item;
typedef om_view adapter_view;
#else
#define ADAPTER_KIND "u64"
typedef uint64_t adapter_item, adapter_view;
#endif
#define ADAPTER_FN(verb) OM_CONCAT3(ADAPTER, _, verb)
#define BODY             adapted
struct adapter_entry {
    adapter_item key, value;
};
typedef struct adapted {
    void *map;
    size_t size;
    struct adapter_entry room; /* what iteration shows */
} adapted;
static om_status adapted_init(adapted *self, size_t entries, const om_seed *seed,
                              const om_allocator *allocator)
{
    const struct subject_setup setup = {*seed, entries, allocator};
    self->size = 0;
    return (self->map = ADAPTER_FN(create)(&setup)) ? OM_OK : OM_OUT_OF_MEMORY;
}
static void adapted_drop(adapted *self)
{
    ADAPTER_FN(destroy)(self->map);
}
static size_t adapted_size(const adapted *self)
{
    return self->size;
}
static inline om_status adapted_insert(adapted *self, adapter_item key,
                                       adapter_item value)
{
    const enum subject_put put = ADAPTER_FN(put)(self->map, key, value);
    self->size += put == SUBJECT_PUT_ADDED;
    return put == SUBJECT_PUT_NO_MEMORY ? OM_OUT_OF_MEMORY : OM_OK;
}
static inline const adapter_item *adapted_get(const adapted *self, adapter_view key)
{
    return ADAPTER_FN(get)(self->map, key);
}
static inline bool adapted_delete(adapted *self, adapter_view key)
{
    const bool is_there = ADAPTER_FN(remove)(self->map, key);
    self->size -= is_there;
    return is_there;
}
#ifdef ADAPTER_WALKS
#define ADAPTER_FLAGS ADAPTER_LACKS
typedef struct adapted_iterator {
    struct adapter_entry *entry; /* NULL: the end */
    adapted *self;
    uint64_t cursor;
} adapted_iterator;
static void adapted_next(adapted_iterator *it)
{
    it->entry = &it->self->room;
    if (!ADAPTER_FN(next)(it->self->map, &it->cursor, &it->entry->key, &it->entry->value))
        it->entry = NULL;
}
static adapted_iterator adapted_first(adapted *self)
{
    adapted_iterator it = {NULL, self, 0};
    adapted_next(&it);
    return it;
}
#else
#define BODY_CANNOT_WALK
#define ADAPTER_FLAGS (ADAPTER_LACKS | SUBJECT_CANNOT_WALK)
#endif
#include "subject_body.h"
static const struct subject_variant variants[] = {
    SUBJECT_ROW(ADAPTER_KIND, ADAPTER_HASH, adapted)};
SUBJECT_EXPORT(variants, ADAPTER_FLAGS);
