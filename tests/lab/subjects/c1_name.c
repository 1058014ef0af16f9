/* SPDX-License-Identifier: MIT */
/* A right map whose name is sound UTF-8 and holds the control codes of eight bits, which
 * a terminal obeys as it does an escape. */
#include "subject_export.h"

#undef SUBJECT_NAME
#undef SUBJECT_BUILD
#define SUBJECT_NAME  "\xc2\x9b\x33\x31mc1\xc2\x9d\x30;title\xc2\x9c"
#define SUBJECT_BUILD "\xc2\x90\x71"

#include "bad_subject.h"

static const struct subject_variant variants[] =
    BAD_VARIANTS(u64_siphash13_run, str_siphash13_run);

SUBJECT_EXPORT(variants, 0);
