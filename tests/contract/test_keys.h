/* SPDX-License-Identifier: MIT */
/* The keys of the tests by number: the ones that maps stumble over first. */
#ifndef TEST_KEYS_H
#define TEST_KEYS_H

#include <onemiss/contract.h>

#include "check.h"
#include "test_rng.h"

/* Key number i as an integer: 0, ~0, 2^63, then numbers that look random. */
CHECK_UNUSED static inline uint64_t test_key(size_t i)
{
    switch (i) {
    case 0:
        return 0;
    case 1:
        return UINT64_MAX;
    case 2:
        return (uint64_t)1 << 63;
    default:
        return test_mix(i);
    }
}

/* Key number i as bytes: the empty string; strings of zero bytes; such that share a
 * prefix, a length or all but one byte with another; long ones. `buffer` has 128 bytes. */
CHECK_UNUSED static inline om_view test_key_view(size_t i, char *buffer)
{
    memset(buffer, 0, 128);
    if (i < 4)
        return om_view_of(buffer, i);
    if (i % 4 == 0)
        memset(buffer, 'x', 100);
    const int n = snprintf(buffer, 64, "key%c%zu", i % 3 == 0 ? '\0' : '_', i);
    return om_view_of(buffer, i % 4 == 0 ? 100 : (size_t)n);
}

#endif
