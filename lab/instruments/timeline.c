/* SPDX-License-Identifier: MIT */
/* Timeline: what the map holds and what of it is memory, from its first operation to its
 * last, and what each resize did to that.
 *
 * Question. When is how much memory needed, and what does a resize cost beside its time?
 * Method. Between batches, at most some 500 times a run, and before and behind each
 * resize: bytes that the map holds, by the allocator that counts for instrument memory,
 * too; resident bytes of the process from /proc/self/statm, page faults from getrusage,
 * about 2 microseconds in all. Within a resize memory is looked at before each part of it
 * goes back, since the most is always just before that. In huge pages, from smaps_rollup
 * behind a resize that could have them, where the walk over the page table costs most:
 * 10 microseconds for a small process, some hundred for a large one.
 * What it disturbs. Looks between batches are outside of their time; those of a resize are
 * taken off. Within a resize those before each part goes are not: of a map that gives the
 * old table back in stretches about 2 microseconds for each MiB, where clearing one takes
 * fifty times that. What it does not measure. Which operation of its batch (512, or 64
 * with strings) made a resize: instrument latency knows. The kernel keeps its count of
 * resident pages in part by processor, so that statm may be some 100 KiB behind. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../ledger.h"
#include "../moments.h"

enum {
    HUGE_PAGE = 2 << 20,
    PARTS_FROM = 128 << 10 /* bytes; less is no page of its own */
};

static struct moments moments;
static struct {
    const struct run_facts *facts;
    const struct ledger *books;
    int statm, smaps; /* open files; -1: there is none */
    uint64_t page_bytes;
    uint64_t start_ns;
    long start_faults;
    struct moment first;
    struct resize_moments resize; /* the one that is going on */
    bool is_in_resize, has_most;
    bool is_in_batch; /* a timed one */
    uint64_t batch_began_ns, own_ns;
    uint64_t timed_ns, resize_ns; /* of all timed batches, and of resizes in them */
    uint64_t longest_ns, resize_faults, resize_resident;
    uint64_t most_resident;
    uint64_t live_at_end;
} seen;

/* ---- looking ---- */

/* A number behind `name` in a file of /proc; with "" the `skip`-th word. */
static bool read_number(int file, const char *name, int skip, uint64_t *number)
{
    char text[2048], *at = text, *end;
    const ssize_t n = file < 0 ? -1 : pread(file, text, sizeof text - 1, 0);
    if (n <= 0)
        return false;
    text[n] = '\0';
    at = strstr(text, name);
    if (at == NULL)
        return false;
    at += strlen(name);
    for (; skip > 0; skip--)
        at += strcspn(at, " ") + 1;
    *number = strtoull(at, &end, 10);
    return end != at;
}

static uint64_t resident_bytes(void)
{
    uint64_t pages = 0;
    (void)read_number(seen.statm, "", 1, &pages);
    return pages * seen.page_bytes;
}

static struct moment look(uint64_t operation)
{
    const struct moment moment = {
        operation,
        ledger_now_ns() - seen.start_ns,
        seen.books->live_bytes,
        resident_bytes(),
        (uint64_t)(ledger_faults() - seen.start_faults),
    };
    if (moment.resident_bytes > seen.most_resident)
        seen.most_resident = moment.resident_bytes;
    return moment;
}

/* Operations before the batch that runs. */
static uint64_t operation_now(void)
{
    return seen.facts->batch != NULL ? seen.facts->batch->first_operation : 0;
}

/* ---- resizes ---- */

static void before_resize(const om_resize *resize)
{
    const uint64_t from = ledger_now_ns();
    (void)resize;
    memset(&seen.resize, 0, sizeof seen.resize);
    seen.resize.before = look(operation_now());
    seen.is_in_resize = true;
    seen.has_most = false;
    seen.own_ns += ledger_now_ns() - from;
}

static void look_within(void)
{
    const struct moment moment = look(operation_now());
    if (!seen.has_most || moment.resident_bytes > seen.resize.most.resident_bytes)
        seen.resize.most = moment;
    seen.has_most = true;
}

