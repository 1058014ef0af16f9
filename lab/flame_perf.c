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

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cell.h"
#include "formats/perf_script.h"
#include "interrupt.h"
#include "perf_sampling.h"
#include "stacks_result.h"

enum { PATIENCE_S = 60, LAST_PATIENCE_S = 240, LINE_ROOM = 16384 };

static const char *const data_file = "perf.data", *const error_file = "perf.errors";

/* Between before and after the child. */
static struct {
    char perf[PATH_MAX], version[64];
    struct perf_sampling sampling;
    unsigned frequency_hz;
    bool has_unwinder;
} chosen;

/* ---- before ---- */

/* Asks perf for its version, and whether it can unwind; believes so if it does not say. */
static void ask_version(const struct tool *tool)
{
    const char *const words[] = {chosen.perf, "version", "--build-options", NULL};
    char errors[PATH_MAX], line[256];
    bool says_on = false, says_off = false;
    struct tool_output output;
    struct complaint ignored;
    tool_file(tool, error_file, errors);
    snprintf(chosen.version, sizeof chosen.version, "perf");
    chosen.has_unwinder = true;
    if (!tool_read(&output, words, errors, &ignored))
        return;
    while (fgets(line, sizeof line, output.text) != NULL) {
        const bool is_unwinder =
            strstr(line, "unwind") != NULL || strstr(line, " libdw:") != NULL;
        line[strcspn(line, "\n")] = '\0';
        says_on |= is_unwinder && strstr(line, "[ on") != NULL;
        says_off |= is_unwinder && strstr(line, "[ OFF") != NULL;
        if (strncmp(line, "perf version ", 13) == 0) {
            text_mask(line);
            snprintf(chosen.version, sizeof chosen.version, "perf %.50s", line + 13);
        }
    }
    (void)tool_read_end(&output, &ignored);
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
    ask_version(tool);
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

static int64_t seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

struct reading {
    struct perf_script script;
    char line[LINE_ROOM];
    size_t n_line;
};

/* Lines of what has come; of one that is too long, the start. */
static bool take_bytes(struct reading *reading, const char *bytes, size_t n,
                       struct complaint *complaint)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != '\n') {
            if (reading->n_line + 1 < sizeof reading->line)
                reading->line[reading->n_line++] = bytes[i] != '\0' ? bytes[i] : '?';
            continue;
        }
        reading->line[reading->n_line] = '\0';
        reading->n_line = 0;
        if (!perf_script_line(&reading->script, reading->line, complaint))
            return false;
    }
    return true;
}

static bool finish_reading(struct reading *reading, struct complaint *complaint)
{
    reading->line[reading->n_line] = '\0';
    return (reading->n_line == 0 ||
            perf_script_line(&reading->script, reading->line, complaint)) &&
           perf_script_end(&reading->script, complaint);
}

enum outcome { ALL_READ, TOO_SLOW, NOT_READ };

/* All that the program prints, as long as patience lasts. */
static enum outcome read_all(struct reading *reading, struct tool_output *output,
                             int64_t patience_s, struct complaint *complaint)
{
    static char bytes[65536];
    const int end = fileno(output->text);
    const int64_t deadline = seconds_now() + patience_s;
    while (seconds_now() < deadline) {
        struct pollfd ready = {end, POLLIN, 0};
        if (interrupt_signal() != 0) {
            complain(complaint, "interrupted");
            return NOT_READ;
        }
        if (poll(&ready, 1, 200) <= 0)
            continue;
        const ssize_t n = read(end, bytes, sizeof bytes);
        if (n > 0 && !take_bytes(reading, bytes, (size_t)n, complaint))
            return NOT_READ;
        if (n == 0) {
            (void)fgetc(output->text); /* so that the file knows its end */
            return ALL_READ;
        }
        if (n < 0 && errno != EINTR)
            break;
    }
    complain(complaint, "perf script did not end within %d s", (int)patience_s);
    return TOO_SLOW;
}

/* Asks perf script for all that it can tell, or for what costs it little. */
static enum outcome read_script(const struct tool *tool, bool is_brief,
                                struct reading *reading, struct complaint *complaint)
{
    char file[PATH_MAX], errors[PATH_MAX];
    struct tool_output output;
    tool_file(tool, data_file, file);
    tool_file(tool, error_file, errors);
    const char *const words[] = {chosen.perf,
                                 "script",
                                 "-i",
                                 file,
                                 "-F",
                                 is_brief ? PERF_SCRIPT_BRIEF : PERF_SCRIPT_FIELDS,
                                 "--show-lost-events",
                                 is_brief ? "--no-inline" : NULL,
                                 NULL};
    if (!tool_read(&output, words, errors, complaint))
        return NOT_READ;
    enum outcome outcome =
        read_all(reading, &output, is_brief ? LAST_PATIENCE_S : PATIENCE_S, complaint);
    struct complaint ending;
    if (!tool_read_end(&output, &ending) && outcome == ALL_READ) {
        complain(complaint, "perf script: %.300s", ending.text);
        outcome = NOT_READ;
    }
    if (outcome == ALL_READ && !finish_reading(reading, complaint))
        outcome = NOT_READ;
    return outcome;
}

bool flame_perf_harvest(const struct tool *tool, json_t *cell,
                        struct complaint *complaint)
{
    static struct reading reading;
    char prefix[64];
    enum outcome outcome = TOO_SLOW;
    struct stacks *stacks = NULL;
    const struct stacks_setup setup = {
        STACKS_ROOT, prefix, {stacks_chain[0], stacks_chain[1], stacks_chain[2]}};
    bool is_brief = false;
    snprintf(prefix, sizeof prefix, "%s_%s_", tool->cell->key, tool->cell->hash);
    for (int attempt = 0; attempt < 2 && outcome == TOO_SLOW; attempt++) {
        is_brief = attempt > 0;
        stacks_destroy(stacks);
        stacks = stacks_create(&setup);
        if (stacks == NULL)
            return complain(complaint, "out of memory for the stacks");
        memset(&reading, 0, sizeof reading);
        perf_script_begin(&reading.script, stacks_take, stacks);
        outcome = read_script(tool, is_brief, &reading, complaint);
    }
    const struct stacks_origin origin = {
        .by = chosen.version,
        .call_graph = call_graph(),
        .event = "",
        .frequency_hz = chosen.frequency_hz,
        .has_kernel = chosen.sampling.has_kernel,
        .lost = reading.script.lost,
        .note = is_brief ? "perf script was too slow to name inlined functions and lines"
                         : "",
    };
    const bool is_added =
        outcome == ALL_READ && stacks_to_cell(cell, stacks, &origin, complaint);
    stacks_destroy(stacks);
    return is_added;
}
