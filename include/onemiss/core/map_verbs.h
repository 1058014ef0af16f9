/* SPDX-License-Identifier: MIT */
/* The verbs of the contract as prototypes, which every design must meet, and those that
 * all have alike. Included by each map header once its structs stand. */

OM_MUST_CHECK OM_VERB om_status OM_FN(init)(OM_NAME *map, size_t entries,
                                            const om_seed *seed,
                                            const om_allocator *allocator);
OM_VERB void OM_FN(drop)(OM_NAME *map);
OM_VERB inline OM_ANSWER OM_FN(get)(const OM_NAME *map, OM_VIEW view);
OM_MUST_CHECK OM_VERB om_status OM_FN(insert)(OM_NAME *map,
                                              OM_KEY key OM_IF_VALUE(, OM_VALUE value));
#ifdef OM_HAS_KEY_COPY
OM_MUST_CHECK OM_VERB om_status OM_FN(get_or_insert)(OM_NAME *map, OM_VIEW view,
                                                     OM_ANSWER *answer, bool *is_new);
#endif
OM_VERB bool OM_FN(delete)(OM_NAME *map, OM_VIEW view);
OM_VERB bool OM_FN(take)(OM_NAME *map, OM_VIEW view,
                         OM_KEY *key OM_IF_VALUE(, OM_VALUE *value));
OM_MUST_CHECK OM_VERB om_status OM_FN(reserve)(OM_NAME *map, size_t entries);
OM_MUST_CHECK OM_VERB om_status OM_FN(shrink)(OM_NAME *map);
OM_VERB void OM_FN(clear)(OM_NAME *map);
OM_VERB size_t OM_FN(capacity)(const OM_NAME *map);
OM_VERB OM_TYPE(iterator) OM_FN(first)(OM_NAME *map);
OM_VERB void OM_FN(next)(OM_TYPE(iterator) *it);
OM_VERB void OM_FN(delete_current)(OM_TYPE(iterator) *it);
#if defined(OM_HAS_KEY_COPY) && defined(OM_HAS_VALUE_COPY)
OM_MUST_CHECK OM_VERB om_status OM_FN(clone)(const OM_NAME *from, OM_NAME *to);
#endif
OM_VERB void OM_FN(stats)(const OM_NAME *map, om_stats *stats);
OM_VERB bool OM_FN(is_valid)(const OM_NAME *map);
OM_VERB om_layout OM_FN(layout)(void);

OM_MUST_CHECK OM_VERB om_status OM_FN(init)(OM_NAME *map, size_t entries,
                                            const om_seed *seed,
                                            const om_allocator *allocator)
{
    om_mem_zero(map, sizeof *map);
    map->allocator = allocator;
    map->has_seed = seed != NULL;
    if (seed != NULL)
        map->seed = *seed;
    return OM_FN(reserve)(map, entries);
}

/* Draws the seed of a map that was given none, before its first table. */
OM_MUST_CHECK OM_VERB om_status OM_FN(need_seed)(OM_NAME *map)
{
    if (map->has_seed)
        return OM_OK;
    const om_status status = om_os_seed(&map->seed);
    map->has_seed = status == OM_OK;
    return status;
}

OM_VERB inline uint64_t OM_FN(hash_of)(const OM_NAME *map, OM_VIEW view)
{
    OM_CALLBACK_BEGIN(map);
    const uint64_t hash = OM_HASH(view, map->seed);
    OM_CALLBACK_END();
    return hash;
}

OM_VERB inline bool OM_FN(is_key)(const OM_NAME *map, const OM_TYPE(entry) *entry,
                                  OM_VIEW view)
{
    (void)map;
    OM_CALLBACK_BEGIN(map);
    const bool is_equal = OM_EQ(&entry->key, view);
    OM_CALLBACK_END();
    return is_equal;
}

/* Drops what a copied-out entry owns. */
OM_VERB void OM_FN(drop_entry)(OM_TYPE(entry) *entry, const om_allocator *allocator)
{
    (void)allocator;
    OM_DROP_KEY(&entry->key, allocator);
    OM_IF_VALUE(OM_DROP_VALUE(&entry->value, allocator);)
}

