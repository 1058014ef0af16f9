/* SPDX-License-Identifier: MIT */
/* From options to the cells that are to be run. */
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_methods.h"
#include "candidate.h"
#include "loader.h"
#include "names.h"
#include "number.h"
#include "size_list.h"

enum { MOST_ITEMS = MOST_CANDIDATES, MOST_REPEAT = 1000, MOST_TIMEOUT_S = 100000 };
enum { LEAST_BLOCKS = 6 }; /* of a verdict: an interval of 0.95 needs them */
static const uint64_t MOST_N = UINT32_MAX;

static const char *const key_types[] = {"u64", "str"};

/* A list that was given with commas, or that stands for all. */
struct list {
    char room[1024];
    const char *items[MOST_ITEMS];
    size_t n;
};

static bool split(struct list *list, const char *text, const char *option,
                  struct complaint *complaint)
{
    list->n = 0;
    if (strlen(text) >= sizeof list->room)
        return complain(complaint, "the list behind %s is too long", option);
    strcpy(list->room, text);
    for (char *at = list->room; at != NULL;) {
        char *const comma = strchr(at, ',');
        if (comma != NULL)
            *comma = '\0';
        if (*at == '\0')
            return complain(complaint, "an empty name stands behind %s", option);
        if (list->n == MOST_ITEMS)
            return complain(complaint, "more than %d names behind %s", MOST_ITEMS,
                            option);
        for (size_t i = 0; i < list->n; i++)
            if (strcmp(list->items[i], at) == 0)
                return complain(complaint, "'%.80s' stands twice behind %s", at, option);
        list->items[list->n++] = at;
        at = comma == NULL ? NULL : comma + 1;
    }
    return true;
}

/* ---- one list after the other ---- */

static bool choose_keys(struct list *list, const struct options *options, bool is_single,
                        struct complaint *complaint)
{
    const char *const text = options->key_types != NULL ? options->key_types
                             : is_single                ? "u64"
                                                        : "u64,str";
    if (!split(list, text, "-t", complaint))
        return false;
    for (size_t i = 0; i < list->n; i++)
        if (!name_is_one_of("key type", list->items[i], key_types, 2, complaint))
            return false;
    return true;
}

static bool choose_workloads(struct list *list, const struct options *options,
                             struct complaint *complaint)
{
    if (options->workloads != NULL)
        return split(list, options->workloads, "-w", complaint);
    list->n = 0;
    for (size_t i = 0; i < n_workloads && list->n < MOST_ITEMS; i++)
        if (all_workloads[i]->needs_keys ? options->keys_file != NULL
                                         : !all_workloads[i]->is_on_request)
            list->items[list->n++] = all_workloads[i]->name;
    return true;
}

/* The patterns of one workload: those of -k or -o, by its own option letter. */
static bool choose_patterns(struct list *list, const struct workload *workload,
                            const struct options *options, bool is_single,
                            struct complaint *complaint)
{
    static const char *const none = "";
    const bool takes_k = workload->pattern_option == 'k';
    const char *const given = workload->pattern_option == 0 ? NULL
                              : takes_k                     ? options->patterns
                                                            : options->mixes;
    if (given == NULL) {
        list->n = 0;
        if (workload->patterns == NULL)
            list->items[list->n++] = none;
        for (size_t i = 0; workload->patterns != NULL && workload->patterns[i] != NULL;
             i++)
            if (i == 0 || !is_single)
                list->items[list->n++] = workload->patterns[i];
        return true;
    }
    if (!split(list, given, takes_k ? "-k" : "-o", complaint))
        return false;
    for (size_t i = 0; i < list->n; i++)
        if (!workload_takes(workload, list->items[i], complaint))
            return false;
    return true;
}

