/* SPDX-License-Identifier: MIT */
/* Why something could not be done: one line that says what, why and the remedy. */
#include "complaint.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

void text_mask(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++) {
        const bool is_long = *at == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F;
        if (is_long)
            *at++ = '?';
        if (is_long || iscntrl(*at))
            *at = '?';
    }
}

bool complain(struct complaint *complaint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(complaint->text, sizeof complaint->text, format, arguments);
    va_end(arguments);
    text_mask(complaint->text); /* names come from outside */
    return false;
}
