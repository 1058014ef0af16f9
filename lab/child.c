/* SPDX-License-Identifier: MIT */
/* The side of a run that holds the map. */
#include "child.h"

#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "arena.h"
#include "feed.h"
#include "loader.h"
#include "oracle.h"
#include "tracer.h"

/* Everything of one run. */
struct run {
    const struct cell *cell;
    const struct subject_variant *variant;
    const struct subject *subject;
    struct trace_port *trace; /* NULL: nothing is traced */
    enum pass pass;
    struct key_file keys;
    struct workload_plan plan;
    struct feed feed;   /* makes one batch after the other */
    struct feed *feeds; /* or each has made one of all; mapped, n_feeds of them */
    size_t n_feeds;
    struct run_facts facts;
    void *map;
    const struct instrument *instruments[16];
    size_t n_instruments;
};

static bool prepare(struct run *run, struct complaint *complaint)
{
    const struct cell *const cell = run->cell;
    const bool are_integers = strcmp(cell->key, "u64") == 0;
    const bool has_keys = cell->keys_path[0] != '\0';
    if (!loader_load(cell->path, cell->key, cell->hash, &run->variant, &run->subject,
                     complaint))
        return false;
    run->trace = run->subject->trace;
    if (has_keys && !key_file_load(&run->keys, cell->keys_path, are_integers, complaint))
        return false;
    if (!cell_plan(cell, has_keys ? &run->keys : NULL, &run->plan, complaint))
        return false;
    run->facts.n_operations = workload_timed(&run->plan);
    run->facts.allocator = confinement_allocator(&cell->confinement);
    run->facts.layout = run->variant->layout();
    run->facts.subject_flags = run->subject->flags;
    run->facts.machines = cell->machines;
    run->facts.has_band = cell->has_band;
    run->facts.method = cell->method;
    return true;
}

/* Listens to a traced subject, from before its map is there. */
static bool open_trace(struct run *run, struct complaint *complaint)
{
    if (!tracer_open(run->trace, complaint))
        return false;
    run->facts.allocator = tracer_allocator();
    tracer_know(&run->feed, sizeof run->feed, PART_OPERATIONS);
    tracer_know(run->keys.bytes, run->keys.n_bytes, PART_OPERATIONS);
    tracer_know_code(run->variant);
    return true;
}

/* Gives the pages of one loaded file's read-only segments back; they come again from the
 * page cache when they are used. */
static int give_code_back(struct dl_phdr_info *file, size_t size, void *context)
{
    const uintptr_t mask = (uintptr_t)sysconf(_SC_PAGESIZE) - 1;
    (void)size, (void)context;
    for (size_t i = 0; i < file->dlpi_phnum; i++) {
        const ElfW(Phdr) *const segment = &file->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0)
            continue;
        const uintptr_t first = file->dlpi_addr + segment->p_vaddr;
        const uintptr_t end = first + segment->p_memsz;
        (void)madvise((void *)(first & ~mask), end - (first & ~mask), MADV_DONTNEED);
    }
    return 0;
}

/* What reading options and planning have touched is not the workload's: in a bare run,
 * which is measured from outside, that code is given back first. The subject is loaded
 * after this, so that a debugger's breakpoints in it stay. */
static void forget_start_up(void)
{
    (void)dl_iterate_phdr(give_code_back, NULL);
}

static void begin_batch(const struct run *run, const struct batch *batch)
{
    if (run->trace != NULL)
        tracer_begin(batch, !run->cell->is_premade);
    for (size_t i = 0; i < run->n_instruments; i++)
        if (run->instruments[i]->begin != NULL)
            run->instruments[i]->begin();
}

static void end_batch(const struct run *run, const struct batch *batch)
{
    for (size_t i = run->n_instruments; i-- > 0;)
        if (run->instruments[i]->end != NULL)
            run->instruments[i]->end(batch);
    if (run->trace != NULL)
        tracer_end();
}

/* Not inlined: tools outside take this function for the region that is timed. */
__attribute__((noinline)) static void
run_timed_batch(const struct run *run, struct batch *batch, om_status *status)
{
    *status = run->variant->run(run->map, batch);
}

/* Makes all batches of the plan, for who looks from outside at the loops alone: each by a
 * feed of its own, since a batch lies in its feed. */
