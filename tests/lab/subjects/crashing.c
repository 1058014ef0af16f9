/* SPDX-License-Identifier: MIT */
/* A map that crashes at operation 10,000. */
#include <signal.h>

#include "bad_subject.h"

static void crash_at_10000(const struct batch *batch)
{
    if (!batch_has(batch, 10000))
        return;
    (void)signal(SIGSEGV, SIG_DFL); /* a sanitizer would make an exit of it */
    (void)raise(SIGSEGV);
}

static om_status run_u64(void *map, struct batch *batch)
{
    crash_at_10000(batch);
    return u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    crash_at_10000(batch);
    return str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
