/* SPDX-License-Identifier: MIT */
/* What a command is: one file in commands/, found by its name. */
#ifndef ONEMISS_LAB_COMMAND_H
#define ONEMISS_LAB_COMMAND_H

#include <jansson.h>
#include <stddef.h>

#include "options.h"

/* Of the highest that applies: what went wrong. */
enum exit_code {
    EXIT_ALL_GOOD = 0,
    EXIT_SOME_CELL_BAD = 1,
    EXIT_BAD_USAGE = 2,   /* or missing or malformed input */
    EXIT_NOTHING_RUN = 3, /* or the result could not be written */
    EXIT_REGRESSION = 4   /* shown, by --gate */
};

struct command {
    const char *name;
    const char *summary;
    const char *example;
    const char *operand; /* what the words behind the options are; NULL: there are none;
                            with " ..." at its end there may be more of them */
    unsigned bit;        /* OPTION_RUN ... */
    int (*run)(const struct options *options, int n_words, char **words);
};

/* All of them, by name; made by the build from the folder. */
extern const struct command *const all_commands[];
extern const size_t n_commands;

/* Prints "onemiss: ..." on standard error and returns `code`. */
int command_fail(const struct complaint *complaint, int code);

/* What a script is told of a result, whether it was run now or is read again: good, or a cell
 * that is not ok, or cells that are missing. */
int command_code_of(const json_t *result);

/* The result, the picture and the report, where there is something to write. */
bool command_save(const json_t *result, const char *path, const struct options *options,
                  struct complaint *complaint);

/* The tables and which files were written; on standard error where the result is on
 * standard output. */
void command_show(const json_t *result, const char *path, const struct options *options,
                  bool is_detailed, bool is_written);

/* Runs a plan, shows the table, writes the result file; shared by run and compare.
 * `path` NULL: no file. A plan with a gate ends with EXIT_REGRESSION where one is shown. */
struct plan;
int command_carry_out(const struct plan *plan, const struct options *options,
                      const char *path, int n_words, char **words);

#endif
