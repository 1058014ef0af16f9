/* SPDX-License-Identifier: MIT */
/* A map of chains: an array of 8-byte heads, each entry in a heap node of its own.
 *
 * Idea. The slot's head points at a list of the entries whose home it is. Entries never
 * move and deletes leave no trace; but every step is a pointer to somewhere else, and every entry pays for a `next` and for the allocator's own word.
 *
 * Layout, u64 to u64: 8-byte heads, 24-byte nodes (32 from glibc's malloc).
 *
 *      heads    0        8        16       24       32       40       48       56       64
 *               +--------+--------+--------+--------+--------+--------+--------+--------+
 *               |head    |head    |head    |head    |head    |head    |head    |head    |
 *               +---|----+--------+--------+--------+--------+--------+--------+--------+
 *                   v
 *      node     0        8        16       24
 *               +--------+--------+--------+
 *               |next    |key     |value   |
 *               +--------+--------+--------+
 *
 * Budget, cache lines at load 0.7 and uniform hashes: a hit reads 1 head line and 1.35
 * node lines, one after the other; a miss 1 and 0.7; an insert is a miss, writes the
 * head and a fresh node; a delete is a hit. Strings add the bytes that are compared.
 *
 * Invariants
 *  I1  size counts the nodes reachable from the heads.
 *  I2  A node hangs from the head of its key's home.
 *  I3  No two nodes have equal keys.
 *  I4  size <= limit.
 *
 * Growth. A resize allocates heads only: nodes are relinked where they are, read in the
 * order of the old heads, each fetched ahead because its address is known early.
 *
 * Limits. Slower than open addressing wherever the map does not fit the cache. Choose it
 * for stable entry addresses or large values.
 *
 * Credits. Chaining: H. P. Luhn, IBM memorandum, 1953 (told by Knuth). The rules are
 * those of the notes this project started from. */

#include "contract.h"
#include "core/map_begin.h"

typedef struct OM_TYPE(entry) {
    struct OM_TYPE(entry) *next; /* NULL ends the chain */
    OM_KEY key;
    OM_IF_VALUE(OM_VALUE value;)
} OM_TYPE(entry);

OM_STATIC_ASSERT(offsetof(OM_TYPE(entry), key) >= sizeof(void *),
                 "a node opens with next");

typedef struct OM_NAME {
    OM_TYPE(entry) **heads;        /* no block while capacity is 0 */
    size_t capacity;               /* slots, a power of two */
    size_t size;                   /* entries */
    size_t limit;                  /* size at which an insert doubles the heads */
    size_t n_changes;              /* inserts, deletes, resizes: tells a verb that an
                                      allocator hook has used the map meanwhile */
    om_seed seed;                  /* meaningful when has_seed */
    const om_allocator *allocator; /* NULL: the default */
    bool has_seed;
} OM_NAME;

typedef struct OM_TYPE(iterator) {
    OM_NAME *map;
    size_t position;       /* 0 to capacity, in visiting order */
    OM_TYPE(entry) *entry; /* current entry; NULL at the end, and after delete_current */
    OM_TYPE(entry) *after; /* then its successor in the chain, as long as ... */
    size_t n_changes;      /* ... the map's is still this one */
} OM_TYPE(iterator);

#include "core/map_verbs.h"

/* ---- helpers ---- */

static const om_request OM_FN(node_request) = {sizeof(OM_TYPE(entry)),
                                               OM_ALIGNOF(OM_TYPE(entry)), "nodes", 0};

OM_VERB bool OM_FN(heads_request)(size_t capacity, om_request *request)
{
    request->alignment = OM_ALIGNOF(OM_TYPE(entry) *);
    request->label = "heads";
    request->flags = OM_ZEROED;
    return om_size_multiply(capacity, sizeof(OM_TYPE(entry) *), &request->bytes);
}

OM_VERB void OM_FN(release_heads)(const om_allocator *allocator, OM_TYPE(entry) **heads,
                                  size_t capacity)
{
    om_request request;
    if (capacity != 0 && OM_FN(heads_request)(capacity, &request))
        om_release(om_allocator_or_default(allocator), heads, &request);
}

