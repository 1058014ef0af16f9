/* SPDX-License-Identifier: MIT */
/* Samples of a profiler folded into different stacks and their counts.
 *
 * Question. Through which functions was the processor in the region that is timed?
 * Method. A sample counts when its stack passes the root; the root and what called it are
 * cut off, the rest is a line of names from the outermost on, as flame graphs are made of
 * everywhere. Kernel frames keep their names and end with "_[k]"; a function that is not
 * known is its file in brackets. Clones that the compiler makes of a function
 * (".constprop.0") bear the function's name.
 *     in:  clear_page (kernel), u64_siphash13_insert, u64_siphash13_run, root, main
 *     out: run;insert;clear_page_[k] 1
 * The self-test is a chain of functions that the child calls before its workload: a sample
 * in the innermost must have the others right behind it.
 * What it does not measure. Time: a count stands for as much of the event as samples lie
 * apart. Functions that were inlined are as good as the debug information. */
#include "stacks.h"

#include <stdlib.h>
#include <string.h>

#include "complaint.h"
#include "result.h"

enum { MOST_STACK_TEXT = 4000, NAME_ROOM = SYMBOL_ROOM + 8 };

struct stacks {
    const struct stacks_setup *setup;
    struct stacks_counts counts;
    json_t *folded; /* names from the outermost, ';' between: how often */
    json_t *names;  /* all of them */
    json_t *lines;  /* "where" '\n' "function": all, and those in kernel mode */
    bool is_short;  /* of memory */
};

struct stacks *stacks_create(const struct stacks_setup *setup)
{
    struct stacks *const stacks = calloc(1, sizeof *stacks);
    if (stacks == NULL)
        return NULL;
    stacks->setup = setup;
    stacks->folded = json_object();
    stacks->names = json_object();
    stacks->lines = json_object();
    if (stacks->folded != NULL && stacks->names != NULL && stacks->lines != NULL)
        return stacks;
    stacks_destroy(stacks);
    return NULL;
}

void stacks_destroy(struct stacks *stacks)
{
    if (stacks == NULL)
        return;
    json_decref(stacks->folded);
    json_decref(stacks->names);
    json_decref(stacks->lines);
    free(stacks);
}

const struct stacks_counts *stacks_counts(const struct stacks *stacks)
{
    return &stacks->counts;
}

/* ---- names ---- */

/* How long a symbol is without what a compiler appends to the name of a clone. */
static size_t length_of(const char *symbol)
{
    static const char *const marks[] = {".constprop", ".isra", ".part", ".cold",
                                        ".lto_priv",  ".llvm", ".clone"};
    size_t n = strlen(symbol);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *const at = strstr(symbol, marks[i]);
        if (at != NULL && at != symbol && (size_t)(at - symbol) < n)
            n = (size_t)(at - symbol);
    }
    return n;
}

static bool is_function(const struct stack_frame *frame, const char *name)
{
    const size_t n = length_of(frame->symbol);
    return n == strlen(name) && memcmp(frame->symbol, name, n) == 0;
}

/* JSON takes UTF-8 alone: a name that is none is shown without the bytes in question. */
static void make_plain(char *text)
{
    bool is_ascii = true;
    for (const char *at = text; *at != '\0'; at++)
        is_ascii = is_ascii && (unsigned char)*at < 0x80;
    json_t *const parsed = is_ascii ? NULL : json_string(text);
    if (!is_ascii && parsed == NULL)
        for (; *text != '\0'; text++)
            *text = (unsigned char)*text < 0x80 ? *text : '?';
    json_decref(parsed);
}

/* Without a ';', which parts names, nor what a terminal would obey. */
static void name_frame(const struct stack_frame *frame, char name[NAME_ROOM])
{
    const int n = (int)length_of(frame->symbol);
    const char *const file = frame->object;
    if (n > 0)
        snprintf(name, NAME_ROOM, "%.*s%s", n, frame->symbol,
                 frame->is_kernel ? "_[k]" : "");
    else if (file[0] != '\0')
        snprintf(name, NAME_ROOM, file[0] == '[' ? "%s%s" : "[%s]%s", file,
                 frame->is_kernel ? "_[k]" : "");
    else
        snprintf(name, NAME_ROOM, "[unknown]%s", frame->is_kernel ? "_[k]" : "");
    make_plain(name);
    text_mask(name);
    for (char *at = name; (at = strchr(at, ';')) != NULL;)
        *at = ':';
}

