/* SPDX-License-Identifier: MIT */
/* Finding subjects and loading them. */
#ifndef ONEMISS_LAB_LOADER_H
#define ONEMISS_LAB_LOADER_H

#include <limits.h>

#include "complaint.h"
#include "subject.h"

/* What a subject says of itself, copied: the parent never has a subject in its own
 * process, whose code is not trusted. */
struct variant_facts {
    char key[16], hash[24];
    om_layout layout; /* its field names point into field_names */
    char field_names[4][16];
};

struct subject_facts {
    char name[64], build[16], compiler[64];
    char origin[64]; /* whose map it is, and which version; "" for one of ours */
    uint32_t flags;
    uint32_t n_variants;
    struct variant_facts variants[32];
};

/* The file of subject `name` in `build`: a name with a slash is a path already. Replays,
 * which stand in a folder of their own, are found too. */
bool loader_path(const char *name, const char *build, char path[PATH_MAX],
                 struct complaint *complaint);

/* The file of the same subject in a build that tells of each operation or access: of the
 * build `word`, or beside a file of the user's own NAME.so, NAME.WORD.so. "" when there is
 * none. "stamped" goes with "native" alone, whose flags it shares; "traced" counts, and
 * goes with all. */
void loader_telling_path(const char *name, const char *path, const char *build,
                         const char *word, char telling[PATH_MAX]);

/* The file of the same subject in a build that runs where AVX-512 does not, as under
 * valgrind, and the name of that build: its own if it may, else "v3" or "baseline". False
 * and why: there is none. */
bool loader_narrow_path(const char *name, const char *build, char path[PATH_MAX],
                        const char **narrow, struct complaint *complaint);

/* The build that is wanted, or with NULL the best: "native" where this processor runs it
 * (under valgrind it does not), else "v3", else "baseline". */
bool loader_build(const char *wanted, const char **build, struct complaint *complaint);

/* Names of all subjects of a build but the replays, sorted; free each and the array. */
size_t loader_list(const char *build, char ***names);

/* Loads the file in a child process and copies what it says. The variants of the file
 * beside it that holds more hashes are added. */
bool loader_probe(const char *path, struct subject_facts *facts,
                  struct complaint *complaint);

/* The hash that a map has when nobody names one. */
#define HASH_OWN "own"

/* The probed variant for a key type and a hash, or NULL. A ceiling's "none" stands for any
 * hash. A map that has none of that name is taken with its "own"; and one that has no other
 * hash of its own than those it is given, for "own" with the first of these. */
const struct variant_facts *loader_variant(const struct subject_facts *facts,
                                           const char *key, const char *hash);

/* For the child that measures: loads the file for good. *subject is the file, or that beside
 * it, that holds the variant. */
bool loader_load(const char *path, const char *key, const char *hash,
                 const struct subject_variant **variant, const struct subject **subject,
                 struct complaint *complaint);

/* The path of this program, and of the folder it is in; call once from main. */
void loader_set_program(const char *argv0);
const char *loader_program(void);

#endif
