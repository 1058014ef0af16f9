/* SPDX-License-Identifier: MIT */
/* What a child may use, the same for every subject: one processor, so much memory, pages
 * of one kind. */
#ifndef ONEMISS_LAB_CONFINEMENT_H
#define ONEMISS_LAB_CONFINEMENT_H

#include <stdint.h>

#include "complaint.h"
#include "subject.h"

enum pages {
    PAGES_DEFAULT, /* as the kernel and the map decide */
    PAGES_4K,      /* no transparent huge pages in the process */
    PAGES_THP      /* huge pages wherever the kernel can give them */
};

enum { CPU_LAST = -1, CPU_ANY = -2 };

struct confinement {
    enum pages pages;
    int cpu;               /* its number, CPU_LAST allowed one, or CPU_ANY */
    uint64_t memory_bytes; /* of writable private memory; 0: no limit */
};

extern const char *const pages_names[]; /* by enum pages */
enum { N_PAGES = 3 };

/* Reads --pages, --cpu and --memory-limit; NULL stands for what was not given. */
bool confinement_read(struct confinement *confinement, const char *pages, const char *cpu,
                      const char *memory, struct complaint *complaint);

/* Whether this machine can do it. */
bool confinement_check(const struct confinement *confinement,
                       struct complaint *complaint);

/* In the process that will become the child, before it is executed anew: the C library
 * reads how its heap is to be paged only then. */
void confinement_prepare(const struct confinement *confinement);
bool confinement_is_prepared(const struct confinement *confinement);

/* All of it, in the process that runs the map; memory_bytes becomes what is really in force. */
void confinement_enter(struct confinement *confinement);

/* Should the machine run out of memory all the same, the kernel takes this process. */
void confinement_die_first(void);

/* The allocator that is handed to maps. */
const om_allocator *confinement_allocator(const struct confinement *confinement);

#endif
