/* SPDX-License-Identifier: MIT */
/* The kernel's performance events: opened in groups, counted, scaled, and what stands in
 * the way when they are not to be had.
 *
 * What is counted. Hardware events and page faults: user mode alone. The kernel allows
 * that to everybody at its default kernel.perf_event_paranoid=2, so the number means the
 * same on every machine; what a resize makes the kernel do is in the clocks and in the
 * page faults. Context switches and migrations happen inside the kernel: left out of
 * kernel mode they would read 0 for ever, so they are asked for with it or not had at all.
 * The two software clocks count both modes whatever is asked.
 * Groups. Events whose ratio is read are scheduled together, at most 4 hardware counters
 * in a group: what a small processor, or half of one with hyper-threads, still has.
 * Nearest events. Where a generic event is not mapped an event of the core's own stands
 * in, under its own name. On ARM its number comes from sysfs, where the kernel lists only
 * what the core says it has: any other raw number opens there and counts 0. */
#include "perf_events.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "small_file.h"

/* ---- the table ---- */

enum group { GROUP_CACHE, GROUP_L1, GROUP_LAST_LEVEL, GROUP_CORE, GROUP_SOFTWARE };

enum trait {
    IN_KERNEL = 1, /* happens in kernel mode: cannot be counted without it */
    NEVER_ZERO = 2 /* no program runs without one: 0 is a counter that is not there */
};

struct event {
    const char *name, *metric;
    uint32_t type;
    uint64_t config;
    enum group group;
    unsigned traits;
};

#define CACHE(level, result)                                                             \
    PERF_TYPE_HW_CACHE, PERF_COUNT_HW_CACHE_##level | PERF_COUNT_HW_CACHE_OP_READ << 8 | \
                            PERF_COUNT_HW_CACHE_RESULT_##result << 16
#define HARD(what) PERF_TYPE_HARDWARE, PERF_COUNT_HW_##what
#define SOFT(what) PERF_TYPE_SOFTWARE, PERF_COUNT_SW_##what

/* A group's events follow each other. Software events are last: their clocks are enabled
 * last and disabled first, and so hold one pair of system calls, not five. */
static const struct event events[] = {
    {"cache-references", "cache_references", HARD(CACHE_REFERENCES), GROUP_CACHE, 0},
    {"cache-misses", "cache_misses", HARD(CACHE_MISSES), GROUP_CACHE, 0},
    {"L1-dcache-loads", "l1d_loads", CACHE(L1D, ACCESS), GROUP_L1, NEVER_ZERO},
    {"L1-dcache-load-misses", "l1d_load_misses", CACHE(L1D, MISS), GROUP_L1, 0},
    {"dTLB-load-misses", "dtlb_load_misses", CACHE(DTLB, MISS), GROUP_L1, 0},
    {"LLC-loads", "llc_loads", CACHE(LL, ACCESS), GROUP_LAST_LEVEL, 0},
    {"LLC-load-misses", "llc_load_misses", CACHE(LL, MISS), GROUP_LAST_LEVEL, 0},
    {"cycles", "cycles", HARD(CPU_CYCLES), GROUP_CORE, NEVER_ZERO},
    {"instructions", "instructions", HARD(INSTRUCTIONS), GROUP_CORE, NEVER_ZERO},
    {"branches", "branches", HARD(BRANCH_INSTRUCTIONS), GROUP_CORE, NEVER_ZERO},
    {"branch-misses", "branch_misses", HARD(BRANCH_MISSES), GROUP_CORE, 0},
    {"context-switches", "context_switches", SOFT(CONTEXT_SWITCHES), GROUP_SOFTWARE,
     IN_KERNEL},
    {"cpu-migrations", "cpu_migrations", SOFT(CPU_MIGRATIONS), GROUP_SOFTWARE, IN_KERNEL},
    {"page-faults", "page_faults_timed", SOFT(PAGE_FAULTS), GROUP_SOFTWARE, 0},
    {"cpu-clock", "cpu_clock_ms", SOFT(CPU_CLOCK), GROUP_SOFTWARE, 0},
    {"task-clock", "task_clock_ms", SOFT(TASK_CLOCK), GROUP_SOFTWARE, 0},
};

