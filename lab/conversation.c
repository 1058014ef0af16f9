/* SPDX-License-Identifier: MIT */
/* One run of one child: it is started, listened to, ended, and judged. */
#include "conversation.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cache_result.h"
#include "calls_result.h"
#include "child.h"
#include "interrupt.h"
#include "result.h"
#include "timeline_result.h"

/* A run came to no good end: that of a tool costs its instrument's metrics alone. */
static void set_bad(struct conversation *c, const char *status, const char *reason)
{
    char text[512];
    if (c->around == NULL) {
        result_set_status(c->cell, status, reason);
        return;
    }
    struct complaint better;
    snprintf(text, sizeof text, "%s: %s", status, reason);
    if (c->around->explain != NULL && !c->is_spoiled &&
        c->around->explain(c->tool, text, &better))
        snprintf(text, sizeof text, "%s", better.text);
    for (const struct metric_info *m = c->around->metrics; m->name != NULL; m++)
        result_set_absent(c->cell, m->name, text);
    c->is_spoiled = true;
}

/* ---- what a child says ---- */

static void hear_sample(struct conversation *c, const char *text, bool is_bound)
{
    char name[64];
    struct sample sample = {0, c->block, c->position, 1, is_bound};
    if (sscanf(text, "%63s %lf %lf", name, &sample.value, &sample.share) >= 2)
        result_add_sample(c->cell, name, &sample);
}

static void hear_metric(struct conversation *c, const char *text)
{
    hear_sample(c, text, false);
}

static void hear_bound(struct conversation *c, const char *text)
{
    hear_sample(c, text, true);
}

static void hear_stall(struct conversation *c, const char *text)
{
    struct stall stall;
    int kind, is_preempted;
    if (sscanf(text, "%" SCNu64 " %d %lf %d %" SCNu64 " %lf", &stall.operation, &kind,
               &stall.duration_ns, &is_preempted, &stall.new_capacity,
               &stall.resize_ns) != 6)
        return;
    stall.kind = (enum operation)kind;
    stall.is_preempted = is_preempted != 0;
    result_add_stall(c->cell, &stall, c->block);
}

static void hear_nearest(struct conversation *c, const char *text)
{
    char name[64];
    int n = 0;
    if (sscanf(text, "%63s %n", name, &n) == 1 && n > 0)
        result_set_event(c->cell, name, text + n);
}

static void hear_absent(struct conversation *c, const char *text)
{
    char name[64];
    int n = 0;
    if (sscanf(text, "%63s %n", name, &n) == 1 && n > 0)
        result_set_absent(c->cell, name, text + n);
}

static void hear_resize(struct conversation *c, const char *text)
{
    om_resize event;
    uint64_t ns;
    if (sscanf(text, "%zu %zu %zu %zu %zu %zu %" SCNu64, &event.old_capacity,
               &event.new_capacity, &event.entry_bytes, &event.new_bytes, &event.items,
               &event.old_bytes, &ns) == 7)
        result_add_resize(c->cell, &event, ns);
}

static void hear_verdict(struct conversation *c, const char *text)
{
    c->has_verdict =
        sscanf(text, "%" SCNx64 " %" SCNu64 " %" SCNu64 " %" SCNx64, &c->verdict.checksum,
               &c->verdict.n_hits, &c->verdict.size, &c->verdict.content) == 4;
}

static void hear_leak(struct conversation *c, const char *text)
{
    char reason[128];
    snprintf(reason, sizeof reason, "%.40s bytes were not released by destroy", text);
    set_bad(c, "leaked", reason);
}

static void hear_status(struct conversation *c, const char *text)
{
    static const char *const known[] = {"refused", "out_of_memory", "failed"};
    char status[32];
    int n = 0;
    if (sscanf(text, "%31s %n", status, &n) != 1)
        return;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(status, known[i]) == 0)
            set_bad(c, known[i], text + n);
}

static void hear_line(struct conversation *c, const char *line)
{
    static const struct {
        const char *word;
        void (*hear)(struct conversation *c, const char *text);
    } known[] = {{"metric ", hear_metric}, {"scaled ", hear_metric},
                 {"bound ", hear_bound},   {"nearest ", hear_nearest},
                 {"absent ", hear_absent}, {"resize ", hear_resize},
                 {"stall ", hear_stall},   {"verdict ", hear_verdict},
                 {"leak ", hear_leak},     {"status ", hear_status}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const size_t n = strlen(known[i].word);
        if (strncmp(line, known[i].word, n) == 0) {
            known[i].hear(c, line + n);
            return;
        }
    }
    if (!cache_result_hear(c->cell, line) && !calls_result_hear(c->cell, line) &&
        !timeline_result_hear(c->cell, line))
        c->is_done |= strcmp(line, "done") == 0;
}

