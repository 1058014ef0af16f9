/* SPDX-License-Identifier: MIT */
/* Reuse: the misses of caches of every size, from one pass over the map's lines.
 *
 * Question. From what size of cache on does the map stop missing? Method. The distance of
 * each line to its last use, in different lines between, is what a fully associative LRU
 * cache must hold to have it still (Mattson, Gecsei, Slutz, Traiger, 1970).
 * What it does not measure. Sets, prefetchers, parts: cachesim does. It takes the log of
 * the distance an access, so only who asks for it gets it. */
#include <inttypes.h>

#include "../instrument.h"
#include "../sim/reuse.h"
#include "../tracer.h"

enum { LINE_LOG2 = 6 };

static struct reuse *reuse;
static bool has_failed;

static void see(const struct traced_access *accesses, size_t n)
{
    for (size_t i = 0; i < n && !has_failed; i++) {
        const struct traced_access *const access = &accesses[i];
        const uint64_t end = (access->address + access->bytes - 1) >> LINE_LOG2;
        const bool is_demand =
            access->kind == ACCESS_LOAD || access->kind == ACCESS_STORE;
        for (uint64_t line = access->address >> LINE_LOG2; is_demand && line <= end;
             line++)
            has_failed |=
                !reuse_access(reuse, line, (access->flags & ACCESS_COUNTED) != 0);
    }
}

static void start(struct run_facts *facts)
{
    (void)facts;
    reuse = reuse_create();
    has_failed = reuse == NULL;
    tracer_listen(see);
}

static const struct metric_info metrics[] = {
    {"reuse_lines", "1", "lines of 64 bytes that were touched, again and again counted"},
    {NULL, NULL, NULL},
};

static void finish(const struct run_facts *facts)
{
    if (has_failed) {
        send_absent(facts->messages, "reuse_lines",
                    "no memory for the distances; give more with --memory-limit");
        return;
    }
    send_count(facts->messages, "reuse_lines", reuse_accesses(reuse));
    fprintf(facts->messages, "reuse %d %" PRIu64 "\n", 1 << LINE_LOG2,
            reuse_accesses(reuse));
    for (size_t i = 0; i < reuse_points(reuse); i++) {
        uint64_t lines;
        const uint64_t misses = reuse_misses(reuse, i, &lines);
        fprintf(facts->messages, "point %" PRIu64 " %" PRIu64 "\n", lines, misses);
    }
    reuse_destroy(reuse);
}

const struct instrument instrument_reuse = {
    .name = "reuse",
    .summary = "misses against cache size, from reuse distances; on request",
    .pass = PASS_TRACED,
    .trust = "simulated",
    .is_on_request = true,
    .metrics = metrics,
    .start = start,
    .finish = finish,
};
