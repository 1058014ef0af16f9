/* SPDX-License-Identifier: MIT */
/* The caches as the kernel and the processor tell them, which need not be true. */
#ifndef ONEMISS_LAB_CACHE_GEOMETRY_H
#define ONEMISS_LAB_CACHE_GEOMETRY_H

#include <stddef.h>
#include <stdint.h>

#include "processor.h"

enum cache_holds { CACHE_OF_DATA, CACHE_OF_INSTRUCTIONS, CACHE_OF_BOTH };

struct cache {
    unsigned level; /* from 1 */
    enum cache_holds holds;
    uint64_t bytes;
    unsigned ways;       /* 0: not told */
    unsigned line_bytes; /* 0: not told */
    bool is_doubtful;    /* what is told cannot be a cache that a core reaches */
};

enum { MOST_CACHES = 8 };

/* Of "32K", "2M" or plain bytes, as the kernel writes sizes; 0: none of these. */
uint64_t cache_geometry_bytes(const char *text);

/* Below `root`, "" for this machine, lies sys/devices/system/cpu. Returns how many. */
size_t cache_geometry_sysfs(const char *root, struct cache caches[MOST_CACHES]);

/* From leaf 4 (Intel, and hypervisors that imitate it), 0x8000001D (AMD), or the older
 * 0x80000005 and 0x80000006. `leaf` becomes the one that was used, 0 when none answered. */
size_t cache_geometry_cpuid(cpuid_asker *ask, struct cache caches[MOST_CACHES],
                            uint32_t *leaf);

/* The bytes of the last level, doubtful ones left out; 0: none. */
uint64_t cache_geometry_last(const struct cache *caches, size_t n);

/* The one of that level that holds data, or instructions, or NULL. */
const struct cache *cache_geometry_find(const struct cache *caches, size_t n,
                                        unsigned level, bool of_instructions);

#endif
