/* SPDX-License-Identifier: MIT */
/* The caches between one core and memory, access by access.
 *
 * Question. Which level has the line that is asked for, and what must leave for it?
 *
 * Method. Each level is sets of ways (cache.c) with one policy (policy_*.c) for all levels.
 * An access looks levels up from the first outwards until one has the line, then fills all
 * before that one, outermost first (levels.c). Assumptions, all of them:
 *  - Addresses are those the caller gives, for sets, pages and all else. Sets are the line
 *    number modulo their number; real last levels hash it over slices.
 *  - One core, data only: no instructions, no other threads, no coherence.
 *  - Write-allocate, write-back. A store makes the first level's copy dirty. A dirty line
 *    that leaves a level marks the copy of the next level, without a use in its order; is
 *    there none, it is put in there. What leaves the last level goes to memory.
 *  - SIM_NEITHER: the last level is filled with the others and evicts for itself alone.
 *    SIM_INCLUSIVE: what leaves it leaves all levels; dirty anywhere, it is written to
 *    memory. SIM_EXCLUSIVE: memory fills all levels but the last; what leaves the last but
 *    one, clean or dirty, goes into the last; what is found there moves inwards. With one
 *    level all three are the same. Levels further in never include each other by rule.
 *  - Prefetchers (prefetch_*.c) are asked after an access: next-line after a miss of the
 *    first level; adjacent-line and stream at requests that reach the second, next-line's
 *    among them. Their own requests set off none further, nor do walks and zeroing. What
 *    they ask for arrives at once, before the next access, never late and never dropped;
 *    should it push out the very line whose access set it off, that line is fetched again.
 *    An access that finds a prefetched line is a hit.
 *  - TLBs and walks: tlb.c. A walk's reads go through all levels from the first, before the
 *    access itself. Prefetchers and the kernel do not use the TLBs.
 *  - With zeroes_pages the first access to a page is preceded by stores to all its lines,
 *    in ascending order, as the kernel clears pages it hands out. The kernel's own tables,
 *    its stack and the entry it writes into the page table are left out.
 *  - A prefetch instruction does what a load does, walk and prefetchers included, but is in
 *    none of the rows of loads.
 *  - Random is a xorshift with the same seed in every cache: two runs agree.
 *
 * What counts what (each row of struct sim_events; "look-up" is at one level):
 *
 *                              fills,     references,  demand_loads,  tlb_load_ (store_)
 *                              evictions  misses       demand_misses  misses
 *   load                       yes        yes          yes            yes (no)
 *   store                      yes        yes          no             no (yes)
 *   prefetch instruction       yes        yes          no             no
 *   prefetcher's request       yes        yes          no             no
 *   page walk, zeroing         yes        yes          no             no
 *   dirty line moving outwards if put in  no           no             no
 *
 * Evictions are lines that left for whatever reason: replaced, invalidated for inclusion,
 * moved inwards by exclusion. So fills less evictions is the number of lines in a level,
 * always. Prefetches counts the requests of prefetchers that brought a line.
 *
 * Against the names of perf on Intel's Skylake: L1-dcache-loads are demand_loads[0] taken
 * per access; L1-dcache-load-misses are L1D.REPLACEMENT, hence fills[0], whoever caused
 * them; LLC-loads are demand reads that left the second level, demand_misses[1];
 * LLC-load-misses are those the third missed too, demand_misses[2]; dTLB-load-misses are
 * loads that walked, tlb_load_misses[1].
 *
 * What it does not measure. Time: no latency, no overlap of misses, no bandwidth, no miss
 * registers, no fill or store buffers. */
#include "hierarchy.h"

#include <stdlib.h>

#include "levels.h"
#include "pages.h"
#include "prefetch.h"
#include "tlb.h"

enum { NO_PAGES = 63 }; /* the page_shift that makes all lines one page */

struct hierarchy {
    struct sim_recent recent; /* page_shift NO_PAGES where pages matter not */
    struct levels levels;
    struct sim_geometry geometry;
    struct sim_model model;
    struct tlb tlb;
    struct pages pages;
    struct stream stream;
};

/* ---- prefetchers ---- */

