/* SPDX-License-Identifier: MIT */
/* Going on with a comparison that was interrupted. */
#ifndef ONEMISS_LAB_RESUME_H
#define ONEMISS_LAB_RESUME_H

#include "plan.h"

/* Reads the result at `path` of an earlier run of the same words, becomes plan->earlier what
 * of it is whole, and takes these groups out of the plan. Where there is no such file
 * nothing is done. False: it is the result of another command, or no result. */
bool resume_open(struct plan *plan, const char *path, int n_words, char **words,
                 struct complaint *complaint);

/* Of an earlier result that lacks nothing but was interrupted behind its last cell: seals it
 * as complete. */
void resume_finish(json_t *earlier);

/* Puts the earlier cells before those of `result`, which is sealed, and seals it again.
 * Nothing is done where it was interrupted before it had a cell. */
void resume_join(json_t *earlier, json_t *result);

#endif
