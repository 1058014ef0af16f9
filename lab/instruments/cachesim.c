/* SPDX-License-Identifier: MIT */
/* Cachesim: cache behaviour by part of the map and by phase, from a model.
 *
 * Question. Which array of the map missed which cache, and while it did what?
 * Method. The traced build of the map reports its own accesses (tracer.h); each modelled
 * machine books them (booking.h). The rows named as the counters' count what perf's events
 * of those names count on the notes' laptop (Skylake, perf 6.1):
 *     sim_l1d_loads        loads; here as the source makes them, without spills
 *     sim_l1d_load_misses  L1D.REPLACEMENT: lines brought in, for loads, stores, page
 *                          walks, prefetchers, and the kernel's zeroing
 *     sim_llc_loads, sim_llc_load_misses   OFFCORE_RESPONSE demand data reads, which Intel
 *                          has count page-table reads too: loads and walks that missed the
 *                          level before the last, and the last; no stores, no prefetches
 *     sim_dtlb_load_misses loads that made a page walk
 * What it does not measure. Time; instructions; what the compiler does not report. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../booking.h"
#include "../instrument.h"
#include "../model_choice.h"

static struct {
    struct model_choice choice;
    struct booking *machines[MOST_MODELLED];
    struct booking *band[SIM_N_MODELS];
    size_t n_band;
    char reason[160]; /* why there is nothing */
} sim;

static void see(const struct traced_access *accesses, size_t n)
{
    for (size_t i = 0; i < sim.choice.n; i++)
        booking_see(sim.machines[i], accesses, n);
    for (size_t i = 0; i < sim.n_band; i++)
        booking_see(sim.band[i], accesses, n);
}

static bool prepare(const struct run_facts *facts, struct complaint *complaint)
{
    if (!model_choice_read(facts->machines, &sim.choice, complaint))
        return false;
    for (size_t i = 0; i < sim.choice.n; i++) {
        const struct modelled *const machine = &sim.choice.machines[i];
        sim.machines[i] = booking_create(&machine->geometry, &machine->model);
        if (sim.machines[i] == NULL)
            return complain(complaint,
                            "no memory to model %.63s; give more with "
                            "--memory-limit",
                            machine->name);
    }
    for (unsigned i = 0; facts->has_band && i < SIM_N_MODELS; i++) {
        const struct sim_model model =
            sim_model_of_band(i, &sim.choice.machines[0].model);
        sim.band[i] = booking_create(&sim.choice.machines[0].geometry, &model);
        if (sim.band[i] == NULL)
            return complain(complaint, "no memory for the band of models; leave "
                                       "--models out");
        sim.n_band++;
    }
    return true;
}

static void start(struct run_facts *facts)
{
    struct complaint complaint;
    if (prepare(facts, &complaint))
        tracer_listen(see);
    else
        snprintf(sim.reason, sizeof sim.reason, "%.150s", complaint.text);
}

static void stop(void)
{
    if (sim.reason[0] != '\0')
        return; /* not all of the machines were made */
    for (size_t i = 0; i < sim.choice.n; i++)
        booking_close(sim.machines[i]);
    for (size_t i = 0; i < sim.n_band; i++)
        booking_close(sim.band[i]);
}

/* Lines of a row that no level up to `level` had. */
static uint64_t misses(const struct booking_row *row, unsigned level, bool of_loads,
                       bool of_stores)
{
    uint64_t sum = 0;
    for (unsigned i = level + 1; i <= SIM_MOST_LEVELS; i++)
        sum +=
            (of_loads ? row->load_lines[i] : 0) + (of_stores ? row->store_lines[i] : 0);
    return sum;
}

struct total {
    uint64_t loads, lines, fetched, used;
    uint64_t misses[SIM_MOST_LEVELS]; /* loads' and stores' */
};

static struct total total_of(const struct booking *booking)
{
    struct total total;
    memset(&total, 0, sizeof total);
    for (unsigned part = 0; part < tracer_n_parts(); part++) {
        for (unsigned phase = 0; phase < N_PHASES; phase++) {
            const struct booking_row *const row =
                booking_row(booking, part, (enum trace_phase)phase);
            total.loads += row->loads;
            total.lines += row->lines;
            total.fetched += row->bytes_fetched;
            total.used += row->bytes_used;
            for (unsigned i = 0; i < SIM_MOST_LEVELS; i++)
                total.misses[i] += misses(row, i, true, true);
        }
    }
    return total;
}

