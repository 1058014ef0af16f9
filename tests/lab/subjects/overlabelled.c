/* SPDX-License-Identifier: MIT */
/* A map that labels more parts than the lab has room for, of which it must be told. */
#include "bad_subject.h"

enum { LABELS = 32 };

/* Blocks of so many different parts, which are given back at once. */
static om_status label(const struct subject_setup *setup)
{
    for (unsigned i = 0; i < LABELS; i++) {
        const char name[] = {'p', (char)('A' + i), '\0'};
        const om_request request = {64, 8, name, 0};
        void *const block = om_allocate(setup->allocator, &request);
        if (block == NULL)
            return OM_OUT_OF_MEMORY;
        om_release(setup->allocator, block, &request);
    }
    return OM_OK;
}

static om_status create_u64(const struct subject_setup *setup, void **map)
{
    const om_status status = label(setup);
    return status != OM_OK ? status : u64_siphash13_create(setup, map);
}

static om_status create_str(const struct subject_setup *setup, void **map)
{
    const om_status status = label(setup);
    return status != OM_OK ? status : str_siphash13_create(setup, map);
}

static const struct subject_variant variants[] = {
    BAD_VARIANT(u64, create_u64, u64_siphash13_destroy, u64_siphash13_run),
    BAD_VARIANT(str, create_str, str_siphash13_destroy, str_siphash13_run),
};

SUBJECT_EXPORT(variants, 0);
