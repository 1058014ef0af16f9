/* SPDX-License-Identifier: MIT */
/* Touched pages: a hash table of blocks of 64 neighbours, a bit each, so that a gigabyte
 * in small pages takes 64 to 128 KiB. */
#include "pages.h"

#include <stdlib.h>

struct pages_block {
    uint64_t number; /* page / 64, plus 1; 0: a free place */
    uint64_t bits;   /* 16 bytes */
};

enum { FIRST_PLACES = 64 };

/* Where the block is, or the free place where it belongs; less than half are taken. */
static struct pages_block *place_of(const struct pages *pages, uint64_t number)
{
    const size_t mask = pages->n_places - 1;
    const uint64_t mixed = number * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(mixed ^ mixed >> 32) & mask;
    while (pages->blocks[i].number != number && pages->blocks[i].number != 0)
        i = (i + 1) & mask;
    return &pages->blocks[i];
}

static bool grow(struct pages *pages)
{
    const size_t n_places = pages->n_places == 0 ? FIRST_PLACES : 2 * pages->n_places;
    struct pages larger = {calloc(n_places, sizeof *larger.blocks), n_places,
                           pages->n_blocks};
    if (larger.blocks == NULL)
        return false;
    for (size_t i = 0; i < pages->n_places; i++)
        if (pages->blocks[i].number != 0)
            *place_of(&larger, pages->blocks[i].number) = pages->blocks[i];
    free(pages->blocks);
    *pages = larger;
    return true;
}

void pages_drop(struct pages *pages)
{
    free(pages->blocks);
    *pages = (struct pages){0};
}

enum pages_answer pages_add(struct pages *pages, uint64_t page)
{
    const uint64_t number = page / 64 + 1, bit = (uint64_t)1 << page % 64;
    struct pages_block *block = pages->n_places != 0 ? place_of(pages, number) : NULL;
    if (block != NULL && (block->bits & bit) != 0)
        return PAGES_KNOWN;
    if (block == NULL || block->number == 0) {
        if (2 * pages->n_blocks >= pages->n_places && !grow(pages))
            return PAGES_NO_MEMORY;
        block = place_of(pages, number);
        block->number = number;
        pages->n_blocks++;
    }
    block->bits |= bit;
    return PAGES_NEW;
}