static void before_release(size_t bytes)
{
    if (!seen.is_in_resize)
        return;
    if (seen.books->live_bytes > seen.resize.peak_live_bytes)
        seen.resize.peak_live_bytes = seen.books->live_bytes;
    if (bytes >= PARTS_FROM || !seen.has_most)
        look_within();
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* What a resize was, of all that were. */
static void sum_up(const struct resize_moments *resize)
{
    const uint64_t ns = resize->ended_ns - resize->began_ns;
    seen.resize_ns += resize->is_timed ? ns : 0;
    seen.longest_ns = larger(seen.longest_ns, ns);
    seen.resize_faults += resize->behind.page_faults - resize->before.page_faults;
    seen.resize_resident = larger(seen.resize_resident, resize->most.resident_bytes);
}

static void after_resize(const struct ledger_resize *ended)
{
    struct resize_moments *const resize = &seen.resize;
    const uint64_t from = ledger_now_ns();
    uint64_t kilobytes = 0;
    seen.is_in_resize = false;
    if (ended->has_failed)
        return;
    resize->event = ended->event;
    resize->began_ns = ended->began_ns - seen.start_ns;
    resize->ended_ns = ended->ended_ns - seen.start_ns;
    resize->behind = look(operation_now());
    if (!seen.has_most) /* nothing went back: the first table */
        resize->most = resize->behind;
    resize->peak_live_bytes = larger(resize->peak_live_bytes, resize->behind.live_bytes);
    if (ended->event.new_bytes >= HUGE_PAGE)
        resize->has_huge = read_number(seen.smaps, "AnonHugePages:", 0, &kilobytes);
    resize->huge_bytes = kilobytes * 1024;
    resize->is_timed = seen.is_in_batch;
    sum_up(resize);
    moments_add_resize(&moments, resize);
    seen.own_ns += ledger_now_ns() - from;
}

static const struct ledger_listener listener = {before_resize, before_release,
                                                after_resize};

/* ---- the run ---- */

static void take(uint64_t operation)
{
    const struct moment moment = look(operation);
    moments_add(&moments, &moment);
}

static void start(struct run_facts *facts)
{
    if (seen.facts != NULL) { /* a test starts it again */
        close(seen.statm);
        close(seen.smaps);
    }
    memset(&seen, 0, sizeof seen);
    memset(&moments, -1, sizeof moments); /* its pages are no faults of the map */
    moments_init(&moments);
    seen.facts = facts;
    seen.statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    seen.smaps = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
    seen.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
    (void)resident_bytes();
    seen.books = ledger_open(facts);
    ledger_listen(&listener);
    seen.start_ns = ledger_now_ns();
    seen.start_faults = seen.books->faults_before;
    (void)moments_is_due(&moments);
    take(0);
    seen.first = moments.of[0];
}

static void begin(void)
{
    seen.is_in_batch = true;
    seen.own_ns = 0;
    seen.batch_began_ns = ledger_now_ns();
}

static void end(const struct batch *batch)
{
    seen.timed_ns += ledger_now_ns() - seen.batch_began_ns - seen.own_ns;
    seen.is_in_batch = false;
    if (moments_is_due(&moments))
        take(batch->first_operation + batch->n);
}

static void stop(void)
{
    const struct batch *const batch = seen.facts->batch;
    const struct moment last =
        look(batch != NULL ? batch->first_operation + batch->n : 0);
    moments_end(&moments, &last);
    seen.live_at_end = seen.books->live_bytes;
}

/* ---- what is sent ---- */

static void send_moments(FILE *messages, bool has_resident)
{
    struct moments_place place = {0, 0, 0};
    const struct moment *m;
    fprintf(messages, "timeline %" PRIu64 " %" PRIu64 "\n", moments.n_left_out,
            seen.timed_ns);
    while ((m = moments_next(&moments, &place)) != NULL) {
        fprintf(messages, "moment %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64,
                m->operation, m->ns, m->live_bytes, m->page_faults);
        if (has_resident)
            fprintf(messages, " %" PRIu64, m->resident_bytes);
        fputc('\n', messages);
    }
}

static void send_resizes(FILE *messages, bool has_resident)
{
    for (size_t i = 0; i < moments.n_resizes; i++) {
        const struct resize_moments *const r = &moments.resizes[i];
        fprintf(messages,
                "resized %" PRIu64 " %zu %zu %zu %zu %zu %" PRIu64 " %" PRIu64 " %" PRIu64
                " %d %" PRIu64,
                r->before.operation, r->event.old_capacity, r->event.new_capacity,
                r->event.items, r->event.old_bytes, r->event.new_bytes, r->began_ns,
                r->ended_ns, r->behind.page_faults - r->before.page_faults, r->is_timed,
                r->peak_live_bytes);
        if (has_resident)
            fprintf(messages, " %" PRIu64, r->most.resident_bytes);
        if (has_resident && r->has_huge)
            fprintf(messages, " %" PRIu64, r->huge_bytes);
        fputc('\n', messages);
    }
}

static void send_resident(FILE *messages, bool has_resident)
{
    static const char *const names[] = {"resize_peak_resident_bytes",
                                        "peak_resident_over_live"};
    const uint64_t first = seen.first.resident_bytes;
    for (size_t i = 0; i < 2 && !has_resident; i++)
        send_absent(messages, names[i], "/proc/self/statm is not readable; mount /proc");
    if (!has_resident)
        return;
    if (moments.n_resizes > 0)
        send_count(messages, names[0], seen.resize_resident);
    else
        send_absent(messages, names[0], "no resize");
    if (seen.live_at_end == 0)
        send_absent(messages, names[1], "the map is empty");
    else
        send_real(messages, names[1],
                  (double)(seen.most_resident - first) / (double)seen.live_at_end);
}

static void finish(const struct run_facts *facts)
{
    FILE *const messages = facts->messages;
    const bool has_resident = seen.first.resident_bytes > 0;
    if (seen.timed_ns > 0)
        send_real(messages, "resize_share",
                  (double)seen.resize_ns / (double)seen.timed_ns);
    else
        send_absent(messages, "resize_share", "no operation was timed");
    send_count(messages, "resize_page_faults", seen.resize_faults);
    if (moments.n_resizes > 0)
        send_count(messages, "resize_longest_ns", seen.longest_ns);
    else
        send_absent(messages, "resize_longest_ns", "no resize");
    send_resident(messages, has_resident);
    send_moments(messages, has_resident);
    send_resizes(messages, has_resident);
}

static const struct metric_info metrics[] = {
    {"resize_share", "1", "part of the timed batches' time that resizes took"},
    {"resize_longest_ns", "ns", "the longest resize"},
    {"resize_page_faults", "1", "page faults within resizes"},
    {"resize_peak_resident_bytes", "bytes", "most the child had resident in a resize"},
    {"peak_resident_over_live", "1",
     "most that became resident in the run, by bytes held at its end"},
    {NULL, NULL, NULL},
};

const struct instrument instrument_timeline = {
    .name = "timeline",
    .summary = "bytes held and resident over the run, and each resize; on request",
    .pass = PASS_COUNTED,
    .is_on_request = true,
    .metrics = metrics,
    .start = start,
    .begin = begin,
    .end = end,
    .stop = stop,
    .finish = finish,
};
