/* SPDX-License-Identifier: MIT */
/* A map that never comes back from operation 10,000. */
#include "bad_subject.h"

static void hang_at_10000(const struct batch *batch)
{
    volatile bool is_for_ever = batch_has(batch, 10000);
    while (is_for_ever) {
    }
}

static om_status run_u64(void *map, struct batch *batch)
{
    hang_at_10000(batch);
    return u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    hang_at_10000(batch);
    return str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