static om_status make_all(struct run *run)
{
    struct step step = {0};
    size_t n = 0;
    while (workload_next_step(&run->plan, run->feed.are_strings, &step))
        n++;
    if (n == 0)
        return OM_OK;
    void *const room = n > SIZE_MAX / sizeof *run->feeds
                           ? MAP_FAILED
                           : mmap(NULL, n * sizeof *run->feeds, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED)
        return OM_OUT_OF_MEMORY;
    run->feeds = room;
    run->n_feeds = n;
    if (run->trace != NULL)
        tracer_know(run->feeds, n * sizeof *run->feeds, PART_OPERATIONS);
    om_status status = OM_OK;
    for (size_t i = 0; i < n && status == OM_OK; i++) {
        bool is_end;
        run->feeds[i] = i == 0 ? run->feed : run->feeds[i - 1];
        status = feed_next(&run->feeds[i], &is_end);
    }
    return status;
}

/* The next batch: made now, or long ago. NULL at the end. */
static om_status next_batch(struct run *run, size_t i, struct feed **feed)
{
    bool is_end = i == run->n_feeds;
    om_status status = OM_OK;
    if (!run->cell->is_premade) {
        *feed = &run->feed;
        status = feed_next(*feed, &is_end);
    } else if (!is_end) {
        *feed = &run->feeds[i];
        (*feed)->batch.checksum = run->feed.batch.checksum;
        (*feed)->batch.n_hits = run->feed.batch.n_hits;
    }
    if (is_end)
        *feed = NULL;
    return status;
}

static om_status run_batch(struct run *run, struct feed *feed)
{
    om_status status = OM_OK;
    const bool is_timed = feed_is_timed(feed);
    run->facts.batch = &feed->batch;
    if (is_timed) {
        begin_batch(run, &feed->batch);
        run_timed_batch(run, &feed->batch, &status);
        end_batch(run, &feed->batch);
    } else {
        status = run->variant->run(run->map, &feed->batch);
    }
    if (status != OM_OK)
        return status;
    feed_settle(feed);
    run->feed.batch.checksum = feed->batch.checksum;
    run->feed.batch.n_hits = feed->batch.n_hits;
    return OM_OK;
}

/* Creates the map and runs every batch of the plan. The map's own seed is zero, as the
 * notes' was, so that a run can be repeated to the probe. */
static om_status run_batches(struct run *run)
{
    const om_allocator *const allocator = run->facts.allocator;
    const struct subject_setup setup = {{0, 0}, run->plan.entries, allocator};
    void *map = NULL; /* on the stack, which a tracer knows */
    om_status status = run->variant->create(&setup, &map);
    run->map = map;
    if (status != OM_OK)
        return status;
    if (run->trace != NULL)
        tracer_know(run->map, run->variant->map_bytes, PART_MAP);
    feed_init(&run->feed, &run->plan, strcmp(run->cell->key, "str") == 0, allocator);
    if (run->cell->is_premade)
        status = make_all(run);
    for (size_t i = 0; status == OM_OK; i++) {
        struct feed *feed;
        status = next_batch(run, i, &feed);
        if (status != OM_OK || feed == NULL)
            return status;
        status = run_batch(run, feed);
    }
    return status;
}

static void count_entry(void *context, om_view key, om_view value)
{
    struct verdict *const verdict = context;
    verdict->size++;
    verdict->content += verdict_of_entry(key, value);
}

/* Walks what is in the map and sends the verdict. */
static void send_verdict(struct run *run)
{
    struct verdict verdict = {0};
    verdict.checksum = run->feed.batch.checksum;
    verdict.n_hits = run->feed.batch.n_hits;
    run->variant->walk(run->map, count_entry, &verdict);
    if ((run->subject->flags & SUBJECT_CANNOT_WALK) != 0)
        verdict.size = run->variant->size(run->map);
    run->facts.size = verdict.size;
    fprintf(run->facts.messages,
            "verdict %016" PRIx64 " %" PRIu64 " %" PRIu64 " %016" PRIx64 "\n",
            verdict.checksum, verdict.n_hits, verdict.size, verdict.content);
}

static void choose_instruments(struct run *run, enum pass pass)
{
    for (size_t i = 0; i < n_instruments && run->n_instruments < 16; i++)
        if ((run->cell->instruments >> i & 1) != 0 && all_instruments[i]->pass == pass)
            run->instruments[run->n_instruments++] = all_instruments[i];
}

static void send_failure(FILE *messages, const char *status, const char *text)
{
    fprintf(messages, "status %s %s\n", status, text);
}

