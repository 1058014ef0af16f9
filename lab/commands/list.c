/* SPDX-License-Identifier: MIT */
/* onemiss list: what there is to run; with --names, for a shell that completes words. */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../command.h"
#include "../instrument.h"
#include "../loader.h"
#include "../names.h"
#include "../result.h"
#include "../sim/machines.h"
#include "../workload.h"

/* What not every map can do. A column of the matrix. */
static const struct ability {
    const char *name;    /* in the result, and of the column */
    uint32_t lacks;      /* the flag that denies it; 0: its variants tell */
    const char *summary; /* for the legend */
} abilities[] = {
    {"strings", 0, "keys and values may be owned strings"},
    {"hash", 0, "takes any hash"},
    {"seed", SUBJECT_HAS_NO_SEED, "each table has a seed of its own"},
    {"any-key", SUBJECT_RESERVES_KEYS, "no integer is refused as a key"},
    {"memory", SUBJECT_HIDES_MEMORY,
     "all its memory comes through an allocator, counted"},
    {"resizes", SUBJECT_HIDES_RESIZES, "tells of its resizes"},
    {"survives", SUBJECT_DIES_WITHOUT_MEMORY,
     "says so when memory runs out, and goes on"},
    {"iterates", SUBJECT_CANNOT_WALK, "shows all its entries"},
};
enum { N_ABILITIES = sizeof abilities / sizeof *abilities };

static bool has_variant(const struct subject_facts *facts, bool are_strings)
{
    for (uint32_t i = 0; i < facts->n_variants; i++) {
        const struct variant_facts *const variant = &facts->variants[i];
        if (are_strings ? strcmp(variant->key, "str") == 0
                        : strcmp(variant->hash, HASH_OWN) != 0)
            return true;
    }
    return false;
}

static json_t *describe_abilities(const struct subject_facts *facts)
{
    json_t *const object = json_object();
    for (size_t i = 0; i < N_ABILITIES; i++) {
        const uint32_t lacks = abilities[i].lacks;
        const bool has =
            lacks != 0 ? (facts->flags & lacks) == 0 : has_variant(facts, i == 0);
        json_object_set_new(object, abilities[i].name, json_boolean(has));
    }
    return object;
}

static json_t *describe_map(const char *name, const char *build)
{
    struct complaint complaint;
    struct subject_facts *const facts = calloc(1, sizeof *facts);
    char path[PATH_MAX];
    json_t *const map = json_pack("{s:o}", "name", result_text(name));
    json_t *const variants = json_array();
    json_object_set_new(map, "variants", variants);
    if (facts == NULL || !loader_path(name, build, path, &complaint) ||
        !loader_probe(path, facts, &complaint)) {
        json_object_set_new(map, "reason", result_text(complaint.text));
    } else {
        json_object_set_new(map, "build", result_text(facts->build));
        json_object_set_new(map, "compiler", result_text(facts->compiler));
        if (facts->origin[0] != '\0')
            json_object_set_new(map, "origin", result_text(facts->origin));
        if ((facts->flags & SUBJECT_KEEPS_NOTHING) == 0)
            json_object_set_new(map, "can", describe_abilities(facts));
        for (uint32_t i = 0; i < facts->n_variants; i++)
            json_array_append_new(variants,
                                  json_pack("{s:o, s:o}", "key",
                                            result_text(facts->variants[i].key), "hash",
                                            result_text(facts->variants[i].hash)));
    }
    free(facts);
    return map;
}

static json_t *describe_maps(const char *build)
{
    char **names;
    json_t *const maps = json_array();
    const size_t n = loader_list(build, &names);
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(maps, describe_map(names[i], build));
        free(names[i]);
    }
    free(names);
    return maps;
}

enum { REPLAYS_ROOM = 64 };

/* The folder of a build's replays. */
static const char *replays_of(const char *build, char room[REPLAYS_ROOM])
{
    snprintf(room, REPLAYS_ROOM, "%.40s/replay", build);
    return room;
}

