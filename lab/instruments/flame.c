/* SPDX-License-Identifier: MIT */
/* Flame: in which functions the processor is while the timed batches run.
 *
 * Question. Which functions, the map's inlined ones and the kernel's included, does the
 * time go to? Method. The child runs once more, under perf record, or on a Mac under
 * xctrace; flame_perf.c and flame_xctrace.c read what these saw, stacks.c keeps what passes
 * the timed batches. Before its workload the child stays a while in the innermost of three
 * functions of known order: when these do not come out right, a warning stands in the
 * result.
 * What it does not measure. Exact shares: with k samples in a function of n, its share is
 * uncertain by about sqrt(k)/n. Functions as the source has them: lines that the compiler
 * moved together are told as one of them. Undisturbed time: each sample interrupts the
 * child and copies its stack. With cpu-clock, which is a timer, samples of code that runs
 * with interrupts off lie behind it. */
#include "../flame_perf.h"
#include "../flame_xctrace.h"
#include "../instrument.h"
#include "../stacks_result.h"

#include <time.h>

/* ---- in the child: the self-test ---- */

enum { TEST_SAMPLES = 40, LEAST_TEST_MS = 10, MOST_TEST_MS = 250, TURNS = 20000 };

static int64_t processor_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* What stands behind each call keeps it from becoming a jump. */
#define NO_TAIL_CALL() __asm__ volatile("" ::: "memory")

__attribute__((noinline)) static void flame_self_test_inner(int64_t end_ns)
{
    while (processor_ns() < end_ns)
        for (volatile int i = 0; i < TURNS; i++)
            ;
    NO_TAIL_CALL();
}

__attribute__((noinline)) static void flame_self_test_middle(int64_t end_ns)
{
    flame_self_test_inner(end_ns);
    NO_TAIL_CALL();
}

__attribute__((noinline)) static void flame_self_test_outer(int64_t end_ns)
{
    flame_self_test_middle(end_ns);
    NO_TAIL_CALL();
}

static void start(struct run_facts *facts)
{
    const unsigned hz = facts->method > 0 ? facts->method : 1;
    int64_t ms = TEST_SAMPLES * 1000 / hz;
    ms = ms < LEAST_TEST_MS ? LEAST_TEST_MS : ms > MOST_TEST_MS ? MOST_TEST_MS : ms;
    flame_self_test_outer(processor_ns() + ms * 1000000);
}

/* ---- in the parent: perf, or on a Mac xctrace ---- */

static bool is_by_xctrace;

static bool wrap(struct tool *tool, struct complaint *complaint)
{
    char path[PATH_MAX];
    struct complaint ignored;
    is_by_xctrace =
        !tool_find("perf", path, &ignored) && tool_find("xcrun", path, &ignored);
    return is_by_xctrace ? flame_xctrace_wrap(tool, complaint)
                         : flame_perf_wrap(tool, complaint);
}

static bool harvest(const struct tool *tool, json_t *cell, struct complaint *complaint)
{
    return is_by_xctrace ? flame_xctrace_harvest(tool, cell, complaint)
                         : flame_perf_harvest(tool, cell, complaint);
}

/* ---- what it is ---- */

static const struct metric_info metrics[] = {
    {"flame_samples", "1", "samples of the timed batches"},
    {"flame_kernel_share", "1", "of them, the part in kernel mode"},
    {"flame_lost", "1", "samples that perf had no room for"},
    {NULL, NULL, NULL},
};

const struct instrument instrument_flame = {
    .name = "flame",
    .summary = "stacks of the timed batches, by perf record, for a flame graph",
    .pass = PASS_SAMPLED,
    .is_on_request = true,
    .metrics = metrics,
    .start = start,
    .wrap = wrap,
    .harvest = harvest,
};
