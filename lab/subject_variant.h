/* SPDX-License-Identifier: MIT */
/* One hash of a design: the maps of both key types and their loops. Parameter:
 * VARIANT_HASH; with VARIANT_NO_STRINGS integers only. */

#define BODY     OM_CONCAT(u64_, VARIANT_HASH)
#define OM_NAME  BODY
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#define OM_HASH  OM_CONCAT3(om_, VARIANT_HASH, _u64)
#include SUBJECT_HEADER
#define BODY_HAS_MANY
#include "subject_body.h"

#ifndef VARIANT_NO_STRINGS
#define BODY     OM_CONCAT(str_, VARIANT_HASH)
#define OM_NAME  BODY
#define OM_KEY   om_string
#define OM_VALUE om_string
#define OM_HASH  OM_CONCAT3(om_, VARIANT_HASH, _view)
#include SUBJECT_HEADER
#define BODY_STRINGS
#define BODY_HAS_MANY
#include "subject_body.h"
#endif

#undef VARIANT_HASH
#undef VARIANT_NO_STRINGS
