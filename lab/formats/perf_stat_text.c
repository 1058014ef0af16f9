/* SPDX-License-Identifier: MIT */
/* What `perf stat` prints, in each of its forms.
 *
 *     perf stat:        1,234,567      cycles:u      #  0.9 GHz        (66.66%)
 *                  <not supported>      LLC-loads
 *                             2.31 msec task-clock
 *
 *              0.004042830 seconds time elapsed
 *     -x,:      1234567,,cycles:u,2939147,66.66,0.9,GHz
 *     -j:       {"counter-value" : "1234567.0", "unit" : "", "event" : "cycles:u",
 *                "event-runtime" : 2939147, "pcnt-running" : 66.66, ...}
 *
 * becomes a row: cycles, modifiers u, 1234567, share 0.6666. Thousands are set apart as the
 * language has it: by commas, dots, apostrophes, narrow blanks. Behind -r the spread of
 * the runs is passed over; -I's intervals are refused, since they are not sums. */
#include "perf_stat_text.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FIELDS = 12, LINE_ROOM = 1024 };

struct reading {
    const char *path;
    size_t line;
    struct perf_stat *stat;
    struct complaint *complaint;
    bool has_header, is_over; /* of the form for people */
};

static bool refuse(const struct reading *reading, const char *why)
{
    return complain(reading->complaint, "perf stat's output '%.200s', line %zu: %s",
                    reading->path, reading->line, why);
}

/* ---- numbers ---- */

/* The bytes of a narrow or a fixed blank, or of an apostrophe. */
static size_t gap_bytes(const char *at)
{
    static const char *const gaps[] = {"\xe2\x80\xaf", "\xc2\xa0", "\xe2\x80\x99", "'"};
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
        if (strncmp(at, gaps[i], strlen(gaps[i])) == 0)
            return strlen(gaps[i]);
    return 0;
}

/* A mark stands before thousands when it comes again, or when three digits follow in what
 * is whole; else before decimals. */
static bool is_thousands(const char *mark, bool is_whole)
{
    const size_t n_digits = strspn(mark + 1, "0123456789");
    if (n_digits != 3)
        return false;
    return is_whole || mark[1 + n_digits] == ',' || mark[1 + n_digits] == '.';
}

/* "1,234,567", "1.234.567,89", "2.31"; *length is what it takes. */
static bool read_number(const char *text, bool is_whole, double *value, size_t *length)
{
    char plain[64];
    size_t n = 0, i = 0;
    bool has_decimals = false;
    if (!isdigit((unsigned char)text[0]))
        return false;
    for (; text[i] != '\0' && n + 1 < sizeof plain;) {
        const size_t gap = gap_bytes(text + i);
        if (isdigit((unsigned char)text[i])) {
            plain[n++] = text[i++];
        } else if (gap > 0 && isdigit((unsigned char)text[i + gap])) {
            i += gap;
        } else if ((text[i] == ',' || text[i] == '.') && !has_decimals) {
            if (!is_thousands(text + i, is_whole)) {
                has_decimals = true;
                plain[n++] = '.';
            }
            i++;
        } else {
            break;
        }
    }
    plain[n] = '\0';
    *length = i;
    *value = strtod(plain, NULL);
    return n + 1 < sizeof plain && isfinite(*value);
}

/* As a program writes it, with a point, and nothing behind it. */
static bool read_plain(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return end > text && *end == '\0' && isfinite(*value) && *value >= 0 &&
           strpbrk(text, "xXnN") == NULL;
}

/* ---- rows ---- */

/* "cycles:u" apart; in "cpu/event=0x3c/u" and "sched:sched_switch" nothing is. */
static void set_event(struct perf_stat_row *row, const char *event)
{
    const char *const colon = strrchr(event, ':');
    const size_t n = colon != NULL ? strlen(colon + 1) : 0;
    const bool has_modifiers =
        n > 0 && n < sizeof row->modifiers && strspn(colon + 1, "ukhIGHpPSDWeb") == n;
    snprintf(row->event, sizeof row->event, "%.*s",
             (int)(has_modifiers ? (size_t)(colon - event) : strlen(event)), event);
    snprintf(row->modifiers, sizeof row->modifiers, "%s", has_modifiers ? colon + 1 : "");
    text_mask(row->event);
}

