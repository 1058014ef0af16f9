/* SPDX-License-Identifier: MIT */
/* onemiss manual: the manual page onemiss(1), in mdoc, made from the table of options. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "../command.h"
#include "../instrument.h"
#include "../workload.h"

/* When the sentences of this file were last changed. */
#define PAGE_DATE "November 23, 2026"

/* Text that stays as it is: roff has its own meanings for a backslash, and for a dot or a
 * quote that begins a line; a hyphen is to be copied as a hyphen. */
static void print_text(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
}

/* A phrase of the help as a sentence; a single letter that begins it is a name. */
static void print_sentence(const char *phrase)
{
    if (islower((unsigned char)phrase[0]) && isalpha((unsigned char)phrase[1])) {
        putchar(toupper((unsigned char)phrase[0]));
        phrase++;
    }
    print_text(phrase);
    puts(".");
}

/* "u64 str" as "One of u64, str.", unless the help has them already. */
static void print_choice(const struct option_info *info)
{
    char first[32];
    const size_t n = strcspn(info->values, " ");
    snprintf(first, sizeof first, "%.*s", (int)n, info->values);
    if (strstr(info->help, first) != NULL || strstr(info->argument, first) != NULL)
        return;
    fputs("One of ", stdout);
    for (const char *at = info->values; *at != '\0'; at++) {
        if (*at == ' ')
            putchar(',');
        putchar(*at);
    }
    puts(".");
}

static void print_head(void)
{
    puts(".\\\" SPDX-License-Identifier: MIT\n"
         ".\\\" Made by `onemiss manual`; do not edit.\n"
         ".Dd " PAGE_DATE "\n"
         ".Dt ONEMISS 1\n"
         ".Os onemiss " ONEMISS_VERSION "\n"
         ".Sh NAME\n"
         ".Nm onemiss\n"
         ".Nd what a hash map's layout costs\n"
         ".Sh SYNOPSIS");
    for (size_t i = 0; i < n_commands; i++) {
        printf(".Nm\n.Cm %s\n.Op Ar option ...\n", all_commands[i]->name);
        if (all_commands[i]->operand != NULL)
            printf(".Ar %s\n", all_commands[i]->operand);
    }
    puts(".Nm\n.Cm help\n.Op Ar command\n"
         ".Nm\n.Fl -version");
}

static void print_description(void)
{
    puts(
        ".Sh DESCRIPTION\n"
        ".Nm\n"
        "runs hash maps under workloads and tells what each layout costs:\n"
        "time, memory, the latency of single operations, and what resizes do.\n"
        "Each map runs in a process of its own, pinned to one processor, in several\n"
        "blocks; its answers are checked, and a map whose answers are wrong has no "
        "time.\n"
        ".Pp\n"
        "A map is a shared object.\n"
        "Those that were built with\n"
        ".Nm\n"
        "go by their name; one of your own goes by its path, which has a slash in it:\n"
        ".Ql \\&./mymap.so .\n"
        ".Pp\n"
        "Counts and sizes may have a suffix:\n"
        ".Ql 10M ,\n"
        ".Ql 1e6\n"
        "and\n"
        ".Ql 1_000_000\n"
        "are numbers.\n"
        "With\n"
        ".Fl -json Ar \\-\n"
        "the result is on standard output, and what is for people is on standard error.\n"
        ".Sh COMMANDS");
}

static void print_option(const struct option_info *info, const struct command *command)
{
    fputs(".It ", stdout);
    if (info->letter != 0)
        printf("Fl %c , ", info->letter);
    printf("Fl -%s", info->name);
    if (info->argument != NULL)
        printf(" Ar %s", info->argument);
    putchar('\n');
    print_sentence(info->help);
    if (info->kind == ARGUMENT_WORDS)
        print_choice(info);
    if (info->kind == ARGUMENT_NAMES)
        printf(".Ql onemiss list \\-\\-names %s\ntells them.\n", info->values);
    if ((info->lists & command->bit) != 0)
        puts("Several have commas between them.");
}

