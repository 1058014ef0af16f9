/* SPDX-License-Identifier: MIT */
/* What the files of the trace runtime share: one access, into the buffer. */
#ifndef ONEMISS_LAB_TRACE_RUNTIME_H
#define ONEMISS_LAB_TRACE_RUNTIME_H

#include "subject_trace.h"

static inline void trace_load(const void *at, size_t bytes)
{
    trace_put(&trace_port, trace_word(at, bytes, TRACE_LOAD));
}

static inline void trace_store(const void *at, size_t bytes)
{
    trace_put(&trace_port, trace_word(at, bytes, TRACE_STORE));
}

#endif