static json_t *describe_workloads(void)
{
    json_t *const workloads = json_array();
    for (size_t i = 0; i < n_workloads; i++) {
        const struct workload *const workload = all_workloads[i];
        json_t *const patterns = json_array();
        for (size_t p = 0; workload->patterns != NULL && workload->patterns[p] != NULL;
             p++)
            json_array_append_new(patterns, json_string(workload->patterns[p]));
        json_array_append_new(
            workloads,
            json_pack("{s:s, s:s, s:I, s:o, s:s*}", "name", workload->name, "summary",
                      workload->summary, "default_n", (json_int_t)workload->default_n,
                      "patterns", patterns, "pattern_form", workload->pattern_form));
    }
    return workloads;
}

static json_t *describe_instruments(void)
{
    json_t *const instruments = json_array();
    for (size_t i = 0; i < n_instruments; i++) {
        json_t *const metrics = json_array();
        for (const struct metric_info *m = all_instruments[i]->metrics; m->name != NULL;
             m++)
            json_array_append_new(metrics,
                                  json_pack("{s:s, s:s, s:s}", "name", m->name, "unit",
                                            m->unit, "summary", m->summary));
        json_array_append_new(instruments,
                              json_pack("{s:s, s:s, s:o}", "name",
                                        all_instruments[i]->name, "summary",
                                        all_instruments[i]->summary, "metrics", metrics));
    }
    return instruments;
}

static json_t *describe_machines(void)
{
    json_t *const machines = json_array();
    for (size_t i = 0; i < sim_n_machines; i++) {
        const struct sim_machine *const machine = &sim_machines[i];
        char geometry[GEOMETRY_TEXT_ROOM], model[MODEL_TEXT_ROOM];
        geometry_text(&machine->geometry, geometry);
        model_text(&machine->model, machine->geometry.page_bytes, model);
        json_array_append_new(
            machines,
            json_pack("{s:s, s:s, s:s, s:s, s:i, s:s}", "name", machine->name, "summary",
                      machine->summary, "source", machine->source, "geometry", geometry,
                      "line_bytes", (int)machine->geometry.line_bytes, "model", model));
    }
    return machines;
}

static void print_machine(FILE *to, const json_t *machine)
{
    fprintf(to, "  %-24s%s\n%26s%s\n",
            json_string_value(json_object_get(machine, "name")),
            json_string_value(json_object_get(machine, "summary")), "",
            json_string_value(json_object_get(machine, "geometry")));
}

static void print_names(FILE *to, const json_t *names, const char *field)
{
    size_t i;
    json_t *item;
    json_array_foreach(names, i, item)
    {
        const json_t *const text = field != NULL ? json_object_get(item, field) : item;
        fprintf(to, "%s%s", i > 0 ? ", " : "", json_string_value(text));
    }
}

enum { MAP_NAME_ROOM = 256 };

/* That of a file, which may hold anything. */
static const char *map_name(const json_t *map, char name[MAP_NAME_ROOM])
{
    snprintf(name, MAP_NAME_ROOM, "%s", json_string_value(json_object_get(map, "name")));
    text_mask(name);
    return name;
}

static void print_map(FILE *to, const json_t *map)
{
    const json_t *const variants = json_object_get(map, "variants");
    const char *const reason = json_string_value(json_object_get(map, "reason"));
    const char *key_before = "";
    size_t i;
    json_t *variant;
    char name[MAP_NAME_ROOM];
    map_name(map, name);
    fprintf(to, strlen(name) < 24 ? "  %-24s" : "  %s\n%26s", name, "");
    if (reason != NULL)
        fprintf(to, "%s", reason);
    static const char *const keys[] = {"u64", "str"};
    for (size_t k = 0; k < 2; k++) {
        json_array_foreach(variants, i, variant)
        {
            const char *const key = json_string_value(json_object_get(variant, "key"));
            if (strcmp(key, keys[k]) != 0)
                continue;
            if (strcmp(key_before, key) != 0)
                fprintf(to, "%s%s:",
                        *key_before != '\0' ? "\n                          " : "", key);
            fprintf(to, " %s", json_string_value(json_object_get(variant, "hash")));
            key_before = key;
        }
    }
    fputc('\n', to);
}

