/* SPDX-License-Identifier: MIT */
/* The one table of options, and a command line taken apart by it. */
#ifndef ONEMISS_LAB_OPTIONS_H
#define ONEMISS_LAB_OPTIONS_H

#include <stdint.h>

#include "complaint.h"

/* The commands an option belongs to. */
enum { OPTION_RUN = 1, OPTION_COMPARE = 2, OPTION_LIST = 4, OPTION_LAYOUT = 8 };

/* As given; NULL or 0 where nothing was. */
struct options {
    const char *workloads, *subjects, *key_types, *patterns, *mixes, *hash;
    const char *n, *seed, *repeat, *timeout;
    const char *json, *keys_file, *build, *instruments;
    bool is_bare, wants_help;
};

/* Takes apart the words behind the command's name. `command` is one bit. */
bool options_read(struct options *options, unsigned command, const char *name,
                  int n_words, char **words, struct complaint *complaint);

/* Prints how the command is used: its line, its options, an example. */
void options_help(unsigned command, const char *name, const char *summary,
                  const char *example);

#endif
