/* SPDX-License-Identifier: MIT */
/* The text of `perf script`, read line by line.
 *
 * Input, of `perf script -F event,period,ip,sym,symoff,dso,srcline --show-lost-events`
 * (frames begin with a tab, which is shown as blanks here; what else -F may put before the
 * period is passed over):
 *
 *         250000 cpu-clock:
 *                     1a94 u64_siphash13_move_stretch+0x3e5
 *       linear_probing.h:133 (inlined)
 *                     1a94 u64_siphash13_rehash+0x3e5 (/usr/lib/onemiss/chaining.so)
 *       linear_probing.h:187
 *         ffffffff81000c82 asm_exc_page_fault+0x22 ([kernel.kallsyms])
 *       [kernel.kallsyms][ffffffff81000c82]
 *
 *     PERF_RECORD_LOST lost 12
 *
 * Output: a struct stack_sample for each block; `lost` 12. An empty line ends a block. A
 * sample without a call chain stands in one line, its frame behind the event. */
#include "perf_script.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void perf_script_begin(struct perf_script *script, stack_taker *take, void *context)
{
    memset(script, 0, sizeof *script);
    script->take = take;
    script->context = context;
}

static bool refuse(const struct perf_script *script, const char *line, const char *what,
                   struct complaint *complaint)
{
    char shown[64];
    snprintf(shown, sizeof shown, "%s", line);
    text_mask(shown);
    return complain(complaint,
                    "perf script, line %" PRIu64 ": '%s' %s; another version of perf may "
                    "do",
                    script->line, shown, what);
}

static void finish_sample(struct perf_script *script)
{
    if (script->at == PERF_BETWEEN)
        return;
    script->at = PERF_BETWEEN;
    script->n_samples++;
    script->take(script->context, &script->sample);
}

/* ---- a frame ---- */

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Copies n bytes, as many as there is room for. */
static void copy(char *to, size_t room, const char *from, size_t n)
{
    if (n >= room)
        n = room - 1;
    memcpy(to, from, n);
    to[n] = '\0';
}

static void copy_base(char *to, size_t room, const char *from, size_t n)
{
    for (size_t i = n; i-- > 0;)
        if (from[i] == '/') {
            copy(to, room, from + i + 1, n - i - 1);
            return;
        }
    copy(to, room, from, n);
}

/* Where the last parenthesis of a text that ends with one opens; n where it does not. */
static size_t opening(const char *text, size_t n)
{
    size_t depth = 0;
    for (size_t i = n; i-- > 0;) {
        depth += text[i] == ')';
        if (text[i] == '(' && --depth == 0)
            return i > 0 && text[i - 1] == ' ' ? i : n;
    }
    return n;
}

/* "name+0x1c": the name's length; the offset, unless there is none. */
static size_t split_offset(const char *text, size_t n, uint64_t *offset)
{
    size_t at = n;
    while (at > 0 && isxdigit((unsigned char)text[at - 1]))
        at--;
    *offset = 0;
    if (at < 4 || at == n || memcmp(text + at - 3, "+0x", 3) != 0)
        return n;
    *offset = strtoull(text + at, NULL, 16);
    return at - 3;
}

/* "1a94 name+0x3e5 (/path/file.so)" */
static bool read_frame(struct perf_script *script, const char *line, const char *text,
                       struct complaint *complaint)
{
    struct stack_sample *const sample = &script->sample;
    struct stack_frame frame;
    char *end;
    const uint64_t address = strtoull(text, &end, 16);
    if (!isxdigit((unsigned char)*text) || *end != ' ')
        return refuse(script, line, "is no frame of a stack", complaint);
    text = end + 1;
    size_t n = strlen(text);
    while (n > 0 && text[n - 1] == ' ')
        n--;
    memset(&frame, 0, sizeof frame);
    const size_t open = n > 0 && text[n - 1] == ')' ? opening(text, n) : n;
    if (open < n) {
        if (n - open == strlen("(inlined)") && starts_with(text + open, "(inlined)"))
            frame.is_inlined = true;
        else
            copy_base(frame.object, sizeof frame.object, text + open + 1, n - open - 2);
        n = open - 1;
    }
    n = split_offset(text, n, &frame.offset);
    if (n != strlen("[unknown]") || !starts_with(text, "[unknown]"))
        copy(frame.symbol, sizeof frame.symbol, text, n);
    frame.is_kernel = address >> 63 != 0 || starts_with(frame.object, "[kernel") ||
                      starts_with(frame.object, "[guest.kernel");
    script->at = PERF_BEHIND_FRAME;
    if (sample->n_frames == MOST_FRAMES)
        sample->is_cut = true;
    else
        sample->frames[sample->n_frames++] = frame;
    return true;
}

