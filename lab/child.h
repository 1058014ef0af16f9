/* SPDX-License-Identifier: MIT */
/* The side of a run that holds the map: it loads one subject, runs one pass of one cell,
 * and sends what the instruments saw, a line at a time, to the parent.
 *
 *     metric ns_per_op 14.25
 *     scaled cycles 5e9 0.6666             counted for that share of the time, scaled up
 *     bound latency_p50_ns 21.5            it is that or less
 *     stall 734004 1 1.2e7 0 2097152 1.1e7 operation, kind, nanoseconds, preempted, new
 *                                          capacity and nanoseconds of its resize, or 0 0
 *     nearest llc_loads l3d_cache          the event that counted in its stead
 *     absent bytes_per_entry REASON        a metric that this run cannot have
 *     resize 16 32 24 768 12 384 1250      old and new capacity, entry bytes, new bytes,
 *                                          items, old bytes, nanoseconds
 *     verdict 9c2e... 10 90 77ab...        checksum, hits, size, content (hex, decimal,
 *                                          decimal, hex)
 *     machine NAME GEOMETRY 64 3 4096 MODEL  line bytes, levels, page bytes; what follows
 *                                          is of it:
 *     part insert 9 4 7 448 90 5 2 1 1 3 1 0 0 0 0 0 0 0 0 0 0 entries
 *                                          phase; loads, stores, lines, bytes fetched and
 *                                          used; lines of loads by level, of stores, of
 *                                          prefetches, of split accesses; part
 *     event l1_fills 8
 *     band 3 7 5 2 MODEL                   levels, and misses of each
 *     trace 1000 0 2 HEAP                  accesses, unlabelled ones, labels dropped
 *     unseen TEXT                          what the trace lacks, says the subject
 *     reuse 64 1000                        line bytes, accesses; then its points:
 *     point 512 35                         lines a cache holds, misses
 *     heat 192 24 entries                  period and entry in bytes; then for each byte:
 *     reads 17                             and as many times `writes`
 *     layout 24                            bytes of an entry; then its fields:
 *     field 8 8 key                        offset, bytes, name
 *     calls 1 8e5 55d0 0 0 17e17   method, nanoseconds to the end, where the heap ended
 *                                          at the start (hex), calls and resizes left out,
 *                                          when it began; then
 *     during 120 4500 12 16 32 384 768 11  a resize: begin, end, page faults; capacities
 *                                          and bytes, old and new; items
 *     call 0 310 1250 0 1000 3 22 ...  kind, begin, nanoseconds; six arguments, result (hex)
 *     calls_end                            none for strace, whose file has the calls
 *     timeline 0 7000000                   resizes left out, nanoseconds of the timed
 *                                          batches; then, in the order of time:
 *     moment 512 90000 24576 7 2101248     operations done, nanoseconds, bytes held, page
 *                                          faults, resident bytes (if known); and resizes:
 *     resized 0 16 32 12 256 512 9000 9400 1 1 768 2101248 0
 *                                          operation, old and new capacity, items, old and
 *                                          new bytes, began and ended, page faults, whether
 *                                          timed, most bytes held, most resident (if
 *                                          known), in huge pages behind it (if known)
 *     leak 48                              bytes not released by destroy
 *     status out_of_memory TEXT            the run ended early, and why
 *     done                                 nothing was cut off
 */
#ifndef ONEMISS_LAB_CHILD_H
#define ONEMISS_LAB_CHILD_H

#include <stdio.h>

#include "cell.h"

/* Where a child finds the pipe to its parent. */
enum { CHILD_MESSAGES = 3 };

/* Or the path of a pipe, in the environment, where what starts it hands no descriptor on. */
#define CHILD_MESSAGES_PATH "ONEMISS_MESSAGES"

/* The whole life of a child process; returns its exit code. */
int child_main(char **words);

/* The timed workload alone, in this process: no instrument, no verification. */
bool child_run_bare(const struct cell *cell, uint64_t *n_operations,
                    struct complaint *complaint);

#endif
