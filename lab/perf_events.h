/* SPDX-License-Identifier: MIT */
/* The kernel's performance events: opened in groups, counted, scaled, and what stands in
 * the way when they are not to be had. */
#ifndef ONEMISS_LAB_PERF_EVENTS_H
#define ONEMISS_LAB_PERF_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

enum { PERF_MOST_EVENTS = 16, PERF_NAME = 64, PERF_REASON = 256 };

/* ---- which there are ---- */

extern const size_t n_perf_events;
const char *perf_event_name(size_t i);   /* perf's name */
const char *perf_event_metric(size_t i); /* the name in a result */
bool perf_event_is_hardware(size_t i);

/* Opens event i alone, briefly. False: `reason` says why not and the remedy. On success
 * `used` is the name of what counts: the event's own or the nearest. */
bool perf_event_try(size_t i, char used[PERF_NAME], char reason[PERF_REASON]);

/* ---- all of them, for the thread that opens them ---- */

struct perf_counter {
    int fd;                   /* -1: not open */
    int leader;               /* the descriptor that leads its group */
    uint64_t id;              /* the kernel's number for it */
    double value, share;      /* after perf_counters_read: scaled to all of the time */
    char used[PERF_NAME];     /* what counts: the event's own name or the nearest */
    char reason[PERF_REASON]; /* why there is no value; empty: there is one */
};

struct perf_counters {
    struct perf_counter of[PERF_MOST_EVENTS]; /* by the number of the event */
    int leaders[PERF_MOST_EVENTS];            /* descriptors, in the order of opening */
    size_t n_leaders;
    struct timespec began;
    double elapsed_s; /* between enabling and disabling, summed up */
};

/* Opens what can be opened, stopped; the rest has its reason. */
void perf_counters_open(struct perf_counters *counters);

/* Round what is to be counted. What is enabled last is disabled first. */
void perf_counters_enable(struct perf_counters *counters);
void perf_counters_disable(struct perf_counters *counters);

/* Reads and closes them: each has a value or a reason. */
void perf_counters_read(struct perf_counters *counters);

/* ---- their parts, for tests ---- */

/* The count of a window as if the counter had run for all of it. False: it never ran. */
bool perf_scale(uint64_t count, uint64_t enabled_ns, uint64_t running_ns, double *value,
                double *share);

/* What an errno of perf_event_open means for event i and the remedy, in one line. */
void perf_explain(size_t i, int error, char reason[PERF_REASON]);

struct perf_event_attr;

/* The system underneath; calls return -1 and set errno as the kernel's do. */
struct perf_system {
    int (*open)(struct perf_event_attr *attr, int group); /* this thread, any processor */
    int (*control)(int fd, unsigned long request, void *argument);
    ssize_t (*read)(int fd, void *to, size_t bytes);
    int (*close)(int fd);
    const char *root; /* stands before /proc and /sys */
};

/* Takes this one from now on; NULL: the kernel again. */
void perf_use_system(const struct perf_system *system);
const struct perf_system *perf_system_in_use(void);

#endif
