/* SPDX-License-Identifier: MIT */
/* What doctor finds out about the instruments that are built in. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "doctor_probes.h"
#include "perf_events.h"
#include "processor.h"
#include "small_file.h"
#include "stats/histogram.h"
#include "subject_stamp.h"

enum { N_CALLS = 10000, N_TRIES = 5, CAP_SYS_ADMIN = 21, CAP_PERFMON = 38 };

static const double SLOW_CLOCK_NS = 150; /* a system call, or an emulated one */

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void read_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
}

static void read_stamp(void)
{
    (void)stamp_now();
}

/* Nanoseconds a call, the least of a few tries. */
static double cost_of(void (*call)(void))
{
    double least = 1e9;
    for (int i = 0; i < N_TRIES; i++) {
        const double from = now_ns();
        for (int n = 0; n < N_CALLS; n++)
            call();
        const double cost = (now_ns() - from) / N_CALLS;
        least = cost < least ? cost : least;
    }
    return least;
}

static void clock_instrument(struct findings *all)
{
    struct timespec step = {0, 0};
    const double cost = cost_of(read_clock);
    const bool is_slow = cost > SLOW_CLOCK_NS;
    (void)clock_getres(CLOCK_MONOTONIC, &step);
    findings_add(all, is_slow ? FINDING_NOTE : FINDING_OK, "clock",
                 "steps of %ld ns; a reading costs %.0f ns%s", step.tv_nsec, cost,
                 is_slow ? ": see clock source" : "");
}

/* As the instrument does it: the 99th percentile of stamps with nothing between. */
static void latency_instrument(struct findings *all)
{
    static struct histogram ticks;
    const double cost = cost_of(read_stamp);
    const double from = now_ns();
    const uint64_t first = stamp_now();
    uint64_t before = first;
    memset(&ticks, 0, sizeof ticks);
    for (int i = 0; i < N_CALLS; i++) {
        const uint64_t now = stamp_now();
        histogram_add(&ticks, now - before);
        before = now;
    }
    const double ns_a_tick = (now_ns() - from) / (double)(before - first);
    findings_add(all, FINDING_OK, "latency",
                 "a stamp costs %.0f ns; operations shorter than %.0f ns cannot be told "
                 "apart",
                 cost, histogram_quantile(&ticks, 0.99) * ns_a_tick);
}

static void memory_instrument(struct findings *all)
{
    if (access("/proc/self/smaps_rollup", R_OK) == 0)
        findings_add(all, FINDING_OK, "memory",
                     "allocations, resizes, page faults, resident and huge pages");
    else
        findings_add(all, FINDING_NOTE, "memory",
                     "allocations, resizes, page faults; no resident or huge pages: no "
                     "/proc/self/smaps_rollup");
}

/* ---- counters ---- */

/* What stands in for an event that the processor does not have goes behind it. */
static void append_name(char *names, size_t room, const char *name, const char *used)
{
    const size_t end = strlen(names);
    const bool is_other = *used != '\0' && strcmp(used, name) != 0;
    snprintf(names + end, room - end, "%s%s%s%s%s", end > 0 ? ", " : "", name,
             is_other ? " (by " : "", is_other ? used : "", is_other ? ")" : "");
}

/* A reason reads "why; remedy": the remedy is taken away from it, or made exact. */
static void mend_counters(struct finding *finding, bool is_hardware)
{
    char *const given = strstr(finding->text, "; ");
    if (given != NULL && strstr(given, "perf_event_paranoid") != NULL)
        finding_mend_by(finding, "%ssysctl kernel.perf_event_paranoid=1", as_root());
    else if (strstr(finding->text, "not permitted") != NULL && container_kind() != NULL)
        finding_mend_by(
            finding,
            "docker run --cap-add PERFMON --security-opt seccomp=unconfined ...");
    else if (is_hardware && HAS_CPUID && cpuid_is_virtual(cpuid_of_processor))
        finding_mend(finding,
                     "machine type: a bare-metal instance (AWS *.metal), Google C4 with "
                     "--performance-monitoring-unit=standard, or KVM with -cpu "
                     "host,pmu=on");
    else if (given != NULL)
        finding_mend(finding, "%s", given + 2);
    if (given != NULL)
        *given = '\0';
}

/* One finding for all events that share a reason. */
static void counters(struct findings *all)
{
    static char names[PERF_MOST_EVENTS][PERF_NAME * PERF_MOST_EVENTS];
    static char reasons[PERF_MOST_EVENTS][PERF_REASON];
    bool is_hardware[PERF_MOST_EVENTS] = {false}, is_open[PERF_MOST_EVENTS] = {false};
    unsigned n_in[PERF_MOST_EVENTS] = {0};
    size_t n_groups = 0;
    memset(names, 0, sizeof names);
    for (size_t i = 0; i < n_perf_events && i < PERF_MOST_EVENTS; i++) {
        char used[PERF_NAME] = "", reason[PERF_REASON] = "";
        const bool is_counted = perf_event_try(i, used, reason);
        size_t group = 0;
        if (is_counted)
            reason[0] = '\0'; /* all that count are one group */
        while (group < n_groups &&
               (is_open[group] != is_counted || strcmp(reasons[group], reason) != 0))
            group++;
        if (group == n_groups) {
            snprintf(reasons[n_groups++], PERF_REASON, "%s", reason);
            is_open[group] = is_counted;
        }
        append_name(names[group], sizeof names[group], perf_event_name(i),
                    is_counted ? used : "");
        is_hardware[group] |= perf_event_is_hardware(i);
        n_in[group]++;
    }
    for (size_t i = 0; i < n_groups; i++) {
        struct finding *const finding =
            findings_add(all, is_open[i] ? FINDING_OK : FINDING_NO, "counters",
                         "%u of %zu events: %s%s%s", n_in[i], n_perf_events, names[i],
                         is_open[i] ? "" : ": ", reasons[i]);
        if (!is_open[i])
            mend_counters(finding, is_hardware[i]);
    }
}

static void paranoid(struct findings *all)
{
    char line[32];
    const bool is_told =
        small_file_line("/proc/sys/kernel/perf_event_paranoid", line, sizeof line);
    const long level = is_told ? strtol(line, NULL, 10) : 0;
    const bool is_privileged =
        has_capability(CAP_PERFMON) || has_capability(CAP_SYS_ADMIN);
    if (!is_told) {
        findings_add(all, FINDING_NOTE, "paranoid",
                     "not known: no /proc/sys/kernel/perf_event_paranoid (no /proc, or a "
                     "kernel without events)");
    } else if (is_privileged || level <= 1) {
        findings_add(all, FINDING_OK, "paranoid", "kernel.perf_event_paranoid is %ld%s",
                     level, is_privileged ? ", and this user is above it" : "");
    } else {
        finding_mend_by(
            findings_add(all, level > 2 ? FINDING_NO : FINDING_NOTE, "paranoid",
                         "kernel.perf_event_paranoid is %ld: %s", level,
                         level > 2 ? "no events for ordinary users"
                                   : "own processes only, without the kernel's part"),
            "%ssysctl kernel.perf_event_paranoid=1", as_root());
    }
}

probe *const probes_of_instruments[] = {
    clock_instrument, latency_instrument, memory_instrument, counters, paranoid, NULL};
