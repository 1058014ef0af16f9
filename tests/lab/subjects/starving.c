/* SPDX-License-Identifier: MIT */
/* A map that finds no memory at operation 10,000. */
#include "bad_subject.h"

static om_status run_u64(void *map, struct batch *batch)
{
    return batch_has(batch, 10000) ? OM_OUT_OF_MEMORY : u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    return batch_has(batch, 10000) ? OM_OUT_OF_MEMORY : str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