const size_t n_perf_events = sizeof events / sizeof *events;
_Static_assert(sizeof events / sizeof *events <= PERF_MOST_EVENTS, "room for all");

const char *perf_event_name(size_t i)
{
    return events[i].name;
}

const char *perf_event_metric(size_t i)
{
    return events[i].metric;
}

bool perf_event_is_hardware(size_t i)
{
    return events[i].type != PERF_TYPE_SOFTWARE;
}

/* ---- the system underneath ---- */

static int kernel_open(struct perf_event_attr *attr, int group)
{
#ifdef SYS_perf_event_open
    return (int)syscall(SYS_perf_event_open, attr, 0, -1, group, PERF_FLAG_FD_CLOEXEC);
#else
    (void)attr, (void)group;
    errno = ENOSYS;
    return -1;
#endif
}

static int kernel_control(int fd, unsigned long request, void *argument)
{
    return ioctl(fd, request, argument);
}

static const struct perf_system kernel = {kernel_open, kernel_control, read, close, ""};
static const struct perf_system *under = &kernel;

void perf_use_system(const struct perf_system *system)
{
    under = system != NULL ? system : &kernel;
}

const struct perf_system *perf_system_in_use(void)
{
    return under;
}

/* The first line of a file below the root; false: there is none. */
static bool read_line(char *line, size_t room, const char *path)
{
    char whole[512];
    const int n = snprintf(whole, sizeof whole, "%s%s", under->root, path);
    return n < (int)sizeof whole && small_file_line(whole, line, room);
}

/* ---- the core's own counters ---- */

static const char *const devices = "/sys/bus/event_source/devices";

struct core {
    char name[64]; /* of its folder in sysfs; empty: no counters are shown */
    uint32_t type;
    bool is_one_of_many; /* other cores of this machine count differently */
};

/* Whether a list such as 0-3,8 holds the number. */
static bool list_holds(const char *list, long number)
{
    while (*list >= '0' && *list <= '9') {
        char *end;
        const long first = strtol(list, &end, 10);
        const long last = *end == '-' ? strtol(end + 1, &end, 10) : first;
        if (number >= first && number <= last)
            return true;
        list = *end == ',' ? end + 1 : "";
    }
    return false;
}

static void take_core(struct core *core, const char *name)
{
    char path[256], line[32] = "";
    snprintf(path, sizeof path, "%s/%.63s/type", devices, name);
    if (!read_line(line, sizeof line, path))
        return;
    snprintf(core->name, sizeof core->name, "%.63s", name);
    core->type = (uint32_t)strtoul(line, NULL, 10);
}

/* The counters of the processor that this thread is on: the folder with a list of
 * processors that holds it, else the x86 one, which needs no list. A big and a little
 * core have a folder each. */
static struct core find_core(void)
{
    struct core core = {"", PERF_TYPE_RAW, false};
    char path[512], line[256];
    const int here = sched_getcpu();
    int n_lists = 0;
    snprintf(path, sizeof path, "%s%s", under->root, devices);
    DIR *const folder = opendir(path);
    for (struct dirent *d; folder != NULL && (d = readdir(folder)) != NULL;) {
        snprintf(path, sizeof path, "%s/%.63s/cpus", devices, d->d_name);
        if (!read_line(line, sizeof line, path))
            continue;
        n_lists++;
        if (list_holds(line, here < 0 ? 0 : here))
            take_core(&core, d->d_name);
    }
    if (folder != NULL)
        closedir(folder);
    if (n_lists == 0)
        take_core(&core, "cpu");
    core.is_one_of_many = n_lists > 1 && core.name[0] != '\0';
    return core;
}

/* ---- an event's own number, and the nearest ---- */

struct choice {
    uint32_t type;
    uint64_t config;
    char name[PERF_NAME];
};

