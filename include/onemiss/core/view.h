/* SPDX-License-Identifier: MIT */
/* A borrowed run of bytes: what lookups in a map of strings take. */
#ifndef ONEMISS_CORE_VIEW_H
#define ONEMISS_CORE_VIEW_H

#include <string.h>

#include "compiler.h"

/* Borrows; owns nothing. `pointer` may be NULL when `length` is 0. */
typedef struct om_view {
    const char *pointer; /* first byte, any value, zero included */
    size_t length;       /* bytes                       16 bytes */
} om_view;

OM_UNUSED static inline om_view om_view_of(const char *pointer, size_t length)
{
    om_view view;
    view.pointer = pointer;
    view.length = length;
    return view;
}

/* A view of a NUL-terminated text, without its NUL. */
OM_UNUSED static inline om_view om_view_text(const char *text)
{
    return om_view_of(text, strlen(text));
}

#endif
