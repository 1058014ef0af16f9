/* SPDX-License-Identifier: MIT */
/* What doctor looks at: one function each, which adds what it found. */
#ifndef ONEMISS_LAB_DOCTOR_PROBES_H
#define ONEMISS_LAB_DOCTOR_PROBES_H

#include "findings.h"

/* Each is complete in itself; none fails: that something cannot be learned is a finding. */
typedef void probe(struct findings *all);

/* Ended by NULL. */
extern probe *const probes_of_machine[];
extern probe *const probes_of_conditions[];
extern probe *const probes_of_instruments[];
extern probe *const probes_of_tools[];
extern probe *const probes_of_profiling[];

/* Whether this is a container, and of which kind: "docker" ...; NULL: none is seen. */
const char *container_kind(void);

/* A capability in effect, by its number in capabilities(7). */
bool has_capability(unsigned number);

/* Whether system calls are filtered. */
bool is_filtered(void);

#endif
