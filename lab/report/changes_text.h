/* SPDX-License-Identifier: MIT */
/* What differs between two results, for people, for Markdown, and as complaints. */
#ifndef ONEMISS_LAB_REPORT_CHANGES_TEXT_H
#define ONEMISS_LAB_REPORT_CHANGES_TEXT_H

#include "changes.h"

#include <stdio.h>

/* A table; exact numbers stand in it where they changed. */
void changes_text(const struct changes *changes, double gate, FILE *to);

/* The same in Markdown, to be freed; NULL: no memory. */
char *changes_markdown(const struct changes *changes, double gate);

/* A line for each regression and each cell that is no longer ok; how many. */
size_t changes_complain(const struct changes *changes, FILE *to);

/* "in lookup hit u64, hash wyhash, n = 1000", of a cell. */
void changes_where(const json_t *cell, FILE *to);

#endif
