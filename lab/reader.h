/* SPDX-License-Identifier: MIT */
/* The reader of result files, which come from anywhere and are trusted in nothing. */
#ifndef ONEMISS_LAB_READER_H
#define ONEMISS_LAB_READER_H

#include <jansson.h>
#include <stddef.h>

#include "complaint.h"

/* The result in a file; "-" is standard input. The caller releases it with json_decref.
 * NULL, and the complaint says why: it is no whole, undamaged result of this schema.
 *
 * What comes back has every field that docs/result-format.md names, with the type it
 * names; its known texts hold no control characters and at most 1024 bytes (names 300,
 * words of the command 65,536). Fields and metrics that are not known are kept, and of
 * them nothing is promised. Reading takes less than 256 MB, whatever the input. */
json_t *reader_read(const char *path, struct complaint *complaint);

/* The same of n bytes in memory; `name` stands for the file in the complaint. */
json_t *reader_parse(const char *bytes, size_t n, const char *name,
                     struct complaint *complaint);

#endif
