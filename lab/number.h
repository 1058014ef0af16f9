/* SPDX-License-Identifier: MIT */
/* Counts as people write them: 10M, 1e6, 1_000_000, 2.5k. */
#ifndef ONEMISS_LAB_NUMBER_H
#define ONEMISS_LAB_NUMBER_H

#include <stdint.h>

#include "complaint.h"

/* A whole number from `least` to `most`; `what` names it in the complaint. */
bool parse_count(const char *what, const char *text, uint64_t least, uint64_t most,
                 uint64_t *count, struct complaint *complaint);

/* "3%" or "3" as 0.03, up to 1000 %. */
bool parse_percent(const char *what, const char *text, double *share,
                   struct complaint *complaint);

/* Any 64-bit number: decimal, or hexadecimal after 0x. */
bool parse_u64(const char *text, uint64_t *number);

#endif
