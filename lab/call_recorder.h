/* SPDX-License-Identifier: MIT */
/* Writes down the system calls for memory that this process makes, from within and
 * without privilege. */
#ifndef ONEMISS_LAB_CALL_RECORDER_H
#define ONEMISS_LAB_CALL_RECORDER_H

#include "complaint.h"
#include "memory_call.h"

enum { RECORDER_ROOM = 1 << 15 /* calls */ };

/* From now on to the end of the process these calls come by here; other threads must not
 * be there. False: this kernel, sandbox or processor does not allow it. */
bool call_recorder_install(struct complaint *complaint);

/* Forgets what was recorded, and records. The clock is CLOCK_MONOTONIC. */
void call_recorder_start(void);
void call_recorder_stop(void);

/* What was recorded, in order. Calls beyond the room are only in the sums. */
struct call_recording {
    const struct memory_call *calls;
    size_t n;
    uint64_t n_dropped;
    struct memory_call_sums sums;
    uint64_t brk; /* where the heap ended at the start */
};
void call_recorder_read(struct call_recording *recording);

/* Whether a process of ours could: tried in one that ends at once. */
bool call_recorder_try(struct complaint *complaint);

#endif
