/* SPDX-License-Identifier: MIT */
/* The notes' compact open addressing map for one KIND; the essay is in
 * open_addressing_compact_original.c. */

typedef struct REPLAY_FN(entry) {
    KIND_FN(item) key;
    KIND_FN(item) value;
} REPLAY_FN(entry);

typedef struct BODY {
    uint8_t *status; /* 4 slots a byte: 0 empty, 1 deleted, 3 occupied */
    REPLAY_FN(entry) * entries;
    size_t capacity;
    size_t size;
    const om_allocator *allocator;
} BODY;

typedef struct REPLAY_FN(iterator) {
    const BODY *map;
    REPLAY_FN(entry) * entry; /* NULL at the end */
    size_t slot;              /* the next one */
} REPLAY_FN(iterator);

enum {
    REPLAY_FN(EMPTY) = 0,
    REPLAY_FN(DELETED) = 1,
    REPLAY_FN(OCCUPIED) = 3,
/* vec![(0, 0); n] is calloc; vec![(String::new(), String::new()); n] is malloc and a write
 * of each. */
#ifdef BODY_STRINGS
    REPLAY_FN(ENTRY_FLAGS) = 0
#else
    REPLAY_FN(ENTRY_FLAGS) = OM_ZEROED
#endif
};

static inline unsigned REPLAY_FN(status)(const uint8_t *status, size_t slot)
{
    OM_ON_PROBE();
    return status[slot / 4] >> (slot % 4 * 2) & 3u;
}

static inline void REPLAY_FN(set_status)(uint8_t *status, size_t slot, unsigned is)
{
    const unsigned shift = (unsigned)(slot % 4 * 2);
    status[slot / 4] = (uint8_t)((status[slot / 4] & ~(3u << shift)) | is << shift);
}

static inline REPLAY_FN(entry) REPLAY_FN(default_entry)(void)
{
    const REPLAY_FN(entry) entry = {KIND_FN(default)(), KIND_FN(default)()};
    return entry;
}

/* Drops the strings of a table's entries, those of empty and deleted slots too. */
static void REPLAY_FN(drop_entries)(REPLAY_FN(entry) * entries, size_t capacity,
                                    const om_allocator *allocator)
{
#ifdef BODY_STRINGS
    for (size_t slot = 0; slot < capacity; slot++) {
        KIND_FN(drop_key)(&entries[slot].key, allocator);
        KIND_FN(drop_value)(&entries[slot].value, allocator);
    }
#endif
    replay_table_release(allocator, entries, capacity, sizeof *entries, "entries",
                         REPLAY_FN(ENTRY_FLAGS));
}

static void REPLAY_FN(release_status)(uint8_t *status, size_t capacity,
                                      const om_allocator *allocator)
{
    replay_table_release(allocator, status, capacity / 4, 1, "status", OM_ZEROED);
}

/* Both arrays of a table, the status first. */
static om_status REPLAY_FN(make)(const om_allocator *allocator, size_t capacity,
                                 uint8_t **status, REPLAY_FN(entry) * *entries)
{
    *status =
        (uint8_t *)replay_table_allocate(allocator, capacity / 4, 1, "status", OM_ZEROED);
    if (*status == NULL)
        return OM_OUT_OF_MEMORY;
    *entries = (REPLAY_FN(entry) *)replay_table_allocate(
        allocator, capacity, sizeof **entries, "entries", REPLAY_FN(ENTRY_FLAGS));
    if (*entries == NULL) {
        REPLAY_FN(release_status)(*status, capacity, allocator);
        return OM_OUT_OF_MEMORY;
    }
#ifdef BODY_STRINGS
    for (size_t slot = 0; slot < capacity; slot++)
        (*entries)[slot] = REPLAY_FN(default_entry)();
#endif
    return OM_OK;
}

static inline om_status REPLAY_FN(init)(BODY *map, size_t entries, const om_seed *seed,
                                        const om_allocator *allocator)
{
    (void)seed;
    map->capacity = replay_slots(entries);
    map->size = 0;
    map->allocator = om_allocator_or_default(allocator);
    return REPLAY_FN(make)(map->allocator, map->capacity, &map->status, &map->entries);
}

static inline void REPLAY_FN(drop)(BODY *map)
{
    REPLAY_FN(release_status)(map->status, map->capacity, map->allocator);
    REPLAY_FN(drop_entries)(map->entries, map->capacity, map->allocator);
}

static inline size_t REPLAY_FN(size)(const BODY *map)
{
    return map->size;
}

static inline size_t REPLAY_FN(home)(const BODY *map, KIND_FN(view) key)
{
    return (size_t)KIND_FN(hash)(key) % map->capacity;
}

/* Moves what is live into new arrays; mem::take leaves a default pair in the old ones. */
static void REPLAY_FN(move)(BODY *map, size_t old_capacity, uint8_t *status,
                            REPLAY_FN(entry) * entries)
{
    for (size_t i = 0; i < old_capacity; i++) {
        if (REPLAY_FN(status)(map->status, i) != REPLAY_FN(OCCUPIED))
            continue;
        const REPLAY_FN(entry) entry = map->entries[i];
        map->entries[i] = REPLAY_FN(default_entry)();
        size_t slot = REPLAY_FN(home)(map, KIND_FN(view_of)(&entry.key));
        while (REPLAY_FN(status)(status, slot) == REPLAY_FN(OCCUPIED))
            slot = (slot + 1) % map->capacity;
        KIND_FN(drop_key)(&entries[slot].key, map->allocator);
        KIND_FN(drop_value)(&entries[slot].value, map->allocator);
        entries[slot] = entry;
        REPLAY_FN(set_status)(status, slot, REPLAY_FN(OCCUPIED));
    }
}

