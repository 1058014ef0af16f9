/* SPDX-License-Identifier: MIT */
/* A run of one map under the instrument heat, for layout --heat. */
#ifndef ONEMISS_LAB_HEAT_RUN_H
#define ONEMISS_LAB_HEAT_RUN_H

#include <jansson.h>

#include "complaint.h"
#include "options.h"

/* A result of one cell with heat, to be decref'ed; NULL when it cannot be had, and then
 * *code is the exit code. Workload and n are the options', else a read-heavy mix of 100,000
 * operations on an already filled map. */
json_t *heat_run(const struct options *options, int n_words, char **words, int *code,
                 struct complaint *complaint);

#endif
