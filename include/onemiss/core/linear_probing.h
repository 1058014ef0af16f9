/* SPDX-License-Identifier: MIT */
/* The verbs of linear probing, over any layout of the table. Included by the open
 * addressing map headers, which bring the layout:
 *
 *     OM_TYPE(entry)    a struct with the fields `key` and, in a map, `value`
 *     OM_TYPE(table)    a struct with the fields `entries` (the block) and `capacity`
 *     bool OM_FN(table_request)(size_t capacity, om_request *)     false: too large
 *     OM_TYPE(table) OM_FN(table_at)(void *block, size_t capacity)   of zeroed memory
 *     om_state OM_FN(state)(const OM_TYPE(table) *, size_t slot)
 *     void OM_FN(set_state)(OM_TYPE(table) *, size_t slot, om_state)
 *
 * Invariants
 *  I1  size slots are OM_LIVE, tombstones slots are OM_DELETED.
 *  I2  size + tombstones <= limit < capacity: every probe meets an OM_EMPTY slot.
 *  I3  No OM_EMPTY slot lies between an entry's home and its slot.
 *  I4  No two live entries have equal keys.
 *  I5  The slot before an OM_EMPTY slot is never OM_DELETED: such tombstones hold nothing
 *      up and are taken back at once.
 *
 * Growth. Same seed and a mask: entry i of the old table goes to i or i + old capacity of
 * a doubled one, give or take its probe, so a resize reads one stream and writes two.
 * Amortised bound: a rehash at the same capacity follows at least limit / 2 deletes that
 * left tombstones, a doubling leaves at least half of the new limit free; so an
 * operation pays for at most 2 * capacity / limit, that is 3, slots looked at in resizes
 * and for two entries moved. */

#define OM_NO_SLOT SIZE_MAX

typedef struct OM_NAME {
    OM_TYPE(table) table;          /* no block while capacity is 0 */
    size_t size;                   /* live entries */
    size_t tombstones;             /* slots */
    size_t limit;                  /* size + tombstones at which an insert rehashes */
    om_seed seed;                  /* meaningful when has_seed */
    const om_allocator *allocator; /* NULL: the default */
    bool has_seed;
} OM_NAME;

typedef struct OM_TYPE(iterator) {
    OM_NAME *map;
    size_t position;       /* 0 to capacity, in visiting order */
    OM_TYPE(entry) *entry; /* current entry; NULL at the end */
} OM_TYPE(iterator);

#include "map_verbs.h"

/* ---- helpers ---- */

/* Where a key is (state OM_LIVE), or where an insert would put it: the first tombstone
 * passed, else the empty slot that ended the probe. */
typedef struct OM_TYPE(place) {
    size_t slot;
    om_state state; /* the slot's */
} OM_TYPE(place);

OM_VERB inline OM_TYPE(place) OM_FN(find)(const OM_NAME *map, OM_VIEW view)
{
    const size_t mask = map->table.capacity - 1;
    OM_TYPE(place) place = {(size_t)OM_FN(hash_of)(map, view) & mask, OM_LIVE};
    size_t tombstone = OM_NO_SLOT;
    for (;; place.slot = (place.slot + 1) & mask) {
        OM_ON_PROBE();
        const om_state state = OM_FN(state)(&map->table, place.slot);
        if (state == OM_LIVE) {
            if (OM_FN(is_key)(map, &map->table.entries[place.slot], view))
                return place;
        } else if (state == OM_EMPTY) {
            place.state = OM_EMPTY;
            break;
        } else if (tombstone == OM_NO_SLOT) {
            tombstone = place.slot;
        }
    }
    if (tombstone != OM_NO_SLOT) {
        place.slot = tombstone;
        place.state = OM_DELETED;
    }
    return place;
}

/* The slot of a key that is there, else OM_NO_SLOT. */
OM_VERB inline size_t OM_FN(look_up)(const OM_NAME *map, OM_VIEW view)
{
    if (map->size == 0)
        return OM_NO_SLOT;
    const OM_TYPE(place) place = OM_FN(find)(map, view);
    return place.state == OM_LIVE ? place.slot : OM_NO_SLOT;
}

