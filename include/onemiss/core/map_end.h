/* SPDX-License-Identifier: MIT */
/* Last half of every map header: forgets the parameters, so that the next map starts
 * clean. Included once per map, so it has no guard. */
#undef OM_NAME
#undef OM_KEY
#undef OM_VALUE
#undef OM_HASH
#undef OM_EQ
#undef OM_VIEW
#undef OM_VIEW_OF
#undef OM_VIEW_IS_KEY
#undef OM_KEY_IS_STRING
#undef OM_KEY_IS_INTEGER
#undef OM_KEY_NICHE
#undef OM_KEY_DROP
#undef OM_KEY_COPY
#undef OM_VALUE_DROP
#undef OM_VALUE_COPY
#undef OM_HAS_KEY_COPY
#undef OM_HAS_VALUE_COPY
#undef OM_MAX_LOAD
#undef OM_INIT_SLOTS
#undef OM_IF_VALUE
#undef OM_ANSWER
#undef OM_ANSWER_OF
#undef OM_DROP_KEY
#undef OM_DROP_VALUE
#undef OM_FN
#undef OM_TYPE