static om_status REPLAY_FN(grow)(BODY *map)
{
    const size_t old_capacity = map->capacity, capacity = 2 * old_capacity;
    const size_t entry_bytes = sizeof *map->entries;
    const om_resize event = {old_capacity,
                             capacity,
                             entry_bytes,
                             map->size,
                             old_capacity * entry_bytes + old_capacity / 4,
                             capacity * entry_bytes + capacity / 4};
    uint8_t *status;
    REPLAY_FN(entry) * entries;
    om_announce(map->allocator, &event, false);
    const om_status made = REPLAY_FN(make)(map->allocator, capacity, &status, &entries);
    if (made == OM_OK) {
        map->capacity = capacity;
        REPLAY_FN(move)(map, old_capacity, status, entries);
        REPLAY_FN(release_status)(map->status, old_capacity, map->allocator);
        map->status = status;
        REPLAY_FN(drop_entries)(map->entries, old_capacity, map->allocator);
        map->entries = entries;
    }
    om_announce(map->allocator, &event, true);
    return made;
}

/* Takes the first slot that is not live, or overwrites its key when that comes first. */
static inline om_status REPLAY_FN(insert)(BODY *map, KIND_FN(item) key,
                                          KIND_FN(item) value)
{
    om_status status = KIND_FN(make_pair)(&key, &value, map->allocator);
    if (status == OM_OK && OM_UNLIKELY(replay_is_full(map->size, map->capacity)))
        status = REPLAY_FN(grow)(map);
    if (OM_UNLIKELY(status != OM_OK)) {
        KIND_FN(drop_key)(&key, map->allocator);
        KIND_FN(drop_value)(&value, map->allocator);
        return status;
    }
    size_t slot = REPLAY_FN(home)(map, KIND_FN(view_of)(&key));
    while (REPLAY_FN(status)(map->status, slot) == REPLAY_FN(OCCUPIED)) {
        REPLAY_FN(entry) *const entry = &map->entries[slot];
        if (KIND_FN(is)(&entry->key, KIND_FN(view_of)(&key))) {
            KIND_FN(drop_value)(&entry->value, map->allocator);
            entry->value = value;
            KIND_FN(drop_key)(&key, map->allocator);
            return OM_OK;
        }
        slot = (slot + 1) % map->capacity;
    }
    REPLAY_FN(entry) *const entry = &map->entries[slot];
    KIND_FN(drop_key)(&entry->key, map->allocator);
    KIND_FN(drop_value)(&entry->value, map->allocator);
    entry->key = key;
    entry->value = value;
    REPLAY_FN(set_status)(map->status, slot, REPLAY_FN(OCCUPIED));
    map->size++;
    return OM_OK;
}

/* The key's slot, or the capacity. */
static inline size_t REPLAY_FN(slot_of)(const BODY *map, KIND_FN(view) view)
{
    const size_t home = REPLAY_FN(home)(map, view);
    size_t slot = home;
    do {
        const unsigned status = REPLAY_FN(status)(map->status, slot);
        if (status == REPLAY_FN(EMPTY))
            break;
        if (status == REPLAY_FN(OCCUPIED) && KIND_FN(is)(&map->entries[slot].key, view))
            return slot;
        slot = (slot + 1) % map->capacity;
    } while (slot != home);
    return map->capacity;
}

static inline KIND_FN(item) * REPLAY_FN(find)(const BODY *map, KIND_FN(view) view)
{
    const size_t slot = REPLAY_FN(slot_of)(map, view);
    if (slot == map->capacity)
        return NULL;
    KIND_FN(clone_and_drop)(&map->entries[slot].value, map->allocator);
    return &map->entries[slot].value;
}

/* The deleted pair stays where it is. */
static inline bool REPLAY_FN(remove)(BODY *map, KIND_FN(view) view)
{
    const size_t slot = REPLAY_FN(slot_of)(map, view);
    if (slot == map->capacity)
        return false;
    REPLAY_FN(set_status)(map->status, slot, REPLAY_FN(DELETED));
    map->size--;
    return true;
}

static inline void REPLAY_FN(next)(REPLAY_FN(iterator) * it)
{
    it->entry = NULL;
    for (; it->entry == NULL && it->slot < it->map->capacity; it->slot++)
        if (REPLAY_FN(status)(it->map->status, it->slot) == REPLAY_FN(OCCUPIED))
            it->entry = &it->map->entries[it->slot];
}

static inline REPLAY_FN(iterator) REPLAY_FN(first)(const BODY *map)
{
    REPLAY_FN(iterator) it = {map, NULL, 0};
    REPLAY_FN(next)(&it);
    return it;
}

static om_layout REPLAY_FN(layout)(void)
{
    const size_t item = sizeof(KIND_FN(item));
    const om_layout layout = {.pair_bytes = 2 * item,
                              .entry_bytes = sizeof(REPLAY_FN(entry)),
                              .status_bits = 2,
                              .n_fields = 2,
                              .fields = {{"key", 0, item}, {"value", item, item}}};
    return layout;
}

#include "replay_verbs.h"
