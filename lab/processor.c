/* SPDX-License-Identifier: MIT */
/* The processor's name, from whoever tells it. */
#include "processor.h"

#include <stdio.h>

/* The text behind "name<blanks>:" in /proc/cpuinfo. */
static bool cpuinfo(const char *name, char *value, size_t room)
{
    char line[8192];
    bool is_found = false;
    FILE *const file = fopen("/proc/cpuinfo", "r");
    while (file != NULL && !is_found && fgets(line, sizeof line, file) != NULL) {
        const char *const colon = strchr(line, ':');
        is_found = colon != NULL && strncmp(line, name, strlen(name)) == 0;
        line[strcspn(line, "\n")] = '\0';
        if (is_found)
            snprintf(value, room, "%s", colon[1] == ' ' ? colon + 2 : colon + 1);
    }
    if (file != NULL)
        fclose(file);
    return is_found;
}

bool processor_name(char *name, size_t room)
{
    char brand[49] = "", implementer[32], part[32];
    if (cpuinfo("model name", name, room))
        return true;
    for (uint32_t i = 0; i < 3; i++) {
        const struct cpuid r = cpuid_of_processor(0x80000002u + i, 0);
        const uint32_t registers[] = {r.a, r.b, r.c, r.d};
        for (size_t k = 0; k < 4; k++)
            cpuid_characters(brand + 16 * i + 4 * k, registers[k]);
    }
    for (size_t n = strlen(brand); n > 0 && brand[n - 1] == ' '; n--)
        brand[n - 1] = '\0';
    if (brand[0] != '\0')
        return snprintf(name, room, "%s", brand) > 0;
    return cpuinfo("CPU implementer", implementer, sizeof implementer) &&
           cpuinfo("CPU part", part, sizeof part) &&
           snprintf(name, room, "implementer %s, part %s", implementer, part) > 0;
}
