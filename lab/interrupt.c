/* SPDX-License-Identifier: MIT */
/* The wish to stop: noticed, and acted upon where the work can be saved. */
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t caught;

static void catch_signal(int signal)
{
    caught = signal;
}

/* To SIGINT, SIGTERM and, unless it is ignored (nohup), SIGHUP. */
static void react_by(const struct sigaction *action)
{
    struct sigaction before;
    sigaction(SIGINT, action, NULL);
    sigaction(SIGTERM, action, NULL);
    if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, action, NULL);
}

void interrupt_watch(void)
{
    /* calls go on, so that a second one does not break the saving of the result */
    struct sigaction action = {.sa_handler = catch_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    react_by(&action);
}

void interrupt_end_watch(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    react_by(&action);
    if (caught != 0)
        raise(caught);
}

void interrupt_ignore_pipes(bool is_ignored)
{
    static void (*before)(int) = SIG_DFL;
    if (is_ignored)
        before = signal(SIGPIPE, SIG_IGN);
    else
        signal(SIGPIPE, before);
}

int interrupt_signal(void)
{
    return caught;
}
