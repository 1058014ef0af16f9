/* SPDX-License-Identifier: MIT */
/* The ways to see memory calls, and which of them this machine allows. */
#include "call_methods.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call_recorder.h"
#include "call_tracepoints.h"
#include "names.h"
#include "tool.h"

const char *const call_method_names[N_CALL_METHODS] = {"strace", "seccomp",
                                                       "tracepoints"};

bool call_method_read(const char *text, unsigned *wanted, struct complaint *complaint)
{
    *wanted = 0;
    if (text == NULL)
        return true;
    if (!name_is_one_of("method", text, call_method_names, N_CALL_METHODS, complaint))
        return false;
    for (unsigned i = 0; i < N_CALL_METHODS; i++)
        if (strcmp(call_method_names[i], text) == 0)
            *wanted = 1 + i;
    return true;
}

bool call_method_can_trace(int *error)
{
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        const long result = ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        const int why = errno;
        if (result == 0)
            (void)raise(
                SIGSTOP); /* a tracer's filter may refuse the rest, not the start */
        _exit(result == 0 ? 0 : why);
    }
    if (child < 0 || waitpid(child, &status, WUNTRACED) != child) {
        *error = errno;
        return false;
    }
    if (WIFSTOPPED(status)) {
        kill(child, SIGKILL);
        (void)waitpid(child, &status, 0);
        return true;
    }
    *error = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
    return false;
}

static bool try_strace(struct complaint *complaint)
{
    char path[PATH_MAX];
    int error = 0;
    return tool_find("strace", path, complaint) &&
           (call_method_can_trace(&error) ||
            complain(complaint, "a child may not be traced: %s; onemiss doctor says more",
                     strerror(error)));
}

bool call_method_try(enum call_method method, struct complaint *complaint)
{
    return method == CALLS_BY_STRACE    ? try_strace(complaint)
           : method == CALLS_BY_SECCOMP ? call_recorder_try(complaint)
                                        : call_tracepoints_try(complaint);
}

bool call_method_choose(unsigned wanted, enum call_method *method,
                        struct complaint *complaint)
{
    struct complaint why[N_CALL_METHODS];
    if (wanted != 0) {
        *method = (enum call_method)(wanted - 1);
        return call_method_try(*method, complaint);
    }
    for (unsigned i = 0; i < N_CALL_METHODS; i++) {
        *method = (enum call_method)i;
        if (call_method_try(*method, &why[i]))
            return true;
    }
    return complain(complaint, "strace: %.140s. seccomp: %.140s. tracepoints: %.160s",
                    why[0].text, why[1].text, why[2].text);
}