OM_VERB void OM_FN(release_table)(const om_allocator *allocator, OM_TYPE(table) *table)
{
    om_request request;
    if (table->capacity == 0 || !OM_FN(table_request)(table->capacity, &request))
        return;
    om_release(om_allocator_or_default(allocator), table->entries, &request);
}

OM_MUST_CHECK OM_VERB om_status OM_FN(allocate_table)(const om_allocator *allocator,
                                                      size_t capacity,
                                                      OM_TYPE(table) *table)
{
    om_request request;
    if (!OM_FN(table_request)(capacity, &request))
        return OM_TOO_LARGE;
    void *const block = om_allocate(om_allocator_or_default(allocator), &request);
    if (block == NULL)
        return OM_OUT_OF_MEMORY;
    *table = OM_FN(table_at)(block, capacity);
    return OM_OK;
}

/* Advises on `n` slots from `first` on. */
OM_VERB void OM_FN(advise)(const om_allocator *allocator, const OM_TYPE(table) *table,
                           size_t first, size_t n, om_advice advice)
{
    om_request request;
    if (OM_FN(table_request)(table->capacity, &request))
        om_advise(allocator, &table->entries[first], n * sizeof(OM_TYPE(entry)), &request,
                  advice);
}

/* Copies the live entries of a stretch of the map's slots into `to`, which has room. */
OM_VERB void OM_FN(move_stretch)(const OM_NAME *map, size_t first, size_t end,
                                 OM_TYPE(table) *to)
{
    const size_t mask = to->capacity - 1;
    for (size_t from = first; from < end; from++) {
        if (OM_FN(state)(&map->table, from) != OM_LIVE)
            continue;
        const OM_TYPE(entry) *const entry = &map->table.entries[from];
        size_t slot = (size_t)OM_FN(hash_of)(map, OM_VIEW_OF(&entry->key)) & mask;
        OM_ON_PROBE();
        while (OM_FN(state)(to, slot) != OM_EMPTY) {
            OM_ON_PROBE();
            slot = (slot + 1) & mask;
        }
        to->entries[slot] = *entry;
        OM_FN(set_state)(to, slot, OM_LIVE);
    }
}

/* Copies every live entry of the map into `to`, stretch by stretch: the part of the old
 * table that has been read is given back before the next parts of the new one are
 * backed, so that a growing map never has both tables resident in whole. */
OM_VERB void OM_FN(move_entries)(const OM_NAME *map, const om_allocator *allocator,
                                 OM_TYPE(table) *to)
{
    const size_t most = (size_t)1 << 16, capacity = map->table.capacity;
    const size_t n = capacity < most ? capacity : most;
    const bool is_dense = to->capacity / 2 <= capacity && capacity <= to->capacity &&
                          map->size >= to->capacity / 8; /* every page gets entries */
    for (size_t first = 0; first < capacity; first += n) {
        for (size_t at = first; is_dense && at < to->capacity; at += capacity)
            OM_FN(advise)(allocator, to, at, n, OM_WILL_WRITE);
        OM_FN(move_stretch)(map, first, first + n, to);
        OM_FN(advise)(allocator, &map->table, first, n, OM_WILL_NOT_READ);
    }
}

/* Moves the entries into a new table of `capacity` slots and releases the old one. An
 * allocator hook may have changed the map meanwhile: if it has resized it, or filled it
 * beyond the new table, nothing is done, and the caller looks again at what it needs. */
