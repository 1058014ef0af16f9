/* SPDX-License-Identifier: MIT */
/* The subject of a map header. The build compiles this file once per header in
 * include/onemiss (SUBJECT_HEADER), build (SUBJECT_BUILD) and set of hashes: the two that
 * comparisons use, and with SUBJECT_MORE_HASHES the others, loaded on demand. */
#include "subject_export.h"

#ifndef SUBJECT_MORE_HASHES

#include <onemiss/core/hash_wyhash.h>

#define VARIANT_HASH siphash13
#include "subject_variant.h"
#define VARIANT_HASH wyhash
#include "subject_variant.h"

static const struct subject_variant variants[] = {
    SUBJECT_VARIANT(u64, siphash13),
    SUBJECT_VARIANT(str, siphash13),
    SUBJECT_VARIANT(u64, wyhash),
    SUBJECT_VARIANT(str, wyhash),
};

#else

#include <onemiss/core/hash_crc32c.h>
#include <onemiss/core/hash_fibonacci.h>
#include <onemiss/core/hash_fnv1a.h>
#include <onemiss/core/hash_identity.h>
#include <onemiss/core/hash_murmur3.h>
#include <onemiss/core/hash_siphash24.h>
#include <onemiss/core/hash_xxh3.h>

#define VARIANT_HASH siphash24
#include "subject_variant.h"
#define VARIANT_HASH xxh3
#include "subject_variant.h"
#define VARIANT_HASH fnv1a
#include "subject_variant.h"
#define VARIANT_HASH murmur3
#include "subject_variant.h"
#define VARIANT_HASH crc32c
#include "subject_variant.h"
#define VARIANT_HASH fibonacci
#include "subject_variant.h"
#define VARIANT_HASH identity
#define VARIANT_NO_STRINGS
#include "subject_variant.h"

static const struct subject_variant variants[] = {
    SUBJECT_VARIANT(u64, siphash24), SUBJECT_VARIANT(str, siphash24),
    SUBJECT_VARIANT(u64, xxh3),      SUBJECT_VARIANT(str, xxh3),
    SUBJECT_VARIANT(u64, fnv1a),     SUBJECT_VARIANT(str, fnv1a),
    SUBJECT_VARIANT(u64, murmur3),   SUBJECT_VARIANT(str, murmur3),
    SUBJECT_VARIANT(u64, crc32c),    SUBJECT_VARIANT(str, crc32c),
    SUBJECT_VARIANT(u64, fibonacci), SUBJECT_VARIANT(str, fibonacci),
    SUBJECT_VARIANT(u64, identity),
};

#endif

SUBJECT_EXPORT(variants, 0);
