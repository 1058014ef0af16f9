/* SPDX-License-Identifier: MIT */
/* The wish to stop: noticed, and acted upon where the work can be saved. */
#ifndef ONEMISS_LAB_INTERRUPT_H
#define ONEMISS_LAB_INTERRUPT_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and, unless it is ignored (nohup), SIGHUP are noted. */
void interrupt_watch(void);

/* From now on they end the program, as one does at once that has come meanwhile. */
void interrupt_end_watch(void);

/* Whether a reader that has gone away, of progress on standard error, ends the program. */
void interrupt_ignore_pipes(bool is_ignored);

/* The last of them that came, or 0. */
int interrupt_signal(void);

#endif
