/* SPDX-License-Identifier: MIT */
/* The notes' chaining map for one KIND; the essay is in chaining_original.c. */

/* Rust may order fields as it likes, but nothing here would gain from another order. */
typedef struct REPLAY_FN(node) {
    KIND_FN(item) key;
    KIND_FN(item) value;
    struct REPLAY_FN(node) * next; /* NULL ends the chain */
} REPLAY_FN(node);

typedef struct BODY {
    REPLAY_FN(node) * *heads;
    size_t size; /* never lowered by a delete */
    size_t capacity;
    const om_allocator *allocator;
} BODY;

typedef struct REPLAY_FN(iterator) {
    const BODY *map;
    REPLAY_FN(node) * entry; /* NULL at the end */
    size_t slot;             /* the next one */
} REPLAY_FN(iterator);

static const om_request REPLAY_FN(node_request) = {sizeof(REPLAY_FN(node)),
                                                   sizeof(uint64_t), "nodes", 0};

/* vec![LinkedList::new(); n]: not from zeroed memory, each head is written. */
static REPLAY_FN(node) *
    *REPLAY_FN(make_heads)(const om_allocator *allocator, size_t capacity)
{
    REPLAY_FN(node) **const heads = (REPLAY_FN(node) **)replay_table_allocate(
        allocator, capacity, sizeof *heads, "heads", 0);
    for (size_t slot = 0; heads != NULL && slot < capacity; slot++)
        heads[slot] = NULL;
    return heads;
}

/* Drops a chain as a Box in a Box is dropped: a node's strings, what hangs from it, and then
 * the node. Recursive, as there. */
static void REPLAY_FN(drop_chain)(REPLAY_FN(node) * node, const om_allocator *allocator)
{
    if (node == NULL)
        return;
    KIND_FN(drop_key)(&node->key, allocator);
    KIND_FN(drop_value)(&node->value, allocator);
    REPLAY_FN(drop_chain)(node->next, allocator);
    om_release(allocator, node, &REPLAY_FN(node_request));
}

static inline om_status REPLAY_FN(init)(BODY *map, size_t entries, const om_seed *seed,
                                        const om_allocator *allocator)
{
    (void)seed;
    map->size = 0;
    map->capacity = replay_slots(entries);
    map->allocator = om_allocator_or_default(allocator);
    map->heads = REPLAY_FN(make_heads)(map->allocator, map->capacity);
    return map->heads == NULL ? OM_OUT_OF_MEMORY : OM_OK;
}

static inline void REPLAY_FN(drop)(BODY *map)
{
    for (size_t slot = 0; slot < map->capacity; slot++)
        REPLAY_FN(drop_chain)(map->heads[slot], map->allocator);
    replay_table_release(map->allocator, map->heads, map->capacity, sizeof *map->heads,
                         "heads", 0);
}

static inline size_t REPLAY_FN(size)(const BODY *map)
{
    return map->size;
}

static inline size_t REPLAY_FN(home)(const BODY *map, KIND_FN(view) key)
{
    return (size_t)KIND_FN(hash)(key) % map->capacity;
}

/* Walks the chain to its end; a new node goes there. Takes key and value, on failure too. */
static inline om_status REPLAY_FN(put)(BODY *map, KIND_FN(item) key, KIND_FN(item) value)
{
    REPLAY_FN(node) **link = &map->heads[REPLAY_FN(home)(map, KIND_FN(view_of)(&key))];
    for (; *link != NULL; link = &(*link)->next) {
        OM_ON_PROBE();
        if (KIND_FN(is)(&(*link)->key, KIND_FN(view_of)(&key))) {
            KIND_FN(drop_value)(&(*link)->value, map->allocator);
            (*link)->value = value;
            KIND_FN(drop_key)(&key, map->allocator);
            return OM_OK;
        }
    }
    REPLAY_FN(node) *const node =
        (REPLAY_FN(node) *)om_allocate(map->allocator, &REPLAY_FN(node_request));
    if (node == NULL) {
        KIND_FN(drop_key)(&key, map->allocator);
        KIND_FN(drop_value)(&value, map->allocator);
        return OM_OUT_OF_MEMORY;
    }
    node->key = key;
    node->value = value;
    node->next = NULL;
    *link = node;
    map->size++;
    return OM_OK;
}

