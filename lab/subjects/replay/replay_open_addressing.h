/* SPDX-License-Identifier: MIT */
/* The notes' open addressing map for one KIND; the essay is in
 * open_addressing_original.c. With REPLAY_NAIVE the resize of open_addressing_naive.c. */

/* enum Entry { Empty, Deleted(K), Occupied(K, V) }: with integers a word for the variant
 * comes first; strings have room for it in a word of theirs. It must be the value's, for
 * Deleted keeps a key. */
#ifdef BODY_STRINGS
typedef struct REPLAY_FN(entry) {
    KIND_FN(item) key;
    KIND_FN(item) value; /* its pointer: NULL empty, OM_STRING_DELETED deleted */
} REPLAY_FN(entry);
#else
typedef struct REPLAY_FN(entry) {
    uint64_t variant; /* om_state */
    KIND_FN(item) key;
    KIND_FN(item) value;
} REPLAY_FN(entry);
#endif

typedef struct BODY {
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

static inline om_state REPLAY_FN(state)(const REPLAY_FN(entry) * entry)
{
#ifdef BODY_STRINGS
    return om_string_niche_get(&entry->value);
#else
    return (om_state)entry->variant;
#endif
}

/* Makes an entry empty or deleted; deleted keeps the key beside. */
static inline void REPLAY_FN(mark)(REPLAY_FN(entry) * entry, om_state state)
{
#ifdef BODY_STRINGS
    om_string_niche_set(&entry->value, state);
#else
    entry->variant = (uint64_t)state;
#endif
}

static inline void REPLAY_FN(drop_entry)(REPLAY_FN(entry) * entry,
                                         const om_allocator *allocator)
{
    const om_state state = REPLAY_FN(state)(entry);
    if (state == OM_EMPTY)
        return;
    KIND_FN(drop_key)(&entry->key, allocator);
    if (state == OM_LIVE)
        KIND_FN(drop_value)(&entry->value, allocator);
}

/* Assigns Occupied(key, value): what was there is dropped. */
static inline void REPLAY_FN(occupy)(BODY *map, size_t slot, KIND_FN(item) key,
                                     KIND_FN(item) value)
{
    REPLAY_FN(entry) *const entry = &map->entries[slot];
    REPLAY_FN(drop_entry)(entry, map->allocator);
    entry->key = key;
    entry->value = value;
#ifndef BODY_STRINGS
    entry->variant = OM_LIVE;
#endif
}

static REPLAY_FN(entry) *
    REPLAY_FN(allocate)(const om_allocator *allocator, size_t capacity)
{
    return (REPLAY_FN(entry) *)replay_table_allocate(
        allocator, capacity, sizeof(REPLAY_FN(entry)), "entries", 0);
}

static void REPLAY_FN(release)(const om_allocator *allocator, REPLAY_FN(entry) * entries,
                               size_t capacity)
{
    replay_table_release(allocator, entries, capacity, sizeof *entries, "entries", 0);
}

/* vec![Entry::Empty; n]: the word that says so is written in each entry. */
static REPLAY_FN(entry) * REPLAY_FN(make)(const om_allocator *allocator, size_t capacity)
{
    REPLAY_FN(entry) *const entries = REPLAY_FN(allocate)(allocator, capacity);
    for (size_t slot = 0; entries != NULL && slot < capacity; slot++)
        REPLAY_FN(mark)(&entries[slot], OM_EMPTY);
    return entries;
}

static inline om_status REPLAY_FN(init)(BODY *map, size_t entries, const om_seed *seed,
                                        const om_allocator *allocator)
{
    (void)seed;
    map->capacity = replay_slots(entries);
    map->size = 0;
    map->allocator = om_allocator_or_default(allocator);
    map->entries = REPLAY_FN(make)(map->allocator, map->capacity);
    return map->entries == NULL ? OM_OUT_OF_MEMORY : OM_OK;
}

static inline void REPLAY_FN(drop)(BODY *map)
{
#ifdef BODY_STRINGS
    for (size_t slot = 0; slot < map->capacity; slot++)
        REPLAY_FN(drop_entry)(&map->entries[slot], map->allocator);
#endif
    REPLAY_FN(release)(map->allocator, map->entries, map->capacity);
}

static inline size_t REPLAY_FN(size)(const BODY *map)
{
    return map->size;
}

static inline size_t REPLAY_FN(home)(const BODY *map, KIND_FN(view) key)
{
    return (size_t)KIND_FN(hash)(key) % map->capacity;
}

/* Moves what is live from an old table into the map's new one. */
static void REPLAY_FN(move)(BODY *map, REPLAY_FN(entry) * old, size_t old_capacity)
{
    for (size_t i = 0; i < old_capacity; i++) {
        if (REPLAY_FN(state)(&old[i]) != OM_LIVE) {
            REPLAY_FN(drop_entry)(&old[i], map->allocator);
            continue;
        }
        const REPLAY_FN(entry) entry = old[i];
        size_t slot = REPLAY_FN(home)(map, KIND_FN(view_of)(&entry.key));
        OM_ON_PROBE();
        while (REPLAY_FN(state)(&map->entries[slot]) == OM_LIVE) {
            slot = (slot + 1) % map->capacity;
            OM_ON_PROBE();
        }
        REPLAY_FN(occupy)(map, slot, entry.key, entry.value);
    }
}

#ifdef REPLAY_NAIVE
/* let old_entries: Vec<_> = self.data.drain(..).collect(); an entry whole, whatever is in
 * it. */
static REPLAY_FN(entry) * REPLAY_FN(collect)(const BODY *map)
{
    REPLAY_FN(entry) *const copy = REPLAY_FN(allocate)(map->allocator, map->capacity);
    for (size_t i = 0; copy != NULL && i < map->capacity; i++)
        om_mem_copy(&copy[i], &map->entries[i], sizeof *copy);
    return copy;
}
#endif

static om_status REPLAY_FN(grow)(BODY *map)
{
    const om_allocator *const allocator = map->allocator;
    const size_t old_capacity = map->capacity, capacity = 2 * old_capacity;
    REPLAY_FN(entry) *const old = map->entries;
    REPLAY_FN(entry) *from = old;
    const om_resize event = {old_capacity,
                             capacity,
                             sizeof *old,
                             map->size,
                             old_capacity * sizeof *old,
                             capacity * sizeof *old};
    om_announce(allocator, &event, false);
#ifdef REPLAY_NAIVE
    from = REPLAY_FN(collect)(map);
#endif
    REPLAY_FN(entry) *const entries =
        from == NULL ? NULL : REPLAY_FN(make)(allocator, capacity);
    if (entries != NULL) {
        map->entries = entries;
        map->capacity = capacity;
        REPLAY_FN(move)(map, from, old_capacity);
        REPLAY_FN(release)(allocator, old, old_capacity);
    }
    if (from != old)
        REPLAY_FN(release)(allocator, from, old_capacity);
    om_announce(allocator, &event, true);
    return entries == NULL ? OM_OUT_OF_MEMORY : OM_OK;
}

/* The first slot from the home on that is not live: no key is compared. */
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
    OM_ON_PROBE();
    while (REPLAY_FN(state)(&map->entries[slot]) == OM_LIVE) {
        slot = (slot + 1) % map->capacity;
        OM_ON_PROBE();
    }
    REPLAY_FN(occupy)(map, slot, key, value);
    map->size++;
    return OM_OK;
}

