/* SPDX-License-Identifier: MIT */
/* The reader of result files, which come from anywhere and are trusted in nothing.
 *
 * In, as result_write leaves it:
 *     {"cells": [{"subject": "chaining", "n": 1000, ...}], "integrity": "0x...", ...}
 * Out: the same as a tree, or one line such as
 *     result 'a.json': cell 2, metric wall_s: 'unit' is missing; ...
 *
 * Four steps, each of which may refuse: the bytes are scanned for what a tree of them
 * would cost, parsed, compared with their seal, and looked through field by field. A seal
 * detects damage, not intent: whoever forges a file seals it too, so the last step
 * relies on nothing. Keys that collide on purpose gain nothing: jansson draws a seed for
 * its hash function when the first object is made, and an object here has at most 1000
 * members. */
#include "reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "reader_rules.h"
#include "result.h"

enum {
    MOST_BYTES = 64 << 20,   /* of the file */
    MOST_MEMORY = 224 << 20, /* of the file and its tree, by the prices below */
    MOST_DEPTH = 32,         /* ours is 7; jansson's own limit is 2048 */
    MOST_MEMBERS = 1000,     /* of one object */
    MOST_WORD = 400,         /* of a number, in bytes; the longest double has 326 */
};

/* What jansson 2.14 takes from glibc's malloc for each part, at most: chunks of a
 * multiple of 16 bytes that hold 8 of malloc's own. Measured as resident bytes of 700,000
 * elements of one array, less 8 to 16 for the array's slot: {} 224, [] 128, 0 32, "" 80,
 * a member 80 with a name of up to 8 bytes and 96 with 17; test_reader holds the sum. */
enum {
    OBJECT_PRICE = 224, /* json_object_t 80, its first 8 buckets 144 */
    ARRAY_PRICE = 128,  /* json_array_t 48, its first 8 slots 80 */
    FIRST_SLOTS = 8,    /* that many; doubled when full, while the old ones stand */
    SLOT_PRICE = 16,    /* of an old one: two of 8 bytes come for each */
    BUCKET_PRICE = 32,  /* the same of an object's, of 16 bytes */
    STRING_PRICE = 80,  /* and its length: json_string_t 48, bytes 32 or more; a member's
                           name: the pair's fields 56, the bytes, rounded up to 80 */
    WORD_PRICE = 64 /* a number 32, true, false and null nothing; doubled for the time:
                           a real is slow to parse and to print for the seal */
};

/* ---- what a tree would cost ---- */

struct scan {
    size_t price;
    size_t depth;
    size_t n_members[MOST_DEPTH + 1]; /* of the arrays and objects we are in */
    bool is_object[MOST_DEPTH + 1];
};

/* From the quote at `at` to behind the closing one, or the end. */
static size_t scan_string(const char *bytes, size_t n, size_t at)
{
    for (at++; at < n && bytes[at] != '"'; at++)
        if (bytes[at] == '\\')
            at++;
    return at < n ? at + 1 : n;
}

/* From the first byte of a number or a literal to behind the last. */
static size_t scan_word(const char *bytes, size_t n, size_t at)
{
    while (at < n && memchr("{}[],:\" \t\r\n", bytes[at], 11) == NULL)
        at++;
    return at;
}

static bool enter(struct reader *reader, struct scan *scan, bool is_object)
{
    if (scan->depth == MOST_DEPTH)
        return reader_refuse(reader,
                             "line %zu: nested deeper than %d levels; no result is",
                             reader->line, MOST_DEPTH);
    scan->n_members[++scan->depth] = 1;
    scan->is_object[scan->depth] = is_object;
    scan->price += is_object ? OBJECT_PRICE : ARRAY_PRICE;
    return true;
}

static bool next(struct reader *reader, struct scan *scan)
{
    const size_t n_before = scan->n_members[scan->depth]++;
    const bool is_object = scan->is_object[scan->depth];
    const bool is_full = n_before >= FIRST_SLOTS && (n_before & (n_before - 1)) == 0;
    if (is_full)
        scan->price += n_before * (is_object ? BUCKET_PRICE : SLOT_PRICE);
    return !is_object || n_before < MOST_MEMBERS ||
           reader_refuse(reader,
                         "line %zu: an object of more than %d fields; no result has one",
                         reader->line, MOST_MEMBERS);
}

