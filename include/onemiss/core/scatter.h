/* SPDX-License-Identifier: MIT */
/* The order in which iteration visits the slots of a table. */
#ifndef ONEMISS_CORE_SCATTER_H
#define ONEMISS_CORE_SCATTER_H

#include "compiler.h"

/* The slot at `position` of the order, both below `capacity`, a power of two.
 *
 * The slots are visited in runs of 32, each run sequential, the runs in an order that
 * scatters them. In slot order entries would come sorted by home: copied into a smaller
 * table of the same seed, of any design, they would pile up in its first part, and linear
 * probing would turn quadratic. Being odd, the multiplier visits every run once; it was
 * searched so that its multiples stay evenly spread modulo every smaller power of two as
 * well (no partial quotient of multiplier / 2^m, m from 3 to 59, is above 23). */
OM_UNUSED static inline size_t om_scattered(size_t position, size_t capacity)
{
    const size_t run = 32;
    if (capacity <= run)
        return position;
    const size_t n_runs = capacity / run;
    const size_t scattered = (size_t)((uint64_t)(position / run) * 0x0344F451B5263789u);
    return (scattered & (n_runs - 1)) * run + position % run;
}

#endif
