/* SPDX-License-Identifier: MIT */
/* A right map whose lookup is called, not inlined: its time has a call in it. */
#include "subject_export.h"

#define OM_NAME  u64_inner
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#include <onemiss/open_addressing.h>

typedef u64_inner u64_siphash13;
typedef u64_inner_iterator u64_siphash13_iterator;

static __attribute__((noinline)) uint64_t *u64_siphash13_get(const u64_siphash13 *map,
                                                             uint64_t key)
{
    return u64_inner_get(map, key);
}

#define u64_siphash13_init   u64_inner_init
#define u64_siphash13_drop   u64_inner_drop
#define u64_siphash13_insert u64_inner_insert
#define u64_siphash13_delete u64_inner_delete
#define u64_siphash13_size   u64_inner_size
#define u64_siphash13_first  u64_inner_first
#define u64_siphash13_next   u64_inner_next
#define u64_siphash13_layout u64_inner_layout
#define BODY                 u64_siphash13
#include "subject_body.h"

static const struct subject_variant variants[] = {SUBJECT_VARIANT(u64, siphash13)};

SUBJECT_EXPORT(variants, 0);
