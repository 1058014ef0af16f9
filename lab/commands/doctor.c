/* SPDX-License-Identifier: MIT */
/* onemiss doctor: this machine, what it can measure, why not the rest, and what mends it.
 * With --calibrate the caches and pages are measured, beside what others say of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../cache_geometry.h"
#include "../calibration.h"
#include "../command.h"
#include "../confinement.h"
#include "../doctor_probes.h"
#include "../interrupt.h"
#include "../machine.h"
#include "../processor.h"
#include "../report/staircase.h"
#include "../result.h"
#include "../terminal.h"

struct diagnosis {
    struct findings findings, remarks; /* remarks stand below the table of caches */
    struct cache told[2][MOST_CACHES]; /* by the kernel, by the processor */
    size_t n_told[2];
    uint32_t leaf; /* of CPUID that told */
    struct calibration calibration;
    bool is_calibrated;
};

static const double LEAST_SHARE = 0.95; /* of the processor, for a calm calibration */

/* ---- finding out ---- */

static void ask_all(struct findings *findings)
{
    static const struct {
        const char *section;
        probe *const *probes;
    } parts[] = {{"Machine", probes_of_machine},
                 {"Machine", probes_of_conditions},
                 {"Measuring", probes_of_instruments},
                 {"Measuring", probes_of_tools},
                 {"Profiling", probes_of_profiling}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        findings->section = parts[i].section;
        for (size_t k = 0; parts[i].probes[k] != NULL; k++)
            parts[i].probes[k](findings);
    }
}

static void show_progress(double share)
{
    static int shown = -1;
    const int percent = (int)(share * 100);
    if (!terminal_is(stderr) || percent == shown)
        return;
    shown = percent;
    fprintf(stderr, percent < 100 ? "\rcalibrating: %d %%" : "\r%*s\r", percent, "");
}

/* A calibration that cannot be is a remark, no failure. */
static void calibrate(struct diagnosis *all)
{
    static struct confinement one_processor = {.pages = PAGES_DEFAULT, .cpu = CPU_LAST};
    struct complaint complaint;
    uint64_t believed = 0;
    for (size_t i = 0; i < 2 && believed == 0; i++)
        believed = cache_geometry_last(all->told[i], all->n_told[i]);
    if (!terminal_is(stderr))
        fputs("calibrating: about half a minute\n", stderr);
    confinement_enter(&one_processor);
    all->is_calibrated =
        calibration_run(&all->calibration, believed, show_progress, &complaint);
    if (!all->is_calibrated)
        findings_add(&all->remarks, FINDING_NO, "calibration", "%s", complaint.text);
}

static void remark_pages(struct findings *remarks, const char *name,
                         const struct pages_measured *pages)
{
    const struct first_touch *const touch = &pages->touch;
    char memory[48] = "not reached";
    bool is_unclear = false;
    if (isfinite(pages->memory_ns))
        snprintf(memory, sizeof memory, "%.0f ns", pages->memory_ns);
    for (size_t i = 0; i < pages->n_levels; i++)
        is_unclear |= pages->levels[i].is_unclear;
    findings_add(remarks, is_unclear ? FINDING_NOTE : FINDING_OK, name,
                 "first touch of 4 KiB: %.0f ns (%.0f to %.0f), %.0f of them on the "
                 "processor; a load from memory: %s%s",
                 touch->wall_ns, touch->low_ns, touch->high_ns, touch->cpu_ns, memory,
                 is_unclear ? "; ?: a rise too long for one step, a level may be hidden"
                            : "");
}

