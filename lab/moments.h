/* SPDX-License-Identifier: MIT */
/* Moments of a run, kept in bounded memory: some hundred evenly spaced, the last, and three
 * of each resize. */
#ifndef ONEMISS_LAB_MOMENTS_H
#define ONEMISS_LAB_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "subject.h"

enum {
    MOMENTS_MOST = 512, /* evenly spaced ones, even; and one more, the last */
    MOMENTS_MOST_RESIZES = 96
};

struct moment {
    uint64_t operation;      /* operations done, untimed ones counted too */
    uint64_t ns;             /* since the start */
    uint64_t live_bytes;     /* of the map */
    uint64_t resident_bytes; /* of the process */
    uint64_t page_faults;    /* since the start                     40 bytes */
};

struct resize_moments {
    om_resize event;
    struct moment before, most, behind; /* most: when most was resident in it */
    uint64_t began_ns, ended_ns;        /* of the resize alone, since the start */
    bool is_timed;                      /* within a timed batch */
    uint64_t peak_live_bytes;
    uint64_t huge_bytes; /* behind it, in huge pages; where that is known */
    bool has_huge;
};

struct moments {
    struct moment of[MOMENTS_MOST + 1];
    size_t n;
    uint64_t n_occasions, stride; /* every stride-th occasion is kept */
    struct resize_moments resizes[MOMENTS_MOST_RESIZES];
    size_t n_resizes;
    uint64_t n_left_out; /* resizes, the smaller ones */
};

void moments_init(struct moments *moments);

/* One more occasion for a moment; whether it is to be taken. */
bool moments_is_due(struct moments *moments);

/* Takes it. When there is no room, every other one goes first. */
void moments_add(struct moments *moments, const struct moment *moment);

/* The last one, which is kept whatever the stride. */
void moments_end(struct moments *moments, const struct moment *moment);

/* When there is no room, the resize to the smallest table goes, the earliest of several. */
void moments_add_resize(struct moments *moments, const struct resize_moments *resize);

/* All of them in the order of time, those of resizes too. `next` holds where we are, zeroed
 * at first; NULL at the end. */
struct moments_place {
    size_t moment, resize, part;
};
const struct moment *moments_next(const struct moments *moments,
                                  struct moments_place *place);

#endif
