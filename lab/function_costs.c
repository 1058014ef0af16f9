/* SPDX-License-Identifier: MIT */
/* What a program spent in each function, inlined ones too, and on each line.
 *
 * Question. Of a map's instructions, how many are the insert's, the resize's, the hash's?
 * Method. callgrind counts by address. At an address the innermost of the functions that
 * are inlined there has it as its own; all of them, out to the one that is compiled by
 * itself, have it in their totals, and so they have what is called from there. A part of
 * a function that the compiler moved elsewhere (insert.cold) is still that function: it
 * has the function's name in the debug information, and what goes there is no call.
 * What it does not measure. Of functions that call one another in a circle, totals count
 * what is spent twice, up to the whole. An instruction that serves two functions is
 * booked to the one that the compiler names. */
#include "function_costs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

static bool add_site(struct function_costs *all, const struct callgrind_place *at,
                     const struct callgrind_place *to, const uint64_t *costs,
                     struct complaint *complaint)
{
    static const char *const events[N_COSTS][2] = {
        {"Ir", "Ir"}, {"Bc", "Bi"}, {"Bcm", "Bim"}};
    struct cost_site site = {.at = *at};
    for (size_t i = 0; i < N_COSTS; i++)
        for (size_t k = 0; k < (i == COST_INSTRUCTIONS ? 1 : 2); k++) {
            const size_t event = callgrind_event(&all->out, events[i][k]);
            if (event == CALLGRIND_EVENTS)
                return complain(complaint,
                                "callgrind has not counted %s: it needs "
                                "--branch-sim=yes",
                                events[i][k]);
            site.costs[i] += costs[event];
        }
    if (to != NULL)
        site.to = *to;
    if (all->n_sites == all->room) {
        const size_t room = 2 * all->room + 1024;
        struct cost_site *const larger = realloc(all->sites, room * sizeof *larger);
        if (larger == NULL)
            return complain(complaint, "out of memory for callgrind's rows");
        all->sites = larger;
        all->room = room;
    }
    for (size_t i = 0; to == NULL && i < N_COSTS; i++)
        all->totals[i] += site.costs[i];
    all->sites[all->n_sites++] = site;
    return true;
}

static bool take_cost(void *context, const struct callgrind_place *place,
                      const uint64_t *costs, struct complaint *complaint)
{
    return add_site(context, place, NULL, costs, complaint);
}

static bool take_call(void *context, const struct callgrind_place *from,
                      const struct callgrind_place *to, uint64_t n, const uint64_t *costs,
                      struct complaint *complaint)
{
    (void)n;
    return add_site(context, from, to, costs, complaint);
}

bool function_costs_read(struct function_costs *costs, const char *path,
                         struct complaint *complaint)
{
    const struct callgrind_taker taker = {costs, take_cost, take_call};
    FILE *const file = fopen(path, "r");
    if (file == NULL)
        return complain(complaint, "callgrind has written no file");
    const bool is_read =
        callgrind_read(file, path, &costs->texts, &taker, &costs->out, complaint);
    fclose(file);
    return is_read;
}

void function_costs_drop(struct function_costs *costs)
{
    free(costs->sites);
    inlined_chains_drop(&costs->chains);
    kept_texts_drop(&costs->texts);
    memset(costs, 0, sizeof *costs);
}

/* ---- addresses ---- */

const char *function_costs_object(const struct function_costs *costs, const char *stem)
{
    const char *objects[8] = {NULL}; /* NAME.so, NAME.more.so, and what else may be */
    uint64_t sums[8] = {0};
    size_t n = 0, best = 0;
    for (size_t i = 0; i < costs->n_sites; i++) {
        const struct cost_site *const site = &costs->sites[i];
        size_t k = 0;
        if (cost_site_is_call(site) || strncmp(site->at.object, stem, strlen(stem)) != 0)
            continue;
        while (k < n && objects[k] != site->at.object)
            k++;
        if (k == sizeof objects / sizeof *objects)
            continue;
        n += k == n;
        objects[k] = site->at.object;
        sums[k] += site->costs[COST_INSTRUCTIONS];
        best = sums[k] > sums[best] ? k : best;
    }
    return objects[best];
}

bool function_costs_write_addresses(const struct function_costs *costs,
                                    const char *object, const char *path, size_t *n,
                                    struct complaint *complaint)
{
    *n = 0;
    FILE *const file = fopen(path, "w");
    if (file == NULL)
        return complain(complaint, "no file for addr2line's addresses");
    for (size_t i = 0; i < costs->n_sites; i++) {
        const struct cost_site *const site = &costs->sites[i];
        if (site->at.object == object)
            *n += fprintf(file, "0x%" PRIx64 "\n", site->at.address) > 0;
        if (cost_site_is_call(site) && site->to.object == object)
            *n += fprintf(file, "0x%" PRIx64 "\n", site->to.address) > 0;
    }
    return fclose(file) == 0 || complain(complaint, "addr2line's addresses: disk full");
}
