/* SPDX-License-Identifier: MIT */
/* Samples of a profiler folded into different stacks and their counts. */
#ifndef ONEMISS_LAB_STACKS_H
#define ONEMISS_LAB_STACKS_H

#include <jansson.h>

#include "formats/stack_sample.h"

enum { MOST_STACKS = 4000, MOST_STACK_LINES = 200, STACKS_CHAIN = 3 };

struct stacks_setup {
    const char *root;   /* the function whose callees are wanted */
    const char *prefix; /* of names, left out where that leaves them apart; or "" */
    const char *chain[STACKS_CHAIN]; /* the self-test's functions, the innermost first */
};

struct stacks_counts {
    char event[48];          /* of the first sample */
    uint64_t inside;         /* samples through the root */
    uint64_t kernel;         /* of them, those in kernel mode */
    uint64_t unnamed_kernel; /* of these, those whose function has no name */
    uint64_t outside;
    uint64_t chain_seen, chain_right; /* of the self-test: all, and those in order */
    uint64_t broken; /* outside ones that end in no function a thread begins with */
};

struct stacks;

/* What the setup points to must stay; NULL: no memory. */
struct stacks *stacks_create(const struct stacks_setup *setup);
void stacks_destroy(struct stacks *stacks);

/* Takes one sample; a stack_taker. */
void stacks_take(void *stacks, const struct stack_sample *sample);

const struct stacks_counts *stacks_counts(const struct stacks *stacks);

/* "run;insert;clear_page_[k]" and how often, the most frequent first, at most MOST_STACKS
 * with the rest in the last as "[other]"; NULL: no memory. */
json_t *stacks_folded(const struct stacks *stacks);

/* The source lines that samples were on, or in kernel mode had come from; the most frequent
 * first, at most MOST_STACK_LINES. */
json_t *stacks_lines(const struct stacks *stacks);

#endif