OM_VERB void OM_FN(release_node)(const om_allocator *allocator, OM_TYPE(entry) *node)
{
    om_release(om_allocator_or_default(allocator), node, &OM_FN(node_request));
}

OM_VERB inline OM_TYPE(entry) **OM_FN(head_of)(const OM_NAME *map, uint64_t hash)
{
    return &map->heads[(size_t)hash & (map->capacity - 1)];
}

/* What points at the key's node, or the NULL that ends the chain. */
OM_VERB inline OM_TYPE(entry) **OM_FN(find)(const OM_NAME *map, OM_TYPE(entry) **link,
                                            OM_VIEW view)
{
    for (; *link != NULL; link = &(*link)->next) {
        OM_ON_PROBE();
        if (OM_FN(is_key)(map, *link, view))
            break;
    }
    return link;
}

OM_VERB inline OM_TYPE(entry) **OM_FN(look_up)(const OM_NAME *map, OM_VIEW view)
{
    if (map->size == 0)
        return NULL;
    OM_TYPE(entry) **const head = OM_FN(head_of)(map, OM_FN(hash_of)(map, view));
    OM_TYPE(entry) **const link = OM_FN(find)(map, head, view);
    return *link == NULL ? NULL : link;
}

/* Walks over heads read nodes in no order of memory, but know their addresses early: the
 * first node of the slot this far ahead is asked for. */
enum { OM_FN(AHEAD) = 16 };

OM_VERB inline void OM_FN(fetch_ahead)(OM_TYPE(entry) **heads, size_t slot,
                                       size_t capacity)
{
    if (slot + OM_FN(AHEAD) < capacity)
        om_mem_prefetch(heads[slot + OM_FN(AHEAD)]);
}

/* Relinks every node of the map under new heads. */
OM_VERB void OM_FN(move_nodes)(const OM_NAME *map, OM_TYPE(entry) **heads,
                               size_t capacity)
{
    for (size_t slot = 0; slot < map->capacity; slot++) {
        OM_FN(fetch_ahead)(map->heads, slot, map->capacity);
        OM_TYPE(entry) *node = map->heads[slot];
        while (node != NULL) {
            OM_ON_PROBE();
            OM_TYPE(entry) *const next = node->next;
            const uint64_t hash = OM_FN(hash_of)(map, OM_VIEW_OF(&node->key));
            OM_TYPE(entry) **const head = &heads[(size_t)hash & (capacity - 1)];
            node->next = *head;
            *head = node;
            node = next;
        }
    }
}

/* Hangs the nodes from `capacity` new heads and releases the old ones. If a hook has
 * changed the map meanwhile nothing is done, and the caller looks again. */
OM_MUST_CHECK OM_VERB OM_COLD om_status OM_FN(rehash)(OM_NAME *map, size_t capacity)
{
    const om_allocator *const allocator = om_allocator_or_default(map->allocator);
    const size_t old_capacity = map->capacity, n_changes = map->n_changes;
    const size_t head_bytes = sizeof(OM_TYPE(entry) *);
    const om_status status = OM_FN(need_seed)(map);
    om_request request;
    if (status != OM_OK)
        return status;
    if (!OM_FN(heads_request)(capacity, &request))
        return OM_TOO_LARGE;
    const om_resize event = {
        old_capacity, capacity, head_bytes, map->size, old_capacity * head_bytes,
        request.bytes};
    if (old_capacity != 0)
        om_announce(allocator, &event, false);
    OM_TYPE(entry) **const heads = (OM_TYPE(entry) **)om_allocate(allocator, &request);
    if (heads != NULL && map->n_changes == n_changes) {
        OM_TYPE(entry) **const old_heads = map->heads;
        if (map->size >= capacity / 8) /* every page gets heads */
            om_advise(allocator, heads, request.bytes, &request, OM_WILL_WRITE);
        OM_FN(move_nodes)(map, heads, capacity);
        map->heads = heads;
        map->capacity = capacity;
        map->limit = om_size_limit(capacity, OM_MAX_LOAD);
        map->n_changes++;
        OM_FN(release_heads)(allocator, old_heads, old_capacity);
    } else if (heads != NULL) {
        OM_FN(release_heads)(allocator, heads, capacity);
    }
    if (old_capacity != 0)
        om_announce(allocator, &event, true);
    return heads == NULL ? OM_OUT_OF_MEMORY : OM_OK;
}

