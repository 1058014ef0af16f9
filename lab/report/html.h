/* SPDX-License-Identifier: MIT */
/* What pages share: text that is nothing but text, and scripts and styles that only the
 * page's own are. */
#ifndef ONEMISS_LAB_REPORT_HTML_H
#define ONEMISS_LAB_REPORT_HTML_H

#include <jansson.h>
#include <stdio.h>

enum { HTML_NONCE = 33 };

/* Everything that HTML could take for its own as a number; control characters as '?'. */
void html_text(FILE *to, const char *text);

/* JSON that no parser of HTML takes for anything else. */
void html_json(FILE *to, const json_t *value);

/* A text that only this page's own scripts and styles know. */
void html_nonce(char nonce[HTML_NONCE]);

#endif
