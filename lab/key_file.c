/* SPDX-License-Identifier: MIT */
/* A user's own keys, one a line. */
#include "key_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "number.h"
#include "permutation.h"

/* The file's bytes, with a line end behind the last one. */
static bool read_whole(struct key_file *keys, const char *path,
                       struct complaint *complaint)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return complain(complaint, "keys file '%.200s': %s", path, strerror(errno));
    if (!S_ISREG(about.st_mode)) /* opening a pipe would wait for its writer */
        return complain(complaint, "keys file '%.200s' is not a regular file", path);
    FILE *const file = fopen(path, "rb");
    if (file == NULL)
        return complain(complaint, "keys file '%.200s': %s", path, strerror(errno));
    keys->n_bytes = (size_t)about.st_size;
    keys->bytes = malloc(keys->n_bytes + 1);
    const bool is_read = keys->bytes != NULL &&
                         fread(keys->bytes, 1, keys->n_bytes, file) == keys->n_bytes;
    fclose(file);
    if (!is_read)
        return complain(complaint, "keys file '%.200s' cannot be read whole", path);
    keys->bytes[keys->n_bytes] = '\n';
    return true;
}

static bool split_lines(struct key_file *keys)
{
    size_t n_lines = 1;
    for (size_t i = 0; i < keys->n_bytes; i++)
        n_lines += keys->bytes[i] == '\n';
    keys->lines = calloc(n_lines, sizeof *keys->lines);
    keys->lengths = calloc(n_lines, sizeof *keys->lengths);
    if (keys->lines == NULL || keys->lengths == NULL)
        return false;
    const char *const end = keys->bytes + keys->n_bytes + 1;
    for (const char *line = keys->bytes; line < end;) {
        const char *const line_end = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)(line_end - line);
        while (length > 0 && line[length - 1] == '\r')
            length--;
        if (length > 0) {
            keys->lines[keys->n] = line;
            keys->lengths[keys->n++] = length;
        }
        line = line_end + 1;
    }
    return true;
}

/* A key and where it stood, for sorting. */
struct place {
    const char *line;
    size_t length;
    uint64_t integer;
    bool is_integer; /* then its spelling does not count */
    uint64_t index;
};

/* Equal keys compare as 0. */
static int compare_keys(const struct place *a, const struct place *b)
{
    if (a->is_integer)
        return a->integer < b->integer ? -1 : a->integer > b->integer;
    const size_t common = a->length < b->length ? a->length : b->length;
    const int order = memcmp(a->line, b->line, common);
    if (order != 0)
        return order;
    return a->length == b->length ? 0 : a->length < b->length ? -1 : 1;
}

static int compare_places(const void *left, const void *right)
{
    const struct place *const a = left, *const b = right;
    const int order = compare_keys(a, b);
    return order != 0 ? order : a->index < b->index ? -1 : a->index > b->index;
}

/* Closes the gaps that NULL lines have left. */
static void close_gaps(struct key_file *keys)
{
    uint64_t n = 0;
    for (uint64_t i = 0; i < keys->n; i++) {
        if (keys->lines[i] == NULL)
            continue;
        keys->lines[n] = keys->lines[i];
        keys->lengths[n] = keys->lengths[i];
        if (keys->integers != NULL)
            keys->integers[n] = keys->integers[i];
        n++;
    }
    keys->n_repeats = keys->n - n;
    keys->n = n;
}

/* Keeps the first of equal keys, and the order of the file. */
static bool leave_repeats_out(struct key_file *keys)
{
    struct place *const places = malloc(keys->n * sizeof *places);
    if (places == NULL)
        return false;
    for (uint64_t i = 0; i < keys->n; i++)
        places[i] = (struct place){keys->lines[i], keys->lengths[i],
                                   keys->integers != NULL ? keys->integers[i] : 0,
                                   keys->integers != NULL, i};
    qsort(places, keys->n, sizeof *places, compare_places);
    for (uint64_t i = 1; i < keys->n; i++)
        if (compare_keys(&places[i - 1], &places[i]) == 0)
            keys->lines[places[i].index] = NULL;
    free(places);
    close_gaps(keys);
    return true;
}

static int compare_integers(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* Looks for a word that takes every key to something that is not one. */
static bool find_absent(struct key_file *keys)
{
    uint64_t *const sorted = malloc(keys->n * sizeof *sorted);
    if (sorted == NULL)
        return false;
    memcpy(sorted, keys->integers, keys->n * sizeof *sorted);
    qsort(sorted, keys->n, sizeof *sorted, compare_integers);
    bool is_absent = false;
    for (uint64_t attempt = 0; !is_absent; attempt++) {
        keys->absent = random_u64(0, attempt);
        is_absent = true;
        for (uint64_t i = 0; i < keys->n && is_absent; i++) {
            const uint64_t other = sorted[i] ^ keys->absent;
            is_absent = bsearch(&other, sorted, keys->n, sizeof *sorted,
                                compare_integers) == NULL;
        }
    }
    free(sorted);
    return true;
}

static bool read_integers(struct key_file *keys, const char *path,
                          struct complaint *complaint)
{
    keys->integers = malloc(keys->n * sizeof *keys->integers);
    if (keys->integers == NULL)
        return complain(complaint, "keys file '%.200s': out of memory", path);
    for (uint64_t i = 0; i < keys->n; i++) {
        char text[24] = "";
        if (keys->lengths[i] < sizeof text)
            memcpy(text, keys->lines[i], keys->lengths[i]);
        if (!parse_u64(text, &keys->integers[i]))
            return complain(complaint,
                            "keys file '%.200s': '%.*s' is no 64-bit number; use -t str, "
                            "or give one decimal number a line",
                            path, keys->lengths[i] < 40 ? (int)keys->lengths[i] : 40,
                            keys->lines[i]);
    }
    return true;
}

bool key_file_load(struct key_file *keys, const char *path, bool are_integers,
                   struct complaint *complaint)
{
    memset(keys, 0, sizeof *keys);
    if (!read_whole(keys, path, complaint))
        return false;
    const char *const zero = memchr(keys->bytes, '\0', keys->n_bytes);
    if (zero != NULL)
        return complain(
            complaint,
            "keys file '%.200s' is not text: byte %zu is zero; give one key a "
            "line",
            path, (size_t)(zero - keys->bytes));
    if (!split_lines(keys))
        return complain(complaint, "keys file '%.200s': out of memory", path);
    if (keys->n == 0)
        return complain(complaint, "keys file '%.200s' holds no key; give one a line",
                        path);
    if (are_integers && !read_integers(keys, path, complaint))
        return false;
    if (!leave_repeats_out(keys) || (are_integers && !find_absent(keys)))
        return complain(complaint, "keys file '%.200s': out of memory", path);
    return true;
}

void key_file_drop(struct key_file *keys)
{
    free(keys->bytes);
    free(keys->lines);
    free(keys->lengths);
    free(keys->integers);
    memset(keys, 0, sizeof *keys);
}
