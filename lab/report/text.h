/* SPDX-License-Identifier: MIT */
/* A result as tables for a terminal. */
#ifndef ONEMISS_LAB_REPORT_TEXT_H
#define ONEMISS_LAB_REPORT_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

void report_text(const json_t *result, FILE *to, bool is_detailed);

#endif
