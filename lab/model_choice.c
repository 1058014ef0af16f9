/* SPDX-License-Identifier: MIT */
/* Which machines a run is to model.
 *
 *     i7-8550U;i7-8550U:no-walks;zen4;own=48K/12,1M/8;host=48K/12,1M/16,16M/16
 *
 * A name of the table, behind colons what of the machine is switched off or on; or a name
 * and a geometry. One's own geometry behaves in the plainest way: least recently used goes,
 * nothing is fetched unasked, no translation; the host's as a processor of today does, as
 * far as the table's first. Before them all may stand HUGE_PAGES. */
#include "model_choice.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "cache_geometry.h"
#include "calibration.h"
#include "confinement.h"
#include "names.h"

#define HUGE_PAGES "pages=2M" /* no user's word: these have no '=' */

static bool complain_of_machine(const char *name, struct complaint *complaint)
{
    const char *names[MOST_MODELLED];
    size_t n = 0;
    for (; n < sim_n_machines && n + 1 < MOST_MODELLED; n++)
        names[n] = sim_machines[n].name;
    names[n++] = "host";
    return complain_of_name(complaint, "machine", name, names, n);
}

static bool add(struct model_choice *choice, const struct modelled *machine,
                struct complaint *complaint)
{
    if (choice->n == MOST_MODELLED)
        return complain(complaint, "more than %d machines to model at once",
                        MOST_MODELLED);
    for (size_t i = 0; i < choice->n; i++)
        if (strcmp(choice->machines[i].name, machine->name) == 0)
            return complain(complaint, "machine '%.63s' is named twice", machine->name);
    choice->machines[choice->n++] = *machine;
    return true;
}

/* Switches something of a machine off, or a prefetcher on. */
static bool throw_switch(struct sim_model *model, const char *what,
                         struct complaint *complaint)
{
    static const char *const known[] = {"no-walks",       "no-zeroing",
                                        "no-inclusion",   "no-prefetch",
                                        "with-next-line", "with-adjacent-line"};
    if (!name_is_one_of("switch", what, known, sizeof known / sizeof *known, complaint))
        return false;
    if (strcmp(what, "no-walks") == 0)
        model->walks_pages = false;
    else if (strcmp(what, "no-zeroing") == 0)
        model->zeroes_pages = false;
    else if (strcmp(what, "no-inclusion") == 0)
        model->last_level = SIM_NEITHER;
    else if (strcmp(what, "no-prefetch") == 0)
        model->prefetchers = 0;
    else if (strcmp(what, "with-next-line") == 0)
        model->prefetchers |= SIM_NEXT_LINE;
    else
        model->prefetchers |= SIM_ADJACENT_LINE;
    return true;
}

/* NAME, NAME:SWITCH, NAME:SWITCH:SWITCH ... */
static bool add_named(struct model_choice *choice, const char *text,
                      struct complaint *complaint)
{
    char room[MODELLED_NAME], *rest = room;
    struct modelled machine;
    memset(&machine, 0, sizeof machine);
    snprintf(room, sizeof room, "%s", strlen(text) < sizeof room ? text : "");
    snprintf(machine.name, sizeof machine.name, "%s", room);
    const struct sim_machine *const known = sim_machine_find(strsep(&rest, ":"));
    if (known == NULL)
        return complain_of_machine(strlen(text) < sizeof room ? room : text, complaint);
    machine.geometry = known->geometry;
    machine.model = known->model;
    if (choice->has_huge_pages && !sim_machine_huge(known, &machine.geometry))
        return complain(complaint,
                        "machine '%.63s': its TLBs for pages of 2 MiB are not known; "
                        "leave it or --pages thp out",
                        machine.name);
    for (const char *what; (what = strsep(&rest, ":")) != NULL;)
        if (!throw_switch(&machine.model, what, complaint))
            return false;
    return add(choice, &machine, complaint);
}

/* NAME=GEOMETRY */
static bool add_geometry(struct model_choice *choice, const char *name, size_t n_name,
                         const char *geometry, struct complaint *complaint)
{
    struct modelled machine;
    char why[GEOMETRY_WHY_ROOM];
    memset(&machine, 0, sizeof machine);
    snprintf(machine.name, sizeof machine.name, "%.*s", (int)n_name, name);
    if (!geometry_read(geometry, &machine.geometry, why))
        return complain(complaint, "--geometry '%.60s': %s", geometry, why);
    if (choice->has_huge_pages)
        machine.geometry.page_bytes = SIM_HUGE_PAGE;
    if (strcmp(machine.name, "host") == 0)
        machine.model = sim_machines[0].model;
    return add(choice, &machine, complaint);
}

bool model_choice_read(const char *text, struct model_choice *choice,
                       struct complaint *complaint)
{
    char room[MODEL_CHOICE_ROOM], *rest = room;
    choice->n = 0;
    choice->has_huge_pages = false;
    if (strlen(text) >= sizeof room)
        return complain(complaint, "the list of machines is too long");
    strcpy(room, text);
    for (char *word; (word = strsep(&rest, ";")) != NULL;) {
        if (strcmp(word, HUGE_PAGES) == 0) {
            choice->has_huge_pages = true;
            continue;
        }
        const char *const equals = strchr(word, '=');
        if (equals == NULL ? !add_named(choice, word, complaint)
                           : !add_geometry(choice, word, (size_t)(equals - word),
                                           equals + 1, complaint))
            return false;
    }
    return true;
}

/* ---- the host ---- */

/* What of `ways` fits a cache of about `bytes`: its size in whole sets. */
static void set_level(struct sim_level *level, uint64_t bytes, unsigned ways,
                      unsigned line_bytes)
{
    level->ways = ways;
    level->bytes = bytes / ((uint64_t)ways * line_bytes) * ways * line_bytes;
}

