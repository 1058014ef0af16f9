/* SPDX-License-Identifier: MIT */
/* The caches and pages of this machine, measured.
 *
 * Question. How large is each cache really, what does a load cost that misses it, and
 * what does a fresh page cost? Method. One pointer a 64-byte line; the pointers make a
 * single cycle in random order (Sattolo, 1986), so that no load can start before the one
 * before it has ended and no prefetcher knows the next line. Four sizes a doubling, the
 * two kinds of pages in turn at each size, the whole sweep several times. Whether huge
 * pages were got is read from /proc/self/smaps. What it does not measure. Bandwidth; what
 * a neighbour takes of a shared level is part of the answer; where pages are small the
 * steps of the address translation stand between those of the caches. */
#include "calibration.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "small_file.h"
#include "stats/median.h"

enum {
    LINE_BYTES = 64,
    PAGE_BYTES = 4096,
    HUGE_BYTES = 2 << 20,
    LEAST_BYTES = 4096,
    N_PER_DOUBLING = 4,
    MOST_SWEEPS = 3,
    N_ROUNDS = 3, /* at each size of a sweep */
    N_PIECES = 8, /* of a round, timed one by one: most fit between two interruptions */
    N_TOUCHES = 5,
    TOUCH_BYTES = 32 << 20
};

static const uint64_t USUAL_BYTES = (uint64_t)256 << 20, MOST_BYTES = (uint64_t)1 << 30;
static const double MOST_SECONDS = 24;

/* One region of each kind of pages, and the successors of lines in the cycle. */
struct bench {
    char *mapped[N_KINDS_OF_PAGES], *region[N_KINDS_OF_PAGES];
    size_t mapped_bytes, bytes;
    uint32_t *next;
    uint64_t random;
    uint64_t sizes[MOST_STAIRS];
    size_t n_sizes;
    uint64_t warm_lines; /* more of them cannot be in any cache */
    double samples[N_KINDS_OF_PAGES][MOST_STAIRS][MOST_SWEEPS * N_ROUNDS * N_PIECES];
    unsigned n_samples;
};

static double now_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* ---- the chase ---- */

/* A 64-bit linear congruential generator, its high half (Knuth, MMIX). */
static uint32_t random_below(uint64_t *state, uint32_t end)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(((*state >> 32) * end) >> 32);
}

static void make_cycle(uint32_t *next, uint32_t n, uint64_t *random)
{
    for (uint32_t i = 0; i < n; i++)
        next[i] = i;
    for (uint32_t i = n - 1; i > 0; i--) {
        const uint32_t other = random_below(random, i), kept = next[i];
        next[i] = next[other];
        next[other] = kept;
    }
}

static void lay_out(char *region, const uint32_t *next, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        char *const to = region + (size_t)next[i] * LINE_BYTES;
        memcpy(region + (size_t)i * LINE_BYTES, &to, sizeof to);
    }
}

/* `n` is a multiple of 8. */
__attribute__((noinline)) static void *chase(void *at, size_t n)
{
#define STEP at = *(void *volatile *)at
    for (size_t i = 0; i < n; i += 8) {
        STEP, STEP, STEP, STEP, STEP, STEP, STEP;
        STEP;
    }
#undef STEP
    return at;
}

/* About a millisecond or more, and a cycle of the smaller sizes many times over. */
static size_t loads_of(uint64_t bytes)
{
    return bytes <= (1 << 20) ? 131072 : 32768;
}

/* Nanoseconds a load, in pieces of `n` loads. */
static void *time_pieces(void *at, size_t n, double samples[N_PIECES])
{
    for (int i = 0; i < N_PIECES; i++) {
        const double before = now_ns(CLOCK_MONOTONIC);
        at = chase(at, n);
        samples[i] = (now_ns(CLOCK_MONOTONIC) - before) / (double)n;
    }
    return at;
}

static void measure_size(struct bench *bench, size_t size)
{
    void *at[N_KINDS_OF_PAGES];
    const uint64_t n_lines = bench->sizes[size] / LINE_BYTES;
    const size_t n = loads_of(bench->sizes[size]);
    const size_t warm =
        (size_t)(n_lines < bench->warm_lines ? n_lines : bench->warm_lines) & ~(size_t)7;
    make_cycle(bench->next, (uint32_t)n_lines, &bench->random);
    for (int kind = 0; kind < N_KINDS_OF_PAGES; kind++) {
        at[kind] = bench->region[kind];
        if (at[kind] != NULL)
            lay_out(bench->region[kind], bench->next, (uint32_t)n_lines);
    }
    /* the other kind's chase empties the caches: each warms up anew */
    for (unsigned round = 0; round < N_ROUNDS; round++)
        for (int kind = 0; kind < N_KINDS_OF_PAGES; kind++) {
            if (at[kind] == NULL)
                continue;
            at[kind] = chase(at[kind], round == 0 || warm < n ? warm : n);
            at[kind] = time_pieces(
                at[kind], n / N_PIECES,
                &bench->samples[kind][size][bench->n_samples + round * N_PIECES]);
        }
}