/* One token or one byte of space; *at moves on. False: refused. */
static bool scan_token(struct reader *reader, struct scan *scan, const char *bytes,
                       size_t n, size_t *at)
{
    const size_t first = *at;
    const char byte = bytes[(*at)++];
    switch (byte) {
    case '{':
    case '[':
        return enter(reader, scan, byte == '{');
    case '}':
    case ']':
        scan->depth -= scan->depth > 0; /* one too many: the parser will tell */
        return true;
    case ',':
        return next(reader, scan);
    case '\n':
        reader->line++;
        return true;
    case ' ':
    case '\t':
    case '\r':
    case ':':
        return true;
    case '"':
        *at = scan_string(bytes, n, first);
        scan->price += STRING_PRICE + (*at - first);
        return *at - first <= MOST_STRING + 2 ||
               reader_refuse(reader,
                             "line %zu: a text of more than %d bytes; no result has one",
                             reader->line, MOST_STRING);
    default:
        *at = scan_word(bytes, n, first);
        scan->price += WORD_PRICE;
        return *at - first <= MOST_WORD ||
               reader_refuse(
                   reader, "line %zu: a number of more than %d digits; no result has one",
                   reader->line, MOST_WORD);
    }
}

/* Up to the first fault, where the parser will stop, tokens are the parser's own; what
 * comes behind it is counted somehow, and refused anyway. */
static bool is_affordable(struct reader *reader, const char *bytes, size_t n)
{
    struct scan scan = {0};
    reader->line = 1;
    if (n == 0)
        return reader_refuse(reader,
                             "the file is empty; name one that was written by --json");
    if (n > MOST_BYTES)
        return reader_refuse(reader, "larger than %d MB; no result is", MOST_BYTES >> 20);
    for (size_t at = 0; at < n;)
        if (!scan_token(reader, &scan, bytes, n, &at))
            return false;
    return scan.price + n <= MOST_MEMORY ||
           reader_refuse(
               reader,
               "reading it would take more than %d MB of memory; compare fewer cells "
               "at a time",
               MOST_MEMORY >> 20);
}

/* ---- parsing and the seal ---- */

static json_t *parse(struct reader *reader, const char *bytes, size_t n)
{
    json_error_t error;
    json_t *const result = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &error);
    if (result != NULL)
        return result;
    const bool is_cut = strstr(error.text, "near end of file") != NULL ||
                        strstr(error.text, "premature end of input") != NULL;
    char *const near = strstr(error.text, " near "); /* quotes the file; we do not */
    if (near != NULL)
        *near = '\0';
    if (json_error_code(&error) == json_error_out_of_memory)
        reader_refuse(reader, "no memory to read it");
    else if (is_cut)
        reader_refuse(reader,
                      "it ends too early, on line %d: a part is lost; copy it again",
                      error.line);
    else
        reader_refuse(reader,
                      "line %d is not JSON (%.80s); name a file written by --json",
                      error.line, error.text);
    return NULL;
}

static bool check_schema(const struct reader *reader, const json_t *result)
{
    static const char family[] = "onemiss.result/";
    const char *schema = json_string_value(json_object_get(result, "schema"));
    if (schema == NULL)
        return reader_refuse(reader,
                             "it has no schema, so it is no result of onemiss; name a "
                             "file written by --json");
    if (strcmp(schema, RESULT_SCHEMA) == 0)
        return true;
    if (!reader_is_plain(schema, 40))
        schema = "?";
    if (strncmp(schema, family, sizeof family - 1) == 0)
        return reader_refuse(reader,
                             "%s: made by a newer onemiss; this one reads " RESULT_SCHEMA
                             "; use the newer one",
                             schema);
    return reader_refuse(
        reader, "schema '%s' is not onemiss's; this reads " RESULT_SCHEMA, schema);
}

static int absorb(const char *bytes, size_t n, void *state)
{
    return XXH3_64bits_update(state, bytes, n) == XXH_OK ? 0 : -1;
}

/* As result_seal computes it, but the text is hashed as it is made: kept, it could be six
 * times as long as the file (1e9 becomes 1000000000.0). False: no memory. */
