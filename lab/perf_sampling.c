/* SPDX-License-Identifier: MIT */
/* By what a process can be sampled here, and how often it should be. */
#include "perf_sampling.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>

#include "small_file.h"

/* Primes: no loop of the workload keeps in step with them. Each sample copies 4 KiB of
 * stack: 16 MB a second at most. */
enum { MOST_HZ = 3989, LEAST_HZ = 97 };
static const uint64_t FULL_RATE_N = 2000000;

static const struct {
    const char *name;
    uint32_t type;
    uint64_t config;
} events[] = {
    {"cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
    {"cpu-clock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK},
};

/* An errno, or 0. */
static int try_event(size_t i, bool has_kernel)
{
    const struct perf_system *const system = perf_system_in_use();
    struct perf_event_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.size = sizeof attr;
    attr.type = events[i].type;
    attr.config = events[i].config;
    attr.freq = 1;
    attr.sample_freq = LEAST_HZ;
    attr.sample_type = PERF_SAMPLE_IP;
    attr.disabled = 1;
    attr.exclude_kernel = !has_kernel;
    const int fd = system->open(&attr, -1);
    if (fd < 0)
        return errno;
    system->close(fd);
    return 0;
}

static void explain(int error, char reason[PERF_REASON])
{
    for (size_t i = 0; i < n_perf_events; i++)
        if (strcmp(perf_event_name(i), "cpu-clock") == 0)
            perf_explain(i, error, reason);
}

bool perf_sampling_choose(struct perf_sampling *sampling, char reason[PERF_REASON])
{
    int error = 0;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        for (int has_kernel = 1; has_kernel >= 0; has_kernel--) {
            error = try_event(i, has_kernel != 0);
            sampling->event = events[i].name;
            sampling->has_kernel = has_kernel != 0;
            if (error == 0)
                return true;
        }
    explain(error, reason);
    return false;
}

unsigned perf_sampling_frequency(uint64_t n)
{
    uint64_t hz = n <= FULL_RATE_N ? MOST_HZ : MOST_HZ * FULL_RATE_N / n;
    uint64_t most;
    if (small_file_number("/proc/sys/kernel/perf_event_max_sample_rate", "", &most) &&
        hz > most)
        hz = most;
    return hz < LEAST_HZ ? LEAST_HZ : (unsigned)hz;
}
