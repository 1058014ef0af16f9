/* SPDX-License-Identifier: MIT */
/* What pages share: text that is nothing but text, and scripts and styles that only the
 * page's own are. */
#include "html.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void html_text(FILE *to, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (strchr("&<>\"'", *text) != NULL)
            fprintf(to, "&#%d;", *text);
        else
            fputc(byte == 0x7f || (byte < ' ' && byte != '\n') ? '?' : *text, to);
    }
}

void html_json(FILE *to, const json_t *value)
{
    char *const text =
        json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(7));
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        if (strchr("&<>", *at) != NULL)
            fprintf(to, "\\u%04x", (unsigned)*at);
        else
            fputc(*at, to);
    }
    free(text);
}

void html_nonce(char nonce[HTML_NONCE])
{
    unsigned char bytes[(HTML_NONCE - 1) / 2] = {0};
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        memset(bytes, 0, sizeof bytes); /* the scripts run; strange ones could */
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(nonce + 2 * i, 3, "%02x", bytes[i]);
}
