/* SPDX-License-Identifier: MIT */
/* The instrument `flame` on a Mac: xctrace around the child, its export behind it. */
#ifndef ONEMISS_LAB_FLAME_XCTRACE_H
#define ONEMISS_LAB_FLAME_XCTRACE_H

#include <jansson.h>

#include "tool.h"

bool flame_xctrace_wrap(struct tool *tool, struct complaint *complaint);
bool flame_xctrace_harvest(const struct tool *tool, json_t *cell,
                           struct complaint *complaint);

#endif
