/* SPDX-License-Identifier: MIT */
/* Latency: how long single operations take, and which one took longest.
 *
 * Question. What does one caller wait, at the median and at worst, and why? Method. A
 * build of the map with a time stamp behind each operation; the difference of successive
 * stamps goes into a histogram. What two stamps themselves cost is measured at the start
 * (99th percentile): below it nothing can be told apart, and nothing is subtracted. The
 * longest operations are kept; what a resize took is measured by the same stamps. A stall
 * is marked preempted when the kernel has taken the processor away against the process's
 * will: during its resize, if that was nine tenths of it or more, else during the batch
 * (512 operations or fewer) it stands in.
 * What it does not measure. Stamps keep operations from overlapping: these are not the
 * throughput's nanoseconds. What a hypervisor takes away without the kernel's knowledge
 * looks like the map's own time. */
#include <string.h>
#include <sys/resource.h>

#include "../instrument.h"
#include "../stats/histogram.h"
#include "../subject_stamp.h"

enum { N_STALLS = 8, N_FLOOR = 4096 };

struct resize_seen {
    uint64_t began, ended, new_capacity;
    bool is_preempted;
};

static struct histogram histogram;
static struct {
    const om_allocator *allocator; /* the one underneath */
    uint64_t floor;                /* ticks between two stamps with nothing between */
    uint64_t first_stamp, batch_began;
    const char *hindrance; /* why there are no stamps, if there are none */
    struct timespec first_time;
    long switches_before;
    struct resize_seen resizes[64]; /* of the current batch; one for each doubling */
    size_t n_resizes;
    struct stalls {
        struct stall of[N_STALLS]; /* durations in ticks, longest first */
        size_t n;
    } stalls[2]; /* undisturbed; preempted */
} seen;

/* ---- resizes, by an allocator that hands everything on ---- */

static long involuntary_switches(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_nivcsw;
}

static void on_resize(void *context, const om_resize *resize, bool is_end)
{
    static long switches;
    (void)context;
    if (seen.n_resizes == sizeof seen.resizes / sizeof *seen.resizes)
        return;
    struct resize_seen *const r = &seen.resizes[seen.n_resizes];
    if (!is_end) {
        switches = involuntary_switches();
        r->new_capacity = resize->new_capacity;
        r->began = stamp_now();
        return;
    }
    r->ended = stamp_now();
    r->is_preempted = involuntary_switches() != switches;
    seen.n_resizes++;
}

/* ---- stamps ---- */

static uint64_t measure_floor(void)
{
    memset(&histogram, 0, sizeof histogram);
    uint64_t before = stamp_now();
    for (int i = 0; i < N_FLOOR; i++) {
        const uint64_t now = stamp_now();
        histogram_add(&histogram, now - before);
        before = now;
    }
    return (uint64_t)histogram_quantile(&histogram, 0.99);
}

static void start(struct run_facts *facts)
{
    static om_allocator watching;
    memset(&seen, 0, sizeof seen);
    seen.floor = measure_floor();
    memset(&histogram, 0, sizeof histogram);
    watching = instrument_hooks(facts->allocator);
    watching.on_resize = on_resize;
    facts->allocator = &watching;
    clock_gettime(CLOCK_MONOTONIC, &seen.first_time);
    seen.first_stamp = stamp_now();
}

static void begin(void)
{
    seen.n_resizes = 0;
    seen.switches_before = involuntary_switches();
    seen.batch_began = stamp_now();
}

/* The resize that fell between two stamps, or NULL. */
static const struct resize_seen *resize_between(uint64_t from, uint64_t to)
{
    for (size_t i = 0; i < seen.n_resizes; i++)
        if (seen.resizes[i].began >= from && seen.resizes[i].ended <= to)
            return &seen.resizes[i];
    return NULL;
}

/* Keeps the longest, preempted ones apart: on a busy machine they would be all. */
static void keep_stall(const struct stall *stall)
{
    struct stalls *const kept = &seen.stalls[stall->is_preempted];
    size_t place = kept->n;
    while (place > 0 && kept->of[place - 1].duration_ns < stall->duration_ns)
        place--;
    if (place == N_STALLS)
        return;
    kept->n += kept->n < N_STALLS;
    memmove(&kept->of[place + 1], &kept->of[place],
            (kept->n - 1 - place) * sizeof *kept->of);
    kept->of[place] = *stall;
}

static double shortest_of(const struct stalls *kept)
{
    return kept->n < N_STALLS ? 0 : kept->of[N_STALLS - 1].duration_ns;
}