/* "  linear_probing.h:133 (inlined)", of the frame before it. What names no line, as
 * "??:0" or the symbol again, is left out. */
static void read_where(struct perf_script *script, const char *text)
{
    static const char inlined[] = " (inlined)", discriminator[] = " (discriminator ";
    struct stack_frame *const frame = &script->sample.frames[script->sample.n_frames - 1];
    size_t n = strlen(text);
    if (script->sample.is_cut)
        return;
    if (n >= sizeof inlined - 1 &&
        strcmp(text + n - (sizeof inlined - 1), inlined) == 0) {
        frame->is_inlined = true;
        n -= sizeof inlined - 1;
    }
    const char *const more = strstr(text, discriminator);
    if (more != NULL && (size_t)(more - text) < n)
        n = (size_t)(more - text);
    size_t digits = n;
    while (digits > 0 && isdigit((unsigned char)text[digits - 1]))
        digits--;
    if (digits == n || digits < 2 || text[digits - 1] != ':' || text[0] == '?' ||
        strtoull(text + digits, NULL, 10) == 0)
        return;
    copy_base(frame->where, sizeof frame->where, text, n);
}

/* ---- the head of a sample ---- */

/* The next word of the text, or NULL; *n its length. */
static const char *next_word(const char *text, size_t *n)
{
    text += strspn(text, " \t");
    *n = strcspn(text, " \t");
    return *n > 0 ? text : NULL;
}

/* "250000 cpu-clock:", behind whatever; a time, "49781.635881:", is no event. */
static bool read_head(struct perf_script *script, const char *line,
                      struct complaint *complaint)
{
    struct stack_sample *const sample = &script->sample;
    size_t n, n_before = 0;
    const char *before = NULL;
    for (const char *word = next_word(line, &n); word != NULL;
         before = word, n_before = n, word = next_word(word + n, &n)) {
        const bool is_period =
            before != NULL && strspn(before, "0123456789") == n_before && n_before < 20;
        if (!is_period || word[n - 1] != ':' || n < 2 || isdigit((unsigned char)*word))
            continue;
        memset(sample->event, 0, sizeof sample->event);
        copy(sample->event, sizeof sample->event, word, n - 1);
        sample->period = strtoull(before, NULL, 10);
        sample->n_frames = 0;
        sample->is_cut = false;
        script->at = PERF_IN_STACK;
        const char *const rest = word + n + strspn(word + n, " \t");
        script->is_one_line = *rest != '\0';
        return *rest == '\0' || read_frame(script, line, rest, complaint);
    }
    return refuse(script, line, "does not begin a sample", complaint);
}

/* "PERF_RECORD_LOST lost 12", also PERF_RECORD_LOST_SAMPLES. */
static bool read_lost(struct perf_script *script, const char *line)
{
    static const char mark[] = " lost ";
    const char *const record = strstr(line, "PERF_RECORD_LOST");
    const char *const n = record != NULL ? strstr(record, mark) : NULL;
    if (n != NULL)
        script->lost += strtoull(n + sizeof mark - 1, NULL, 10);
    return record != NULL;
}

bool perf_script_line(struct perf_script *script, const char *line,
                      struct complaint *complaint)
{
    script->line++;
    if (line[0] == '\0') {
        finish_sample(script);
        return true;
    }
    if (script->at != PERF_BETWEEN && line[0] == '\t')
        return read_frame(script, line, line + strspn(line, "\t "), complaint);
    if (script->at == PERF_BEHIND_FRAME && starts_with(line, "  ") && line[2] != ' ') {
        read_where(script, line + 2);
        return true;
    }
    if (script->at == PERF_IN_STACK)
        return refuse(script, line, "is no frame of a stack", complaint);
    finish_sample(script); /* of one line */
    return read_lost(script, line) || read_head(script, line, complaint);
}

bool perf_script_end(struct perf_script *script, struct complaint *complaint)
{
    if (script->at != PERF_BETWEEN && script->is_one_line)
        finish_sample(script);
    if (script->at == PERF_BETWEEN)
        return true;
    return complain(complaint,
                    "perf script: its text ends amid a sample, behind line %" PRIu64
                    "; was it cut off?",
                    script->line);
}
