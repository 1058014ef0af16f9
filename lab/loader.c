/* SPDX-License-Identifier: MIT */
/* Finding subjects and loading them. */
#include "loader.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include "names.h"

enum { PROBE_TIMEOUT_MS = 10000 };

static char program[PATH_MAX];

void loader_set_program(const char *argv0)
{
    const char *const path = (const char *)getauxval(AT_EXECFN); /* needs no /proc */
    if (realpath("/proc/self/exe", program) == NULL &&
        realpath(path != NULL ? path : argv0, program) == NULL)
        snprintf(program, sizeof program, "%s", argv0);
}

const char *loader_program(void)
{
    return program;
}

/* The folder of a build's subjects: beside the program, or where it was installed. */
static bool find_folder(const char *build, char folder[PATH_MAX])
{
    static const char *const places[] = {"subjects", "../lib/onemiss/subjects"};
    const char *const slash = strrchr(program, '/');
    const int n = slash == NULL ? 0 : (int)(slash - program + 1);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const int length =
            snprintf(folder, PATH_MAX, "%.*s%s/%s", n, program, places[i], build);
        if (length < PATH_MAX && access(folder, R_OK | X_OK) == 0)
            return true;
    }
    return false;
}

bool loader_path(const char *name, const char *build, char path[PATH_MAX],
                 struct complaint *complaint)
{
    if (strchr(name, '/') != NULL) {
        if (strlen(name) < PATH_MAX && access(name, R_OK) == 0) {
            strcpy(path, name);
            return true;
        }
        return complain(complaint, "subject file '%.200s': %s", name, strerror(errno));
    }
    char folder[PATH_MAX];
    if (!find_folder(build, folder))
        return complain(complaint,
                        "no subjects of build '%.20s' beside %.200s; build them "
                        "with ./run --build-only",
                        build, program);
    static const char *const forms[] = {"%s/%s.so", "%s/replay/%s.so"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (snprintf(path, PATH_MAX, forms[i], folder, name) < PATH_MAX &&
            access(path, R_OK) == 0)
            return true;
    char **names;
    const size_t n = loader_list(build, &names);
    complain_of_name(complaint, "map", name, (const char *const *)names, n);
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
    return false;
}

/* Bits of enum subject_needs. */
static uint32_t processor_has(void)
{
    uint32_t has = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    has |= __builtin_cpu_supports("avx2") ? SUBJECT_NEEDS_AVX2 : 0;
    has |= __builtin_cpu_supports("avx512f") ? SUBJECT_NEEDS_AVX512 : 0;
#endif
    return has;
}

static const char *default_build(void)
{
    char folder[PATH_MAX];
    const uint32_t has = processor_has();
    if ((NATIVE_NEEDS & ~has) == 0 && find_folder("native", folder))
        return "native";
    if ((has & SUBJECT_NEEDS_AVX2) != 0 && find_folder("v3", folder))
        return "v3";
    return "baseline";
}

bool loader_build(const char *wanted, const char **build, struct complaint *complaint)
{
    static const char *const builds[] = {"native", "v3", "baseline"};
    *build = wanted != NULL ? wanted : default_build();
    return name_is_one_of("build", *build, builds, 3, complaint);
}

/* The file NAME.WORD.so beside NAME.so. */
static bool path_beside(const char *path, const char *word, char beside[PATH_MAX])
{
    const size_t n = strlen(path);
    if (n < 3 || strcmp(path + n - 3, ".so") != 0 ||
        snprintf(beside, PATH_MAX, "%.*s.%s.so", (int)(n - 3), path, word) >= PATH_MAX)
        return false;
    return access(beside, R_OK) == 0;
}

void loader_telling_path(const char *name, const char *path, const char *build,
                         const char *word, char telling[PATH_MAX])
{
    struct complaint ignored;
    const bool is_own = strchr(name, '/') != NULL;
    const bool is_alike = strcmp(word, "stamped") != 0 || strcmp(build, "native") == 0;
    if (is_own ? !path_beside(path, word, telling)
               : !is_alike || !loader_path(name, word, telling, &ignored))
        *telling = '\0';
}

bool loader_narrow_path(const char *name, const char *build, char path[PATH_MAX],
                        const char **narrow, struct complaint *complaint)
{
    const bool is_native = strcmp(build, "native") == 0;
    const bool has_avx2 = (processor_has() & SUBJECT_NEEDS_AVX2) != 0;
    const char *const builds[] = {
        is_native && (NATIVE_NEEDS & SUBJECT_NEEDS_AVX512) != 0 ? "v3" : build, "v3",
        "baseline"};
    for (size_t i = 0; i < sizeof builds / sizeof *builds; i++) {
        *narrow = builds[i];
        if ((has_avx2 || strcmp(*narrow, "v3") != 0) &&
            loader_path(name, *narrow, path, complaint))
            return true;
    }
    return complain(complaint,
                    "no build of '%.80s' runs under valgrind, which knows no "
                    "AVX-512; build it with cmake --build",
                    name);
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

size_t loader_list(const char *build, char ***names)
{
    char folder[PATH_MAX];
    size_t n = 0;
    *names = NULL;
    DIR *const directory = find_folder(build, folder) ? opendir(folder) : NULL;
    if (directory == NULL)
        return 0;
    for (struct dirent *file; (file = readdir(directory)) != NULL;) {
        const char *const dot = strchr(file->d_name, '.');
        if (dot == NULL || dot == file->d_name || strcmp(dot, ".so") != 0)
            continue; /* NAME.more.so goes with NAME.so */
        char **const longer = realloc(*names, (n + 1) * sizeof **names);
        if (longer == NULL)
            break;
        *names = longer;
        (*names)[n] = strndup(file->d_name, (size_t)(dot - file->d_name));
        if ((*names)[n] == NULL)
            break;
        n++;
    }
    closedir(directory);
    if (n > 0)
        qsort(*names, n, sizeof **names, compare_texts);
    return n;
}

static const struct subject *open_subject(const char *path, struct complaint *complaint)
{
    void *const handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        complain(complaint, "'%.200s' cannot be loaded: %.200s", path, dlerror());
        return NULL;
    }
    const struct subject *const subject = dlsym(handle, SUBJECT_SYMBOL_TEXT);
    if (subject == NULL) {
        complain(complaint,
                 "'%.200s' is no subject: it does not export %s (see "
                 "CONTRIBUTING.md)",
                 path, SUBJECT_SYMBOL_TEXT);
    } else if (subject->version != SUBJECT_VERSION) {
        complain(complaint,
                 "'%.200s' was built for subject version %u, this lab speaks %u; "
                 "build it again",
                 path, subject->version, SUBJECT_VERSION);
    } else if ((subject->needs & ~processor_has()) != 0) {
        complain(complaint,
                 "'%.200s' uses AVX2 or AVX-512, which this processor (or valgrind) does "
                 "not have; try --build v3 or baseline, a file of your own compile once "
                 "more with -march=x86-64-v3",
                 path);
    } else {
        return subject;
    }
    return NULL;
}

/* Copies a subject's word for itself; no byte of it may steer a terminal. */
static void copy_text(char *to, size_t room, const char *from)
{
    snprintf(to, room, "%s", from);
    text_mask(to);
}

static void copy_variant(struct variant_facts *to, const struct subject_variant *from)
{
    copy_text(to->key, sizeof to->key, from->key);
    copy_text(to->hash, sizeof to->hash, from->hash);
    to->layout = from->layout();
    for (size_t i = 0; i < to->layout.n_fields && i < 4; i++)
        copy_text(to->field_names[i], sizeof to->field_names[i],
                  to->layout.fields[i].name);
}

static void copy_facts(struct subject_facts *to, const struct subject *from)
{
    copy_text(to->name, sizeof to->name, from->name);
    copy_text(to->build, sizeof to->build, from->build);
    copy_text(to->compiler, sizeof to->compiler, from->compiler);
    if (from->origin != NULL)
        copy_text(to->origin, sizeof to->origin, from->origin);
    to->flags = from->flags;
    const uint32_t most = sizeof to->variants / sizeof *to->variants;
    for (uint32_t i = 0; i < from->n_variants && to->n_variants < most; i++)
        copy_variant(&to->variants[to->n_variants++], &from->variants[i]);
}

/* What goes through the pipe of a probe. */
struct probe_answer {
    bool is_subject;
    struct subject_facts facts;
    struct complaint complaint;
};

static void answer_probe(const char *path, int to_parent)
{
    static struct probe_answer answer;
    char more[PATH_MAX];
    const struct subject *const subject = open_subject(path, &answer.complaint);
    if (subject != NULL) {
        answer.is_subject = true;
        copy_facts(&answer.facts, subject);
        struct complaint ignored;
        const struct subject *const second =
            path_beside(path, "more", more) ? open_subject(more, &ignored) : NULL;
        if (second != NULL)
            copy_facts(&answer.facts, second);
    }
    const char *at = (const char *)&answer;
    for (size_t left = sizeof answer; left > 0;) {
        const ssize_t n = write(to_parent, at, left);
        if (n <= 0)
            _exit(1);
        at += n;
        left -= (size_t)n;
    }
    _exit(0);
}

/* Reads exactly `n` bytes before the time is up. */
static bool read_all(int from, void *to, size_t n)
{
    for (char *at = to; n > 0;) {
        struct pollfd ready = {from, POLLIN, 0};
        if (poll(&ready, 1, PROBE_TIMEOUT_MS) <= 0)
            return false;
        const ssize_t got = read(from, at, n);
        if (got <= 0)
            return false;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

bool loader_probe(const char *path, struct subject_facts *facts,
                  struct complaint *complaint)
{
    static struct probe_answer answer;
    int ends[2];
    memset(&answer, 0, sizeof answer);
    fflush(NULL);
    if (pipe(ends) != 0)
        return complain(complaint, "no pipe to probe a subject: %s", strerror(errno));
    const pid_t child = fork();
    if (child < 0) {
        const int why = errno;
        close(ends[0]), close(ends[1]);
        return complain(complaint, "no process to probe a subject in: %s", strerror(why));
    }
    if (child == 0) {
        close(ends[0]);
        if (freopen("/dev/null", "w", stdout) == NULL)
            _exit(1);
        answer_probe(path, ends[1]);
    }
    close(ends[1]);
    const bool is_read = read_all(ends[0], &answer, sizeof answer);
    close(ends[0]);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    if (!is_read)
        return complain(complaint, "'%.200s' crashed or hung while it was loaded", path);
    if (!answer.is_subject) {
        *complaint = answer.complaint;
        return false;
    }
    *facts = answer.facts;
    for (uint32_t i = 0; i < facts->n_variants; i++) {
        struct variant_facts *const variant = &facts->variants[i];
        if (variant->layout.n_fields > 4)
            variant->layout.n_fields = 4;
        for (size_t j = 0; j < variant->layout.n_fields; j++)
            variant->layout.fields[j].name = variant->field_names[j];
    }
    return true;
}

static bool is_variant(const char *key, const char *hash, const char *wanted_key,
                       const char *wanted_hash)
{
    return strcmp(key, wanted_key) == 0 &&
           (strcmp(hash, wanted_hash) == 0 || strcmp(hash, "none") == 0);
}

const struct variant_facts *loader_variant(const struct subject_facts *facts,
                                           const char *key, const char *hash)
{
    const struct variant_facts *own = NULL, *first = NULL;
    for (uint32_t i = facts->n_variants; i-- > 0;) {
        const struct variant_facts *const variant = &facts->variants[i];
        if (is_variant(variant->key, variant->hash, key, hash))
            return variant;
        if (strcmp(variant->key, key) == 0)
            first = variant;
        if (is_variant(variant->key, variant->hash, key, HASH_OWN))
            own = variant;
    }
    return own != NULL ? own : strcmp(hash, HASH_OWN) == 0 ? first : NULL;
}

bool loader_load(const char *path, const char *key, const char *hash,
                 const struct subject_variant **variant, const struct subject **subject,
                 struct complaint *complaint)
{
    char more[PATH_MAX];
    const bool has_more = path_beside(path, "more", more);
    const char *const paths[] = {path, more};
    for (int i = 0; i < 1 + has_more; i++) {
        *subject = open_subject(paths[i], complaint);
        if (*subject == NULL)
            return false;
        for (uint32_t j = 0; j < (*subject)->n_variants; j++) {
            *variant = &(*subject)->variants[j];
            if (is_variant((*variant)->key, (*variant)->hash, key, hash))
                return true;
        }
    }
    return complain(complaint, "'%.200s' has no map for key type %s and hash %s", path,
                    key, hash);
}