/* ---- regions ---- */

/* Bytes of [from, from + bytes) in huge pages, or false when the kernel does not tell. */
static bool huge_bytes(const char *from, size_t bytes, uint64_t *huge)
{
    char line[512];
    bool is_inside = false, is_told = false;
    const uintptr_t low = (uintptr_t)from, high = low + bytes;
    FILE *const file = fopen("/proc/self/smaps", "r");
    *huge = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned long long begin, end, kilobytes;
        if (sscanf(line, "%llx-%llx ", &begin, &end) == 2)
            is_inside = begin < high && end > low;
        else if (is_inside && sscanf(line, "AnonHugePages: %llu", &kilobytes) == 1) {
            *huge += (uint64_t)kilobytes * 1024;
            is_told = true;
        }
    }
    if (file != NULL)
        fclose(file);
    return is_told;
}

/* Maps `bytes` whose first byte begins a huge page; `mapped` is what to unmap. */
static char *map(size_t bytes, int kind, char **mapped)
{
    char *const all = mmap(NULL, bytes + HUGE_BYTES, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED)
        return NULL;
    *mapped = all;
    char *const region = all + (-(uintptr_t)all & (HUGE_BYTES - 1));
    (void)madvise(all, bytes + HUGE_BYTES,
                  kind == HUGE_PAGES ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    return region;
}

static void touch(char *region, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += PAGE_BYTES)
        *(volatile char *)(region + at) = 1;
}

/* Whether the region has the pages it is to have; else the reason. */
static bool has_its_pages(const char *region, size_t bytes, int kind, char reason[256])
{
    uint64_t huge = 0;
    char line[128];
    const bool is_told = huge_bytes(region, bytes, &huge);
    const bool is_off = small_file_line("/sys/kernel/mm/transparent_hugepage/enabled",
                                        line, sizeof line) &&
                        strstr(line, "[never]") != NULL;
    if (kind == SMALL_PAGES && huge > 0)
        snprintf(reason, 256, "the kernel used huge pages for %.0f %% against our advice",
                 100 * (double)huge / (double)bytes);
    else if (kind == HUGE_PAGES && is_off)
        snprintf(reason, 256, "transparent huge pages are switched off");
    else if (kind == HUGE_PAGES && !is_told)
        snprintf(reason, 256, "/proc/self/smaps does not tell whether they are huge");
    else if (kind == HUGE_PAGES && huge < bytes / 10 * 9)
        snprintf(reason, 256, "the kernel gave huge pages for only %.0f %%",
                 100 * (double)huge / (double)bytes);
    return reason[0] == '\0';
}

static void unmap(struct bench *bench, int kind)
{
    if (bench->region[kind] != NULL)
        munmap(bench->mapped[kind], bench->mapped_bytes);
    bench->region[kind] = NULL;
}

/* How much to walk through: beyond the last level, and what memory there is. */
static uint64_t largest_size(uint64_t believed_bytes)
{
    uint64_t kilobytes;
    uint64_t most = believed_bytes * 4 > USUAL_BYTES ? believed_bytes * 4 : USUAL_BYTES;
    if (most > MOST_BYTES)
        most = MOST_BYTES;
    if (small_file_number("/proc/meminfo", "MemAvailable:", &kilobytes))
        while (most > HUGE_BYTES && most > kilobytes * 1024 / 3)
            most /= 2;
    return most;
}

static bool prepare(struct bench *bench, struct calibration *calibration, uint64_t most)
{
    for (size_t i = 0; i < MOST_STAIRS; i++) {
        const double size = LEAST_BYTES * exp2((double)i / N_PER_DOUBLING);
        bench->sizes[i] = (uint64_t)(size + 0.5) / LINE_BYTES * LINE_BYTES;
        bench->n_sizes += bench->sizes[i] <= most; /* they ascend */
    }
    bench->bytes = most;
    bench->mapped_bytes = most + HUGE_BYTES;
    bench->random = 1;
    bench->next = malloc(most / LINE_BYTES * sizeof *bench->next);
    for (int kind = 0; kind < N_KINDS_OF_PAGES; kind++) {
        bench->region[kind] = map(most, kind, &bench->mapped[kind]);
        if (bench->region[kind] == NULL)
            return false;
        touch(bench->region[kind], most);
        if (!has_its_pages(bench->region[kind], most, kind,
                           calibration->pages[kind].reason))
            unmap(bench, kind);
    }
    return bench->next != NULL;
}

/* ---- first touch ---- */

