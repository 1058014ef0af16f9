/* SPDX-License-Identifier: MIT */
/* Checked size arithmetic: no product and no doubling may wrap. */
#ifndef ONEMISS_CORE_SIZES_H
#define ONEMISS_CORE_SIZES_H

#include "compiler.h"

/* Blocks larger than this are refused: no pointer difference in one may overflow. */
#define OM_MOST_BYTES ((size_t)PTRDIFF_MAX)

/* True, and *product = a * b, unless that exceeds OM_MOST_BYTES. */
OM_MUST_CHECK OM_UNUSED static inline bool om_size_multiply(size_t a, size_t b,
                                                            size_t *product)
{
    if (b != 0 && a > OM_MOST_BYTES / b)
        return false;
    *product = a * b;
    return true;
}

/* True, and *sum = a + b, unless that exceeds OM_MOST_BYTES. */
OM_MUST_CHECK OM_UNUSED static inline bool om_size_add(size_t a, size_t b, size_t *sum)
{
    if (a > OM_MOST_BYTES || b > OM_MOST_BYTES - a)
        return false;
    *sum = a + b;
    return true;
}

/* How many of `capacity` slots may be used before an insert must grow the table: the
 * least count n with n / capacity >= percent / 100. At least 1, at most capacity - 1,
 * so that a probe always meets an empty slot. `capacity` is a power of two, 2 or more. */
OM_UNUSED static inline size_t om_size_limit(size_t capacity, unsigned percent)
{
    const size_t hundreds = capacity / 100, rest = capacity % 100;
    const size_t limit = hundreds * percent + (rest * percent + 99) / 100;
    return limit < capacity ? limit : capacity - 1;
}

/* The least power of two, `least` or more, whose limit admits `entries`; 0 when no
 * size_t can count it. `least` is a power of two. */
OM_UNUSED static inline size_t om_size_capacity(size_t entries, size_t least,
                                                unsigned percent)
{
    size_t capacity = least;
    while (om_size_limit(capacity, percent) < entries) {
        if (capacity > SIZE_MAX / 2)
            return 0;
        capacity *= 2;
    }
    return capacity;
}

#endif
