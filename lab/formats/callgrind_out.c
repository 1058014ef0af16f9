/* SPDX-License-Identifier: MIT */
/* What `valgrind --tool=callgrind` writes, read row by row.
 *
 *     # callgrind format            Names are given once, "(3) malloc", and then by number;
 *     creator: callgrind-3.19.0     functions, files and objects have numbers of their own.
 *     positions: instr line         A row is a position and costs; "+3", "-2" and "*" are
 *     events: Ir Bc                 relative to the row before. "fi=" and "fe=" change the
 *     ob=(1) /lib/map.so            file within a function: code of an inlined one. The
 *     fl=(1) map.h                  row behind "calls=" is what that call cost, which is
 *     fn=(1) insert                 in the callee's own rows, too. Costs at the end of a
 *     0x40 12 30 5                  row are left out where they are 0.
 *     fi=(2) hash.h
 *     +4 * 70                   ->  cost insert map.h:12 0x40: 30 5
 *     fe=(1)                        cost insert hash.h:12 0x44: 70 0
 *     cfn=(2) grow                  call insert map.h:14 0x4a -> grow, 2 times: 200 10
 *     calls=2 0x90 30               cost grow map.h:30 0x90: 200 10
 *     +6 +2 200 10
 *     fn=(2)                        Several parts may follow one another, each with its
 *     0x90 30 200 10                header and its totals.
 *     totals: 300 15 */
#include "callgrind_out.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum kind { OBJECT, FILE_NAME, FUNCTION, N_KINDS };
enum { MOST_LINE = 1 << 20, MOST_NUMBER = 1 << 22 };

/* What the next row of numbers is about. */
enum row { ROW_COST, ROW_CALL, ROW_JUMP };

struct parser {
    const char *path;
    size_t line;
    struct kept_texts *texts;
    const char **names[N_KINDS]; /* by number */
    size_t n_names[N_KINDS];
    const struct callgrind_taker *taker;
    struct callgrind_out *out;
    struct complaint *complaint;
    struct callgrind_place at, callee;
    enum row row;
    uint64_t n_calls;
    uint64_t sums[CALLGRIND_EVENTS];
    bool has_line_numbers, has_events, has_totals;
};

static bool refuse(const struct parser *parser, const char *why)
{
    return complain(parser->complaint, "callgrind's file '%.200s', line %zu: %s",
                    parser->path, parser->line, why);
}

/* ---- names ---- */

/* The place in which a number's text stands, after making room for it. */
static const char **numbered(struct parser *parser, enum kind kind, size_t number)
{
    if (number >= parser->n_names[kind]) {
        const size_t before = parser->n_names[kind], n = 2 * number + 64;
        const char **const larger = realloc(parser->names[kind], n * sizeof *larger);
        if (larger == NULL)
            return NULL;
        memset(larger + before, 0, (n - before) * sizeof *larger);
        parser->names[kind] = larger;
        parser->n_names[kind] = n;
    }
    return &parser->names[kind][number];
}

/* "name", "(1) name" or "(1)". */
static bool read_name(struct parser *parser, enum kind kind, const char *text,
                      const char **name)
{
    char *end;
    if (text[0] != '(' || !isdigit((unsigned char)text[1])) {
        *name = kept_text(parser->texts, text);
        return *name != NULL || refuse(parser, "out of memory for its names");
    }
    const unsigned long long number = strtoull(text + 1, &end, 10);
    if (*end != ')' || number >= MOST_NUMBER)
        return refuse(parser, "a name's number is garbled");
    const char **const place = numbered(parser, kind, (size_t)number);
    end += 1 + strspn(end + 1, " ");
    if (place != NULL && *end != '\0')
        *place = kept_text(parser->texts, end);
    else if (place != NULL && *place == NULL)
        return refuse(parser, "a name's number stands for nothing so far");
    if (place == NULL || *place == NULL)
        return refuse(parser, "out of memory for its names");
    *name = *place;
    return true;
}

/* ---- numbers ---- */

static bool read_number(const char **text, uint64_t *number)
{
    char *end;
    if (!isdigit((unsigned char)**text))
        return false;
    const bool is_hex = (*text)[0] == '0' && ((*text)[1] == 'x' || (*text)[1] == 'X');
    const unsigned long long value = strtoull(*text, &end, is_hex ? 16 : 10);
    if (value == UINT64_MAX || (is_hex && end == *text + 1) ||
        (*end != '\0' && *end != ' '))
        return false;
    *number = value;
    *text = end + strspn(end, " ");
    return true;
}

/* One part of a position; relative ones to `before`. */
static bool read_step(const char **text, uint64_t before, uint64_t *value)
{
    const char sign = **text;
    uint64_t step = 0;
    if (sign == '*') {
        if ((*text)[1] != '\0' && (*text)[1] != ' ')
            return false;
        *text += 1 + strspn(*text + 1, " ");
        *value = before;
        return true;
    }
    *text += sign == '+' || sign == '-';
    if (!read_number(text, &step))
        return false;
    if (sign == '-' ? step > before : sign == '+' && step > UINT64_MAX - before)
        return false;
    *value = sign == '+' ? before + step : sign == '-' ? before - step : step;
    return true;
}