OM_MUST_CHECK OM_VERB OM_COLD om_status OM_FN(rehash)(OM_NAME *map, size_t capacity)
{
    const om_allocator *const allocator = om_allocator_or_default(map->allocator);
    const size_t old_capacity = map->table.capacity;
    om_status status = OM_FN(need_seed)(map);
    om_request request, old_request = {0, 1, "", 0};
    if (status == OM_OK && !OM_FN(table_request)(capacity, &request))
        status = OM_TOO_LARGE;
    if (status != OM_OK)
        return status;
    if (old_capacity != 0)
        (void)!OM_FN(table_request)(old_capacity, &old_request);
    const om_resize event = {old_capacity, capacity,          sizeof(OM_TYPE(entry)),
                             map->size,    old_request.bytes, request.bytes};
    if (old_capacity != 0)
        om_announce(allocator, &event, false);
    OM_TYPE(table) table;
    const void *const old_block = map->table.entries;
    status = OM_FN(allocate_table)(allocator, capacity, &table);
    if (status == OM_OK) {
        const size_t limit = om_size_limit(capacity, OM_MAX_LOAD);
        OM_TYPE(table) unused = table;
        if (map->table.capacity == old_capacity && map->table.entries == old_block &&
            map->size <= limit) {
            OM_FN(move_entries)(map, allocator, &table);
            unused = map->table;
            map->table = table;
            map->tombstones = 0;
            map->limit = limit;
        }
        OM_FN(release_table)(allocator, &unused);
    }
    if (old_capacity != 0)
        om_announce(allocator, &event, true);
    return status;
}

/* Called by an insert that found no room. */
OM_MUST_CHECK OM_VERB OM_COLD om_status OM_FN(make_room)(OM_NAME *map)
{
    const size_t capacity = map->table.capacity;
    if (capacity == 0)
        return OM_FN(rehash)(map, OM_INIT_SLOTS);
    if (map->size <= map->limit / 2)
        return OM_FN(rehash)(map, capacity);
    if (capacity > SIZE_MAX / 2)
        return OM_TOO_LARGE;
    return OM_FN(rehash)(map, capacity * 2);
}

/* As find, and when the key is absent there is room for it. No hook runs after the place
 * is known. */
OM_MUST_CHECK OM_VERB inline om_status OM_FN(prepare)(OM_NAME *map, OM_VIEW view,
                                                      OM_TYPE(place) *place)
{
    for (;;) {
        if (OM_LIKELY(map->table.capacity != 0)) {
            *place = OM_FN(find)(map, view);
            if (place->state == OM_LIVE ||
                OM_LIKELY(map->size + map->tombstones < map->limit))
                return OM_OK;
        }
        const om_status status = OM_FN(make_room)(map);
        if (status != OM_OK)
            return status;
    }
}

/* Stores a new entry at a vacant place. */
OM_VERB inline void OM_FN(occupy)(OM_NAME *map, OM_TYPE(place) place,
                                  OM_KEY key OM_IF_VALUE(, OM_VALUE value))
{
    OM_TYPE(entry) *const entry = &map->table.entries[place.slot];
    entry->key = key;
    OM_IF_VALUE(entry->value = value;)
    OM_FN(set_state)(&map->table, place.slot, OM_LIVE);
    map->size++;
    map->tombstones -= place.state == OM_DELETED;
}

OM_VERB inline void OM_FN(occupy_zeroed)(OM_NAME *map, OM_TYPE(place) place, OM_KEY key)
{
    OM_IF_VALUE(OM_VALUE value; om_mem_zero(&value, sizeof value);)
    OM_FN(occupy)(map, place, key OM_IF_VALUE(, value));
}

/* Makes a live slot vacant; the caller has copied out what it held. */
OM_VERB inline void OM_FN(vacate)(OM_NAME *map, size_t slot)
{
    const size_t mask = map->table.capacity - 1;
    OM_FN(set_state)(&map->table, slot, OM_DELETED);
    map->size--;
    map->tombstones++;
    if (OM_FN(state)(&map->table, (slot + 1) & mask) != OM_EMPTY)
        return;
    for (; OM_FN(state)(&map->table, slot) == OM_DELETED; slot = (slot - 1) & mask) {
        OM_FN(set_state)(&map->table, slot, OM_EMPTY);
        map->tombstones--;
    }
}

/* Empties the map and hands back its storage with the entries still in it. */
OM_VERB OM_TYPE(table) OM_FN(detach)(OM_NAME *map)
{
    const OM_TYPE(table) table = map->table;
    om_mem_zero(&map->table, sizeof map->table);
    map->size = 0;
    map->tombstones = 0;
    map->limit = 0;
    return table;
}

