/* SPDX-License-Identifier: MIT */
/* Reads values out of a JSON file, for shell scripts.
 *
 *     json_get FILE cells.0.status         one value: texts bare, all else as JSON
 *     json_get FILE cells.*.subject        a line for each member
 *     json_get FILE cells.#                how many members
 *     json_get FILE cells.0.metrics.?      their names, a line each
 *     json_get FILE seed schema            several, in this order
 *     json_get FILE                        nothing: only whether it is one JSON document
 *     json_get --sealed FILE               whether `integrity` fits the rest
 *     json_get --seal FILE                 the document with an `integrity` that does
 *
 * FILE - is standard input. Exit code 0; 1: there is no such value, or the seal is
 * broken; 2: this is not one JSON document. */
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static bool print_value(const json_t *value)
{
    if (json_is_string(value))
        return puts(json_string_value(value)) >= 0;
    char *const text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    const bool is_printed = text != NULL && puts(text) >= 0;
    free(text);
    return is_printed;
}

static size_t count(const json_t *value)
{
    return json_is_array(value) ? json_array_size(value) : json_object_size(value);
}

static json_t *member(const json_t *value, const char *name, size_t n)
{
    char text[256];
    if (n >= sizeof text)
        return NULL;
    memcpy(text, name, n);
    text[n] = '\0';
    return json_is_array(value) ? json_array_get(value, strtoul(text, NULL, 10))
                                : json_object_get(value, text);
}

static bool get(json_t *value, const char *path);

/* Goes on behind each member. */
static bool get_all(json_t *value, const char *rest)
{
    size_t i;
    const char *name;
    json_t *item;
    bool is_found = true;
    json_array_foreach(value, i, item) is_found = get(item, rest) && is_found;
    json_object_foreach(value, name, item) is_found = get(item, rest) && is_found;
    return is_found;
}

static bool print_names(json_t *value)
{
    const char *name;
    json_t *item;
    json_object_foreach(value, name, item) puts(name);
    return json_is_object(value);
}

static bool get(json_t *value, const char *path)
{
    const size_t n = strcspn(path, ".");
    const char *const rest = path[n] == '.' ? path + n + 1 : path + n;
    if (value == NULL)
        return false;
    if (*path == '\0')
        return print_value(value);
    if (strcmp(path, "#") == 0)
        return printf("%zu\n", count(value)) > 0;
    if (strcmp(path, "?") == 0)
        return print_names(value);
    if (strncmp(path, "*", n) == 0)
        return get_all(value, rest);
    return get(member(value, path, n), rest);
}

/* `integrity` as it must be; it is taken out of the document. */
static bool compute_seal(json_t *document, char seal[32])
{
    json_object_del(document, "integrity");
    char *const rest = json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS);
    if (rest == NULL)
        return false;
    snprintf(seal, 32, "0x%016" PRIx64, XXH3_64bits(rest, strlen(rest)));
    free(rest);
    return true;
}

static bool is_sealed(json_t *document)
{
    char wanted[32], found[32];
    const char *const text = json_string_value(json_object_get(document, "integrity"));
    snprintf(found, sizeof found, "%s", text != NULL ? text : "");
    return compute_seal(document, wanted) && strcmp(found, wanted) == 0;
}

static bool print_sealed(json_t *document)
{
    char seal[32];
    return compute_seal(document, seal) &&
           json_object_set_new(document, "integrity", json_string(seal)) == 0 &&
           print_value(document);
}

int main(int n_words, char **words)
{
    json_error_t error;
    const bool wants_check = n_words == 3 && strcmp(words[1], "--sealed") == 0;
    const bool wants_seal = n_words == 3 && strcmp(words[1], "--seal") == 0;
    if (n_words < 2) {
        fputs("json_get FILE [PATH...]; see json_get.c\n", stderr);
        return 2;
    }
    const char *const file = words[wants_check || wants_seal ? 2 : 1];
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL;
    json_t *const document = strcmp(file, "-") == 0 ? json_loadf(stdin, flags, &error)
                                                    : json_load_file(file, flags, &error);
    if (document == NULL) {
        fprintf(stderr, "json_get: %s: line %d: %s\n", file, error.line, error.text);
        return 2;
    }
    bool is_good = true;
    if (wants_check)
        is_good = is_sealed(document);
    else if (wants_seal)
        is_good = print_sealed(document);
    else
        for (int i = 2; i < n_words; i++)
            is_good = get(document, words[i]) && is_good;
    json_decref(document);
    return is_good ? 0 : 1;
}
