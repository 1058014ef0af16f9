/* SPDX-License-Identifier: MIT */
/* Open addressing with a counted busy loop behind each batch: slower by a known part, and
 * like it in everything else. ONEMISS_TEST_SPINS says how many rounds, each of which waits
 * for the one before, for 512 operations. */
#include "bad_subject.h"

static uint64_t spins_a_batch(void)
{
    static uint64_t spins = UINT64_MAX;
    if (spins == UINT64_MAX) {
        const char *const text = getenv("ONEMISS_TEST_SPINS");
        spins = text != NULL ? strtoull(text, NULL, 10) : 0;
    }
    return spins;
}

static void spin(const struct batch *batch)
{
    uint64_t word = batch->checksum;
    for (uint64_t i = spins_a_batch() * batch->n / BATCH_MOST_U64; i > 0; i--) {
        word = word * 3 + 1;
        __asm__ volatile("" : "+r"(word));
    }
}

static om_status run_u64(void *map, struct batch *batch)
{
    const om_status status = u64_siphash13_run(map, batch);
    spin(batch);
    return status;
}

static om_status run_str(void *map, struct batch *batch)
{
    const om_status status = str_siphash13_run(map, batch);
    spin(batch);
    return status;
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
