/* SPDX-License-Identifier: MIT */
/* Texts that are kept once: equal ones are one pointer. */
#include "kept_texts.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right)
{
    return strcmp(left, right);
}

const char *kept_text(struct kept_texts *texts, const char *text)
{
    char *const *const known = tfind(text, &texts->tree, compare);
    if (known != NULL)
        return *known;
    char *const copy = strdup(text);
    if (copy != NULL && tsearch(copy, &texts->tree, compare) != NULL)
        return copy;
    free(copy);
    return NULL;
}

void kept_texts_drop(struct kept_texts *texts)
{
    while (texts->tree != NULL) {
        char *const text = *(char **)texts->tree; /* a node begins with its key */
        tdelete(text, &texts->tree, compare);
        free(text);
    }
}
