/* SPDX-License-Identifier: MIT */
/* What doctor finds out about the conditions under which this machine measures. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "doctor_probes.h"
#include "processor.h"
#include "small_file.h"

#define CPU_FOLDER "/sys/devices/system/cpu/"
#define CLOCKS     "/sys/devices/system/clocksource/clocksource0/"

static const double MUCH_STOLEN = 0.01, MUCH_LOAD = 0.5;

/* ---- what others ask too ---- */

const char *container_kind(void)
{
    static char kind[32];
    char line[512];
    static const char *const marks[] = {"docker", "kubepods", "lxc", "libpod"};
    const char *const told = getenv("container"); /* podman, systemd-nspawn, lxc */
    if (access("/.dockerenv", F_OK) == 0)
        return "docker";
    if (access("/run/.containerenv", F_OK) == 0)
        return "podman";
    if (small_file_line("/run/systemd/container", kind, sizeof kind))
        return kind;
    if (told != NULL && *told != '\0')
        return told;
    FILE *const groups = fopen("/proc/1/cgroup", "r");
    const char *found = NULL;
    while (groups != NULL && found == NULL && fgets(line, sizeof line, groups) != NULL)
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            if (strstr(line, marks[i]) != NULL)
                found = marks[i];
    if (groups != NULL)
        fclose(groups);
    return found;
}

bool has_capability(unsigned number)
{
    char line[256];
    unsigned long long set = geteuid() == 0 ? ~0ull : 0; /* without /proc: a guess */
    FILE *const file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "CapEff: %llx", &set) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return (set >> number & 1) != 0;
}

bool is_filtered(void)
{
    uint64_t mode;
    return small_file_number("/proc/self/status", "Seccomp:", &mode) && mode == 2;
}

static bool is_virtual(void)
{
    return HAS_CPUID && cpuid_is_virtual(cpuid_of_processor);
}

/* ---- probes ---- */

static void container(struct findings *all)
{
    const char *const kind = container_kind();
    if (kind == NULL)
        findings_add(all, FINDING_OK, "container", "no sign of one");
    else
        findings_add(all, FINDING_NOTE, "container",
                     "%s%s; sysctls are the host's, capabilities the container's", kind,
                     is_filtered() ? ", system calls filtered (seccomp)" : "");
}

static void frequency(struct findings *all)
{
    char governor[32];
    uint64_t kilohertz;
    if (!small_file_line(CPU_FOLDER "cpu0/cpufreq/scaling_governor", governor,
                         sizeof governor)) {
        findings_add(all, FINDING_NOTE, "frequency", "no governor%s",
                     access(CPU_FOLDER, F_OK) != 0 ? ": /sys does not tell"
                     : is_virtual() ? ": normal in a virtual machine, the host decides"
                                    : "; the kernel does not steer the frequency");
        return;
    }
    const bool is_fixed = strcmp(governor, "performance") == 0;
    char now[48] = "";
    if (small_file_number(CPU_FOLDER "cpu0/cpufreq/scaling_cur_freq", "", &kilohertz))
        snprintf(now, sizeof now, ", now %.2f GHz", (double)kilohertz / 1e6);
    struct finding *const finding =
        findings_add(all, is_fixed ? FINDING_OK : FINDING_NOTE, "frequency",
                     "governor %s%s", governor, now);
    if (!is_fixed)
        finding_mend_by(finding,
                        "echo performance | %stee " CPU_FOLDER
                        "cpu*/cpufreq/scaling_governor",
                        as_root());
}

static void threads_of_a_core(struct findings *all)
{
    uint64_t active;
    if (!small_file_number(CPU_FOLDER "smt/active", "", &active)) {
        findings_add(all, FINDING_NOTE, "SMT", "not known: no " CPU_FOLDER "smt");
        return;
    }
    if (active == 0) {
        findings_add(all, FINDING_OK, "SMT", "off%s",
                     is_virtual() ? ", as far as the hypervisor tells" : "");
        return;
    }
    finding_mend_by(findings_add(all, FINDING_NOTE, "SMT",
                                 "on: what runs on a core's other thread takes part of "
                                 "its caches"),
                    "echo off | %stee " CPU_FOLDER "smt/control", as_root());
}

