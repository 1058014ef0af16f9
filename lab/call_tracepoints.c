/* SPDX-License-Identifier: MIT */
/* The system calls for memory that this thread makes, as the kernel's tracepoints tell
 * them.
 *
 * Question. The recorder's, answered by the kernel itself.
 * Method. perf_event_open on syscalls:sys_enter_X and sys_exit_X of the five calls, for
 * this thread; all write into one buffer, by one clock, and it is read at the end. Numbers
 * of tracepoints come from tracefs, read without the C library's streams: these allocate,
 * and all recorders must find malloc in one state.
 * What it does not measure. Other threads. A buffer that overflows is told, and nothing is
 * taken from it. A call's time is from tracepoint to tracepoint. */
#include "call_tracepoints.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    N_POINTS = 2 * N_MEMORY_CALLS, /* enter and exit of each */
    BUFFER = 8 << 20,              /* bytes: about 60,000 calls */
    MOST_RECORD = 256
};

static struct {
    int fds[N_POINTS];
    uint16_t ids[N_POINTS];
    struct perf_event_mmap_page *page; /* the buffer follows it */
    size_t page_bytes;
} points;

/* ---- opening ---- */

/* The number that the kernel gave a tracepoint. */
static bool read_id(size_t i, uint16_t *id)
{
    static const char *const folders[] = {"/sys/kernel/tracing",
                                          "/sys/kernel/debug/tracing"};
    char path[128], text[16] = "";
    for (size_t k = 0; k < 2; k++) {
        snprintf(path, sizeof path, "%s/events/syscalls/sys_%s_%s/id", folders[k],
                 i % 2 == 0 ? "enter" : "exit", memory_call_names[i / 2]);
        const int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        const ssize_t n = read(fd, text, sizeof text - 1);
        close(fd);
        const unsigned long number = n > 0 ? strtoul(text, NULL, 10) : 0;
        *id = (uint16_t)number;
        if (number > 0 && number <= UINT16_MAX)
            return true;
    }
    return false;
}

