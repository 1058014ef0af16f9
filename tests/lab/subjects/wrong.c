/* SPDX-License-Identifier: MIT */
/* A map that is wrong once in a million operations: where lookups are among them one of
 * their answers is, else the value of one entry. */
#include "bad_subject.h"

enum { A_MILLION = 1000000, WHEN = 123456 };

static bool is_wrong_now(const struct batch *batch)
{
    return batch_has(batch, batch->first_operation / A_MILLION * A_MILLION + WHEN);
}

static om_status run_u64(void *map, struct batch *batch)
{
    const om_status status = u64_siphash13_run(map, batch);
    if (is_wrong_now(batch) && batch->operation != OPERATION_INSERT)
        batch->checksum ^= 1;
    else if (is_wrong_now(batch))
        *u64_siphash13_get(u64_siphash13_map_of(map), batch->integers[0]) ^= 1;
    return status;
}

static om_status run_str(void *map, struct batch *batch)
{
    const om_status status = str_siphash13_run(map, batch);
    if (is_wrong_now(batch) && batch->operation != OPERATION_INSERT) {
        batch->checksum ^= 1;
    } else if (is_wrong_now(batch)) {
        const om_string *const value =
            str_siphash13_get(str_siphash13_map_of(map), batch->views[0]);
        *(char *)(uintptr_t)(value->pointer + 50) ^= 1; /* no get reads this byte */
    }
    return status;
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
