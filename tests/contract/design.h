/* SPDX-License-Identifier: MIT */
/* Turns -DOM_DESIGN=chaining into the header of the map under test, and says the few
 * things in which designs may differ.
 *
 *     #define OM_NAME ages
 *     #define OM_KEY  uint64_t
 *     #include OM_DESIGN_HEADER      once for each instance
 */
#ifndef DESIGN_H
#define DESIGN_H

#include "check.h"

#ifndef OM_DESIGN
#error "onemiss tests: compile with -DOM_DESIGN=chaining or another map header's name"
#endif

#define OM_DESIGN_HEADER       <onemiss/OM_DESIGN.h>

#define DESIGN_TEXT_(name)     #name
#define DESIGN_TEXT(name)      DESIGN_TEXT_(name)
#define DESIGN_NAME            DESIGN_TEXT(OM_DESIGN)

#define DESIGN_PASTE_(a, b)    a##b
#define DESIGN_PASTE(a, b)     DESIGN_PASTE_(a, b)

/* Chaining has nodes and no tombstones, and its table holds heads. */
#define DESIGN_CHAINS_chaining 1
#if DESIGN_PASTE(DESIGN_CHAINS_, OM_DESIGN)
#define DESIGN_CHAINS 1
#else
#define DESIGN_CHAINS 0
#endif

/* The compact map's block ends with two status bits a slot. */
#define DESIGN_PACKS_open_addressing_compact 1
#if DESIGN_PASTE(DESIGN_PACKS_, OM_DESIGN)
#define DESIGN_PACKS 1
#else
#define DESIGN_PACKS 0
#endif

#if DESIGN_CHAINS
#define DESIGN_TABLE_LABEL "heads"
#else
#define DESIGN_TABLE_LABEL "entries"
#endif

/* The seed of most tables in this suite. */
#define DESIGN_SEED (&(const om_seed){0x243f6a8885a308d3u, 0x13198a2e03707344u})

/* The notes' rule: how many entries `capacity` slots take before an insert must find a
 * larger table; the least n with n / capacity >= percent / 100. */
CHECK_UNUSED static size_t design_limit(size_t capacity, size_t percent)
{
    const size_t limit = (capacity * percent + 99) / 100; /* capacities are small here */
    return limit < capacity ? limit : capacity - 1;
}

/* The least capacity from `least` slots on that takes `entries`. */
CHECK_UNUSED static size_t design_capacity(size_t entries, size_t least, size_t percent)
{
    size_t capacity = least;
    while (design_limit(capacity, percent) < entries)
        capacity *= 2;
    return capacity;
}

#endif
