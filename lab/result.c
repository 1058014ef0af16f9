/* SPDX-License-Identifier: MIT */
/* The result file: made, sealed, written whole or not at all. */
#include "result.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xxhash.h>

#include "machine.h"
#include "stats/median.h"

enum {
    MOST_SAMPLES = 1000, /* median_of takes no more */
    MOST_EVENTS = 10000  /* resizes, stalls; a subject that sends more is out of order */
};
static const double WANTED_LEVEL = 0.95;
static const double LARGEST = 1e300; /* of a sample: two of them have a mean */

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
        return json_string("unknown");
    return json_string(text);
}

json_t *result_word(const char *word)
{
    char *const copy = strdup(word);
    if (copy == NULL)
        return json_null();
    text_mask(copy);
    json_t *const value = result_text(copy);
    free(copy);
    return value;
}

json_t *result_create(int n_words, char **words, uint64_t seed)
{
    json_t *const result = json_object();
    json_t *const command = json_array();
    for (int i = 0; i < n_words; i++)
        json_array_append_new(command, result_word(i == 0 ? "onemiss" : words[i]));
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
    if (cell->origin[0] != '\0')
        json_object_set_new(object, "origin", result_text(cell->origin));
    if ((cell->flags & SUBJECT_KEEPS_NOTHING) != 0)
        json_object_set_new(object, "role", json_string("ceiling"));
    if (cell->is_twin)
        json_object_set_new(object, "role", json_string("twin"));
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

void result_append(json_t *rows, json_t *row, size_t most)
{
    if (json_array_size(rows) < most)
        json_array_append_new(rows, row);
    else
        json_decref(row);
}

bool result_hear(json_t *cell, const char *line, const struct hearing *known, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const size_t length = strlen(known[i].word);
        if (strncmp(line, known[i].word, length) == 0) {
            known[i].hear(cell, line + length);
            return true;
        }
    }
    return false;
}

void result_set_operations(json_t *cell, uint64_t n)
{
    json_object_set_new(cell, "operations", json_integer((json_int_t)n));
}

void result_add_sample(json_t *cell, const char *metric, const struct sample *sample)
{
    const struct instrument *instrument = NULL;
    const struct metric_info *const info = metric_find(metric, &instrument);
    json_t *const metrics = json_object_get(cell, "metrics");
    json_t *entry = json_object_get(metrics, metric);
    if (info == NULL || !(fabs(sample->value) < LARGEST) || !(sample->share > 0))
        return;
    if (json_object_get(entry, "samples") == NULL) { /* or absent in another block */
        entry = json_object();
        json_object_set_new(entry, "unit", json_string(info->unit));
        json_object_set_new(entry, "trust",
                            json_string(metric_trust(instrument, metric)));
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
    result_append(json_object_get(entry, "samples"), row, MOST_SAMPLES);
}

void result_add_number(json_t *cell, const char *metric, double value)
{
    const struct sample sample = {.value = value, .share = 1};
    result_add_sample(cell, metric, &sample);
}

void result_add_stall(json_t *cell, const struct stall *stall, unsigned block)
{
    static const char *const kinds[] = {"get", "insert", "delete"};
    if ((unsigned)stall->kind > OPERATION_DELETE || !isfinite(stall->duration_ns) ||
        !isfinite(stall->resize_ns) || stall->duration_ns < 0 || stall->resize_ns < 0 ||
        stall->operation > INT64_MAX || stall->new_capacity > INT64_MAX)
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
    result_append(json_object_get(cell, "stalls"), row, MOST_EVENTS);
}

void result_add_resize(json_t *cell, const om_resize *resize, uint64_t duration_ns)
{
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
        if (fields[i].value > INT64_MAX)
            return; /* no map is that large */
    json_t *const event = json_object();
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        json_object_set_new(event, fields[i].name,
                            json_integer((json_int_t)fields[i].value));
    result_append(json_object_get(cell, "resize_events"), event, MOST_EVENTS);
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

/* Whether a sample of that size or more is only a bound. */
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
    /* the lower of the two in the middle: a mean with a bound is a bound */
    if (is_bound(samples, values[(n - 1) / 2]))
        json_object_set_new(metric, "is_bound", json_true());
}

void result_set_event(json_t *cell, const char *metric, const char *event)
{
    json_t *const entry = json_object_get(json_object_get(cell, "metrics"), metric);
    if (json_object_get(entry, "samples") != NULL)
        json_object_set_new(entry, "event", result_text(event));
}

void result_set_absent(json_t *cell, const char *metric, const char *reason)
{
    if (metric_find(metric, NULL) == NULL)
        return;
    const json_t *const before =
        json_object_get(json_object_get(cell, "metrics"), metric);
    if (json_object_get(before, "samples") != NULL)
        return; /* another block had it */
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
        static const char *const seen[] = {
            "cache_model", "cache_band",   "cache_trace", "reuse",    "heat",
            "layout",      "memory_calls", "functions",   "timeline", "stacks"};
        for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
            json_object_del(cell, seen[i]);
        json_object_clear(json_object_get(cell, "metrics"));
        json_array_clear(json_object_get(cell, "stalls"));
        json_array_clear(json_object_get(cell, "resize_events"));
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

bool result_write(const json_t *result, const char *path, struct complaint *complaint)
{
    char *const text = json_dumps(result, JSON_INDENT(1) | JSON_SORT_KEYS);
    const bool is_written = text != NULL
                                ? output_write(path, text, complaint)
                                : complain(complaint, "no memory to write the result");
    free(text);
    return is_written;
}
