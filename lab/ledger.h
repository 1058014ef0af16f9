/* SPDX-License-Identifier: MIT */
/* The books of a counted pass: what the map asked for and gave back, and its resizes,
 * counted once for all instruments that want to know. */
#ifndef ONEMISS_LAB_LEDGER_H
#define ONEMISS_LAB_LEDGER_H

#include "instrument.h"

struct ledger {
    uint64_t alloc_calls, free_calls, alloc_bytes;
    uint64_t live_bytes, peak_bytes;
    uint64_t string_bytes; /* of the live ones, those that entries own */
    uint64_t n_resizes;    /* those that failed are not counted */
    long faults_before; /* page faults of the process when the books were last opened */
};

/* A resize that has ended, by CLOCK_MONOTONIC. */
struct ledger_resize {
    om_resize event;
    uint64_t began_ns, ended_ns;
    bool has_failed; /* the old table stays */
};

/* Who is told of events as they happen; each may be NULL. A resize's nanoseconds hold
 * nothing of what the first and the last do. */
struct ledger_listener {
    void (*before_resize)(const om_resize *resize);
    void (*before_release)(size_t bytes); /* of a block, or of a part that goes early */
    void (*after_resize)(const struct ledger_resize *resize);
};

enum { LEDGER_LISTENERS = 4 };

/* Puts a counting allocator before the run's own; once, whoever asks. */
const struct ledger *ledger_open(struct run_facts *facts);

/* From now to the end of the run. */
void ledger_listen(const struct ledger_listener *listener);

/* Page faults of this process, those that read nothing from disk. */
long ledger_faults(void);

/* CLOCK_MONOTONIC. */
uint64_t ledger_now_ns(void);

#endif
