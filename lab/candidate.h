/* SPDX-License-Identifier: MIT */
/* The maps that were asked for, and what they say of themselves. */
#ifndef ONEMISS_LAB_CANDIDATE_H
#define ONEMISS_LAB_CANDIDATE_H

#include <limits.h>

#include "loader.h"

struct candidate {
    char path[PATH_MAX], stamped_path[PATH_MAX], traced_path[PATH_MAX];
    struct subject_facts facts; /* no two candidates that are files have one name */
};

enum { MOST_CANDIDATES = 64 };

/* Finds and asks those that are named; a name with a slash is a file. */
bool candidates_find(const char *const *names, size_t n, const char *build,
                     struct candidate *candidates, struct complaint *complaint);

/* The hash must be one that some candidate has. */
bool candidates_check_hash(const struct candidate *candidates, size_t n, const char *hash,
                           struct complaint *complaint);

#endif
