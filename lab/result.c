/* SPDX-License-Identifier: MIT */
/* The result file: made, sealed, written whole or not at all. */
#include "result.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "machine.h"
#include "stats/median.h"

enum {
    MOST_SAMPLES = 1000, /* median_of takes no more */
    MOST_EVENTS = 10000  /* resizes, stalls; a subject that sends more is out of order */
};
static const double WANTED_LEVEL = 0.95;

json_t *result_text(const char *text)
{
    json_t *const value = json_string(text);
    if (value != NULL)
        return value;
    char safe[1024];
    size_t n = 0;
    for (; *text != '\0' && n + 5 < sizeof safe; text++) {
        const unsigned char byte = (unsigned char)*text;
        n += (size_t)snprintf(safe + n, sizeof safe - n, byte < 0x80 ? "%c" : "\\x%02x",
                              byte);
    }
    return json_string(safe);
}

static json_t *hex(uint64_t word)
{
    return json_sprintf("0x%016" PRIx64, word);
}

static json_t *now(void)
{
    char text[32];
    const time_t seconds = time(NULL);
    struct tm utc;
    if (gmtime_r(&seconds, &utc) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return json_null();
    return json_string(text);
}

json_t *result_create(int n_words, char **words, uint64_t seed)
{
    json_t *const result = json_object();
    json_t *const command = json_array();
    for (int i = 0; i < n_words; i++)
        json_array_append_new(command, result_text(i == 0 ? "onemiss" : words[i]));
    json_object_set_new(result, "schema", json_string(RESULT_SCHEMA));
    json_object_set_new(result, "started", now());
    json_object_set_new(result, "machine", machine_describe());
    json_object_set_new(result, "command", command);
    json_object_set_new(result, "seed", hex(seed));
    json_object_set_new(result, "cells", json_array());
    return result;
}

json_t *result_cell(const struct cell *cell)
{
    json_t *const object = json_object();
    const bool has_strings = strcmp(cell->key, "str") == 0;
    json_object_set_new(object, "subject", result_text(cell->subject));
    json_object_set_new(object, "workload", json_string(cell->workload->name));
    json_object_set_new(object, "pattern", json_string(cell->pattern));
    json_object_set_new(object, "key", json_string(cell->key));
    json_object_set_new(object, "hash", json_string(cell->hash));
    json_object_set_new(object, "n", json_integer((json_int_t)cell->n));
    json_object_set_new(object, "operations", json_null());
    json_object_set_new(object, "pages",
                        json_string(pages_names[cell->confinement.pages]));
    json_object_set_new(object, "threads", json_integer(1));
    json_object_set_new(object, "lock", json_string("none"));
    json_object_set_new(object, "value_bytes",
                        json_integer(has_strings ? VALUE_TEXT_BYTES : 8));
    json_object_set_new(object, "build", result_text(cell->build));
    json_object_set_new(object, "status", json_string("ok"));
    json_object_set_new(object, "reason", json_string(""));
    json_object_set_new(object, "metrics", json_object());
    json_object_set_new(object, "resize_events", json_array());
    json_object_set_new(object, "stalls", json_array());
    return object;
}

static json_t *number(double value)
{
    const bool is_whole =
        value > -9e15 && value < 9e15 && (double)(json_int_t)value == value;
    return is_whole ? json_integer((json_int_t)value) : json_real(value);
}

/* Takes the row; drops it when there are `most` already. */
static void append(json_t *rows, json_t *row, size_t most)
{
    if (json_array_size(rows) < most)
        json_array_append_new(rows, row);
    else
        json_decref(row);
}

void result_set_operations(json_t *cell, uint64_t n)
{
    json_object_set_new(cell, "operations", json_integer((json_int_t)n));
}

void result_add_sample(json_t *cell, const char *metric, const struct sample *sample)
{
    const struct metric_info *const info = metric_find(metric);
    json_t *const metrics = json_object_get(cell, "metrics");
    json_t *entry = json_object_get(metrics, metric);
    if (info == NULL || !isfinite(sample->value) || !(sample->share > 0))
        return;
    if (entry == NULL) {
        entry = json_object();
        json_object_set_new(entry, "unit", json_string(info->unit));
        json_object_set_new(entry, "trust", json_string("measured"));
        json_object_set_new(entry, "samples", json_array());
        json_object_set_new(metrics, metric, entry);
    }
    json_t *const row =
        json_pack("{s:i, s:i, s:o}", "block", (int)sample->block, "position",
                  (int)sample->position, "value", number(sample->value));
    if (sample->share < 1) {
        json_object_set_new(row, "share", json_real(sample->share));
        json_object_set_new(entry, "trust", json_string("estimated"));
    }
    if (sample->is_bound)
        json_object_set_new(row, "is_bound", json_true());
    append(json_object_get(entry, "samples"), row, MOST_SAMPLES);
}

void result_add_stall(json_t *cell, const struct stall *stall, unsigned block)
{
    static const char *const kinds[] = {"get", "insert", "delete"};
    if ((unsigned)stall->kind > OPERATION_DELETE || !isfinite(stall->duration_ns) ||
        !isfinite(stall->resize_ns))
        return;
    json_t *const row =
        json_pack("{s:i, s:I, s:s, s:o, s:b}", "block", (int)block, "operation",
                  (json_int_t)stall->operation, "kind", kinds[stall->kind], "duration_ns",
                  number(stall->duration_ns), "is_preempted", (int)stall->is_preempted);
    if (stall->new_capacity != 0) {
        json_object_set_new(row, "new_capacity",
                            json_integer((json_int_t)stall->new_capacity));
        json_object_set_new(row, "resize_ns", number(stall->resize_ns));
    }
    append(json_object_get(cell, "stalls"), row, MOST_EVENTS);
}

void result_add_resize(json_t *cell, const om_resize *resize, uint64_t duration_ns)
{
    json_t *const event = json_object();
    const struct {
        const char *name;
        uint64_t value;
    } fields[] = {{"old_capacity", resize->old_capacity},
                  {"new_capacity", resize->new_capacity},
                  {"entry_bytes", resize->entry_bytes},
                  {"new_bytes", resize->new_bytes},
                  {"items", resize->items},
                  {"old_bytes", resize->old_bytes},
                  {"duration_ns", duration_ns}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        json_object_set_new(event, fields[i].name,
                            json_integer((json_int_t)fields[i].value));
    append(json_object_get(cell, "resize_events"), event, MOST_EVENTS);
}

bool result_is_ok(const json_t *cell)
{
    return strcmp(json_string_value(json_object_get(cell, "status")), "ok") == 0;
}

void result_set_status(json_t *cell, const char *status, const char *reason)
{
    if (!result_is_ok(cell))
        return;
    json_object_set_new(cell, "status", json_string(status));
    json_object_set_new(cell, "reason", result_text(reason));
}

/* Whether the statistic is itself only a bound: the sample at it, or next to it, is. */
static bool is_bound(const json_t *samples, double value)
{
    size_t i;
    const json_t *sample;
    json_array_foreach(samples, i,
                       sample) if (json_object_get(sample, "is_bound") &&
                                   json_number_value(json_object_get(sample, "value")) >=
                                       value) return true;
    return false;
}

/* From the samples: the median and its interval; of a single sample only itself. */
static void summarise(json_t *metric)
{
    static double values[MOST_SAMPLES];
    json_t *const samples = json_object_get(metric, "samples");
    const size_t n_all = json_array_size(samples);
    const size_t n = n_all < MOST_SAMPLES ? n_all : MOST_SAMPLES;
    for (size_t i = 0; i < n; i++)
        values[i] =
            json_number_value(json_object_get(json_array_get(samples, i), "value"));
    const struct median median = median_of(values, n, WANTED_LEVEL);
    const bool is_single = n == 1;
    json_object_set_new(metric, "value", number(median.value));
    json_object_set_new(metric, "statistic",
                        json_string(is_single ? "single" : "median"));
    json_object_set_new(metric, "low", is_single ? json_null() : number(median.low));
    json_object_set_new(metric, "high", is_single ? json_null() : number(median.high));
    json_object_set_new(metric, "level",
                        is_single ? json_null() : json_real(median.level));
    if (is_bound(samples, median.value))
        json_object_set_new(metric, "is_bound", json_true());
}

void result_set_absent(json_t *cell, const char *metric, const char *reason)
{
    json_t *const nothing = json_object();
    json_object_set_new(nothing, "value", json_null());
    json_object_set_new(nothing, "reason", result_text(reason));
    json_object_set_new(json_object_get(cell, "metrics"), metric, nothing);
}

static void finish_metric(json_t *cell, const char *name)
{
    json_t *const metric = json_object_get(json_object_get(cell, "metrics"), name);
    const char *const status = json_string_value(json_object_get(cell, "status"));
    const char *const reason = json_string_value(json_object_get(cell, "reason"));
    char text[512];
    if (metric == NULL) {
        snprintf(text, sizeof text, "%s%s%s", status, reason[0] != '\0' ? ": " : "",
                 reason);
        result_set_absent(cell, name, text);
    } else if (json_object_get(metric, "samples") != NULL) {
        summarise(metric);
    }
}

void result_finish_cell(json_t *cell, uint32_t instruments)
{
    const char *const status = json_string_value(json_object_get(cell, "status"));
    if (strcmp(status, "wrong") == 0) {
        json_object_clear(json_object_get(cell, "metrics"));
        json_array_clear(json_object_get(cell, "stalls"));
    }
    for (size_t i = 0; i < n_instruments; i++)
        for (const struct metric_info *m = all_instruments[i]->metrics; m->name != NULL;
             m++)
            if ((instruments >> i & 1) != 0)
                finish_metric(cell, m->name);
}

void result_seal(json_t *result, bool is_complete)
{
    json_object_del(result, "integrity");
    json_object_set_new(result, "complete", json_boolean(is_complete));
    char *const text = json_dumps(result, JSON_COMPACT | JSON_SORT_KEYS);
    if (text == NULL)
        return;
    json_object_set_new(result, "integrity", hex(XXH3_64bits(text, strlen(text))));
    free(text);
}

/* Opens a new file beside `path`; its name goes to `beside`. */
static int open_beside(const char *path, char beside[PATH_MAX],
                       struct complaint *complaint)
{
    if (snprintf(beside, PATH_MAX, "%s.XXXXXX", path) >= PATH_MAX) {
        complain(complaint, "result '%.200s': the name is too long", path);
        return -1;
    }
    const int file = mkstemp(beside);
    if (file < 0)
        complain(complaint, "result '%.200s' cannot be written: %s", path,
                 strerror(errno));
    return file;
}

/* What is there already and is no file to be replaced: a device, a pipe. */
static bool is_special(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode);
}

bool result_can_write(const char *path, struct complaint *complaint)
{
    char beside[PATH_MAX];
    struct stat about;
    if (path == NULL || strcmp(path, "-") == 0)
        return true;
    if (*path == '\0')
        return complain(complaint, "the result needs a file name behind --json");
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return complain(complaint, "result '%.200s' is a folder; name a file in it",
                        path);
    if (is_special(path))
        return access(path, W_OK) == 0 ||
               complain(complaint, "result '%.200s' cannot be written: %s", path,
                        strerror(errno));
    const int file = open_beside(path, beside, complaint);
    if (file < 0)
        return false;
    close(file);
    unlink(beside);
    return true;
}

static bool write_all(int file, const char *text, size_t n)
{
    while (n > 0) {
        const ssize_t written = write(file, text, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        n -= (size_t)written;
    }
    return true;
}

static void sync_folder(const char *path)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    const int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY);
    if (folder >= 0) {
        (void)fsync(folder); /* some file systems cannot; the file itself is safe */
        close(folder);
    }
}

