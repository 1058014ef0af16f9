/* SPDX-License-Identifier: MIT */
/* A table's hash key: 128 bits, fixed from init to drop. */
#ifndef ONEMISS_CORE_SEED_H
#define ONEMISS_CORE_SEED_H

#include "compiler.h"

typedef struct om_seed {
    uint64_t low;  /* SipHash k0; the whole seed of 64-bit hashes */
    uint64_t high; /* SipHash k1                        16 bytes */
} om_seed;

#endif
