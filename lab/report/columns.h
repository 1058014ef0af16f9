/* SPDX-License-Identifier: MIT */
/* Text that stays within its columns: names, numbers, paragraphs. */
#ifndef ONEMISS_LAB_REPORT_COLUMNS_H
#define ONEMISS_LAB_REPORT_COLUMNS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { COLUMNS_WIDTH = 80, COLUMNS_NUMBER = 8 };

/* A number of 0 or more in at most five characters: "0", "<0.01", "0.42", "12.34",
 * "123.4", "12345", "123k", "12.3M", "1e+18"; "-" for what is none. */
void columns_number(char text[COLUMNS_NUMBER], double value);

/* `part` of `whole` in at most five characters: "0%", "<1%", "43%", ">99%", "100%",
 * ">999%"; "-" where the whole is not above 0. */
void columns_share(char text[COLUMNS_NUMBER], double part, double whole);

/* 10000000 as 10,000,000. */
void columns_grouped(FILE *to, json_int_t n);

/* How many columns a UTF-8 text takes, one a character. */
size_t columns_of(const char *text);

/* In exactly `width` columns: blanks behind it, or cut with a '~' for its last. */
void columns_name(FILE *to, const char *text, size_t width);

/* Words from `indent` on, lines of at most COLUMNS_WIDTH where the words allow. */
void columns_paragraph(FILE *to, const char *text, int indent);

/* A paragraph that is written as to a file, and printed when it is whole. */
struct columns_draft {
    FILE *file;
    char *text;
    size_t size;
};

/* Where to write it; NULL when out of memory, then there is nothing to end. */
FILE *columns_begin(struct columns_draft *draft);
/* With `is_apart` an empty line goes before it, if there is anything to print. */
void columns_end(struct columns_draft *draft, FILE *to, int indent, bool is_apart);

#endif
