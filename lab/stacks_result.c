/* SPDX-License-Identifier: MIT */
/* Folded stacks in a cell of the result: `stacks`, with a warning when they are not to be
 * believed.
 *
 * Question. Are these stacks right? Method. The self-test's function, which the child runs
 * in for a while before its workload, must have been sampled, and its two callers must
 * stand behind it; stacks must end in a function that a thread begins with; the kernel's
 * functions must have names. What it does not measure. Whether the map's own file has what
 * unwinding needs: stacks that break there end nowhere, and are counted. */
#include "stacks_result.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "result.h"
#include "small_file.h"

const char *const stacks_chain[STACKS_CHAIN] = {
    "flame_self_test_inner", "flame_self_test_middle", "flame_self_test_outer"};

enum {
    LEAST_SEEN = 3,    /* samples of the self-test */
    LEAST_RIGHT = 90,  /* percent of them */
    MOST_BROKEN = 10,  /* percent of all samples */
    MOST_UNNAMED = 50, /* percent of those in kernel mode */
    MOST_LOST = 5,     /* percent of all */
    WARNING_ROOM = 900
};

__attribute__((format(printf, 2, 3))) static void warn(char text[WARNING_ROOM],
                                                       const char *format, ...)
{
    const size_t n = strlen(text);
    va_list values;
    snprintf(text + n, WARNING_ROOM - n, "%s", n > 0 ? "; " : "");
    va_start(values, format);
    vsnprintf(text + strlen(text), WARNING_ROOM - strlen(text), format, values);
    va_end(values);
}

static bool are_right(const struct stacks_counts *counts)
{
    return counts->chain_seen < LEAST_SEEN ||
           counts->chain_right * 100 >= counts->chain_seen * LEAST_RIGHT;
}

static void warn_of_all(char text[WARNING_ROOM], const struct stacks_counts *counts,
                        const struct stacks_origin *origin)
{
    const uint64_t all = counts->inside + counts->outside + counts->chain_seen;
    text[0] = '\0';
    if (counts->chain_seen < LEAST_SEEN)
        warn(text,
             "the self-test was hardly sampled: nothing shows that stacks are right");
    else if (!are_right(counts))
        warn(text,
             "the self-test's three functions stood in order in only %" PRIu64
             " of %" PRIu64 " samples: stacks are not to be believed",
             counts->chain_right, counts->chain_seen);
    if (counts->broken * 100 > all * MOST_BROKEN)
        warn(text,
             "%" PRIu64 " of %" PRIu64 " stacks break off: they are deeper than what is "
             "copied of them, or a file in them has no unwind information",
             counts->broken, all);
    if (counts->unnamed_kernel * 100 > counts->kernel * MOST_UNNAMED)
        warn(text, "the kernel's functions have no names; as root: sysctl "
                   "kernel.kptr_restrict=0");
    if (origin->lost * 100 > (all + origin->lost) * MOST_LOST)
        warn(text, "%" PRIu64 " more samples were lost", origin->lost);
    if (origin->note[0] != '\0')
        warn(text, "%s", origin->note);
}

static void say_no_kernel(json_t *cell)
{
    char level[32], reason[256];
    if (!small_file_line("/proc/sys/kernel/perf_event_paranoid", level, sizeof level))
        snprintf(level, sizeof level, "not readable");
    snprintf(
        reason, sizeof reason,
        "only user mode may be sampled: kernel.perf_event_paranoid is %.20s; as root: "
        "sysctl kernel.perf_event_paranoid=1",
        level);
    result_set_absent(cell, "flame_kernel_share", reason);
}

static void add_metrics(json_t *cell, const struct stacks_counts *counts,
                        const struct stacks_origin *origin)
{
    result_add_number(cell, "flame_samples", (double)counts->inside);
    result_add_number(cell, "flame_lost", (double)origin->lost);
    if (origin->has_kernel)
        result_add_number(cell, "flame_kernel_share",
                          (double)counts->kernel / (double)counts->inside);
    else if (origin->no_kernel != NULL)
        result_set_absent(cell, "flame_kernel_share", origin->no_kernel);
    else
        say_no_kernel(cell);
}

static bool explain_nothing(const struct stacks_counts *counts, unsigned frequency_hz,
                            struct complaint *complaint)
{
    const uint64_t all = counts->outside + counts->chain_seen;
    if (!are_right(counts))
        return complain(
            complaint,
            "the callers of functions are not found: of the self-test's %" PRIu64
            " stacks %" PRIu64 " were right; a perf with an unwinder, libdw or "
            "libunwind, finds them",
            counts->chain_seen, counts->chain_right);
    return complain(
        complaint,
        "none of %" PRIu64 " samples is of the timed batches: they are too "
        "short for %u samples a second, take a larger -n; or this program has "
        "been stripped of its symbols",
        all, frequency_hz);
}

bool stacks_to_cell(json_t *cell, const struct stacks *stacks,
                    const struct stacks_origin *origin, struct complaint *complaint)
{
    const struct stacks_counts *const counts = stacks_counts(stacks);
    char warning[WARNING_ROOM];
    if (counts->inside == 0)
        return explain_nothing(counts, origin->frequency_hz, complaint);
    json_t *const folded = stacks_folded(stacks), *const lines = stacks_lines(stacks);
    if (folded == NULL || lines == NULL) {
        json_decref(folded);
        json_decref(lines);
        return complain(complaint, "out of memory for the stacks");
    }
    warn_of_all(warning, counts, origin);
    const char *const event = origin->event[0] != '\0' ? origin->event : counts->event;
    json_t *const entry = json_pack(
        "{s:o, s:o, s:s, s:i, s:I, s:I, s:I, s:I, s:b, s:[I, I], s:o, s:o}", "event",
        result_text(event), "by", result_text(origin->by), "call_graph",
        origin->call_graph, "frequency_hz", (int)origin->frequency_hz, "samples",
        (json_int_t)counts->inside, "kernel", (json_int_t)counts->kernel, "outside",
        (json_int_t)counts->outside, "lost", (json_int_t)origin->lost, "has_kernel",
        (int)origin->has_kernel, "self_test", (json_int_t)counts->chain_right,
        (json_int_t)counts->chain_seen, "folded", folded, "lines", lines);
    if (warning[0] != '\0')
        json_object_set_new(entry, "warning", result_text(warning));
    json_object_set_new(cell, "stacks", entry);
    add_metrics(cell, counts, origin);
    return true;
}
