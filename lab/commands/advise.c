/* SPDX-License-Identifier: MIT */
/* onemiss advise: which map to take for one use, why, at what price, and the lines of C.
 *
 * Method. The mix runs on a map of n entries, ten operations an entry; then n inserts go
 * into a map that grows, for what growing costs. A file of keys takes the place of both.
 * Peers are timed and weighed beside our own maps; ceilings are left out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../command.h"
#include "../interrupt.h"
#include "../noise.h"
#include "../number.h"
#include "../plan.h"
#include "../progress.h"
#include "../report/advice.h"
#include "../report/advice_text.h"
#include "../report/columns.h"
#include "../report/noise_words.h"
#include "../result.h"
#include "../runner.h"

enum { OPERATIONS_PER_ENTRY = 10 }; /* of operation_mix */

static bool is_one(const char *text, const char *what, struct complaint *complaint)
{
    return text == NULL || strchr(text, ',') == NULL ||
           complain(complaint,
                    "one %s is meant, not '%.80s'; onemiss compare takes several", what,
                    text);
}

/* What compare would be told. */
static bool translate(struct options *options, uint64_t *most_bytes,
                      struct complaint *complaint)
{
    const bool has_keys = options->keys_file != NULL;
    *most_bytes = 0;
    if (options->memory_limit != NULL &&
        !parse_count("--memory-limit", options->memory_limit, 1, INT64_MAX, most_bytes,
                     complaint))
        return false;
    if (has_keys && options->mixes != NULL)
        return complain(complaint, "--keys has operations of its own (insert, hit, miss, "
                                   "delete half); leave -o out");
    if (!is_one(options->key_types, "key type", complaint) ||
        !is_one(options->mixes, "mix", complaint) ||
        !is_one(options->n, "number of entries", complaint))
        return false;
    options->memory_limit = NULL; /* the map's, not the process's */
    options->workloads = has_keys ? "keys" : "operation_mix,load_factor";
    options->instruments = "clock,memory,latency";
    if (options->key_types == NULL)
        options->key_types = has_keys ? "str" : "u64";
    if (options->hash == NULL)
        options->hash = "siphash13"; /* that of the lines of C */
    if (options->n == NULL && !has_keys)
        options->n = "1M";
    if (options->mixes == NULL && !has_keys)
        options->mixes = "read_heavy";
    return true;
}

/* One of this repository, that there is a header of. */
static bool is_design(const struct cell *cell)
{
    return !cell->is_own && (cell->flags & SUBJECT_IS_PEER) == 0 &&
           strstr(cell->path, "/replay/") == NULL;
}

static bool is_workload(const struct cell *cell, const char *name)
{
    return strcmp(cell->workload->name, name) == 0;
}

static void drop_instrument(struct cell *cell, const char *name)
{
    for (size_t i = 0; i < n_instruments; i++)
        if (strcmp(all_instruments[i]->name, name) == 0)
            cell->instruments &= ~(1u << i);
}

/* Ceilings and twins go; n becomes entries; the longest operation is that of growth, and no price of
 * what is not recommended. */
static bool adapt(struct plan *plan, struct complaint *complaint)
{
    const uint64_t most = ((uint64_t)1 << 32) / OPERATIONS_PER_ENTRY;
    size_t n = 0;
    for (size_t i = 0; i < plan->n_cells; i++)
        if ((plan->cells[i].flags & SUBJECT_KEEPS_NOTHING) == 0 &&
            !plan->cells[i].is_twin)
            plan->cells[n++] = plan->cells[i];
    plan->n_cells = n;
    for (size_t i = 0; i < n; i++) {
        struct cell *const cell = &plan->cells[i];
        const bool is_mix = is_workload(cell, "operation_mix");
        if (is_mix && cell->n > most)
            return complain(complaint, "-n must be %llu or less",
                            (unsigned long long)most);
        cell->n *= is_mix ? OPERATIONS_PER_ENTRY : 1;
        if (is_mix || !is_design(cell))
            drop_instrument(cell, "latency");
    }
    return true;
}

/* The names of those that may be recommended; each stands in the plan once or twice. */
static size_t find_designs(const struct plan *plan, const char *names[ADVICE_MOST])
{
    size_t n = 0;
    for (size_t i = 0; i < plan->n_cells && n < ADVICE_MOST; i++)
        if (is_design(&plan->cells[i]))
            names[n++] = plan->cells[i].subject;
    return n;
}

