/* SPDX-License-Identifier: MIT */
/* Time of the timed batches: wall, user and system.
 *
 * Question. How long does the map take? Method. CLOCK_MONOTONIC round each batch, and
 * getrusage round that. What it does not measure. Making keys and strings. User and
 * system time hold the cost of reading the clocks once a batch (the row of `empty` shows
 * it); where the kernel samples them at its tick, the split of a short run is coarse. */
#include <sys/resource.h>
#include <time.h>

#include "../instrument.h"

struct moment {
    struct rusage usage;
    struct timespec wall;
};

static struct moment before;
static double wall_ns, user_s, system_s;

static double seconds(struct timeval from, struct timeval to)
{
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_usec - from.tv_usec) * 1e-6;
}

static void start(struct run_facts *facts)
{
    (void)facts;
    wall_ns = user_s = system_s = 0;
}

static void begin(void)
{
    getrusage(RUSAGE_SELF, &before.usage);
    clock_gettime(CLOCK_MONOTONIC, &before.wall);
}

static void end(const struct batch *batch)
{
    struct moment now;
    (void)batch;
    clock_gettime(CLOCK_MONOTONIC, &now.wall);
    getrusage(RUSAGE_SELF, &now.usage);
    wall_ns += (double)(now.wall.tv_sec - before.wall.tv_sec) * 1e9 +
               (double)(now.wall.tv_nsec - before.wall.tv_nsec);
    user_s += seconds(before.usage.ru_utime, now.usage.ru_utime);
    system_s += seconds(before.usage.ru_stime, now.usage.ru_stime);
}

static void finish(const struct run_facts *facts)
{
    send_real(facts->messages, "ns_per_op", wall_ns / (double)facts->n_operations);
    send_real(facts->messages, "wall_s", wall_ns * 1e-9);
    send_real(facts->messages, "user_s", user_s);
    send_real(facts->messages, "sys_s", system_s);
}

static const struct metric_info metrics[] = {
    {"ns_per_op", "ns", "wall time of an operation, timed batches only"},
    {"wall_s", "s", "wall time of all timed batches"},
    {"user_s", "s", "processor time in user mode"},
    {"sys_s", "s", "processor time in the kernel"},
    {NULL, NULL, NULL},
};

const struct instrument instrument_clock = {
    .name = "clock",
    .summary = "wall, user and system time",
    .pass = PASS_TIMED,
    .metrics = metrics,
    .start = start,
    .begin = begin,
    .end = end,
    .finish = finish,
};
