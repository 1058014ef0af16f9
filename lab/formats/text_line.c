/* SPDX-License-Identifier: MIT */
/* Lines of a tool's text, whatever is in them. */
#include "text_line.h"

bool text_line(FILE *from, char *line, size_t room)
{
    size_t n = 0;
    int c = getc_unlocked(from);
    const bool has_one = c != EOF;
    for (; c != EOF && c != '\n'; c = getc_unlocked(from))
        if (n + 1 < room)
            line[n++] = c != '\0' ? (char)c : '?';
    line[n] = '\0';
    return has_one;
}
