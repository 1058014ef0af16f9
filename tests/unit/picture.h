/* SPDX-License-Identifier: MIT */
/* What the tests of tables and pictures share: JSON with single quotes, counting, and
 * whether a text is within its columns or well-formed XML. */
#ifndef PICTURE_H
#define PICTURE_H

#include "unit.h"

#include <ctype.h>
#include <jansson.h>

/* From JSON with ' for " */
UNIT_UNUSED static json_t *parse_json(const char *text)
{
    json_error_t error;
    char *const plain = strdup(text);
    assert_non_null(plain);
    for (char *c = plain; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    json_t *const json = json_loads(plain, JSON_DECODE_ANY, &error);
    free(plain);
    if (json == NULL)
        fail_msg("fixture: %s at %d", error.text, error.position);
    return json;
}

UNIT_UNUSED static size_t count_of(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
        n++;
    return n;
}

UNIT_UNUSED static void expect_no_part(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("'%s' says '%s'", text, part);
}

/* Plain characters, one a column. */
UNIT_UNUSED static void expect_within(const char *text, size_t columns)
{
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        const size_t n = strcspn(line, "\n");
        if (n > columns)
            fail_msg("%zu columns: '%.*s'", n, (int)n, line);
        for (size_t i = 0; i < n; i++)
            if (line[i] < ' ' || line[i] > '~')
                fail_msg("character %d in '%.*s'", line[i], (int)n, line);
    }
}

/* Every tag is closed in turn, quotes end, nothing raw stands in the text. */
UNIT_UNUSED static void expect_well_formed(const char *text)
{
    const char *open[64];
    size_t n_open = 0, n_roots = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '&' &&
            strspn(c + 1, "abcdefghijklmnopqrstuvwxyz#0123456789") != strcspn(c + 1, ";"))
            fail_msg("a raw & at '%.20s'", c);
        if (*c == '>')
            fail_msg("a raw > at '%.20s'", c);
        if (!isprint((unsigned char)*c) && *c != '\n')
            fail_msg("character %d", *c);
        if (*c != '<')
            continue;
        const char *const name = c + 1;
        const bool is_end = *name == '/', is_head = *name == '?';
        if (!is_end && !is_head && !isalpha((unsigned char)*name))
            fail_msg("a raw < at '%.20s'", c);
        for (c++; *c != '\0' && *c != '>'; c++) {
            if (*c == '<')
                fail_msg("a raw < at '%.20s'", c);
            if (*c == '\'' && (c = strchr(c + 1, '\'')) == NULL)
                fail_msg("a quote without an end in '%.20s'", name);
        }
        if (is_end) {
            assert_true(n_open > 0);
            const size_t n = strcspn(open[--n_open], " >");
            if (strncmp(name + 1, open[n_open], n) != 0 || name[1 + n] != '>')
                fail_msg("'%.12s' closes '%.12s'", name, open[n_open]);
        } else if (!is_head && c[-1] != '/') {
            n_roots += n_open == 0;
            assert_true(n_open < N_OF(open));
            open[n_open++] = name;
        }
    }
    assert_int_equal(n_open, 0);
    assert_int_equal(n_roots, 1);
}

#endif
