/* SPDX-License-Identifier: MIT */
/* How far a run is and how long it will still take, on standard error. */
#ifndef ONEMISS_LAB_PROGRESS_H
#define ONEMISS_LAB_PROGRESS_H

#include "plan.h"

/* How many seconds a plan may take, before anything was measured. */
double progress_guess_s(const struct plan *plan);

/* Says so on standard error, when it is ten seconds or more and the plan is not quiet. */
void progress_announce(const struct plan *plan);

/* `plan` must stay. Nothing is shown with plan->is_quiet. */
void progress_begin(const struct plan *plan);

/* A pass of the cell is about to start. */
void progress_show(const struct cell *cell, unsigned block);

/* It has ended. */
void progress_done(const struct cell *cell, enum pass pass);

/* It will not be run. */
void progress_skip(const struct cell *cell, enum pass pass);

void progress_end(void);

#endif
