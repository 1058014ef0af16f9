/* SPDX-License-Identifier: MIT */
/* A subject as a lab of another time would have built it: nothing behind its version can
 * be trusted to mean the same. */
#include "subject_export.h"

extern const struct subject SUBJECT_SYMBOL;
__attribute__((visibility("default")))
const struct subject SUBJECT_SYMBOL = {SUBJECT_VERSION + 1,
                                       0xFFFFFFFF,
                                       0xFFFFFFFF,
                                       0xFFFFFFFF,
                                       SUBJECT_NAME,
                                       SUBJECT_BUILD,
                                       SUBJECT_COMPILER,
                                       (const struct subject_variant *)(uintptr_t)1,
                                       NULL,
                                       NULL,
                                       NULL};
