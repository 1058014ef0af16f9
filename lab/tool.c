/* SPDX-License-Identifier: MIT */
/* A program from outside that a child runs under, or that reads what one of them wrote. */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interrupt.h"

bool tool_find(const char *name, char path[PATH_MAX], struct complaint *complaint)
{
    const char *folder = getenv("PATH");
    while (folder != NULL && *folder != '\0') {
        const size_t n = strcspn(folder, ":");
        const int length = snprintf(path, PATH_MAX, "%.*s/%s", (int)n, folder, name);
        if (n > 0 && length < PATH_MAX && access(path, X_OK) == 0)
            return true;
        folder += n + (folder[n] == ':');
    }
    return complain(complaint, "%s is not in PATH; onemiss doctor says how to get it",
                    name);
}

/* ---- the folder ---- */

bool tool_open(struct tool *tool, const struct cell *cell, struct complaint *complaint)
{
    const char *const below = getenv("TMPDIR");
    memset(tool, 0, sizeof *tool);
    tool->cell = cell;
    if (snprintf(tool->folder, sizeof tool->folder, "%s/onemiss.XXXXXX",
                 below != NULL && *below != '\0' ? below : "/tmp") <
            (int)sizeof tool->folder &&
        mkdtemp(tool->folder) != NULL)
        return true;
    complain(complaint, "no folder for the tool's files at %.200s: %s; set TMPDIR",
             tool->folder, strerror(errno));
    tool->folder[0] = '\0';
    return false;
}

static int remove_one(const char *path, const struct stat *about, int kind,
                      struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    (void)remove(path);
    return 0;
}

void tool_close(struct tool *tool)
{
    if (tool->folder[0] != '\0') /* some tools make folders in it */
        (void)nftw(tool->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    tool->folder[0] = '\0';
}

void tool_file(const struct tool *tool, const char *name, char path[PATH_MAX])
{
    if (snprintf(path, PATH_MAX, "%s/%s", tool->folder, name) >= PATH_MAX)
        path[0] = '\0';
}

void tool_add(struct tool *tool, const char *format, ...)
{
    va_list values;
    if (tool->n_words == TOOL_WORDS)
        return;
    va_start(values, format);
    vsnprintf(tool->words[tool->n_words++], PATH_MAX, format, values);
    va_end(values);
}

/* ---- reading ---- */

/* In the new process. */
static void become(const char *const *words, int output, const char *errors, pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    setpgid(0, 0); /* a key pressed at the terminal is the parent's to act upon */
    const int silence = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int file = open(errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(silence, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(file >= 0 ? file : silence, STDERR_FILENO);
    signal(SIGPIPE, SIG_DFL);
    execv(words[0], (char *const *)(uintptr_t)words);
    _exit(127);
}

bool tool_read(struct tool_output *output, const char *const *words, const char *errors,
               struct complaint *complaint)
{
    int ends[2];
    memset(output, 0, sizeof *output);
    snprintf(output->errors, sizeof output->errors, "%s", errors);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return complain(complaint, "%.80s: %s", words[0], strerror(errno));
    fflush(NULL);
    const pid_t parent = getpid();
    output->child = fork();
    if (output->child == 0)
        become(words, ends[1], errors, parent);
    close(ends[1]);
    output->text = output->child > 0 ? fdopen(ends[0], "r") : NULL;
    if (output->text != NULL)
        return true;
    complain(complaint, "%.80s could not be started: %s", words[0], strerror(errno));
    close(ends[0]);
    if (output->child > 0) {
        kill(output->child, SIGKILL);
        (void)waitpid(output->child, NULL, 0);
    }
    return false;
}

/* The last line of a file that is not empty. */
static void last_line(const char *path, char *line, size_t room)
{
    char next[256];
    FILE *const file = fopen(path, "r");
    line[0] = '\0';
    while (file != NULL && fgets(next, sizeof next, file) != NULL) {
        next[strcspn(next, "\n")] = '\0';
        if (next[0] != '\0')
            snprintf(line, room, "%s", next);
    }
    if (file != NULL)
        fclose(file);
    text_mask(line);
}

bool tool_read_end(struct tool_output *output, struct complaint *complaint)
{
    int status = 0;
    char line[256];
    const bool is_at_end = feof(output->text) != 0;
    fclose(output->text);
    if (!is_at_end)
        kill(output->child, SIGKILL);
    while (waitpid(output->child, &status, 0) < 0 && errno == EINTR)
        ;
    if (interrupt_signal() != 0)
        return complain(complaint, "interrupted");
    if (!is_at_end || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
        return true;
    last_line(output->errors, line, sizeof line);
    return complain(complaint, "%s",
                    line[0] != '\0' ? line : "it ended without its work done");
}
