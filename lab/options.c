/* SPDX-License-Identifier: MIT */
/* The one table of options, and a command line taken apart by it. */
#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "names.h"

struct option_info {
    char letter; /* 0: none */
    const char *name;
    const char *argument; /* what stands for it in the help; NULL: it takes none */
    const char *help;
    unsigned commands;
    size_t field; /* in struct options: a text, or a bool when there is no argument */
};

#define BOTH       (OPTION_RUN | OPTION_COMPARE)
#define ALL        (BOTH | OPTION_LIST | OPTION_LAYOUT)
#define AT(member) offsetof(struct options, member)

static const struct option_info table[] = {
    {'w', "workload", "W", "workload (compare: several, with commas)", BOTH,
     AT(workloads)},
    {'i', "map", "I", "map: a name or ./file.so (compare: several, with commas)",
     BOTH | OPTION_LAYOUT, AT(subjects)},
    {'t', "type", "u64|str", "type of keys and values", BOTH | OPTION_LAYOUT,
     AT(key_types)},
    {'n', "count", "N", "operations or entries: 10M, 1e6, 1_000_000", BOTH, AT(n)},
    {'k', "pattern", "P", "key pattern of key_distribution", BOTH, AT(patterns)},
    {'o', "mix", "M", "mix of operation_mix", BOTH, AT(mixes)},
    {0, "hash", "H", "hash function", BOTH | OPTION_LAYOUT, AT(hash)},
    {0, "keys", "FILE", "your own keys, one a line, for workload keys", BOTH,
     AT(keys_file)},
    {0, "with", "LIST", "instruments, with commas", BOTH, AT(instruments)},
    {0, "seed", "S", "seed of the workload's random choices", BOTH, AT(seed)},
    {0, "repeat", "R", "timed blocks: a fresh process for each map in each", BOTH,
     AT(repeat)},
    {0, "timeout", "SECONDS", "for each process", BOTH, AT(timeout)},
    {0, "build", "B", "native, v3 or baseline", ALL, AT(build)},
    {0, "json", "FILE", "write the result there; - is standard output", ALL, AT(json)},
    {0, "bare", NULL, "only the workload, in this process, for outside tools", OPTION_RUN,
     AT(is_bare)},
    {'h', "help", NULL, "this text", ALL, AT(wants_help)},
};

enum { N_OPTIONS = sizeof table / sizeof *table, FIRST_VALUE = 256 };

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
static bool complain_of_option(const char *word, unsigned command, const char *name,
                               struct complaint *complaint)
{
    const char *names[N_OPTIONS];
    char bare_name[80];
    size_t n = 0;
    for (size_t i = 0; i < N_OPTIONS; i++)
        if ((table[i].commands & command) != 0)
            names[n++] = table[i].name;
    if (optopt >= FIRST_VALUE)
        return complain(complaint, "option --%s takes no argument",
                        table[optopt - FIRST_VALUE].name);
    if (optopt != 0)
        return complain(complaint, "unknown option '-%c'; see onemiss %s --help", optopt,
                        name);
    snprintf(bare_name, sizeof bare_name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    return complain_of_name(complaint, "option", bare_name, names, n);
}

bool options_read(struct options *options, unsigned command, const char *name,
                  int n_words, char **words, struct complaint *complaint)
{
    char letters[2 * N_OPTIONS + 2];
    struct option long_forms[N_OPTIONS + 1];
    memset(options, 0, sizeof *options);
    make_forms(command, letters, long_forms);
    optind = 0; /* glibc: start afresh */
    for (;;) {
        optopt = 0;
        const int value = getopt_long(n_words, words, letters, long_forms, NULL);
        if (value == -1)
            break;
        if (value == '?')
            return complain_of_option(words[optind - 1], command, name, complaint);
        if (value == ':')
            return complain(complaint,
                            "option '%.80s' needs an argument; see onemiss %s --help",
                            words[optind - 1], name);
        const struct option_info *const info = find_option(value);
        char *const field = (char *)options + info->field;
        if (info->argument != NULL)
            memcpy(field, &optarg, sizeof optarg);
        else
            *(bool *)field = true;
    }
    if (optind < n_words)
        return complain(complaint, "'%.80s' is one word too many; see onemiss %s --help",
                        words[optind], name);
    return true;
}

void options_help(unsigned command, const char *name, const char *summary,
                  const char *example)
{
    printf("onemiss %s: %s\n\nOptions\n", name, summary);
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_info *const info = &table[i];
        if ((info->commands & command) == 0)
            continue;
        char left[48];
        const char letter[] = {'-', info->letter, ',', ' ', '\0'};
        snprintf(left, sizeof left, "%s--%s %s", info->letter != 0 ? letter : "    ",
                 info->name, info->argument != NULL ? info->argument : "");
        printf("  %-22s %s\n", left, info->help);
    }
    printf("\nExample\n  %s\n", example);
}
