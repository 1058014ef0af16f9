/* SPDX-License-Identifier: MIT */
/* What was seen of a child's memory calls, into a cell of the result: memory_calls, as
 * docs/result-format.md describes it. */
#include "calls_result.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "call_methods.h"
#include "formats/strace_text.h"
#include "result.h"

enum {
    MOST_LOGGED = 4000,      /* calls in a result, */
    MOST_RESIZES = 4000,     /* and resizes */
    MOST_COLLECTED = 1 << 20 /* a child that makes more is cut off */
};

struct logged {
    struct memory_call call; /* at_ns from the start of the workload */
    int64_t bytes;
    uint64_t added_bytes;
    char text[MEMORY_CALL_TEXT]; /* strace's own, or "" */
};

/* Of the child that is being heard. */
static struct {
    struct logged *calls;
    size_t n, room;
    json_t *resizes; /* NULL: nothing has been said */
    uint64_t n_dropped, n_dropped_resizes;
    uint64_t ended_ns, began_real_ns;
    struct memory_call_sums sums;
    char by[16];
} heard;

/* ---- collecting ---- */

static void collect(const struct memory_call *call, const char *text)
{
    const uint64_t before = heard.sums.mapped_bytes;
    const int64_t bytes = memory_call_add(&heard.sums, call);
    if (heard.n == heard.room && heard.room < MOST_COLLECTED) {
        const size_t room = heard.room == 0 ? 256 : 2 * heard.room;
        struct logged *const longer = realloc(heard.calls, room * sizeof *heard.calls);
        if (longer != NULL) {
            heard.calls = longer;
            heard.room = room;
        }
    }
    if (heard.n == heard.room) {
        heard.n_dropped++;
        return;
    }
    struct logged *const logged = &heard.calls[heard.n++];
    logged->call = *call;
    logged->bytes = bytes;
    logged->added_bytes = heard.sums.mapped_bytes - before;
    snprintf(logged->text, sizeof logged->text, "%s", text);
}

static void forget(void)
{
    free(heard.calls);
    json_decref(heard.resizes);
    memset(&heard, 0, sizeof heard);
}

/* ---- into the cell ---- */

static bool is_in(const struct memory_call *call, const json_t *resize)
{
    const uint64_t began =
        (uint64_t)json_integer_value(json_object_get(resize, "began_ns"));
    const uint64_t ended =
        (uint64_t)json_integer_value(json_object_get(resize, "ended_ns"));
    return call->at_ns >= began && call->at_ns < ended;
}

/* Where there are more calls than a result may have, those of resizes go first; both are
 * in order of time. */
static void choose(bool *is_kept)
{
    const size_t n_resizes = json_array_size(heard.resizes);
    size_t n_kept = 0;
    for (int is_rest = 0; is_rest < 2; is_rest++) {
        size_t r = 0;
        for (size_t i = 0; i < heard.n && n_kept < MOST_LOGGED; i++) {
            const struct memory_call *const call = &heard.calls[i].call;
            while (r < n_resizes &&
                   call->at_ns >= (uint64_t)json_integer_value(json_object_get(
                                      json_array_get(heard.resizes, r), "ended_ns")))
                r++;
            const bool is_here =
                r < n_resizes && is_in(call, json_array_get(heard.resizes, r));
            if (is_kept[i] || is_here == (is_rest != 0))
                continue;
            is_kept[i] = true;
            n_kept++;
        }
    }
}

static json_t *word(uint64_t number)
{
    return json_sprintf("0x%016" PRIx64, number);
}

static json_t *call_row(const struct logged *logged)
{
    char text[MEMORY_CALL_TEXT];
    const struct memory_call *const call = &logged->call;
    const int error = memory_call_error(call);
    const bool is_new = call->kind == CALL_MMAP && error == 0;
    if (logged->text[0] == '\0')
        memory_call_text(call, text);
    else
        snprintf(text, sizeof text, "%s", logged->text);
    text_mask(text);
    json_t *const row = json_object();
    json_object_set_new(row, "at_ns", json_integer((json_int_t)call->at_ns));
    json_object_set_new(row, "duration_ns", json_integer((json_int_t)call->duration_ns));
    json_object_set_new(row, "call", json_string(memory_call_names[call->kind]));
    json_object_set_new(row, "bytes", json_integer(logged->bytes));
    json_object_set_new(row, "added_bytes",
                        json_integer((json_int_t)logged->added_bytes));
    json_object_set_new(row, "address",
                        word(is_new ? (uint64_t)call->result : call->arguments[0]));
    if (error == 0)
        json_object_set_new(row, "result", word((uint64_t)call->result));
    else
        json_object_set_new(row, "error", json_string(memory_call_error_name(error)));
    json_object_set_new(row, "text", result_text(text));
    return row;
}

