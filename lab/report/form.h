/* SPDX-License-Identifier: MIT */
/* Which form of report a file's name asks for. */
#ifndef ONEMISS_LAB_REPORT_FORM_H
#define ONEMISS_LAB_REPORT_FORM_H

#include <jansson.h>

#include "../complaint.h"

/* The name ends with .html, .csv or .md, and the file could be written; NULL: none is
 * wanted. */
bool report_form_check(const char *path, struct complaint *complaint);

/* Writes the report in the form that the name ends with. */
bool report_form_write(const json_t *result, const char *path,
                       struct complaint *complaint);

#endif
