/* SPDX-License-Identifier: MIT */
/* What the bad subjects start from: open addressing as it is, for both key types, whose
 * functions each of them replaces in part. Their batches go on until an operation of the
 * whole run is reached, counted from 0. */
#ifndef BAD_SUBJECT_H
#define BAD_SUBJECT_H

#include "subject_export.h"

#define SUBJECT_HEADER <onemiss/open_addressing.h>
#define VARIANT_HASH   siphash13
#include "subject_variant.h"

/* A row of the table with some functions of its own. */
#define BAD_VARIANT(key_name, create, destroy, run)                                      \
    {                                                                                    \
#key_name, "siphash13", create, destroy, run, key_name##_siphash13_walk,         \
            key_name##_siphash13_n_entries, key_name##_siphash13_entry_layout,           \
            sizeof(key_name##_siphash13_tested),                                         \
    }

/* Both rows of a subject that only runs its batches in another way. */
#define BAD_VARIANTS(run_u64, run_str)                                                   \
    {                                                                                    \
        BAD_VARIANT(u64, u64_siphash13_create, u64_siphash13_destroy, run_u64),          \
            BAD_VARIANT(str, str_siphash13_create, str_siphash13_destroy, run_str)       \
    }

/* Whether operation number `at` is in the batch. */
static inline bool batch_has(const struct batch *batch, uint64_t at)
{
    return at >= batch->first_operation && at - batch->first_operation < batch->n;
}

#endif
