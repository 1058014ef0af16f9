/* SPDX-License-Identifier: MIT */
/* A map that leaves a process behind, which sleeps: with integers it holds all that it
 * has inherited open, with strings nothing. */
#include <unistd.h>

#include "bad_subject.h"

static void fork_at_10000(const struct batch *batch, bool is_closed)
{
    if (!batch_has(batch, 10000) || fork() != 0)
        return;
    for (int file = 0; is_closed && file < 64; file++)
        (void)close(file);
    for (int s = 0; s < 60; s++)
        (void)sleep(1);
    _exit(0);
}

static om_status run_u64(void *map, struct batch *batch)
{
    fork_at_10000(batch, false);
    return u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    fork_at_10000(batch, true);
    return str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
