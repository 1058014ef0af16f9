/* SPDX-License-Identifier: MIT */
/* What doctor finds out about the tools and file systems that instruments lean on. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "call_methods.h"
#include "doctor_probes.h"
#include "small_file.h"
#include "tool.h"

enum { PATIENCE_MS = 5000, CAP_SYS_PTRACE = 19 };

extern char **environ;

struct known_tool {
    const char *name, *use;
    const char *packages[5]; /* of Debian, Ubuntu, Fedora, Arch, Alpine */
};

static const struct known_tool tools[] = {
    {"perf",
     "flame graphs, perf stat onemiss run --bare ...",
     {"linux-perf", "linux-tools-common linux-tools-$(uname -r)", "perf", "perf",
      "perf"}},
    {"strace",
     "calls for memory, strace onemiss run --bare ...",
     {"strace", "strace", "strace", "strace", "strace"}},
    {"valgrind",
     "exact instruction counts (--with instructions)",
     {"valgrind", "valgrind", "valgrind", "valgrind", "valgrind"}},
    {"addr2line",
     "what is inlined where (--with instructions)",
     {"binutils", "binutils", "binutils", "binutils", "binutils"}},
};

/* ---- where and which ---- */

static void kill_and_wait(pid_t child, int *status)
{
    kill(child, SIGKILL);
    (void)waitpid(child, status, 0);
}

/* Starts `path --version` with its output into a pipe, whose end to read from is returned;
 * -1: it could not be started. */
