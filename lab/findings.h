/* SPDX-License-Identifier: MIT */
/* What was found out about this machine, a line each, and what mends what is missing. */
#ifndef ONEMISS_LAB_FINDINGS_H
#define ONEMISS_LAB_FINDINGS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum finding_state { FINDING_OK, FINDING_NOTE, FINDING_NO };

struct finding {
    const char *section;
    const char *name;
    enum finding_state state;
    char text[640];
    char remedy[320];       /* "": there is none to give */
    bool is_remedy_command; /* to be typed as it stands */
};

enum { MOST_FINDINGS = 64 };

struct findings {
    struct finding of[MOST_FINDINGS];
    size_t n;
    const char *section; /* of those that follow */
};

/* Adds one; what no terminal should see is replaced. More than there is room for are
 * dropped: the last place is used again. */
struct finding *findings_add(struct findings *all, enum finding_state state,
                             const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* What mends it: in words, or a command line. */
void finding_mend(struct finding *finding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void finding_mend_by(struct finding *finding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "sudo ", or "" for who is root already. */
const char *as_root(void);

/* `text` in lines of at most `width` columns, the first of which begins at column `at`
 * and the others with `at` blanks. */
void print_wrapped(FILE *to, const char *text, int at, int width);

/* The columns of a terminal, from 60 to 100; 100 elsewhere. */
int print_width(FILE *to);

void findings_print(FILE *to, const struct findings *all);
json_t *findings_describe(const struct findings *all);

#endif
