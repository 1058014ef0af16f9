/* SPDX-License-Identifier: MIT */
/* Runs the cells of a plan, one child at a time, and fills a result. */
#ifndef ONEMISS_LAB_RUNNER_H
#define ONEMISS_LAB_RUNNER_H

#include "plan.h"
#include "result.h"

enum run_end { RUN_DONE, RUN_SOME_BAD, RUN_INTERRUPTED };

/* Adds a cell to the result for each of the plan, in its order. An interrupt or a
 * termination request ends the run after the child is gone: finished cells are kept. */
enum run_end runner_run(const struct plan *plan, json_t *result);

#endif