static void print_command(const struct command *command)
{
    printf(".Ss onemiss %s", command->name);
    if (command->operand != NULL)
        printf(" %s", command->operand);
    putchar('\n');
    print_sentence(command->summary);
    puts(".Bl -tag -width Ds");
    for (const struct option_info *info = options_next(NULL, command); info != NULL;
         info = options_next(info, command))
        print_option(info, command);
    puts(".El\n.Pp\nExample:\n.Bd -literal -offset indent");
    print_text(command->example);
    puts("\n.Ed");
}

static void print_workloads(void)
{
    puts(".Sh WORKLOADS\n.Bl -tag -width Ds");
    for (size_t i = 0; i < n_workloads; i++) {
        const struct workload *const workload = all_workloads[i];
        printf(".It Cm %s\n", workload->name);
        print_sentence(workload->summary);
        if (workload->patterns == NULL)
            continue;
        printf("With\n.Fl %c :\n", workload->pattern_option);
        for (size_t p = 0; workload->patterns[p] != NULL; p++)
            printf("%s%s", p > 0 ? ", " : "", workload->patterns[p]);
        if (workload->pattern_form != NULL)
            printf(",\n%s", workload->pattern_form);
        puts(".");
    }
    puts(".El");
}

static void print_instruments(void)
{
    puts(".Sh INSTRUMENTS\n.Bl -tag -width Ds");
    for (size_t i = 0; i < n_instruments; i++) {
        printf(".It Cm %s\n", all_instruments[i]->name);
        print_sentence(all_instruments[i]->summary);
    }
    puts(".El\n.Pp\n"
         "An instrument that cannot run on this machine says why, in place of its "
         "numbers.");
}

static void print_surroundings(void)
{
    puts(".Sh ENVIRONMENT\n"
         ".Bl -tag -width Ds\n"
         ".It Ev NO_COLOR\n"
         "When it is set, nothing is coloured.\n"
         ".It Ev TERM\n"
         "When it is\n"
         ".Ql dumb ,\n"
         "progress is told in plain lines.\n"
         ".El\n"
         ".Sh FILES\n"
         ".Bl -tag -width Ds\n"
         ".It Pa onemiss-result.json\n"
         "Where\n"
         ".Cm compare\n"
         "writes its result, in the working directory, without\n"
         ".Fl -json .\n"
         ".It Pa onemiss-merged.json\n"
         "The same of\n"
         ".Cm merge .\n"
         ".It Pa subjects/BUILD/NAME.so\n"
         "A map, beside the program or, once installed, in\n"
         ".Pa ../lib/onemiss .\n"
         ".El\n"
         ".Sh EXIT STATUS\n"
         ".Bl -tag -width Ds");
    printf(".It %d\n"
           "All was done.\n"
           "An instrument that cannot run here is no error.\n"
           ".It %d\n"
           "Some map crashed, hung, leaked, answered wrongly or could not be run;\n"
           "or none is to be recommended, or a part of a result is missing.\n"
           ".It %d\n"
           "Bad usage, or missing or malformed input.\n"
           ".It %d\n"
           "Nothing could be run, or the result could not be written.\n"
           ".It %d\n"
           "A map is shown to be slower than the first by more than\n"
           ".Fl -gate .\n",
           EXIT_ALL_GOOD, EXIT_SOME_CELL_BAD, EXIT_BAD_USAGE, EXIT_NOTHING_RUN,
           EXIT_REGRESSION);
    puts(".It 129 , 130 , 143\n"
         "Interrupted, or told to end; what was finished is in the result.\n"
         ".El\n"
         ".Sh SEE ALSO\n"
         ".Xr perf 1 ,\n"
         ".Xr strace 1 ,\n"
         ".Xr valgrind 1");
}

static int run(const struct options *options, int n_words, char **words)
{
    (void)options, (void)n_words, (void)words;
    print_head();
    print_description();
    for (size_t i = 0; i < n_commands; i++)
        print_command(all_commands[i]);
    print_workloads();
    print_instruments();
    print_surroundings();
    return EXIT_ALL_GOOD;
}

const struct command command_manual = {
    .name = "manual",
    .summary = "the manual page, for man -l",
    .example = "onemiss manual",
    .bit = OPTION_MANUAL,
    .run = run,
};
