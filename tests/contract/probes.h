/* SPDX-License-Identifier: MIT */
/* Counts every slot or node that a map looks at. Included before any map header. */
#ifndef PROBES_H
#define PROBES_H

#include "check.h"

#ifdef ONEMISS_CORE_ALLOCATOR_H
#error "onemiss tests: include probes.h before the library, or no probe is counted"
#endif

static uint64_t probes_counted;

#define OM_ON_PROBE() ((void)probes_counted++)

/* Probes since the last call. */
CHECK_UNUSED static uint64_t probes_take(void)
{
    const uint64_t probes = probes_counted;
    probes_counted = 0;
    return probes;
}

#endif
