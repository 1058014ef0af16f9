/* SPDX-License-Identifier: MIT */
/* What doctor finds out about what profiling needs: events that perf counts, permission to
 * sample, to read tracepoints, to filter system calls, and the library of the pictures. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "call_methods.h"
#include "doctor_probes.h"
#include "formats/perf_stat_text.h"
#include "loader.h"
#include "perf_events.h"
#include "perf_sampling.h"
#include "small_file.h"
#include "tool.h"
#include "viewer.h"

#define TRACING "/sys/kernel/tracing"

/* ---- perf stat ---- */

/* All events of the instrument counters, with commas. */
static void list_events(char *list, size_t room)
{
    size_t n = 0;
    list[0] = '\0';
    for (size_t i = 0; i < n_perf_events && n < room; i++)
        n += (size_t)snprintf(list + n, room - n, "%s%s", i > 0 ? "," : "",
                              perf_event_name(i));
}

static void add_name(char *names, size_t room, const char *name)
{
    const size_t n = strlen(names);
    snprintf(names + n, room - n, "%s%s", n > 0 ? ", " : "", name);
}

/* One finding for those that count, one for those that do not. */
static void tell_events(struct findings *all, const struct perf_stat *stat)
{
    char counted[512] = "", refused[512] = "";
    size_t n_counted = 0;
    for (size_t i = 0; i < stat->n_rows; i++) {
        const struct perf_stat_row *const row = &stat->rows[i];
        const bool is_counted = row->state != PERF_STAT_NOT_SUPPORTED;
        n_counted += is_counted;
        add_name(is_counted ? counted : refused, sizeof counted, row->event);
    }
    if (n_counted > 0)
        findings_add(all, FINDING_OK, "perf stat", "counts %zu of %zu events: %s",
                     n_counted, stat->n_rows, counted);
    if (n_counted < stat->n_rows)
        finding_mend(findings_add(all, FINDING_NO, "perf stat",
                                  "%zu of %zu events are not supported: %s",
                                  stat->n_rows - n_counted, stat->n_rows, refused),
                     "see counters above");
}

/* Has perf count a program that does nothing. */
static bool ask_perf(const char *perf, const char *events, struct perf_stat *stat,
                     struct complaint *complaint)
{
    char program[PATH_MAX];
    const char *const words[] = {perf, "stat", "-x", ",",     "--log-fd",  "1",
                                 "-e", events, "--", program, "--version", NULL};
    snprintf(program, sizeof program, "%s", loader_program());
    FILE *const answer = tool_ask(words, TOOL_PATIENCE_S, NULL, complaint);
    if (answer == NULL)
        return false;
    const bool is_read = perf_stat_read(answer, "perf stat", stat, complaint);
    fclose(answer);
    return is_read;
}

static void perf_stat_events(struct findings *all)
{
    static struct perf_stat stat;
    char path[PATH_MAX], events[1024];
    struct complaint complaint;
    if (!tool_find("perf", path, &complaint))
        return; /* that is told already */
    list_events(events, sizeof events);
    if (ask_perf(path, events, &stat, &complaint))
        tell_events(all, &stat);
    else
        finding_mend(findings_add(all, FINDING_NO, "perf stat", "counts nothing: %.300s",
                                  complaint.text),
                     "see perf and paranoid above");
}

/* ---- perf record ---- */

static void sampling(struct findings *all)
{
    struct perf_sampling sampling;
    char reason[PERF_REASON];
    const bool is_allowed = perf_sampling_choose(&sampling, reason);
    if (is_allowed && sampling.has_kernel) {
        findings_add(all, FINDING_OK, "sampling",
                     "perf record may look up where the map and the kernel are");
        return;
    }
    if (is_allowed) {
        finding_mend_by(
            findings_add(all, FINDING_NOTE, "sampling",
                         "perf record may look at the map, not at the kernel: "
                         "page faults are not in a flame graph"),
            "%ssysctl kernel.perf_event_paranoid=1", as_root());
        return;
    }
    struct finding *const finding = findings_add(
        all, FINDING_NO, "sampling", "perf record is not allowed: %.300s", reason);
    if (container_kind() != NULL && is_filtered())
        finding_mend_by(finding, "docker run --cap-add PERFMON --security-opt "
                                 "seccomp=unconfined ...");
    else
        finding_mend_by(finding, "%ssysctl kernel.perf_event_paranoid=1", as_root());
}

