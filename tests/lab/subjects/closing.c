/* SPDX-License-Identifier: MIT */
/* A map that closes the pipe to its parent at operation 10,000, and goes on. */
#include <unistd.h>

#include "bad_subject.h"

enum { MESSAGES = 3 };

static om_status run_u64(void *map, struct batch *batch)
{
    if (batch_has(batch, 10000))
        (void)close(MESSAGES);
    return u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    if (batch_has(batch, 10000))
        (void)close(MESSAGES);
    return str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
