/* SPDX-License-Identifier: MIT */
/* Counts as people write them: 10M, 1e6, 1_000_000, 2.5k. */
#include "number.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Copies without the underscores between digits; false when it is no plain number. */
static bool strip(const char *text, char *plain, size_t room)
{
    size_t n = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '_' && at > text && isdigit((unsigned char)at[-1]) &&
            isdigit((unsigned char)at[1]))
            continue;
        if (strchr("0123456789.eE+-kKmMgG", *at) == NULL || n + 1 == room)
            return false;
        plain[n++] = *at;
    }
    plain[n] = '\0';
    return n > 0;
}

static double scale_of(const char *suffix)
{
    if (suffix[0] != '\0' && suffix[1] != '\0')
        return 0;
    switch (suffix[0]) {
    case '\0':
        return 1;
    case 'k':
    case 'K':
        return 1e3;
    case 'm':
    case 'M':
        return 1e6;
    case 'g':
    case 'G':
        return 1e9;
    default:
        return 0;
    }
}

bool parse_count(const char *what, const char *text, uint64_t least, uint64_t most,
                 uint64_t *count, struct complaint *complaint)
{
    char plain[64];
    char *end = plain;
    double number = 0;
    if (strip(text, plain, sizeof plain))
        number = strtod(plain, &end);
    const double scale = scale_of(end);
    if (end == plain || scale == 0)
        return complain(complaint,
                        "%s '%.80s' is not a count; write 10M, 1e6 or 1_000_000", what,
                        text);
    number *= scale;
    if (!(number >= (double)least && number <= (double)most))
        return complain(complaint, "%s %.80s is out of range; it goes from %llu to %llu",
                        what, text, (unsigned long long)least, (unsigned long long)most);
    if (number != (double)(uint64_t)number)
        return complain(complaint, "%s %.80s is not a whole number", what, text);
    *count = (uint64_t)number;
    return true;
}

bool parse_u64(const char *text, uint64_t *number)
{
    if (!isdigit((unsigned char)text[0]))
        return false;
    const bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    char *end;
    errno = 0;
    *number = strtoull(text, &end, is_hex ? 16 : 10);
    return errno == 0 && *end == '\0' && !(is_hex && end == text + 2);
}
