/* SPDX-License-Identifier: MIT */
/* Files that are written whole or not at all. */
#ifndef ONEMISS_LAB_OUTPUT_H
#define ONEMISS_LAB_OUTPUT_H

#include "complaint.h"

/* Before the work: says whether the file could be written. NULL: there is none; "-" is
 * standard output. */
bool output_can_write(const char *path, struct complaint *complaint);

/* Writes beside the file, flushes to the disk, then renames: the old file or the new one,
 * never a part. What is no regular file, a device or a pipe, is written as it is. A line's
 * end is added on standard output. */
bool output_write(const char *path, const char *text, struct complaint *complaint);

#endif
