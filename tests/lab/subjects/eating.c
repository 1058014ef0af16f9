/* SPDX-License-Identifier: MIT */
/* A map that takes all memory it is given, touches it, and tells when there is no more.
 * It stops by itself, as one that failed, before a machine without a limit has none. */
#include "bad_subject.h"

#include "eat.h"

static om_status run_u64(void *map, struct batch *batch)
{
    return batch_has(batch, 10000) ? eat_all() : u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    return batch_has(batch, 10000) ? eat_all() : str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
