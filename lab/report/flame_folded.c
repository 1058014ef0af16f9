/* SPDX-License-Identifier: MIT */
/* The stacks of a cell in the one-line format that flame graphs are made of.
 *
 * Output, a line for each stack, the outermost function first, the count last:
 *     run;insert;prepare;find 687 */
#include "flame_folded.h"

#include <stdlib.h>

#include "cell_read.h"
#include "flame_read.h"

char *flame_folded(const json_t *result, size_t cell)
{
    const json_t *const stacks = flame_stacks(cell_at(result, cell));
    char *text = NULL;
    size_t size = 0, i;
    const json_t *row;
    FILE *const to = stacks != NULL ? open_memstream(&text, &size) : NULL;
    if (to == NULL)
        return NULL;
    json_array_foreach(json_object_get(stacks, "folded"), i, row)
    {
        fprintf(to, "%s %" JSON_INTEGER_FORMAT "\n",
                json_string_value(json_array_get(row, 0)),
                json_integer_value(json_array_get(row, 1)));
    }
    fclose(to);
    return text;
}
