/* SPDX-License-Identifier: MIT */
/* Hashes good and bad, chosen at run time, for one instance of a map to be tried under
 * each of them. */
#ifndef TEST_HASHES_H
#define TEST_HASHES_H

#include <onemiss/contract.h>

#include "check.h"

enum test_hash {
    HASH_GOOD,        /* SipHash-1-3 */
    HASH_IDENTITY,    /* the key */
    HASH_CONSTANT,    /* every key has one home */
    HASH_FOUR_VALUED, /* every key has one of four */
    HASH_HIGH_BITS,   /* only the upper 16 bits differ */
    HASH_LOW_BITS,    /* only the lower 16 bits differ */
    N_HASHES
};

static const char *const test_hash_names[N_HASHES] = {
    "good", "identity", "constant", "four-valued", "high-bits", "low-bits"};

static enum test_hash test_hash_kind;
static om_seed test_hash_seed; /* what the last call was given */

CHECK_UNUSED static inline uint64_t test_hash_bend(uint64_t good)
{
    static const uint64_t four[4] = {0, UINT64_MAX, 0x5555555555555555u,
                                     0x8000000000000000u};
    switch (test_hash_kind) {
    case HASH_CONSTANT:
        return 0x123456789abcdef0u;
    case HASH_FOUR_VALUED:
        return four[good & 3];
    case HASH_HIGH_BITS:
        return good & 0xffff000000000000u;
    case HASH_LOW_BITS:
        return good & 0xffffu;
    default:
        return good;
    }
}

CHECK_UNUSED static inline uint64_t test_hash_u64(uint64_t key, om_seed seed)
{
    test_hash_seed = seed;
    if (test_hash_kind == HASH_IDENTITY)
        return key;
    return test_hash_bend(om_siphash13_u64(key, seed));
}

/* The identity of a string is the number of its bytes. */
CHECK_UNUSED static inline uint64_t test_hash_view(om_view view, om_seed seed)
{
    test_hash_seed = seed;
    if (test_hash_kind == HASH_IDENTITY)
        return view.length;
    return test_hash_bend(om_siphash13_view(view, seed));
}

#endif
