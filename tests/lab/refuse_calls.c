/* SPDX-License-Identifier: MIT */
/* Runs a program to which the kernel refuses what is named, as containers do.
 *
 *     refuse_calls [seccomp] [ptrace] [perf] -- PROGRAM WORDS
 *
 * Exit code 125: it could not be refused, 126: no such program; else the program's. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(field)                                                                      \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF(value, then, otherwise)                                                       \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), then, otherwise)
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, what)
#define REFUSE       ANSWER(SECCOMP_RET_ERRNO | EPERM)

static const struct sock_filter no_seccomp[] = {LOAD(nr),
                                                IF(SYS_seccomp, 3, 0),
                                                IF(SYS_prctl, 0, 3),
                                                LOAD(args[0]),
                                                IF(PR_SET_SECCOMP, 0, 1),
                                                REFUSE,
                                                ANSWER(SECCOMP_RET_ALLOW)};
static const struct sock_filter no_ptrace[] = {LOAD(nr), IF(SYS_ptrace, 0, 1), REFUSE,
                                               ANSWER(SECCOMP_RET_ALLOW)};
static const struct sock_filter no_perf[] = {LOAD(nr), IF(SYS_perf_event_open, 0, 1),
                                             REFUSE, ANSWER(SECCOMP_RET_ALLOW)};

static const struct {
    const char *name;
    struct sock_fprog program;
} known[] = {
#define ROW(name, lines)                                                                 \
    {                                                                                    \
        name,                                                                            \
        {                                                                                \
            sizeof lines / sizeof *lines, (struct sock_filter *)(uintptr_t)lines         \
        }                                                                                \
    }
    ROW("ptrace", no_ptrace), ROW("perf", no_perf),
    ROW("seccomp", no_seccomp), /* last: it refuses those that would follow */
};

enum { N_KNOWN = sizeof known / sizeof *known };

int main(int n, char **words)
{
    int first = 1, n_found = 0;
    while (first < n && strcmp(words[first], "--") != 0)
        first++;
    if (first + 1 >= n)
        return 125;
    for (int i = 0; i < N_KNOWN; i++) {
        for (int k = 1; k < first; k++) {
            if (strcmp(words[k], known[i].name) != 0)
                continue;
            n_found++;
            if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
                prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &known[i].program) != 0) {
                perror("refuse_calls");
                return 125;
            }
        }
    }
    if (n_found != first - 1)
        return 125;
    execv(words[first + 1], words + first + 1);
    perror(words[first + 1]);
    return 126;
}