static bool choose_instruments(uint32_t *chosen, const struct options *options,
                               struct complaint *complaint)
{
    struct list list;
    const char *names[32];
    *chosen = 0;
    if (options->instruments != NULL &&
        !split(&list, options->instruments, "--with", complaint))
        return false;
    for (size_t i = 0; i < n_instruments; i++) {
        names[i] = all_instruments[i]->name;
        if (options->instruments == NULL && !all_instruments[i]->is_on_request)
            *chosen |= 1u << i;
    }
    for (size_t j = 0; options->instruments != NULL && j < list.n; j++) {
        if (!name_is_one_of("instrument", list.items[j], names, n_instruments, complaint))
            return false;
        for (size_t i = 0; i < n_instruments; i++)
            *chosen |= strcmp(list.items[j], names[i]) == 0 ? 1u << i : 0;
    }
    return true;
}

/* ---- cells ---- */

static bool choose_subjects(struct list *list, const struct options *options,
                            const char *build, struct complaint *complaint)
{
    if (options->subjects != NULL && options->against != NULL) {
        char both[sizeof list->room];
        return snprintf(both, sizeof both, "%s,%s", options->subjects, options->against) <
                       (int)sizeof both
                   ? split(list, both, "-i and --against", complaint)
                   : complain(complaint,
                              "the names behind -i and --against are too long");
    }
    if (options->subjects != NULL)
        return split(list, options->subjects, "-i", complaint);
    char **names;
    const size_t n = loader_list(build, &names);
    size_t used = 0;
    list->n = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t bytes = strlen(names[i]) + 1;
        if (list->n < MOST_ITEMS && used + bytes <= sizeof list->room) {
            memcpy(list->room + used, names[i], bytes);
            list->items[list->n++] = list->room + used;
            used += bytes;
        }
        free(names[i]);
    }
    free(names);
    return list->n > 0 || complain(complaint,
                                   "no maps of build '%s'; build them with ./run "
                                   "--build-only",
                                   build);
}

static struct cell *add_cell(struct plan *plan)
{
    struct cell *const longer =
        realloc(plan->cells, (plan->n_cells + 1) * sizeof *plan->cells);
    if (longer == NULL)
        return NULL;
    plan->cells = longer;
    struct cell *const cell = &plan->cells[plan->n_cells++];
    memset(cell, 0, sizeof *cell);
    return cell;
}

/* What all cells of a request have in common. */
struct request {
    const struct options *options;
    bool is_single;
    struct list keys, workloads, subjects;
    const char *hash;
    struct sizes sizes; /* 0: the workload's default */
    uint64_t n;         /* that of them which it is about now */
    uint32_t instruments;
    unsigned calls_by;
    struct list pages;
    struct confinement confinements[N_PAGES]; /* one each of them */
    char machines[N_PAGES][MODEL_CHOICE_ROOM];
    struct candidate *candidates;
};

static uint32_t instrument_bit(const char *name)
{
    for (size_t i = 0; i < n_instruments; i++)
        if (strcmp(all_instruments[i]->name, name) == 0)
            return 1u << i;
    return 0;
}

/* What a ceiling is there for, where all subjects were meant: time at a footprint. */
static uint32_t ceiling_instruments(void)
{
    return instrument_bit("clock") | instrument_bit("memory");
}

/* Where times are compared, the first map of a group runs once more under another name: the
 * A/A test of these blocks. */
static bool add_twin(struct plan *plan, size_t first, struct complaint *complaint)
{
    const uint32_t clock = instrument_bit("clock");
    size_t i = first, n_maps = 0;
    for (size_t j = plan->n_cells; j-- > first;) {
        if ((plan->cells[j].flags & SUBJECT_KEEPS_NOTHING) == 0) {
            i = j;
            n_maps++;
        }
    }
    if (plan->is_single || plan->repeat < LEAST_BLOCKS || n_maps < 2 ||
        (plan->cells[i].instruments & clock) == 0)
        return true;
    struct cell *const twin = add_cell(plan);
    if (twin == NULL)
        return complain(complaint, "out of memory for the plan");
    *twin = plan->cells[i];
    snprintf(twin->subject, sizeof twin->subject, "%.50s_again", plan->cells[i].subject);
    twin->is_twin = true;
    twin->instruments = clock;
    return true;
}

