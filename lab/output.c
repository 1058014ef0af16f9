/* SPDX-License-Identifier: MIT */
/* Files that are written whole or not at all. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens a new file beside `path`; its name goes to `beside`. */
static int open_beside(const char *path, char beside[PATH_MAX],
                       struct complaint *complaint)
{
    if (snprintf(beside, PATH_MAX, "%s.XXXXXX", path) >= PATH_MAX) {
        complain(complaint, "'%.200s': the name is too long", path);
        return -1;
    }
    const int file = mkstemp(beside);
    if (file < 0)
        complain(complaint, "'%.200s' cannot be written: %s", path, strerror(errno));
    return file;
}

/* What is there already and is no file to be replaced: a device, a pipe. */
static bool is_special(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode);
}

/* A pipe that was looked at stays open until it is written: its reader would take a
 * closing for the end. */
static struct {
    char path[PATH_MAX];
    int file;
} held = {"", -1};

static bool hold(const char *path, int file)
{
    const bool is_free = held.file < 0;
    if (is_free) {
        snprintf(held.path, sizeof held.path, "%s", path);
        held.file = file;
    }
    return is_free;
}

static int take_held(const char *path)
{
    const int file = strcmp(held.path, path) == 0 ? held.file : -1;
    if (file >= 0)
        held.file = -1;
    return file;
}

/* Opens it without waiting for the reader of a pipe; -1: complained. */
static int open_special(const char *path, struct complaint *complaint)
{
    const int file = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0 && errno == ENXIO)
        complain(complaint,
                 "'%.200s' is a pipe that nobody reads; start its reader first", path);
    else if (file < 0)
        complain(complaint, "'%.200s' cannot be written: %s", path, strerror(errno));
    else
        (void)fcntl(file, F_SETFL, 0); /* writing may wait */
    return file;
}

/* Where a link leads, be there a file or not; else the path itself. */
static void resolve(const char *path, char target[PATH_MAX])
{
    char link[PATH_MAX], folder[PATH_MAX];
    snprintf(target, PATH_MAX, "%s", path);
    const ssize_t n = readlink(path, link, sizeof link - 1);
    if (n < 0 || realpath(path, target) != NULL)
        return;
    link[n] = '\0';
    snprintf(folder, sizeof folder, "%s", path);
    if (snprintf(target, PATH_MAX, "%s%s%s", link[0] == '/' ? "" : dirname(folder),
                 link[0] == '/' ? "" : "/", link) >= PATH_MAX)
        snprintf(target, PATH_MAX, "%s", path);
}

bool output_can_write(const char *path, struct complaint *complaint)
{
    char beside[PATH_MAX], target[PATH_MAX];
    struct stat about;
    if (path == NULL || strcmp(path, "-") == 0)
        return true;
    if (*path == '\0')
        return complain(complaint, "a file name must not be empty");
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return complain(complaint, "'%.200s' is a folder; name a file in it", path);
    if (is_special(path)) {
        const int special = open_special(path, complaint);
        if (special >= 0 && !hold(path, special))
            close(special);
        return special >= 0;
    }
    resolve(path, target); /* a link is written through */
    const int file = open_beside(target, beside, complaint);
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

/* Network file systems can be interrupted in it. */
static bool sync_file(int file)
{
    while (fsync(file) != 0)
        if (errno != EINTR)
            return false;
    return true;
}

/* Once it was called the descriptor is gone, interrupted or not (Linux). */
static bool close_file(int file)
{
    return close(file) == 0 || errno == EINTR;
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
                            fchmod(file, mode_of(path)) == 0 && sync_file(file);
    const int why = errno;
    const bool is_closed = close_file(file);
    if (is_written && is_closed && rename(beside, path) == 0) {
        sync_folder(path);
        return true;
    }
    complain(complaint, "'%.200s' could not be written: %s", path,
             strerror(is_written ? errno : why));
    unlink(beside);
    return false;
}

/* Into what is there, which cannot be done whole or not at all. */
static bool write_special(const char *path, const char *text, struct complaint *complaint)
{
    const int early = take_held(path);
    const int file = early >= 0 ? early : open_special(path, complaint);
    if (file < 0)
        return false;
    const bool is_written = write_all(file, text, strlen(text));
    const int why = errno;
    close(file);
    return is_written ||
           complain(complaint, "'%.200s' could not be written: %s", path, strerror(why));
}

bool output_write(const char *path, const char *text, struct complaint *complaint)
{
    char target[PATH_MAX];
    if (strcmp(path, "-") == 0)
        return (puts(text) >= 0 && fflush(stdout) == 0) ||
               complain(complaint, "standard output could not be written: %s",
                        strerror(errno));
    if (is_special(path))
        return write_special(path, text, complaint);
    resolve(path, target);
    return replace_file(target, text, complaint);
}
