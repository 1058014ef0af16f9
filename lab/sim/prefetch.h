/* SPDX-License-Identifier: MIT */
/* Prefetchers: which lines each asks for; who calls them, and what then happens to the
 * lines, stands in hierarchy.c. One small file each, prefetch_NAME.c. */
#ifndef ONEMISS_SIM_PREFETCH_H
#define ONEMISS_SIM_PREFETCH_H

#include <stdbool.h>
#include <stdint.h>

enum {
    PREFETCH_PAGE_BYTES = 4096, /* none looks beyond, whatever the size of page */
    STREAM_TRACKERS = 32,
    STREAM_AHEAD = 4
};

/* After a miss of the first level: the line behind, if it is of the same 4 KiB. */
bool next_line(uint64_t line, unsigned line_bytes, uint64_t *wanted);

/* After a miss of the second level: the other half of an aligned pair of lines. */
uint64_t adjacent_line(uint64_t line);

/* What the stream prefetcher knows of one 4-KiB page. */
struct stream_tracker {
    uint64_t page;  /* plus 1; 0: unused */
    uint64_t asked; /* when it was last asked about, for LRU */
    int32_t last;   /* line within the page */
};

struct stream {
    struct stream_tracker trackers[STREAM_TRACKERS];
    uint64_t n_asked;
    unsigned recent; /* the tracker asked last */
};

/* A request for the line reached the second level: puts in the lines to bring, nearest
 * first, and returns how many. */
unsigned stream_ahead(struct stream *stream, uint64_t line, unsigned line_bytes,
                      uint64_t wanted[STREAM_AHEAD]);

#endif