/* Why a column of the table is empty or not to be believed. */
static void remark(struct diagnosis *all)
{
    bool is_doubtful = false;
    for (size_t i = 0; i < all->n_told[1]; i++)
        is_doubtful |= all->told[1][i].is_doubtful;
    if (all->n_told[0] == 0)
        findings_add(
            &all->remarks, FINDING_NOTE, "/sys",
            "tells no caches: not mounted, or a virtual machine's kernel was told "
            "none");
    if (all->n_told[1] == 0)
        findings_add(&all->remarks, FINDING_NOTE, "CPUID", "%s",
                     HAS_CPUID ? "tells no caches" : "is not of this architecture");
    if (is_doubtful)
        findings_add(&all->remarks, FINDING_NOTE, "CPUID",
                     "?: leaf 0x%08X without ways is no cache that a core reaches (AMD's "
                     "is the package's sum)",
                     all->leaf);
    if (!all->is_calibrated) {
        finding_mend_by(findings_add(&all->remarks, FINDING_NOTE, "measured", "not yet"),
                        "onemiss doctor --calibrate");
        return;
    }
    if (all->calibration.cpu_share < LEAST_SHARE)
        finding_mend(findings_add(&all->remarks, FINDING_NOTE, "disturbed",
                                  "others had the processor for %.0f %% of the time",
                                  100 * (1 - all->calibration.cpu_share)),
                     "repeat it when nothing else runs");
    for (size_t kind = 0; kind < N_KINDS_OF_PAGES; kind++) {
        const struct pages_measured *const pages = &all->calibration.pages[kind];
        const char *const name = kind == SMALL_PAGES ? "small pages" : "2 MiB pages";
        if (pages->reason[0] != '\0')
            findings_add(&all->remarks, FINDING_NO, name, "%s", pages->reason);
        else if (pages->n_levels == 0)
            findings_add(&all->remarks, FINDING_NOTE, name,
                         "no step can be told from noise: measure on a quieter machine");
        else
            remark_pages(&all->remarks, name, pages);
    }
}

/* ---- on paper ---- */

static void describe_told(const struct cache *cache, char text[48])
{
    char size[24];
    text[0] = '\0';
    if (cache == NULL)
        return;
    staircase_size(size, (double)cache->bytes);
    if (cache->is_doubtful)
        snprintf(text, 48, "%s ?", size);
    else if (cache->ways == 0)
        snprintf(text, 48, "%s", size);
    else
        snprintf(text, 48, "%s, %u ways", size, cache->ways);
}

static void describe_measured(const struct diagnosis *all, unsigned level, char text[96])
{
    char range[64];
    const struct pages_measured *const best = calibration_best(&all->calibration);
    text[0] = '\0';
    if (!all->is_calibrated || level > best->n_levels)
        return;
    const struct level *const found = &best->levels[level - 1];
    for (unsigned i = 1; i < level; i++)
        if (best->levels[i - 1].is_unclear)
            return; /* whose number is not known */
    staircase_range(range, (double)found->bytes, (double)found->above_bytes);
    snprintf(text, 96, "%s%s, %.*f ns", range, found->is_unclear ? " ?" : "",
             found->ns < 10 ? 1 : 0, found->ns);
}

static void print_caches(FILE *to, const struct diagnosis *all)
{
    fprintf(to, "\n%sCaches%s          %-18s %-18s %s\n",
            terminal_style(to, STYLE_STRONG), terminal_style(to, STYLE_PLAIN),
            "kernel (/sys)", "CPUID", "measured");
    for (unsigned level = 1; level <= 4; level++)
        for (int i = 0; i < (level == 1 ? 2 : 1); i++) {
            char told[2][48], measured[96] = "", name[16];
            for (size_t k = 0; k < 2; k++)
                describe_told(
                    cache_geometry_find(all->told[k], all->n_told[k], level, i == 1),
                    told[k]);
            if (i == 0)
                describe_measured(all, level, measured);
            if (told[0][0] == '\0' && told[1][0] == '\0' && measured[0] == '\0')
                continue;
            snprintf(name, sizeof name, "L%u%s", level,
                     level > 1 ? ""
                     : i == 0  ? " data"
                               : " code");
            fprintf(
                to, "  %-13s %-18s %-18s %s\n", name, told[0][0] != '\0' ? told[0] : "-",
                told[1][0] != '\0' ? told[1] : "-", measured[0] != '\0' ? measured : "-");
        }
    findings_print(to, &all->remarks);
}

/* ---- as JSON ---- */

static json_t *describe_caches(const struct cache *caches, size_t n)
{
    static const char *const holds[] = {"data", "instructions", "both"};
    json_t *const array = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            array, json_pack("{s:i, s:s, s:I, s:i, s:i, s:b}", "level",
                             (int)caches[i].level, "holds", holds[caches[i].holds],
                             "bytes", (json_int_t)caches[i].bytes, "ways",
                             (int)caches[i].ways, "line_bytes", (int)caches[i].line_bytes,
                             "is_doubtful", (int)caches[i].is_doubtful));
    return array;
}

