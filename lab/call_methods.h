/* SPDX-License-Identifier: MIT */
/* The ways to see memory calls, and which of them this machine allows. */
#ifndef ONEMISS_LAB_CALL_METHODS_H
#define ONEMISS_LAB_CALL_METHODS_H

#include "complaint.h"

/* Best first: strace sees every thread and process. */
enum call_method {
    CALLS_BY_STRACE,
    CALLS_BY_SECCOMP,
    CALLS_BY_TRACEPOINTS,
    N_CALL_METHODS
};

/* "strace", "seccomp", "tracepoints" */
extern const char *const call_method_names[N_CALL_METHODS];

/* What --calls-by says; NULL, nothing given, is 0. Else 1 + the method. */
bool call_method_read(const char *text, unsigned *wanted, struct complaint *complaint);

/* Whether this machine allows the method; the complaint says what stands in the way. */
bool call_method_try(enum call_method method, struct complaint *complaint);

/* The method that is wanted, or with 0 the first that is allowed; false: why not any. */
bool call_method_choose(unsigned wanted, enum call_method *method,
                        struct complaint *complaint);

/* Whether a child that wants to be traced may be: yama, seccomp and all. */
bool call_method_can_trace(int *error);

#endif
