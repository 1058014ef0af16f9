/* SPDX-License-Identifier: MIT */
/* The stacks of a cell as the flame graph's exporters want them. */
#ifndef ONEMISS_LAB_REPORT_FLAME_READ_H
#define ONEMISS_LAB_REPORT_FLAME_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* The stacks of a cell that is ok; NULL: it has none. */
const json_t *flame_stacks(const json_t *cell);

/* Samples of the timed batches. */
double flame_samples(const json_t *stacks);

/* The processor time of an operation that one sample stands for; 0: not known. */
double flame_ns_per_op(const json_t *cell);

/* Adds the cell's stacks to a tree that is empty at first. A node is {"v": [...], "c":
 * {name: node}}: `v[slot]` grows by `scale` for each sample that passed it. */
bool flame_add_to_tree(json_t *tree, const json_t *stacks, size_t slot, double scale);

struct flame_function {
    const char *name;   /* as long as the struct flame_functions */
    double self, total; /* samples: in it, and in it or what it called */
};

struct flame_functions {
    struct flame_function *of; /* by self, the largest first */
    size_t n;
    json_t *names;
};

bool flame_count_functions(const json_t *stacks, struct flame_functions *functions);
void flame_drop_functions(struct flame_functions *functions);

/* "open_addressing, load_factor u64, hash siphash13, n = 1000000" */
void flame_title(FILE *to, const json_t *cell);

/* Sentences: how many samples of what, and of which build; the machine. */
void flame_origin(FILE *to, const json_t *cell);
void flame_machine(FILE *to, const json_t *result);

/* The warning that stands in the result, or NULL. */
const char *flame_warning(const json_t *stacks);

#endif