static void hear(struct conversation *c, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '\n') {
            c->line[c->n_line] = '\0';
            text_mask(c->line);
            hear_line(c, c->line);
            c->n_line = 0;
        } else if (c->n_line + 1 < sizeof c->line) {
            c->line[c->n_line++] = bytes[i] != '\0' ? bytes[i] : '?';
        }
    }
}

/* Keeps the end of what the child writes to standard error, on one line. */
static void overhear(struct conversation *c, const char *bytes, size_t n)
{
    const size_t room = sizeof c->last_words - 1;
    for (size_t i = 0; i < n; i++) {
        const size_t used = strlen(c->last_words);
        const char byte = bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : ' ';
        if (used == room)
            memmove(c->last_words, c->last_words + 1, room);
        c->last_words[used == room ? room - 1 : used] = byte;
    }
}

/* ---- the child's life ---- */

/* Moves a descriptor out of the way of those the child is given. */
static void place(int from, int to)
{
    if (from != to)
        dup2(from, to);
    fcntl(to, F_SETFD, 0);
}

/* The command line: the tool's words, if there is one, then the child's. */
static void join_words(const struct tool *tool, struct cell_words *child,
                       char *words[TOOL_WORDS + CELL_WORDS + 1])
{
    size_t n = 0;
    for (size_t i = 0; tool != NULL && i < tool->n_words; i++)
        words[n++] = (char *)(uintptr_t)tool->words[i];
    for (size_t i = 0; child->words[i] != NULL; i++)
        words[n++] = child->words[i];
    words[n] = NULL;
}