OM_VERB void OM_FN(drop_entries)(OM_TYPE(table) *table, const om_allocator *allocator)
{
    for (size_t slot = 0; slot < table->capacity; slot++)
        if (OM_FN(state)(table, slot) == OM_LIVE)
            OM_FN(drop_entry)(&table->entries[slot], allocator);
}

/* ---- verbs ---- */

OM_VERB size_t OM_FN(capacity)(const OM_NAME *map)
{
    return map->table.capacity;
}

OM_VERB inline OM_ANSWER OM_FN(get)(const OM_NAME *map, OM_VIEW view)
{
    OM_VERB_BEGIN(map);
    const size_t slot = OM_FN(look_up)(map, view);
    return slot == OM_NO_SLOT ? NULL : OM_ANSWER_OF(&map->table.entries[slot]);
}

OM_MUST_CHECK OM_VERB om_status OM_FN(insert)(OM_NAME *map,
                                              OM_KEY key OM_IF_VALUE(, OM_VALUE value))
{
    OM_VERB_BEGIN(map);
    OM_TYPE(place) place;
    const om_status status = OM_FN(prepare)(map, OM_VIEW_OF(&key), &place);
    if (OM_UNLIKELY(status != OM_OK))
        return status;
    if (place.state == OM_LIVE) {
        OM_TYPE(entry) *const entry = &map->table.entries[place.slot];
        OM_FN(overwrite)(map, entry, key OM_IF_VALUE(, value));
    } else {
        OM_FN(occupy)(map, place, key OM_IF_VALUE(, value));
    }
    OM_AUDIT(OM_FN(is_valid)(map), "insert left the map invalid");
    return OM_OK;
}

#ifdef OM_HAS_KEY_COPY
OM_MUST_CHECK OM_VERB om_status OM_FN(get_or_insert)(OM_NAME *map, OM_VIEW view,
                                                     OM_ANSWER *answer, bool *is_new)
{
    OM_VERB_BEGIN(map);
    for (;;) {
        OM_TYPE(place) place;
#ifdef OM_KEY_COPY
        place.slot = OM_FN(look_up)(map, view);
        place.state = place.slot == OM_NO_SLOT ? OM_EMPTY : OM_LIVE;
        const bool is_new_key = place.state != OM_LIVE;
        if (is_new_key) { /* copied before the table grows: a failure changes nothing */
            OM_KEY key;
            om_status status = OM_KEY_COPY(&key, view, map->allocator);
            if (status != OM_OK)
                return status;
            status = OM_FN(prepare)(map, OM_VIEW_OF(&key), &place);
            const bool is_wanted = status == OM_OK && place.state != OM_LIVE;
            if (is_wanted)
                OM_FN(occupy_zeroed)(map, place, key);
            else
                OM_DROP_KEY(&key, map->allocator);
            if (status != OM_OK)
                return status;
            if (!is_wanted)
                continue; /* a hook has inserted it, and another has run since */
        }
#else
        const om_status status = OM_FN(prepare)(map, view, &place);
        if (status != OM_OK)
            return status;
        const bool is_new_key = place.state != OM_LIVE;
        if (is_new_key)
            OM_FN(occupy_zeroed)(map, place, view);
#endif
        *answer = OM_ANSWER_OF(&map->table.entries[place.slot]);
        if (is_new != NULL)
            *is_new = is_new_key;
        return OM_OK;
    }
}
#endif

OM_VERB bool OM_FN(take)(OM_NAME *map, OM_VIEW view,
                         OM_KEY *key OM_IF_VALUE(, OM_VALUE *value))
{
    OM_VERB_BEGIN(map);
    const size_t slot = OM_FN(look_up)(map, view);
    if (slot == OM_NO_SLOT)
        return false;
    *key = map->table.entries[slot].key;
    OM_IF_VALUE(*value = map->table.entries[slot].value;)
    OM_FN(vacate)(map, slot);
    OM_AUDIT(OM_FN(is_valid)(map), "take left the map invalid");
    return true;
}

