/* SPDX-License-Identifier: MIT */
/* Strace: the system calls for memory, each of them, tied to the resizes.
 *
 * Question. What does a map ask the kernel for, when, and how long does that take? Its own
 * calls and malloc's, from before the map is created to the end of the workload.
 * Method. In a pass of its own, by the first of three that this machine allows, or the one
 * that --calls-by names: strace; the seccomp recorder of call_recorder.c, which needs no
 * privilege; the kernel's tracepoints. For strace the workload is enclosed in two calls
 * that do nothing, the others are switched on and off. Resizes are noted by the map's
 * hook, with their page faults, into a table that was there before, by the same clock.
 * What it does not measure. Time as it is without a recorder: under strace each call is
 * stopped twice, and the time in it holds one of the stops; compare such times with each
 * other, not with a clock's. The recorder and the tracepoints see only the thread that
 * runs the map: where others have been, there are no metrics by them. */
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../call_methods.h"
#include "../call_recorder.h"
#include "../call_tracepoints.h"
#include "../calls_result.h"
#include "../cell.h"
#include "../instrument.h"
#include "../ledger.h"
#include "../result.h"

static const struct metric_info metrics[] = {
    {"mmap_calls", "1", "mappings made by the kernel, malloc's included"},
    {"munmap_calls", "1", "mappings given back"},
    {"mremap_calls", "1", "mappings made longer or shorter"},
    {"brk_calls", "1", "moves of the heap's end"},
    {"madvise_calls", "1", "pieces of advice, such as to back pages in advance"},
    {"memory_call_bytes", "bytes", "address space that these calls added"},
    {"memory_call_ns", "ns", "time in these calls, as their recorder sees it"},
    {NULL, NULL, NULL},
};

/* ---- in the child ---- */

enum { MOST_RESIZES = 4000 };

struct noted_resize {
    uint64_t began_ns, ended_ns;
    uint64_t page_faults;
    om_resize resize;
};

