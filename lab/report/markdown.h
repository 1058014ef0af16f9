/* SPDX-License-Identifier: MIT */
/* A result as tables in Markdown, for the summary of a CI run. */
#ifndef ONEMISS_LAB_REPORT_MARKDOWN_H
#define ONEMISS_LAB_REPORT_MARKDOWN_H

#include <jansson.h>
#include <stdio.h>

/* What Markdown or its HTML could take for its own is escaped. */
void markdown_text(FILE *to, const char *text);

/* A table each group: time, interval, multiple of the ceiling, verdict, bytes. To be freed;
 * NULL when out of memory. */
char *report_markdown(const json_t *result);

#endif
