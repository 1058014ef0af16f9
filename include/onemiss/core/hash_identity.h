/* SPDX-License-Identifier: MIT */
/* The identity: a u64 key is its own hash. */
#ifndef ONEMISS_CORE_HASH_IDENTITY_H
#define ONEMISS_CORE_HASH_IDENTITY_H

/*
 * Source. std::hash of integers in libstdc++ and libc++ is this.
 * Cost. None.
 * Strength. None, and no seed: it is ignored.
 * Limits. For keys that are hashes already, and to show what a map does without
 *   mixing: tags from the high bits of small keys are all equal, keys with a
 *   common stride share their low bits. There is no identity of a string: it
 *   has no `bytes` and no `view`.
 */

#include "seed.h"

/* The key; `seed` is ignored. */
OM_UNUSED static inline uint64_t om_identity_u64(uint64_t key, om_seed seed)
{
    (void)seed;
    return key;
}

#endif
