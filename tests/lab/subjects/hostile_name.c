/* SPDX-License-Identifier: MIT */
/* A right map whose file gives itself a name, a build and a compiler that would steer a
 * terminal, close a table or lead out of a folder. */
#include "subject_export.h"

#undef SUBJECT_NAME
#undef SUBJECT_BUILD
#undef SUBJECT_COMPILER
#define TEN(text)        text text text text text text text text text text
#define SUBJECT_NAME     "\033[31m<b>../x\n\xff"
#define SUBJECT_BUILD    "\033]0;x\a\xfe\"</td><script>alert(1)</script>"
#define SUBJECT_COMPILER "\xc2\x9b[2J\r\n'\"`$(id)`" TEN(TEN("long and longer "))

#include "bad_subject.h"

static const struct subject_variant variants[] =
    BAD_VARIANTS(u64_siphash13_run, str_siphash13_run);

SUBJECT_EXPORT(variants, 0);