enum { MOST_CHOICES = 8 };

/* AMD from Zen 2 on maps no event to the last level; what the kernel's event lists call
 * "demand data cache fills" tells by source (event 0x43). A load of the last level: from
 * anywhere but the core's own L2. A miss: not from its own complex of cores either; on
 * Zen 2 the kernel's list counts other complexes of the same die with the first. */
static size_t amd_choices(size_t i, struct choice *to)
{
    const bool is_load = events[i].config == (PERF_COUNT_HW_CACHE_LL |
                                              PERF_COUNT_HW_CACHE_RESULT_ACCESS << 16);
    char path[512], line[256], vendor[32] = "";
    unsigned family = 0, model = 0;
    snprintf(path, sizeof path, "%s/proc/cpuinfo", under->root);
    FILE *const file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL && line[0] != '\n') {
        (void)sscanf(line, "vendor_id : %31s", vendor);
        (void)sscanf(line, "cpu family : %u", &family);
        (void)sscanf(line, "model : %u", &model);
    }
    if (file != NULL)
        fclose(file);
    const bool is_zen2 = family == 0x17 && model >= 0x30;
    const bool is_later = family == 0x19 || family == 0x1a;
    if (strcmp(vendor, "AuthenticAMD") != 0 || !(is_zen2 || is_later))
        return 0;
    const unsigned sources = is_zen2 ? (is_load ? 0x5a : 0x58) : (is_load ? 0x5e : 0x5c);
    to->type = PERF_TYPE_RAW;
    to->config = 0x43 | sources << 8;
    snprintf(to->name, sizeof to->name, "%s (event=0x43,umask=0x%x)",
             is_zen2 ? "ls_refills_from_sys" : "ls_dmnd_fills_from_sys", sources);
    return 1;
}

/* ARM, by the names that the architecture gives. `with`: offered only beside it, so that
 * a ratio is of one cache. */
static const struct {
    const char *of, *name, *with;
} arm_nearest[] = {
    {"LLC-loads", "l3d_cache", "l3d_cache_refill"},
    {"LLC-load-misses", "l3d_cache_refill", "l3d_cache"},
    {"LLC-loads", "l2d_cache", "l2d_cache_refill"},
    {"LLC-load-misses", "l2d_cache_refill", "l2d_cache"},
    {"L1-dcache-loads", "l1d_cache", "l1d_cache_refill"},
    {"L1-dcache-load-misses", "l1d_cache_refill", "l1d_cache"},
    {"cache-references", "l1d_cache", "l1d_cache_refill"},
    {"cache-misses", "l1d_cache_refill", "l1d_cache"},
    {"dTLB-load-misses", "l1d_tlb_refill", "l1d_tlb_refill"},
    {"dTLB-load-misses", "dtlb_walk", "dtlb_walk"},
    {"branches", "br_retired", "br_retired"},
    {"branches", "br_pred", "br_pred"},
    {"branch-misses", "br_mis_pred_retired", "br_mis_pred_retired"},
};

/* "event=0x0016" of a core's event, or false. */
static bool read_event(const struct core *core, const char *name, uint64_t *config)
{
    char path[256], line[64];
    snprintf(path, sizeof path, "%s/%.63s/events/%.40s", devices, core->name, name);
    return read_line(line, sizeof line, path) &&
           sscanf(line, "event=%" SCNx64, config) == 1;
}

static size_t arm_choices(const struct core *core, size_t i, struct choice *to,
                          size_t room)
{
    size_t n = 0;
    uint64_t config, other;
    for (size_t k = 0; k < sizeof arm_nearest / sizeof *arm_nearest && n < room; k++) {
        if (strcmp(arm_nearest[k].of, events[i].name) != 0 ||
            !read_event(core, arm_nearest[k].name, &config) ||
            !read_event(core, arm_nearest[k].with, &other))
            continue;
        to[n].type = core->type;
        to[n].config = config;
        snprintf(to[n++].name, PERF_NAME, "%s", arm_nearest[k].name);
    }
    return n;
}

