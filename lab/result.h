/* SPDX-License-Identifier: MIT */
/* The result file: made, sealed, written whole or not at all. Its fields are described in
 * docs/result-format.md. */
#ifndef ONEMISS_LAB_RESULT_H
#define ONEMISS_LAB_RESULT_H

#include <jansson.h>
#include <stdint.h>

#include "cell.h"
#include "output.h"

#define RESULT_SCHEMA "onemiss.result/1"

/* A new result without cells; its command line becomes one text. */
json_t *result_create(int n_words, char **words, uint64_t seed);

/* Text from outside as a JSON string: what is not UTF-8 is shown byte by byte. */
json_t *result_text(const char *text);

/* A word as it was typed, but for what could steer a terminal. */
json_t *result_word(const char *word);

/* Takes the row; drops it when there are `most` already. */
void result_append(json_t *rows, json_t *row, size_t most);

/* Who hears what stands behind a line's first word. */
struct hearing {
    const char *word; /* with the space behind it */
    void (*hear)(json_t *cell, const char *text);
};

/* Hands the line to the first whose word it begins with; false: to nobody. */
bool result_hear(json_t *cell, const char *line, const struct hearing *known, size_t n);

/* A new cell with status "ok" and no metrics yet, for one row of a comparison. */
json_t *result_cell(const struct cell *cell);

/* Says how many operations were timed. */
void result_set_operations(json_t *cell, uint64_t n);

struct sample {
    double value;
    unsigned block, position; /* of the child in its block */
    double share;             /* of the time that a scaled count ran; 1: not scaled */
    bool is_bound;            /* the true value is `value` or less */
};

/* Adds a sample; the metric is made when it is new. */
void result_add_sample(json_t *cell, const char *metric, const struct sample *sample);

/* Adds what a pass that is run once has as its one sample. */
void result_add_number(json_t *cell, const char *metric, double value);
void result_add_stall(json_t *cell, const struct stall *stall, unsigned block);
void result_add_resize(json_t *cell, const om_resize *resize, uint64_t duration_ns);

/* Sets the status and why. A status that is already bad stays. */
void result_set_status(json_t *cell, const char *status, const char *reason);
bool result_is_ok(const json_t *cell);

/* Names the event that a metric, which has a sample, was counted by. */
void result_set_event(json_t *cell, const char *metric, const char *event);

/* Says that the cell cannot have a metric, and why. */
void result_set_absent(json_t *cell, const char *metric, const char *reason);

/* Sums the samples up; metrics of the cell's instruments that have none become null with
 * the reason. A cell with wrong answers loses all it has. */
void result_finish_cell(json_t *cell, uint32_t instruments);

/* Sets complete and the checksum over all else. */
void result_seal(json_t *result, bool is_complete);

/* Writes any document, by output.h. */
bool result_write(const json_t *result, const char *path, struct complaint *complaint);

#endif