/* Levels as measured; where what is told lies within a measured step, as told. */
static bool measure_host(char *text, size_t room, struct complaint *complaint)
{
    enum { LINE_BYTES = 64, PAGE_BYTES = 4096, USUAL_WAYS = 16 };
    static struct confinement one_processor = {.pages = PAGES_DEFAULT, .cpu = CPU_LAST};
    static struct calibration calibration;
    struct cache told[MOST_CACHES];
    struct sim_geometry geometry = {.line_bytes = LINE_BYTES, .page_bytes = PAGE_BYTES};
    const size_t n_told = cache_geometry_sysfs("", told);
    cpu_set_t before; /* the measuring is pinned, what follows is not */
    const bool has_before = sched_getaffinity(0, sizeof before, &before) == 0;
    fputs("machine host: measuring its caches, about half a minute\n", stderr);
    confinement_enter(&one_processor);
    const bool is_measured =
        calibration_run(&calibration, cache_geometry_last(told, n_told), NULL, complaint);
    if (has_before)
        (void)sched_setaffinity(0, sizeof before, &before);
    if (!is_measured)
        return false;
    const struct pages_measured *const best = calibration_best(&calibration);
    for (size_t i = 0; i < best->n_levels && geometry.n_levels < SIM_MOST_LEVELS; i++) {
        const struct level *const found = &best->levels[i];
        const struct cache *const believed =
            cache_geometry_find(told, n_told, (unsigned)i + 1, false);
        uint64_t bytes = found->bytes + (found->above_bytes - found->bytes) / 2;
        unsigned ways = USUAL_WAYS;
        if (believed != NULL && believed->ways != 0 && !believed->is_doubtful)
            ways = believed->ways;
        if (believed != NULL && found->bytes / 2 <= believed->bytes &&
            believed->bytes <= 2 * found->above_bytes)
            bytes = believed->bytes;
        set_level(&geometry.levels[geometry.n_levels++], bytes, ways, LINE_BYTES);
    }
    char why[GEOMETRY_WHY_ROOM], levels[GEOMETRY_TEXT_ROOM];
    if (!geometry_check(&geometry, why))
        return complain(complaint,
                        "machine host: what was measured is no geometry (%s); "
                        "see onemiss doctor --calibrate, and give --geometry",
                        why);
    geometry_text(&geometry, levels);
    fprintf(stderr, "machine host: %s\n", levels);
    snprintf(text, room, "host=%s", levels);
    return true;
}

/* ---- from the options ---- */

static bool append(char text[MODEL_CHOICE_ROOM], const char *word,
                   struct complaint *complaint)
{
    const size_t used = strlen(text);
    const int n = snprintf(text + used, MODEL_CHOICE_ROOM - used, "%s%s",
                           used > 0 ? ";" : "", word);
    return (size_t)n < MODEL_CHOICE_ROOM - used ||
           complain(complaint, "the list of machines is too long");
}

/* Every machine of the table, that has the pages. */
static bool append_all(char text[MODEL_CHOICE_ROOM], bool has_huge_pages,
                       struct complaint *complaint)
{
    struct sim_geometry ignored;
    for (size_t i = 0; i < sim_n_machines; i++) {
        const struct sim_machine *const machine = &sim_machines[i];
        if (has_huge_pages && !sim_machine_huge(machine, &ignored))
            fprintf(stderr,
                    "onemiss: machine all: without %s, whose TLBs for pages of 2 MiB are "
                    "not known\n",
                    machine->name);
        else if (!append(text, machine->name, complaint))
            return false;
    }
    return true;
}

static bool append_machine(char text[MODEL_CHOICE_ROOM], const char *name,
                           bool has_huge_pages, struct complaint *complaint)
{
    char host[GEOMETRY_TEXT_ROOM + 8];
    if (*name == '\0' || strpbrk(name, "=;") != NULL) /* these are for the text alone */
        return complain_of_machine(name, complaint);
    if (strcmp(name, "all") == 0)
        return append_all(text, has_huge_pages, complaint);
    if (strcmp(name, "host") == 0)
        return measure_host(host, sizeof host, complaint) &&
               append(text, host, complaint);
    return append(text, name, complaint);
}

bool model_choice_make(const char *machines, const char *geometry, bool has_huge_pages,
                       char text[MODEL_CHOICE_ROOM], struct complaint *complaint)
{
    static struct model_choice checked;
    char room[MODEL_CHOICE_ROOM], own[MODEL_CHOICE_ROOM], *rest = room;
    text[0] = '\0';
    if (has_huge_pages && !append(text, HUGE_PAGES, complaint))
        return false;
    if (geometry != NULL) {
        if (strlen(geometry) + 8 >= sizeof own || strchr(geometry, ';') != NULL)
            return complain(complaint,
                            "--geometry '%.60s' is no geometry; write it as "
                            "48K/12,1M/8,32M/16",
                            geometry);
        snprintf(own, sizeof own, "own=%s", geometry);
        if (!append(text, own, complaint))
            return false;
    }
    if (machines == NULL && geometry == NULL)
        machines = sim_machines[0].name;
    if (machines != NULL && strlen(machines) >= sizeof room)
        return complain(complaint, "the list of machines is too long");
    if (machines != NULL) {
        strcpy(room, machines);
        for (char *name; (name = strsep(&rest, ",")) != NULL;)
            if (!append_machine(text, name, has_huge_pages, complaint))
                return false;
    }
    return model_choice_read(text, &checked, complaint);
}
