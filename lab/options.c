/* SPDX-License-Identifier: MIT */
/* The one table of options, and a command line taken apart by it. */
#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "names.h"

#define BOTH         (OPTION_RUN | OPTION_COMPARE | OPTION_PROFILE)
#define SHOWING      (BOTH | OPTION_LIST | OPTION_LAYOUT)
#define ALL          (~0u)
#define SEVERAL      OPTION_COMPARE /* run takes one of each */
#define AT(member)   offsetof(struct options, member)
#define FREE         ARGUMENT_FREE, NULL
#define FILES        ARGUMENT_FILE, NULL
#define WORDS(words) ARGUMENT_WORDS, words
#define NAMES(kind)  ARGUMENT_NAMES, kind
#define SWITCH       FREE

static const struct option_info table[] = {
    {'w', "workload", "W", "workload", BOTH | OPTION_LAYOUT, SEVERAL, AT(workloads),
     NAMES("workloads")},
    {'i', "map", "I", "map: a name or ./file.so", BOTH | OPTION_LAYOUT | OPTION_ADVISE,
     SEVERAL | OPTION_ADVISE, AT(subjects), NAMES("maps")},
    {'t', "type", "u64|str", "key type (u64; compare: both)",
     BOTH | OPTION_LAYOUT | OPTION_ADVISE, SEVERAL, AT(key_types), WORDS("u64 str")},
    {'n', "count", "N", "entries: 10M, 1k..1M/4 (workload's)", BOTH | OPTION_LAYOUT,
     SEVERAL, AT(n), FREE},
    {'n', "count", "N", "entries in the map: 10M, 1e6 (1M)", OPTION_ADVISE, 0, AT(n),
     FREE},
    {'k', "pattern", "P", "key pattern, or kind of lookup", BOTH, SEVERAL, AT(patterns),
     NAMES("patterns")},
    {'o', "mix", "M", "mix of operation_mix, or 90/5/5",
     BOTH | OPTION_LAYOUT | OPTION_ADVISE, SEVERAL, AT(mixes), NAMES("mixes")},
    {0, "hash", "H", "hash function (siphash13)", BOTH | OPTION_LAYOUT | OPTION_ADVISE, 0,
     AT(hash), NAMES("hashes")},
    {0, "keys", "FILE", "your own keys, one a line, for workload keys",
     BOTH | OPTION_ADVISE, 0, AT(keys_file), FILES},
    {0, "against", "MAP", "another map beside it, and what differs", OPTION_PROFILE, 0,
     AT(against), NAMES("maps")},
    {0, "output", "FOLDER", "for pictures and tables (onemiss-profile)", OPTION_PROFILE,
     0, AT(folder), FILES},
    {0, "output", "FILE", "report.html, .csv or .md, too",
     OPTION_COMPARE | OPTION_REPORT | OPTION_MERGE, 0, AT(output), FILES},
    {0, "with", "LIST", "instruments (but those on request)", BOTH, BOTH, AT(instruments),
     NAMES("instruments")},
    {0, "calls-by", "M", "memory calls by strace, seccomp or tracepoints (any)", BOTH, 0,
     AT(calls_by), WORDS("strace seccomp tracepoints")},
    {0, "seed", "S", "seed of the workload's random choices (1)", BOTH, 0, AT(seed),
     FREE},
    {0, "repeat", "R", "timed blocks, a fresh process for each map (6)",
     BOTH | OPTION_ADVISE, 0, AT(repeat), FREE},
    {0, "timeout", "SECONDS", "for each process (300)", BOTH, 0, AT(timeout), FREE},
    {0, "build", "B", "of the map: native, v3 or baseline (best that runs)", SHOWING, 0,
     AT(build), WORDS("native v3 baseline")},
    {0, "pages", "P", "of 4k, thp (huge ones) or default", BOTH,
     OPTION_COMPARE | OPTION_PROFILE, AT(pages), WORDS("4k thp default")},
    {0, "cpu", "N", "pin to it; none: the kernel decides (the last)",
     BOTH | OPTION_ADVISE, 0, AT(cpu), FREE},
    {0, "memory-limit", "SIZE", "for each process: 16G (9/10 of what is free)", BOTH, 0,
     AT(memory_limit), FREE},
    {0, "memory-limit", "SIZE", "that the map may hold at its peak: 64M", OPTION_ADVISE,
     0, AT(memory_limit), FREE},
    {0, "machine", "M", "to model: name, host, all (i7-8550U)", BOTH, BOTH, AT(machines),
     NAMES("machines")},
    {0, "geometry", "G", "to model: 48K/12,1M/8,32M/16", BOTH, 0, AT(geometry), FREE},
    {0, "models", "all", "also under every replacement policy and prefetcher", BOTH, 0,
     AT(models), WORDS("all")},
    {0, "calibrate", NULL, "measure caches and pages, about half a minute", OPTION_DOCTOR,
     0, AT(is_calibrating), SWITCH},
    {0, "heat", NULL, "colour the bytes by how often a run reads them", OPTION_LAYOUT, 0,
     AT(is_hot), SWITCH},
    {0, "picture", "FILE.svg", "draw calibration, heat or miss curve there",
     BOTH | OPTION_LAYOUT | OPTION_DOCTOR, 0, AT(picture), FILES},
    {0, "details", NULL, "all counters of every cell, as perf stat has them",
     OPTION_COMPARE | OPTION_REPORT | OPTION_MERGE, 0, AT(is_detailed), SWITCH},
    {0, "gate", "P", "exit 4 where one is slower than the first by P: 3%", OPTION_COMPARE,
     0, AT(gate), FREE},
    {0, "gate", "P", "exit 4 where something is worse by P (3%)", OPTION_DIFF, 0,
     AT(gate), FREE},
    {0, "output", "FILE", "the differences as Markdown: diff.md", OPTION_DIFF, 0,
     AT(output), FILES},
    {0, "shard", "K/N", "only part K of N, for merge: whole groups in turn",
     OPTION_COMPARE, 0, AT(shard), FREE},
    {0, "resume", NULL, "go on with the result of this command, if interrupted",
     OPTION_COMPARE, 0, AT(is_resuming), SWITCH},
    {'q', "quiet", NULL, "no progress, no table, no remarks",
     OPTION_RUN | OPTION_COMPARE | OPTION_MERGE, 0, AT(is_quiet), SWITCH},
    {0, "names", "KIND", "only the names of one kind, one a line", OPTION_LIST, 0,
     AT(names), WORDS("maps workloads patterns mixes hashes instruments machines")},
    {0, "json", "FILE", "write the result there; -: to standard output",
     (SHOWING & ~(unsigned)OPTION_PROFILE) | OPTION_DOCTOR | OPTION_ADVISE | OPTION_MERGE,
     0, AT(json), FILES},
    {0, "bare", NULL, "only the workload, in this process, for outside tools", OPTION_RUN,
     0, AT(is_bare), SWITCH},
    {0, "premade", NULL, "make all operations ahead; --bare: as modelled", OPTION_RUN, 0,
     AT(is_premade), SWITCH},
    {'h', "help", NULL, "this text", ALL, 0, AT(wants_help), SWITCH},
};