/* Ticks that an operation of a batch must exceed to be kept. In a batch with a switch
 * some may count as undisturbed: those whose resize lay elsewhere in it. */
static uint64_t shortest_kept(bool is_switched)
{
    const double calm = shortest_of(&seen.stalls[0]);
    const double preempted = shortest_of(&seen.stalls[1]);
    return (uint64_t)(is_switched && preempted < calm ? preempted : calm);
}

static void look_at(const struct batch *batch, unsigned i, bool is_switched)
{
    const uint64_t from = batch->stamps[i], to = batch->stamps[i + 1];
    const struct resize_seen *const resize = resize_between(from, to);
    struct stall stall = {
        .operation = batch->first_operation + i,
        .kind = subject_kind(batch, i),
        .duration_ns = (double)(to - from),
        .is_preempted = is_switched,
    };
    if (resize != NULL) {
        stall.new_capacity = resize->new_capacity;
        stall.resize_ns = (double)(resize->ended - resize->began);
        /* a switch elsewhere in the batch is not this operation's if the resize was most
         * of it */
        stall.is_preempted = resize->is_preempted ||
                             (is_switched && stall.resize_ns < 0.9 * stall.duration_ns);
    }
    keep_stall(&stall);
}

static void end(const struct batch *batch)
{
    const bool is_switched = involuntary_switches() != seen.switches_before;
    const uint64_t shortest = shortest_kept(is_switched);
    if (subject_is_whole(batch->operation))
        seen.hindrance = "it is about the whole map: there are no single operations";
    else if (batch->operation == OPERATION_GET_MANY)
        seen.hindrance = "a call looks several keys up: there are no single operations";
    else if (batch->stamps[0] < seen.batch_began)
        seen.hindrance = "the map's stamped file takes no stamps: compile it with "
                         "-DSUBJECT_STAMPED";
    if (seen.hindrance != NULL)
        return;
    for (unsigned i = 0; i < batch->n; i++) {
        const uint64_t ticks = batch->stamps[i + 1] - batch->stamps[i];
        histogram_add(&histogram, ticks);
        if (ticks > shortest)
            look_at(batch, i, is_switched);
    }
}

/* Nanoseconds a tick, over the whole run. */
static double tick_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const uint64_t ticks = stamp_now() - seen.first_stamp;
    const double ns = (double)(now.tv_sec - seen.first_time.tv_sec) * 1e9 +
                      (double)(now.tv_nsec - seen.first_time.tv_nsec);
    return ns / (double)ticks;
}

static void finish(const struct run_facts *facts)
{
    static const struct {
        const char *metric;
        double share;
    } wanted[] = {{"latency_p50_ns", 0.5},
                  {"latency_p90_ns", 0.9},
                  {"latency_p99_ns", 0.99},
                  {"latency_p999_ns", 0.999},
                  {"latency_max_ns", 1}};
    for (size_t i = 0; seen.hindrance != NULL && i < sizeof wanted / sizeof *wanted; i++)
        send_absent(facts->messages, wanted[i].metric, seen.hindrance);
    if (seen.hindrance != NULL)
        return;
    const double ns = tick_ns(), floor_ns = (double)seen.floor * ns;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const double value = histogram_quantile(&histogram, wanted[i].share) * ns;
        if (value > floor_ns)
            send_real(facts->messages, wanted[i].metric, value);
        else
            send_bound(facts->messages, wanted[i].metric, floor_ns);
    }
    for (int i = 0; i < 2; i++) {
        for (size_t j = 0; j < seen.stalls[i].n; j++) {
            struct stall stall = seen.stalls[i].of[j];
            stall.duration_ns *= ns;
            stall.resize_ns *= ns;
            send_stall(facts->messages, &stall);
        }
    }
}

static const struct metric_info metrics[] = {
    {"latency_p50_ns", "ns", "half of the operations take this long or less"},
    {"latency_p90_ns", "ns", "nine in ten do"},
    {"latency_p99_ns", "ns", "99 in 100"},
    {"latency_p999_ns", "ns", "999 in 1000"},
    {"latency_max_ns", "ns", "the longest operation"},
    {NULL, NULL, NULL},
};

const struct instrument instrument_latency = {
    .name = "latency",
    .summary = "how long single operations take, and where the longest was",
    .pass = PASS_STAMPED,
    .metrics = metrics,
    .start = start,
    .begin = begin,
    .end = end,
    .finish = finish,
};
