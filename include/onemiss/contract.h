/* SPDX-License-Identifier: MIT */
/* THE CONTRACT: what every onemiss map promises, whatever its layout.
 *
 * Use. Parameters are macros, set before the include; what comes out are ordinary static
 * functions with your prefix, which a debugger can step through.
 *
 *     #define OM_NAME  ages
 *     #define OM_KEY   om_string
 *     #define OM_VALUE uint32_t
 *     #include <onemiss/open_addressing.h>
 *
 *     ages map = {0};
 *     uint32_t *age;
 *     if (ages_get_or_insert(&map, om_view_text("ada"), &age, NULL) == OM_OK)
 *         *age = 36;
 *     ages_drop(&map);
 *
 * Vocabulary. An *entry* is a key and its value. A table has `capacity` *slots*; chaining
 * calls what hangs from a slot's *head* a *node*. A key's *home* is the slot its hash
 * points at. Looking at one slot, or at one node of a chain, is a *probe*. A *tombstone*
 * is a slot whose entry was deleted and that probes must still pass. *size* counts
 * entries; the *load factor* is size / capacity. A *line* is 64 bytes of cache. Lookups
 * are *hits* or *misses*.
 *
 * Parameters
 *     OM_NAME   prefix of the type and of the functions          required
 *     OM_KEY    key type, one word (use a typedef)                required
 *     OM_VALUE  value type, one word; without it the map is a set
 *     OM_HASH   uint64_t hash(OM_VIEW, om_seed)     integers, om_string: SipHash-1-3
 *     OM_EQ     bool equal(const OM_KEY *, OM_VIEW)               integers, om_string: known
 *     OM_VIEW, OM_VIEW_OF(key_ptr)   what lookups take instead of a key, and how to borrow
 *               one from a stored key; om_view for om_string, else the key itself
 *     OM_KEY_DROP(key_ptr, allocator), OM_VALUE_DROP(value_ptr, allocator)
 *               release what a key or value owns              om_string: known
 *     OM_KEY_COPY(key_ptr, view, allocator), OM_VALUE_COPY(value_ptr, from_ptr, allocator)
 *               om_status: make an owned copy; needed by clone, and by get_or_insert for
 *               keys that own something; without them those verbs are not generated
 *     OM_KEY_NICHE  prefix of two functions, _get(const OM_KEY *) and _set(OM_KEY *,
 *               om_state), that keep a slot's state inside the key; all bytes zero must
 *               read OM_EMPTY. Designs that keep the state elsewhere ignore it.
 *     OM_MAX_LOAD    percent, 10 to 95                              70
 *     OM_INIT_SLOTS  slots of the first table, a power of two       16
 *
 * Verbs, for a map `ages` (value verbs shown; in a set read `const OM_KEY *` for
 * `OM_VALUE *`, and leave the value out):
 *
 *     om_status init(ages *, size_t entries, const om_seed *, const om_allocator *)
 *         An empty map with room for `entries`; 0 allocates nothing yet. Zeroed storage is
 *         such a map too, and so is what a failed init leaves. Seed NULL: a fresh one from
 *         the OS, drawn with the first table. Allocator NULL: the heap. It is borrowed for
 *         the map's life.
 *     void drop(ages *)
 *         Releases everything; the map is then a valid empty map with the seed and the
 *         allocator it had. Legal at any time.
 *     OM_VALUE *get(const ages *, OM_VIEW)
 *         The value, to read or to change in place, or NULL.
 *     om_status insert(ages *, OM_KEY, OM_VALUE)
 *         Inserts or overwrites. On success key and value are the map's: overwriting keeps
 *         the stored key and drops the passed one and the old value. On failure both are
 *         still the caller's. Overwriting never resizes.
 *     om_status get_or_insert(ages *, OM_VIEW, OM_VALUE **, bool *is_new)
 *         The value of the key, which is inserted (copied from the view) with a value of
 *         zero bytes when it is not there. `is_new` may be NULL.
 *     bool delete(ages *, OM_VIEW)            drops the entry; false: there was none
 *     bool take(ages *, OM_VIEW, OM_KEY *, OM_VALUE *)
 *         Deletes without dropping: key and value are handed back. false: outputs untouched.
 *     om_status reserve(ages *, size_t entries)
 *         Room for `entries` in all, so that none of the inserts up to there resizes.
 *     om_status shrink(ages *)    the least capacity that holds the entries; 0 for none
 *     void clear(ages *)          drops all entries, keeps the capacity
 *     size_t size, capacity(const ages *);  double load(const ages *)
 *     ages_iterator first(ages *);  void next(ages_iterator *);
 *     void delete_current(ages_iterator *)
 *         for (ages_iterator it = ages_first(&m); it.entry != NULL; ages_next(&it))
 *             use(&it.entry->key, &it.entry->value);
 *         Each entry once, in no order to rely on. Of all changes only delete_current,
 *         overwriting, and deleting other entries are allowed on the way; after
 *         delete_current only next. Never change a key in place. If the drop callback of
 *         delete_current removes entries itself, some may be visited twice.
 *     void get_many(const ages *, const OM_VIEW *, OM_VALUE **, size_t n)
 *     om_status insert_many(ages *, OM_KEY *, OM_VALUE *, size_t n, size_t *n_done)
 *         Stops at the first failure; the pairs from *n_done on are still the caller's.
 *     size_t delete_many(ages *, const OM_VIEW *, size_t n)        how many were there
 *     om_status clone(const ages *from, ages *to)
 *         `to` is unset storage; on success an equal map with the same seed and allocator,
 *         on failure a valid empty map. Allocator hooks must leave `from` alone meanwhile.
 *     void stats(const ages *, om_stats *)     probe lengths, tombstones, bytes; O(capacity)
 *     bool is_valid(const ages *)              checks every invariant; O(capacity)
 *     om_layout layout(void)                   sizes and fields of an entry
 *
 * Failure. OM_OUT_OF_MEMORY, OM_TOO_LARGE and OM_NO_ENTROPY leave the map as it was:
 * entries, capacity, iterators and pointers into it. No size computation wraps.
 *
 * Validity. Pointers to values, entries and iterators live until the next call that may
 * resize or remove: insert of a new key, get_or_insert of a new key, reserve, shrink,
 * clear, drop; delete and take end those of their own entry only. Chaining keeps entries
 * where they are through a resize; its iterators still end there.
 *
 * Callbacks. Hash and equality must be pure and must not touch the map (caught when
 * OM_CHECKED is 1 or more). Drops and allocator hooks run only while the map is
 * consistent, so they may use it freely; drop and clear detach the storage first.
 *
 * Seeds. Fixed from init to the next init; growth keeps it, clone copies it. With a fresh
 * seed a table and a keyed hash, colliding keys cannot be prepared in advance. Iteration
 * visits the slots in an order that makes copying one map into another linear even when
 * both have one seed.
 *
 * Growth. An insert of a new key that finds (size + tombstones) / capacity at OM_MAX_LOAD
 * first rehashes: at the same capacity if size is at most half the limit, else at double.
 *
 * Threads. Any number may read one map at once; a change needs the map for itself.
 *
 * Observation, free when unused: om_request labels, om_allocator.on_resize, OM_PART,
 * OM_ON_PROBE (core/allocator.h), OM_CHECKED (core/status.h). */
