/* SPDX-License-Identifier: MIT */
/* What one modelled machine makes of a map's accesses: each booked to a part of the map,
 * a phase, and the level that served it. */
#ifndef ONEMISS_LAB_BOOKING_H
#define ONEMISS_LAB_BOOKING_H

#include "sim/machines.h"
#include "tracer.h"

/* The counts of one part in one phase. */
struct booking_row {
    uint64_t loads, stores; /* accesses, as the source makes them */
    /* lines of them by the level that had it, behind the last one memory; and of the
     * source's own prefetches, which wait for nothing */
    uint64_t load_lines[SIM_MOST_LEVELS + 1];
    uint64_t store_lines[SIM_MOST_LEVELS + 1];
    uint64_t prefetch_lines[SIM_MOST_LEVELS + 1];
    /* loads and stores of at most 32 bytes that straddle two lines, by the level of the
     * nearer one */
    uint64_t split_lines[SIM_MOST_LEVELS + 1];
    uint64_t lines;         /* different ones of each operation, summed */
    uint64_t bytes_fetched; /* brought into the first level */
    uint64_t bytes_used;    /* of them, that were touched before the line left again */
};

struct booking;

/* NULL when out of memory. */
struct booking *booking_create(const struct sim_geometry *geometry,
                               const struct sim_model *model);
void booking_destroy(struct booking *booking);

void booking_see(struct booking *booking, const struct traced_access *accesses, size_t n);

/* Ends it: what is still in the first level is settled. Rows and events are whole only
 * afterwards. */
void booking_close(struct booking *booking);

const struct booking_row *booking_row(const struct booking *booking, unsigned part,
                                      enum trace_phase phase);

/* What the hierarchy did in counted operations. */
const struct sim_events *booking_events(const struct booking *booking);
const struct sim_geometry *booking_geometry(const struct booking *booking);
const struct sim_model *booking_model(const struct booking *booking);

#endif
