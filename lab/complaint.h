/* SPDX-License-Identifier: MIT */
/* Why something could not be done: one line that says what, why and the remedy. */
#ifndef ONEMISS_LAB_COMPLAINT_H
#define ONEMISS_LAB_COMPLAINT_H

#include <stdbool.h>

struct complaint {
    char text[512];
};

/* Fills the line in and returns false, so that callers can return it in turn. */
bool complain(struct complaint *complaint, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts '?' for what could steer a terminal: control bytes, and U+0080 to U+009F, which in
 * UTF-8 are C2 80 to C2 9F. */
void text_mask(char *text);

#endif
