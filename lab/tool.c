/* SPDX-License-Identifier: MIT */
/* A program from outside that a child runs under, or that reads what one of them wrote. */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
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

static const char *tmpdir(void)
{
    const char *const below = getenv("TMPDIR");
    return below != NULL && *below != '\0' ? below : "/tmp";
}

/* A name for mkstemp or mkdtemp, from the root on: tools take some first characters of a
 * path for their own. */
static bool name_below_tmpdir(char path[PATH_MAX])
{
    static const char name[] = "/onemiss.XXXXXX";
    if (realpath(tmpdir(), path) == NULL)
        return false;
    const size_t n = strlen(path);
    if (n + sizeof name > PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(path + n, name, sizeof name);
    return true;
}

bool tool_open(struct tool *tool, const struct cell *cell, struct complaint *complaint)
{
    memset(tool, 0, sizeof *tool);
    tool->cell = cell;
    if (name_below_tmpdir(tool->folder) && mkdtemp(tool->folder) != NULL)
        return true;
    complain(complaint, "no folder for the tool's files below %.200s: %s; set TMPDIR",
             tmpdir(), strerror(errno));
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

/* ---- asking ---- */

/* In the new process. */
static void become(const char *const *words, int output, int errors, pid_t parent)
{
    const struct rlimit most = {TOOL_MOST_BYTES, TOOL_MOST_BYTES};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    setpgid(0, 0); /* a key pressed at the terminal is the parent's to act upon */
    (void)setrlimit(RLIMIT_FSIZE, &most);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing < 0)
        _exit(127);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    execv(words[0], (char *const *)(uintptr_t)words);
    dprintf(STDERR_FILENO, "it could not be started: %s\n", strerror(errno));
    _exit(127);
}

/* A file below TMPDIR, or where none can be made in memory, that nobody else sees and that
 * is gone when it is closed. */
static FILE *unnamed_file(void)
{
    char path[PATH_MAX];
    int fd = name_below_tmpdir(path) ? mkostemp(path, O_CLOEXEC) : -1;
    if (fd >= 0)
        (void)unlink(path);
    else
        fd = memfd_create("onemiss", MFD_CLOEXEC);
    return fd >= 0 ? fdopen(fd, "w+") : NULL;
}

/* The last line of a file that is not empty. */
static void last_line(FILE *file, char *line, size_t room)
{
    char next[256];
    line[0] = '\0';
    rewind(file);
    while (fgets(next, sizeof next, file) != NULL) {
        next[strcspn(next, "\n")] = '\0';
        if (next[0] != '\0')
            snprintf(line, room, "%s", next);
    }
    text_mask(line);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until it ends, patience does, or an interrupt comes: false. Then what is left of it is
 * killed. Looks more seldom as time goes by. */
static bool wait_for(pid_t child, unsigned patience_s, int *status)
{
    const int64_t deadline = now_ms() + (int64_t)patience_s * 1000;
    struct timespec pause = {0, 500000};
    siginfo_t ended = {0};
    /* looked at first: this process itself may have been stopped for long */
    while (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           ended.si_pid != child && now_ms() < deadline && interrupt_signal() == 0) {
        (void)nanosleep(&pause, NULL);
        if (pause.tv_nsec < 50000000)
            pause.tv_nsec *= 2;
    }
    kill(-child, SIGKILL); /* what it has started, too; its number is still its own */
    while (waitpid(child, status, 0) < 0 && errno == EINTR)
        ;
    return ended.si_pid == child;
}

/* Runs it; false and why when it had not all said. */
static bool run(const char *const *words, unsigned patience_s, FILE *output, FILE *errors,
                bool *is_too_much, struct complaint *complaint)
{
    int status = 0;
    char line[256];
    fflush(NULL);
    const pid_t parent = getpid(), child = fork();
    if (child == 0)
        become(words, fileno(output), fileno(errors), parent);
    if (child < 0)
        return complain(complaint, "it could not be started: %s", strerror(errno));
    setpgid(child, child); /* both do it: whoever comes first */
    const bool has_ended = wait_for(child, patience_s, &status);
    if (interrupt_signal() != 0)
        return complain(complaint, "interrupted");
    const bool is_large = has_ended && WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ;
    if (is_too_much != NULL)
        *is_too_much = !has_ended || is_large;
    if (!has_ended)
        return complain(complaint, "it did not end within %u s", patience_s);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (is_large)
        return complain(complaint, "it printed more than %d MiB, or than a file may hold",
                        (int)(TOOL_MOST_BYTES >> 20));
    if (WIFSIGNALED(status))
        return complain(complaint, "it was ended by %s", strsignal(WTERMSIG(status)));
    last_line(errors, line, sizeof line);
    return complain(complaint, "%s",
                    line[0] != '\0' ? line : "it ended without its work done");
}

FILE *tool_ask(const char *const *words, unsigned patience_s, bool *is_too_much,
               struct complaint *complaint)
{
    FILE *output = unnamed_file();
    FILE *const errors = output != NULL ? unnamed_file() : NULL;
    if (is_too_much != NULL)
        *is_too_much = false;
    bool is_good = errors != NULL ||
                   complain(complaint, "no file for its answer below %s: %s; set TMPDIR",
                            tmpdir(), strerror(errno));
    is_good = is_good && run(words, patience_s, output, errors, is_too_much, complaint);
    if (errors != NULL)
        fclose(errors);
    if (is_good)
        rewind(output);
    else if (output != NULL)
        fclose(output);
    return is_good ? output : NULL;
}
