/* SPDX-License-Identifier: MIT */
/* Heat: how often each byte of the map's arrays is read and written.
 *
 * Question. Which bytes of a line does a map really use? Method. Accesses of the traced
 * build by their offset from the start of their block, modulo the pattern that entries of
 * this size make over lines: 24-byte entries repeat every three lines. A node's block is
 * the node.
 * What it does not measure. Time, or misses: a hot byte may well be in the cache. */
#include <inttypes.h>
#include <string.h>

#include "../instrument.h"
#include "../tracer.h"

enum { MOST_PERIOD = 1536, LINE_BYTES = 64, MOST_FIELDS = 4 };

static struct {
    size_t period[MOST_PARTS], entry[MOST_PARTS]; /* bytes; 0: not looked at */
    uint64_t counts[MOST_PARTS][2][MOST_PERIOD];  /* reads, writes */
    om_layout layout;
} heat;

/* The least multiple of both an entry and a line. */
static size_t period_of(size_t entry)
{
    size_t period = entry;
    while (period % LINE_BYTES != 0)
        period += entry;
    return period;
}

/* What an array's elements are, by the part's name. */
static void learn(unsigned part)
{
    const char *const name = tracer_part_name(part);
    size_t entry = 0;
    if (strcmp(name, "entries") == 0)
        entry = heat.layout.entry_bytes;
    else if (strcmp(name, "heads") == 0)
        entry = heat.layout.head_bytes;
    else if (strcmp(name, "status") == 0)
        entry = sizeof(uint64_t);
    else if (strcmp(name, "nodes") == 0)
        entry = heat.layout.node_bytes;
    if (entry == 0 || period_of(entry) > MOST_PERIOD)
        return;
    heat.entry[part] = entry;
    heat.period[part] = strcmp(name, "nodes") == 0 ? entry : period_of(entry);
}

static void see(const struct traced_access *accesses, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct traced_access *const access = &accesses[i];
        if ((access->flags & ACCESS_COUNTED) == 0 || access->kind > ACCESS_STORE ||
            access->part < N_FIXED_PARTS)
            continue;
        if (heat.entry[access->part] == 0)
            learn(access->part);
        const size_t period = heat.period[access->part];
        if (period == 0)
            continue;
        const uint64_t first = access->address - tracer_block(access);
        for (uint64_t at = first; at < first + access->bytes; at++)
            heat.counts[access->part][access->kind == ACCESS_STORE][at % period]++;
    }
}

static void start(struct run_facts *facts)
{
    heat.layout = facts->layout;
    tracer_listen(see);
}

/* By which heat is told by field. */
static void send_layout(FILE *to)
{
    if (heat.layout.entry_bytes == 0)
        return;
    fprintf(to, "layout %zu\n", heat.layout.entry_bytes);
    for (size_t i = 0; i < heat.layout.n_fields && i < MOST_FIELDS; i++) {
        const om_field *const field = &heat.layout.fields[i];
        char name[64];
        snprintf(name, sizeof name, "%s", field->name);
        text_mask(name);
        fprintf(to, "field %zu %zu %s\n", field->offset, field->bytes, name);
    }
}

static void finish(const struct run_facts *facts)
{
    static const char *const kinds[] = {"reads", "writes"};
    send_layout(facts->messages);
    for (unsigned part = 0; part < tracer_n_parts(); part++) {
        if (heat.period[part] == 0)
            continue;
        fprintf(facts->messages, "heat %zu %zu %s\n", heat.period[part], heat.entry[part],
                tracer_part_name(part));
        for (size_t k = 0; k < 2; k++)
            for (size_t at = 0; at < heat.period[part]; at++)
                fprintf(facts->messages, "%s %" PRIu64 "\n", kinds[k],
                        heat.counts[part][k][at]);
    }
}

static const struct metric_info metrics[] = {{NULL, NULL, NULL}};

const struct instrument instrument_heat = {
    .name = "heat",
    .summary = "how often each byte of a line is read and written; on request",
    .pass = PASS_TRACED,
    .trust = "simulated",
    .is_on_request = true,
    .metrics = metrics,
    .start = start,
    .finish = finish,
};
