/* SPDX-License-Identifier: MIT */
/* A model of the caches between a core and memory: it is told each access and says which
 * level served it. Knows lines and sets, not maps. */
#ifndef ONEMISS_SIM_HIERARCHY_H
#define ONEMISS_SIM_HIERARCHY_H

#include <stdbool.h>
#include <stdint.h>

enum { SIM_MOST_LEVELS = 4, SIM_MOST_WAYS = 64 };

struct sim_level {
    uint64_t bytes;
    unsigned ways;
};

/* What a level that is full gives up. */
enum sim_policy { SIM_LRU, SIM_BIT_PLRU, SIM_RANDOM, SIM_SRRIP, SIM_N_POLICIES };

/* Who brings lines in unasked; bits, several may work at once. */
enum sim_prefetcher {
    SIM_NEXT_LINE = 1, /* a first-level miss brings the next line into the first level */
    SIM_ADJACENT_LINE = 2, /* a second-level miss brings the other half of its pair */
    SIM_STREAM = 4 /* runs within a page bring lines ahead into the outer levels */
};

/* How the last level stands to those before it. */
enum sim_inclusion {
    SIM_NEITHER,   /* filled with the others, evicts for itself alone */
    SIM_INCLUSIVE, /* what it evicts, all others lose */
    SIM_EXCLUSIVE  /* holds what the level before it has evicted */
};

/* One level of translations, for one size of page. entries 0: there is none. */
struct sim_tlb {
    unsigned entries, ways;
};

struct sim_geometry {
    struct sim_level levels[SIM_MOST_LEVELS]; /* from the core outwards */
    unsigned n_levels;                        /* 1 or more */
    unsigned line_bytes;                      /* 64 or 128 */
    struct sim_tlb tlbs[2];                   /* for the page size in use; 0 entries: not
                                                 modelled */
    uint64_t page_bytes;                      /* 4096, 16384, or SIM_HUGE_PAGE */
};

/* How the geometry behaves. */
struct sim_model {
    enum sim_policy policy; /* of all levels */
    unsigned prefetchers;   /* bits of enum sim_prefetcher */
    enum sim_inclusion last_level;
    bool
        walks_pages; /* a second-level TLB miss reads the page table through the caches */
    bool
        zeroes_pages; /* the first touch of a page writes all of it, as the kernel does */
};

enum sim_access {
    SIM_LOAD,
    SIM_STORE,   /* write-allocate */
    SIM_PREFETCH /* by an instruction: fills as a load does, and is no load */
};

/* What happened to one access of one line. */
struct sim_served {
    unsigned level; /* that had the line: 0 the first; n_levels: memory */
    unsigned
        slot; /* of the first level, where the line is now; below hierarchy_slots() */
};

/* Running counts since the hierarchy was made; whoever wants a part takes differences. */
struct sim_events {
    uint64_t fills[SIM_MOST_LEVELS]; /* lines brought into a level, for whatever reason */
    uint64_t evictions[SIM_MOST_LEVELS];
    uint64_t write_backs;                    /* dirty lines that left the last level */
    uint64_t demand_loads[SIM_MOST_LEVELS];  /* loads that looked a level up; not stores,
                                                 prefetches, page walks */
    uint64_t demand_misses[SIM_MOST_LEVELS]; /* of them, that did not find the line */
    uint64_t references[SIM_MOST_LEVELS];    /* any access: walks and prefetches too */
    uint64_t misses[SIM_MOST_LEVELS];
    uint64_t tlb_load_misses[2], tlb_store_misses[2]; /* by level of the TLB */
    uint64_t walk_loads;                              /* of the page table */
    uint64_t walk_misses[SIM_MOST_LEVELS]; /* of them, that a level did not have */
    uint64_t prefetches;                   /* lines brought in unasked */
    uint64_t zeroed_pages;
    uint64_t forgotten_pages; /* touches of what there was no memory for: not zeroed */
};

/* Most accesses are to the line that its set of the first level touched last, in the page
 * that its set of the first TLB touched last. Then no order changes: the line is served
 * from the first level and stays where it is, and only the counts are due. A caller with a
 * loop of its own may
 *  - ask sim_is_recent before each access, anew after every hierarchy_access;
 *  - where it is true, leave hierarchy_access out: level 0 and *slot are the answer;
 *  - tell the sums of these with hierarchy_add_recent before it reads hierarchy_events. */
struct sim_recent_line {
    /* by enum sim_access. SIM_LOAD: the line touched last, UINT64_MAX if that is not known.
     * SIM_STORE: the same if it is dirty, else UINT64_MAX. SIM_PREFETCH: UINT64_MAX. */
    uint64_t line[SIM_PREFETCH + 1];
    uint64_t slot; /* 32 bytes */
};

struct sim_recent {
    struct sim_recent_line *lines; /* of each set of the first level */
    uint64_t *pages;               /* of each set of the first TLB */
    uint64_t line_mask, page_mask; /* from a number to its set's */
    unsigned page_shift;           /* from a line to its page */
};

/* *slot means something only when this is true. */
static inline bool sim_is_recent(const struct sim_recent *recent, uint64_t line,
                                 enum sim_access access, uint64_t *slot)
{
    const struct sim_recent_line *const last = &recent->lines[line & recent->line_mask];
    const uint64_t page = line >> recent->page_shift;
    *slot = last->slot;
    return last->line[access] == line && recent->pages[page & recent->page_mask] == page;
}

struct hierarchy;

/* NULL when out of memory. The geometry must be one that geometry_check accepts. */
struct hierarchy *hierarchy_create(const struct sim_geometry *geometry,
                                   const struct sim_model *model);
void hierarchy_destroy(struct hierarchy *hierarchy);

/* One access to the line with that number (address / line_bytes). An access that
 * straddles is two. */
struct sim_served hierarchy_access(struct hierarchy *hierarchy, uint64_t line,
                                   enum sim_access access);

/* Stays the same while the hierarchy lives; what it points to changes. */
const struct sim_recent *hierarchy_recent(const struct hierarchy *hierarchy);

/* Accesses that were recent, and are now to be counted. */
void hierarchy_add_recent(struct hierarchy *hierarchy, uint64_t loads, uint64_t stores);

/* The kernel backs all pages that a range lies in, in advance: those that nothing has
 * touched yet it fills with zeros, by stores that are no program's. Whether the model is
 * one of zeroed pages is the caller's to ask. */
void hierarchy_zero(struct hierarchy *hierarchy, uint64_t address, uint64_t bytes);

/* Slots of the first level: sets times ways. */
unsigned hierarchy_slots(const struct hierarchy *hierarchy);
const struct sim_events *hierarchy_events(const struct hierarchy *hierarchy);

#endif