static int by_time(const void *a, const void *b)
{
    const struct logged *const x = a, *const y = b;
    return (x->call.at_ns > y->call.at_ns) - (x->call.at_ns < y->call.at_ns);
}

/* No process has lived that long; a reader takes no more. */
static const uint64_t MOST_NS = (uint64_t)1 << 53;

static bool is_sound(const struct logged *logged)
{
    return logged->call.at_ns <= MOST_NS && logged->call.duration_ns <= MOST_NS &&
           logged->added_bytes <= MOST_NS;
}

static void settle(json_t *cell)
{
    bool *const is_kept = calloc(heard.n + 1, sizeof *is_kept);
    json_t *const rows = json_array();
    json_t *const calls = json_object();
    if (heard.n > 0)
        qsort(heard.calls, heard.n, sizeof *heard.calls, by_time);
    if (is_kept != NULL)
        choose(is_kept);
    for (size_t i = 0; is_kept != NULL && i < heard.n; i++)
        if (is_kept[i] && is_sound(&heard.calls[i]))
            json_array_append_new(rows, call_row(&heard.calls[i]));
    heard.n_dropped += heard.n - json_array_size(rows);
    json_object_set_new(calls, "by", json_string(heard.by));
    json_object_set_new(calls, "began_ns", json_integer(0));
    json_object_set_new(calls, "ended_ns", json_integer((json_int_t)heard.ended_ns));
    json_object_set_new(calls, "dropped", json_integer((json_int_t)heard.n_dropped));
    json_object_set_new(calls, "dropped_resizes",
                        json_integer((json_int_t)heard.n_dropped_resizes));
    json_object_set_new(calls, "calls", rows);
    json_object_set(calls, "resizes", heard.resizes);
    json_object_set_new(cell, "memory_calls", calls);
    free(is_kept);
    forget();
}

/* ---- what a child says ---- */

/* calls METHOD ended_ns brk dropped dropped_resizes began_real_ns */
static void hear_begin(json_t *cell, const char *text)
{
    unsigned method;
    uint64_t brk;
    (void)cell;
    forget();
    if (sscanf(text, "%u %" SCNu64 " %" SCNx64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
               &method, &heard.ended_ns, &brk, &heard.n_dropped, &heard.n_dropped_resizes,
               &heard.began_real_ns) != 6 ||
        method >= N_CALL_METHODS || heard.ended_ns > MOST_NS ||
        heard.n_dropped > MOST_NS / 2 || heard.n_dropped_resizes > MOST_NS / 2)
        return;
    heard.sums.brk = brk;
    snprintf(heard.by, sizeof heard.by, "%s", call_method_names[method]);
    heard.resizes = json_array();
}

static void hear_call(json_t *cell, const char *text)
{
    struct memory_call call;
    unsigned kind;
    uint64_t result, *const a = call.arguments;
    (void)cell;
    memset(&call, 0, sizeof call);
    if (sscanf(text,
               "%u %" SCNu64 " %" SCNu64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64
               " %" SCNx64 " %" SCNx64 " %" SCNx64,
               &kind, &call.at_ns, &call.duration_ns, &a[0], &a[1], &a[2], &a[3], &a[4],
               &a[5], &result) != 10 ||
        kind >= N_MEMORY_CALLS || heard.resizes == NULL)
        return;
    call.kind = (enum memory_call_kind)kind;
    call.result = (int64_t)result;
    collect(&call, "");
}

