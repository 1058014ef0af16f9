/* SPDX-License-Identifier: MIT */
/* What else the machine did while a result was taken, as a paragraph. */
#ifndef ONEMISS_LAB_REPORT_NOISE_WORDS_H
#define ONEMISS_LAB_REPORT_NOISE_WORDS_H

#include <jansson.h>
#include <stdio.h>

/* Nothing where the result does not say how long it took. */
void report_noise(const json_t *result, FILE *to);

#endif
