/* SPDX-License-Identifier: MIT */
/* Lines of a tool's text, whatever is in them. */
#ifndef ONEMISS_LAB_FORMATS_TEXT_LINE_H
#define ONEMISS_LAB_FORMATS_TEXT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The next line without its end: of one that does not fit the start, and '?' for bytes of
 * zero. False at the end, or where reading fails: ferror tells. */
bool text_line(FILE *from, char *line, size_t room);

#endif
