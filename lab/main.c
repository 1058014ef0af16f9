/* SPDX-License-Identifier: MIT */
/* onemiss: arguments to a command. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "command.h"
#include "loader.h"
#include "names.h"

enum { MOST_COMMANDS = 32 };

static int usage(void)
{
    puts("onemiss: what a hash map's layout costs\n\n"
         "  onemiss COMMAND [OPTION ...]\n\n"
         "Commands");
    for (size_t i = 0; i < n_commands; i++)
        printf("  %-11s %s\n", all_commands[i]->name, all_commands[i]->summary);
    puts("\nStart with\n"
         "  onemiss list             what there is to compare\n"
         "  onemiss compare -n 200k  all of it, in a few minutes\n\n"
         "onemiss help COMMAND tells a command's options, with an example.");
    return EXIT_ALL_GOOD;
}

/* A program that was started with a standard stream closed would open its first file in
 * that place, and print into it. What stands in fails as the closed one would have. */
static void open_standard_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) < 0)
            (void)open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* A command's exit code, unless what it printed could not be written. */
static int finish(int code)
{
    struct complaint complaint;
    const bool is_written = fflush(stdout) == 0 && !ferror(stdout);
    if (is_written || code == EXIT_NOTHING_RUN) /* which has told why */
        return code;
    complain(&complaint, "standard output could not be written: %s", strerror(errno));
    return command_fail(&complaint, EXIT_NOTHING_RUN);
}

static int run_command(const struct command *command, int n_words, char **words)
{
    struct options options;
    struct complaint complaint;
    if (!options_read(&options, command, n_words - 1, words + 1, &complaint))
        return command_fail(&complaint, EXIT_BAD_USAGE);
    if (options.wants_help) {
        options_help(command);
        return EXIT_ALL_GOOD;
    }
    return command->run(&options, n_words, words);
}

/* The command of that name, or NULL. */
static const struct command *find_command(const char *name, struct complaint *complaint)
{
    const char *names[MOST_COMMANDS];
    size_t n = 0;
    for (; n < n_commands && n < MOST_COMMANDS; n++) {
        names[n] = all_commands[n]->name;
        if (strcmp(name, names[n]) == 0)
            return all_commands[n];
    }
    complain_of_name(complaint, "command", name, names, n);
    return NULL;
}

/* onemiss help [COMMAND] */
static int help(int n_words, char **words)
{
    struct complaint complaint;
    if (n_words < 3)
        return usage();
    if (n_words > 3) {
        complain(&complaint, "'%.80s' is one word too many; see onemiss help", words[3]);
        return command_fail(&complaint, EXIT_BAD_USAGE);
    }
    const struct command *const command = find_command(words[2], &complaint);
    if (command == NULL)
        return command_fail(&complaint, EXIT_BAD_USAGE);
    options_help(command);
    return EXIT_ALL_GOOD;
}

int main(int n_words, char **words)
{
    struct complaint complaint;
    const char *const name = n_words > 1 ? words[1] : "--help";
    static char buffer[4096]; /* so that printing never calls malloc, whose state after a
                                 --bare run is the map's doing, not ours */
    open_standard_streams();
    signal(SIGCHLD, SIG_DFL); /* whoever started us may ignore it; we wait for children */
    setvbuf(stdout, buffer, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, sizeof buffer);
    loader_set_program(words[0]);
    if (strcmp(name, CELL_WORD) == 0)
        return child_main(words + 2);
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return finish(usage());
    if (strcmp(name, "help") == 0)
        return finish(help(n_words, words));
    if (strcmp(name, "--version") == 0)
        return finish(puts("onemiss " ONEMISS_VERSION) < 0);
    const struct command *const command = find_command(name, &complaint);
    if (command == NULL)
        return command_fail(&complaint, EXIT_BAD_USAGE);
    return finish(run_command(command, n_words, words));
}
