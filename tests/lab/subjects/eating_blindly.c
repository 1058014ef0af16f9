/* SPDX-License-Identifier: MIT */
/* A map that takes all memory it is given and never looks whether it got it. */
#include "bad_subject.h"

#include "eat.h"

static void eat_blindly_at_10000(const struct batch *batch)
{
    const volatile bool is_for_ever = batch_has(batch, 10000);
    while (is_for_ever)
        eat_touch((volatile char *)eat(EAT_FIRST), EAT_FIRST);
}

static om_status run_u64(void *map, struct batch *batch)
{
    eat_blindly_at_10000(batch);
    return u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    eat_blindly_at_10000(batch);
    return str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