/* What keeps a map out of a workload; NULL: nothing. */
static const char *hindrance_of(uint32_t flags, const struct workload *workload)
{
    if ((flags & SUBJECT_IS_CEILING) != 0 && !workload->has_ceiling)
        return "is a ceiling for inserts of new keys and for lookups";
    if ((flags & SUBJECT_CANNOT_WALK) != 0 && workload->needs_walk)
        return "has no iteration here: it is for inserts, deletes and lookups";
    return NULL;
}

/* `pages`: which of the request's. */
static bool add_group(struct plan *plan, const struct request *request, size_t pages,
                      const struct workload *workload, const char *pattern,
                      const char *key, struct complaint *complaint)
{
    const size_t first = plan->n_cells;
    for (size_t i = 0; i < request->subjects.n; i++) {
        const struct candidate *const candidate = &request->candidates[i];
        const bool is_ceiling = (candidate->facts.flags & SUBJECT_IS_CEILING) != 0;
        const char *const hindrance = hindrance_of(candidate->facts.flags, workload);
        if (hindrance != NULL) {
            if (request->options->subjects == NULL || request->workloads.n > 1)
                continue;
            return complain(complaint, "'%.80s' %s, not for workload %s",
                            request->subjects.items[i], hindrance, workload->name);
        }
        const struct variant_facts *const variant =
            loader_variant(&candidate->facts, key, request->hash);
        if (variant == NULL) {
            if (request->options->subjects == NULL)
                continue; /* all were meant, as far as they go */
            return complain(complaint, "map '%.80s' has no %s keys with hash %s",
                            request->subjects.items[i], key, request->hash);
        }
        struct cell *const cell = add_cell(plan);
        if (cell == NULL)
            return complain(complaint, "out of memory for the plan");
        snprintf(cell->subject, sizeof cell->subject, "%s", candidate->facts.name);
        cell->is_own = strchr(request->subjects.items[i], '/') != NULL;
        snprintf(cell->path, sizeof cell->path, "%s", candidate->path);
        snprintf(cell->stamped_path, sizeof cell->stamped_path, "%s",
                 candidate->stamped_path);
        snprintf(cell->traced_path, sizeof cell->traced_path, "%s",
                 candidate->traced_path);
        snprintf(cell->machines, sizeof cell->machines, "%s", request->machines[pages]);
        cell->calls_by = request->calls_by;
        cell->has_band = request->options->models != NULL;
        cell->is_premade = request->options->is_premade;
        snprintf(cell->build, sizeof cell->build, "%s", candidate->facts.build);
        snprintf(cell->pattern, sizeof cell->pattern, "%s", pattern);
        snprintf(cell->key, sizeof cell->key, "%s", key);
        snprintf(cell->hash, sizeof cell->hash, "%s",
                 strcmp(variant->hash, "none") == 0 ? request->hash : variant->hash);
        snprintf(cell->origin, sizeof cell->origin, "%s", candidate->facts.origin);
        cell->flags = candidate->facts.flags;
        cell->workload = workload;
        cell->n = request->n != 0 ? request->n : workload->default_n;
        cell->seed = plan->seed;
        cell->instruments = is_ceiling && request->options->subjects == NULL
                                ? request->instruments & ceiling_instruments()
                                : request->instruments;
        cell->confinement = request->confinements[pages];
        if (!workload->needs_keys)
            continue;
        const char *const file = request->options->keys_file;
        snprintf(cell->keys_path, sizeof cell->keys_path, "%s", file);
        cell->n = plan_keys(plan, key)->n;
    }
    return add_twin(plan, first, complaint);
}

/* Loads the keys file for a key type, when it is first needed. With several key types a
 * file of words is simply no set of integers: *is_fit false. */