/* A prefetcher wants the line at `level`. Returns where it was. */
static unsigned prefetch(struct hierarchy *hierarchy, unsigned level, uint64_t line)
{
    struct levels *const levels = &hierarchy->levels;
    const unsigned found = level == 0 ? levels_access(levels, line, SIM_PREFETCH).level
                                      : levels_bring(levels, level, line);
    levels->events.prefetches += found > level;
    return found;
}

/* A request for the line was found at `found`: does the second level ask for more? */
static void train_second(struct hierarchy *hierarchy, uint64_t line, unsigned found)
{
    const unsigned prefetchers = hierarchy->model.prefetchers;
    if (found < 1 || hierarchy->levels.n < 2)
        return;
    if ((prefetchers & SIM_ADJACENT_LINE) != 0 && found > 1)
        (void)prefetch(hierarchy, 1, adjacent_line(line));
    if ((prefetchers & SIM_STREAM) != 0) {
        uint64_t wanted[STREAM_AHEAD];
        const unsigned n = stream_ahead(&hierarchy->stream, line,
                                        hierarchy->geometry.line_bytes, wanted);
        for (unsigned i = 0; i < n; i++)
            (void)prefetch(hierarchy, 1, wanted[i]);
    }
}

/* After an access that missed the first level. Returns where the line is now. */
static unsigned train(struct hierarchy *hierarchy, uint64_t line,
                      struct sim_served served)
{
    struct levels *const levels = &hierarchy->levels;
    uint64_t wanted;
    train_second(hierarchy, line, served.level);
    if ((hierarchy->model.prefetchers & SIM_NEXT_LINE) != 0 &&
        next_line(line, hierarchy->geometry.line_bytes, &wanted))
        train_second(hierarchy, wanted, prefetch(hierarchy, 0, wanted));
    if (cache_holds(&levels->caches[0], served.slot, line))
        return served.slot;
    return levels_access(levels, line, SIM_PREFETCH)
        .slot; /* pushed out by what it set off */
}

/* ---- pages ---- */

/* Stores to all lines of a page. */
static void zero_page(struct hierarchy *hierarchy, uint64_t page)
{
    const uint64_t n_lines =
        hierarchy->geometry.page_bytes / hierarchy->geometry.line_bytes;
    struct levels *const levels = &hierarchy->levels;
    for (uint64_t line = page * n_lines; line < (page + 1) * n_lines; line++)
        (void)levels_access(levels, line, SIM_STORE);
    levels->events.zeroed_pages++;
}

/* The first touch zeroes. Without memory to remember the page by it is left as it is. */
static void touch_page(struct hierarchy *hierarchy, uint64_t page)
{
    const enum pages_answer answer = pages_add(&hierarchy->pages, page);
    if (answer == PAGES_NEW)
        zero_page(hierarchy, page);
    hierarchy->levels.events.forgotten_pages += answer == PAGES_NO_MEMORY;
}

static void count_tlb_misses(struct sim_events *events, enum sim_access access,
                             unsigned missed)
{
    for (unsigned i = 0; i < missed; i++) {
        events->tlb_load_misses[i] += access == SIM_LOAD;
        events->tlb_store_misses[i] += access == SIM_STORE;
    }
}

static void walk(struct hierarchy *hierarchy, uint64_t page)
{
    uint64_t lines[TLB_MOST_READS];
    const unsigned n = tlb_walk(&hierarchy->tlb, page, lines);
    for (unsigned i = 0; i < n; i++) {
        const unsigned found =
            levels_access(&hierarchy->levels, lines[i], SIM_PREFETCH).level;
        for (unsigned level = 0; level < found; level++)
            hierarchy->levels.events.walk_misses[level]++;
    }
    hierarchy->levels.events.walk_loads += n;
}

#define APART __attribute__((noinline)) /* so that the common case saves no registers */

/* An access to another page than its set of the first TLB touched last. */
APART static void enter_page(struct hierarchy *hierarchy, uint64_t page,
                             enum sim_access access)
{
    const unsigned missed = tlb_ask(&hierarchy->tlb, page);
    const unsigned n_tlbs = hierarchy->tlb.n_levels;
    hierarchy->recent.pages[page & hierarchy->recent.page_mask] = page;
    /* what the first TLB has was touched before */
    if (hierarchy->model.zeroes_pages && (missed > 0 || n_tlbs == 0))
        touch_page(hierarchy, page);
    count_tlb_misses(&hierarchy->levels.events, access, missed);
    if (hierarchy->model.walks_pages && n_tlbs > 0 && missed == n_tlbs)
        walk(hierarchy, page);
}