/* Intel's file counts the other way round. */
static void turbo(struct findings *all)
{
    static const struct {
        const char *path;
        uint64_t on;
    } files[] = {{CPU_FOLDER "intel_pstate/no_turbo", 0},
                 {CPU_FOLDER "cpufreq/boost", 1}};
    uint64_t value;
    for (size_t i = 0; i < 2; i++) {
        if (!small_file_number(files[i].path, "", &value))
            continue;
        if (value != files[i].on) {
            findings_add(all, FINDING_OK, "turbo", "off");
            return;
        }
        finding_mend_by(findings_add(all, FINDING_NOTE, "turbo",
                                     "on: the clock follows heat and load"),
                        "echo %d | %stee %s", (int)!files[i].on, as_root(),
                        files[i].path);
        return;
    }
    findings_add(all, FINDING_NOTE, "turbo", "not known%s",
                 is_virtual() ? ": the host decides" : ": no file in /sys tells");
}

static void clock_source(struct findings *all)
{
    static const char *const fast[] = {"tsc", "kvm-clock", "hyperv_clocksource_tsc_page",
                                       "arch_sys_counter"};
    char name[64], others[128] = "";
    if (!small_file_line(CLOCKS "current_clocksource", name, sizeof name)) {
        findings_add(all, FINDING_NOTE, "clock source", "not known: /sys does not tell");
        return;
    }
    (void)small_file_line(CLOCKS "available_clocksource", others, sizeof others);
    for (size_t i = 0; i < sizeof fast / sizeof *fast; i++)
        if (strcmp(name, fast[i]) == 0) {
            findings_add(all, FINDING_OK, "clock source", "%s: read without the kernel",
                         name);
            return;
        }
    struct finding *const finding =
        findings_add(all, FINDING_NOTE, "clock source",
                     "%s: each reading is a system call (there are: %s)", name, others);
    if (strstr(others, "tsc") != NULL)
        finding_mend_by(finding, "echo tsc | %stee " CLOCKS "current_clocksource",
                        as_root());
    else
        finding_mend(finding, "boot the kernel with tsc=reliable, if the counter is");
}

static void stamps(struct findings *all)
{
#if defined(__aarch64__)
    findings_add(all, FINDING_OK, "time stamps", "the generic timer runs at one rate");
#else
    if (!HAS_CPUID)
        findings_add(all, FINDING_NOTE, "time stamps",
                     "no counter that we know: the clock "
                     "stands in");
    else if (cpuid_has_steady_stamps(cpuid_of_processor))
        findings_add(all, FINDING_OK, "time stamps",
                     "invariant: the counter runs at one rate (CPUID 0x80000007)");
    else
        findings_add(all, FINDING_NOTE, "time stamps",
                     "the counter may change its rate (CPUID 0x80000007): latencies are "
                     "right only while the frequency is fixed");
#endif
}

/* Ticks of all processors, and those stolen, since the start. */
static bool read_ticks(double *all, double *stolen)
{
    char line[512];
    double t[8];
    if (!small_file_line("/proc/stat", line, sizeof line) ||
        sscanf(line, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &t[0], &t[1], &t[2], &t[3],
               &t[4], &t[5], &t[6], &t[7]) != 8)
        return false;
    *all = 0;
    for (size_t i = 0; i < 8; i++)
        *all += t[i];
    *stolen = t[7];
    return true;
}

static void load(struct findings *all)
{
    char line[128];
    double minute, ticks, stolen, ticks_now, stolen_now;
    const struct timespec quarter = {0, 250000000};
    if (!small_file_line("/proc/loadavg", line, sizeof line) ||
        sscanf(line, "%lf", &minute) != 1 || !read_ticks(&ticks, &stolen)) {
        findings_add(all, FINDING_NOTE, "load",
                     "not known: no /proc/loadavg, /proc/stat");
        return;
    }
    (void)nanosleep(&quarter, NULL);
    if (!read_ticks(&ticks_now, &stolen_now) || ticks_now <= ticks || ticks <= 0)
        ticks_now = ticks + 1, stolen_now = stolen;
    const double before = stolen / ticks,
                 now = (stolen_now - stolen) / (ticks_now - ticks);
    const bool is_stolen = before > MUCH_STOLEN || now > MUCH_STOLEN;
    struct finding *const finding = findings_add(
        all, minute > MUCH_LOAD || is_stolen ? FINDING_NOTE : FINDING_OK, "load",
        "%.2f in the last minute; the hypervisor stole %.1f %% of the time since the "
        "start, "
        "%.1f %% just now",
        minute, 100 * before, 100 * now);
    if (minute > MUCH_LOAD)
        finding_mend(finding, "stop what else runs (top shows it), then measure");
    else if (is_stolen)
        finding_mend(finding, "a machine type with processors of its own (dedicated)");
}

probe *const probes_of_conditions[] = {
    container, frequency, threads_of_a_core, turbo, clock_source, stamps, load, NULL};
