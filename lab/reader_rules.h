/* SPDX-License-Identifier: MIT */
/* What the fields of a result must be: the reader's last step. */
#ifndef ONEMISS_LAB_READER_RULES_H
#define ONEMISS_LAB_READER_RULES_H

#include <jansson.h>

#include "complaint.h"

enum { MOST_STRING = 65536 /* of any text in a result, in bytes */ };

/* Whose result is read, and where in it we are. */
struct reader {
    const char *name; /* of the file */
    struct complaint *complaint;
    size_t line;          /* of the scan */
    size_t cell;          /* from 1; 0: not in a cell */
    const char *metric;   /* NULL: not in a metric */
    const char *row_kind; /* "sample"; NULL: not in a row */
    size_t row;           /* from 1 */
};

/* Complains, with the file's name and the place; always false. */
__attribute__((format(printf, 2, 3))) bool reader_refuse(const struct reader *reader,
                                                         const char *format, ...);

/* "0x" and 16 digits as result.c writes them; NULL is none. */
bool reader_is_hex(const char *text);

/* Whether a text can be shown: none of what text_mask takes out when we write (C0, DEL,
 * C1). It is UTF-8, the parser has seen to that. */
bool reader_is_plain(const char *text, size_t most);

/* Looks through a document field by field; relies on nothing but that it was parsed. */
bool reader_check(struct reader *reader, const json_t *result);

#endif