/* The second half of an overwriting insert: the map is consistent before any drop. */
OM_VERB void OM_FN(overwrite)(OM_NAME *map, OM_TYPE(entry) *entry,
                              OM_KEY key OM_IF_VALUE(, OM_VALUE value))
{
    const om_allocator *const allocator = map->allocator;
    (void)allocator;
    (void)entry;
    OM_IF_VALUE(OM_VALUE old = entry->value; entry->value = value;
                OM_DROP_VALUE(&old, allocator);)
    OM_DROP_KEY(&key, allocator);
}

OM_VERB size_t OM_FN(size)(const OM_NAME *map)
{
    return map->size;
}

OM_VERB double OM_FN(load)(const OM_NAME *map)
{
    const size_t capacity = OM_FN(capacity)(map);
    return capacity == 0 ? 0.0 : (double)map->size / (double)capacity;
}

OM_VERB void OM_FN(get_many)(const OM_NAME *map, const OM_VIEW *views, OM_ANSWER *answers,
                             size_t n)
{
    for (size_t i = 0; i < n; i++)
        answers[i] = OM_FN(get)(map, views[i]);
}

OM_MUST_CHECK OM_VERB om_status OM_FN(insert_many)(OM_NAME *map, OM_KEY *keys,
                                                   OM_IF_VALUE(OM_VALUE *values, )
                                                       size_t n,
                                                   size_t *n_done)
{
    om_status status = OM_OK;
    size_t i = 0;
    for (; i < n; i++) {
        status = OM_FN(insert)(map, keys[i] OM_IF_VALUE(, values[i]));
        if (status != OM_OK)
            break;
    }
    *n_done = i;
    return status;
}

OM_VERB size_t OM_FN(delete_many)(OM_NAME *map, const OM_VIEW *views, size_t n)
{
    size_t n_deleted = 0;
    for (size_t i = 0; i < n; i++)
        n_deleted += OM_FN(delete)(map, views[i]);
    return n_deleted;
}

#if defined(OM_HAS_KEY_COPY) && defined(OM_HAS_VALUE_COPY)
/* Makes *to own copies of what *from owns; on failure *to owns nothing. */
OM_MUST_CHECK OM_VERB om_status OM_FN(copy_entry)(OM_TYPE(entry) *to,
                                                  const OM_TYPE(entry) *from,
                                                  const om_allocator *allocator)
{
    (void)allocator;
    om_status status = OM_OK;
    *to = *from;
#ifdef OM_KEY_COPY
    status = OM_KEY_COPY(&to->key, OM_VIEW_OF(&from->key), allocator);
#endif
#if defined(OM_VALUE) && defined(OM_VALUE_COPY)
    if (status == OM_OK) {
        status = OM_VALUE_COPY(&to->value, &from->value, allocator);
        if (status != OM_OK)
            OM_DROP_KEY(&to->key, allocator);
    }
#endif
    return status;
}
#endif

/* The part of the layout that all designs share: the pair, and the entry's key and value
 * behind what the design has put in front of them. */
OM_VERB om_layout OM_FN(layout_of_entry)(const char *front, size_t front_bytes)
{
    typedef struct {
        OM_KEY key;
        OM_IF_VALUE(OM_VALUE value;)
    } pair;
    om_layout layout;
    om_mem_zero(&layout, sizeof layout);
    layout.pair_bytes = sizeof(pair);
    layout.entry_bytes = sizeof(OM_TYPE(entry));
    om_field *field = layout.fields;
    if (front_bytes != 0) {
        const om_field first = {front, 0, front_bytes};
        *field++ = first;
    }
    const om_field key = {"key", offsetof(OM_TYPE(entry), key), sizeof(OM_KEY)};
    *field++ = key;
#ifdef OM_VALUE
    const om_field value = {"value", offsetof(OM_TYPE(entry), value), sizeof(OM_VALUE)};
    *field++ = value;
#endif
    layout.n_fields = (size_t)(field - layout.fields);
    return layout;
}