static bool load_keys(struct plan *plan, const struct request *request, const char *key,
                      bool *is_fit, struct complaint *complaint)
{
    const char *const path = request->options->keys_file;
    const bool are_integers = strcmp(key, "u64") == 0;
    struct key_file *const keys = are_integers ? &plan->keys_u64 : &plan->keys_str;
    *is_fit = true;
    if (path == NULL)
        return complain(complaint, "workload 'keys' needs --keys FILE, one key a line");
    if (strlen(path) >= PATH_MAX)
        return complain(complaint, "the name of the keys file is too long");
    if (keys->n > 0)
        return true;
    if (key_file_load(keys, path, are_integers, complaint)) {
        if (keys->n_repeats > 0)
            fprintf(stderr, "onemiss: keys file: repeated lines left out: %llu\n",
                    (unsigned long long)keys->n_repeats);
        return true;
    }
    *is_fit = !(are_integers && keys->lines != NULL && keys->n > 0 &&
                request->options->key_types == NULL && !request->is_single);
    key_file_drop(keys);
    if (!*is_fit)
        fprintf(stderr, "onemiss: keys file: not all lines are integers; only strings\n");
    return !*is_fit;
}

static bool add_workload(struct plan *plan, const struct request *request,
                         const struct workload *workload, struct complaint *complaint)
{
    struct list patterns;
    if (!choose_patterns(&patterns, workload, request->options, request->is_single,
                         complaint))
        return false;
    for (size_t p = 0; p < patterns.n; p++) {
        for (size_t k = 0; k < request->keys.n; k++) {
            bool is_fit = true;
            if (workload->needs_keys &&
                !load_keys(plan, request, request->keys.items[k], &is_fit, complaint))
                return false;
            for (size_t i = 0; is_fit && i < request->pages.n; i++)
                if (!add_group(plan, request, i, workload, patterns.items[p],
                               request->keys.items[k], complaint))
                    return false;
        }
    }
    return true;
}

static bool read_numbers(struct plan *plan, struct request *request,
                         struct complaint *complaint)
{
    const struct options *const options = request->options;
    uint64_t repeat = 6, timeout = 300;
    struct list counts;
    if (options->n != NULL && !split(&counts, options->n, "-n", complaint))
        return false;
    for (size_t i = 0; options->n != NULL && i < counts.n; i++)
        if (!sizes_add(&request->sizes, counts.items[i], MOST_N, complaint))
            return false;
    if (request->sizes.n == 0)
        request->sizes.n = 1;
    if (options->repeat != NULL &&
        !parse_count("--repeat", options->repeat, 1, MOST_REPEAT, &repeat, complaint))
        return false;
    if (options->timeout != NULL && !parse_count("--timeout", options->timeout, 1,
                                                 MOST_TIMEOUT_S, &timeout, complaint))
        return false;
    plan->seed = 1;
    if (options->seed != NULL && !parse_u64(options->seed, &plan->seed))
        return complain(complaint, "--seed '%.80s' is no 64-bit number", options->seed);
    plan->repeat = (unsigned)repeat;
    plan->timeout_s = (unsigned)timeout;
    return true;
}

/* The same of everything but the pages, which may be of several kinds. */
static bool choose_confinements(struct plan *plan, struct request *request,
                                struct complaint *complaint)
{
    const struct options *const options = request->options;
    if (!split(&request->pages, options->pages != NULL ? options->pages : "default",
               "--pages", complaint))
        return false;
    for (size_t i = 0; i < request->pages.n; i++) {
        struct confinement one;
        if (!confinement_read(&one, request->pages.items[i], options->cpu,
                              options->memory_limit, complaint))
            return false;
        request->confinements[i] =
            one; /* there are no more kinds, and none stands twice */
    }
    plan->confinement = request->confinements[0];
    return true;
}

