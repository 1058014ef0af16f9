/* SPDX-License-Identifier: MIT */
/* Catches, in checked builds, a hash or equality callback that touches its own map. */
#ifndef ONEMISS_CORE_BUSY_H
#define ONEMISS_CORE_BUSY_H

#include "status.h"

#if OM_CHECKED >= 1

/* The map whose callback this thread is in; a thread's own, so that threads which only
 * look up in one map stay free of races. */
#ifdef __cplusplus
static thread_local const void *om_busy_map;
#else
static _Thread_local const void *om_busy_map;
#endif

OM_UNUSED static inline const void *om_busy_set(const void *map)
{
    const void *const before = om_busy_map;
    om_busy_map = map;
    return before;
}

#define OM_CALLBACK_BEGIN(map) const void *const om_busy_before = om_busy_set(map)
#define OM_CALLBACK_END()      ((void)om_busy_set(om_busy_before))
#define OM_VERB_BEGIN(map)                                                               \
    OM_ASSERT(om_busy_map != (const void *)(map),                                        \
              "a hash or equality callback must not touch its map")

#else

#define OM_CALLBACK_BEGIN(map) ((void)0)
#define OM_CALLBACK_END()      ((void)0)
#define OM_VERB_BEGIN(map)     ((void)0)

#endif

#endif