static struct {
    enum call_method method;
    bool is_recording;
    struct complaint why_not;
    FILE *messages;
    uint64_t began_ns, ended_ns, brk;
    struct noted_resize resizes[MOST_RESIZES];
    size_t n_resizes;
    uint64_t n_dropped_resizes;
    struct noted_resize now;
    bool has_failed;    /* an allocation, since the resize began */
    long faults_before; /* of other threads */
} seen;

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(seen.method == CALLS_BY_STRACE ? CLOCK_REALTIME : CLOCK_MONOTONIC,
                  &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void *allocate(void *context, const om_request *request)
{
    void *const block = om_allocate(context, request);
    seen.has_failed |= block == NULL;
    return block;
}

static void on_resize(void *context, const om_resize *resize, bool is_end)
{
    (void)context;
    if (!is_end) {
        seen.has_failed = false;
        seen.now.page_faults = (uint64_t)ledger_faults();
        seen.now.began_ns = now_ns();
        return;
    }
    seen.now.ended_ns = now_ns();
    seen.now.page_faults = (uint64_t)ledger_faults() - seen.now.page_faults;
    seen.now.resize = *resize;
    if (seen.has_failed)
        return; /* the old table stays */
    if (seen.n_resizes < MOST_RESIZES)
        seen.resizes[seen.n_resizes++] = seen.now;
    else
        seen.n_dropped_resizes++;
}

/* Page faults of threads other than this one. A thread has some, if only for its stack. */
static long faults_of_others(void)
{
    struct rusage own;
    const long all = ledger_faults(); /* first: what looking costs is this thread's own */
    getrusage(RUSAGE_THREAD, &own);
    return all - own.ru_minflt;
}

static void refuse_threads(void)
{
    if (seen.method == CALLS_BY_STRACE || !seen.is_recording ||
        faults_of_others() <= seen.faults_before)
        return;
    seen.is_recording = complain(&seen.why_not,
                                 "there were other threads, whose calls %s cannot see; "
                                 "--calls-by strace can",
                                 call_method_names[seen.method]);
}

static void mark(size_t length)
{
    if (seen.method == CALLS_BY_STRACE)
        (void)syscall(SYS_munmap, CALLS_MARK, length);
}

static void start(struct run_facts *facts)
{
    static om_allocator watching;
    memset(&seen, 0, sizeof seen); /* its pages are there from now on */
    seen.method = (enum call_method)facts->method;
    seen.messages = facts->messages;
    watching = instrument_hooks(facts->allocator);
    watching.allocate = allocate;
    watching.on_resize = on_resize;
    facts->allocator = &watching;
    seen.is_recording =
        seen.method == CALLS_BY_SECCOMP       ? call_recorder_install(&seen.why_not)
        : seen.method == CALLS_BY_TRACEPOINTS ? call_tracepoints_open(&seen.why_not)
                                              : true;
    seen.brk = (uint64_t)syscall(SYS_brk, 0);
    if (seen.is_recording && seen.method == CALLS_BY_SECCOMP)
        call_recorder_start();
    if (seen.is_recording && seen.method == CALLS_BY_TRACEPOINTS)
        call_tracepoints_start();
    seen.faults_before = faults_of_others();
    seen.began_ns = now_ns();
    mark(CALLS_MARK_BEGIN);
}

static void stop(void)
{
    if (seen.is_recording && seen.method == CALLS_BY_SECCOMP)
        call_recorder_stop();
    if (seen.is_recording && seen.method == CALLS_BY_TRACEPOINTS)
        call_tracepoints_stop();
    mark(CALLS_MARK_END);
    seen.ended_ns = now_ns();
    refuse_threads();
}

static void send_sums(const struct memory_call_sums *sums)
{
    for (size_t i = 0; i < N_MEMORY_CALLS; i++)
        send_count(seen.messages, metrics[i].name, sums->n[i]);
    send_count(seen.messages, metrics[N_MEMORY_CALLS].name, sums->mapped_bytes);
    send_count(seen.messages, metrics[N_MEMORY_CALLS + 1].name, sums->ns);
}

/* For the sums, and to send. */
static void send_call(void *context, const struct memory_call *call)
{
    const uint64_t *const a = call->arguments;
    if (context != NULL)
        (void)memory_call_add(context, call);
    fprintf(seen.messages,
            "call %u %" PRIu64 " %" PRIu64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64
            " %" PRIx64 " %" PRIx64 " %" PRIx64 "\n",
            (unsigned)call->kind, call->at_ns - seen.began_ns, call->duration_ns, a[0],
            a[1], a[2], a[3], a[4], a[5], (uint64_t)call->result);
}

static void send_resizes(void)
{
    for (size_t i = 0; i < seen.n_resizes; i++) {
        const struct noted_resize *const noted = &seen.resizes[i];
        const om_resize *const r = &noted->resize;
        fprintf(seen.messages,
                "during %" PRIu64 " %" PRIu64 " %" PRIu64 " %zu %zu %zu %zu %zu\n",
                noted->began_ns - seen.began_ns, noted->ended_ns - seen.began_ns,
                noted->page_faults, r->old_capacity, r->new_capacity, r->old_bytes,
                r->new_bytes, r->items);
    }
}

/* Sums of the recorder, or of the tracepoints as they are sent. */
static bool send_calls(struct memory_call_sums *sums)
{
    struct call_recording recording;
    memset(sums, 0, sizeof *sums);
    if (seen.method == CALLS_BY_TRACEPOINTS) {
        sums->brk = seen.brk;
        return call_tracepoints_read(send_call, sums, &seen.why_not);
    }
    call_recorder_read(&recording);
    for (size_t i = 0; i < recording.n; i++)
        send_call(NULL, &recording.calls[i]);
    *sums = recording.sums;
    return true;
}

static void send_head(void)
{
    struct call_recording recording = {0};
    if (seen.method == CALLS_BY_SECCOMP)
        call_recorder_read(&recording);
    fprintf(seen.messages,
            "calls %u %" PRIu64 " %" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
            (unsigned)seen.method, seen.ended_ns - seen.began_ns, seen.brk,
            recording.n_dropped, seen.n_dropped_resizes, seen.began_ns);
}

/* What strace has seen the parent reads from its file. */
static void finish(const struct run_facts *facts)
{
    struct memory_call_sums sums;
    if (seen.is_recording) {
        send_head();
        send_resizes();
    }
    if (seen.method == CALLS_BY_STRACE)
        return;
    if (seen.is_recording && send_calls(&sums)) {
        fputs("calls_end\n", facts->messages);
        send_sums(&sums);
        return;
    }
    for (const struct metric_info *m = metrics; m->name != NULL; m++)
        send_absent(facts->messages, m->name, seen.why_not.text);
}

/* ---- in the parent ---- */

static const char *const trace_file = "calls.strace";

static bool wrap(struct tool *tool, struct complaint *complaint)
{
    enum call_method method;
    char path[PATH_MAX], file[PATH_MAX];
    if (!call_method_choose(tool->cell->calls_by, &method, complaint))
        return false;
    tool->method = method;
    if (method != CALLS_BY_STRACE)
        return true;
    if (!tool_find("strace", path, complaint))
        return false;
    tool_file(tool, trace_file, file);
    tool_add(tool, "%s", path);
    tool_add(tool, "-f");
    tool_add(tool, "--absolute-timestamps=format:unix,precision:ns");
    tool_add(tool, "--syscall-times=ns");
    tool_add(tool, "-e");
    tool_add(tool, "trace=mmap,munmap,mremap,brk,madvise");
    tool_add(tool, "-o");
    tool_add(tool, "%s", file);
    return true;
}

static void add_sums(json_t *cell, const struct memory_call_sums *sums)
{
    for (size_t i = 0; i < N_MEMORY_CALLS; i++)
        result_add_number(cell, metrics[i].name, (double)sums->n[i]);
    result_add_number(cell, metrics[N_MEMORY_CALLS].name, (double)sums->mapped_bytes);
    result_add_number(cell, metrics[N_MEMORY_CALLS + 1].name, (double)sums->ns);
}

static bool harvest(const struct tool *tool, json_t *cell, struct complaint *complaint)
{
    char file[PATH_MAX];
    struct memory_call_sums sums;
    if (tool->method != CALLS_BY_STRACE)
        return true; /* the child has said it itself */
    tool_file(tool, trace_file, file);
    if (!calls_result_read_strace(cell, file, &sums, complaint))
        return false;
    add_sums(cell, &sums);
    return true;
}

/* A thread begins and ends with all signals blocked. */
static bool explain(const struct tool *tool, const char *ending,
                    struct complaint *complaint)
{
    if (tool->method != CALLS_BY_SECCOMP || strstr(ending, strsignal(SIGSYS)) == NULL)
        return false;
    complain(complaint,
             "%.200s: a call was made while signals were blocked, as threads do "
             "when they end; --calls-by strace can see those",
             ending);
    return true;
}

const struct instrument instrument_strace = {
    .name = "strace",
    .summary = "system calls for memory, tied to the resizes; on request",
    .pass = PASS_CALLS,
    .is_on_request = true,
    .metrics = metrics,
    .start = start,
    .stop = stop,
    .finish = finish,
    .wrap = wrap,
    .harvest = harvest,
    .explain = explain,
};
