/* SPDX-License-Identifier: MIT */
/* By what a process can be sampled here, and how often it should be. */
#ifndef ONEMISS_LAB_PERF_SAMPLING_H
#define ONEMISS_LAB_PERF_SAMPLING_H

#include "perf_events.h"

struct perf_sampling {
    const char *event; /* perf's name: "cycles", or "cpu-clock" without a PMU */
    bool has_kernel;   /* false: only user mode may be sampled here */
};

/* Opens the events briefly. False: `reason` says why there is none and the remedy. */
bool perf_sampling_choose(struct perf_sampling *sampling, char reason[PERF_REASON]);

/* Samples a second for a workload of n operations: long runs need fewer. */
unsigned perf_sampling_frequency(uint64_t n);

#endif