static bool add_row(const struct reading *reading, const struct perf_stat_row *row)
{
    struct perf_stat *const stat = reading->stat;
    if (row->event[0] == '\0')
        return refuse(reading, "a value without an event");
    if (stat->n_rows == PERF_STAT_ROWS)
        return refuse(reading, "more events than perf can count");
    stat->rows[stat->n_rows++] = *row;
    return true;
}

/* "<not supported>" and its like; *length is what it takes. */
static bool read_refusal(const char *text, struct perf_stat_row *row, size_t *length)
{
    static const struct {
        const char *text;
        enum perf_stat_state state;
    } known[] = {{"<not supported>", PERF_STAT_NOT_SUPPORTED},
                 {"<not counted>", PERF_STAT_NOT_COUNTED}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncmp(text, known[i].text, strlen(known[i].text)) == 0) {
            row->state = known[i].state;
            *length = strlen(known[i].text);
            return true;
        }
    return false;
}

static bool set_share(struct perf_stat_row *row, double percent)
{
    row->share = percent / 100;
    return percent >= 0 && percent <= 100.005;
}

/* ---- the form for people ---- */

/* The next word of a line, cut off behind it. */
static char *take_word(char **text)
{
    char *const word = *text + strspn(*text, " \t");
    const size_t n = strcspn(word, " \t");
    *text = word + n + (word[n] != '\0');
    word[n] = '\0';
    return word;
}

/* "(66.66%)" at the end of a line; 100 where there is none. False: it is garbled. */
static bool read_percent(const char *text, double *percent)
{
    const char *const open = strrchr(text, '(');
    size_t n;
    *percent = 100;
    if (open == NULL || strncmp(open, "( +-", 4) == 0)
        return true;
    return read_number(open + 1, false, percent, &n) &&
           strncmp(open + 1 + n, "%)", 2) == 0;
}

/* "0.004042830 seconds time elapsed", and its like. */
static bool read_time(const struct reading *reading, const char *line, bool *is_time)
{
    struct perf_stat *const stat = reading->stat;
    const struct {
        const char *words;
        double *to;
    } times[] = {{"seconds time elapsed", &stat->elapsed_s},
                 {"seconds user", &stat->user_s},
                 {"seconds sys", &stat->sys_s}};
    size_t n;
    *is_time = false;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (strstr(line, times[i].words) != NULL) {
            *is_time = true;
            return read_number(line, false, times[i].to, &n) ||
                   refuse(reading, "a time is garbled");
        }
    return true;
}

/* The count, its unit if it has one, and the event; *rest is what follows. A count
 * without a unit is whole, so that "1.234" are thousands. */
static bool read_count(const struct reading *reading, char *text,
                       struct perf_stat_row *row, char **rest)
{
    static const char *const units[] = {"msec", "usec", "nsec",   "ns",
                                        "sec",  "MiB",  "Joules", "Bytes"};
    char number[64];
    size_t n;
    if (!read_refusal(text, row, &n) && !read_number(text, false, &row->value, &n))
        return refuse(reading, "neither a count nor a refusal");
    if (text[n] != ' ' && text[n] != '\t')
        return refuse(reading, "the count is garbled");
    snprintf(number, sizeof number, "%.*s", (int)n, text);
    *rest = text + n;
    char *word = take_word(rest);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(word, units[i]) == 0)
            snprintf(row->unit, sizeof row->unit, "%s", word);
    if (row->unit[0] != '\0')
        word = take_word(rest);
    else if (row->state == PERF_STAT_COUNTED)
        (void)read_number(number, true, &row->value, &n);
    set_event(row, word);
    return true;
}

static bool read_for_people(struct reading *reading, char *line)
{
    struct perf_stat_row row = {.share = 1};
    char *const text = line + strspn(line, " \t");
    char *rest = text;
    double percent;
    bool is_time;
    if (!read_time(reading, text, &is_time))
        return false;
    if (is_time || text[0] == '\0' || text[0] == '#' || reading->is_over)
        return true;
    if (!read_count(reading, text, &row, &rest))
        return false;
    if (!read_percent(rest, &percent) || !set_share(&row, percent))
        return refuse(reading, "its share of the time is garbled");
    return add_row(reading, &row);
}

/* ---- -x, ---- */

