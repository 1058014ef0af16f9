/* SPDX-License-Identifier: MIT */
/* First half of every map header: checks the parameters and fills in the defaults.
 * Included once per map, so it has no guard; map_end.h takes everything back. */

#ifndef OM_NAME
#error "onemiss: define OM_NAME, the prefix of your map's type and functions, e.g. ages"
#endif
#ifndef OM_KEY
#error "onemiss: define OM_KEY, the type of your keys, e.g. uint64_t or om_string"
#endif

/* ---- key: what integers and om_string bring with them ---- */

#ifdef __GNUC__ /* a type that is not known by name reads as 0 */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#endif

#if OM_CONCAT(OM_IS_STRING_, OM_KEY)
#define OM_KEY_IS_STRING
#elif OM_CONCAT(OM_IS_INTEGER_, OM_KEY)
#define OM_KEY_IS_INTEGER
#elif !defined(OM_HASH) || !defined(OM_EQ)
#error "onemiss: OM_KEY is neither an integer nor om_string: define OM_HASH and OM_EQ too"
#endif
#if defined(OM_VIEW) && !defined(OM_VIEW_OF)
#error "onemiss: with OM_VIEW define OM_VIEW_OF(key_ptr), which borrows a view of a key"
#endif

#ifdef OM_KEY_IS_STRING
#ifndef OM_VIEW
#define OM_VIEW         om_view
#define OM_VIEW_OF(key) om_string_view(key)
#define OM_KEY_NICHE    om_string_niche
#endif
#ifndef OM_HASH
#define OM_HASH om_siphash13_view
#endif
#ifndef OM_EQ
#define OM_EQ om_string_key_equals
#endif
#ifndef OM_KEY_DROP
#define OM_KEY_DROP om_string_key_drop
#define OM_KEY_COPY om_string_key_copy
#endif
#endif

#ifdef OM_KEY_IS_INTEGER
#ifndef OM_HASH
#define OM_HASH(view, seed) om_siphash13_u64((uint64_t)(view), seed)
#endif
#ifndef OM_EQ
#define OM_EQ(key, view) (*(key) == (view))
#endif
#endif

#ifndef OM_VIEW
#define OM_VIEW         OM_KEY
#define OM_VIEW_OF(key) (*(key))
#define OM_VIEW_IS_KEY
#endif

/* ---- value ---- */

#ifdef OM_VALUE
#if !defined(OM_VALUE_DROP)
#if OM_CONCAT(OM_IS_STRING_, OM_VALUE)
#define OM_VALUE_DROP om_string_value_drop
#define OM_VALUE_COPY om_string_value_copy
#endif
#endif
#define OM_IF_VALUE(...)    __VA_ARGS__
#define OM_ANSWER           OM_VALUE *
#define OM_ANSWER_OF(entry) (&(entry)->value)
#else
#define OM_IF_VALUE(...)
#define OM_ANSWER           const OM_KEY *
#define OM_ANSWER_OF(entry) (&(entry)->key)
#endif

#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif

/* ---- what can be made of the parameters ---- */

#ifdef OM_KEY_DROP
#define OM_DROP_KEY(key, allocator) OM_KEY_DROP(key, allocator)
#else
#define OM_DROP_KEY(key, allocator) ((void)(key))
#endif

#if defined(OM_VALUE) && defined(OM_VALUE_DROP)
#define OM_DROP_VALUE(value, allocator) OM_VALUE_DROP(value, allocator)
#else
#define OM_DROP_VALUE(value, allocator) ((void)(value))
#endif

/* A key can be made from a view when they are the same plain thing, or when told how. */
#if defined(OM_KEY_COPY) || (defined(OM_VIEW_IS_KEY) && !defined(OM_KEY_DROP))
#define OM_HAS_KEY_COPY
#endif
#if defined(OM_VALUE_COPY) || !defined(OM_VALUE_DROP)
#define OM_HAS_VALUE_COPY
#endif

#ifndef OM_MAX_LOAD
#define OM_MAX_LOAD 70
#endif
#if OM_MAX_LOAD < 10 || OM_MAX_LOAD > 95
#error "onemiss: OM_MAX_LOAD is a percentage from 10 to 95"
#endif

#ifndef OM_INIT_SLOTS
#define OM_INIT_SLOTS 16
#endif
#if OM_INIT_SLOTS < 2 || (OM_INIT_SLOTS & (OM_INIT_SLOTS - 1)) != 0
#error "onemiss: OM_INIT_SLOTS is a power of two, 2 or more"
#endif

#define OM_FN(verb)   OM_CONCAT3(OM_NAME, _, verb)
#define OM_TYPE(type) OM_CONCAT3(OM_NAME, _, type)
