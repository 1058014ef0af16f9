/* SPDX-License-Identifier: MIT */
/* What strace writes, call by call.
 *
 * Input, of `strace -f -ttt -T -o FILE`; process and times may be missing, the process may
 * stand as [pid 7], and fractions have up to nine digits:
 *
 *     7 1795405614.139098474 brk(NULL) = 0x5635101a3000 <0.000143854>
 *     7 1795405614.140000000 mmap(NULL, 99999995904, PROT_READ|PROT_WRITE, ...
 *                            MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 ENOMEM (Cannot ...)
 *     8 1795405614.150000000 munmap(0x7f4b70ff2000, 43187 <unfinished ...>
 *     7 1795405614.160000000 --- SIGCHLD {si_signo=SIGCHLD, ...} ---
 *     8 1795405614.170000000 <... munmap resumed>) = 0 <0.020000000>
 *     7 1795405614.180000000 +++ exited with 0 +++
 *
 * Output: one strace_line each; of the fourth and sixth line together
 *
 *     {STRACE_CALL, 6, 8, 1795405614150000000, 20000000, "munmap", 2, {0x7f4b70ff2000,
 *      43187}, result 0, text "munmap(0x7f4b70ff2000, 43187) = 0"} */
#include "strace_text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool damaged(const struct strace_reader *reader, struct complaint *complaint,
                    const char *what)
{
    return complain(complaint, "strace's output, line %zu: %s; run it again",
                    reader->number, what);
}

/* ---- words ---- */

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " ");
}

/* Digits, a point and up to nine more, in nanoseconds; NULL: there are none. */
static const char *read_time(const char *at, uint64_t *ns)
{
    char *end;
    uint64_t unit = 1000000000;
    if (!isdigit((unsigned char)*at))
        return NULL;
    errno = 0;
    const uint64_t seconds = strtoull(at, &end, 10);
    if (errno != 0 || seconds > UINT64_MAX / 1000000000 - 1)
        return NULL;
    *ns = seconds * 1000000000;
    if (*end == '.')
        for (end++; isdigit((unsigned char)*end) && unit > 1; end++)
            *ns += (uint64_t)(*end - '0') * (unit /= 10);
    return end;
}

/* "7 ", "[pid 7] " or nothing. A time is no process: it has a point. */
static const char *read_pid(const char *at, uint64_t *pid)
{
    char *end;
    const bool has_bracket = strncmp(at, "[pid", 4) == 0;
    const char *const digits = has_bracket ? skip_blanks(at + 4) : at;
    *pid = 0;
    if (!isdigit((unsigned char)*digits))
        return at;
    const uint64_t number = strtoull(digits, &end, 10);
    if (*end != (has_bracket ? ']' : ' '))
        return at;
    *pid = number;
    return skip_blanks(end + 1);
}

