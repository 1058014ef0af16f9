/* SPDX-License-Identifier: MIT */
/* A recommendation in words: what was measured, why this map, what it costs, the lines of C. */
#ifndef ONEMISS_LAB_REPORT_ADVICE_TEXT_H
#define ONEMISS_LAB_REPORT_ADVICE_TEXT_H

#include <stdio.h>

#include "advice.h"

/* One map must be chosen. The lines of C come last. */
void advice_text(const struct advice *advice, const struct advice_question *question,
                 FILE *to);

#endif