/* Refuses an option that none of the chosen workloads heeds. */
static bool check_heeded(const struct request *request, struct complaint *complaint)
{
    const struct options *const options = request->options;
    bool takes_k = false, takes_o = false, takes_keys = false, takes_n = false;
    for (size_t i = 0; i < request->workloads.n; i++) {
        const struct workload *workload;
        if (!workload_find(request->workloads.items[i], &workload, complaint))
            return false;
        takes_k |= workload->pattern_option == 'k';
        takes_o |= workload->pattern_option == 'o';
        takes_keys |= workload->needs_keys;
        takes_n |= !workload->needs_keys;
    }
    if (options->n != NULL && !takes_n)
        return complain(complaint, "workload keys takes its size from the file; leave -n "
                                   "out");
    if (options->patterns != NULL && !takes_k)
        return complain(complaint,
                        "none of the chosen workloads takes -k; see onemiss list");
    if (options->mixes != NULL && !takes_o)
        return complain(complaint,
                        "none of the chosen workloads takes -o; see onemiss list");
    return options->keys_file == NULL || takes_keys ||
           complain(complaint,
                    "none of the chosen workloads reads --keys; see onemiss list");
}

/* "3%", or "3": more than that is too slow. It is shown from as many blocks on as an
 * interval of 0.95 needs. */
static bool choose_gate(struct plan *plan, const struct request *request,
                        struct complaint *complaint)
{
    const char *const text = request->options->gate;
    plan->has_gate = text != NULL;
    if (text == NULL)
        return true;
    if (!parse_percent("--gate", text, &plan->gate, complaint))
        return false;
    if ((request->instruments & instrument_bit("clock")) == 0)
        return complain(complaint, "--gate compares times; add clock to --with");
    if (plan->repeat < LEAST_BLOCKS)
        return complain(complaint,
                        "--gate shows nothing in fewer than %d blocks; leave "
                        "--repeat out or raise it",
                        LEAST_BLOCKS);
    return request->subjects.n > 1 ||
           complain(complaint, "--gate holds maps against the first; name two or more "
                               "with -i");
}

static bool choose_method(struct request *request, struct complaint *complaint)
{
    const char *const text = request->options->calls_by;
    bool is_heeded = text == NULL;
    for (size_t i = 0; i < n_instruments; i++)
        is_heeded |= (request->instruments >> i & 1) != 0 &&
                     all_instruments[i]->pass == PASS_CALLS;
    if (!is_heeded)
        return complain(complaint,
                        "--calls-by is for memory calls: name strace with --with, too");
    return call_method_read(text, &request->calls_by, complaint);
}

/* After all else that can be wrong: measuring the host takes its time. */
static bool choose_models(struct request *request, struct complaint *complaint)
{
    const struct options *const options = request->options;
    const bool is_asked =
        options->machines != NULL || options->geometry != NULL || options->models != NULL;
    bool is_traced = false, is_picturable = options->is_hot;
    for (size_t i = 0; i < n_instruments; i++) {
        if ((request->instruments >> i & 1) == 0)
            continue;
        is_traced |= all_instruments[i]->pass == PASS_TRACED;
        is_picturable |= strcmp(all_instruments[i]->name, "reuse") == 0;
    }
    if (is_asked && !is_traced)
        return complain(complaint, "--machine, --geometry and --models are for the "
                                   "cache model: name cachesim with --with, too");
    if (options->picture != NULL && !is_picturable)
        return complain(complaint, "--picture draws the miss curve: name reuse with "
                                   "--with, too");
    if (options->models != NULL && strcmp(options->models, "all") != 0)
        return complain(complaint,
                        "--models '%.40s': only all is known; it adds every "
                        "replacement policy and prefetcher",
                        options->models);
    for (size_t i = 0; is_traced && i < request->pages.n; i++)
        if (!model_choice_make(options->machines, options->geometry,
                               request->confinements[i].pages == PAGES_THP,
                               request->machines[i], complaint))
            return false;
    return true;
}

