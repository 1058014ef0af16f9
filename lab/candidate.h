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

/* The hash that all share when none was asked for: the notes' siphash13; with peers among
 * them wyhash, which costs each of them little. */
const char *candidates_hash(const struct candidate *candidates, size_t n);

/* Puts peers behind our own maps, and ceilings last; otherwise the order stays. `names` go with them. */
void candidates_sort(const char **names, struct candidate *candidates, size_t n);

/* The hash must be one that some candidate has. */
bool candidates_check_hash(const struct candidate *candidates, size_t n, const char *hash,
                           struct complaint *complaint);

#endif
