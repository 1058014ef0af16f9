/* SPDX-License-Identifier: MIT */
/* Text that stays within its columns: names, numbers, paragraphs. */
#include "columns.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Each bound is where the next format is as exact in five characters. */
static const struct {
    double below, unit;
    const char *format;
} numbers[] = {
    {99.995, 1, "%.2f"},      {999.95, 1, "%.1f"},     {99999.5, 1, "%.0f"},
    {999.5e3, 1e3, "%.0fk"},  {99.95e6, 1e6, "%.1fM"}, {9999.5e6, 1e6, "%.0fM"},
    {9999.5e9, 1e9, "%.0fG"},
};

void columns_number(char text[COLUMNS_NUMBER], double value)
{
    if (!isfinite(value) || value < 0 || value >= 9.5e99) {
        strcpy(text, "-");
        return;
    }
    if (value < 0.005) { /* none and few are told apart */
        strcpy(text, value > 0 ? "<0.01" : "0");
        return;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (value < numbers[i].below) {
            snprintf(text, COLUMNS_NUMBER, numbers[i].format, value / numbers[i].unit);
            return;
        }
    snprintf(text, COLUMNS_NUMBER, "%.0e", value);
}

void columns_share(char text[COLUMNS_NUMBER], double part, double whole)
{
    const double percent = whole > 0 ? 100 * (part / whole) : (double)NAN;
    if (!isfinite(percent) || percent < 0)
        strcpy(text, "-");
    else if (percent >= 999.5)
        strcpy(text, ">999%");
    else if (percent > 0 && percent < 0.5)
        strcpy(text, "<1%");
    else if (percent >= 99.5 && part < whole)
        strcpy(text, ">99%");
    else
        snprintf(text, COLUMNS_NUMBER, "%.0f%%", percent);
}

static bool is_first_byte(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

size_t columns_of(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += is_first_byte(*text);
    return n;
}

void columns_name(FILE *to, const char *text, size_t width)
{
    const size_t n = columns_of(text);
    const size_t shown = n <= width ? n : width - 1;
    size_t at = 0;
    for (size_t seen = 0; text[at] != '\0'; at++) {
        seen += is_first_byte(text[at]);
        if (seen > shown)
            break;
    }
    fwrite(text, 1, at, to);
    fprintf(to, "%*s", (int)(width - shown), n <= width ? "" : "~");
}

void columns_paragraph(FILE *to, const char *text, int indent)
{
    const size_t least = (size_t)indent;
    size_t column = 0;
    while (*(text += strspn(text, " ")) != '\0') {
        char word[128]; /* a longer one is shown in pieces */
        size_t n = strcspn(text, " ");
        n = n < sizeof word ? n : sizeof word - 1;
        while (n > 1 && text[n] != '\0' && !is_first_byte(text[n]))
            n--;
        memcpy(word, text, n);
        word[n] = '\0';
        text += n;
        if (column > least && column + 1 + columns_of(word) > COLUMNS_WIDTH) {
            fputc('\n', to);
            column = 0;
        }
        if (column == 0)
            column = (size_t)fprintf(to, "%*s", indent, "");
        else
            column += fputc(' ', to) == ' ';
        fputs(word, to);
        column += columns_of(word);
    }
    if (column > 0)
        fputc('\n', to);
}

FILE *columns_begin(struct columns_draft *draft)
{
    draft->text = NULL;
    draft->file = open_memstream(&draft->text, &draft->size);
    return draft->file;
}

void columns_end(struct columns_draft *draft, FILE *to, int indent, bool is_apart)
{
    if (fclose(draft->file) == 0) {
        if (is_apart && draft->size > 0)
            fputc('\n', to);
        columns_paragraph(to, draft->text, indent);
    }
    free(draft->text);
}

void columns_grouped(FILE *to, json_int_t n)
{
    char digits[32];
    const int length = snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, n);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
            fputc(',', to);
        fputc(digits[i], to);
    }
}