static void measure_touch(struct calibration *calibration)
{
    double wall[N_KINDS_OF_PAGES][N_TOUCHES], cpu[N_KINDS_OF_PAGES][N_TOUCHES];
    const double n_pages = TOUCH_BYTES / PAGE_BYTES;
    for (int i = 0; i < N_TOUCHES; i++)
        for (int kind = 0; kind < N_KINDS_OF_PAGES; kind++) {
            char *mapped, *const region = map(TOUCH_BYTES, kind, &mapped);
            wall[kind][i] = cpu[kind][i] = (double)NAN;
            if (region == NULL)
                continue;
            const double from = now_ns(CLOCK_MONOTONIC);
            const double cpu_from = now_ns(CLOCK_THREAD_CPUTIME_ID);
            touch(region, TOUCH_BYTES);
            cpu[kind][i] = (now_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_from) / n_pages;
            wall[kind][i] = (now_ns(CLOCK_MONOTONIC) - from) / n_pages;
            munmap(mapped, TOUCH_BYTES + HUGE_BYTES);
        }
    for (int kind = 0; kind < N_KINDS_OF_PAGES; kind++) {
        const double median = median_of(wall[kind], N_TOUCHES, 0.9).value; /* sorts */
        calibration->pages[kind].touch =
            (struct first_touch){median, wall[kind][0], wall[kind][N_TOUCHES - 1],
                                 median_of(cpu[kind], N_TOUCHES, 0.9).value};
    }
}

/* ---- all of it ---- */

static void sum_up(const struct bench *bench, struct calibration *calibration, int kind)
{
    struct pages_measured *const pages = &calibration->pages[kind];
    double samples[MOST_SWEEPS * N_ROUNDS * N_PIECES];
    for (size_t i = 0; bench->region[kind] != NULL && i < bench->n_sizes; i++) {
        memcpy(samples, bench->samples[kind][i], sizeof samples);
        const double median = median_of(samples, bench->n_samples, 0.9).value;
        pages->stairs[i] = (struct stair){bench->sizes[i], samples[0], median,
                                          samples[bench->n_samples - 1]};
        pages->n_stairs = i + 1;
    }
    pages->n_levels = steps_find(pages->stairs, pages->n_stairs, pages->levels,
                                 MOST_LEVELS, &pages->memory_ns);
}

static void tell(void (*progress)(double share), double share)
{
    if (progress != NULL)
        progress(share);
}

static void sweep_all(struct bench *bench, struct calibration *calibration,
                      double began_ns, void (*progress)(double share))
{
    double last_ns = 0;
    for (unsigned sweep = 0; sweep < MOST_SWEEPS; sweep++) {
        const double from = now_ns(CLOCK_MONOTONIC);
        if (from - began_ns + last_ns > MOST_SECONDS * 1e9)
            break;
        for (size_t size = 0; size < bench->n_sizes; size++) {
            /* the work of a size grows with it: the share goes by the square */
            const double part = (double)size / (double)bench->n_sizes;
            measure_size(bench, size);
            tell(progress, (sweep + part * part) / MOST_SWEEPS);
        }
        last_ns = now_ns(CLOCK_MONOTONIC) - from;
        bench->n_samples += N_ROUNDS * N_PIECES;
        calibration->n_sweeps++;
    }
}

bool calibration_run(struct calibration *calibration, uint64_t believed_bytes,
                     void (*progress)(double share), struct complaint *complaint)
{
    const double began = now_ns(CLOCK_MONOTONIC);
    const double cpu_began = now_ns(CLOCK_THREAD_CPUTIME_ID);
    struct bench *const bench = calloc(1, sizeof *bench);
    memset(calibration, 0, sizeof *calibration);
    const bool is_ready =
        bench != NULL && prepare(bench, calibration, largest_size(believed_bytes));
    if (is_ready) {
        const uint64_t least = 1 << 19, believed = 2 * believed_bytes / LINE_BYTES;
        bench->warm_lines = believed > least ? believed : least;
        measure_touch(calibration);
        sweep_all(bench, calibration, began, progress);
        tell(progress, 1);
    }
    for (int kind = 0; bench != NULL && kind < N_KINDS_OF_PAGES; kind++) {
        if (is_ready)
            sum_up(bench, calibration, kind);
        unmap(bench, kind);
    }
    if (bench != NULL)
        free(bench->next);
    free(bench);
    const double cpu_ns = now_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_began;
    calibration->seconds = (now_ns(CLOCK_MONOTONIC) - began) / 1e9;
    calibration->cpu_share = cpu_ns / 1e9 / calibration->seconds;
    return is_ready || complain(complaint, "no memory to calibrate with");
}

const struct pages_measured *calibration_best(const struct calibration *calibration)
{
    const struct pages_measured *const huge = &calibration->pages[HUGE_PAGES];
    return huge->n_stairs > 0 ? huge : &calibration->pages[SMALL_PAGES];
}
