/* SPDX-License-Identifier: MIT */
/* What a cell is called where cells of several kinds of pages may stand side by side. */
#include "cell_name.h"

#include <stdio.h>
#include <string.h>

#include "cache_cell.h"

const char *cell_name(const json_t *cell, char name[CELL_NAME])
{
    const char *const pages = cache_text(cell, "pages");
    const bool is_asked = *pages != '\0' && strcmp(pages, "default") != 0;
    snprintf(name, CELL_NAME, "%.64s%s%.16s", cache_text(cell, "subject"),
             is_asked ? ", pages " : "", is_asked ? pages : "");
    return name;
}
