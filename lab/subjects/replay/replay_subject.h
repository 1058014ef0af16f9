/* SPDX-License-Identifier: MIT */
/* How each replay's file ends: the map of REPLAY_HEADER for both key types, exported. */

#include "subject_export.h"

#include "replay.h"

#define BODY u64_siphash13
#define KIND u64
#include REPLAY_HEADER
#include "subject_body.h"
#undef KIND

#define BODY str_siphash13
#define KIND str
#define BODY_STRINGS
#include REPLAY_HEADER
#include "subject_body.h"
#undef KIND

static const struct subject_variant variants[] = {
    SUBJECT_VARIANT(u64, siphash13),
    SUBJECT_VARIANT(str, siphash13),
};

SUBJECT_EXPORT(variants, 0);
