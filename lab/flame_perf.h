/* SPDX-License-Identifier: MIT */
/* The instrument `flame` where there is perf: record around the child, script behind it. */
#ifndef ONEMISS_LAB_FLAME_PERF_H
#define ONEMISS_LAB_FLAME_PERF_H

#include <jansson.h>

#include "tool.h"

bool flame_perf_wrap(struct tool *tool, struct complaint *complaint);
bool flame_perf_harvest(const struct tool *tool, json_t *cell,
                        struct complaint *complaint);

#endif
