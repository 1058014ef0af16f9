/* SPDX-License-Identifier: MIT */
/* Why something could not be done: one line that says what, why and the remedy. */
#include "complaint.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

bool complain(struct complaint *complaint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(complaint->text, sizeof complaint->text, format, arguments);
    va_end(arguments);
    /* names come from outside: no byte of theirs may steer a terminal */
    for (char *at = complaint->text; *at != '\0'; at++)
        if (iscntrl((unsigned char)*at))
            *at = '?';
    return false;
}
