/* SPDX-License-Identifier: MIT */
/* The instrument `flame` where there is perf: record around the child, script behind it.
 *
 * Method. Event: cycles where there is a PMU, else the kernel's timer cpu-clock; user mode
 * alone where more is not allowed. Call graph: `dwarf`, 4 KiB of the stack with each
 * sample, unwound afterwards by the files' unwind information. Subjects are compiled
 * without frame pointers, as a program that uses the map would be: with `fp` not one of
 * 2000 samples reached the timed batches, with `dwarf` all; 1 KiB is enough for these, and
 * 4 KiB for stacks to be seen whole, which tells right ones from broken ones. A perf that
 * was built without an unwinder is asked for `fp`, and the self-test tells what came of it.
 * Functions that were inlined are named by perf script from the debug information, for
 * which some builds of perf need long: after a minute it is asked again for less. */
#include "flame_perf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "formats/perf_script.h"
#include "formats/text_line.h"
#include "interrupt.h"
#include "perf_sampling.h"
#include "stacks_result.h"

enum { PATIENCE_S = 60, LAST_PATIENCE_S = 240, LINE_ROOM = 16384 };

static const char *const data_file = "perf.data";

/* Between before and after the child. */
static struct {
    char perf[PATH_MAX], version[64];
    struct perf_sampling sampling;
    unsigned frequency_hz;
    bool has_unwinder;
} chosen;

/* ---- before ---- */

/* Asks perf for its version, and whether it can unwind; believes so if it does not say. */
static void ask_version(void)
{
    const char *const words[] = {chosen.perf, "version", "--build-options", NULL};
    char line[256];
    bool says_on = false, says_off = false;
    struct complaint ignored;
    snprintf(chosen.version, sizeof chosen.version, "perf");
    chosen.has_unwinder = true;
    FILE *const answer = tool_ask(words, TOOL_PATIENCE_S, NULL, &ignored);
    while (answer != NULL && text_line(answer, line, sizeof line)) {
        const bool is_unwinder =
            strstr(line, "unwind") != NULL || strstr(line, " libdw:") != NULL;
        says_on |= is_unwinder && strstr(line, "[ on") != NULL;
        says_off |= is_unwinder && strstr(line, "[ OFF") != NULL;
        if (strncmp(line, "perf version ", 13) == 0) {
            text_mask(line);
            snprintf(chosen.version, sizeof chosen.version, "perf %.50s", line + 13);
        }
    }
    if (answer != NULL)
        fclose(answer);
    chosen.has_unwinder = says_on || !says_off;
}

/* The user's own settings of perf would change what it prints, and symbols are looked for
 * on this machine alone. */
static void calm_perf(void)
{
    (void)setenv("PERF_CONFIG", "/dev/null", 1);
    (void)unsetenv("DEBUGINFOD_URLS");
}

static const char *call_graph(void)
{
    return chosen.has_unwinder ? "dwarf" : "fp";
}

bool flame_perf_wrap(struct tool *tool, struct complaint *complaint)
{
    char file[PATH_MAX], reason[PERF_REASON];
    if (!tool_find("perf", chosen.perf, complaint))
        return false;
    if (!perf_sampling_choose(&chosen.sampling, reason))
        return complain(complaint, "%s", reason);
    calm_perf();
    ask_version();
    chosen.frequency_hz = perf_sampling_frequency(tool->cell->n);
    tool->method = chosen.frequency_hz;
    tool_file(tool, data_file, file);
    tool_add(tool, "%s", chosen.perf);
    tool_add(tool, "record");
    tool_add(tool, "-q");
    tool_add(tool, "--no-buildid-cache"); /* nothing in the user's home */
    tool_add(tool, "-e");
    tool_add(tool, "%s%s", chosen.sampling.event, chosen.sampling.has_kernel ? "" : ":u");
    tool_add(tool, "-F");
    tool_add(tool, "%u", chosen.frequency_hz);
    tool_add(tool, "--call-graph");
    tool_add(tool, "%s%s", call_graph(), chosen.has_unwinder ? ",4096" : "");
    tool_add(tool, "--max-size=512M"); /* what hangs does not fill the disk */
    tool_add(tool, "-o");
    tool_add(tool, "%s", file);
    tool_add(tool, "--");
    return true;
}

/* ---- after ---- */

static bool read_samples(FILE *from, struct perf_script *script,
                         struct complaint *complaint)
{
    static char line[LINE_ROOM];
    while (text_line(from, line, sizeof line)) {
        if (interrupt_signal() != 0)
            return complain(complaint, "interrupted");
        if (!perf_script_line(script, line, complaint))
            return false;
    }
    if (ferror(from))
        return complain(complaint, "perf script: its answer cannot be read");
    return perf_script_end(script, complaint);
}

/* Asks perf script for all that it can tell, or for what costs it little. */
static bool read_script(const struct tool *tool, bool is_brief,
                        struct perf_script *script, bool *is_too_much,
                        struct complaint *complaint)
{
    char file[PATH_MAX];
    struct complaint why;
    tool_file(tool, data_file, file);
    const char *const words[] = {chosen.perf,
                                 "script",
                                 "-i",
                                 file,
                                 "-F",
                                 is_brief ? PERF_SCRIPT_BRIEF : PERF_SCRIPT_FIELDS,
                                 "--show-lost-events",
                                 is_brief ? "--no-inline" : NULL,
                                 NULL};
    FILE *const answer =
        tool_ask(words, is_brief ? LAST_PATIENCE_S : PATIENCE_S, is_too_much, &why);
    if (answer == NULL)
        return complain(complaint, "perf script: %.300s", why.text);
    const bool is_read = read_samples(answer, script, complaint);
    fclose(answer);
    return is_read;
}

bool flame_perf_harvest(const struct tool *tool, json_t *cell,
                        struct complaint *complaint)
{
    char prefix[64];
    static struct perf_script script;
    struct stacks *stacks = NULL;
    const struct stacks_setup setup = {
        STACKS_ROOT, prefix, {stacks_chain[0], stacks_chain[1], stacks_chain[2]}};
    bool is_read = false, is_brief = false, is_too_much = true;
    snprintf(prefix, sizeof prefix, "%s_%s_", tool->cell->key, tool->cell->hash);
    for (int attempt = 0; attempt < 2 && is_too_much; attempt++) {
        is_brief = attempt > 0;
        stacks_destroy(stacks);
        stacks = stacks_create(&setup);
        if (stacks == NULL)
            return complain(complaint, "out of memory for the stacks");
        perf_script_begin(&script, stacks_take, stacks);
        is_read = read_script(tool, is_brief, &script, &is_too_much, complaint);
    }
    const struct stacks_origin origin = {
        .by = chosen.version,
        .call_graph = call_graph(),
        .event = "",
        .frequency_hz = chosen.frequency_hz,
        .has_kernel = chosen.sampling.has_kernel,
        .lost = script.lost,
        .note = is_brief
                    ? "perf script would have taken too long, or too much room, to name "
                      "inlined functions and lines"
                    : "",
    };
    const bool is_added = is_read && stacks_to_cell(cell, stacks, &origin, complaint);
    stacks_destroy(stacks);
    return is_added;
}