static bool start(struct conversation *c, const struct cell *cell, enum pass pass)
{
    static struct cell_words child_words;
    char *words[TOOL_WORDS + CELL_WORDS + 1];
    int messages[2], errors[2];
    cell_to_words(cell, pass, &child_words);
    join_words(c->tool, &child_words, words);
    if (pipe2(messages, O_CLOEXEC) != 0)
        return false;
    if (pipe2(errors, O_CLOEXEC) != 0) {
        close(messages[0]), close(messages[1]);
        return false;
    }
    fflush(NULL);
    const pid_t parent = getpid();
    c->child = fork();
    if (c->child == 0) {
        /* no orphan, whatever ends the parent, and be it just now */
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(127);
        const int silence = open("/dev/null", O_RDWR | O_CLOEXEC);
        setpgid(0, 0);
        signal(SIGINT, SIG_DFL);
        signal(SIGTERM, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        signal(SIGPIPE, SIG_DFL);
        confinement_prepare(&cell->confinement);
        if (c->tool != NULL) /* what it leaves when it is killed goes with its folder */
            (void)setenv("TMPDIR", c->tool->folder, 1);
        const int mine = fcntl(messages[1], F_DUPFD_CLOEXEC, CHILD_MESSAGES + 1);
        place(errors[1], STDERR_FILENO);
        place(silence, STDIN_FILENO);
        place(silence, STDOUT_FILENO);
        place(mine, CHILD_MESSAGES);
        execv(words[0], words);
        _exit(127);
    }
    if (c->child > 0)
        setpgid(c->child, c->child); /* whoever comes first, so that a kill finds it */
    close(messages[1]);
    close(errors[1]);
    c->messages = messages[0];
    c->errors = errors[0];
    fcntl(c->messages, F_SETFL, O_NONBLOCK);
    fcntl(c->errors, F_SETFL, O_NONBLOCK);
    return c->child > 0;
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads some of what one pipe holds, if anything; closes it at its end. False: there was
 * nothing. */
static bool drain(struct conversation *c, int *end,
                  void (*take)(struct conversation *c, const char *bytes, size_t n))
{
    char bytes[4096];
    if (*end < 0)
        return false;
    const ssize_t n = read(*end, bytes, sizeof bytes);
    if (n > 0) {
        take(c, bytes, (size_t)n);
    } else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
        close(*end);
        *end = -1;
    }
    return n > 0;
}

static bool has_ended(pid_t child)
{
    siginfo_t info = {.si_pid = 0};
    return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == child;
}

/* Listens until the child has said all, the time is up, or a signal came; false in the
 * latter two cases. The pipe's end is not waited for: what the subject may have started
 * can hold it open. */
static bool listen_to(struct conversation *c, int64_t deadline)
{
    while (c->messages >= 0 && !c->is_done) {
        struct pollfd ready[2] = {{c->messages, POLLIN, 0}, {c->errors, POLLIN, 0}};
        const int64_t left = deadline - milliseconds();
        if (left <= 0 || interrupt_signal() != 0)
            return false;
        const int n = poll(ready, 2, left < 200 ? (int)left : 200);
        if (n > 0 && ready[1].revents != 0)
            drain(c, &c->errors, overhear);
        if (n > 0 && ready[0].revents != 0)
            drain(c, &c->messages, hear);
        if (n == 0 && has_ended(c->child))
            break;
    }
    return true;
}

static void set_ending(struct conversation *c, int status, bool is_in_time,
                       unsigned timeout_s)
{
    char reason[256];
    if (!is_in_time) {
        snprintf(reason, sizeof reason, "no end after %u s; --timeout gives it longer",
                 timeout_s);
        set_bad(c, "timeout", reason);
    } else if (WIFSIGNALED(status)) {
        snprintf(reason, sizeof reason, "%s%s%s", strsignal(WTERMSIG(status)),
                 c->last_words[0] != '\0' ? ": " : "", c->last_words);
        set_bad(c, "crashed", reason);
    } else if (!c->is_done) {
        snprintf(reason, sizeof reason, "the child ended early with exit code %d%s%s",
                 WEXITSTATUS(status), c->last_words[0] != '\0' ? ": " : "",
                 c->last_words);
        set_bad(c, "failed", reason);
    }
}

/* Waits for the end of a child that has said all; giving much memory back takes a while.
 * What it may still write is taken, so that it is not held up. Kills it when the time is
 * up or a signal came, and returns false. */
static bool reap(struct conversation *c, int64_t deadline, int *status)
{
    bool is_in_time = true;
    while (waitpid(c->child, status, WNOHANG) == 0) {
        if (milliseconds() > deadline || interrupt_signal() != 0) {
            kill(-c->child, SIGKILL);
            is_in_time = false;
        }
        drain(c, &c->messages, hear);
        drain(c, &c->errors, overhear);
        (void)poll(NULL, 0, 1);
    }
    kill(-c->child, SIGKILL); /* what the subject itself may have started */
    return is_in_time;
}

/* The stamped and traced builds of a user's own map are files of their own, and may be
 * older than the map: the reason names them. */
static void set_wrong(const struct conversation *c, enum pass pass, const char *why)
{
    char reason[sizeof((struct complaint *)NULL)->text + 32];
    snprintf(reason, sizeof reason, "%s%s",
             pass == PASS_TRACED    ? "its traced build: "
             : pass == PASS_STAMPED ? "its stamped build: "
                                    : "",
             why);
    result_set_status(c->cell, "wrong", reason);
}

/* Starts a child, and hears, reaps and judges it. */
static void run_child(const struct cell *cell, enum pass pass, unsigned timeout_s,
                      const struct verdict *expected, struct conversation *c)
{
    c->messages = c->errors = -1;
    if (!start(c, cell, pass)) {
        set_bad(c, "failed", strerror(errno));
        return;
    }
    const int64_t deadline = milliseconds() + (int64_t)timeout_s * 1000;
    int status = 0;
    const bool is_heard = listen_to(c, deadline);
    if (!is_heard)
        kill(-c->child, SIGKILL);
    const bool is_in_time = reap(c, deadline, &status) && is_heard;
    for (int i = 0; i < 64 && drain(c, &c->errors, overhear); i++)
        ; /* its last words; no more, should somebody else go on writing */
    if (c->messages >= 0)
        close(c->messages);
    if (c->errors >= 0)
        close(c->errors);
    if (interrupt_signal() != 0)
        return;
    set_ending(c, status, is_in_time, timeout_s);
    struct complaint complaint;
    if ((cell->flags & SUBJECT_CANNOT_WALK) != 0)
        c->verdict.content =
            expected->content; /* its answers alone are held against it */
    if (result_is_ok(c->cell) && !c->is_spoiled &&
        (cell->flags & SUBJECT_KEEPS_NOTHING) == 0) {
        if (!c->has_verdict)
            set_bad(c, "failed", "the child sent no verdict");
        else if (!verdict_agrees(expected, &c->verdict, &complaint))
            set_wrong(c, pass, complaint.text);
    }
}

/* Under a tool: the folder for its files, the words before the child's, what it left. */
static void run_under_tool(const struct cell *cell, enum pass pass, unsigned timeout_s,
                           const struct verdict *expected, struct conversation *c)
{
    struct complaint complaint;
    struct cell own = *cell;
    if (!tool_open(c->tool, cell, &complaint) || !c->around->wrap(c->tool, &complaint)) {
        set_bad(c, "not run", complaint.text);
        return;
    }
    own.method = c->tool->method;
    if (c->tool->path[0] != '\0')
        snprintf(own.path, sizeof own.path, "%s", c->tool->path);
    run_child(&own, pass, timeout_s, expected, c);
    if (interrupt_signal() == 0 && result_is_ok(c->cell) && !c->is_spoiled &&
        c->around->harvest != NULL && !c->around->harvest(c->tool, c->cell, &complaint))
        set_bad(c, "not read", complaint.text);
}

void conversation_run(const struct cell *cell, enum pass pass, unsigned timeout_s,
                      const struct verdict *expected, struct conversation *c)
{
    static struct tool tool;
    c->around = instrument_around(cell->instruments, pass);
    if (c->around == NULL) {
        run_child(cell, pass, timeout_s, expected, c);
        return;
    }
    c->tool = &tool;
    run_under_tool(cell, pass, timeout_s, expected, c);
    tool_close(&tool);
}
