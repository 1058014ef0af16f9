/* SPDX-License-Identifier: MIT */
/* one_line.h for one KIND of keys, as BODY. */

typedef struct C_FN(slot) {
    C_KIND(item) key, value;
#if ENTRY_BYTES > 16
    char rest[(ENTRY_BYTES - 16) * sizeof(C_KIND(item)) / 8];
#endif
} C_FN(slot);

typedef struct BODY {
    C_FN(slot) * slots;
    size_t size, room;
    const om_allocator *allocator; /* of strings */
    om_seed seed;
} BODY;

typedef struct C_FN(iterator) {
    C_FN(slot) * entry; /* NULL: the end */
    C_FN(slot) * end;
} C_FN(iterator);

static om_status C_FN(init)(BODY *map, size_t entries, const om_seed *seed,
                            const om_allocator *allocator)
{
    (void)entries;
    map->slots = NULL;
    map->size = map->room = 0;
    map->allocator = allocator;
    map->seed = *seed;
    return OM_OK;
}

static om_status C_FN(grow)(BODY *map)
{
    const size_t room = map->room == 0 ? FIRST_ENTRIES : 2 * map->room;
    void *const longer = realloc(map->slots, room * sizeof *map->slots);
    if (longer == NULL)
        return OM_OUT_OF_MEMORY;
    map->slots = (C_FN(slot) *)longer;
    map->room = room;
    return OM_OK;
}

static inline om_status C_FN(insert)(BODY *map, C_KIND(item) key, C_KIND(item) value)
{
    if (map->size == map->room) {
        const om_status status = C_FN(grow)(map);
        if (status != OM_OK)
            return status;
    }
    C_FN(slot) *const slot = &map->slots[map->size++];
    slot->key = key;
    slot->value = value;
    return OM_OK;
}

static inline C_KIND(item) * C_FN(get)(const BODY *map, C_KIND(view) view)
{
    uint64_t i;
    if (map->size == 0)
        return NULL;
    (void)om_multiply_128(C_KIND(hash_wyhash)(view, map->seed), map->size, &i);
    return &map->slots[i].value;
}

static inline bool C_FN(delete)(BODY *map, C_KIND(view) view)
{
    (void)map, (void)view;
    return false;
}

static inline size_t C_FN(size)(const BODY *map)
{
    return map->size;
}

static inline C_FN(iterator) C_FN(first)(BODY *map)
{
    const C_FN(iterator) it = {map->size > 0 ? map->slots : NULL, map->slots + map->size};
    return it;
}

static inline void C_FN(next)(C_FN(iterator) * it)
{
    if (++it->entry == it->end)
        it->entry = NULL;
}

static void C_FN(drop)(BODY *map)
{
    for (C_FN(iterator) it = C_FN(first)(map); it.entry != NULL; C_FN(next)(&it)) {
        C_KIND(drop_key)(&it.entry->key, map->allocator);
        C_KIND(drop_value)(&it.entry->value, map->allocator);
    }
    free(map->slots);
}

static om_layout C_FN(layout)(void)
{
    om_layout layout;
    om_mem_zero(&layout, sizeof layout);
    layout.pair_bytes = 2 * sizeof(C_KIND(item));
    layout.entry_bytes = sizeof(C_FN(slot));
    return layout;
}

#include "subject_body.h"
