/* SPDX-License-Identifier: MIT */
/* GLib's GHashTable: quadratic probing over an array of 32-bit hashes; keys and values
 * stand in two arrays of pointers.
 * Needs <glib.h> (Debian: libglib2.0-dev; pkg-config: glib-2.0).
 *
 * A u64 is the pointer itself. A pair of strings is a node that stands as its own key, for
 * which GLib keeps no array of values. The table asks malloc for its arrays, and ends the
 * program when there is no memory. A hash is a function that gets a key and no seed. */
#include <glib.h>

#include "c_kinds.h"

#define SUBJECT_ORIGIN                                                                   \
    "GLib " PEER_TEXT(GLIB_MAJOR_VERSION) "." PEER_TEXT(                                 \
        GLIB_MINOR_VERSION) "." PEER_TEXT(GLIB_MICRO_VERSION)
#define SUBJECT_UNSEEN "all that the table itself does, prebuilt"
#include "subject_export.h"

typedef struct str_node {
    om_string key, value;
} str_node;

static const om_seed glib_seed = {0, 0};
static const om_request glib_node = {sizeof(str_node), sizeof(void *), "nodes", 0};

static guint u64_of_siphash13(gconstpointer key)
{
    return (guint)om_siphash13_u64((uintptr_t)key, glib_seed);
}

static guint u64_of_wyhash(gconstpointer key)
{
    return (guint)om_wyhash_u64((uintptr_t)key, glib_seed);
}

static guint str_of_siphash13(gconstpointer key)
{
    return (guint)om_siphash13_view(om_string_view(&((const str_node *)key)->key),
                                    glib_seed);
}

static guint str_of_wyhash(gconstpointer key)
{
    return (guint)om_wyhash_view(om_string_view(&((const str_node *)key)->key),
                                 glib_seed);
}

#define u64_of_own g_direct_hash

static gboolean str_same(gconstpointer a, gconstpointer b)
{
    return om_string_key_equals(&((const str_node *)a)->key,
                                om_string_view(&((const str_node *)b)->key));
}

/* ---- u64 ---- */

typedef struct u64_pair {
    uint64_t key, value;
} u64_pair;

typedef struct u64_table {
    GHashTable *table;
    u64_pair found; /* what a get or an iterator has seen last: GLib shows copies alone */
} u64_table;

typedef struct u64_cursor {
    u64_pair *entry; /* NULL: the end */
    u64_pair *found;
    GHashTableIter at;
} u64_cursor;

static inline gpointer u64_word(uint64_t number)
{
    return (gpointer)(uintptr_t)number;
}

static inline om_status u64_table_init(u64_table *map, GHashFunc hash,
                                       const om_allocator *allocator)
{
    (void)allocator;
    map->table = g_hash_table_new(hash, NULL);
    return OM_OK;
}

static inline void u64_table_drop(u64_table *map)
{
    g_hash_table_destroy(map->table);
}

static inline om_status u64_table_insert(u64_table *map, uint64_t key, uint64_t value)
{
    g_hash_table_insert(map->table, u64_word(key), u64_word(value));
    return OM_OK;
}

static inline const uint64_t *u64_table_get(const u64_table *map, uint64_t key)
{
    u64_table *const self = (u64_table *)(uintptr_t)map;
    gpointer value;
    if (!g_hash_table_lookup_extended(map->table, u64_word(key), NULL, &value))
        return NULL;
    self->found.value = (uintptr_t)value;
    return &self->found.value;
}

static inline bool u64_table_delete(u64_table *map, uint64_t key)
{
    return g_hash_table_remove(map->table, u64_word(key));
}

static inline void u64_cursor_next(u64_cursor *it)
{
    gpointer key, value;
    it->entry = g_hash_table_iter_next(&it->at, &key, &value) ? it->found : NULL;
    if (it->entry != NULL)
        *it->found = (u64_pair){(uintptr_t)key, (uintptr_t)value};
}

static inline u64_cursor u64_table_first(u64_table *map)
{
    u64_cursor it = {.found = &map->found};
    g_hash_table_iter_init(&it.at, map->table);
    u64_cursor_next(&it);
    return it;
}

/* ---- str ---- */

typedef struct str_table {
    GHashTable *table;
    const om_allocator *allocator;
} str_table;

typedef struct str_cursor {
    str_node *entry; /* NULL: the end */
    GHashTableIter at;
} str_cursor;

static inline om_status str_table_init(str_table *map, GHashFunc hash,
                                       const om_allocator *allocator)
{
    map->table = g_hash_table_new(hash, str_same);
    map->allocator = allocator;
    return OM_OK;
}

static inline str_node *str_table_find(const str_table *map, om_view key)
{
    const str_node wanted = {{key.pointer, key.length, 0}, {NULL, 0, 0}};
    return g_hash_table_lookup(map->table, &wanted);
}

