/* SPDX-License-Identifier: MIT */
/* Translation look-aside buffers and the walk behind them.
 *
 * Both levels are LRU and are filled together; the second neither includes nor excludes
 * the first. The page table is the four-level one of x86-64 and AArch64, of 8-byte entries,
 * 512 to a table (with 16 KiB pages 2048, which only moves the numbers of the upper
 * tables). A walker has caches of its own for the upper levels, so that a walk normally
 * reads one line, that with the last entry. Of those caches the innermost is modelled, 32
 * entries that each stand for a whole table of last entries, 2 MiB with pages of 4 KiB:
 * without it the entry above is read as well. Those further up never miss. Pages of 2 MiB
 * have their last entries one table further up: a walk is the same, over fewer tables.
 *
 * Tables lie in address space of their own, in the order of the pages they map, so that
 * neighbouring pages share a line as they do in truth. */
#include "tlb.h"

enum { ENTRY_BYTES_LOG2 = 3, TABLE_LOG2 = 9, DIRECTORY_ENTRIES = 32 };

/* Lines of programs are below 2^58: an address has 64 bits, a line 64 bytes. */
#define TABLES_LINE      ((uint64_t)1 << 60)
#define DIRECTORIES_LINE ((uint64_t)3 << 59)

static unsigned log2_of(uint64_t power)
{
    return (unsigned)__builtin_ctzll(power);
}

bool tlb_init(struct tlb *tlb, const struct sim_geometry *geometry)
{
    *tlb = (struct tlb){.line_log2 = log2_of(geometry->line_bytes)};
    bool is_done = true;
    for (unsigned i = 0; i < 2 && geometry->tlbs[i].entries != 0 && is_done; i++) {
        const struct sim_tlb *const level = &geometry->tlbs[i];
        is_done = cache_init(&tlb->levels[i], level->entries, level->ways, SIM_LRU);
        tlb->n_levels++;
    }
    if (is_done && tlb->n_levels != 0)
        is_done =
            cache_init(&tlb->directory, DIRECTORY_ENTRIES, DIRECTORY_ENTRIES, SIM_LRU);
    if (!is_done)
        tlb_drop(tlb);
    return is_done;
}

void tlb_drop(struct tlb *tlb)
{
    cache_drop(&tlb->levels[0]);
    cache_drop(&tlb->levels[1]);
    cache_drop(&tlb->directory);
    tlb->n_levels = 0;
}

static void put(struct cache *cache, uint64_t page)
{
    cache->tags[cache_place(cache, page)] = cache_tag(page);
}

unsigned tlb_ask(struct tlb *tlb, uint64_t page)
{
    unsigned missed = 0;
    while (missed < tlb->n_levels &&
           cache_ask(&tlb->levels[missed], page) == CACHE_NOWHERE)
        missed++;
    for (unsigned i = missed; i-- > 0;)
        put(&tlb->levels[i], page);
    return missed;
}

unsigned tlb_walk(struct tlb *tlb, uint64_t page, uint64_t lines[TLB_MOST_READS])
{
    const unsigned entries_log2 = tlb->line_log2 - ENTRY_BYTES_LOG2; /* to a line */
    const uint64_t table = page >> TABLE_LOG2;
    unsigned n = 0;
    if (cache_ask(&tlb->directory, table) == CACHE_NOWHERE) {
        put(&tlb->directory, table);
        lines[n++] = DIRECTORIES_LINE + (table >> entries_log2);
    }
    lines[n++] = TABLES_LINE + (page >> entries_log2);
    return n;
}