/* What to try, best first. */
static size_t choices_of(const struct core *core, size_t i, struct choice *to)
{
    size_t n = 0;
    const struct event *const e = &events[i];
    if (perf_event_is_hardware(i) && core->is_one_of_many) {
        to[n].type = e->type; /* the upper half names the core; older kernels refuse */
        to[n].config = e->config | (uint64_t)core->type << 32;
        snprintf(to[n++].name, PERF_NAME, "%s", e->name);
    }
    to[n].type = e->type;
    to[n].config = e->config;
    snprintf(to[n++].name, PERF_NAME, "%s", e->name);
    if (perf_event_is_hardware(i) && core->name[0] != '\0')
        n += arm_choices(core, i, to + n, MOST_CHOICES - 1 - n);
    if (e->group == GROUP_LAST_LEVEL)
        n += amd_choices(i, to + n);
    return n;
}

/* ---- why not ---- */

static void explain_permission(size_t i, const char *name, char *reason)
{
    char line[32];
    const long most = (events[i].traits & IN_KERNEL) != 0 ? 1 : 2;
    if (!read_line(line, sizeof line, "/proc/sys/kernel/perf_event_paranoid")) {
        snprintf(reason, PERF_REASON,
                 "not permitted (%s), and kernel.perf_event_paranoid cannot be read; in "
                 "a container: --cap-add PERFMON",
                 name);
        return;
    }
    const long level = strtol(line, NULL, 10);
    if (level > most)
        snprintf(reason, PERF_REASON,
                 "not permitted (%s): kernel.perf_event_paranoid is %ld; as root: sysctl "
                 "kernel.perf_event_paranoid=%ld; in a container: --cap-add PERFMON",
                 name, level, most);
    else
        snprintf(reason, PERF_REASON,
                 "not permitted (%s) although kernel.perf_event_paranoid is %ld: a "
                 "seccomp profile or security module forbids perf_event_open; start the "
                 "container with --cap-add PERFMON",
                 name, level);
}

static const struct {
    int error;
    const char *name, *text;
} meanings[] = {
    {EOPNOTSUPP, "EOPNOTSUPP",
     "the counters cannot do this, e.g. leave kernel mode out (EOPNOTSUPP); take a "
     "machine type whose PMU can, or a newer kernel"},
    {EMFILE, "EMFILE",
     "too many open files (EMFILE); allow this process more: ulimit -n 1024"},
    {ENFILE, "ENFILE",
     "too many open files on the machine (ENFILE); as root: raise sysctl fs.file-max"},
    {EBUSY, "EBUSY",
     "another profiler or the NMI watchdog holds the counter (EBUSY); end it, or as "
     "root: sysctl kernel.nmi_watchdog=0"},
    {EINVAL, "EINVAL",
     "the kernel does not know this event for this processor (EINVAL); a newer kernel "
     "may"},
    {ENOSYS, "ENOSYS",
     "no perf_event_open (ENOSYS): the kernel is without CONFIG_PERF_EVENTS, or a "
     "sandbox hides it; use another kernel, or run outside the sandbox"},
    {ENODEV, "ENODEV",
     "the processor has no such counter (ENODEV); take a machine type with a PMU (bare "
     "metal, or vPMU switched on)"},
    {ENOSPC, "ENOSPC",
     "all hardware counters are taken (ENOSPC); end other profilers, or as root: sysctl "
     "kernel.nmi_watchdog=0"},
};

void perf_explain(size_t i, int error, char reason[PERF_REASON])
{
    if (error == EACCES || error == EPERM) {
        explain_permission(i, error == EPERM ? "EPERM" : "EACCES", reason);
        return;
    }
    if (error == ENOENT && perf_event_is_hardware(i) && find_core().name[0] != '\0') {
        snprintf(reason, PERF_REASON,
                 "this processor, or what its hypervisor shows of it, has counters but "
                 "none for this event (ENOENT); take another machine type, or a newer "
                 "kernel");
        return;
    }
    if (error == ENOENT) {
        snprintf(reason, PERF_REASON,
                 "this processor or virtual machine offers no such counter (ENOENT); "
                 "take a machine type with a PMU (bare metal, or vPMU switched on)");
        return;
    }
    for (size_t k = 0; k < sizeof meanings / sizeof *meanings; k++)
        if (meanings[k].error == error) {
            snprintf(reason, PERF_REASON, "%s", meanings[k].text);
            return;
        }
    snprintf(reason, PERF_REASON, "perf_event_open: %s; see man perf_event_open",
             strerror(error));
}