/* The name without the prefix, unless there is another of that name. */
static const char *short_name(const struct stacks *stacks, const char *name)
{
    const size_t n = strlen(stacks->setup->prefix);
    const bool is_longer =
        strncmp(name, stacks->setup->prefix, n) == 0 && name[n] != '\0';
    return n > 0 && is_longer && json_object_get(stacks->names, name + n) == NULL
               ? name + n
               : name;
}

/* ---- taking ---- */

static void add(struct stacks *stacks, json_t *counts, const char *key)
{
    json_t *const count = json_object_get(counts, key);
    const int failed = count != NULL
                           ? json_integer_set(count, json_integer_value(count) + 1)
                           : json_object_set_new_nocheck(counts, key, json_integer(1));
    stacks->is_short |= failed != 0;
}

/* The frames before `end`, which the root is at. */
static void fold(struct stacks *stacks, const struct stack_sample *sample, size_t end)
{
    char text[MOST_STACK_TEXT + NAME_ROOM + 16], name[NAME_ROOM];
    size_t n = 0;
    if (end == 0)
        n = (size_t)snprintf(text, sizeof text, "%s", stacks->setup->root);
    for (size_t i = end; i-- > 0;) {
        if (n > MOST_STACK_TEXT) {
            n += (size_t)snprintf(text + n, sizeof text - n, ";[deeper]");
            break;
        }
        name_frame(&sample->frames[i], name);
        stacks->is_short |=
            json_object_set_new_nocheck(stacks->names, name, json_true()) != 0;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n > 0 ? ";" : "", name);
    }
    add(stacks, stacks->folded, text);
}

/* The line that the innermost frame of user mode is on. */
static void book_line(struct stacks *stacks, const struct stack_sample *sample,
                      size_t root)
{
    char key[WHERE_ROOM + NAME_ROOM + 8], name[NAME_ROOM];
    size_t i = 0;
    while (i < root && sample->frames[i].is_kernel)
        i++;
    const struct stack_frame *const frame = &sample->frames[i];
    name_frame(frame, name);
    snprintf(key, sizeof key, "%s\n%s\n%c", frame->where[0] != '\0' ? frame->where : "?",
             name, sample->frames[0].is_kernel ? 'k' : 'u');
    add(stacks, stacks->lines, key);
}

/* Whether a thread may begin with it, or a program that the loader still works on. */
static bool is_beginning(const struct stack_frame *frame)
{
    static const char *const names[] = {"_start", "main",         "start",       "clone",
                                        "clone3", "thread_start", "start_thread"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_function(frame, names[i]))
            return true;
    return frame->is_kernel || strncmp(frame->symbol, "__libc_start", 12) == 0;
}

static void count_outside(struct stacks *stacks, const struct stack_sample *sample)
{
    const char *const *const chain = stacks->setup->chain;
    for (size_t i = 0; i < sample->n_frames; i++) {
        if (!is_function(&sample->frames[i], chain[0]))
            continue;
        bool is_right = i + STACKS_CHAIN <= sample->n_frames;
        for (size_t k = 1; k < STACKS_CHAIN && is_right; k++)
            is_right = is_function(&sample->frames[i + k], chain[k]);
        stacks->counts.chain_seen++;
        stacks->counts.chain_right += is_right;
        return;
    }
    stacks->counts.outside++;
    stacks->counts.broken += !sample->is_cut && sample->n_frames > 0 &&
                             !is_beginning(&sample->frames[sample->n_frames - 1]);
}

void stacks_take(void *context, const struct stack_sample *sample)
{
    struct stacks *const stacks = context;
    size_t root = sample->n_frames;
    if (stacks->counts.event[0] == '\0')
        snprintf(stacks->counts.event, sizeof stacks->counts.event, "%s", sample->event);
    while (root > 0 && !is_function(&sample->frames[root - 1], stacks->setup->root))
        root--;
    if (root == 0) {
        count_outside(stacks, sample);
        return;
    }
    root--;
    stacks->counts.inside++;
    stacks->counts.kernel += sample->frames[0].is_kernel;
    stacks->counts.unnamed_kernel +=
        sample->frames[0].is_kernel && sample->frames[0].symbol[0] == '\0';
    fold(stacks, sample, root);
    book_line(stacks, sample, root);
}

