/* SPDX-License-Identifier: MIT */
/* The ceiling of a map that keeps ENTRY_BYTES an entry: one random cache line a lookup, one
 * fresh piece of memory an insert.
 *
 * Question. What would the best map of this footprint cost, on this machine, under this
 * workload? Method. An insert appends its entry, so that growth is the first touch of pages
 * and nothing else; what is there never moves. A lookup goes to one entry, drawn by hashing
 * the key, and reads the value there: with independent keys that is a random line of the
 * footprint each, with dependent ones a chase. The entries are one block that realloc makes
 * longer: from 128 KiB on Linux's C libraries move its pages and copy nothing. Strings are
 * the 48 bytes of key and value and the characters that a get reads; those of the key are
 * not compared.
 * What it does not measure. Deletes and overwrites, which it does not know from new keys:
 * it is left out of workloads that have them. Its answers are not those of a map. */
#include "../peers/c_kinds.h"
#undef SUBJECT_NO_LAYOUT

#include "subject_export.h"

enum { FIRST_ENTRIES = 16384 };

#define KIND u64
#define BODY u64_none
#include "one_line_body.h"
#undef KIND

#define KIND str
#define BODY str_none
#define BODY_STRINGS
#include "one_line_body.h"
#undef KIND

/* It hashes by wyhash, whatever is asked for: the cheapest that spreads. */
static const struct subject_variant variants[] = {
    SUBJECT_VARIANT(u64, none),
    SUBJECT_VARIANT(str, none),
};

SUBJECT_EXPORT(variants, SUBJECT_KEEPS_NOTHING | SUBJECT_IS_CEILING |
                             SUBJECT_HIDES_MEMORY | SUBJECT_HIDES_RESIZES);