static void print_abilities(FILE *to, const json_t *maps)
{
    size_t i, at;
    json_t *map;
    fprintf(to, "\nWhat a map can do besides   ");
    for (at = 0; at < N_ABILITIES; at++)
        fprintf(to, "%s%s", at > 0 ? "  " : "", abilities[at].name);
    fputc('\n', to);
    json_array_foreach(maps, i, map)
    {
        const json_t *const can = json_object_get(map, "can");
        const char *const origin = json_string_value(json_object_get(map, "origin"));
        if (can == NULL)
            continue;
        char name[MAP_NAME_ROOM];
        map_name(map, name);
        fprintf(to, strlen(name) < 26 ? "  %-26s" : "  %s\n%28s", name, "");
        for (at = 0; at < N_ABILITIES; at++)
            fprintf(to, "%-*s", (int)strlen(abilities[at].name) + 2,
                    json_is_true(json_object_get(can, abilities[at].name)) ? "yes" : "-");
        fprintf(to, "%s\n", origin != NULL ? origin : "");
    }
    for (at = 0; at < N_ABILITIES; at++)
        fprintf(to, "  %-10s%s\n", abilities[at].name, abilities[at].summary);
}

static void print_all(FILE *to, const json_t *all)
{
    size_t i;
    json_t *item;
    fprintf(to, "Maps (-i), their key types (-t) and hashes (--hash)\n");
    json_array_foreach(json_object_get(all, "maps"), i, item) print_map(to, item);
    print_abilities(to, json_object_get(all, "maps"));
    fprintf(to, "\nReplays of the notes' maps, their faults included (-i)\n");
    json_array_foreach(json_object_get(all, "replays"), i, item) print_map(to, item);
    fprintf(to, "\nWorkloads (-w)\n");
    json_array_foreach(json_object_get(all, "workloads"), i, item)
    {
        const json_t *const patterns = json_object_get(item, "patterns");
        const char *const form = json_string_value(json_object_get(item, "pattern_form"));
        fprintf(to, "  %-24s%s", json_string_value(json_object_get(item, "name")),
                json_string_value(json_object_get(item, "summary")));
        if (json_array_size(patterns) > 0) {
            fprintf(to, "\n%26s", "");
            print_names(to, patterns, NULL);
            if (form != NULL)
                fprintf(to, ", %s", form);
        }
        fputc('\n', to);
    }
    fprintf(to, "\nInstruments (--with)\n");
    json_array_foreach(json_object_get(all, "instruments"), i, item)
    {
        const json_t *const metrics = json_object_get(item, "metrics");
        fprintf(to, "  %-24s%s\n", json_string_value(json_object_get(item, "name")),
                json_string_value(json_object_get(item, "summary")));
        if (json_array_size(metrics) == 0)
            continue;
        fprintf(to, "%26s", "");
        print_names(to, metrics, "name");
        fputc('\n', to);
    }
    fprintf(to, "\nMachines to model (--machine)\n");
    json_array_foreach(json_object_get(all, "machines"), i, item) print_machine(to, item);
}

/* ---- names alone ---- */

/* Where a name could not be typed again, or would be taken for two, it is left out: the
 * name of a map is that of a file, which may hold anything. */
static void print_name(const char *name)
{
    for (const char *at = name; *at != '\0'; at++)
        if (iscntrl((unsigned char)*at) || *at == ',')
            return;
    puts(name);
}

/* Loads no map: a folder is quickly read. */
static void print_folder(const char *folder)
{
    char **names;
    const size_t n = loader_list(folder, &names);
    for (size_t i = 0; i < n; i++) {
        print_name(names[i]);
        free(names[i]);
    }
    free(names);
}

static void print_map_names(const char *build)
{
    char replays[REPLAYS_ROOM];
    print_folder(build);
    print_folder(replays_of(build, replays));
}