static void hear_resize(json_t *cell, const char *text)
{
    static const char *const names[] = {"began_ns",     "ended_ns",     "page_faults",
                                        "old_capacity", "new_capacity", "old_bytes",
                                        "new_bytes",    "items"};
    enum { N = sizeof names / sizeof *names };
    uint64_t values[N];
    (void)cell;
    for (size_t i = 0; i < N; i++) {
        int n = 0;
        if (sscanf(text, "%" SCNu64 "%n", &values[i], &n) != 1 || values[i] > INT64_MAX)
            return;
        text += n;
    }
    const size_t n_resizes = json_array_size(heard.resizes);
    const json_t *const last =
        n_resizes > 0 ? json_array_get(heard.resizes, n_resizes - 1) : NULL;
    const json_int_t free_from = json_integer_value(json_object_get(last, "ended_ns"));
    if (heard.resizes == NULL)
        return;
    if (n_resizes == MOST_RESIZES || values[0] > values[1] || values[1] > MOST_NS ||
        values[2] > MOST_NS || values[0] < (uint64_t)free_from) {
        heard.n_dropped_resizes++;
        return;
    }
    json_t *const row = json_object();
    for (size_t i = 0; i < N; i++)
        json_object_set_new(row, names[i], json_integer((json_int_t)values[i]));
    json_array_append_new(heard.resizes, row);
}

static void hear_end(json_t *cell, const char *text)
{
    (void)text;
    if (heard.resizes != NULL)
        settle(cell);
}

bool calls_result_hear(json_t *cell, const char *line)
{
    static const struct hearing known[] = {{"calls ", hear_begin},
                                           {"call ", hear_call},
                                           {"during ", hear_resize},
                                           {"calls_end", hear_end}};
    return result_hear(cell, line, known, sizeof known / sizeof *known);
}

/* ---- what strace says ---- */

static void to_call(const struct strace_line *line, enum memory_call_kind kind,
                    struct memory_call *call)
{
    memset(call, 0, sizeof *call);
    call->kind = kind;
    call->duration_ns = line->duration_ns;
    call->at_ns = line->at_ns - heard.began_real_ns;
    for (size_t i = 0; i < line->n_arguments; i++)
        call->arguments[i] = line->arguments[i];
    call->result = line->error[0] != '\0' ? -memory_call_error_named(line->error)
                                          : (int64_t)line->result;
}

static uint64_t mark_of(const struct strace_line *line)
{
    return strcmp(line->name, "munmap") == 0 && line->arguments[0] == CALLS_MARK
               ? line->arguments[1]
               : 0;
}

/* All between the marks. */
static bool read_window(struct strace_reader *reader, struct complaint *complaint)
{
    static struct strace_line line;
    struct memory_call call;
    uint64_t mark = 0;
    while (strace_next(reader, &line, complaint)) {
        const enum memory_call_kind kind = memory_call_named(line.name);
        if (line.event != STRACE_CALL || kind == N_MEMORY_CALLS)
            continue;
        if (mark_of(&line) != 0) {
            mark = mark_of(&line);
            continue;
        }
        if (mark != CALLS_MARK_BEGIN)
            continue;
        if (line.at_ns < heard.began_real_ns)
            return complain(complaint,
                            "strace's output, line %zu: before the workload "
                            "began; the machine's clock was set meanwhile, run "
                            "it again",
                            line.number);
        to_call(&line, kind, &call);
        collect(&call, line.text);
    }
    if (complaint->text[0] != '\0')
        return false;
    return mark == CALLS_MARK_END ||
           complain(complaint, "strace's output lacks the workload's begin and end; name "
                               "another method with --calls-by");
}

bool calls_result_read_strace(json_t *cell, const char *path,
                              struct memory_call_sums *sums, struct complaint *complaint)
{
    static struct strace_reader reader;
    if (heard.resizes == NULL)
        return complain(complaint, "the child did not say when its workload began");
    memset(&reader, 0, sizeof reader);
    reader.file = fopen(path, "r");
    if (reader.file == NULL)
        return complain(complaint, "strace wrote no file: %s", strerror(errno));
    const bool is_read = read_window(&reader, complaint);
    fclose(reader.file);
    if (!is_read)
        return false;
    *sums = heard.sums;
    settle(cell);
    return true;
}
