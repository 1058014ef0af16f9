/* SPDX-License-Identifier: MIT */
/* The sizes that a comparison goes through: counts, ranges of them, and those that lie in
 * the middle of each cache that was measured. */
#ifndef ONEMISS_LAB_SIZE_LIST_H
#define ONEMISS_LAB_SIZE_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "complaint.h"

enum { MOST_SIZES = 64 };

struct sizes {
    uint64_t of[MOST_SIZES];
    size_t n;
};

/* Bytes that an entry of 8-byte key and value is taken to keep when entries are to fill a
 * cache: between the 16 of a full table and the 32 and more of a half empty one. */
enum { SIZES_ENTRY_BYTES = 24 };

/* Adds what one word of -n stands for, each size from 1 to `most`:
 *   10M                 a count
 *   1k..1M, 1k..1M/4    from the first to the last, each twice the one before, or four
 *                       steps to each doubling
 *   levels=FILE         from what `onemiss doctor --calibrate --json FILE` has measured:
 *                       half the first cache, the geometric middle between one and the
 *                       next, and four times the last */
bool sizes_add(struct sizes *sizes, const char *word, uint64_t most,
               struct complaint *complaint);

#endif
