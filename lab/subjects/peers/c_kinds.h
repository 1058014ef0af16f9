/* SPDX-License-Identifier: MIT */
/* Keys and values of both kinds, for peers in C that are written once over KIND (u64 or
 * str): C_KIND(view_of) is u64_view_of or str_view_of. A peer's file includes itself once
 * for each variant, with BODY, KIND and BODY_STRINGS set as subject_body.h wants them. */
#ifndef ONEMISS_LAB_C_KINDS_H
#define ONEMISS_LAB_C_KINDS_H

#include "peer.h"

#define C_FN(verb)   OM_CONCAT3(BODY, _, verb)
#define C_KIND(word) OM_CONCAT3(KIND, _, word)

typedef uint64_t u64_item, u64_view;
typedef om_string str_item;
typedef om_view str_view;

/* ---- u64 ---- */

OM_UNUSED static inline u64_view u64_view_of(const u64_item *key)
{
    return *key;
}

OM_UNUSED static inline const void *u64_bytes(const u64_view *view)
{
    return view;
}

OM_UNUSED static inline const void *u64_stored_bytes(const u64_item *key)
{
    return key;
}

OM_UNUSED static inline size_t u64_length(const u64_view *view)
{
    return sizeof *view;
}

OM_UNUSED static inline void u64_drop_key(u64_item *key, const om_allocator *allocator)
{
    (void)key, (void)allocator;
}

OM_UNUSED static inline void u64_drop_value(u64_item *value,
                                            const om_allocator *allocator)
{
    (void)value, (void)allocator;
}

/* ---- str ---- */

OM_UNUSED static inline str_view str_view_of(const str_item *key)
{
    return om_string_view(key);
}

OM_UNUSED static inline const void *str_bytes(const str_view *view)
{
    return view->pointer;
}

OM_UNUSED static inline const void *str_stored_bytes(const str_item *key)
{
    return key->pointer;
}

OM_UNUSED static inline size_t str_length(const str_view *view)
{
    return view->length;
}

OM_UNUSED static inline void str_drop_key(str_item *key, const om_allocator *allocator)
{
    om_string_key_drop(key, allocator);
}

OM_UNUSED static inline void str_drop_value(str_item *value,
                                            const om_allocator *allocator)
{
    om_string_value_drop(value, allocator);
}

/* ---- hashes, by the same names for both ---- */

#define u64_hash_siphash13 om_siphash13_u64
#define str_hash_siphash13 om_siphash13_view
#define u64_hash_wyhash    om_wyhash_u64
#define str_hash_wyhash    om_wyhash_view

#endif