/* Decimal, 0x..., negative ones as two's complement; NULL is 0. False: a word. */
static bool read_number(const char *text, size_t n, uint64_t *number)
{
    char copy[32];
    char *end;
    if (n == 0 || n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    if (strcmp(copy, "NULL") == 0) {
        *number = 0;
        return true;
    }
    const char *const digits = copy[0] == '-' ? copy + 1 : copy;
    if (!isdigit((unsigned char)*digits))
        return false;
    errno = 0;
    *number = strtoull(digits, &end, strncmp(digits, "0x", 2) == 0 ? 16 : 10);
    if (errno != 0 || *end != '\0')
        return false;
    if (digits != copy)
        *number = -*number;
    return true;
}

/* ---- a call ---- */

/* Behind an argument: its comma or the bracket that closes the call; NULL: neither. */
static const char *argument_end(const char *at)
{
    int depth = 0;
    bool is_quoted = false;
    for (; *at != '\0'; at++) {
        if (is_quoted) {
            is_quoted = *at != '"';
            at += *at == '\\' && at[1] != '\0';
        } else if (*at == '"') {
            is_quoted = true;
        } else if (depth == 0 && (*at == ',' || *at == ')')) {
            return at;
        } else {
            depth += strchr("([{", *at) != NULL;
            depth -= strchr(")]}", *at) != NULL;
        }
    }
    return NULL;
}

/* From behind the opening bracket to behind the closing one; NULL: it is not there. */
static const char *read_arguments(struct strace_line *line, const char *at)
{
    line->n_arguments = 0;
    if (*at == ')')
        return at + 1;
    for (;;) {
        at = skip_blanks(at);
        const char *const end = argument_end(at);
        if (end == NULL)
            return NULL;
        const size_t i = line->n_arguments;
        if (i < STRACE_ARGUMENTS) {
            line->arguments[i] = 0;
            line->are_numbers[i] =
                read_number(at, (size_t)(end - at), &line->arguments[i]);
            line->n_arguments++;
        }
        at = end + 1;
        if (*end == ')')
            return at;
    }
}

/* Behind the "= ": a number, a number and what it means, -1 and an error, or ?. */
static bool read_result(struct strace_line *line, const char *at)
{
    const size_t n = strcspn(at, " <"); /* -y puts a file behind its number */
    const char *const more = skip_blanks(at + n);
    line->error[0] = '\0';
    line->code = -1;
    if (*at == '?') {
        line->event = STRACE_LOST;
        return true;
    }
    if (!read_number(at, n, &line->result))
        return false;
    if (strncmp(at, "-1", n) != 0 || *more != 'E')
        return true;
    const size_t length = strspn(more, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    snprintf(line->error, sizeof line->error, "%.*s", (int)length, more);
    return true;
}

/* " <0.000143854>" at the end, which is cut off. */
static void read_duration(char *text, uint64_t *ns)
{
    const size_t n = strlen(text);
    char *const open = strrchr(text, '<');
    *ns = 0;
    if (n < 3 || open == NULL || open == text || open[-1] != ' ' || text[n - 1] != '>')
        return;
    const char *const end = read_time(open + 1, ns);
    if (end == text + n - 1)
        open[-1] = '\0';
    else
        *ns = 0;
}

/* strace pads a call up to a column before its result. */
static void unpad(char *call_end)
{
    const char *const equals = skip_blanks(call_end);
    if (equals > call_end + 1)
        memmove(call_end + 1, equals, strlen(equals) + 1);
}

/* line->text as a whole call with its result. */
static bool read_call(struct strace_reader *reader, struct strace_line *line,
                      struct complaint *complaint)
{
    line->event = STRACE_CALL;
    read_duration(line->text, &line->duration_ns);
    const size_t n = strspn(line->text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (n == 0 || n >= sizeof line->name || line->text[n] != '(')
        return damaged(reader, complaint, "no system call, exit or signal");
    memcpy(line->name, line->text, n);
    line->name[n] = '\0';
    const char *const end = read_arguments(line, line->text + n + 1);
    if (end == NULL)
        return damaged(reader, complaint, "a call without its closing bracket");
    unpad(line->text + (end - line->text));
    if (strncmp(end, " = ", 3) != 0 || !read_result(line, end + 3))
        return damaged(reader, complaint, "a call without its result");
    return true;
}

/* ---- calls in two pieces ---- */

static struct strace_pending *find_pending(struct strace_reader *reader, uint64_t pid,
                                           bool is_new)
{
    for (size_t i = 0; i < STRACE_PENDING; i++) {
        struct strace_pending *const pending = &reader->pending[i];
        const bool is_free = pending->text[0] == '\0';
        if (is_new ? is_free : !is_free && pending->pid == pid)
            return pending;
    }
    return NULL;
}

/* The first piece is kept; true also where there was no room for it. */
static bool put_aside(struct strace_reader *reader, struct strace_line *line,
                      struct complaint *complaint)
{
    const char *const mark = strstr(line->text, "<unfinished ...>");
    if (find_pending(reader, line->pid, false) != NULL)
        return damaged(reader, complaint, "a second call before the first has ended");
    struct strace_pending *const pending = find_pending(reader, line->pid, true);
    if (pending == NULL)
        return damaged(reader, complaint, "too many calls that have not ended");
    size_t n = (size_t)(mark - line->text);
    while (n > 0 && line->text[n - 1] == ' ')
        n--;
    if (n == 0)
        return damaged(reader, complaint, "an unfinished call without its name");
    line->text[n] = '\0';
    pending->pid = line->pid;
    pending->at_ns = line->at_ns;
    snprintf(pending->text, sizeof pending->text, "%s", line->text);
    return true;
}

/* "<... munmap resumed>) = 0" behind what was put aside. */
static bool join(struct strace_reader *reader, struct strace_line *line,
                 struct complaint *complaint)
{
    char whole[2 * STRACE_TEXT];
    struct strace_pending *const pending = find_pending(reader, line->pid, false);
    const char *const mark = strstr(line->text, "resumed>");
    if (pending == NULL || mark == NULL)
        return damaged(reader, complaint, "a call goes on that has not begun");
    const char *const rest = skip_blanks(mark + strlen("resumed>"));
    const bool has_more = *rest != ')' && *rest != ',' && *rest != '=';
    const size_t n = strlen(pending->text);
    const bool is_apart = has_more && n > 0 && pending->text[n - 1] == ',';
    snprintf(whole, sizeof whole, "%s%s%s", pending->text, is_apart ? " " : "", rest);
    snprintf(line->text, sizeof line->text, "%.*s", STRACE_TEXT - 1, whole);
    line->at_ns = pending->at_ns;
    pending->text[0] = '\0';
    return read_call(reader, line, complaint);
}

/* ---- exits and signals ---- */

static void read_exit(struct strace_reader *reader, struct strace_line *line)
{
    struct strace_pending *const pending = find_pending(reader, line->pid, false);
    line->event = STRACE_EXIT;
    line->code = -1;
    (void)sscanf(line->text, "+++ exited with %d +++", &line->code);
    (void)sscanf(line->text, "+++ killed by %31[A-Z0-9+]", line->name);
    if (pending != NULL) /* it died in a call */
        pending->text[0] = '\0';
}

static void read_signal(struct strace_line *line)
{
    line->event = STRACE_SIGNAL;
    (void)sscanf(line->text, "--- %31[A-Z0-9_+]", line->name);
}

/* ---- lines ---- */

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* A line whose end is told by line->text; *is_whole false: a piece, which was kept. */
static bool read_line(struct strace_reader *reader, struct strace_line *line,
                      bool *is_whole, struct complaint *complaint)
{
    *is_whole = true;
    if (strncmp(line->text, "+++ ", 4) == 0 && ends_with(line->text, " +++")) {
        read_exit(reader, line);
        return true;
    }
    if (strncmp(line->text, "--- ", 4) == 0 && ends_with(line->text, " ---")) {
        read_signal(line);
        return true;
    }
    if (strncmp(line->text, "<... ", 5) == 0)
        return join(reader, line, complaint);
    *is_whole = !ends_with(line->text, "<unfinished ...>");
    return *is_whole ? read_call(reader, line, complaint)
                     : put_aside(reader, line, complaint);
}

/* Cuts process and time off. */
static void take_head(struct strace_line *line, const char *text)
{
    uint64_t ns;
    text = read_pid(skip_blanks(text), &line->pid);
    const char *const behind = read_time(text, &ns);
    if (behind != NULL && *behind == ' ') {
        line->at_ns = ns;
        text = skip_blanks(behind);
    }
    snprintf(line->text, sizeof line->text, "%s", text);
}

bool strace_next(struct strace_reader *reader, struct strace_line *line,
                 struct complaint *complaint)
{
    char text[4 * STRACE_TEXT];
    bool is_whole = false;
    complaint->text[0] = '\0';
    while (!is_whole) {
        if (fgets(text, sizeof text, reader->file) == NULL)
            return ferror(reader->file) != 0 &&
                   complain(complaint, "strace's output cannot be read: %s",
                            strerror(errno));
        reader->number++;
        memset(line, 0, sizeof *line);
        line->number = reader->number;
        const size_t n = strlen(text);
        if (n == 0 || text[n - 1] != '\n')
            return damaged(reader, complaint,
                           n + 1 < sizeof text
                               ? "it ends in the middle of a line, as when "
                                 "strace is killed or a disk is full"
                               : "it is too long for a memory call");
        text[n - 1] = '\0';
        if (strncmp(text, "strace: ", 8) == 0)
            continue; /* its own remarks, such as Process 8 attached */
        take_head(line, text);
        if (!read_line(reader, line, &is_whole, complaint))
            return false;
    }
    return true;
}