/* ---- telling ---- */

struct row {
    const char *key;
    json_int_t count, kernel;
};

static int by_count(const void *a, const void *b)
{
    const struct row *const x = a, *const y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return strcmp(x->key, y->key);
}

/* All of an object's counts, sorted; to be freed. */
static struct row *sorted(json_t *counts, size_t *n)
{
    struct row *const rows = calloc(json_object_size(counts) + 1, sizeof *rows);
    const char *key;
    json_t *count;
    *n = 0;
    if (rows == NULL)
        return NULL;
    json_object_foreach(counts, key, count)
    {
        rows[(*n)++] = (struct row){key, json_integer_value(count), 0};
    }
    qsort(rows, *n, sizeof *rows, by_count);
    return rows;
}

/* The stack with its names shortened. */
static json_t *short_stack(const struct stacks *stacks, const char *stack)
{
    char text[MOST_STACK_TEXT + NAME_ROOM + 16], name[NAME_ROOM + 16];
    size_t n_text = 0;
    text[0] = '\0';
    while (*stack != '\0') {
        const size_t n = strcspn(stack, ";");
        snprintf(name, sizeof name, "%.*s", (int)n, stack);
        n_text += (size_t)snprintf(text + n_text, sizeof text - n_text, "%s%s",
                                   n_text > 0 ? ";" : "", short_name(stacks, name));
        stack += n + (stack[n] == ';');
    }
    return result_text(text);
}

json_t *stacks_folded(const struct stacks *stacks)
{
    size_t n;
    json_int_t rest = 0;
    struct row *const rows = sorted(stacks->folded, &n);
    json_t *const all = json_array();
    for (size_t i = 0; rows != NULL && i < n; i++)
        if (i < MOST_STACKS - 1 || n == MOST_STACKS)
            json_array_append_new(
                all,
                json_pack("[o, I]", short_stack(stacks, rows[i].key), rows[i].count));
        else
            rest += rows[i].count;
    if (rest > 0)
        json_array_append_new(all, json_pack("[s, I]", "[other]", rest));
    const bool is_whole = rows != NULL && !stacks->is_short;
    free(rows);
    if (is_whole)
        return all;
    json_decref(all);
    return NULL;
}

/* Rows of user and kernel mode of one line become one. */
static size_t join_modes(struct row *rows, size_t n)
{
    size_t n_joined = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t length = strlen(rows[i].key) - 1;
        const bool is_kernel = rows[i].key[length] == 'k';
        const json_int_t count = rows[i].count;
        size_t k = 0;
        while (k < n_joined && (strlen(rows[k].key) - 1 != length ||
                                memcmp(rows[k].key, rows[i].key, length) != 0))
            k++;
        if (k == n_joined)
            rows[n_joined++] = (struct row){rows[i].key, 0, 0};
        rows[k].count += count;
        rows[k].kernel += is_kernel ? count : 0;
    }
    return n_joined;
}

json_t *stacks_lines(const struct stacks *stacks)
{
    size_t n;
    struct row *const rows = sorted(stacks->lines, &n);
    json_t *const all = json_array();
    if (rows == NULL) {
        json_decref(all);
        return NULL;
    }
    n = join_modes(rows, n);
    qsort(rows, n, sizeof *rows, by_count);
    for (size_t i = 0; i < n && i < MOST_STACK_LINES; i++) {
        char where[WHERE_ROOM + 1], name[NAME_ROOM];
        const size_t n_where = strcspn(rows[i].key, "\n");
        snprintf(where, sizeof where, "%.*s", (int)n_where, rows[i].key);
        snprintf(name, sizeof name, "%s", rows[i].key + n_where + 1);
        name[strcspn(name, "\n")] = '\0';
        make_plain(where);
        text_mask(where);
        json_array_append_new(
            all, json_pack("{s:o, s:o, s:I, s:I}", "where", result_text(where),
                           "function", result_text(short_name(stacks, name)), "samples",
                           rows[i].count, "kernel_samples", rows[i].kernel));
    }
    free(rows);
    return all;
}