static bool read_position(const struct parser *parser, const char **text,
                          const struct callgrind_place *before,
                          struct callgrind_place *place)
{
    return (!parser->out->has_addresses ||
            read_step(text, before->address, &place->address)) &&
           (!parser->has_line_numbers || read_step(text, before->line, &place->line));
}

static bool read_costs(const struct parser *parser, const char *text,
                       uint64_t costs[CALLGRIND_EVENTS])
{
    memset(costs, 0, CALLGRIND_EVENTS * sizeof *costs);
    for (size_t i = 0; i < parser->out->n_events && *text != '\0'; i++)
        if (!read_number(&text, &costs[i]))
            return false;
    return *text == '\0';
}

/* ---- rows ---- */

static bool add(const struct parser *parser, uint64_t *sums, const uint64_t *costs)
{
    for (size_t i = 0; i < parser->out->n_events; i++)
        if (__builtin_add_overflow(sums[i], costs[i], &sums[i]))
            return refuse(parser, "more than 64 bits of cost");
    return true;
}

/* What is called next is of the caller's object and file unless it is said. */
static void forget_callee(struct parser *parser)
{
    parser->callee = parser->at;
    parser->callee.function = NULL;
}

static bool take_call(struct parser *parser, const uint64_t *costs)
{
    const struct callgrind_place callee = parser->callee;
    forget_callee(parser);
    return parser->taker->call == NULL ||
           parser->taker->call(parser->taker->context, &parser->at, &callee,
                               parser->n_calls, costs, parser->complaint);
}

static bool read_row(struct parser *parser, const char *text)
{
    uint64_t costs[CALLGRIND_EVENTS];
    const enum row row = parser->row;
    parser->row = ROW_COST;
    if (!parser->has_events)
        return refuse(parser, "a row before the line 'events:'");
    if (!read_position(parser, &text, &parser->at, &parser->at))
        return refuse(parser, "a position is garbled");
    if (row == ROW_JUMP)
        return true;
    if (!read_costs(parser, text, costs))
        return refuse(parser, "a cost is garbled, or there are more than events");
    if (parser->at.function == NULL)
        return refuse(parser, "a cost before any function");
    if (row == ROW_CALL)
        return take_call(parser, costs);
    return add(parser, parser->sums, costs) &&
           parser->taker->cost(parser->taker->context, &parser->at, costs,
                               parser->complaint);
}

/* "calls=2 0x90 30": the callee's position, relative to the row before. */
static bool read_calls(struct parser *parser, const char *text)
{
    if (parser->callee.function == NULL)
        return refuse(parser, "calls of no function");
    if (!read_number(&text, &parser->n_calls) ||
        !read_position(parser, &text, &parser->at, &parser->callee))
        return refuse(parser, "the line 'calls=' is garbled");
    parser->row = ROW_CALL;
    return true;
}

/* ---- lines with a name ---- */

static bool set_place(struct parser *parser, const char *word, const char *text,
                      bool *is_known)
{
    struct callgrind_place *const at = &parser->at, *const callee = &parser->callee;
    *is_known = true;
    if (strcmp(word, "ob") == 0)
        return read_name(parser, OBJECT, text, &at->object);
    if (strcmp(word, "fl") == 0 || strcmp(word, "fi") == 0 || strcmp(word, "fe") == 0)
        return read_name(parser, FILE_NAME, text, &at->file);
    if (strcmp(word, "cob") == 0)
        return read_name(parser, OBJECT, text, &callee->object);
    if (strcmp(word, "cfi") == 0 || strcmp(word, "cfl") == 0)
        return read_name(parser, FILE_NAME, text, &callee->file);
    if (strcmp(word, "fn") == 0) {
        if (!read_name(parser, FUNCTION, text, &at->function))
            return false;
        at->home = at->file;
    } else if (strcmp(word, "cfn") == 0) {
        if (!read_name(parser, FUNCTION, text, &callee->function))
            return false;
        callee->home = callee->file;
    } else {
        *is_known = false;
    }
    return true;
}

static bool read_assignment(struct parser *parser, const char *word, const char *text)
{
    bool is_known;
    if (strcmp(word, "calls") == 0)
        return read_calls(parser, text);
    if (strcmp(word, "jump") == 0 || strcmp(word, "jcnd") == 0) {
        parser->row = ROW_JUMP;
        return true;
    }
    if (!set_place(parser, word, text, &is_known))
        return false;
    if (!is_known)
        return refuse(parser, "a word that no such file has");
    if (word[0] != 'c')
        forget_callee(parser);
    return true;
}

/* ---- lines of the head ---- */

