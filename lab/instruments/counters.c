/* SPDX-License-Identifier: MIT */
/* Counters: what the processor and the kernel counted in the timed batches.
 *
 * Question. How many cycles, instructions, branches and cache misses does the map's own
 * code cost? Method. perf_event_open for this thread, user mode alone (perf_events.c says
 * why). Each group's leader is enabled before a batch and disabled behind it by an ioctl
 * of its own. One prctl for all would take a sixth less time, but starts a group's leader
 * without its members: on Linux 6.18 their clocks then saw 5 of 20,000 nanoseconds.
 * What counting costs. The calls themselves are kernel mode: not in hardware counts. What
 * is: the user's side of the calls for other groups, about 80 instructions a batch for
 * cycles and their group, 320 for the first; a batch is 512 operations, or 64 of strings.
 * The software clocks hold about half of two system calls a batch: 2 to 3 microseconds in
 * a virtual machine. The row of `empty` shows both; nothing is subtracted, and time is the
 * clock's to tell. The kernel's own work between batches costs the map cache lines.
 * What it does not measure. Kernel mode: filling a new page with zeros is in no cache
 * count. Pages that a map has the kernel fill in advance (MADV_POPULATE_WRITE) are no
 * faults to perf; page_faults of the instrument memory has them. A multiplexed count
 * takes the part that was seen for the whole: right for what is steady, not for one
 * resize. On ARM perf's cache-references are those of the first cache. */
#include <string.h>

#include "../instrument.h"
#include "../perf_events.h"

static struct perf_counters counters;

static void start(struct run_facts *facts)
{
    (void)facts;
    perf_counters_open(&counters);
}

static void begin(void)
{
    perf_counters_enable(&counters);
}

static void end(const struct batch *batch)
{
    (void)batch;
    perf_counters_disable(&counters);
}

static void stop(void)
{
    perf_counters_read(&counters);
}

static const struct metric_info metrics[] = {
    {"cache_references", "1", "accesses to an outer cache; which, the processor decides"},
    {"cache_misses", "1", "those of them that missed it"},
    {"l1d_loads", "1", "loads from the first data cache"},
    {"l1d_load_misses", "1", "loads that missed it"},
    {"dtlb_load_misses", "1", "loads whose page the data TLB did not know"},
    {"llc_loads", "1", "loads from the last cache"},
    {"llc_load_misses", "1", "loads that missed it"},
    {"cycles", "1", "of the core, in user mode"},
    {"instructions", "1", "finished ones, in user mode"},
    {"branches", "1", "finished ones, in user mode"},
    {"branch_misses", "1", "branches that were predicted wrongly"},
    {"context_switches", "1", "times that the processor went to another thread"},
    {"cpu_migrations", "1", "times that the thread went to another processor"},
    {"page_faults_timed", "1", "page faults of user code in the timed batches"},
    {"cpu_clock_ms", "ms", "time on a processor, by its clock"},
    {"task_clock_ms", "ms", "time on a processor, by the thread's clock"},
    {"elapsed_s", "s", "wall time of the timed batches while these events ran"},
    {NULL, NULL, NULL},
};

static void finish(const struct run_facts *facts)
{
    if (counters.elapsed_s > 0)
        send_real(facts->messages, "elapsed_s", counters.elapsed_s);
    else
        send_absent(facts->messages, "elapsed_s", "no event could be opened");
    for (size_t i = 0; i < n_perf_events; i++) {
        const struct perf_counter *const c = &counters.of[i];
        const char *const metric = perf_event_metric(i);
        const struct metric_info *const info = metric_find(metric, NULL);
        /* the kernel's clocks count nanoseconds */
        const double unit = info != NULL && info->unit[0] == 'm' ? 1e6 : 1;
        if (c->reason[0] != '\0')
            send_absent(facts->messages, metric, c->reason);
        else if (c->share < 1)
            send_scaled(facts->messages, metric, c->value / unit, c->share);
        else
            send_real(facts->messages, metric, c->value / unit);
        if (c->reason[0] == '\0' && strcmp(c->used, perf_event_name(i)) != 0)
            send_nearest(facts->messages, metric, c->used);
    }
}

const struct instrument instrument_counters = {
    .name = "counters",
    .summary = "hardware and kernel events, by perf_event_open",
    .pass = PASS_EVENTS,
    .metrics = metrics,
    .start = start,
    .begin = begin,
    .end = end,
    .stop = stop,
    .finish = finish,
};
