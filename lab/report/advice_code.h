/* SPDX-License-Identifier: MIT */
/* The lines of C that use a map: a program, to paste and change. */
#ifndef ONEMISS_LAB_REPORT_ADVICE_CODE_H
#define ONEMISS_LAB_REPORT_ADVICE_CODE_H

#include <stdio.h>

/* For a map of ours by the name of its header, of keys "u64" or "str" to values of the
 * same type, with the hash it was measured with. */
void advice_code(const char *map, const char *key, const char *hash, FILE *to);

#endif
