/* SPDX-License-Identifier: MIT */
/* A map that asks for one block more than it gives back. */
#include "bad_subject.h"

enum { LEAKED_BYTES = 48 };
static void *volatile leaked; /* it is reachable: only the lab's own count sees it */

static om_status leak(const struct subject_setup *setup)
{
    const om_request request = {LEAKED_BYTES, 8, "entries", 0};
    leaked = om_allocate(setup->allocator, &request);
    return leaked != NULL ? OM_OK : OM_OUT_OF_MEMORY;
}

static om_status create_u64(const struct subject_setup *setup, void **map)
{
    const om_status status = leak(setup);
    return status != OM_OK ? status : u64_siphash13_create(setup, map);
}

static om_status create_str(const struct subject_setup *setup, void **map)
{
    const om_status status = leak(setup);
    return status != OM_OK ? status : str_siphash13_create(setup, map);
}

static const struct subject_variant variants[] = {
    BAD_VARIANT(u64, create_u64, u64_siphash13_destroy, u64_siphash13_run),
    BAD_VARIANT(str, create_str, str_siphash13_destroy, str_siphash13_run),
};

SUBJECT_EXPORT(variants, 0);