OM_MUST_CHECK OM_VERB OM_COLD om_status OM_FN(make_room)(OM_NAME *map)
{
    if (map->capacity == 0)
        return OM_FN(rehash)(map, OM_INIT_SLOTS);
    if (map->capacity > SIZE_MAX / 2)
        return OM_TOO_LARGE;
    return OM_FN(rehash)(map, map->capacity * 2);
}

/* The key's node when it is there; else *node is NULL, *fresh is a new node, there is room
 * for it, and *head is where it goes. The node is allocated before the heads grow, so that
 * a failure of either leaves the map as it was; and as each may run a hook that uses the
 * map, what was found before is looked for again. No hook runs after the last look. */
OM_MUST_CHECK OM_VERB inline om_status OM_FN(prepare)(OM_NAME *map, OM_VIEW view,
                                                      OM_TYPE(entry) ***head,
                                                      OM_TYPE(entry) **node,
                                                      OM_TYPE(entry) **fresh)
{
    const om_allocator *const allocator = om_allocator_or_default(map->allocator);
    *fresh = NULL;
    *head = NULL;
    for (;;) {
        const size_t n_changes = map->n_changes;
        *node = NULL;
        if (OM_LIKELY(map->capacity != 0)) {
            *head = OM_FN(head_of)(map, OM_FN(hash_of)(map, view));
            *node = *OM_FN(find)(map, *head, view);
            if (*fresh == NULL ? *node != NULL : *node == NULL && map->size < map->limit)
                return OM_OK;
        }
        if (*node != NULL) { /* a hook has inserted it */
            OM_FN(release_node)(allocator, *fresh);
            *fresh = NULL;
        } else if (*fresh == NULL) {
            *fresh = (OM_TYPE(entry) *)om_allocate(allocator, &OM_FN(node_request));
            if (*fresh == NULL)
                return OM_OUT_OF_MEMORY;
            if (OM_LIKELY(map->n_changes == n_changes && map->size < map->limit))
                return OM_OK; /* nothing has changed: no need to look again */
        } else {
            const om_status status = OM_FN(make_room)(map);
            if (status != OM_OK) {
                OM_FN(release_node)(allocator, *fresh);
                return status;
            }
        }
    }
}

OM_VERB inline void OM_FN(link_node)(OM_NAME *map, OM_TYPE(entry) **head,
                                     OM_TYPE(entry) *node)
{
    node->next = *head;
    *head = node;
    map->size++;
    map->n_changes++;
}

/* Takes the node at *link out of its chain. */
OM_VERB inline OM_TYPE(entry) *OM_FN(unlink_node)(OM_NAME *map, OM_TYPE(entry) **link)
{
    OM_TYPE(entry) *const node = *link;
    *link = node->next;
    map->size--;
    map->n_changes++;
    return node;
}

OM_VERB void OM_FN(destroy_node)(OM_TYPE(entry) *node, const om_allocator *allocator)
{
    OM_TYPE(entry) entry = *node;
    OM_FN(release_node)(allocator, node);
    OM_FN(drop_entry)(&entry, allocator);
}

/* Destroys the nodes of a detached array of heads and leaves it zeroed. */
OM_VERB void OM_FN(destroy_nodes)(OM_TYPE(entry) **heads, size_t capacity,
                                  const om_allocator *allocator)
{
    for (size_t slot = 0; slot < capacity; slot++) {
        OM_FN(fetch_ahead)(heads, slot, capacity);
        while (heads[slot] != NULL) {
            OM_TYPE(entry) *const node = heads[slot];
            heads[slot] = node->next;
            OM_FN(destroy_node)(node, allocator);
        }
    }
}