/* What is run, and how long that may take. */
static void announce(const struct plan *plan, FILE *to)
{
    struct columns_draft draft;
    const struct cell *const first = &plan->cells[0];
    const bool has_keys = is_workload(first, "keys");
    const uint64_t entries = first->n / (has_keys ? 1 : OPERATIONS_PER_ENTRY);
    size_t n_maps = 0;
    while (n_maps < plan->n_cells && plan->cells[n_maps].workload == first->workload)
        n_maps++;
    FILE *const room = columns_begin(&draft);
    if (room == NULL)
        return;
    fprintf(room, "%zu map%s, %s to %s, ", n_maps, n_maps > 1 ? "s" : "", first->key,
            first->key);
    columns_grouped(room, (json_int_t)entries);
    fprintf(room, " entries, hash %s. ", first->hash);
    if (has_keys) {
        fputs("All keys are inserted, looked up in another order, as many absent ones "
              "looked up, half deleted",
              room);
    } else {
        columns_grouped(room, (json_int_t)first->n);
        fprintf(room, " operations of mix %s on a map that was filled with them; ",
                first->pattern);
        columns_grouped(room, (json_int_t)entries);
        fputs(" inserts into one that grows", room);
    }
    fprintf(room, ". Blocks: %u, a fresh process for each map. This takes about %.0f s.",
            plan->repeat, ceil(progress_guess_s(plan)));
    columns_end(&draft, to, 0, false);
    fflush(to);
}

/* The recommendation, once the cells are there. */
static int conclude(json_t *result, enum run_end end,
                    const struct advice_question *question, const char *path, FILE *to)
{
    struct advice advice;
    struct complaint complaint;
    int code = end == RUN_SOME_BAD ? EXIT_SOME_CELL_BAD : EXIT_ALL_GOOD;
    advice_make(&advice, result, question);
    if (end != RUN_INTERRUPTED)
        json_object_set_new(result, "advice", advice_json(&advice, question));
    result_seal(result, end != RUN_INTERRUPTED);
    const bool is_empty = json_array_size(json_object_get(result, "cells")) == 0;
    const bool is_written = path == NULL || (is_empty && strcmp(path, "-") != 0) ||
                            result_write(result, path, &complaint);
    if (!is_written)
        code = command_fail(&complaint, EXIT_NOTHING_RUN);
    if (end == RUN_INTERRUPTED) {
        complain(&complaint, "interrupted before all maps had run: no recommendation");
        return command_fail(&complaint, 128 + interrupt_signal());
    }
    if (advice.chosen != NULL) {
        report_noise(result, to);
        advice_text(&advice, question, to);
        return code;
    }
    advice_complain(&advice, question, &complaint);
    return command_fail(&complaint, is_written ? EXIT_SOME_CELL_BAD : EXIT_NOTHING_RUN);
}

static int advise(const struct plan *plan, const struct options *options,
                  uint64_t most_bytes, int n_words, char **words)
{
    struct complaint complaint;
    const char *designs[ADVICE_MOST];
    const struct advice_question question = {designs, find_designs(plan, designs),
                                             (double)most_bytes};
    if (question.n_designs == 0) {
        complain(&complaint, "none of these maps is one to recommend: name chaining or "
                             "another of ours with -i, too, or leave -i out");
        return command_fail(&complaint, EXIT_BAD_USAGE);
    }
    FILE *const to =
        options->json != NULL && strcmp(options->json, "-") == 0 ? stderr : stdout;
    interrupt_watch();
    if (!output_can_write(options->json, &complaint) ||
        !confinement_check(&plan->confinement, &complaint))
        return command_fail(&complaint, EXIT_NOTHING_RUN);
    announce(plan, to);
    json_t *const result = result_create(n_words, words, plan->seed);
    interrupt_ignore_pipes(true);
    noise_begin();
    const enum run_end end = runner_run(plan, result);
    json_object_set_new(result, "noise", noise_end());
    interrupt_ignore_pipes(false);
    const int code = conclude(result, end, &question, options->json, to);
    json_decref(result);
    return code;
}

static int run(const struct options *given, int n_words, char **words)
{
    struct plan plan;
    struct complaint complaint;
    struct options options = *given;
    uint64_t most_bytes;
    memset(&plan, 0, sizeof plan);
    const int code = translate(&options, &most_bytes, &complaint) &&
                             plan_make(&plan, &options, false, &complaint) &&
                             adapt(&plan, &complaint)
                         ? advise(&plan, &options, most_bytes, n_words, words)
                         : command_fail(&complaint, EXIT_BAD_USAGE);
    plan_drop(&plan);
    return code;
}

const struct command command_advise = {
    .name = "advise",
    .summary = "which map to take, why, at what price, and the lines of C",
    .example = "onemiss advise -t str -n 200k -o 80/15/5 --memory-limit 64M",
    .bit = OPTION_ADVISE,
    .run = run,
};
