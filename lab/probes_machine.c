/* SPDX-License-Identifier: MIT */
/* What doctor finds out about the machine itself. */
#include <math.h>
#include <sched.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "control_group.h"
#include "doctor_probes.h"
#include "processor.h"
#include "small_file.h"

#define THP_FOLDER "/sys/kernel/mm/transparent_hugepage/"

static double gib(uint64_t bytes)
{
    return (double)bytes / (1 << 30);
}

static void processor(struct findings *all)
{
    char name[128];
    struct utsname about;
    const char *const kind = uname(&about) == 0 ? about.machine : "of unknown kind";
    if (processor_name(name, sizeof name))
        findings_add(all, FINDING_OK, "processor", "%s (%s)", name, kind);
    else
        findings_add(all, FINDING_NOTE, "processor", "%s; it has no name", kind);
}

/* ---- what there is ---- */

static void cores(struct findings *all)
{
    cpu_set_t allowed;
    char allowed_text[48] = "";
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    const bool is_told = sched_getaffinity(0, sizeof allowed, &allowed) == 0;
    const int n_allowed = is_told ? CPU_COUNT(&allowed) : (int)online;
    const double quota = control_group_processors();
    if (is_told)
        snprintf(allowed_text, sizeof allowed_text, ", %d allowed", n_allowed);
    if (isfinite(quota) && quota < n_allowed) {
        finding_mend(findings_add(all, FINDING_NOTE, "cores",
                                  "%ld online%s, but time for only %.2f: the control "
                                  "group stops us when it is spent",
                                  online, allowed_text, quota),
                     "start the container without --cpus; a core that is stopped for "
                     "milliseconds looks like a slow map");
        return;
    }
    findings_add(all, n_allowed < 2 ? FINDING_NOTE : FINDING_OK, "cores",
                 "%ld online%s%s", online, allowed_text,
                 n_allowed < 2 ? ": what else runs here runs on the core that measures"
                               : "; measurements are pinned to the last");
}

static const char *hypervisor(char signature[13])
{
    static const char *const known[][2] = {
        {"KVMKVMKVM", "KVM"},           {"Microsoft Hv", "Hyper-V"},
        {"VMwareVMware", "VMware"},     {"XenVMMXenVMM", "Xen"},
        {"bhyve bhyve ", "bhyve"},      {"TCGTCGTCGTCG", "QEMU without KVM"},
        {"VBoxVBoxVBox", "VirtualBox"}, {" prl hyperv ", "Parallels"},
        {"ACRNACRNACRN", "ACRN"},
    };
    const struct cpuid r = cpuid_of_processor(0x40000000u, 0);
    cpuid_characters(signature, r.b);
    cpuid_characters(signature + 4, r.c);
    cpuid_characters(signature + 8, r.d);
    signature[12] = '\0';
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(signature, known[i][0]) == 0)
            return known[i][1];
    return signature[0] != '\0' ? signature : "of unknown make";
}

/* Without CPUID the firmware's tables may tell. */
static void virtual_machine(struct findings *all)
{
    char signature[13], vendor[64];
    static const char *const vendors[] = {"QEMU",   "Amazon EC2", "Google", "Microsoft",
                                          "VMware", "Xen",        "innotek"};
    if (HAS_CPUID && cpuid_is_virtual(cpuid_of_processor)) {
        findings_add(all, FINDING_NOTE, "virtual",
                     "virtual machine; hypervisor by CPUID: %s. What it tells of caches "
                     "may be invented; neighbours share the last level",
                     hypervisor(signature));
        return;
    }
    const bool has_vendor =
        small_file_line("/sys/class/dmi/id/sys_vendor", vendor, sizeof vendor);
    for (size_t i = 0; has_vendor && i < sizeof vendors / sizeof *vendors; i++)
        if (!HAS_CPUID && strstr(vendor, vendors[i]) != NULL) {
            findings_add(all, FINDING_NOTE, "virtual", "made by %s: likely virtual",
                         vendor);
            return;
        }
    if (HAS_CPUID)
        findings_add(all, FINDING_OK, "virtual", "no hypervisor by CPUID");
    else if (has_vendor)
        findings_add(all, FINDING_OK, "virtual", "made by %s: likely not", vendor);
    else
        findings_add(all, FINDING_NOTE, "virtual",
                     "not known: no CPUID here, and /sys names no maker");
}

static void memory(struct findings *all)
{
    uint64_t total, available;
    const double group = control_group_bytes();
    if (!small_file_number("/proc/meminfo", "MemTotal:", &total) ||
        !small_file_number("/proc/meminfo", "MemAvailable:", &available)) {
        const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
        findings_add(all, FINDING_NOTE, "memory",
                     "%.1f GiB; what is free is not told: no /proc/meminfo",
                     gib((uint64_t)pages * (uint64_t)page));
        return;
    }
    if (isfinite(group) && group < (double)total * 1024)
        findings_add(all, FINDING_NOTE, "memory",
                     "%.1f GiB, %.1f free; the control group allows %.1f GiB",
                     gib(total * 1024), gib(available * 1024), group / (1 << 30));
    else
        findings_add(all, FINDING_OK, "memory",
                     "%.1f GiB, %.1f free; no limit by control groups", gib(total * 1024),
                     gib(available * 1024));
}

static void kernel(struct findings *all)
{
    struct utsname about;
    if (uname(&about) == 0)
        findings_add(all, FINDING_OK, "kernel", "%s %s; pages of %ld bytes",
                     about.sysname, about.release, sysconf(_SC_PAGESIZE));
}

/* The word in brackets of "always [madvise] never". */
static bool chosen_word(const char *path, char *word, size_t room)
{
    char line[128];
    if (!small_file_line(path, line, sizeof line))
        return false;
    const char *const open = strchr(line, '[');
    const size_t n = open != NULL ? strcspn(open + 1, "]") : 0;
    snprintf(word, room, "%.*s", (int)n, open != NULL ? open + 1 : "");
    return n > 0;
}

static void huge_pages(struct findings *all)
{
    char enabled[32], defrag[32] = "unknown";
    (void)chosen_word(THP_FOLDER "defrag", defrag, sizeof defrag);
    if (!chosen_word(THP_FOLDER "enabled", enabled, sizeof enabled)) {
        const bool has_sys = access("/sys/kernel", F_OK) == 0;
        finding_mend(findings_add(all, FINDING_NO, "huge pages", "%s",
                                  has_sys ? "this kernel has no transparent huge pages"
                                          : "/sys is not mounted: not known"),
                     has_sys ? "a kernel with CONFIG_TRANSPARENT_HUGEPAGE"
                             : "see /sys below");
    } else if (strcmp(enabled, "never") == 0) {
        finding_mend_by(findings_add(all, FINDING_NO, "huge pages",
                                     "switched off: --pages thp cannot run"),
                        "echo madvise | %stee " THP_FOLDER "enabled", as_root());
    } else {
        findings_add(all, FINDING_OK, "huge pages", "%s: %s; defrag %s", enabled,
                     strcmp(enabled, "always") == 0 ? "everyone gets them"
                                                    : "who asks gets them",
                     defrag);
    }
}

probe *const probes_of_machine[] = {processor,  cores, virtual_machine, memory, kernel,
                                    huge_pages, NULL};