/* Empties the map and hands back its heads, the nodes still on them. */
OM_VERB OM_TYPE(entry) **OM_FN(detach)(OM_NAME *map, size_t *capacity)
{
    OM_TYPE(entry) **const heads = map->heads;
    *capacity = map->capacity;
    map->heads = NULL;
    map->capacity = 0;
    map->size = 0;
    map->limit = 0;
    map->n_changes++;
    return heads;
}

/* ---- verbs ---- */

OM_VERB size_t OM_FN(capacity)(const OM_NAME *map)
{
    return map->capacity;
}

OM_VERB inline OM_ANSWER OM_FN(get)(const OM_NAME *map, OM_VIEW view)
{
    OM_VERB_BEGIN(map);
    OM_TYPE(entry) **const link = OM_FN(look_up)(map, view);
    return link == NULL ? NULL : OM_ANSWER_OF(*link);
}

OM_MUST_CHECK OM_VERB om_status OM_FN(insert)(OM_NAME *map,
                                              OM_KEY key OM_IF_VALUE(, OM_VALUE value))
{
    OM_VERB_BEGIN(map);
    OM_TYPE(entry) **head, *node, *fresh;
    const om_status status = OM_FN(prepare)(map, OM_VIEW_OF(&key), &head, &node, &fresh);
    if (OM_UNLIKELY(status != OM_OK))
        return status;
    if (fresh != NULL) {
        fresh->key = key;
        OM_IF_VALUE(fresh->value = value;)
        OM_FN(link_node)(map, head, fresh);
    } else {
        OM_FN(overwrite)(map, node, key OM_IF_VALUE(, value));
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
        OM_TYPE(entry) **head, *node, *fresh = NULL;
        OM_TYPE(entry) **const link = OM_FN(look_up)(map, view);
        if (link == NULL) {
            OM_KEY key;
            om_status status = OM_OK;
#ifdef OM_KEY_COPY
            status = OM_KEY_COPY(&key, view, map->allocator);
            if (status != OM_OK)
                return status;
#else
            key = view;
#endif
            status = OM_FN(prepare)(map, OM_VIEW_OF(&key), &head, &node, &fresh);
            if (status != OM_OK || fresh == NULL)
                OM_DROP_KEY(&key, map->allocator);
            if (status != OM_OK)
                return status;
            if (fresh == NULL)
                continue; /* a hook has inserted it, and another has run since */
            fresh->key = key;
            OM_IF_VALUE(om_mem_zero(&fresh->value, sizeof fresh->value);)
            OM_FN(link_node)(map, head, fresh);
        }
        *answer = OM_ANSWER_OF(link == NULL ? fresh : *link);
        if (is_new != NULL)
            *is_new = link == NULL;
        return OM_OK;
    }
}
#endif

OM_VERB bool OM_FN(take)(OM_NAME *map, OM_VIEW view,
                         OM_KEY *key OM_IF_VALUE(, OM_VALUE *value))
{
    OM_VERB_BEGIN(map);
    OM_TYPE(entry) **const link = OM_FN(look_up)(map, view);
    if (link == NULL)
        return false;
    OM_TYPE(entry) *const node = OM_FN(unlink_node)(map, link);
    *key = node->key;
    OM_IF_VALUE(*value = node->value;)
    OM_FN(release_node)(map->allocator, node);
    OM_AUDIT(OM_FN(is_valid)(map), "take left the map invalid");
    return true;
}

OM_VERB bool OM_FN(delete)(OM_NAME *map, OM_VIEW view)
{
    OM_VERB_BEGIN(map);
    OM_TYPE(entry) **const link = OM_FN(look_up)(map, view);
    if (link == NULL)
        return false;
    OM_TYPE(entry) *const node = OM_FN(unlink_node)(map, link);
    OM_AUDIT(OM_FN(is_valid)(map), "delete left the map invalid");
    OM_FN(destroy_node)(node, map->allocator);
    return true;
}