static inline om_status str_table_insert(str_table *map, om_string key, om_string value)
{
    str_node *node = str_table_find(map, om_string_view(&key));
    if (node != NULL) {
        om_string_key_drop(&key, map->allocator);
        om_string_value_drop(&node->value, map->allocator);
        node->value = value;
        return OM_OK;
    }
    node = om_allocate(map->allocator, &glib_node);
    if (node == NULL)
        return OM_OUT_OF_MEMORY;
    node->key = key;
    node->value = value;
    g_hash_table_add(map->table, node);
    return OM_OK;
}

static inline const om_string *str_table_get(const str_table *map, om_view key)
{
    const str_node *const node = str_table_find(map, key);
    return node != NULL ? &node->value : NULL;
}

static inline void str_node_drop(str_node *node, const om_allocator *allocator)
{
    om_string_key_drop(&node->key, allocator);
    om_string_value_drop(&node->value, allocator);
    om_release(allocator, node, &glib_node);
}

static inline bool str_table_delete(str_table *map, om_view key)
{
    str_node *const node = str_table_find(map, key);
    if (node == NULL)
        return false;
    g_hash_table_remove(map->table, node);
    str_node_drop(node, map->allocator);
    return true;
}

static inline void str_cursor_next(str_cursor *it)
{
    gpointer node;
    it->entry = g_hash_table_iter_next(&it->at, &node, NULL) ? node : NULL;
}

static inline str_cursor str_table_first(str_table *map)
{
    str_cursor it;
    g_hash_table_iter_init(&it.at, map->table);
    str_cursor_next(&it);
    return it;
}

static inline void str_table_drop(str_table *map)
{
    for (str_cursor it = str_table_first(map); it.entry != NULL; str_cursor_next(&it))
        str_node_drop(it.entry, map->allocator);
    g_hash_table_destroy(map->table); /* looks at no key */
}

/* ---- variants: they differ by the function that the table calls ---- */

#define GLIB_VARIANT(kind, hash, item, view)                                             \
    typedef kind##_table kind##_##hash;                                                  \
    typedef kind##_cursor kind##_##hash##_iterator;                                      \
    static inline om_status kind##_##hash##_init(kind##_table *map, size_t entries,      \
                                                 const om_seed *seed,                    \
                                                 const om_allocator *allocator)          \
    {                                                                                    \
        (void)entries, (void)seed;                                                       \
        return kind##_table_init(map, kind##_of_##hash, allocator);                      \
    }                                                                                    \
    static inline void kind##_##hash##_drop(kind##_table *map)                           \
    {                                                                                    \
        kind##_table_drop(map);                                                          \
    }                                                                                    \
    static inline size_t kind##_##hash##_size(const kind##_table *map)                   \
    {                                                                                    \
        return g_hash_table_size(map->table);                                            \
    }                                                                                    \
    static inline om_status kind##_##hash##_insert(kind##_table *map, item key,          \
                                                   item value)                           \
    {                                                                                    \
        return kind##_table_insert(map, key, value);                                     \
    }                                                                                    \
    static inline const item *kind##_##hash##_get(const kind##_table *map, view key)     \
    {                                                                                    \
        return kind##_table_get(map, key);                                               \
    }                                                                                    \
    static inline bool kind##_##hash##_delete(kind##_table *map, view key)               \
    {                                                                                    \
        return kind##_table_delete(map, key);                                            \
    }                                                                                    \
    static inline kind##_cursor kind##_##hash##_first(kind##_table *map)                 \
    {                                                                                    \
        return kind##_table_first(map);                                                  \
    }                                                                                    \
    static inline void kind##_##hash##_next(kind##_cursor *it)                           \
    {                                                                                    \
        kind##_cursor_next(it);                                                          \
    }

GLIB_VARIANT(u64, siphash13, uint64_t, uint64_t)
GLIB_VARIANT(u64, wyhash, uint64_t, uint64_t)
GLIB_VARIANT(u64, own, uint64_t, uint64_t)
GLIB_VARIANT(str, siphash13, om_string, om_view)
GLIB_VARIANT(str, wyhash, om_string, om_view)

#define BODY u64_siphash13
#include "subject_body.h"
#define BODY u64_wyhash
#include "subject_body.h"
#define BODY u64_own
#include "subject_body.h"
#define BODY str_siphash13
#define BODY_STRINGS
#include "subject_body.h"
#define BODY str_wyhash
#define BODY_STRINGS
#include "subject_body.h"

static const struct subject_variant variants[] = {
    SUBJECT_VARIANT(u64, siphash13), SUBJECT_VARIANT(str, siphash13),
    SUBJECT_VARIANT(u64, wyhash),    SUBJECT_VARIANT(str, wyhash),
    SUBJECT_VARIANT(u64, own),
};

SUBJECT_EXPORT(variants, SUBJECT_HIDES_RESIZES | SUBJECT_HIDES_MEMORY |
                             SUBJECT_DIES_WITHOUT_MEMORY | SUBJECT_HAS_NO_SEED);
