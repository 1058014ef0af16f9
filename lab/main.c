/* SPDX-License-Identifier: MIT */
/* onemiss: arguments to a command. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "command.h"
#include "loader.h"
#include "names.h"

static int usage(void)
{
    puts("onemiss: what a hash map's layout costs\n\nCommands");
    for (size_t i = 0; i < n_commands; i++)
        printf("  %-10s %s\n", all_commands[i]->name, all_commands[i]->summary);
    puts("\nonemiss COMMAND --help tells the rest.");
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

int main(int n_words, char **words)
{
    const char *names[16];
    struct complaint complaint;
    const char *const name = n_words > 1 ? words[1] : "--help";
    static char buffer[4096]; /* so that printing never calls malloc, whose state after a
                                 --bare run is the map's doing, not ours */
    open_standard_streams();
    setvbuf(stdout, buffer, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, sizeof buffer);
    loader_set_program(words[0]);
    if (strcmp(name, CELL_WORD) == 0)
        return child_main(words + 2);
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 ||
        strcmp(name, "help") == 0)
        return finish(usage());
    if (strcmp(name, "--version") == 0)
        return finish(puts("onemiss " ONEMISS_VERSION) < 0);
    for (size_t i = 0; i < n_commands; i++) {
        names[i] = all_commands[i]->name;
        if (strcmp(name, names[i]) == 0)
            return finish(run_command(all_commands[i], n_words, words));
    }
    complain_of_name(&complaint, "command", name, names, n_commands);
    return command_fail(&complaint, EXIT_BAD_USAGE);
}
