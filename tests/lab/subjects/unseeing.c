/* SPDX-License-Identifier: MIT */
/* A map that says what its traced build cannot report: it counts its batches in code that
 * is not traced. */
#define SUBJECT_UNSEEN "a count of its batches, in code that is not traced"
#include "bad_subject.h"

static uint64_t n_batches;

__attribute__((no_sanitize("thread"), noinline)) static void count(void)
{
    n_batches++;
}

static om_status run_u64(void *map, struct batch *batch)
{
    count();
    return u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    count();
    return str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