OM_VERB bool OM_FN(delete)(OM_NAME *map, OM_VIEW view)
{
    OM_VERB_BEGIN(map);
    const size_t slot = OM_FN(look_up)(map, view);
    if (slot == OM_NO_SLOT)
        return false;
    OM_TYPE(entry) entry = map->table.entries[slot];
    OM_FN(vacate)(map, slot);
    OM_AUDIT(OM_FN(is_valid)(map), "delete left the map invalid");
    OM_FN(drop_entry)(&entry, map->allocator);
    return true;
}

OM_MUST_CHECK OM_VERB om_status OM_FN(reserve)(OM_NAME *map, size_t entries)
{
    OM_VERB_BEGIN(map);
    while (entries > map->size &&
           entries - map->size > map->limit - map->size - map->tombstones) {
        const size_t capacity = om_size_capacity(entries, OM_INIT_SLOTS, OM_MAX_LOAD);
        if (capacity == 0)
            return OM_TOO_LARGE;
        const size_t now = map->table.capacity;
        const om_status status = OM_FN(rehash)(map, capacity > now ? capacity : now);
        if (status != OM_OK)
            return status;
    }
    return OM_OK;
}

OM_MUST_CHECK OM_VERB om_status OM_FN(shrink)(OM_NAME *map)
{
    OM_VERB_BEGIN(map);
    if (map->size == 0) {
        OM_TYPE(table) table = OM_FN(detach)(map);
        OM_FN(release_table)(map->allocator, &table);
        return OM_OK;
    }
    const size_t least = om_size_capacity(map->size, OM_INIT_SLOTS, OM_MAX_LOAD);
    return least < map->table.capacity ? OM_FN(rehash)(map, least) : OM_OK;
}

OM_VERB void OM_FN(drop)(OM_NAME *map)
{
    OM_VERB_BEGIN(map);
    const om_allocator *const allocator = map->allocator;
    OM_TYPE(table) table = OM_FN(detach)(map);
    OM_FN(drop_entries)(&table, allocator);
    OM_FN(release_table)(allocator, &table);
}

OM_VERB void OM_FN(clear)(OM_NAME *map)
{
    OM_VERB_BEGIN(map);
    const om_allocator *const allocator = map->allocator;
    OM_TYPE(table) table = OM_FN(detach)(map);
    OM_FN(drop_entries)(&table, allocator);
    if (map->table.capacity == 0 && table.capacity != 0) {
        for (size_t slot = 0; slot < table.capacity; slot++)
            OM_FN(set_state)(&table, slot, OM_EMPTY);
        map->table = table;
        map->limit = om_size_limit(table.capacity, OM_MAX_LOAD);
    } else { /* a drop callback has put entries into a table of its own */
        OM_FN(release_table)(allocator, &table);
    }
}

/* ---- iteration ---- */

/* Moves to the first live slot at or after the iterator's position. */
OM_VERB void OM_FN(settle)(OM_TYPE(iterator) *it)
{
    const size_t capacity = it->map->table.capacity;
    for (; it->position < capacity; it->position++) {
        const size_t slot = om_scattered(it->position, capacity);
        if (OM_FN(state)(&it->map->table, slot) == OM_LIVE) {
            it->entry = &it->map->table.entries[slot];
            return;
        }
    }
    it->entry = NULL;
}

OM_VERB OM_TYPE(iterator) OM_FN(first)(OM_NAME *map)
{
    OM_VERB_BEGIN(map);
    OM_TYPE(iterator) it = {map, 0, NULL};
    OM_FN(settle)(&it);
    return it;
}

OM_VERB void OM_FN(next)(OM_TYPE(iterator) *it)
{
    OM_VERB_BEGIN(it->map);
    it->position++;
    OM_FN(settle)(it);
}

OM_VERB void OM_FN(delete_current)(OM_TYPE(iterator) *it)
{
    OM_VERB_BEGIN(it->map);
    OM_ASSERT(it->entry != NULL, "delete_current needs a current entry");
    const size_t slot = om_scattered(it->position, it->map->table.capacity);
    OM_TYPE(entry) entry = *it->entry;
    OM_FN(vacate)(it->map, slot);
    it->entry = NULL;
    OM_FN(drop_entry)(&entry, it->map->allocator);
}

/* ---- clone, stats, validity ---- */