static bool compute_seal(const json_t *result, char seal[32])
{
    json_t *const rest = json_copy((json_t *)(uintptr_t)result); /* its top alone */
    XXH3_state_t *const state = XXH3_createState();
    bool is_done = rest != NULL && state != NULL && XXH3_64bits_reset(state) == XXH_OK;
    json_object_del(rest, "integrity");
    is_done = is_done &&
              json_dump_callback(rest, absorb, state, JSON_COMPACT | JSON_SORT_KEYS) == 0;
    if (is_done)
        snprintf(seal, 32, "0x%016" PRIx64, XXH3_64bits_digest(state));
    XXH3_freeState(state);
    json_decref(rest);
    return is_done;
}

static bool check_seal(const struct reader *reader, const json_t *result)
{
    char seal[32];
    const char *const found = json_string_value(json_object_get(result, "integrity"));
    if (!reader_is_hex(found))
        return reader_refuse(reader,
                             "its seal 'integrity' is missing or malformed: the file was "
                             "changed after it was written; take the original");
    if (!compute_seal(result, seal))
        return reader_refuse(reader, "no memory to check its seal");
    return strcmp(found, seal) == 0 ||
           reader_refuse(reader, "damaged: it was changed after it was written (its seal "
                                 "'integrity' does not fit); take the original");
}

json_t *reader_parse(const char *bytes, size_t n, const char *name,
                     struct complaint *complaint)
{
    struct reader reader = {.name = name, .complaint = complaint};
    if (!is_affordable(&reader, bytes, n))
        return NULL;
    json_t *const result = parse(&reader, bytes, n);
    if (result == NULL)
        return NULL;
    if (check_schema(&reader, result) && check_seal(&reader, result) &&
        reader_check(&reader, result))
        return result;
    json_decref(result);
    return NULL;
}

/* ---- files ---- */

/* Opens a regular file and nothing else: a pipe would wait for its writer, and opening a
 * device may set it going. Its size, or what can be said of it, to *n. */
static int open_file(const struct reader *reader, const char *path, size_t *n)
{
    struct stat about;
    int file = -1;
    if (stat(path, &about) != 0)
        reader_refuse(reader, "cannot be read: %s; name a file written by --json",
                      strerror(errno));
    else if (S_ISDIR(about.st_mode))
        reader_refuse(reader, "is a folder; name a file in it");
    else if (!S_ISREG(about.st_mode))
        reader_refuse(reader, "is no regular file; from a pipe, read it as -");
    else if (about.st_size > MOST_BYTES)
        reader_refuse(reader, "larger than %d MB; no result is", MOST_BYTES >> 20);
    else if ((file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) < 0)
        reader_refuse(reader, "cannot be read: %s", strerror(errno));
    *n = file >= 0 ? (size_t)about.st_size : 0;
    return file;
}

/* All bytes, of which about `n` are expected; their number to *n. */
static char *read_bytes(const struct reader *reader, int file, size_t *n)
{
    size_t room = *n + 65536;
    char *bytes = malloc(room);
    *n = 0;
    while (bytes != NULL) {
        const ssize_t got = read(file, bytes + *n, room - *n);
        if (got == 0)
            return bytes;
        if (got < 0 && errno != EINTR) {
            reader_refuse(reader, "cannot be read: %s", strerror(errno));
            free(bytes);
            return NULL;
        }
        *n += got > 0 ? (size_t)got : 0;
        if (*n > MOST_BYTES) /* which the scan will refuse */
            return bytes;
        if (*n < room)
            continue;
        room *= 2;
        char *const more = realloc(bytes, room);
        if (more == NULL)
            free(bytes);
        bytes = more;
    }
    reader_refuse(reader, "no memory to read it");
    return NULL;
}

json_t *reader_read(const char *path, struct complaint *complaint)
{
    const bool is_piped = strcmp(path, "-") == 0;
    const struct reader reader = {.name = is_piped ? "standard input" : path,
                                  .complaint = complaint};
    size_t n = 0;
    const int file = is_piped ? STDIN_FILENO : open_file(&reader, path, &n);
    if (file < 0)
        return NULL;
    char *const bytes = read_bytes(&reader, file, &n);
    if (!is_piped)
        close(file);
    if (bytes == NULL)
        return NULL;
    json_t *const result = reader_parse(bytes, n, reader.name, complaint);
    free(bytes);
    return result;
}