#ifndef ONEMISS_CONTRACT_H
#define ONEMISS_CONTRACT_H

#include "core/allocator.h"
#include "core/busy.h"
#include "core/hash_siphash13.h"
#include "core/layout.h"
#include "core/mem.h"
#include "core/om_string.h"
#include "core/os_random.h"
#include "core/scatter.h"
#include "core/seed.h"
#include "core/sizes.h"
#include "core/state.h"
#include "core/stats.h"
#include "core/status.h"
#include "core/view.h"

/* The key and value types that map_begin.h knows by name. */
#define OM_IS_STRING_om_string  1
#define OM_IS_INTEGER_uint8_t   1
#define OM_IS_INTEGER_uint16_t  1
#define OM_IS_INTEGER_uint32_t  1
#define OM_IS_INTEGER_uint64_t  1
#define OM_IS_INTEGER_int8_t    1
#define OM_IS_INTEGER_int16_t   1
#define OM_IS_INTEGER_int32_t   1
#define OM_IS_INTEGER_int64_t   1
#define OM_IS_INTEGER_size_t    1
#define OM_IS_INTEGER_ptrdiff_t 1
#define OM_IS_INTEGER_uintptr_t 1
#define OM_IS_INTEGER_intptr_t  1
#define OM_IS_INTEGER_int       1
#define OM_IS_INTEGER_unsigned  1
#define OM_IS_INTEGER_long      1
#define OM_IS_INTEGER_char      1

#endif
