/* SPDX-License-Identifier: MIT */
/* The set of pages that were touched. */
#ifndef ONEMISS_SIM_PAGES_H
#define ONEMISS_SIM_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pages_block;

/* {0} is the empty set. */
struct pages {
    struct pages_block *blocks; /* open addressing, a power of two of them */
    size_t n_places, n_blocks;
};

void pages_drop(struct pages *pages);

enum pages_answer { PAGES_NEW, PAGES_KNOWN, PAGES_NO_MEMORY };

/* Puts the page in, and says whether it was there. Out of memory it stays out, and what is
 * in is known all the same. */
enum pages_answer pages_add(struct pages *pages, uint64_t page);

#endif