static int open_point(uint16_t id)
{
    struct perf_event_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.size = sizeof attr;
    attr.type = PERF_TYPE_TRACEPOINT;
    attr.config = id;
    attr.sample_period = 1;
    attr.sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_RAW;
    attr.disabled = 1;
    attr.use_clockid = 1;
    attr.clockid = CLOCK_MONOTONIC;
    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static bool open_some(size_t n, struct complaint *complaint)
{
    for (size_t i = 0; i < n; i++) {
        if (!read_id(i, &points.ids[i]))
            return complain(complaint,
                            "tracepoints of system calls are root's alone, and "
                            "in tracefs; as root: mount -t tracefs tracefs "
                            "/sys/kernel/tracing");
        points.fds[i] = open_point(points.ids[i]);
        if (points.fds[i] < 0)
            return complain(complaint,
                            "tracepoint sys_%s_%s: %s; they need root, or the capability "
                            "PERFMON and a readable tracefs",
                            i % 2 == 0 ? "enter" : "exit", memory_call_names[i / 2],
                            strerror(errno));
    }
    return true;
}

/* The buffer is the first one's; the others write into it. */
static bool map_buffer(struct complaint *complaint)
{
    points.page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    void *const room = mmap(NULL, points.page_bytes + BUFFER, PROT_READ | PROT_WRITE,
                            MAP_SHARED, points.fds[0], 0);
    if (room == MAP_FAILED)
        return complain(complaint,
                        "no buffer for tracepoints: %s; as root: sysctl "
                        "kernel.perf_event_mlock_kb=10240",
                        strerror(errno));
    points.page = room;
    for (size_t i = 1; i < N_POINTS; i++)
        if (ioctl(points.fds[i], PERF_EVENT_IOC_SET_OUTPUT, points.fds[0]) != 0)
            return complain(complaint,
                            "tracepoints do not share a buffer: %s; name "
                            "another method with --calls-by",
                            strerror(errno));
    return true;
}

void call_tracepoints_close(void)
{
    if (points.page != NULL)
        (void)munmap(points.page, points.page_bytes + BUFFER);
    points.page = NULL;
    for (size_t i = 0; i < N_POINTS; i++) {
        if (points.fds[i] >= 0)
            (void)close(points.fds[i]);
        points.fds[i] = -1;
    }
}

static void forget(void)
{
    for (size_t i = 0; i < N_POINTS; i++)
        points.fds[i] = -1;
    points.page = NULL;
}

bool call_tracepoints_open(struct complaint *complaint)
{
    forget();
    if (open_some(N_POINTS, complaint) && map_buffer(complaint))
        return true;
    call_tracepoints_close();
    return false;
}

bool call_tracepoints_try(struct complaint *complaint)
{
    forget();
    const bool is_open =
        open_some(1, complaint); /* closing one takes the kernel a while */
    call_tracepoints_close();
    return is_open;
}

/* ---- recording ---- */

void call_tracepoints_start(void)
{
    for (size_t i = 0; i < N_POINTS; i++)
        (void)ioctl(points.fds[i], PERF_EVENT_IOC_ENABLE, 0);
}

void call_tracepoints_stop(void)
{
    for (size_t i = 0; i < N_POINTS; i++)
        (void)ioctl(points.fds[i], PERF_EVENT_IOC_DISABLE, 0);
}

/* ---- reading ---- */

/* A sample of ours: when, then the tracepoint's own bytes, the same for all system
 * calls. */
struct point_record {
    struct perf_event_header header;
    uint64_t at_ns;
    uint32_t raw_bytes;
    uint16_t id; /* from here on raw */
    uint8_t flags, preempt_count;
    int32_t pid;
    int32_t number;
    uint8_t values[MOST_RECORD]; /* arguments or result; 4 bytes of padding before them */
};
enum { VALUES_AT = 16 /* in the raw bytes */, RAW_AT = 20 };
_Static_assert(offsetof(struct point_record, id) == RAW_AT, "as the kernel writes it");

/* Bytes of the buffer, which begins anew behind its end. */
static void copy_out(uint64_t at, void *to, size_t n)
{
    const char *const bytes = (const char *)points.page + points.page_bytes;
    const size_t from = (size_t)(at % BUFFER);
    const size_t first = n < BUFFER - from ? n : BUFFER - from;
    memcpy(to, bytes + from, first);
    memcpy((char *)to + first, bytes, n - first);
}

static uint64_t value_of(const struct point_record *record, size_t i)
{
    uint64_t value;
    memcpy(&value, (const char *)record + RAW_AT + VALUES_AT + i * sizeof value,
           sizeof value);
    return value;
}

/* Which tracepoint wrote it: enter of a kind is 2 * kind, exit one more. */
static size_t point_of(const struct point_record *record)
{
    size_t i = 0;
    while (i < N_POINTS && points.ids[i] != record->id)
        i++;
    return i;
}

/* Takes one record; *call is what was entered last. False: it makes no sense. */
static bool take_record(const struct point_record *record, struct memory_call *call,
                        bool *is_open, bool *is_whole)
{
    const size_t i = point_of(record);
    const bool is_exit = i % 2 == 1;
    *is_whole = false;
    if (i == N_POINTS || record->header.size > sizeof *record)
        return false;
    if (!is_exit) {
        if (*is_open)
            return false;
        memset(call, 0, sizeof *call);
        call->kind = (enum memory_call_kind)(i / 2);
        call->at_ns = record->at_ns;
        for (size_t k = 0; k < MEMORY_CALL_ARGUMENTS; k++)
            if (RAW_AT + VALUES_AT + (k + 1) * 8 <= record->header.size)
                call->arguments[k] = value_of(record, k);
        *is_open = true;
        return true;
    }
    if (!*is_open)
        return true; /* a seccomp filter took the call before it was entered */
    if (call->kind != (enum memory_call_kind)(i / 2))
        return false;
    call->result = (int64_t)value_of(record, 0);
    call->duration_ns = record->at_ns - call->at_ns;
    *is_open = false;
    *is_whole = true;
    return true;
}

/* How often the tracepoints were passed; a full buffer takes no record of it. */
static uint64_t count_all(void)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < N_POINTS; i++) {
        uint64_t count = 0;
        if (read(points.fds[i], &count, sizeof count) != sizeof count)
            return UINT64_MAX;
        sum += count;
    }
    return sum;
}

bool call_tracepoints_read(void (*take)(void *context, const struct memory_call *call),
                           void *context, struct complaint *complaint)
{
    struct memory_call call;
    struct point_record record;
    bool is_open = false, is_whole;
    uint64_t n_records = 0;
    const uint64_t end = __atomic_load_n(&points.page->data_head, __ATOMIC_ACQUIRE);
    for (uint64_t at = 0; at < end; at += record.header.size) {
        memset(&record, 0, sizeof record);
        copy_out(at, &record.header, sizeof record.header);
        const size_t n = record.header.size;
        copy_out(at, &record, n < sizeof record ? n : sizeof record);
        if (n == 0)
            break;
        if (record.header.type != PERF_RECORD_SAMPLE)
            continue;
        n_records++;
        if (!take_record(&record, &call, &is_open, &is_whole))
            return complain(complaint, "a tracepoint's record makes no sense; name "
                                       "another method with --calls-by");
        if (is_whole)
            take(context, &call);
    }
    return n_records == count_all() ||
           complain(complaint,
                    "the kernel's buffer was full and lost calls; take a smaller "
                    "-n, or another --calls-by");
}
