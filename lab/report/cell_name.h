/* SPDX-License-Identifier: MIT */
/* What a cell is called where cells of several kinds of pages may stand side by side. */
#ifndef ONEMISS_LAB_REPORT_CELL_NAME_H
#define ONEMISS_LAB_REPORT_CELL_NAME_H

#include <jansson.h>

enum { CELL_NAME = 96 };

/* "chaining", or "chaining, pages thp" where a kind of pages was asked for; `name`. */
const char *cell_name(const json_t *cell, char name[CELL_NAME]);

#endif
