/* SPDX-License-Identifier: MIT */
/* The system calls for memory that this thread makes, as the kernel's tracepoints tell
 * them. */
#ifndef ONEMISS_LAB_CALL_TRACEPOINTS_H
#define ONEMISS_LAB_CALL_TRACEPOINTS_H

#include "complaint.h"
#include "memory_call.h"

/* Opens them, stopped. False: not allowed, or not there; the remedy is said. */
bool call_tracepoints_open(struct complaint *complaint);

/* Round what is to be recorded. The clock is CLOCK_MONOTONIC. */
void call_tracepoints_start(void);
void call_tracepoints_stop(void);

/* Hands each call over, in order; false: the kernel lost some, or one makes no sense. */
bool call_tracepoints_read(void (*take)(void *context, const struct memory_call *call),
                           void *context, struct complaint *complaint);

void call_tracepoints_close(void);

/* Whether they can be had: tried with one of them. */
bool call_tracepoints_try(struct complaint *complaint);

#endif
