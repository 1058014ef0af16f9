/* SPDX-License-Identifier: MIT */
/* A map that prints rubbish, some of it like a child's messages, and is right. */
#include <stdio.h>

#include "bad_subject.h"

static void be_noisy(void)
{
    static const char rubbish[] = "\033[31mstatus wrong it lies\n"
                                  "metric ns_per_op 0\nleak 48\ndone\n"
                                  "\xff\xfe \a\r{\"cells\": []}\n"
                                  "verdict 0000000000000000 0 0 0000000000000000";
    fputs(rubbish, stdout);
    fputs(rubbish, stderr);
    fflush(stdout);
}

static om_status run_u64(void *map, struct batch *batch)
{
    be_noisy();
    return u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    be_noisy();
    return str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