enum { N_OPTIONS = sizeof table / sizeof *table, FIRST_VALUE = 256 };

const struct option_info *options_next(const struct option_info *row,
                                       const struct command *command)
{
    for (row = row == NULL ? table : row + 1; row < table + N_OPTIONS; row++)
        if ((row->commands & command->bit) != 0)
            return row;
    return NULL;
}

/* getopt's two forms of the table, for one command. */
static void make_forms(unsigned command, char *letters,
                       struct option long_forms[N_OPTIONS + 1])
{
    size_t n = 0, n_letters = 0;
    letters[n_letters++] = ':'; /* tell a missing argument from an unknown option */
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_info *const info = &table[i];
        if ((info->commands & command) == 0)
            continue;
        const int has_argument = info->argument != NULL ? required_argument : no_argument;
        long_forms[n++] =
            (struct option){info->name, has_argument, NULL, FIRST_VALUE + (int)i};
        if (info->letter == 0)
            continue;
        letters[n_letters++] = info->letter;
        if (info->argument != NULL)
            letters[n_letters++] = ':';
    }
    letters[n_letters] = '\0';
    long_forms[n] = (struct option){0};
}

static const struct option_info *find_option(int value)
{
    if (value >= FIRST_VALUE)
        return &table[value - FIRST_VALUE];
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (table[i].letter == value)
            return &table[i];
    return NULL;
}