/* The mode of the file that is replaced, or what the user's mask leaves of a new one. */
static mode_t mode_of(const char *path)
{
    struct stat about;
    if (stat(path, &about) == 0)
        return about.st_mode & 0777;
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool replace_file(const char *path, const char *text, struct complaint *complaint)
{
    char beside[PATH_MAX];
    const int file = open_beside(path, beside, complaint);
    if (file < 0)
        return false;
    const bool is_written = write_all(file, text, strlen(text)) &&
                            fchmod(file, mode_of(path)) == 0 && fsync(file) == 0;
    const int why = errno;
    const bool is_closed = close(file) == 0;
    if (is_written && is_closed && rename(beside, path) == 0) {
        sync_folder(path);
        return true;
    }
    complain(complaint, "result '%.200s' could not be written: %s", path,
             strerror(is_written ? errno : why));
    unlink(beside);
    return false;
}

/* Into what is there, which cannot be done whole or not at all. */
static bool write_special(const char *path, const char *text, struct complaint *complaint)
{
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    const bool is_written = file >= 0 && write_all(file, text, strlen(text));
    const int why = errno;
    if (file >= 0)
        close(file);
    return is_written || complain(complaint, "result '%.200s' could not be written: %s",
                                  path, strerror(why));
}

bool result_write(const json_t *result, const char *path, struct complaint *complaint)
{
    char *const text = json_dumps(result, JSON_INDENT(1) | JSON_SORT_KEYS);
    if (text == NULL)
        return complain(complaint, "no memory to write the result");
    bool is_written;
    char target[PATH_MAX];
    if (strcmp(path, "-") == 0)
        is_written = (puts(text) >= 0 && fflush(stdout) == 0) ||
                     complain(complaint,
                              "the result could not be written to standard "
                              "output: %s",
                              strerror(errno));
    else if (is_special(path))
        is_written = write_special(path, text, complaint);
    else
        is_written = replace_file(realpath(path, target) != NULL ? target : path, text,
                                  complaint); /* through a link */
    free(text);
    return is_written;
}
