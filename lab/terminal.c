/* SPDX-License-Identifier: MIT */
/* How text looks on a terminal, and only there. */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool terminal_is(FILE *to)
{
    const char *const kind = getenv("TERM");
    return isatty(fileno(to)) && kind != NULL && *kind != '\0' &&
           strcmp(kind, "dumb") != 0;
}

const char *terminal_style(FILE *to, enum style style)
{
    static const char *const codes[] = {"\033[0m", "\033[1m", "\033[32m", "\033[31m"};
    const char *const no_colour = getenv("NO_COLOR");
    const bool is_plain = no_colour != NULL && *no_colour != '\0';
    return is_plain || !terminal_is(to) ? "" : codes[style];
}