static json_t *describe(const struct diagnosis *all, json_t *calibration)
{
    json_t *const findings = findings_describe(&all->findings);
    json_t *const remarks = findings_describe(&all->remarks);
    json_t *remark;
    size_t i;
    json_array_foreach(remarks, i, remark)
    {
        json_object_set_new(remark, "section", json_string("Caches"));
    }
    json_array_extend(findings, remarks);
    json_decref(remarks);
    return json_pack("{s:o, s:o, s:{s:o, s:o}, s:O}", "machine", machine_describe(),
                     "findings", findings, "caches", "sysfs",
                     describe_caches(all->told[0], all->n_told[0]), "cpuid",
                     describe_caches(all->told[1], all->n_told[1]), "calibration",
                     calibration);
}

/* ---- the picture ---- */

static bool draw(const json_t *calibration, const char *path, struct complaint *complaint)
{
    char name[128] = "unnamed processor", date[32] = "";
    const time_t now = time(NULL);
    struct tm day;
    (void)processor_name(name, sizeof name);
    if (gmtime_r(&now, &day) != NULL)
        strftime(date, sizeof date, "%Y-%m-%d", &day);
    char *const text = staircase_svg(calibration, name, date);
    const bool is_written =
        text != NULL
            ? output_write(path, text, complaint)
            : complain(complaint, "picture '%.200s': there is nothing to draw", path);
    free(text);
    return is_written;
}

/* ---- the command ---- */

static bool is_usable(const struct options *options, struct complaint *complaint)
{
    const char *const picture = options->picture;
    if (picture != NULL && !options->is_calibrating)
        return complain(complaint, "--picture draws a calibration: add --calibrate");
    return picture == NULL || (*picture != '\0' && strcmp(picture, "-") != 0) ||
           complain(complaint, "--picture needs the name of a file");
}

static int run(const struct options *options, int n_words, char **words)
{
    (void)n_words, (void)words;
    static struct diagnosis all;
    struct complaint complaint;
    int code = EXIT_ALL_GOOD;
    if (!is_usable(options, &complaint))
        return command_fail(&complaint, EXIT_BAD_USAGE);
    if (!output_can_write(options->json, &complaint) ||
        !output_can_write(options->picture, &complaint))
        return command_fail(&complaint, EXIT_NOTHING_RUN);
    const bool is_piped = options->json != NULL && strcmp(options->json, "-") == 0;
    FILE *const people = is_piped ? stderr : stdout;
    interrupt_watch(); /* what tools have started ends with them */
    ask_all(&all.findings);
    interrupt_end_watch();
    findings_print(people, &all.findings);
    fflush(people);
    all.remarks.section = "";
    all.n_told[0] = cache_geometry_sysfs("", all.told[0]);
    all.n_told[1] = cache_geometry_cpuid(cpuid_of_processor, all.told[1], &all.leaf);
    if (options->is_calibrating)
        calibrate(&all);
    json_t *const calibration =
        all.is_calibrated ? calibration_describe(&all.calibration, sysconf(_SC_PAGESIZE))
                          : json_null();
    remark(&all);
    print_caches(people, &all);
    if (all.is_calibrated)
        fputc('\n', people);
    staircase_text(calibration, people, print_width(people));
    if (options->picture != NULL && !draw(calibration, options->picture, &complaint))
        code = command_fail(&complaint, EXIT_NOTHING_RUN);
    json_t *const object = options->json != NULL ? describe(&all, calibration) : NULL;
    if (object != NULL && !result_write(object, options->json, &complaint))
        code = command_fail(&complaint, EXIT_NOTHING_RUN);
    json_decref(object);
    json_decref(calibration);
    return code;
}

const struct command command_doctor = {
    .name = "doctor",
    .summary = "what this machine can measure, and what mends the rest",
    .example = "onemiss doctor --calibrate --picture staircase.svg",
    .bit = OPTION_DOCTOR,
    .run = run,
};