static bool read_request(struct plan *plan, struct request *request, const char *build,
                         struct complaint *complaint)
{
    const struct options *const options = request->options;
    if (request->is_single && (options->workloads == NULL || options->subjects == NULL))
        return complain(complaint, "name a workload and a map, e.g. -w load_factor -i "
                                   "chaining; see onemiss list");
    if (!read_numbers(plan, request, complaint) ||
        !choose_confinements(plan, request, complaint) ||
        !choose_instruments(&request->instruments, options, complaint) ||
        !choose_keys(&request->keys, options, request->is_single, complaint) ||
        !choose_workloads(&request->workloads, options, complaint) ||
        !choose_subjects(&request->subjects, options, build, complaint))
        return false;
    const char *const patterns =
        options->patterns != NULL ? options->patterns : options->mixes;
    const bool is_list = request->sizes.n > 1 || request->keys.n > 1 ||
                         request->workloads.n > 1 ||
                         request->subjects.n > (options->against != NULL ? 2 : 1) ||
                         (request->pages.n > 1 && !options->has_pages) ||
                         (patterns != NULL && strchr(patterns, ',') != NULL);
    if (request->is_single && is_list)
        return complain(complaint, "one of each is meant here; onemiss compare takes "
                                   "several");
    return check_heeded(request, complaint) && choose_method(request, complaint) &&
           choose_models(request, complaint) && choose_gate(plan, request, complaint);
}

static bool find_candidates(struct request *request, const char *build,
                            struct complaint *complaint)
{
    struct candidate *const candidates = request->candidates;
    struct list *const names = &request->subjects;
    if (!candidates_find(names->items, names->n, build, candidates, complaint))
        return false;
    if (request->options->subjects == NULL)
        candidates_sort(names->items, candidates, names->n);
    request->hash = request->options->hash;
    if (request->hash != NULL)
        return candidates_check_hash(candidates, names->n, request->hash, complaint);
    request->hash = candidates_hash(candidates, names->n);
    return true;
}

bool plan_make(struct plan *plan, const struct options *options, bool is_single,
               struct complaint *complaint)
{
    struct request *const request = calloc(1, sizeof *request);
    struct candidate *const candidates = calloc(MOST_ITEMS, sizeof *candidates);
    const char *build;
    memset(plan, 0, sizeof *plan);
    if (request == NULL || candidates == NULL) {
        free(request);
        free(candidates);
        return complain(complaint, "out of memory for the plan");
    }
    request->options = options;
    plan->is_single = is_single;
    plan->is_quiet = options->is_quiet;
    request->is_single = is_single;
    request->candidates = candidates;
    bool is_made = loader_build(options->build, &build, complaint) &&
                   read_request(plan, request, build, complaint) &&
                   find_candidates(request, build, complaint);
    for (size_t i = 0; is_made && i < request->sizes.n * request->workloads.n; i++) {
        const struct workload *workload;
        const char *const name = request->workloads.items[i % request->workloads.n];
        request->n = request->sizes.of[i / request->workloads.n];
        is_made = workload_find(name, &workload, complaint) &&
                  ((workload->needs_keys && i >= request->workloads.n) ||
                   add_workload(plan, request, workload, complaint));
    }
    if (is_made && plan->n_cells == 0)
        is_made = complain(complaint,
                           "nothing to run: no map has hash %s for these key "
                           "types",
                           request->hash);
    free(candidates);
    free(request);
    return is_made;
}

void plan_drop(struct plan *plan)
{
    free(plan->cells);
    key_file_drop(&plan->keys_u64);
    key_file_drop(&plan->keys_str);
    json_decref(plan->earlier);
}

static bool is_same_group(const struct cell *a, const struct cell *b)
{
    return a->workload == b->workload && strcmp(a->pattern, b->pattern) == 0 &&
           strcmp(a->key, b->key) == 0 && a->n == b->n;
}

size_t plan_group(const struct plan *plan, size_t first)
{
    size_t n = 0;
    while (first + n < plan->n_cells &&
           is_same_group(&plan->cells[first], &plan->cells[first + n]))
        n++;
    return n;
}

const struct key_file *plan_keys(const struct plan *plan, const char *key)
{
    const struct key_file *const keys =
        strcmp(key, "u64") == 0 ? &plan->keys_u64 : &plan->keys_str;
    return keys->n > 0 ? keys : NULL;
}