static bool read_events(struct parser *parser, const char *text)
{
    struct callgrind_out *const out = parser->out;
    char before[sizeof out->events];
    const size_t n_before = out->n_events;
    memcpy(before, out->events, sizeof before);
    memset(out->events, 0, sizeof out->events);
    for (out->n_events = 0; *text != '\0'; out->n_events++) {
        const size_t n = strcspn(text, " ");
        if (out->n_events == CALLGRIND_EVENTS || n >= CALLGRIND_EVENT_NAME)
            return refuse(parser, "more events, or longer names, than there are");
        memcpy(out->events[out->n_events], text, n);
        text += n + strspn(text + n, " ");
    }
    if (out->n_events == 0)
        return refuse(parser, "no events");
    if (parser->has_events &&
        (n_before != out->n_events || memcmp(before, out->events, sizeof before) != 0))
        return refuse(parser, "a part has other events than the one before");
    parser->has_events = true;
    return true;
}

static bool read_totals(struct parser *parser, const char *text)
{
    uint64_t costs[CALLGRIND_EVENTS];
    if (!parser->has_events || !read_costs(parser, text, costs))
        return refuse(parser, "its totals are garbled");
    parser->has_totals = true;
    return add(parser, parser->out->totals, costs);
}

static bool read_head(struct parser *parser, const char *word, const char *text)
{
    if (strcmp(word, "events") == 0)
        return read_events(parser, text);
    if (strcmp(word, "totals") == 0)
        return read_totals(parser, text);
    if (strcmp(word, "positions") == 0) {
        parser->out->has_addresses = strstr(text, "instr") != NULL;
        parser->has_line_numbers = strstr(text, "line") != NULL;
    }
    if (strcmp(word, "creator") == 0)
        snprintf(parser->out->creator, sizeof parser->out->creator, "%s", text);
    if (strcmp(word, "part") == 0) { /* positions start anew, and it has totals to come */
        parser->at.line = parser->at.address = 0;
        parser->has_totals = false;
    }
    return true;
}

/* A line is a row, "word=text", "word: text", a comment or empty. */
static bool read_line(struct parser *parser, char *line)
{
    const size_t n = strspn(line, "abcdefghijklmnopqrstuvwxyz");
    const char mark = line[n];
    if (line[0] == '\0' || line[0] == '#')
        return true;
    if (strchr("0123456789+-*", line[0]) != NULL)
        return read_row(parser, line);
    if (n == 0 || (mark != '=' && mark != ':'))
        return refuse(parser, "neither a row nor a word that such a file has");
    line[n] = '\0';
    char *const text = line + n + 1 + strspn(line + n + 1, " ");
    return mark == '=' ? read_assignment(parser, line, text)
                       : read_head(parser, line, text);
}

static bool read_lines(struct parser *parser, FILE *from)
{
    char *line = NULL;
    size_t room = 0;
    bool is_good = true;
    for (ssize_t n; is_good && (n = getline(&line, &room, from)) >= 0;) {
        parser->line++;
        if (n > 0 && line[n - 1] == '\n')
            line[--n] = '\0';
        if (strlen(line) != (size_t)n || n > MOST_LINE)
            is_good = refuse(parser, "it is no text");
        else if (parser->line == 1 && strncmp(line, "# callgrind format", 18) != 0 &&
                 strncmp(line, "version:", 8) != 0)
            is_good = refuse(parser, "it does not begin as one");
        else
            is_good = read_line(parser, line);
    }
    free(line);
    return is_good;
}

static bool has_all(const struct parser *parser)
{
    const struct callgrind_out *const out = parser->out;
    if (parser->line == 0)
        return complain(parser->complaint, "callgrind's file '%.200s' is empty",
                        parser->path);
    if (!parser->has_totals || parser->row != ROW_COST)
        return complain(parser->complaint,
                        "callgrind's file '%.200s' ends early, at line %zu: no totals",
                        parser->path, parser->line);
    for (size_t i = 0; i < out->n_events; i++)
        if (parser->sums[i] != out->totals[i])
            return complain(parser->complaint,
                            "callgrind's file '%.200s': rows with %" PRIu64
                            " %s, totals with %" PRIu64 ": it is damaged",
                            parser->path, parser->sums[i], out->events[i],
                            out->totals[i]);
    return true;
}

bool callgrind_read(FILE *from, const char *path, struct kept_texts *texts,
                    const struct callgrind_taker *taker, struct callgrind_out *out,
                    struct complaint *complaint)
{
    struct parser parser = {.path = path,
                            .texts = texts,
                            .taker = taker,
                            .out = out,
                            .complaint = complaint,
                            .at = {"", NULL, "", "", 0, 0},
                            .has_line_numbers = true};
    memset(out, 0, sizeof *out);
    const bool is_good = read_lines(&parser, from) && has_all(&parser);
    for (size_t i = 0; i < N_KINDS; i++)
        free(parser.names[i]);
    return is_good;
}

size_t callgrind_event(const struct callgrind_out *out, const char *name)
{
    for (size_t i = 0; i < out->n_events; i++)
        if (strcmp(out->events[i], name) == 0)
            return i;
    return CALLGRIND_EVENTS;
}
