/* SPDX-License-Identifier: MIT */
/* The levels of cache as one: lines are brought to a level, and others leave for them. */
#ifndef ONEMISS_SIM_LEVELS_H
#define ONEMISS_SIM_LEVELS_H

#include "cache.h"

struct levels {
    struct cache caches[SIM_MOST_LEVELS];
    struct sim_recent_line *recent; /* of each set of the first level, or of all */
    uint64_t recent_mask;
    /* of each slot of a level: the slot of the next level that held the same line when this
     * one was filled, 0 if none did; a hint, looked at again before it is used */
    uint32_t *behind[SIM_MOST_LEVELS];
    uint32_t n_slots; /* of the first level */
    unsigned n, last; /* last is n - 1 */
    /* all ones where a clean line leaves without a trace, else 0 */
    uint64_t silent[SIM_MOST_LEVELS];
    bool is_inclusive, is_exclusive; /* the last level, where there are two */
    struct sim_events events;
};

/* False when out of memory; levels_drop is due all the same. */
bool levels_init(struct levels *levels, const struct sim_geometry *geometry,
                 const struct sim_model *model);
void levels_drop(struct levels *levels);

/* An access, at the first level and further out as far as needed. */
struct sim_served levels_access(struct levels *levels, uint64_t line,
                                enum sim_access access);

/* Brings the line to `level`, not the first, and to those behind it as inclusion has it;
 * no demand. Returns where it was found, n for memory. */
unsigned levels_bring(struct levels *levels, unsigned level, uint64_t line);

#endif
