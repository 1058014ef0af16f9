/* SPDX-License-Identifier: MIT */
/* What the control groups that this process is in allow it: the least of its own and of
 * those above. */
#include "control_group.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "small_file.h"

/* The least that `read` finds in the files `file` of this group and those above it, or
 * infinity. `path` holds the folder of the hierarchy, which it must not climb above. */
static double least_upwards(char *path, size_t room, const char *group, const char *file,
                            double (*read)(const char *path))
{
    const size_t root = strlen(path);
    double least = (double)INFINITY;
    snprintf(path + root, room - root, "%s", group);
    for (;;) {
        const size_t end = strlen(path);
        snprintf(path + end, room - end, "/%s", file);
        const double found = read(path);
        least = found < least ? found : least;
        path[end] = '\0';
        char *const slash = strrchr(path + root, '/');
        if (slash == NULL)
            return least;
        *slash = '\0';
    }
}

/* Version 2 has one hierarchy, version 1 one for each controller. */
static double group_limit(const char *controller, const char *file1, const char *file2,
                          double (*read)(const char *path))
{
    char line[1024], path[2048];
    double least = (double)INFINITY;
    FILE *const groups = fopen("/proc/self/cgroup", "r");
    while (groups != NULL && fgets(line, sizeof line, groups) != NULL) {
        char *const names = strchr(line, ':');
        char *const group = names == NULL ? NULL : strchr(names + 1, ':');
        if (group == NULL)
            continue;
        *group = '\0';
        group[1 + strcspn(group + 1, "\n")] = '\0';
        const bool is_second = names[1] == '\0';
        if (!is_second && strstr(names + 1, controller) != names + 1)
            continue;
        snprintf(path, sizeof path, "/sys/fs/cgroup%s%s", is_second ? "" : "/",
                 names + 1);
        const double found =
            least_upwards(path, sizeof path, strcmp(group + 1, "/") == 0 ? "" : group + 1,
                          is_second ? file2 : file1, read);
        least = found < least ? found : least;
    }
    if (groups != NULL)
        fclose(groups);
    return least;
}

static double read_bytes(const char *path)
{
    uint64_t bytes;
    const bool is_set = small_file_number(path, "", &bytes) && bytes < UINT64_MAX / 4;
    return is_set ? (double)bytes : (double)INFINITY; /* version 1 has no "max" */
}

/* Processors' worth of time: "200000 100000", or version 1's quota whose period has a
 * file of its own. */
static double read_processors(const char *path)
{
    char line[64], other[2048];
    double quota, period;
    uint64_t number;
    if (!small_file_line(path, line, sizeof line))
        return (double)INFINITY;
    const int n = sscanf(line, "%lf %lf", &quota, &period);
    if (n == 2)
        return quota / period;
    snprintf(other, sizeof other, "%s", path);
    char *const name = strrchr(other, '/');
    snprintf(name, sizeof other - (size_t)(name - other), "/cpu.cfs_period_us");
    return n == 1 && quota > 0 && small_file_number(other, "", &number) && number > 0
               ? quota / (double)number
               : (double)INFINITY;
}

/* Of a file memory.max or memory.limit_in_bytes: what its group has left. */
static double read_free_bytes(const char *path)
{
    char other[2048];
    uint64_t used;
    const double limit = read_bytes(path);
    snprintf(other, sizeof other, "%s", path);
    char *const name = strrchr(other, '/');
    if (name == NULL || !isfinite(limit))
        return limit;
    const bool is_second = strcmp(name, "/memory.max") == 0;
    snprintf(name, sizeof other - (size_t)(name - other), "/%s",
             is_second ? "memory.current" : "memory.usage_in_bytes");
    return small_file_number(other, "", &used) && (double)used < limit
               ? limit - (double)used
               : limit;
}

double control_group_free_bytes(void)
{
    return group_limit("memory", "memory.limit_in_bytes", "memory.max", read_free_bytes);
}

double control_group_bytes(void)
{
    return group_limit("memory", "memory.limit_in_bytes", "memory.max", read_bytes);
}

double control_group_processors(void)
{
    return group_limit("cpu", "cpu.cfs_quota_us", "cpu.max", read_processors);
}
