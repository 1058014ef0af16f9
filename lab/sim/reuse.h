/* SPDX-License-Identifier: MIT */
/* Reuse distances: how many misses a fully associative LRU cache of any size has, from
 * one pass over the lines. */
#ifndef ONEMISS_SIM_REUSE_H
#define ONEMISS_SIM_REUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reuse;

/* NULL when out of memory. */
struct reuse *reuse_create(void);
void reuse_destroy(struct reuse *reuse);

/* One access to a line. One that is not counted still moves the line to the front. False
 * when out of memory: what was seen before stands. */
bool reuse_access(struct reuse *reuse, uint64_t line, bool is_counted);

/* Points of the curve: cache sizes of 8, 10, 12, 14, 16, 20 ... lines, four to a doubling,
 * and behind the last all further misses are first touches. */
size_t reuse_points(const struct reuse *reuse);

/* Counted accesses that a cache of `*lines` lines misses, first touches included. */
uint64_t reuse_misses(const struct reuse *reuse, size_t point, uint64_t *lines);

uint64_t reuse_accesses(const struct reuse *reuse); /* counted ones */

#endif
