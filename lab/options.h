/* SPDX-License-Identifier: MIT */
/* The one table of options, and a command line taken apart by it. */
#ifndef ONEMISS_LAB_OPTIONS_H
#define ONEMISS_LAB_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "complaint.h"

/* The commands an option belongs to. */
enum {
    OPTION_RUN = 1,
    OPTION_COMPARE = 2,
    OPTION_LIST = 4,
    OPTION_LAYOUT = 8,
    OPTION_REPORT = 16,
    OPTION_DOCTOR = 32,
    OPTION_COMPLETION = 64,
    OPTION_MANUAL = 128,
    OPTION_PROFILE = 256,
    OPTION_NEW_ADAPTER = 512,
    OPTION_ADVISE = 1024,
    OPTION_MERGE = 2048,
    OPTION_DIFF = 4096
};

/* As given; NULL or 0 where nothing was. */
struct options {
    const char *workloads, *subjects, *key_types, *patterns, *mixes, *hash;
    const char *n, *seed, *repeat, *timeout;
    const char *json, *keys_file, *build, *instruments;
    const char *pages, *cpu, *memory_limit, *picture, *names;
    const char *machines, *geometry, *models, *calls_by;
    const char *against, *folder, *gate, *output;
    bool is_bare, is_premade, is_hot, is_quiet, is_detailed, is_calibrating, wants_help;
    bool has_pages; /* of several kinds, where the command compares them; it says so */
    const char *shard;
    bool is_resuming;
    const char
        *operand;    /* the word behind the options, of a command that takes one ... */
    char **operands; /* ... or several, of which it is the first */
    size_t n_operands;
};

struct command;

/* What an argument can be, for a shell that completes it. */
enum argument_kind {
    ARGUMENT_FREE,  /* anything: a number, a size */
    ARGUMENT_FILE,  /* the name of a file */
    ARGUMENT_WORDS, /* one of `values`, words with spaces between */
    ARGUMENT_NAMES  /* one of what `onemiss list --names VALUES` prints */
};

/* A row of the table. */
struct option_info {
    char letter; /* 0: none */
    const char *name;
    const char *argument; /* what stands for it in the help; NULL: it takes none */
    const char *help;
    unsigned commands; /* bits: those it belongs to */
    unsigned lists;    /* bits: those where its argument may be several, with commas */
    size_t field;      /* in struct options: a text, or a bool if it takes no argument */
    enum argument_kind kind;
    const char *values;
};

/* The row of the command behind `row`, of which NULL is before the first; NULL at the
 * end. */
const struct option_info *options_next(const struct option_info *row,
                                       const struct command *command);

/* Takes apart the words behind the command's name. */
bool options_read(struct options *options, const struct command *command, int n_words,
                  char **words, struct complaint *complaint);

/* Prints how the command is used: its line, its options, an example. */
void options_help(const struct command *command);

#endif
