/* SPDX-License-Identifier: MIT */
/* What a result says of the machine it was taken on. */
#include "machine.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "small_file.h"

static json_t *text_or_null(const char *text)
{
    json_t *const value = text == NULL ? NULL : json_string(text);
    return value != NULL ? value : json_null(); /* not UTF-8: null too */
}

/* The value behind "name<tab>:" in /proc/cpuinfo. */
static json_t *cpuinfo(const char *name)
{
    char line[4096];
    FILE *const file = fopen("/proc/cpuinfo", "r");
    json_t *value = NULL;
    while (file != NULL && value == NULL && fgets(line, sizeof line, file) != NULL) {
        const char *const colon = strchr(line, ':');
        line[strcspn(line, "\n")] = '\0';
        if (colon != NULL && strncmp(line, name, strlen(name)) == 0)
            value = text_or_null(colon[1] == ' ' ? colon + 2 : colon + 1);
    }
    if (file != NULL)
        fclose(file);
    return value != NULL ? value : json_null();
}

static bool is_virtual(void)
{
    char line[8192];
    FILE *const file = fopen("/proc/cpuinfo", "r");
    bool is_found = false;
    while (file != NULL && !is_found && fgets(line, sizeof line, file) != NULL)
        is_found = strncmp(line, "flags", 5) == 0 && strstr(line, " hypervisor") != NULL;
    if (file != NULL)
        fclose(file);
    return is_found;
}

/* The caches as the kernel tells them, which in a virtual machine is what the
 * hypervisor chose to say. */
static json_t *caches(void)
{
    static const char *const names[] = {"level", "type", "size", "ways_of_associativity",
                                        "coherency_line_size"};
    json_t *const all = json_array();
    for (int index = 0; index < 8; index++) {
        json_t *const cache = json_object();
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            char path[128], line[64];
            snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/%s",
                     index, names[i]);
            if (small_file_line(path, line, sizeof line))
                json_object_set_new(cache, names[i], text_or_null(line));
        }
        if (json_object_size(cache) == 0) {
            json_decref(cache);
            break;
        }
        json_object_set_new(cache, "source", json_string("sysfs"));
        json_array_append_new(all, cache);
    }
    return all;
}

json_t *machine_describe(void)
{
    struct utsname about;
    char line[256];
    json_t *const machine = json_object();
    const bool is_known = uname(&about) == 0;
    json_object_set_new(machine, "cpu", cpuinfo("model name"));
    json_object_set_new(machine, "cores", json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
    json_object_set_new(
        machine, "memory_bytes",
        json_integer((json_int_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE)));
    json_object_set_new(machine, "page_bytes", json_integer(sysconf(_SC_PAGESIZE)));
    json_object_set_new(machine, "kernel", text_or_null(is_known ? about.release : NULL));
    json_object_set_new(machine, "architecture",
                        text_or_null(is_known ? about.machine : NULL));
    json_object_set_new(machine, "is_virtual", json_boolean(is_virtual()));
    const bool has_thp =
        small_file_line("/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof line);
    json_object_set_new(machine, "transparent_hugepages",
                        text_or_null(has_thp ? line : NULL));
    json_object_set_new(machine, "caches", caches());
    return machine;
}
