/* SPDX-License-Identifier: MIT */
/* What was seen of a child's memory calls, into a cell of the result. */
#ifndef ONEMISS_LAB_CALLS_RESULT_H
#define ONEMISS_LAB_CALLS_RESULT_H

#include <jansson.h>

#include "complaint.h"
#include "memory_call.h"

/* Takes a line of a child whose first word is known here (child.h lists them); false: it
 * is not. What makes no sense is left out. */
bool calls_result_hear(json_t *cell, const char *line);

/* Reads what strace wrote of the child that was heard last: its calls between the two
 * marks become the cell's memory_calls, `sums` what they sum up to. */
bool calls_result_read_strace(json_t *cell, const char *path,
                              struct memory_call_sums *sums, struct complaint *complaint);

/* Calls of the child's that mark where the workload begins and ends for strace: no page
 * begins at that address, so that they fail and do nothing. */
#define CALLS_MARK ((uint64_t)0x6f6e656d697373) /* "onemiss" */
enum { CALLS_MARK_BEGIN = 1, CALLS_MARK_END = 2 /* the length, in bytes */ };

#endif
