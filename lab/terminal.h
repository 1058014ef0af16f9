/* SPDX-License-Identifier: MIT */
/* How text looks on a terminal, and only there. */
#ifndef ONEMISS_LAB_TERMINAL_H
#define ONEMISS_LAB_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

enum style { STYLE_PLAIN, STYLE_STRONG, STYLE_GOOD, STYLE_BAD };

/* Whether `to` is a terminal that can move its cursor: not TERM=dumb. */
bool terminal_is(FILE *to);

/* What switches a style on, STYLE_PLAIN all off; "" where nothing is coloured: no
 * terminal, or NO_COLOR is set (no-color.org). */
const char *terminal_style(FILE *to, enum style style);

#endif
