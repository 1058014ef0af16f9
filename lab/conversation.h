/* SPDX-License-Identifier: MIT */
/* One run of one child: it is started, listened to, ended, and judged. */
#ifndef ONEMISS_LAB_CONVERSATION_H
#define ONEMISS_LAB_CONVERSATION_H

#include <jansson.h>
#include <sys/types.h>

#include "cell.h"
#include "oracle.h"

struct conversation {
    json_t *cell; /* of the result, which takes what is said */
    unsigned block, position;
    /* the rest is its own; zeroed */
    const struct instrument *around; /* of whose tool the child runs under; or NULL */
    struct tool *tool;
    pid_t child;
    int messages, errors; /* ends of pipes from the child; -1: closed */
    char line[512];       /* of messages, not yet ended */
    size_t n_line;
    char last_words[161]; /* the end of what it wrote to standard error */
    bool is_done;         /* the child has said so */
    bool is_spoiled;      /* the tool's instrument has no metrics, and has said why */
    bool has_verdict;
    struct verdict verdict;
};

/* Runs one pass of a cell in a fresh child; its samples or a bad status go to c->cell. An
 * interrupt ends it early, and leaves the status as it is. */
void conversation_run(const struct cell *cell, enum pass pass, unsigned timeout_s,
                      const struct verdict *expected, struct conversation *c);

#endif
