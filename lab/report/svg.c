/* SPDX-License-Identifier: MIT */
/* What the pictures share: a head that needs nothing else, on light and dark paper. */
#include "svg.h"

#include <stdlib.h>

#include "columns.h"

enum { MOST_TITLE = 96, MOST_DESCRIPTION = 1000 };

/* The six colours are told apart by those who see no red or no green, too. */
static const char style[] =
    "<style>\n"
    "svg{background:#fff;font:13px system-ui,-apple-system,'Segoe UI',sans-serif}\n"
    ".paper{fill:#fff}.text{fill:#24292f}.dim{fill:#57606a}\n"
    ".grid{stroke:#d8dee4}.axis{stroke:#57606a;fill:none}\n"
    ".mark{stroke:#57606a;stroke-dasharray:4 4}\n"
    ".title{font-size:17px;font-weight:600}.small{font-size:12px}.tiny{font-size:11px}\n"
    ".strong{font-weight:600}.middle{text-anchor:middle}.right{text-anchor:end}\n"
    ".line{fill:none;stroke-width:2;stroke-linejoin:round}\n"
    ".line0{stroke:#0969da}.line1{stroke:#bc4c00}.line2{stroke:#1a7f64}\n"
    ".line3{stroke:#8250df}.line4{stroke:#9a6700}.line5{stroke:#57606a}\n"
    ".fill0{fill:#0969da}.fill1{fill:#bc4c00}.fill2{fill:#1a7f64}\n"
    ".fill3{fill:#8250df}.fill4{fill:#9a6700}.fill5{fill:#57606a}\n"
    "@media (prefers-color-scheme:dark){\n"
    "svg{background:#0d1117}.paper{fill:#0d1117}.text{fill:#e6edf3}.dim{fill:#9198a1}\n"
    ".grid{stroke:#30363d}.axis,.mark{stroke:#9198a1}\n"
    ".line0{stroke:#58a6ff}.line1{stroke:#f0883e}.line2{stroke:#3fbf9b}\n"
    ".line3{stroke:#bc8cff}.line4{stroke:#d4a72c}.line5{stroke:#9198a1}\n"
    ".fill0{fill:#58a6ff}.fill1{fill:#f0883e}.fill2{fill:#3fbf9b}\n"
    ".fill3{fill:#bc8cff}.fill4{fill:#d4a72c}.fill5{fill:#9198a1}}\n"
    "</style>\n";

void svg_escape(FILE *to, const char *text, size_t most)
{
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (i == most) {
            fputs("...", to);
            return;
        }
        switch (text[i]) {
        case '&':
            fputs("&amp;", to);
            break;
        case '<':
            fputs("&lt;", to);
            break;
        case '>':
            fputs("&gt;", to);
            break;
        case '"':
            fputs("&quot;", to);
            break;
        case '\'':
            fputs("&#39;", to);
            break;
        default:
            fputc(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?', to);
        }
    }
}

void svg_number(FILE *to, double value)
{
    char text[COLUMNS_NUMBER];
    columns_number(text, value);
    svg_escape(to, text, sizeof text);
}

void svg_begin(FILE *to, int width, int height, int left, const char *title,
               const char *description)
{
    fprintf(to,
            "<?xml version='1.0' encoding='UTF-8'?>\n"
            "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' "
            "viewBox='0 0 %d %d' role='img'>\n"
            "<title>",
            width, height, width, height);
    svg_escape(to, title, MOST_TITLE);
    fputs("</title>\n<desc>", to);
    svg_escape(to, description, MOST_DESCRIPTION);
    fprintf(to,
            "</desc>\n%s<rect class='paper' width='%d' height='%d'/>\n"
            "<text class='text title' x='%d' y='32'>",
            style, width, height, left);
    svg_escape(to, title, MOST_TITLE);
    fputs("</text>\n", to);
}

void svg_end(FILE *to)
{
    fputs("</svg>\n", to);
}

char *svg_made(FILE *to, char **text)
{
    if (fclose(to) == 0)
        return *text;
    free(*text);
    return NULL;
}
