/* SPDX-License-Identifier: MIT */
/* The order of up to 16 ways in one word of 4-bit way numbers: the way touched last stands
 * lowest, empty ways highest. With 4 ways, of which 2 was touched, then 0, then 3, while 1
 * is empty: 0x...1203. */
#ifndef ONEMISS_SIM_POLICY_LRU_H
#define ONEMISS_SIM_POLICY_LRU_H

#include <stdint.h>

enum { LRU_WORD_WAYS = 16 };

#define LRU_ONES  UINT64_C(0x1111111111111111)
#define LRU_START UINT64_C(0xFEDCBA9876543210)

/* The bit where the way stands. The lowest zero nibble of the difference is found exactly:
 * a borrow goes upwards only. */
static inline unsigned lru_place_of(uint64_t order, unsigned way)
{
    const uint64_t other = order ^ (LRU_ONES * way);
    const uint64_t zeros = (other - LRU_ONES) & ~other & (LRU_ONES << 3);
    return (unsigned)__builtin_ctzll(zeros) & ~3u;
}

/* Moves the way from that place to the lowest. */
static inline uint64_t lru_to_front(uint64_t order, unsigned way, unsigned place)
{
    const uint64_t before = ((uint64_t)1 << place) - 1;
    const uint64_t behind = ~(before << 4 | 15);
    return (order & behind) | (order & before) << 4 | way;
}

#endif