static void send_status(const struct run *run, om_status status)
{
    static const char *const passes[N_PASSES] = {"timed",   "stamped", "events'",
                                                 "counted", "traced",  "recorded",
                                                 "sampled", "emulated"};
    const uint64_t limit = run->cell->confinement.memory_bytes;
    const bool is_modelled = run->pass == PASS_TRACED;
    char text[192];
    const bool is_memory = status == OM_OUT_OF_MEMORY || status == OM_TOO_LARGE;
    snprintf(text, sizeof text, "%s", om_status_text(status));
    if (is_memory && limit != 0)
        snprintf(
            text, sizeof text,
            "%s in the %s pass: each process%s may have %.1f MB; raise --memory-limit",
            om_status_text(status), passes[run->pass],
            is_modelled ? ", the model's memory included," : "", (double)limit / 1e6);
    send_failure(run->facts.messages, is_memory ? "out_of_memory" : "failed", text);
}

/* Of whose accesses the trace knows that it has not all. */
static void send_unseen(const struct run *run)
{
    char text[256];
    if (run->trace == NULL || run->subject->unseen == NULL)
        return;
    snprintf(text, sizeof text, "%s", run->subject->unseen);
    text_mask(text);
    fprintf(run->facts.messages, "unseen %s\n", text);
}

static void run_pass(struct run *run)
{
    for (size_t i = 0; i < run->n_instruments; i++)
        if (run->instruments[i]->start != NULL)
            run->instruments[i]->start(&run->facts);
    const om_status status = run_batches(run);
    if (status != OM_OK) {
        send_status(run, status);
        return;
    }
    for (size_t i = 0; i < run->n_instruments; i++)
        if (run->instruments[i]->stop != NULL)
            run->instruments[i]->stop();
    if (run->trace != NULL)
        tracer_stop();
    send_verdict(run);
    for (size_t i = 0; i < run->n_instruments; i++)
        if (run->instruments[i]->finish != NULL)
            run->instruments[i]->finish(&run->facts);
    send_unseen(run);
    run->variant->destroy(run->map);
    for (size_t i = 0; i < run->n_instruments; i++)
        if (run->instruments[i]->after != NULL)
            run->instruments[i]->after(&run->facts);
}

/* This process may be the child of a tool, whose end would leave it alone; and the lab,
 * at the other end of the pipe, may have come to its own before this was said. */
static void die_with_parent(void)
{
    struct pollfd end = {CHILD_MESSAGES, 0, 0};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (poll(&end, 1, 0) > 0 && (end.revents & POLLERR) != 0)
        _exit(127);
}

/* Puts the pipe that has a name, if there is one, where the other would be. */
static void open_messages(void)
{
    const char *const path = getenv(CHILD_MESSAGES_PATH);
    const int end = path != NULL ? open(path, O_WRONLY | O_CLOEXEC) : -1;
    if (end >= 0 && end != CHILD_MESSAGES) {
        (void)dup2(end, CHILD_MESSAGES);
        close(end);
    }
}

int child_main(char **words)
{
    static struct cell cell;
    static struct run run;
    struct complaint complaint;
    open_messages();
    FILE *const messages = fdopen(CHILD_MESSAGES, "w");
    if (messages == NULL) {
        fprintf(stderr, "onemiss: %s is for the lab's own use\n", CELL_WORD);
        return 2;
    }
    die_with_parent();
    setvbuf(messages, NULL, _IOLBF, 0);
    run.cell = &cell;
    run.facts.messages = messages;
    bool is_ready = cell_from_words(words, &cell, &run.pass, &complaint);
    if (run.pass == PASS_COUNTED || run.pass == PASS_CALLS)
        cell.is_premade = false; /* the batches' memory would be among the map's */
    if (is_ready) {
        confinement_enter(&cell.confinement);
        confinement_die_first();
        is_ready =
            prepare(&run, &complaint) && (run.pass != PASS_TRACED || run.trace == NULL ||
                                          open_trace(&run, &complaint));
    }
    if (!is_ready) {
        send_failure(messages, "refused", complaint.text);
    } else {
        choose_instruments(&run, run.pass);
        run_pass(&run);
    }
    fputs("done\n", messages);
    fclose(messages);
    return 0;
}

bool child_run_bare(const struct cell *cell, uint64_t *n_operations,
                    struct complaint *complaint)
{
    static struct run run;
    run.cell = cell;
    forget_start_up();
    if (!prepare(&run, complaint))
        return false;
    if (cell->is_premade && !arena_open(NULL, NULL, complaint))
        return false;
    if (cell->is_premade)
        run.facts.allocator = &arena_allocator;
    *n_operations = run.facts.n_operations;
    const om_status status = run_batches(&run);
    if (status != OM_OK)
        return complain(complaint, "%s", om_status_text(status));
    run.variant->destroy(run.map);
    key_file_drop(&run.keys);
    return true;
}