/* Room in the heads; the nodes are still allocated one by one. */
OM_MUST_CHECK OM_VERB om_status OM_FN(reserve)(OM_NAME *map, size_t entries)
{
    OM_VERB_BEGIN(map);
    while (entries > map->limit) {
        const size_t capacity = om_size_capacity(entries, OM_INIT_SLOTS, OM_MAX_LOAD);
        if (capacity == 0)
            return OM_TOO_LARGE;
        const om_status status = OM_FN(rehash)(map, capacity);
        if (status != OM_OK)
            return status;
    }
    return OM_OK;
}

OM_MUST_CHECK OM_VERB om_status OM_FN(shrink)(OM_NAME *map)
{
    OM_VERB_BEGIN(map);
    if (map->size == 0) {
        size_t capacity;
        OM_TYPE(entry) **const heads = OM_FN(detach)(map, &capacity);
        OM_FN(release_heads)(map->allocator, heads, capacity);
        return OM_OK;
    }
    const size_t least = om_size_capacity(map->size, OM_INIT_SLOTS, OM_MAX_LOAD);
    return least < map->capacity ? OM_FN(rehash)(map, least) : OM_OK;
}

OM_VERB void OM_FN(drop)(OM_NAME *map)
{
    OM_VERB_BEGIN(map);
    const om_allocator *const allocator = map->allocator;
    size_t capacity;
    OM_TYPE(entry) **const heads = OM_FN(detach)(map, &capacity);
    OM_FN(destroy_nodes)(heads, capacity, allocator);
    OM_FN(release_heads)(allocator, heads, capacity);
}

OM_VERB void OM_FN(clear)(OM_NAME *map)
{
    OM_VERB_BEGIN(map);
    const om_allocator *const allocator = map->allocator;
    size_t capacity;
    OM_TYPE(entry) **const heads = OM_FN(detach)(map, &capacity);
    OM_FN(destroy_nodes)(heads, capacity, allocator);
    if (map->capacity == 0 && capacity != 0) {
        map->heads = heads;
        map->capacity = capacity;
        map->limit = om_size_limit(capacity, OM_MAX_LOAD);
        map->n_changes++;
    } else { /* a drop callback has put entries under heads of its own */
        OM_FN(release_heads)(allocator, heads, capacity);
    }
}

/* ---- iteration ---- */

OM_VERB inline OM_TYPE(entry) **OM_FN(head_at)(const OM_NAME *map, size_t position)
{
    return &map->heads[om_scattered(position, map->capacity)];
}

/* Moves to `node`, or where it is NULL on to the first node of a later slot. */
OM_VERB void OM_FN(settle)(OM_TYPE(iterator) *it, OM_TYPE(entry) *node)
{
    const OM_NAME *const map = it->map;
    while (node == NULL && it->position + 1 < map->capacity)
        node = *OM_FN(head_at)(map, ++it->position);
    it->entry = node;
    it->after = NULL;
    it->n_changes = map->n_changes;
}

OM_VERB OM_TYPE(iterator) OM_FN(first)(OM_NAME *map)
{
    OM_VERB_BEGIN(map);
    OM_TYPE(iterator) it = {map, 0, NULL, NULL, 0};
    OM_FN(settle)(&it, map->capacity != 0 ? *OM_FN(head_at)(map, 0) : NULL);
    return it;
}

OM_VERB void OM_FN(next)(OM_TYPE(iterator) *it)
{
    OM_VERB_BEGIN(it->map);
    OM_TYPE(entry) *node = it->after;
    if (it->entry != NULL)
        node = it->entry->next;
    else if (it->n_changes != it->map->n_changes && it->position < it->map->capacity)
        node =
            *OM_FN(head_at)(it->map, it->position); /* a drop callback has changed it */
    OM_FN(settle)(it, node);
}