static inline KIND_FN(item) * REPLAY_FN(find)(const BODY *map, KIND_FN(view) view)
{
    const size_t home = REPLAY_FN(home)(map, view);
    size_t slot = home;
    do {
        REPLAY_FN(entry) *const entry = &map->entries[slot];
        const om_state state = REPLAY_FN(state)(entry);
        OM_ON_PROBE();
        if (state == OM_EMPTY)
            return NULL;
        if (state == OM_LIVE && KIND_FN(is)(&entry->key, view)) {
            KIND_FN(clone_and_drop)(&entry->value, map->allocator);
            return &entry->value;
        }
        slot = (slot + 1) % map->capacity;
    } while (slot != home);
    return NULL;
}

/* The tombstone keeps the key that the call was given, and a later delete of that key ends
 * at it. */
static inline bool REPLAY_FN(delete)(BODY *map, KIND_FN(view) view)
{
    const size_t home = REPLAY_FN(home)(map, view);
    size_t slot = home;
    KIND_FN(item) key = KIND_FN(default)();
    if (KIND_FN(make_key)(&key, view, map->allocator) != OM_OK)
        key = KIND_FN(default)();
    do {
        REPLAY_FN(entry) *const entry = &map->entries[slot];
        const om_state state = REPLAY_FN(state)(entry);
        OM_ON_PROBE();
        if (state == OM_EMPTY)
            break;
        if (KIND_FN(is)(&entry->key, view)) {
            if (state == OM_DELETED)
                break;
            REPLAY_FN(drop_entry)(entry, map->allocator);
            entry->key = key;
            REPLAY_FN(mark)(entry, OM_DELETED);
            map->size--;
            return true;
        }
        slot = (slot + 1) % map->capacity;
    } while (slot != home);
    KIND_FN(drop_key)(&key, map->allocator);
    return false;
}

static inline void REPLAY_FN(next)(REPLAY_FN(iterator) * it)
{
    it->entry = NULL;
    for (; it->entry == NULL && it->slot < it->map->capacity; it->slot++)
        if (REPLAY_FN(state)(&it->map->entries[it->slot]) == OM_LIVE)
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
    const size_t item = sizeof(KIND_FN(item)), whole = sizeof(REPLAY_FN(entry));
    const size_t variant = whole - 2 * item;
    om_layout layout = {.pair_bytes = 2 * item,
                        .entry_bytes = whole,
                        .n_fields = 2,
                        .fields = {{"key", variant, item},
                                   {"value", variant + item, item},
                                   {"variant", 0, variant}}};
    layout.n_fields += variant != 0;
    return layout;
}

#define REPLAY_KEEPS_KEYS
#include "replay_verbs.h"
#undef REPLAY_KEEPS_KEYS
