/* SPDX-License-Identifier: MIT */
/* Memory: every allocation of the map, resizes, page faults, resident bytes.
 *
 * Question. What does the map ask for, hold, and touch? Method. An allocator that counts
 * and hands on to the default one; getrusage for the process. One run, since the counts
 * do not vary. What it does not measure. malloc's own overhead, except in the resident
 * bytes, which are the whole child's: about 2 MiB of them is the program itself (the row
 * of `empty` shows it), and in workload keys the keys file. */
#include <string.h>

#include "../ledger.h"
#include "../small_file.h"

static const char hidden[] = "the map asks elsewhere for memory, which is not counted";

static struct {
    FILE *messages;
    const struct ledger *books;
    long n_faults;
    uint64_t peak_resident_kb, huge_kb;
    bool has_peak_resident, has_huge;
} seen;

static void after_resize(const struct ledger_resize *resize)
{
    if (!resize->has_failed)
        send_resize(seen.messages, &resize->event, resize->ended_ns - resize->began_ns);
}

static const struct ledger_listener listener = {.after_resize = after_resize};

/* Lets the kernel forget how much was resident while the run was prepared. */
static void forget_peak(void)
{
    FILE *const references = fopen("/proc/self/clear_refs", "w");
    if (references != NULL) {
        fputs("5", references);
        fclose(references);
    }
}

/* A number of kilobytes in a file of /proc, sent in bytes. */
static void send_kilobytes(FILE *messages, const char *metric, bool is_known,
                           uint64_t kilobytes)
{
    if (is_known)
        send_count(messages, metric, kilobytes * 1024);
    else
        send_absent(messages, metric, "/proc/self is not readable; mount /proc");
}

static void start(struct run_facts *facts)
{
    memset(&seen, 0, sizeof seen);
    seen.messages = facts->messages;
    forget_peak();
    seen.books = ledger_open(facts);
    ledger_listen(&listener);
}

/* Before the final walk, which touches what the workload may not have. */
static void stop(void)
{
    seen.n_faults = ledger_faults() - seen.books->faults_before;
    /* not ru_maxrss: a child inherits in it what its parent had before the exec */
    seen.has_peak_resident =
        small_file_number("/proc/self/status", "VmHWM:", &seen.peak_resident_kb);
    seen.has_huge =
        small_file_number("/proc/self/smaps_rollup", "AnonHugePages:", &seen.huge_kb);
}

/* What the books say of the map's own requests. */
static void send_books(const struct run_facts *facts)
{
    static const char *const names[] = {"alloc_calls", "free_calls", "alloc_bytes",
                                        "live_bytes", "peak_bytes"};
    const struct ledger *const books = seen.books;
    const uint64_t counts[] = {books->alloc_calls, books->free_calls, books->alloc_bytes,
                               books->live_bytes, books->peak_bytes};
    const bool is_hidden = (facts->subject_flags & SUBJECT_HIDES_MEMORY) != 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (is_hidden)
            send_absent(facts->messages, names[i], hidden);
        else
            send_count(facts->messages, names[i], counts[i]);
    }
    if ((facts->subject_flags & SUBJECT_HIDES_RESIZES) != 0)
        send_absent(facts->messages, "resizes", "the map does not tell of its resizes");
    else
        send_count(facts->messages, "resizes", books->n_resizes);
}

static void send_by_entry(const struct run_facts *facts)
{
    static const char *const names[] = {"bytes_per_entry",
                                        "bytes_per_entry_without_strings"};
    const struct ledger *const books = seen.books;
    const bool is_ceiling = (facts->subject_flags & SUBJECT_IS_CEILING) != 0;
    const double size = (double)facts->size;
    double bytes = (double)(books->live_bytes - books->string_bytes);
    if (is_ceiling) /* what it touches, not the room ahead */
        bytes = (double)facts->layout.entry_bytes * size;
    const double all[] = {bytes + (double)books->string_bytes, bytes};
    const char *const reason =
        (facts->subject_flags & SUBJECT_HIDES_MEMORY) != 0 && !is_ceiling ? hidden
        : facts->size == 0 ? "the map is empty"
                           : NULL;
    for (size_t i = 0; i < 2; i++) {
        if (reason != NULL)
            send_absent(facts->messages, names[i], reason);
        else
            send_real(facts->messages, names[i], all[i] / size);
    }
}

static void finish(const struct run_facts *facts)
{
    FILE *const messages = facts->messages;
    send_books(facts);
    send_count(messages, "page_faults", (uint64_t)seen.n_faults);
    send_kilobytes(messages, "peak_rss_bytes", seen.has_peak_resident,
                   seen.peak_resident_kb);
    send_kilobytes(messages, "huge_page_bytes", seen.has_huge, seen.huge_kb);
    send_by_entry(facts);
}

static void after(const struct run_facts *facts)
{
    if (seen.books->live_bytes != 0)
        send_leak(facts->messages, seen.books->live_bytes);
}

static const struct metric_info metrics[] = {
    {"peak_bytes", "bytes", "most bytes the map and its strings held at once"},
    {"live_bytes", "bytes", "bytes they hold at the end"},
    {"peak_rss_bytes", "bytes", "most memory the whole child had resident"},
    {"huge_page_bytes", "bytes", "of it at the end, in transparent huge pages"},
    {"bytes_per_entry", "bytes", "live bytes by entries, owned strings included"},
    {"bytes_per_entry_without_strings", "bytes", "the same, owned strings left out"},
    {"alloc_calls", "1", "blocks asked for, those of keys and values included"},
    {"alloc_bytes", "bytes", "bytes asked for"},
    {"free_calls", "1", "blocks given back before the end"},
    {"page_faults", "1", "pages the child touched first, without reading from disk"},
    {"resizes", "1", "tables replaced; the first table is not one"},
    {NULL, NULL, NULL},
};

const struct instrument instrument_memory = {
    .name = "memory",
    .summary = "allocation calls and bytes, peaks, page faults, resize events",
    .pass = PASS_COUNTED,
    .metrics = metrics,
    .start = start,
    .stop = stop,
    .finish = finish,
    .after = after,
};
