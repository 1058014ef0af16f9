/* SPDX-License-Identifier: MIT */
/* What else went on while a run was measured. */
#ifndef ONEMISS_LAB_NOISE_H
#define ONEMISS_LAB_NOISE_H

#include <jansson.h>

/* A run begins. */
void noise_begin(void);

/* It has ended, all its children reaped: the result's `noise`. What cannot be learned is
 * null. */
json_t *noise_end(void);

#endif
