/* SPDX-License-Identifier: MIT */
/* What the pictures share: a head that needs nothing else, on light and dark paper. */
#ifndef ONEMISS_LAB_REPORT_SVG_H
#define ONEMISS_LAB_REPORT_SVG_H

#include <stddef.h>
#include <stdio.h>

enum { SVG_COLOURS = 6 /* classes line0, dot0, fill0 ... */ };

/* What XML would take for its own is escaped, what is no plain character replaced by '?';
 * at most `most` characters, and "..." where there were more. */
void svg_escape(FILE *to, const char *text, size_t most);

/* A number as columns_number writes it; "<0.01" is no tag. */
void svg_number(FILE *to, double value);

/* Everything up to the first shape: style, title and description for those who cannot
 * see it (both are escaped), the paper, and the title as a heading at `left`. */
void svg_begin(FILE *to, int width, int height, int left, const char *title,
               const char *description);

void svg_end(FILE *to);

/* Ends what open_memstream began: the text, to be freed, or NULL without memory. */
char *svg_made(FILE *to, char **text);

#endif