/* ---- accesses ---- */

APART static struct sim_served access_and_train(struct hierarchy *hierarchy,
                                                uint64_t line, enum sim_access access)
{
    struct sim_served served = levels_access(&hierarchy->levels, line, access);
    if (served.level > 0)
        served.slot = train(hierarchy, line, served);
    return served;
}

struct sim_served hierarchy_access(struct hierarchy *hierarchy, uint64_t line,
                                   enum sim_access access)
{
    const struct sim_recent *const recent = &hierarchy->recent;
    const uint64_t page = line >> recent->page_shift;
    if (recent->pages[page & recent->page_mask] != page)
        enter_page(hierarchy, page, access);
    if (hierarchy->model.prefetchers != 0)
        return access_and_train(hierarchy, line, access);
    return levels_access(&hierarchy->levels, line, access);
}

const struct sim_recent *hierarchy_recent(const struct hierarchy *hierarchy)
{
    return &hierarchy->recent;
}

void hierarchy_add_recent(struct hierarchy *hierarchy, uint64_t loads, uint64_t stores)
{
    hierarchy->levels.events.references[0] += loads + stores;
    hierarchy->levels.events.demand_loads[0] += loads;
}

void hierarchy_zero(struct hierarchy *hierarchy, uint64_t address, uint64_t bytes)
{
    const uint64_t page_bytes = hierarchy->geometry.page_bytes;
    if (bytes == 0)
        return;
    const uint64_t most = UINT64_MAX - address;
    const uint64_t last = address + (bytes - 1 < most ? bytes - 1 : most);
    for (uint64_t page = address / page_bytes; page <= last / page_bytes; page++)
        touch_page(hierarchy, page);
}

unsigned hierarchy_slots(const struct hierarchy *hierarchy)
{
    return hierarchy->levels.n_slots;
}

const struct sim_events *hierarchy_events(const struct hierarchy *hierarchy)
{
    return &hierarchy->levels.events;
}

/* ---- beginning and end ---- */

/* Of each set of the first TLB the page touched last, or of all. */
static bool remember_pages(struct hierarchy *hierarchy)
{
    const struct sim_geometry *const geometry = &hierarchy->geometry;
    struct sim_recent *const recent = &hierarchy->recent;
    const struct cache *const tlb = &hierarchy->tlb.levels[0];
    const bool matters = hierarchy->model.zeroes_pages || hierarchy->tlb.n_levels != 0;
    const uint64_t lines = geometry->page_bytes / geometry->line_bytes;
    if (hierarchy->tlb.n_levels != 0 && tlb->set_mask != CACHE_MODULO)
        recent->page_mask = tlb->set_mask;
    recent->lines = hierarchy->levels.recent;
    recent->line_mask = hierarchy->levels.recent_mask;
    recent->page_shift = matters ? (unsigned)__builtin_ctzll(lines) : NO_PAGES;
    recent->pages = malloc((recent->page_mask + 1) * sizeof *recent->pages);
    if (recent->pages == NULL)
        return false;
    for (uint64_t i = 0; i <= recent->page_mask; i++)
        recent->pages[i] = matters ? UINT64_MAX : 0; /* that of no line, or of all */
    return true;
}

struct hierarchy *hierarchy_create(const struct sim_geometry *geometry,
                                   const struct sim_model *model)
{
    struct hierarchy *const hierarchy = calloc(1, sizeof *hierarchy);
    if (hierarchy == NULL)
        return NULL;
    hierarchy->geometry = *geometry;
    hierarchy->model = *model;
    if (!levels_init(&hierarchy->levels, geometry, model) ||
        !tlb_init(&hierarchy->tlb, geometry) || !remember_pages(hierarchy)) {
        hierarchy_destroy(hierarchy);
        return NULL;
    }
    return hierarchy;
}

void hierarchy_destroy(struct hierarchy *hierarchy)
{
    if (hierarchy == NULL)
        return;
    levels_drop(&hierarchy->levels);
    tlb_drop(&hierarchy->tlb);
    pages_drop(&hierarchy->pages);
    free(hierarchy->recent.pages);
    free(hierarchy);
}
