/* SPDX-License-Identifier: MIT */
/* Sizes of caches to text and back, exactly. */
#include "size_text.h"

#include <stddef.h>
#include <stdio.h>

enum { MOST_DECIMALS = 4 };

#define MOST ((uint64_t)1 << 60)

static const char suffixes[] = "KMG"; /* 2^10, 2^20, 2^30 */

void size_text(uint64_t bytes, char text[SIZE_TEXT_ROOM])
{
    for (unsigned i = 3; i-- > 0 && bytes < MOST / 128;) {
        const uint64_t unit = (uint64_t)1 << (10 * (i + 1));
        if (bytes < unit || bytes * 100 % unit != 0)
            continue;
        const unsigned long long whole = bytes / unit;
        const unsigned hundredths = (unsigned)(bytes % unit * 100 / unit);
        if (hundredths == 0)
            snprintf(text, SIZE_TEXT_ROOM, "%llu%c", whole, suffixes[i]);
        else if (hundredths % 10 == 0)
            snprintf(text, SIZE_TEXT_ROOM, "%llu.%u%c", whole, hundredths / 10,
                     suffixes[i]);
        else
            snprintf(text, SIZE_TEXT_ROOM, "%llu.%02u%c", whole, hundredths, suffixes[i]);
        return;
    }
    snprintf(text, SIZE_TEXT_ROOM, "%llu", (unsigned long long)bytes);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 1024 to the power of the suffix at *text, which is moved behind it. */
static uint64_t unit_at(const char **text)
{
    for (unsigned i = 0; i < 3; i++) {
        const char c = **text;
        if (c == suffixes[i] || c == suffixes[i] + ('a' - 'A')) {
            ++*text;
            return (uint64_t)1 << (10 * (i + 1));
        }
    }
    return 1;
}

/* Reads digits into *value, up to MOST, which stands for all above. */
static bool digits_read(const char **text, uint64_t *value)
{
    if (!is_digit(**text))
        return false;
    for (*value = 0; is_digit(**text); ++*text) {
        *value = 10 * *value + (uint64_t)(**text - '0');
        if (*value > MOST)
            *value = MOST;
    }
    return true;
}

enum size_answer size_read(const char **text, uint64_t *bytes)
{
    uint64_t whole, part = 0, scale = 1;
    if (!digits_read(text, &whole))
        return SIZE_MALFORMED;
    if (**text == '.') {
        const char *const first = ++*text;
        if (!digits_read(text, &part) || *text - first > MOST_DECIMALS)
            return SIZE_MALFORMED;
        for (ptrdiff_t i = *text - first; i > 0; i--)
            scale *= 10;
    }
    const uint64_t unit = unit_at(text);
    if (whole >= MOST / unit)
        return SIZE_TOO_LARGE;
    if (part * unit % scale != 0)
        return SIZE_NOT_WHOLE;
    *bytes = whole * unit + part * unit / scale;
    return SIZE_READ;
}
