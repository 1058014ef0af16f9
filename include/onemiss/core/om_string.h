/* SPDX-License-Identifier: MIT */
/* An owned string of 24 bytes, any bytes in it, with room for two marks of an empty and
 * a deleted slot. */
#ifndef ONEMISS_CORE_OM_STRING_H
#define ONEMISS_CORE_OM_STRING_H

#include "allocator.h"
#include "sizes.h"
#include "state.h"
#include "status.h"
#include "view.h"

/* Owns `pointer` when `capacity` > 0. A live string never has a NULL pointer: the empty
 * string points at a static byte. So NULL marks an empty slot, and zeroed pages are an
 * empty table; one reserved address marks a deleted slot. No NUL ends the bytes. */
typedef struct om_string {
    const char *pointer; /* first byte */
    size_t length;       /* bytes */
    size_t capacity;     /* bytes allocated; 0: nothing is owned   24 bytes */
} om_string;

OM_STATIC_ASSERT(sizeof(om_string) == 3 * sizeof(void *), "three words");

/* A fixed address, the same in every translation unit, that no allocator returns. */
#define OM_STRING_DELETED ((const char *)(uintptr_t)1)

OM_UNUSED static inline om_string om_string_empty(void)
{
    static const char nothing = 0;
    om_string string;
    string.pointer = &nothing;
    string.length = 0;
    string.capacity = 0;
    return string;
}

OM_UNUSED static inline om_view om_string_view(const om_string *string)
{
    return om_view_of(string->pointer, string->length);
}

/* *to becomes an owned copy of `view`, allocated under `label`. On failure *to is as it
 * was. `allocator` may be NULL for the default. */
OM_MUST_CHECK OM_UNUSED static inline om_status
om_string_copy(om_string *to, om_view view, const om_allocator *allocator,
               const char *label)
{
    if (view.length == 0) {
        *to = om_string_empty();
        return OM_OK;
    }
    if (view.length > OM_MOST_BYTES)
        return OM_TOO_LARGE;
    const om_request request = {view.length, 1, label, 0};
    char *const bytes = (char *)om_allocate(om_allocator_or_default(allocator), &request);
    if (bytes == NULL)
        return OM_OUT_OF_MEMORY;
    om_mem_copy(bytes, view.pointer, view.length);
    to->pointer = bytes;
    to->length = view.length;
    to->capacity = view.length;
    return OM_OK;
}

/* Frees what the string owns and leaves the empty string. The label must be the one it
 * was allocated under, the allocator too. */
OM_UNUSED static inline void
om_string_release(om_string *string, const om_allocator *allocator, const char *label)
{
    if (string->capacity > 0) {
        const om_request request = {string->capacity, 1, label, 0};
        char *const bytes = (char *)(uintptr_t)string->pointer;
        *string = om_string_empty();
        om_release(om_allocator_or_default(allocator), bytes, &request);
    }
}

/* The names a map header finds when OM_KEY is om_string. */
OM_MUST_CHECK OM_UNUSED static inline om_status
om_string_key_copy(om_string *to, om_view view, const om_allocator *allocator)
{
    return om_string_copy(to, view, allocator, "key bytes");
}

OM_UNUSED static inline void om_string_key_drop(om_string *key,
                                                const om_allocator *allocator)
{
    om_string_release(key, allocator, "key bytes");
}

OM_UNUSED static inline bool om_string_key_equals(const om_string *key, om_view view)
{
    return key->length == view.length &&
           om_mem_equal(key->pointer, view.pointer, view.length);
}

OM_UNUSED static inline om_state om_string_niche_get(const om_string *key)
{
    if (key->pointer == NULL)
        return OM_EMPTY;
    return key->pointer == OM_STRING_DELETED ? OM_DELETED : OM_LIVE;
}

/* OM_LIVE is what storing a live key has said; a zeroed om_string that a caller takes for
 * the empty string becomes one. */
OM_UNUSED static inline void om_string_niche_set(om_string *key, om_state state)
{
    if (state == OM_EMPTY)
        key->pointer = NULL;
    else if (state == OM_DELETED)
        key->pointer = OM_STRING_DELETED;
    else if (key->pointer == NULL)
        *key = om_string_empty();
}

/* And when OM_VALUE is om_string. */
OM_MUST_CHECK OM_UNUSED static inline om_status
om_string_value_copy(om_string *to, const om_string *from, const om_allocator *allocator)
{
    return om_string_copy(to, om_string_view(from), allocator, "value bytes");
}

OM_UNUSED static inline void om_string_value_drop(om_string *value,
                                                  const om_allocator *allocator)
{
    om_string_release(value, allocator, "value bytes");
}

#endif
