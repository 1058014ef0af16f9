/* SPDX-License-Identifier: MIT */
/* Small files of the kernel: their lines, and numbers in them. */
#include "small_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool small_file_line(const char *path, char *line, size_t room)
{
    FILE *const file = fopen(path, "r");
    if (file == NULL)
        return false;
    const bool is_read = fgets(line, (int)room, file) != NULL;
    fclose(file);
    if (is_read)
        line[strcspn(line, "\n")] = '\0';
    return is_read;
}

bool small_file_number(const char *path, const char *name, uint64_t *number)
{
    char line[256];
    const size_t n = strlen(name);
    bool is_found = false;
    FILE *const file = fopen(path, "r");
    if (file == NULL)
        return false;
    while (!is_found && fgets(line, sizeof line, file) != NULL)
        is_found =
            strncmp(line, name, n) == 0 && sscanf(line + n, " %" SCNu64, number) == 1;
    fclose(file);
    return is_found;
}
