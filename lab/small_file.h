/* SPDX-License-Identifier: MIT */
/* Small files of the kernel: their lines, and numbers in them. */
#ifndef ONEMISS_LAB_SMALL_FILE_H
#define ONEMISS_LAB_SMALL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first line of a file without its end, or false. */
bool small_file_line(const char *path, char *line, size_t room);

/* The number behind `name` at the start of a line, or behind nothing with name "". False
 * when there is no such file, line or number ("max" is none). */
bool small_file_number(const char *path, const char *name, uint64_t *number);

#endif
