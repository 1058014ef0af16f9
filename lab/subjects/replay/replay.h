/* SPDX-License-Identifier: MIT */
/* What the replays of the notes' maps share: keys and values of both kinds as Rust handles
 * them, the rules of growth, and tables as Rust's Vec asks malloc for them.
 *
 * A replay is written once, as a template over KIND (u64 or str), BODY being the prefix as
 * in subject_body.h. The functions below are its vocabulary: KIND_FN(hash) is u64_hash or
 * str_hash.
 *
 * Strings are made where the notes made them, inside the timed loop. The lab hands over
 * owned ones; a verb makes its own from them, as format! and "x".repeat do, and releases
 * those. With REPLAY_MAKES_STRINGS 0 they are moved in instead. A lookup makes the key it
 * is called with, copies the value it finds, and releases both. */
#ifndef ONEMISS_LAB_REPLAY_H
#define ONEMISS_LAB_REPLAY_H

#include <onemiss/contract.h>

#ifndef REPLAY_MAKES_STRINGS
#define REPLAY_MAKES_STRINGS 1
#endif

#define REPLAY_FN(verb) OM_CONCAT3(BODY, _, verb)
#define KIND_FN(verb)   OM_CONCAT3(KIND, _, verb)

/* ---- rules ---- */

static const om_seed replay_key_zero = {0, 0};

/* Asked before each insert, with a floating-point division as in the notes. */
OM_UNUSED static inline bool replay_is_full(size_t size, size_t capacity)
{
    return (double)size / (double)capacity >= 0.7;
}

/* Slots of a table that is made for `entries`: at least 16, a power of two. The notes made
 * theirs for a number of slots; the lab asks for as many entries as those slots admit. */
OM_UNUSED static size_t replay_slots(size_t entries)
{
    return entries == 0 ? 16 : om_size_capacity(entries, 16, 70);
}

/* ---- tables ---- */

/* A block that malloc maps begins behind 16 bytes of its own. */
enum { REPLAY_MALLOC_BYTES = 16 };

OM_UNUSED static bool replay_table_request(size_t slots, size_t slot_bytes,
                                           const char *label, unsigned flags,
                                           om_request *request)
{
    size_t bytes;
    if (!om_size_multiply(slots, slot_bytes, &bytes) ||
        !om_size_add(bytes, REPLAY_MALLOC_BYTES, &request->bytes))
        return false;
    if (bytes < OM_PAGES_FROM)
        request->bytes = bytes;
    request->alignment = sizeof(uint64_t);
    request->label = label;
    request->flags = flags;
    return true;
}

/* A Vec's buffer; zeroed, as vec![0; n] is, with OM_ZEROED. */
OM_UNUSED static void *replay_table_allocate(const om_allocator *allocator, size_t slots,
                                             size_t slot_bytes, const char *label,
                                             unsigned flags)
{
    om_request request;
    if (!replay_table_request(slots, slot_bytes, label, flags, &request))
        return NULL;
    char *const block = (char *)om_allocate(allocator, &request);
    if (block == NULL || request.bytes < OM_PAGES_FROM)
        return block;
    ((size_t *)(void *)block)[1] = request.bytes; /* as malloc notes the size */
    return block + REPLAY_MALLOC_BYTES;
}

OM_UNUSED static void replay_table_release(const om_allocator *allocator, void *table,
                                           size_t slots, size_t slot_bytes,
                                           const char *label, unsigned flags)
{
    om_request request;
    if (table == NULL || !replay_table_request(slots, slot_bytes, label, flags, &request))
        return;
    char *const block = (char *)table;
    om_release(allocator,
               request.bytes < OM_PAGES_FROM ? block : block - REPLAY_MALLOC_BYTES,
               &request);
}

/* ---- u64 ---- */

typedef uint64_t u64_item, u64_view;

OM_UNUSED static inline uint64_t u64_hash(u64_view key)
{
    return om_siphash13_u64(key, replay_key_zero);
}

OM_UNUSED static inline u64_view u64_view_of(const u64_item *key)
{
    return *key;
}

OM_UNUSED static inline bool u64_is(const u64_item *key, u64_view view)
{
    return *key == view;
}

OM_UNUSED static inline u64_item u64_default(void)
{
    return 0;
}

OM_UNUSED static inline om_status u64_make_key(u64_item *key, u64_view view,
                                               const om_allocator *allocator)
{
    (void)allocator;
    *key = view;
    return OM_OK;
}