static void print_workload_names(const char *build)
{
    (void)build;
    for (size_t i = 0; i < n_workloads; i++)
        print_name(all_workloads[i]->name);
}

static void print_patterns(char letter)
{
    for (size_t i = 0; i < n_workloads; i++)
        if (all_workloads[i]->pattern_option == letter)
            for (size_t p = 0; all_workloads[i]->patterns[p] != NULL; p++)
                print_name(all_workloads[i]->patterns[p]);
}

static void print_pattern_names(const char *build)
{
    (void)build;
    print_patterns('k');
}

static void print_mix_names(const char *build)
{
    (void)build;
    print_patterns('o');
}

static void print_instrument_names(const char *build)
{
    (void)build;
    for (size_t i = 0; i < n_instruments; i++)
        print_name(all_instruments[i]->name);
}

/* Hashes are the maps' own, so each is asked. */
static void print_hash_names(const char *build)
{
    json_t *const maps = describe_maps(build);
    json_t *const seen = json_pack("{s:n}", "none"); /* stands for any */
    size_t i, j;
    json_t *map, *variant;
    json_array_foreach(maps, i, map)
    {
        json_array_foreach(json_object_get(map, "variants"), j, variant)
        {
            const char *const name = json_string_value(json_object_get(variant, "hash"));
            if (json_object_get(seen, name) != NULL)
                continue;
            json_object_set_new(seen, name, json_null());
            print_name(name);
        }
    }
    json_decref(seen);
    json_decref(maps);
}

static void print_machine_names(const char *build)
{
    (void)build;
    for (size_t i = 0; i < sim_n_machines; i++)
        print_name(sim_machines[i].name);
    print_name("host");
    print_name("all");
}

static const char *const kinds[] = {"maps",   "workloads",   "patterns", "mixes",
                                    "hashes", "instruments", "machines"};
static void (*const printers[])(const char *build) = {
    print_map_names,  print_workload_names,   print_pattern_names, print_mix_names,
    print_hash_names, print_instrument_names, print_machine_names};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static int run_names(const struct options *options, const char *build)
{
    struct complaint complaint;
    if (!name_is_one_of("kind of names", options->names, kinds, N_KINDS, &complaint))
        return command_fail(&complaint, EXIT_BAD_USAGE);
    if (options->json != NULL) {
        complain(&complaint, "--names prints names alone: leave --json out");
        return command_fail(&complaint, EXIT_BAD_USAGE);
    }
    for (size_t i = 0; i < N_KINDS; i++)
        if (strcmp(options->names, kinds[i]) == 0)
            printers[i](build);
    return EXIT_ALL_GOOD;
}

/* ---- the command ---- */

static int run(const struct options *options, int n_words, char **words)
{
    (void)n_words, (void)words;
    struct complaint complaint;
    const char *build;
    if (!loader_build(options->build, &build, &complaint))
        return command_fail(&complaint, EXIT_BAD_USAGE);
    if (options->names != NULL)
        return run_names(options, build);
    if (!output_can_write(options->json, &complaint))
        return command_fail(&complaint, EXIT_NOTHING_RUN);
    char replays[REPLAYS_ROOM];
    json_t *const all = json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "maps", describe_maps(build), "replays",
        describe_maps(replays_of(build, replays)), "workloads", describe_workloads(),
        "instruments", describe_instruments(), "machines", describe_machines());
    int code = EXIT_ALL_GOOD;
    const bool is_piped = options->json != NULL && strcmp(options->json, "-") == 0;
    print_all(is_piped ? stderr : stdout, all);
    if (options->json != NULL && !result_write(all, options->json, &complaint))
        code = command_fail(&complaint, EXIT_NOTHING_RUN);
    json_decref(all);
    return code;
}

const struct command command_list = {
    .name = "list",
    .summary = "maps, workloads, hashes, instruments, machines",
    .example = "onemiss list --json -",
    .bit = OPTION_LIST,
    .run = run,
};
