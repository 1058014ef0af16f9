/* SPDX-License-Identifier: MIT */
/* Names a user may have misspelt. */
#include "names.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MOST_LETTERS = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits from one to the other, over the first MOST_LETTERS bytes: a letter put in, taken
 * out, replaced, or swapped with its neighbour (optimal string alignment). */
static size_t distance(const char *a, const char *b)
{
    const size_t n = strnlen(a, MOST_LETTERS), m = strnlen(b, MOST_LETTERS);
    size_t d[MOST_LETTERS + 1][MOST_LETTERS + 1];
    for (size_t i = 0; i <= n; i++)
        d[i][0] = i;
    for (size_t j = 0; j <= m; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= m; j++) {
            const size_t replaced = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            d[i][j] = least(replaced, least(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[n][m];
}

bool complain_of_name(struct complaint *complaint, const char *what, const char *name,
                      const char *const *names, size_t n)
{
    char all[256] = "";
    const char *nearest = NULL;
    size_t nearest_distance = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        const size_t d = distance(name, names[i]);
        if (d < nearest_distance) {
            nearest_distance = d;
            nearest = names[i];
        }
        const size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    if (nearest != NULL && nearest_distance <= strlen(nearest) / 2)
        return complain(complaint, "unknown %s '%.80s'; did you mean '%s'? (%s)", what,
                        name, nearest, all);
    return complain(complaint, "unknown %s '%.80s'; choose from: %s", what, name, all);
}

bool name_is_one_of(const char *what, const char *name, const char *const *names,
                    size_t n, struct complaint *complaint)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return complain_of_name(complaint, what, name, names, n);
}