OM_VERB void OM_FN(delete_current)(OM_TYPE(iterator) *it)
{
    OM_VERB_BEGIN(it->map);
    OM_ASSERT(it->entry != NULL, "delete_current needs a current entry");
    OM_TYPE(entry) **link = OM_FN(head_at)(it->map, it->position);
    while (*link != it->entry)
        link = &(*link)->next;
    OM_TYPE(entry) *const node = OM_FN(unlink_node)(it->map, link);
    it->entry = NULL;
    it->after = node->next;
    it->n_changes = it->map->n_changes;
    OM_FN(destroy_node)(node, it->map->allocator);
}

/* ---- clone, stats, validity ---- */

#if defined(OM_HAS_KEY_COPY) && defined(OM_HAS_VALUE_COPY)
OM_MUST_CHECK OM_VERB om_status OM_FN(clone_node)(const OM_TYPE(entry) *from,
                                                  const om_allocator *allocator,
                                                  OM_TYPE(entry) **to)
{
    *to = (OM_TYPE(entry) *)om_allocate(om_allocator_or_default(allocator),
                                        &OM_FN(node_request));
    if (*to == NULL)
        return OM_OUT_OF_MEMORY;
    const om_status status = OM_FN(copy_entry)(*to, from, allocator);
    (*to)->next = NULL;
    if (status != OM_OK)
        OM_FN(release_node)(allocator, *to);
    return status;
}

OM_MUST_CHECK OM_VERB om_status OM_FN(clone)(const OM_NAME *from, OM_NAME *to)
{
    OM_VERB_BEGIN(from);
    size_t capacity;
    *to = *from;
    (void)OM_FN(detach)(to, &capacity);
    if (capacity == 0)
        return OM_OK;
    om_status status = OM_FN(rehash)(to, capacity);
    for (size_t slot = 0; slot < capacity && status == OM_OK; slot++) {
        OM_TYPE(entry) **link = &to->heads[slot];
        const OM_TYPE(entry) *node = from->heads[slot];
        for (; node != NULL && status == OM_OK; node = node->next) {
            OM_TYPE(entry) *copy;
            status = OM_FN(clone_node)(node, from->allocator, &copy);
            if (status == OM_OK) {
                *link = copy;
                link = &copy->next;
                to->size++;
            }
        }
    }
    if (status != OM_OK)
        OM_FN(drop)(to);
    return status;
}
#endif

OM_VERB void OM_FN(stats)(const OM_NAME *map, om_stats *stats)
{
    om_mem_zero(stats, sizeof *stats);
    stats->size = map->size;
    stats->capacity = map->capacity;
    stats->bytes =
        map->capacity * sizeof(OM_TYPE(entry) *) + map->size * sizeof(OM_TYPE(entry));
    for (size_t slot = 0; slot < map->capacity; slot++) {
        size_t n = 0;
        for (const OM_TYPE(entry) *node = map->heads[slot]; node != NULL;
             node = node->next)
            om_stats_add(++n, &stats->hit_probes, &stats->hit_longest);
        om_stats_add(n, &stats->miss_probes, &stats->miss_longest);
    }
}

/* I1 to I4, by a walk over all chains and a lookup of every entry. */
OM_VERB bool OM_FN(is_valid)(const OM_NAME *map)
{
    if (map->capacity == 0)
        return map->size == 0 && map->limit == 0;
    if ((map->capacity & (map->capacity - 1)) != 0 || !map->has_seed ||
        map->limit != om_size_limit(map->capacity, OM_MAX_LOAD) || map->size > map->limit)
        return false;
    size_t n = 0;
    for (size_t slot = 0; slot < map->capacity; slot++) {
        for (OM_TYPE(entry) *node = map->heads[slot]; node != NULL; node = node->next) {
            OM_TYPE(entry) **const link = OM_FN(look_up)(map, OM_VIEW_OF(&node->key));
            if (link == NULL || *link != node || ++n > map->size)
                return false;
        }
    }
    return n == map->size;
}

OM_VERB om_layout OM_FN(layout)(void)
{
    om_layout layout = OM_FN(layout_of_entry)("next", sizeof(OM_TYPE(entry) *));
    layout.head_bytes = sizeof(OM_TYPE(entry) *);
    layout.node_bytes = sizeof(OM_TYPE(entry));
    return layout;
}

#include "core/map_end.h"
