/* SPDX-License-Identifier: MIT */
/* What a result says of the machine it was taken on. */
#include "machine.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "processor.h"
#include "small_file.h"

static json_t *text_or_null(const char *text)
{
    json_t *const value = text == NULL ? NULL : json_string(text);
    return value != NULL ? value : json_null(); /* not UTF-8: null too */
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
    char line[256], name[128];
    json_t *const machine = json_object();
    const bool is_known = uname(&about) == 0,
               has_name = processor_name(name, sizeof name);
    json_t *const is_virtual =
        HAS_CPUID ? json_boolean(cpuid_is_virtual(cpuid_of_processor)) : json_null();
    json_object_set_new(machine, "cpu", text_or_null(has_name ? name : NULL));
    json_object_set_new(machine, "cores", json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
    json_object_set_new(
        machine, "memory_bytes",
        json_integer((json_int_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE)));
    json_object_set_new(machine, "page_bytes", json_integer(sysconf(_SC_PAGESIZE)));
    json_object_set_new(machine, "kernel", text_or_null(is_known ? about.release : NULL));
    json_object_set_new(machine, "architecture",
                        text_or_null(is_known ? about.machine : NULL));
    json_object_set_new(machine, "is_virtual", is_virtual);
    const bool has_thp =
        small_file_line("/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof line);
    json_object_set_new(machine, "transparent_hugepages",
                        text_or_null(has_thp ? line : NULL));
    json_object_set_new(machine, "caches", caches());
    return machine;
}
