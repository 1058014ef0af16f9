/* SPDX-License-Identifier: MIT */
/* Instructions: how many the timed batches execute, exactly, by function and by line.
 *
 * Question. How many instructions is an operation, and whose are they: the insert's, the
 * resize's, the hash's? Method. The child runs under valgrind's callgrind, which counts
 * from the entry of run_timed_batch to its return; once, since the count repeats to the
 * instruction: the map's seed is zero, its memory lies where valgrind puts it, in each run
 * alike, and no count depends on the clock. addr2line tells which functions are inlined at
 * an address, since a map's are all inlined into the loop.
 * valgrind stops at AVX-512. Where build native has it, build v3 of the same map is run, or
 * baseline; `functions.build` says which. A file of the user's own runs as it is.
 * What it does not measure. Time: an instruction may take a cycle or a miss. The kernel.
 * Taken branches as processors count them: here are conditional and indirect ones, without
 * direct jumps, calls and returns. Mispredictions are of valgrind's simple predictor, with
 * trust `simulated`; processors of today do better. A repeated string instruction counts
 * once for each step. The loop's own instructions are in the counts: the row of `empty`
 * shows them; nothing is subtracted. */
#include <stdlib.h>
#include <string.h>

#include "../cell.h"
#include "../function_costs.h"
#include "../instrument.h"
#include "../loader.h"
#include "../result.h"

enum { PATIENCE_S = 120 };

#define OUT_FILE   "callgrind.out"
#define LOG_FILE   "valgrind.log"
#define TIMED_LOOP "run_timed_batch*" /* compilers put .isra.0 and the like behind it */

static const struct metric_info metrics[] = {
    {"exact_instructions", "1", "executed in the timed batches, each one counted"},
    {"exact_instructions_per_op", "1", "the same, by operations"},
    {"exact_branches", "1", "conditional and indirect branches executed"},
    {"sim_branch_misses", "1", "those that valgrind's predictor has wrong"},
    {NULL, NULL, NULL},
};

static const char *const simulated[] = {"sim_branch_misses", NULL};

/* ---- before the child, in which nothing is to do ---- */

/* The subject's file for valgrind, where it is not the cell's own. */
static bool choose_build(struct tool *tool, struct complaint *complaint)
{
    const struct cell *const cell = tool->cell;
    const char *build;
    snprintf(tool->build, sizeof tool->build, "%s", cell->build);
    if (cell->is_own)
        return true;
    if (!loader_narrow_path(cell->subject, cell->build, tool->path, &build, complaint))
        return false;
    snprintf(tool->build, sizeof tool->build, "%s", build);
    return true;
}

/* A file in the tool's folder as valgrind takes it: with it % begins a name's variable. */
static void add_file(struct tool *tool, const char *option, const char *name)
{
    char path[PATH_MAX], doubled[PATH_MAX];
    size_t n = 0;
    tool_file(tool, name, path);
    for (const char *at = path; *at != '\0' && n + 3 < sizeof doubled; at++) {
        doubled[n++] = *at;
        if (*at == '%')
            doubled[n++] = '%';
    }
    doubled[n] = '\0';
    tool_add(tool, "%s=%s", option, doubled);
}

static bool wrap(struct tool *tool, struct complaint *complaint)
{
    char program[PATH_MAX];
    if (!tool_find("valgrind", program, complaint) || !choose_build(tool, complaint))
        return false;
    tool_add(tool, "%s", program);
    add_file(tool, "--log-file", LOG_FILE);
    tool_add(tool, "--tool=callgrind");
    tool_add(tool, "--vgdb=no"); /* nobody debugs it: no pipes */
    add_file(tool, "--callgrind-out-file", OUT_FILE);
    tool_add(tool, "--collect-atstart=no");
    tool_add(tool, "--toggle-collect=" TIMED_LOOP);
    tool_add(tool, "--branch-sim=yes");
    tool_add(tool, "--dump-instr=yes");
    return true;
}

/* ---- after it ---- */

/* The file that ran, as the kernel names it, without its ending: NAME.more.so, which holds
 * more hashes, begins alike. */
static bool find_stem(const struct tool *tool, char stem[PATH_MAX])
{
    const char *const path = tool->path[0] != '\0' ? tool->path : tool->cell->path;
    if (realpath(path, stem) == NULL)
        return false;
    const size_t n = strlen(stem);
    if (n > 3 && strcmp(stem + n - 3, ".so") == 0)
        stem[n - 2] = '\0'; /* the dot stays: map.so is not map2.so */
    return true;
}

/* A map that was compiled without -g: names are told, but no files. */
static bool has_files(const struct inlined_chains *chains)
{
    for (size_t i = 0; i < chains->n_frames; i++)
        if (chains->frames[i].file[0] != '\0')
            return true;
    return false;
}

/* Has addr2line tell what is inlined where. False and why: functions are only those that
 * are compiled by themselves. */
