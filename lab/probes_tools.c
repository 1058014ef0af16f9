/* SPDX-License-Identifier: MIT */
/* What doctor finds out about the tools and file systems that instruments lean on. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "call_methods.h"
#include "doctor_probes.h"
#include "formats/text_line.h"
#include "small_file.h"
#include "tool.h"

enum { CAP_SYS_PTRACE = 19 };

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

/* The first line that `path --version` prints; false: why there is none. */
static bool ask_version(const char *path, char *line, size_t room)
{
    const char *const words[] = {path, "--version", NULL};
    struct complaint why;
    FILE *const answer = tool_ask(words, TOOL_PATIENCE_S, NULL, &why);
    if (answer == NULL) {
        snprintf(line, room, "%s", why.text);
        return false;
    }
    const bool has_line = text_line(answer, line, room) && line[0] != '\0';
    fclose(answer);
    if (!has_line)
        snprintf(line, room, "it says nothing");
    return has_line;
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
        struct finding *const finding = findings_add(
            all, FINDING_NO, tool->name, "%.200s does not run: %.200s", path, version);
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