/* ---- opening ---- */

static int open_choice(size_t i, const struct choice *choice, int group)
{
    struct perf_event_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.size = sizeof attr;
    attr.type = choice->type;
    attr.config = choice->config;
    attr.disabled = group < 0; /* the others of a group follow its leader */
    attr.exclude_kernel = (events[i].traits & IN_KERNEL) == 0;
    attr.exclude_hv = 1;
    attr.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_ID |
                       PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    return under->open(&attr, group);
}

/* Opens one event into the group, or as the leader of a new one. */
static void open_event(struct perf_counters *counters, const struct core *core, size_t i,
                       int *group)
{
    struct choice choices[MOST_CHOICES];
    struct perf_counter *const c = &counters->of[i];
    const size_t n = choices_of(core, i, choices);
    int error = 0;
    for (size_t k = 0; k < n; k++) {
        int leader = *group;
        c->fd = open_choice(i, &choices[k], leader);
        if (c->fd < 0 && errno == EINVAL && leader >= 0) { /* too many for one group? */
            leader = -1;
            c->fd = open_choice(i, &choices[k], leader);
        }
        if (c->fd >= 0) {
            if (leader < 0)
                counters->leaders[counters->n_leaders++] = *group = c->fd;
            c->leader = *group;
            snprintf(c->used, sizeof c->used, "%s", choices[k].name);
            if (under->control(c->fd, PERF_EVENT_IOC_ID, &c->id) != 0)
                snprintf(c->reason, sizeof c->reason, "the event has no number: %s",
                         strerror(errno));
            return;
        }
        if (k == 0)
            error = errno;
        if (errno != ENOENT && errno != EINVAL && errno != EOPNOTSUPP)
            break;
    }
    perf_explain(i, error, c->reason);
}

static void init(struct perf_counters *counters)
{
    memset(counters, 0, sizeof *counters);
    for (size_t i = 0; i < PERF_MOST_EVENTS; i++)
        counters->of[i].fd = counters->of[i].leader = -1;
}

void perf_counters_open(struct perf_counters *counters)
{
    const struct core core = find_core();
    int group = -1;
    init(counters);
    for (size_t i = 0; i < n_perf_events; i++) {
        if (i > 0 && events[i].group != events[i - 1].group)
            group = -1;
        open_event(counters, &core, i, &group);
    }
}

/* The wall clock is read round the last group alone, the software events': its clocks run
 * inside that, so their quotient is at most 1. */
void perf_counters_enable(struct perf_counters *counters)
{
    for (size_t i = 0; i < counters->n_leaders; i++) {
        if (i + 1 == counters->n_leaders)
            clock_gettime(CLOCK_MONOTONIC, &counters->began);
        (void)under->control(counters->leaders[i], PERF_EVENT_IOC_ENABLE, NULL);
    }
}

void perf_counters_disable(struct perf_counters *counters)
{
    struct timespec now;
    for (size_t i = counters->n_leaders; i-- > 0;) {
        (void)under->control(counters->leaders[i], PERF_EVENT_IOC_DISABLE, NULL);
        if (i + 1 != counters->n_leaders)
            continue;
        clock_gettime(CLOCK_MONOTONIC, &now);
        counters->elapsed_s += (double)(now.tv_sec - counters->began.tv_sec) +
                               (double)(now.tv_nsec - counters->began.tv_nsec) * 1e-9;
    }
}

/* ---- reading ---- */