/* Reads that no level up to `level` had: of loads, and of page tables. */
static uint64_t reads_behind(const struct sim_events *events, unsigned level)
{
    return events->demand_misses[level] + events->walk_misses[level];
}

/* ---- what is sent: child.h says how it reads ---- */

static void send_lines(FILE *to, const uint64_t *lines, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        fprintf(to, " %" PRIu64, lines[i]);
}

static void send_part(FILE *to, unsigned part, unsigned phase,
                      const struct booking_row *row, unsigned n_levels)
{
    fprintf(to, "part %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64,
            trace_phase_names[phase], row->loads, row->stores, row->lines,
            row->bytes_fetched, row->bytes_used);
    send_lines(to, row->load_lines, n_levels + 1);
    send_lines(to, row->store_lines, n_levels + 1);
    send_lines(to, row->prefetch_lines, n_levels + 1);
    send_lines(to, row->split_lines, n_levels + 1);
    fprintf(to, " %s\n", tracer_part_name(part));
}

static uint64_t accesses_of(const struct booking_row *row)
{
    uint64_t sum = row->loads + row->stores;
    for (size_t i = 0; i <= SIM_MOST_LEVELS; i++)
        sum += row->prefetch_lines[i];
    return sum;
}

static void send_machine(FILE *to, const struct modelled *machine,
                         const struct booking *booking)
{
    const struct sim_events *const events = booking_events(booking);
    const unsigned n_levels = machine->geometry.n_levels, last = n_levels - 1;
    char geometry[GEOMETRY_TEXT_ROOM], model[MODEL_TEXT_ROOM];
    geometry_text(&machine->geometry, geometry);
    model_text(&machine->model, machine->geometry.page_bytes, model);
    fprintf(to, "machine %s %s %u %u %" PRIu64 " %s\n", machine->name, geometry,
            machine->geometry.line_bytes, n_levels, machine->geometry.page_bytes, model);
    for (unsigned part = 0; part < tracer_n_parts(); part++) {
        for (unsigned phase = 0; phase < N_PHASES; phase++) {
            const struct booking_row *const row =
                booking_row(booking, part, (enum trace_phase)phase);
            if (accesses_of(row) > 0)
                send_part(to, part, phase, row, n_levels);
        }
    }
    const struct {
        const char *name;
        uint64_t value;
    } counts[] = {{"l1_fills", events->fills[0]},
                  {"llc_loads", last > 0 ? reads_behind(events, last - 1) : 0},
                  {"llc_load_misses", reads_behind(events, last)},
                  {"tlb_load_misses", events->tlb_load_misses[1]},
                  {"walk_loads", events->walk_loads},
                  {"prefetches", events->prefetches},
                  {"write_backs", events->write_backs},
                  {"zeroed_pages", events->zeroed_pages},
                  {"forgotten_pages", events->forgotten_pages}};
    const bool has_tlb = machine->geometry.tlbs[0].entries != 0;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if ((last > 0 || strcmp(counts[i].name, "llc_loads") != 0) &&
            (has_tlb || strcmp(counts[i].name, "tlb_load_misses") != 0) &&
            (counts[i].value > 0 || strcmp(counts[i].name, "forgotten_pages") != 0))
            fprintf(to, "event %s %" PRIu64 "\n", counts[i].name, counts[i].value);
}

static void send_band(FILE *to)
{
    for (size_t i = 0; i < sim.n_band; i++) {
        const struct total total = total_of(sim.band[i]);
        char model[MODEL_TEXT_ROOM];
        model_text(booking_model(sim.band[i]), booking_geometry(sim.band[i])->page_bytes,
                   model);
        fprintf(to, "band %u", booking_geometry(sim.band[i])->n_levels);
        send_lines(to, total.misses, booking_geometry(sim.band[i])->n_levels);
        fprintf(to, " %s\n", model);
    }
}

