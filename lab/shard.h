/* SPDX-License-Identifier: MIT */
/* One of the parts that a comparison is split into, for several machines. */
#ifndef ONEMISS_LAB_SHARD_H
#define ONEMISS_LAB_SHARD_H

#include "plan.h"

/* "2/5", as it is given to --shard; NULL: the comparison is not split. */
bool shard_read(struct shard *shard, const char *text, struct complaint *complaint);

/* What a result says of it: "2/5 of which plan". */
json_t *shard_describe(const struct plan *plan);

/* Leaves the shard's groups in the plan, and the whole plan's fingerprint. Whole groups are
 * dealt out in turn, so that maps that are compared run on one machine. A shard beyond
 * the last group has none: then it says so on standard error, but for a quiet plan. */
void shard_take(struct plan *plan, const struct shard *shard);

#endif