static bool read_fields(struct reading *reading, char *line)
{
    char *fields[MOST_FIELDS];
    struct perf_stat_row row = {.share = 1};
    size_t n = 0, length;
    double percent;
    for (char *at = line; at != NULL && n < MOST_FIELDS; n++) {
        fields[n] = at;
        at = strchr(at, ',');
        if (at != NULL)
            *at++ = '\0';
    }
    if (n >= 5 && strspn(fields[0], " ,") == strlen(fields[0]) && fields[2][0] == '\0')
        return true; /* one more metric of the row before */
    if (n >= 2 && fields[0][0] == ' ')
        return refuse(reading, "intervals of -I are no sums; leave -I out");
    if (n < 5)
        return refuse(reading, "value,unit,event,runtime,share is wanted");
    const bool has_spread = fields[3][0] != '\0' && strchr(fields[3], '%') != NULL;
    const size_t at = 4 + has_spread;
    if (!read_refusal(fields[0], &row, &length) && !read_plain(fields[0], &row.value))
        return refuse(reading, "neither a count nor a refusal");
    if (at >= n || !read_plain(fields[at], &percent) || !set_share(&row, percent))
        return refuse(reading, "its share of the time is garbled");
    snprintf(row.unit, sizeof row.unit, "%s", fields[1]);
    set_event(&row, fields[2]);
    return add_row(reading, &row);
}

/* ---- -j ---- */

static bool read_object(struct reading *reading, char *line)
{
    json_t *const object = json_loads(line, 0, NULL);
    struct perf_stat_row row = {.share = 1};
    const char *const value = json_string_value(json_object_get(object, "counter-value"));
    const char *const event = json_string_value(json_object_get(object, "event"));
    const char *const unit = json_string_value(json_object_get(object, "unit"));
    const json_t *const share = json_object_get(object, "pcnt-running");
    size_t length;
    bool is_good = true;
    if (object == NULL)
        is_good = refuse(reading, "no JSON");
    else if (json_object_get(object, "interval") != NULL)
        is_good = refuse(reading, "intervals of -I are no sums; leave -I out");
    else if (value == NULL && event == NULL && json_object_get(object, "metric-value"))
        ; /* one more metric of the row before */
    else if (value == NULL || event == NULL)
        is_good = refuse(reading, "no 'counter-value' or no 'event'");
    else if (!read_refusal(value, &row, &length) && !read_plain(value, &row.value))
        is_good = refuse(reading, "neither a count nor a refusal");
    else if (!json_is_number(share) || !set_share(&row, json_number_value(share)))
        is_good = refuse(reading, "its share of the time is garbled");
    else {
        snprintf(row.unit, sizeof row.unit, "%s", unit != NULL ? unit : "");
        set_event(&row, event);
        is_good = add_row(reading, &row);
    }
    json_decref(object);
    return is_good;
}

/* ---- all of it ---- */

static bool read_line(struct reading *reading, char *line)
{
    if (strstr(line, "Performance counter stats for") != NULL) {
        reading->has_header = true;
        return true;
    }
    if (reading->has_header) {
        if (!read_for_people(reading, line))
            return false;
        reading->is_over = !isnan(reading->stat->elapsed_s);
        return true;
    }
    if (line[0] == '\0' || line[0] == '#')
        return true;
    if (line[0] == '{')
        return read_object(reading, line);
    if (strchr(line, ',') != NULL)
        return read_fields(reading, line);
    return true; /* what the program itself has printed */
}

bool perf_stat_read(FILE *from, const char *path, struct perf_stat *stat,
                    struct complaint *complaint)
{
    struct reading reading = {.path = path, .stat = stat, .complaint = complaint};
    char line[LINE_ROOM];
    memset(stat, 0, sizeof *stat);
    stat->elapsed_s = stat->user_s = stat->sys_s = (double)NAN;
    while (fgets(line, sizeof line, from) != NULL) {
        const size_t n = strcspn(line, "\n");
        reading.line++;
        if (line[n] != '\n' && !feof(from))
            return refuse(&reading, "longer than any of perf's");
        line[n] = '\0';
        if (!read_line(&reading, line))
            return false;
    }
    if (stat->n_rows == 0)
        return complain(complaint, "perf stat's output '%.200s': no event in it", path);
    return !reading.has_header || reading.is_over ||
           complain(
               complaint,
               "perf stat's output '%.200s' ends early, at line %zu: no time elapsed",
               path, reading.line);
}

const struct perf_stat_row *perf_stat_find(const struct perf_stat *stat,
                                           const char *event)
{
    for (size_t i = 0; i < stat->n_rows; i++)
        if (strcmp(stat->rows[i].event, event) == 0)
            return &stat->rows[i];
    return NULL;
}
