/* SPDX-License-Identifier: MIT */
/* Translations of pages: up to two levels of TLB, and the entries of the page table that a
 * walk must read. */
#ifndef ONEMISS_SIM_TLB_H
#define ONEMISS_SIM_TLB_H

#include "cache.h"

enum { TLB_MOST_READS = 2 };

struct tlb {
    struct cache levels[2];
    struct cache directory; /* the walker's own cache: see tlb.c */
    unsigned n_levels;      /* 0: translations are not modelled */
    unsigned line_log2;     /* of the lines that walks read */
};

/* False when out of memory; then there is nothing to drop. */
bool tlb_init(struct tlb *tlb, const struct sim_geometry *geometry);
void tlb_drop(struct tlb *tlb);

/* How many levels missed the page, 0 to n_levels; all have it afterwards. */
unsigned tlb_ask(struct tlb *tlb, uint64_t page);

/* What a walk to the page reads: puts the lines in order and returns how many. */
unsigned tlb_walk(struct tlb *tlb, uint64_t page, uint64_t lines[TLB_MOST_READS]);

#endif
