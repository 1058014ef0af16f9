/* SPDX-License-Identifier: MIT */
/* A map that ends its process midway, and says why. */
#include <stdio.h>

#include "bad_subject.h"

static void exit_at_10000(const struct batch *batch)
{
    if (!batch_has(batch, 10000))
        return;
    fputs("enough of this\n", stderr);
    exit(7);
}

static om_status run_u64(void *map, struct batch *batch)
{
    exit_at_10000(batch);
    return u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    exit_at_10000(batch);
    return str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
