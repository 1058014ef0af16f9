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

bool output_can_write(const char *path, struct complaint *complaint)
{
    char beside[PATH_MAX];
    struct stat about;
    if (path == NULL || strcmp(path, "-") == 0)
        return true;
    if (*path == '\0')
        return complain(complaint, "a file name must not be empty");
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return complain(complaint, "'%.200s' is a folder; name a file in it", path);
    if (is_special(path))
        return access(path, W_OK) == 0 ||
               complain(complaint, "'%.200s' cannot be written: %s", path,
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
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    const bool is_written = file >= 0 && write_all(file, text, strlen(text));
    const int why = errno;
    if (file >= 0)
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
    return replace_file(realpath(path, target) != NULL ? target : path, text,
                        complaint); /* through a link */
}
