/* SPDX-License-Identifier: MIT */
/* A result as one page that needs nothing else: no network, no script, no other file. */
#ifndef ONEMISS_LAB_REPORT_PAGE_H
#define ONEMISS_LAB_REPORT_PAGE_H

#include <jansson.h>

/* To be freed; NULL when out of memory. */
char *report_page(const json_t *result);

#endif
