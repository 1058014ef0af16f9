/* SPDX-License-Identifier: MIT */
/* How a C++ peer's file ends: its variants, from what cxx_peer.h says that it defines.
 * CXX_FLAGS, where it is defined, are bits of enum subject_flags. */
#include "subject_export.h"

template <class Kind, class Hash>
using cxx_variant =
    cxx_map<Kind, cxx_table<typename Kind::item, typename Kind::item, Hash>>;

#ifndef CXX_FLAGS
#define CXX_FLAGS 0
#endif

/* The contract's names for one variant, as subject_body.h wants them. */
#define CXX_VERBS(prefix, kind, hash)                                                    \
    using prefix = cxx_variant<kind, hash>;                                              \
    using prefix##_iterator = prefix::cursor;                                            \
    static inline om_status prefix##_init(                                               \
        prefix *map, size_t entries, const om_seed *seed, const om_allocator *allocator) \
    {                                                                                    \
        return map->init(entries, seed, allocator);                                      \
    }                                                                                    \
    static inline void prefix##_drop(prefix *map)                                        \
    {                                                                                    \
        map->drop();                                                                     \
    }                                                                                    \
    static inline size_t prefix##_size(const prefix *map)                                \
    {                                                                                    \
        return map->table().size();                                                      \
    }                                                                                    \
    static inline om_status prefix##_insert(prefix *map, prefix::item key,               \
                                            prefix::item value)                          \
    {                                                                                    \
        return map->insert(key, value);                                                  \
    }                                                                                    \
    __attribute__((always_inline)) static inline const prefix::item *prefix##_get(       \
        const prefix *map, prefix::view key)                                             \
    {                                                                                    \
        return map->get(key);                                                            \
    }                                                                                    \
    static inline bool prefix##_delete(prefix *map, prefix::view key)                    \
    {                                                                                    \
        return map->remove(key);                                                         \
    }                                                                                    \
    static inline prefix##_iterator prefix##_first(prefix *map)                          \
    {                                                                                    \
        return map->first();                                                             \
    }                                                                                    \
    static inline void prefix##_next(prefix##_iterator *it)                              \
    {                                                                                    \
        prefix::next(*it);                                                               \
    }

CXX_VERBS(u64_siphash13, cxx_u64, cxx_siphash13)
CXX_VERBS(str_siphash13, cxx_str, cxx_siphash13)
CXX_VERBS(u64_wyhash, cxx_u64, cxx_wyhash)
CXX_VERBS(str_wyhash, cxx_str, cxx_wyhash)
CXX_VERBS(u64_own, cxx_u64, cxx_own<cxx_own_hash>)
CXX_VERBS(str_own, cxx_str, cxx_own<cxx_own_hash>)

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
#define BODY str_own
#define BODY_STRINGS
#include "subject_body.h"

static const struct subject_variant variants[] = {
    SUBJECT_VARIANT(u64, siphash13), SUBJECT_VARIANT(str, siphash13),
    SUBJECT_VARIANT(u64, wyhash),    SUBJECT_VARIANT(str, wyhash),
    SUBJECT_VARIANT(u64, own),       SUBJECT_VARIANT(str, own),
};

SUBJECT_EXPORT(variants, SUBJECT_HIDES_RESIZES | CXX_FLAGS);