OM_UNUSED static inline om_status u64_make_pair(u64_item *key, u64_item *value,
                                                const om_allocator *allocator)
{
    (void)key, (void)value, (void)allocator;
    return OM_OK;
}

OM_UNUSED static inline om_status u64_clone_pair(u64_item *key, u64_item *value,
                                                 const u64_item *from_key,
                                                 const u64_item *from_value,
                                                 const om_allocator *allocator)
{
    (void)allocator;
    *key = *from_key;
    *value = *from_value;
    return OM_OK;
}

OM_UNUSED static inline void u64_clone_and_drop(const u64_item *value,
                                                const om_allocator *allocator)
{
    (void)value, (void)allocator;
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

typedef om_string str_item;
typedef om_view str_view;

OM_UNUSED static inline uint64_t str_hash(str_view key)
{
    return om_siphash13_view(key, replay_key_zero);
}

OM_UNUSED static inline str_view str_view_of(const str_item *key)
{
    return om_string_view(key);
}

OM_UNUSED static inline bool str_is(const str_item *key, str_view view)
{
    return om_string_key_equals(key, view);
}

OM_UNUSED static inline str_item str_default(void)
{
    return om_string_empty();
}

/* A String that text is appended to, as format! does: room for 8 bytes, then for 16, 32
 * and so on. The first of these steps is no call here: malloc's smallest chunk holds 24
 * bytes, so its realloc leaves the block where it is. */
OM_UNUSED static om_status str_make_key(str_item *key, str_view text,
                                        const om_allocator *allocator)
{
    om_request request = {16, 1, "key bytes", 0};
    char *bytes = (char *)om_allocate(allocator, &request);
    if (bytes == NULL)
        return OM_OUT_OF_MEMORY;
    size_t length = text.length < 16 ? text.length : 16;
    om_mem_copy(bytes, text.pointer, length);
    while (length < text.length) {
        const om_request old_request = request;
        request.bytes *= 2;
        char *const longer = (char *)om_allocate(allocator, &request);
        if (longer != NULL)
            om_mem_copy(longer, bytes, length);
        om_release(allocator, bytes, &old_request);
        if (longer == NULL)
            return OM_OUT_OF_MEMORY;
        const size_t more = text.length - length;
        const size_t fits = more < request.bytes - length ? more : request.bytes - length;
        om_mem_copy(longer + length, text.pointer + length, fits);
        bytes = longer;
        length += fits;
    }
    key->pointer = bytes;
    key->length = length;
    key->capacity = request.bytes;
    return OM_OK;
}

OM_UNUSED static void str_drop_key(str_item *key, const om_allocator *allocator)
{
    om_string_key_drop(key, allocator);
}

OM_UNUSED static void str_drop_value(str_item *value, const om_allocator *allocator)
{
    om_string_value_drop(value, allocator);
}

/* Replaces the pair that the lab has made by one made here. When memory runs out it is
 * as it was. */
OM_UNUSED static om_status str_make_pair(str_item *key, str_item *value,
                                         const om_allocator *allocator)
{
#if REPLAY_MAKES_STRINGS
    str_item own_key, own_value;
    om_status status = str_make_key(&own_key, om_string_view(key), allocator);
    if (status != OM_OK)
        return status;
    status = om_string_value_copy(&own_value, value, allocator);
    if (status != OM_OK) {
        str_drop_key(&own_key, allocator);
        return status;
    }
    str_drop_key(key, allocator);
    str_drop_value(value, allocator);
    *key = own_key;
    *value = own_value;
#else
    (void)key, (void)value, (void)allocator;
#endif
    return OM_OK;
}

OM_UNUSED static om_status str_clone_pair(str_item *key, str_item *value,
                                          const str_item *from_key,
                                          const str_item *from_value,
                                          const om_allocator *allocator)
{
    om_status status = om_string_key_copy(key, om_string_view(from_key), allocator);
    if (status != OM_OK)
        return status;
    status = om_string_value_copy(value, from_value, allocator);
    if (status != OM_OK)
        str_drop_key(key, allocator);
    return status;
}

/* What a lookup of the notes does with the value that it finds. */
OM_UNUSED static void str_clone_and_drop(const str_item *value,
                                         const om_allocator *allocator)
{
    str_item clone;
    if (REPLAY_MAKES_STRINGS && om_string_value_copy(&clone, value, allocator) == OM_OK)
        str_drop_value(&clone, allocator);
}

#endif
