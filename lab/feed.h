/* SPDX-License-Identifier: MIT */
/* Makes the batches of a plan, outside the clock: numbers become keys and strings. */
#ifndef ONEMISS_LAB_FEED_H
#define ONEMISS_LAB_FEED_H

#include "workload.h"

struct feed {
    /* at a page's start: where keys straddle lines must not differ from build to build */
    _Alignas(4096) const struct workload_plan *plan;
    bool are_strings;
    const om_allocator *allocator; /* of the strings that a map is to own */
    struct step step;
    struct batch batch;               /* the current one; checksum and n_hits run on */
    uint64_t numbers[BATCH_MOST_U64]; /* key numbers, then integer keys */
    uint8_t operations[BATCH_MOST_U64];
    uint64_t stamps[BATCH_MOST_U64 + 1];
    om_view views[BATCH_MOST_STRINGS];
    om_string strings[BATCH_MOST_STRINGS], values[BATCH_MOST_STRINGS];
    char texts[BATCH_MOST_STRINGS][KEY_TEXT_ROOM]; /* what views point at */
};

void feed_init(struct feed *feed, const struct workload_plan *plan, bool are_strings,
               const om_allocator *allocator);

/* Makes the next batch. *is_end when there is none. */
om_status feed_next(struct feed *feed, bool *is_end);

/* Takes back the strings that the subject has not taken. Call after each batch. */
void feed_settle(struct feed *feed);

bool feed_is_timed(const struct feed *feed);

#endif
