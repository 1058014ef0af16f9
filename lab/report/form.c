/* SPDX-License-Identifier: MIT */
/* Which form of report a file's name asks for. */
#include "form.h"

#include <stdlib.h>
#include <string.h>

#include "../output.h"
#include "csv.h"
#include "markdown.h"
#include "page.h"

static const struct form {
    const char *ending;
    char *(*make)(const json_t *result);
} forms[] = {{".html", report_page}, {".csv", report_csv}, {".md", report_markdown}};

static const struct form *form_of(const char *path)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const size_t n = strlen(forms[i].ending), length = strlen(path);
        if (length > n && strcmp(path + length - n, forms[i].ending) == 0)
            return &forms[i];
    }
    return NULL;
}

bool report_form_check(const char *path, struct complaint *complaint)
{
    return path == NULL ||
           (form_of(path) != NULL ? output_can_write(path, complaint)
                                  : complain(complaint,
                                             "--output '%.200s': its ending chooses the "
                                             "form; .html, .csv and .md are known",
                                             path));
}

bool report_form_write(const json_t *result, const char *path,
                       struct complaint *complaint)
{
    char *const text = form_of(path)->make(result);
    if (text == NULL)
        return complain(complaint, "out of memory for the report");
    const bool is_written = output_write(path, text, complaint);
    free(text);
    return is_written;
}