/* Addresses read as zeros where they are kept from this user. */
static void kernel_names(struct findings *all)
{
    char line[256];
    uint64_t restricted = 0;
    if (!small_file_line("/proc/kallsyms", line, sizeof line)) {
        findings_add(all, FINDING_NOTE, "kernel names",
                     "not known: no /proc/kallsyms; kernel functions are numbers");
        return;
    }
    if (strspn(line, "0") < strcspn(line, " ")) {
        findings_add(all, FINDING_OK, "kernel names", "/proc/kallsyms has addresses");
        return;
    }
    (void)small_file_number("/proc/sys/kernel/kptr_restrict", "", &restricted);
    finding_mend_by(findings_add(all, FINDING_NOTE, "kernel names",
                                 "kept secret (kernel.kptr_restrict is %u): kernel "
                                 "functions have no names in a flame graph",
                                 (unsigned)restricted),
                    "%ssysctl kernel.kptr_restrict=0 kernel.perf_event_paranoid=1",
                    as_root());
}

/* ---- system calls ---- */

static void tracepoints(struct findings *all)
{
    struct complaint why;
    if (call_method_try(CALLS_BY_TRACEPOINTS, &why)) {
        findings_add(all, FINDING_OK, "tracepoints",
                     "those of system calls may be opened");
        return;
    }
    if (access(TRACING "/events/syscalls/sys_enter_mmap/id", R_OK) == 0) {
        finding_mend_by(
            findings_add(all, FINDING_NOTE, "tracepoints", "%.300s", why.text),
            "%ssysctl kernel.perf_event_paranoid=-1", as_root());
        return;
    }
    const bool is_hidden = errno == EACCES;
    struct finding *const finding =
        findings_add(all, FINDING_NOTE, "tracepoints",
                     is_hidden ? "only root may read " TRACING
                               : "no system calls in " TRACING
                                 ": not mounted, or a kernel without them");
    if (is_hidden)
        finding_mend_by(finding, "%smount -o remount,mode=755 " TRACING, as_root());
    else
        finding_mend_by(finding, "%smount -t tracefs tracefs " TRACING, as_root());
}

static void filters(struct findings *all)
{
    struct complaint why;
    if (call_method_try(CALLS_BY_SECCOMP, &why)) {
        findings_add(all, FINDING_OK, "seccomp",
                     "a child may watch its own system calls");
        return;
    }
    finding_mend(findings_add(all, FINDING_NO, "seccomp",
                              "a child may not watch its own system calls: %.300s",
                              why.text),
                 "strace does as well, where ptrace is allowed");
}

/* ---- pictures ---- */

/* The library of interactive flame graphs, beside the program. */
static void viewer(struct findings *all)
{
    struct viewer loaded;
    struct complaint ignored;
    char npm[PATH_MAX];
    if (viewer_load(&loaded, NULL, &ignored)) {
        viewer_drop(&loaded);
        findings_add(all, FINDING_OK, "flame viewer", "flame graphs as HTML pages");
        return;
    }
    const bool has_npm = tool_find("npm", npm, &ignored);
    finding_mend_by(findings_add(all, FINDING_NOTE, "flame viewer",
                                 "no library for flame graphs as HTML pages%s; folded "
                                 "stacks and the list need none",
                                 has_npm ? "" : ", and no npm to bring it"),
                    "./run --viewer");
}

probe *const probes_of_profiling[] = {
    perf_stat_events, sampling, kernel_names, tracepoints, filters, viewer, NULL};