/* Each bucket in turn: its entries are cloned and inserted anew, then it is dropped. Out
 * of memory in the middle loses entries; the original is aborted there. */
static om_status REPLAY_FN(grow)(BODY *map)
{
    const size_t old_capacity = map->capacity, capacity = 2 * old_capacity;
    REPLAY_FN(node) **const old_heads = map->heads;
    const om_resize event = {old_capacity,
                             capacity,
                             sizeof *old_heads,
                             map->size,
                             old_capacity * sizeof *old_heads,
                             capacity * sizeof *old_heads};
    om_announce(map->allocator, &event, false);
    REPLAY_FN(node) **const heads = REPLAY_FN(make_heads)(map->allocator, capacity);
    om_status status = heads == NULL ? OM_OUT_OF_MEMORY : OM_OK;
    if (heads != NULL) {
        map->heads = heads;
        map->capacity = capacity;
        map->size = 0;
        for (size_t slot = 0; slot < old_capacity; slot++) {
            const REPLAY_FN(node) *node = old_heads[slot];
            for (; node != NULL && status == OM_OK; node = node->next) {
                KIND_FN(item) key, value;
                status = KIND_FN(clone_pair)(&key, &value, &node->key, &node->value,
                                             map->allocator);
                if (status == OM_OK)
                    status = REPLAY_FN(put)(map, key, value);
            }
            REPLAY_FN(drop_chain)(old_heads[slot], map->allocator);
        }
        replay_table_release(map->allocator, old_heads, old_capacity, sizeof *old_heads,
                             "heads", 0);
    }
    om_announce(map->allocator, &event, true);
    return status;
}

static inline om_status REPLAY_FN(insert)(BODY *map, KIND_FN(item) key,
                                          KIND_FN(item) value)
{
    om_status status = KIND_FN(make_pair)(&key, &value, map->allocator);
    if (status == OM_OK && OM_UNLIKELY(replay_is_full(map->size, map->capacity)))
        status = REPLAY_FN(grow)(map);
    if (OM_LIKELY(status == OM_OK))
        return REPLAY_FN(put)(map, key, value);
    KIND_FN(drop_key)(&key, map->allocator);
    KIND_FN(drop_value)(&value, map->allocator);
    return status;
}

static inline KIND_FN(item) * REPLAY_FN(find)(const BODY *map, KIND_FN(view) view)
{
    REPLAY_FN(node) *node = map->heads[REPLAY_FN(home)(map, view)];
    for (; node != NULL; node = node->next) {
        OM_ON_PROBE();
        if (KIND_FN(is)(&node->key, view))
            break;
    }
    if (node == NULL)
        return NULL;
    KIND_FN(clone_and_drop)(&node->value, map->allocator);
    return &node->value;
}

/* Each link on the way is emptied and filled again: the original takes the Box out of it
 * to look inside. */
static inline bool REPLAY_FN(remove)(BODY *map, KIND_FN(view) view)
{
    REPLAY_FN(node) *volatile *link = &map->heads[REPLAY_FN(home)(map, view)];
    for (REPLAY_FN(node) * node; (node = *link) != NULL; link = &node->next) {
        OM_ON_PROBE();
        *link = NULL;
        if (KIND_FN(is)(&node->key, view)) {
            *link = node->next;
            KIND_FN(drop_key)(&node->key, map->allocator);
            KIND_FN(drop_value)(&node->value, map->allocator);
            om_release(map->allocator, node, &REPLAY_FN(node_request));
            return true;
        }
        *link = node;
    }
    return false;
}

static inline void REPLAY_FN(next)(REPLAY_FN(iterator) * it)
{
    if (it->entry != NULL)
        it->entry = it->entry->next;
    while (it->entry == NULL && it->slot < it->map->capacity)
        it->entry = it->map->heads[it->slot++];
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
                              .entry_bytes = sizeof(REPLAY_FN(node)),
                              .head_bytes = sizeof(void *),
                              .node_bytes = sizeof(REPLAY_FN(node)),
                              .n_fields = 3,
                              .fields = {{"key", 0, item},
                                         {"value", item, item},
                                         {"next", 2 * item, sizeof(void *)}}};
    return layout;
}

#include "replay_verbs.h"
