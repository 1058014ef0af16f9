/* SPDX-License-Identifier: MIT */
/* A map whose operation number 999,983 is wrong, and no other: a get finds nothing, an
 * insert stores nothing, a delete says the opposite. */
#include "subject_export.h"

#define OM_NAME  u64_inner
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#include <onemiss/open_addressing.h>

typedef u64_inner u64_siphash13;
typedef u64_inner_iterator u64_siphash13_iterator;

/* Counts from 1, over all maps of the process: it holds one. */
static bool is_wrong_now(void)
{
    static unsigned n_operations;
    return ++n_operations == 999983;
}

static om_status u64_siphash13_insert(u64_siphash13 *map, uint64_t key, uint64_t value)
{
    return is_wrong_now() ? OM_OK : u64_inner_insert(map, key, value);
}

static uint64_t *u64_siphash13_get(u64_siphash13 *map, uint64_t key)
{
    return is_wrong_now() ? NULL : u64_inner_get(map, key);
}

static bool u64_siphash13_delete(u64_siphash13 *map, uint64_t key)
{
    const bool is_found = u64_inner_delete(map, key);
    return is_wrong_now() ? !is_found : is_found;
}

#define u64_siphash13_init   u64_inner_init
#define u64_siphash13_drop   u64_inner_drop
#define u64_siphash13_size   u64_inner_size
#define u64_siphash13_first  u64_inner_first
#define u64_siphash13_next   u64_inner_next
#define u64_siphash13_layout u64_inner_layout
#define BODY                 u64_siphash13
#include "subject_body.h"

static const struct subject_variant variants[] = {
    SUBJECT_VARIANT(u64, siphash13),
};

SUBJECT_EXPORT(variants, 0);
