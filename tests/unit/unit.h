/* SPDX-License-Identifier: MIT */
/* What the unit tests share: cmocka with what it needs before it, files in a folder of
 * their own, and failures that say what they were at. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNIT_UNUSED __attribute__((unused))
/* gcc says it by a macro, clang by a question. */
#if defined __SANITIZE_ADDRESS__
#define IS_SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

#define N_OF(array) (sizeof(array) / sizeof(array)[0])

/* `text` must hold `part`. */
UNIT_UNUSED static void expect_part(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' does not say '%s'", text, part);
}

UNIT_UNUSED static void expect_u64(const char *what, uint64_t at, uint64_t got,
                                   uint64_t wanted)
{
    if (got != wanted)
        fail_msg("%s, %llu: %llu (0x%llx), not %llu (0x%llx)", what,
                 (unsigned long long)at, (unsigned long long)got, (unsigned long long)got,
                 (unsigned long long)wanted, (unsigned long long)wanted);
}

/* ---- a folder of a test's own ---- */

enum { UNIT_PATH = 384 };

struct folder {
    char path[64];
    char file[UNIT_PATH]; /* the path that folder_file made last */
};

/* Makes an empty folder and puts its path into `path`, of 64 bytes. As a cmocka setup: 0, or
 * -1 where there is none to be had. */
UNIT_UNUSED static int make_folder(char *path)
{
    const char *const place = getenv("TMPDIR");
    const int n = snprintf(path, 64, "%s/onemiss-unit.XXXXXX",
                           place != NULL && strlen(place) < 32 ? place : "/tmp");
    return n > 0 && mkdtemp(path) != NULL ? 0 : -1;
}

/* cmocka setup: *state becomes an empty folder. */
UNIT_UNUSED static int folder_make(void **state)
{
    static struct folder folder;
    *state = &folder;
    return make_folder(folder.path);
}

UNIT_UNUSED static const char *folder_file(struct folder *folder, const char *name)
{
    snprintf(folder->file, sizeof folder->file, "%s/%s", folder->path, name);
    return folder->file;
}

/* How many files lie in it. */
UNIT_UNUSED static size_t folder_count(const struct folder *folder)
{
    size_t n = 0;
    DIR *const directory = opendir(folder->path);
    assert_non_null(directory);
    for (struct dirent *file; (file = readdir(directory)) != NULL;)
        n += strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0;
    closedir(directory);
    return n;
}

/* cmocka teardown; folders of tests are flat. */
UNIT_UNUSED static int folder_drop(void **state)
{
    struct folder *const folder = *state;
    DIR *const directory = opendir(folder->path);
    if (directory == NULL)
        return -1;
    for (struct dirent *file; (file = readdir(directory)) != NULL;) {
        if (strcmp(file->d_name, ".") == 0 || strcmp(file->d_name, "..") == 0)
            continue;
        const char *const path = folder_file(folder, file->d_name);
        if (unlink(path) != 0)
            (void)rmdir(path);
    }
    closedir(directory);
    return rmdir(folder->path);
}

UNIT_UNUSED static const char *write_file(struct folder *folder, const char *name,
                                          const void *bytes, size_t n)
{
    const char *const path = folder_file(folder, name);
    FILE *const file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
    return path;
}

#define FOLDER_TEST(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_drop)

#endif