#if defined(OM_HAS_KEY_COPY) && defined(OM_HAS_VALUE_COPY)
OM_MUST_CHECK OM_VERB om_status OM_FN(clone)(const OM_NAME *from, OM_NAME *to)
{
    OM_VERB_BEGIN(from);
    const OM_TYPE(table) *const source = &from->table;
    *to = *from;
    (void)OM_FN(detach)(to);
    if (source->capacity == 0)
        return OM_OK;
    OM_TYPE(table) table;
    om_status status = OM_FN(allocate_table)(from->allocator, source->capacity, &table);
    if (status != OM_OK)
        return status;
    for (size_t slot = 0; slot < source->capacity; slot++) {
        const om_state state = OM_FN(state)(source, slot);
        if (state == OM_LIVE)
            status = OM_FN(copy_entry)(&table.entries[slot], &source->entries[slot],
                                       from->allocator);
        if (status != OM_OK) {
            OM_FN(set_state)(&table, slot, OM_EMPTY);
            OM_FN(drop_entries)(&table, from->allocator);
            OM_FN(release_table)(from->allocator, &table);
            return status;
        }
        OM_FN(set_state)(&table, slot, state);
    }
    to->table = table;
    to->size = from->size;
    to->tombstones = from->tombstones;
    to->limit = from->limit;
    return OM_OK;
}
#endif

OM_VERB void OM_FN(stats)(const OM_NAME *map, om_stats *stats)
{
    const OM_TYPE(table) *const table = &map->table;
    const size_t mask = table->capacity - 1;
    om_mem_zero(stats, sizeof *stats);
    if (table->capacity == 0)
        return;
    om_request request;
    stats->bytes = OM_FN(table_request)(table->capacity, &request) ? request.bytes : 0;
    stats->size = map->size;
    stats->capacity = table->capacity;
    stats->tombstones = map->tombstones;
    size_t past_end = 0; /* probes from slot 0 to the first empty slot, wrapped round */
    while (OM_FN(state)(table, past_end) != OM_EMPTY)
        past_end++;
    size_t to_empty = past_end + 1;
    for (size_t slot = table->capacity; slot-- > 0;) {
        const om_state state = OM_FN(state)(table, slot);
        to_empty = state == OM_EMPTY ? 1 : to_empty + 1;
        om_stats_add(to_empty, &stats->miss_probes, &stats->miss_longest);
        if (state != OM_LIVE)
            continue;
        const OM_VIEW view = OM_VIEW_OF(&table->entries[slot].key);
        const size_t home = (size_t)OM_FN(hash_of)(map, view) & mask;
        om_stats_add(((slot - home) & mask) + 1, &stats->hit_probes, &stats->hit_longest);
    }
}

/* I1 to I5, by a walk over all slots and a lookup of every entry. */
OM_VERB bool OM_FN(is_valid)(const OM_NAME *map)
{
    const OM_TYPE(table) *const table = &map->table;
    if (table->capacity == 0)
        return map->size == 0 && map->tombstones == 0 && map->limit == 0;
    if ((table->capacity & (table->capacity - 1)) != 0 || !map->has_seed ||
        map->limit != om_size_limit(table->capacity, OM_MAX_LOAD) ||
        map->size + map->tombstones > map->limit)
        return false;
    size_t n_live = 0, n_deleted = 0, n_empty = 0;
    om_state next = OM_FN(state)(table, 0);
    for (size_t slot = table->capacity; slot-- > 0;) {
        const om_state state = OM_FN(state)(table, slot);
        n_live += state == OM_LIVE;
        n_deleted += state == OM_DELETED;
        n_empty += state == OM_EMPTY;
        if (state == OM_DELETED && next == OM_EMPTY)
            return false;
        next = state;
    }
    if (n_live != map->size || n_deleted != map->tombstones || n_empty == 0)
        return false;
    for (size_t slot = 0; slot < table->capacity; slot++) {
        if (OM_FN(state)(table, slot) != OM_LIVE)
            continue;
        if (OM_FN(look_up)(map, OM_VIEW_OF(&table->entries[slot].key)) != slot)
            return false;
    }
    return true;
}

#undef OM_NO_SLOT
