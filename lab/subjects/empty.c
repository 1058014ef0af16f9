/* SPDX-License-Identifier: MIT */
/* The ceiling of all subjects: it runs every loop and stores nothing. What it takes is
 * what the loop, the clock and the lab itself cost. */
#include "subject_export.h"

typedef struct empty {
    size_t n_calls; /* so that the loops are not optimised away */
} empty;

typedef struct empty_entry {
    uint64_t key, value;
} empty_entry;

typedef struct empty_string_entry {
    om_string key, value;
} empty_string_entry;

static inline om_status empty_init(empty *map, size_t entries, const om_seed *seed,
                                   const om_allocator *allocator)
{
    (void)entries, (void)seed, (void)allocator;
    map->n_calls = 0;
    return OM_OK;
}

static inline void empty_drop(empty *map)
{
    (void)map;
}

static inline size_t empty_size(const empty *map)
{
    return map->n_calls;
}

/* Keeps a value from being optimised away, and costs nothing else. */
static inline void empty_use(empty *map, uint64_t word)
{
    map->n_calls++;
    __asm__ volatile("" : : "r"(word) : "memory");
}

#define EMPTY_MAP(prefix, key_type, value_type, view_type, word_of_key, word_of_view,    \
                  entry_type)                                                            \
    typedef empty prefix;                                                                \
    typedef struct prefix##_iterator {                                                   \
        entry_type *entry;                                                               \
    } prefix##_iterator;                                                                 \
    static inline om_status prefix##_insert(empty *map, key_type key, value_type value)  \
    {                                                                                    \
        (void)value;                                                                     \
        empty_use(map, word_of_key);                                                     \
        return OM_OK;                                                                    \
    }                                                                                    \
    static inline value_type *prefix##_get(const empty *map, view_type view)             \
    {                                                                                    \
        empty_use((empty *)(uintptr_t)map, word_of_view);                                \
        return NULL;                                                                     \
    }                                                                                    \
    static inline bool prefix##_delete(empty *map, view_type view)                       \
    {                                                                                    \
        empty_use(map, word_of_view);                                                    \
        return false;                                                                    \
    }                                                                                    \
    static inline prefix##_iterator prefix##_first(empty *map)                           \
    {                                                                                    \
        (void)map;                                                                       \
        const prefix##_iterator end = {NULL};                                            \
        return end;                                                                      \
    }                                                                                    \
    static inline void prefix##_next(prefix##_iterator *it)                              \
    {                                                                                    \
        it->entry = NULL;                                                                \
    }

EMPTY_MAP(u64_none, uint64_t, uint64_t, uint64_t, key, view, empty_entry)
EMPTY_MAP(str_none, om_string, om_string, om_view, (uintptr_t)key.pointer,
          (uintptr_t)view.pointer, empty_string_entry)

#define u64_none_init empty_init
#define u64_none_drop empty_drop
#define u64_none_size empty_size
#define str_none_init empty_init
#define str_none_drop empty_drop
#define str_none_size empty_size

#define SUBJECT_NO_LAYOUT
#define BODY_KEEPS_NOTHING
#define BODY u64_none
#include "subject_body.h"
#define BODY str_none
#define BODY_STRINGS
#include "subject_body.h"

/* It has no hash: it stands for every one. */
static const struct subject_variant variants[] = {
    SUBJECT_VARIANT(u64, none),
    SUBJECT_VARIANT(str, none),
};

SUBJECT_EXPORT(variants, SUBJECT_KEEPS_NOTHING);