static bool look_into(struct function_costs *costs, const struct tool *tool,
                      struct complaint *complaint)
{
    char program[PATH_MAX], stem[PATH_MAX], list[PATH_MAX], response[PATH_MAX + 1];
    size_t n_addresses;
    const char *const object =
        find_stem(tool, stem) ? function_costs_object(costs, stem) : NULL;
    if (object == NULL)
        return complain(complaint, "none of the instructions are in the map's own file");
    tool_file(tool, "addresses", list);
    snprintf(response, sizeof response, "@%s", list);
    const char *const words[] = {program, "-a",   "-f",     "-i", "-C",
                                 "-e",    object, response, NULL};
    if (!tool_find("addr2line", program, complaint) ||
        !function_costs_write_addresses(costs, object, list, &n_addresses, complaint))
        return false;
    struct complaint why;
    FILE *const answer = tool_ask(words, PATIENCE_S, NULL, &why);
    if (answer == NULL)
        return complain(complaint, "addr2line: %.300s", why.text);
    const bool is_read = addr2line_read(answer, &costs->texts, &costs->chains, complaint);
    fclose(answer);
    if (!is_read)
        return false;
    if (costs->chains.n_chains != n_addresses) /* it does not look whether it can write */
        return complain(complaint, "addr2line: its answer has %zu of %zu addresses",
                        costs->chains.n_chains, n_addresses);
    if (!has_files(&costs->chains))
        return complain(complaint,
                        "the map has no debug information; compile it with -g");
    costs->object = object;
    return true;
}

/* The metrics' values are the totals; counts below 2^53 are exact. */
static void add_metrics(json_t *cell, const uint64_t totals[N_COSTS])
{
    const double n = (double)json_integer_value(json_object_get(cell, "operations"));
    result_add_number(cell, "exact_instructions", (double)totals[COST_INSTRUCTIONS]);
    result_add_number(cell, "exact_branches", (double)totals[COST_BRANCHES]);
    result_add_number(cell, "sim_branch_misses", (double)totals[COST_MISSES]);
    if (n > 0)
        result_add_number(cell, "exact_instructions_per_op",
                          (double)totals[COST_INSTRUCTIONS] / n);
    else
        result_set_absent(cell, "exact_instructions_per_op", "no operation is timed");
}

static bool add_functions(const struct function_costs *costs, const struct tool *tool,
                          const char *reason, json_t *cell, struct complaint *complaint)
{
    static const char maker[] = "callgrind-";
    const char *version = costs->out.creator;
    json_t *const functions = function_costs_describe(costs);
    if (functions == NULL)
        return complain(complaint, "out of memory to add functions up");
    if (strncmp(version, maker, strlen(maker)) == 0)
        version += strlen(maker);
    json_object_set_new(functions, "by", json_string("callgrind"));
    json_object_set_new(functions, "build", result_text(tool->build));
    json_object_set_new(functions, "valgrind_version", result_text(version));
    if (reason != NULL)
        json_object_set_new(functions, "not_inlined", result_text(reason));
    json_object_set_new(cell, "functions", functions);
    return true;
}

static bool harvest(const struct tool *tool, json_t *cell, struct complaint *complaint)
{
    struct function_costs costs = {0};
    struct complaint reason;
    char file[PATH_MAX];
    tool_file(tool, OUT_FILE, file);
    bool is_read = function_costs_read(&costs, file, complaint);
    if (is_read && costs.totals[COST_INSTRUCTIONS] == 0)
        is_read = complain(complaint,
                           "callgrind saw no timed batch: this onemiss has no symbol "
                           "run_timed_batch; install it without strip");
    const bool is_inlined = is_read && look_into(&costs, tool, &reason);
    if (is_read)
        is_read =
            add_functions(&costs, tool, is_inlined ? NULL : reason.text, cell, complaint);
    if (is_read)
        add_metrics(cell, costs.totals);
    function_costs_drop(&costs);
    return is_read;
}

/* ---- when it went wrong ---- */

/* What valgrind says at an instruction that it does not know. */
static bool stopped_at_unknown(const struct tool *tool)
{
    char path[PATH_MAX], line[512];
    bool is_found = false;
    tool_file(tool, LOG_FILE, path);
    FILE *const log = fopen(path, "r");
    while (log != NULL && !is_found && fgets(line, sizeof line, log) != NULL)
        is_found = strstr(line, "Unrecognised instruction") != NULL ||
                   strstr(line, "unhandled instruction") != NULL;
    if (log != NULL)
        fclose(log);
    return is_found;
}

static bool explain(const struct tool *tool, const char *ending,
                    struct complaint *complaint)
{
    if (strncmp(ending, "timeout", 7) == 0) {
        complain(complaint,
                 "%.200s; valgrind takes about 50 times as long as the map alone, a "
                 "smaller -n helps as well",
                 ending);
        return true;
    }
    if (!stopped_at_unknown(tool))
        return false;
    complain(complaint,
             "valgrind does not know an instruction of this build, as those of "
             "AVX-512; compile the map once more with -march=x86-64-v3");
    return true;
}

const struct instrument instrument_instructions = {
    .name = "instructions",
    .summary =
        "exact instruction counts by function and line, under valgrind; on request",
    .pass = PASS_EMULATED,
    .is_on_request = true,
    .metrics = metrics,
    .simulated = simulated,
    .wrap = wrap,
    .harvest = harvest,
    .explain = explain,
};
