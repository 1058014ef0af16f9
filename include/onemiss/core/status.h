/* SPDX-License-Identifier: MIT */
/* What a fallible verb returns, and the three grades of assertions. */
#ifndef ONEMISS_CORE_STATUS_H
#define ONEMISS_CORE_STATUS_H

#include "compiler.h"

/* "Not found" is an answer (NULL, false), never a status. */
typedef enum om_status {
    OM_OK = 0,        /* done */
    OM_OUT_OF_MEMORY, /* the allocator returned NULL: the map is unchanged */
    OM_TOO_LARGE,     /* the request exceeds what a size_t can count: unchanged */
    OM_NO_ENTROPY     /* the OS gave no random seed; pass one to init: unchanged */
} om_status;

/* One sentence in English; never NULL. */
OM_UNUSED static inline const char *om_status_text(om_status status)
{
    switch (status) {
    case OM_OK:
        return "done";
    case OM_OUT_OF_MEMORY:
        return "out of memory";
    case OM_TOO_LARGE:
        return "more entries than memory can address";
    case OM_NO_ENTROPY:
        return "the operating system gave no random seed";
    }
    return "unknown status";
}

/* OM_CHECKED chooses how much is asserted:
 *   0  nothing (the default with NDEBUG)
 *   1  OM_ASSERT: mistakes of the caller, cheap (the default without NDEBUG)
 *   2  + OM_CHECK: mistakes of ours, cheap
 *   3  + OM_AUDIT: walks the whole table at the end of each changing verb
 * A failed assertion calls OM_ASSERT_FAILED(text); define it before the first include
 * to send it elsewhere than abort(). */
#ifndef OM_CHECKED
#ifdef NDEBUG
#define OM_CHECKED 0
#else
#define OM_CHECKED 1
#endif
#endif

#if OM_CHECKED >= 1
#ifndef OM_ASSERT_FAILED
#include <assert.h>
#define OM_ASSERT_FAILED(text) assert(false && (text))
#endif
#define OM_ASSERT(condition, text) ((condition) ? (void)0 : OM_ASSERT_FAILED(text))
#else
#define OM_ASSERT(condition, text) ((void)0)
#endif

#if OM_CHECKED >= 2
#define OM_CHECK(condition, text) OM_ASSERT(condition, text)
#else
#define OM_CHECK(condition, text) ((void)0)
#endif

#if OM_CHECKED >= 3
#define OM_AUDIT(condition, text) OM_ASSERT(condition, text)
#else
#define OM_AUDIT(condition, text) ((void)0)
#endif

#endif