/* In doubles: each of the three operations rounds by at most one part in 2^53, so below
 * 2^50 the whole number is exact to one, far finer than what scaling itself can know;
 * and nothing wraps, as the product of two 64-bit words would. */
bool perf_scale(uint64_t count, uint64_t enabled_ns, uint64_t running_ns, double *value,
                double *share)
{
    if (running_ns == 0)
        return false;
    *value = (double)count;
    *share = 1;
    if (running_ns < enabled_ns) {
        *value = round(*value * ((double)enabled_ns / (double)running_ns));
        *share = (double)running_ns / (double)enabled_ns;
    }
    return true;
}

/* What the kernel writes for a group. */
struct group_values {
    uint64_t n, enabled_ns, running_ns;
    struct {
        uint64_t value, id;
    } of[PERF_MOST_EVENTS];
};

static void settle(struct perf_counter *c, size_t i, const struct group_values *values)
{
    uint64_t k = 0;
    while (k < values->n && values->of[k].id != c->id)
        k++;
    if (k == values->n)
        snprintf(c->reason, PERF_REASON, "the kernel returned no value for it");
    else if (values->enabled_ns == 0)
        snprintf(c->reason, PERF_REASON, "nothing was timed, so nothing was counted");
    else if (!perf_scale(values->of[k].value, values->enabled_ns, values->running_ns,
                         &c->value, &c->share))
        snprintf(c->reason, PERF_REASON,
                 "never got a hardware counter; run longer (-n), end other profilers, or "
                 "as root: sysctl kernel.nmi_watchdog=0");
    else if (values->of[k].value == 0 && perf_event_is_hardware(i) &&
             ((events[i].traits & NEVER_ZERO) != 0 ||
              strcmp(c->used, events[i].name) != 0))
        snprintf(
            c->reason, PERF_REASON,
            "%s stayed at 0 while it ran: a hypervisor filters it, or there was none; "
            "bare metal, or a machine type with a whole PMU, would tell",
            c->used);
}

static void read_group(struct perf_counters *counters, int leader)
{
    struct group_values values;
    memset(&values, 0, sizeof values);
    const ssize_t bytes = under->read(leader, &values, sizeof values);
    const int error = errno;
    const bool is_whole =
        bytes >= (ssize_t)offsetof(struct group_values, of) &&
        values.n <= PERF_MOST_EVENTS &&
        (size_t)bytes >= offsetof(struct group_values, of) + values.n * sizeof *values.of;
    for (size_t i = 0; i < n_perf_events; i++) {
        struct perf_counter *const c = &counters->of[i];
        if (c->leader != leader || c->reason[0] != '\0')
            continue;
        if (is_whole)
            settle(c, i, &values);
        else
            snprintf(c->reason, PERF_REASON, "its value could not be read: %s",
                     bytes < 0 ? strerror(error) : "the kernel returned too little");
    }
}

void perf_counters_read(struct perf_counters *counters)
{
    for (size_t i = 0; i < counters->n_leaders; i++)
        read_group(counters, counters->leaders[i]);
    for (size_t i = 0; i < PERF_MOST_EVENTS; i++)
        if (counters->of[i].fd >= 0)
            (void)under->close(counters->of[i].fd);
    counters->n_leaders = 0;
    for (size_t i = 0; i < PERF_MOST_EVENTS; i++)
        counters->of[i].fd = counters->of[i].leader = -1;
}

bool perf_event_try(size_t i, char used[PERF_NAME], char reason[PERF_REASON])
{
    struct perf_counters counters;
    const struct core core = find_core();
    int group = -1;
    init(&counters);
    open_event(&counters, &core, i, &group);
    perf_counters_enable(&counters);
    for (volatile int k = 0; k < 100000; k++) /* loads, branches, cycles */
        ;
    perf_counters_disable(&counters);
    perf_counters_read(&counters);
    snprintf(used, PERF_NAME, "%s", counters.of[i].used);
    snprintf(reason, PERF_REASON, "%s", counters.of[i].reason);
    return reason[0] == '\0';
}