static const struct metric_info metrics[] = {
    {"sim_l1d_loads", "1", "loads that the map's source makes"},
    {"sim_l1d_load_misses", "1", "lines brought into the first level, for any reason"},
    {"sim_llc_loads", "1", "loads and page walks that reached the last level"},
    {"sim_llc_load_misses", "1", "of them, those that went to memory"},
    {"sim_cache_references", "1", "lines that loads and stores asked the last level for"},
    {"sim_cache_misses", "1", "of them, those that came from memory"},
    {"sim_dtlb_load_misses", "1", "loads that made a page walk"},
    {"sim_lines_per_op", "1", "different lines that an operation touches"},
    {"sim_l1_misses_per_op", "1",
     "lines of loads and stores that missed the first level"},
    {"sim_memory_lines_per_op", "1", "lines of loads and stores that came from memory"},
    {"sim_fetched_bytes_per_op", "bytes", "brought into the first level"},
    {"sim_used_share", "1", "of the bytes brought in, those touched before they left"},
    {NULL, NULL, NULL},
};

static void send_metrics(const struct run_facts *facts)
{
    FILE *const to = facts->messages;
    const struct booking *const booking = sim.machines[0];
    const struct sim_events *const events = booking_events(booking);
    const unsigned last = booking_geometry(booking)->n_levels - 1;
    const struct total total = total_of(booking);
    const double n = (double)facts->n_operations;
    send_count(to, "sim_l1d_loads", total.loads);
    send_count(to, "sim_l1d_load_misses", events->fills[0]);
    if (last > 0) {
        send_count(to, "sim_llc_loads", reads_behind(events, last - 1));
        send_count(to, "sim_cache_references", total.misses[last - 1]);
    } else {
        send_absent(to, "sim_llc_loads", "the geometry has one level");
        send_absent(to, "sim_cache_references", "the geometry has one level");
    }
    send_count(to, "sim_llc_load_misses", reads_behind(events, last));
    send_count(to, "sim_cache_misses", total.misses[last]);
    if (booking_geometry(booking)->tlbs[0].entries != 0)
        send_count(to, "sim_dtlb_load_misses", events->tlb_load_misses[1]);
    else
        send_absent(to, "sim_dtlb_load_misses",
                    "a geometry of one's own has no TLB; --machine has");
    send_real(to, "sim_lines_per_op", (double)total.lines / n);
    send_real(to, "sim_l1_misses_per_op", (double)total.misses[0] / n);
    send_real(to, "sim_memory_lines_per_op", (double)total.misses[last] / n);
    send_real(to, "sim_fetched_bytes_per_op", (double)total.fetched / n);
    if (total.fetched > 0)
        send_real(to, "sim_used_share", (double)total.used / (double)total.fetched);
    else
        send_absent(to, "sim_used_share", "nothing was brought into the first level");
}

/* Accesses of the parts from the first on, up to `end`. */
static uint64_t accesses_to(unsigned end)
{
    uint64_t sum = 0;
    for (unsigned part = 0; part < end; part++)
        for (unsigned phase = 0; phase < N_PHASES; phase++)
            sum +=
                accesses_of(booking_row(sim.machines[0], part, (enum trace_phase)phase));
    return sum;
}

static void finish(const struct run_facts *facts)
{
    if (sim.reason[0] == '\0' && accesses_to(MOST_PARTS) == 0)
        snprintf(sim.reason, sizeof sim.reason,
                 "the traced file reports nothing; compile it with -DSUBJECT_TRACED");
    if (sim.reason[0] != '\0') {
        for (const struct metric_info *m = metrics; m->name != NULL; m++)
            send_absent(facts->messages, m->name, sim.reason);
        return;
    }
    send_metrics(facts);
    for (size_t i = 0; i < sim.choice.n; i++)
        send_machine(facts->messages, &sim.choice.machines[i], sim.machines[i]);
    send_band(facts->messages);
    fprintf(facts->messages, "trace %" PRIu64 " %" PRIu64 " %" PRIu64 " %s\n",
            accesses_to(MOST_PARTS), accesses_to(PART_UNLABELLED + 1), tracer_n_dropped(),
            "glibc 2.36, modelled");
}

const struct instrument instrument_cachesim = {
    .name = "cachesim",
    .summary = "cache misses by part of the map and by phase, from a model",
    .pass = PASS_TRACED,
    .trust = "simulated",
    .metrics = metrics,
    .start = start,
    .stop = stop,
    .finish = finish,
};