/* What getopt did not understand: `word`, or a letter in it. */
static bool complain_of_option(const char *word, const struct command *command,
                               struct complaint *complaint)
{
    const char *names[N_OPTIONS];
    char bare_name[80];
    size_t n = 0;
    for (size_t i = 0; i < N_OPTIONS; i++)
        if ((table[i].commands & command->bit) != 0)
            names[n++] = table[i].name;
    if (optopt >= FIRST_VALUE)
        return complain(complaint, "option --%s takes no argument",
                        table[optopt - FIRST_VALUE].name);
    if (optopt != 0)
        return complain(complaint, "unknown option '-%c'; see onemiss %s --help", optopt,
                        command->name);
    snprintf(bare_name, sizeof bare_name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    return complain_of_name(complaint, "option", bare_name, names, n);
}

/* How many words behind the options a command needs. */
static int operands_of(const struct command *command)
{
    int n = command->operand != NULL;
    for (const char *at = command->operand; n > 0 && *at != '\0'; at++)
        n += *at == ' ' && at[1] != '.';
    return n;
}

static bool read_operands(struct options *options, const struct command *command,
                          int n_words, char **words, struct complaint *complaint)
{
    const bool takes_more =
        command->operand != NULL && strstr(command->operand, " ...") != NULL;
    const int first = optind, least = operands_of(command);
    const int most = takes_more ? n_words - first : least;
    if (first + most < n_words)
        return complain(complaint, "'%.80s' is one word too many; see onemiss %s --help",
                        words[first + most], command->name);
    options->operand = first < n_words ? words[first] : NULL;
    options->operands = words + first;
    options->n_operands = (size_t)(n_words - first);
    return n_words - first >= least || options->wants_help ||
           complain(complaint, "%s needs %s; see onemiss %s --help", command->name,
                    command->operand, command->name);
}

bool options_read(struct options *options, const struct command *command, int n_words,
                  char **words, struct complaint *complaint)
{
    char letters[2 * N_OPTIONS + 2];
    struct option long_forms[N_OPTIONS + 1];
    memset(options, 0, sizeof *options);
    make_forms(command->bit, letters, long_forms);
    optind = 0; /* glibc: start afresh */
    for (;;) {
        optopt = 0;
        const int value = getopt_long(n_words, words, letters, long_forms, NULL);
        if (value == -1)
            break;
        if (value == '?')
            return complain_of_option(words[optind - 1], command, complaint);
        if (value == ':')
            return complain(complaint,
                            "option '%.80s' needs an argument; see onemiss %s --help",
                            words[optind - 1], command->name);
        const struct option_info *const info = find_option(value);
        char *const field = (char *)options + info->field;
        if (info->argument != NULL)
            memcpy(field, &optarg, sizeof optarg);
        else
            *(bool *)field = true;
    }
    return read_operands(options, command, n_words, words, complaint);
}

void options_help(const struct command *command)
{
    const bool has_operand = command->operand != NULL;
    printf("onemiss %s%s%s: %s\n\nOptions\n", command->name, has_operand ? " " : "",
           has_operand ? command->operand : "", command->summary);
    for (const struct option_info *info = options_next(NULL, command); info != NULL;
         info = options_next(info, command)) {
        char left[48];
        const char letter[] = {'-', info->letter, ',', ' ', '\0'};
        const bool is_list = (info->lists & command->bit) != 0;
        snprintf(left, sizeof left, "%s--%s %s", info->letter != 0 ? letter : "    ",
                 info->name, info->argument != NULL ? info->argument : "");
        printf("  %-24s %s%s\n", left, info->help, is_list ? ", or several: a,b" : "");
    }
    printf("\nExample\n  %s\n", command->example);
}
