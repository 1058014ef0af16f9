/* SPDX-License-Identifier: MIT */
/* Counts as people write them: 10M, 1e6, 1_000_000, 2.5k. */
#include "number.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a suffix stands for, or NULL. */
static const char *exponent_of(char suffix)
{
    switch (suffix) {
    case 'k':
    case 'K':
        return "e3";
    case 'm':
    case 'M':
        return "e6";
    case 'g':
    case 'G':
        return "e9";
    default:
        return NULL;
    }
}

/* Rewrites as strtod reads it: no underscores between digits, the suffix as an exponent,
 * so that 0.001M is exact. False when it is no plain number. */
static bool rewrite(const char *text, char *plain, size_t room)
{
    size_t n = 0;
    for (const char *at = text; *at != '\0'; at++) {
        const char *const exponent = at[1] == '\0' ? exponent_of(*at) : NULL;
        if (*at == '_' && at > text && isdigit((unsigned char)at[-1]) &&
            isdigit((unsigned char)at[1]))
            continue;
        if (n + 3 >= room)
            return false;
        if (exponent != NULL) {
            memcpy(plain + n, exponent, 2);
            n += 2;
        } else if (strchr("0123456789.eE+-", *at) != NULL) {
            plain[n++] = *at;
        } else {
            return false;
        }
    }
    plain[n] = '\0';
    return n > 0;
}

bool parse_count(const char *what, const char *text, uint64_t least, uint64_t most,
                 uint64_t *count, struct complaint *complaint)
{
    char plain[64];
    char *end = plain;
    const double number = rewrite(text, plain, sizeof plain) ? strtod(plain, &end) : 0;
    if (end == plain || *end != '\0')
        return complain(complaint,
                        "%s '%.80s' is not a count; write 10M, 1e6 or 1_000_000", what,
                        text);
    if (!(number >= (double)least && number <= (double)most && number < 0x1p64))
        return complain(complaint, "%s %.80s is out of range; it goes from %llu to %llu",
                        what, text, (unsigned long long)least, (unsigned long long)most);
    if (number != (double)(uint64_t)number)
        return complain(complaint, "%s %.80s is not a whole number", what, text);
    *count = (uint64_t)number;
    return true;
}

bool parse_percent(const char *what, const char *text, double *share,
                   struct complaint *complaint)
{
    char *end;
    const double percent = strtod(text, &end);
    if (end == text || (*end != '\0' && strcmp(end, "%") != 0) || !(percent >= 0) ||
        percent > 1000)
        return complain(complaint, "%s '%.80s' is no share; say how many per cent: 3%%",
                        what, text);
    *share = percent / 100;
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
