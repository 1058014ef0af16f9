/* SPDX-License-Identifier: MIT */
/* A user's own keys, one a line. */
#ifndef ONEMISS_LAB_KEY_FILE_H
#define ONEMISS_LAB_KEY_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "complaint.h"

/* Key i is lines[i], or integers[i]. Behind the bytes of each line follows its line end:
 * a line with one byte more is a text that is no line of the file. */
struct key_file {
    char *bytes;        /* the whole file, ended by a line end */
    size_t n_bytes;     /* of it */
    const char **lines; /* distinct lines in the file's order */
    size_t *lengths;    /* bytes, without the line end */
    uint64_t *integers; /* the same as numbers; NULL for string keys */
    uint64_t absent;    /* integers[i] ^ absent is no key of the file */
    uint64_t n;         /* distinct keys */
    uint64_t n_repeats; /* lines left out because they stood there before */
};

/* Reads the file; empty lines and repeats are left out. Refuses a file that is missing,
 * empty, or not text; for integers, one with a line that is no 64-bit number. */
bool key_file_load(struct key_file *keys, const char *path, bool are_integers,
                   struct complaint *complaint);
void key_file_drop(struct key_file *keys);

#endif
