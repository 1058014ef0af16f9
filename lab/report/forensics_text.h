/* SPDX-License-Identifier: MIT */
/* What the weightiest resizes of a cell did, as a table for a terminal. */
#ifndef ONEMISS_LAB_REPORT_FORENSICS_TEXT_H
#define ONEMISS_LAB_REPORT_FORENSICS_TEXT_H

#include <jansson.h>
#include <stdio.h>

/* The last five resizes and the slowest; nothing where the cell has no timeline. */
void report_forensics(const json_t *cell, FILE *to);

#endif
