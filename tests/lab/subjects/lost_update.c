/* SPDX-License-Identifier: MIT */
/* A map that loses one overwrite in a hundred: it says done, and the old value stays. */
#include "subject_export.h"

#define OM_NAME  u64_inner
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#include <onemiss/open_addressing.h>

#define OM_NAME  str_inner
#define OM_KEY   om_string
#define OM_VALUE om_string
#include <onemiss/open_addressing.h>

static bool is_lost_now(bool is_overwrite)
{
    static unsigned n_overwrites;
    n_overwrites += is_overwrite;
    return is_overwrite && n_overwrites % 100 == 0;
}

typedef u64_inner u64_siphash13;
typedef u64_inner_iterator u64_siphash13_iterator;

static om_status u64_siphash13_insert(u64_siphash13 *map, uint64_t key, uint64_t value)
{
    const bool is_lost = is_lost_now(u64_inner_get(map, key) != NULL);
    return is_lost ? OM_OK : u64_inner_insert(map, key, value);
}

#define u64_siphash13_init   u64_inner_init
#define u64_siphash13_drop   u64_inner_drop
#define u64_siphash13_get    u64_inner_get
#define u64_siphash13_delete u64_inner_delete
#define u64_siphash13_size   u64_inner_size
#define u64_siphash13_first  u64_inner_first
#define u64_siphash13_next   u64_inner_next
#define u64_siphash13_layout u64_inner_layout
#define BODY                 u64_siphash13
#include "subject_body.h"

typedef str_inner str_siphash13;
typedef str_inner_iterator str_siphash13_iterator;

static om_status str_siphash13_insert(str_siphash13 *map, om_string key, om_string value)
{
    if (!is_lost_now(str_inner_get(map, om_string_view(&key)) != NULL))
        return str_inner_insert(map, key, value);
    om_string_key_drop(&key, map->allocator);
    om_string_value_drop(&value, map->allocator);
    return OM_OK;
}

#define str_siphash13_init   str_inner_init
#define str_siphash13_drop   str_inner_drop
#define str_siphash13_get    str_inner_get
#define str_siphash13_delete str_inner_delete
#define str_siphash13_size   str_inner_size
#define str_siphash13_first  str_inner_first
#define str_siphash13_next   str_inner_next
#define str_siphash13_layout str_inner_layout
#define BODY                 str_siphash13
#define BODY_STRINGS
#include "subject_body.h"

static const struct subject_variant variants[] = {
    SUBJECT_VARIANT(u64, siphash13),
    SUBJECT_VARIANT(str, siphash13),
};

SUBJECT_EXPORT(variants, 0);