static int start_version(const char *path, pid_t *child)
{
    char *const words[] = {(char *)(uintptr_t)path, (char *)(uintptr_t) "--version",
                           NULL};
    int ends[2];
    posix_spawn_file_actions_t actions;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    const bool is_started = posix_spawn(child, path, &actions, NULL, words, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (is_started)
        return ends[0];
    close(ends[0]);
    return -1;
}

/* The first line that it prints; false when it fails or takes too long. */
static bool ask_version(const char *path, char *line, size_t room)
{
    pid_t child;
    int status = -1;
    size_t n = 0;
    const int from = start_version(path, &child);
    struct pollfd wait = {.fd = from, .events = POLLIN};
    line[0] = '\0';
    if (from < 0)
        return false;
    while (n + 1 < room && poll(&wait, 1, PATIENCE_MS) > 0) {
        const ssize_t got = read(from, line + n, room - 1 - n);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    line[n] = '\0';
    line[strcspn(line, "\n")] = '\0';
    close(from);
    const struct timespec moment = {0, 10000000};
    pid_t ended = waitpid(child, &status, WNOHANG);
    for (int i = 0; ended == 0 && i < PATIENCE_MS / 10; i++) {
        (void)nanosleep(&moment, NULL); /* it has closed its output: it is about to end */
        ended = waitpid(child, &status, WNOHANG);
    }
    if (ended == 0)
        kill_and_wait(child, &status);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- how to install it ---- */

/* The commands of the family that /etc/os-release names; Debian's where it is none. */
static void mend_tool(struct finding *finding, const struct known_tool *tool)
{
    static const struct {
        const char *mark, *command;
    } families[] = {
        {"debian", "apt-get install --no-install-recommends"},
        {"ubuntu", "apt-get install --no-install-recommends"},
        {"fedora", "dnf install"},
        {"arch", "pacman -S"},
        {"alpine", "apk add"},
    };
    char line[256];
    size_t family = 0;
    FILE *const file = fopen("/etc/os-release", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        for (size_t i = 0; i < 5; i++)
            if ((strncmp(line, "ID=", 3) == 0 ||
                 (family == 0 && strncmp(line, "ID_LIKE=", 8) == 0)) &&
                strstr(line, families[i].mark) != NULL)
                family = i;
    if (file != NULL)
        fclose(file);
    finding_mend_by(finding, "%s%s %s", as_root(), families[family].command,
                    tool->packages[family]);
}

static bool has_avx512(void)
{
    char line[8192];
    bool is_found = false;
    FILE *const file = fopen("/proc/cpuinfo", "r");
    while (file != NULL && !is_found && fgets(line, sizeof line, file) != NULL)
        is_found = strncmp(line, "flags", 5) == 0 && strstr(line, " avx512f") != NULL;
    if (file != NULL)
        fclose(file);
    return is_found;
}

static void look_for_tool(struct findings *all, const struct known_tool *tool)
{
    char path[PATH_MAX], version[512];
    struct complaint ignored;
    if (!tool_find(tool->name, path, &ignored)) {
        mend_tool(
            findings_add(all, FINDING_NO, tool->name, "not in PATH: no %s", tool->use),
            tool);
        return;
    }
    if (!ask_version(path, version, sizeof version)) {
        struct finding *const finding =
            findings_add(all, FINDING_NO, tool->name, "%.200s does not run: %.200s", path,
                         version[0] != '\0' ? version : "it says nothing");
        if (access("/proc/self/exe", F_OK) != 0)
            finding_mend(finding, "see /proc below");
        else
            mend_tool(finding, tool);
        return;
    }
    char *const dashes = strstr(version, "-- "); /* strace -- version 6.1 */
    if (dashes != NULL)
        memmove(dashes, dashes + 3, strlen(dashes + 3) + 1);
    const bool is_limited = strcmp(tool->name, "valgrind") == 0 && has_avx512();
    findings_add(all, is_limited ? FINDING_NOTE : FINDING_OK, tool->name,
                 "%.80s, for %s%s", version, tool->use,
                 is_limited ? "; it stops at AVX-512, which this processor has: build v3 "
                              "is run instead of native"
                            : "");
}

static void perf(struct findings *all)
{
    look_for_tool(all, &tools[0]);
}

static void strace(struct findings *all)
{
    look_for_tool(all, &tools[1]);
}

static void valgrind(struct findings *all)
{
    look_for_tool(all, &tools[2]);
}

static void addr2line(struct findings *all)
{
    look_for_tool(all, &tools[3]);
}

/* ---- what may be done ---- */

static void tracing(struct findings *all)
{
    uint64_t scope = 0;
    int error = 0;
    const bool has_yama =
        small_file_number("/proc/sys/kernel/yama/ptrace_scope", "", &scope);
    if (call_method_can_trace(&error)) {
        char text[64] = "yama is absent";
        if (has_yama)
            snprintf(text, sizeof text, "kernel.yama.ptrace_scope is %u",
                     (unsigned)scope);
        findings_add(all, FINDING_OK, "ptrace", "children may be traced; %s", text);
        return;
    }
    struct finding *const finding =
        findings_add(all, FINDING_NO, "ptrace", "a child may not be traced: %s%s",
                     strerror(error), is_filtered() ? "; system calls are filtered" : "");
    if (has_yama && scope > 1 && !has_capability(CAP_SYS_PTRACE))
        finding_mend_by(finding, "%ssysctl kernel.yama.ptrace_scope=1", as_root());
    else
        finding_mend_by(finding, "docker run --cap-add SYS_PTRACE --security-opt "
                                 "seccomp=unconfined ...");
}

static void mounted(struct findings *all, const char *name, const char *witness,
                    const char *type)
{
    if (access(witness, R_OK) == 0)
        findings_add(all, FINDING_OK, name, "mounted");
    else
        finding_mend_by(findings_add(all, FINDING_NO, name,
                                     "not mounted, or hidden (no %s): much of the above "
                                     "is not known",
                                     witness),
                        "%smount -t %s %s %s", as_root(), type, type, name);
}

static void proc(struct findings *all)
{
    mounted(all, "/proc", "/proc/self/stat", "proc");
}

static void sys(struct findings *all)
{
    mounted(all, "/sys", "/sys/devices/system/cpu/online", "sysfs");
}

probe *const probes_of_tools[] = {perf,    strace, valgrind, addr2line,
                                  tracing, proc,   sys,      NULL};
