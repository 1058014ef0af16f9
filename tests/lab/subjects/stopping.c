/* SPDX-License-Identifier: MIT */
/* A map that stops its process at operation 10,000, as Ctrl-Z would. */
#include <signal.h>

#include "bad_subject.h"

static om_status run_u64(void *map, struct batch *batch)
{
    if (batch_has(batch, 10000))
        (void)raise(SIGSTOP);
    return u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    if (batch_has(batch, 10000))
        (void)raise(SIGSTOP);
    return str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
