/* SPDX-License-Identifier: MIT */
/* What a right map must answer, from an array indexed by key number: no hash, no probe,
 * nothing in common with what it judges. */
#ifndef ONEMISS_LAB_ORACLE_H
#define ONEMISS_LAB_ORACLE_H

#include "workload.h"

struct verdict {
    uint64_t checksum; /* of all answers, in order */
    uint64_t n_hits;   /* lookups and deletes that found their key */
    uint64_t size;     /* entries at the end */
    uint64_t content;  /* sum over the entries at the end of verdict_of_entry */
};

/* False only when there is no memory: the oracle takes 8 bytes a key. */
bool oracle_judge(const struct workload_plan *plan, bool are_strings,
                  struct verdict *verdict, struct complaint *complaint);

/* A digest of one entry; sums of it do not depend on the order. */
uint64_t verdict_of_entry(om_view key, om_view value);

/* Complains of the first difference. */
bool verdict_agrees(const struct verdict *expected, const struct verdict *found,
                    struct complaint *complaint);

#endif
