/* SPDX-License-Identifier: MIT */
/* The kernel's counters, with a kernel that refuses on demand: groups, scaling, nearest
 * events and reasons; then the real one. */
#include "unit.h"

#include <errno.h>
#include <ftw.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "instrument.h"
#include "perf_events.h"

extern const struct instrument instrument_counters;

enum { FIRST_FD = 1000, MOST_OPEN = 64 };

#define LL_LOADS  (PERF_COUNT_HW_CACHE_LL | PERF_COUNT_HW_CACHE_RESULT_ACCESS << 16)
#define LL_MISSES (PERF_COUNT_HW_CACHE_LL | PERF_COUNT_HW_CACHE_RESULT_MISS << 16)

/* ---- a kernel of our own ---- */

struct opened {
    struct perf_event_attr attr;
    int group;
    bool is_closed;
};

static struct {
    struct opened of[MOST_OPEN]; /* descriptor FIRST_FD + index */
    int n;
    int (*refuse)(const struct perf_event_attr *attr, int group); /* an errno or 0 */
    uint64_t enabled, running;
    uint64_t (*count)(const struct perf_event_attr *attr);
    ssize_t read_bytes; /* instead of all; -1: fails with EIO */
    int log[MOST_OPEN]; /* leaders enabled (positive) and disabled (negative) */
    int n_log;
    char root[64];
} fake;

static int fake_open(struct perf_event_attr *attr, int group)
{
    const int error = fake.refuse != NULL ? fake.refuse(attr, group) : 0;
    if (error != 0) {
        errno = error;
        return -1;
    }
    assert_true(fake.n < MOST_OPEN);
    fake.of[fake.n].attr = *attr;
    fake.of[fake.n].group = group;
    return FIRST_FD + fake.n++;
}

static uint64_t id_of(int fd)
{
    return (uint64_t)fd * 7;
}

static int fake_control(int fd, unsigned long request, void *argument)
{
    assert_true(fd >= FIRST_FD && fd < FIRST_FD + fake.n);
    if (request == PERF_EVENT_IOC_ID)
        *(uint64_t *)argument = id_of(fd);
    else
        fake.log[fake.n_log++] = request == PERF_EVENT_IOC_ENABLE ? fd : -fd;
    return 0;
}

/* The group's values, last opened first: only the number says whose each is. */
static ssize_t fake_read(int fd, void *to, size_t bytes)
{
    uint64_t *const words = to;
    size_t n = 0;
    if (fake.read_bytes < 0) {
        errno = EIO;
        return -1;
    }
    for (int i = fake.n; i-- > 0;) {
        if (FIRST_FD + i != fd && fake.of[i].group != fd)
            continue;
        words[3 + 2 * n] = fake.count != NULL ? fake.count(&fake.of[i].attr) : 12;
        words[4 + 2 * n] = id_of(FIRST_FD + i);
        n++;
    }
    words[0] = n;
    words[1] = fake.enabled;
    words[2] = fake.running;
    assert_true((3 + 2 * n) * 8 <= bytes);
    return fake.read_bytes != 0 ? fake.read_bytes : (ssize_t)((3 + 2 * n) * 8);
}

static int fake_close(int fd)
{
    assert_false(fake.of[fd - FIRST_FD].is_closed);
    fake.of[fd - FIRST_FD].is_closed = true;
    return 0;
}

static const struct perf_system system_of_tests = {fake_open, fake_control, fake_read,
                                                   fake_close, fake.root};

/* A file below the root, with its folders. */
static void put(const char *path, const char *text)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s%s", fake.root, path);
    for (char *c = whole + strlen(fake.root) + 1; *c != '\0'; c++)
        if (*c == '/') {
            *c = '\0';
            (void)mkdir(whole, 0700);
            *c = '/';
        }
    FILE *const file = fopen(whole, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void put_paranoid(const char *level)
{
    put("/proc/sys/kernel/perf_event_paranoid", level);
}

#define PMU(name) "/sys/bus/event_source/devices/" name

static int set_up(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    fake.enabled = fake.running = 1000;
    perf_use_system(&system_of_tests);
    return make_folder(fake.root);
}

static int delete_one(const char *path, const struct stat *s, int type, struct FTW *at)
{
    (void)s, (void)type, (void)at;
    return remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    perf_use_system(NULL);
    return nftw(fake.root, delete_one, 8, FTW_DEPTH | FTW_PHYS);
}

static size_t event(const char *name)
{
    for (size_t i = 0; i < n_perf_events; i++)
        if (strcmp(perf_event_name(i), name) == 0)
            return i;
    fail_msg("no event %s", name);
    return 0;
}

/* Opens, counts and reads all. */
static const struct perf_counters *run(void)
{
    static struct perf_counters counters;
    perf_counters_open(&counters);
    perf_counters_enable(&counters);
    perf_counters_disable(&counters);
    perf_counters_read(&counters);
    return &counters;
}

static const struct perf_counter *of(const struct perf_counters *counters,
                                     const char *name)
{
    return &counters->of[event(name)];
}

/* ---- reasons ---- */

static int the_errno;

static int refuse_all(const struct perf_event_attr *attr, int group)
{
    (void)attr, (void)group;
    return the_errno;
}

static void every_errno_says_what_it_means_and_the_remedy(void **state)
{
    static const struct {
        int error;
        const char *name, *meaning, *remedy;
    } known[] = {
        {ENOENT, "(ENOENT)", "offers no such counter", "machine type with a PMU"},
        {EACCES, "(EACCES)", "perf_event_paranoid is 4",
         "sysctl kernel.perf_event_paranoid=2"},
        {EPERM, "(EPERM)", "perf_event_paranoid is 4", "--cap-add PERFMON"},
        {EOPNOTSUPP, "(EOPNOTSUPP)", "cannot do this", "machine type"},
        {EMFILE, "(EMFILE)", "too many open files", "ulimit -n"},
        {EBUSY, "(EBUSY)", "NMI watchdog", "sysctl kernel.nmi_watchdog=0"},
        {EINVAL, "(EINVAL)", "does not know this event", "newer kernel"},
        {ENOSYS, "(ENOSYS)", "CONFIG_PERF_EVENTS", "another kernel"},
        {ENODEV, "(ENODEV)", "no such counter", "machine type with a PMU"},
        {ENOSPC, "(ENOSPC)", "all hardware counters are taken", "nmi_watchdog=0"},
        {EIO, "Input/output error", "perf_event_open", "man perf_event_open"},
    };
    (void)state;
    put_paranoid("4\n");
    fake.refuse = refuse_all;
    for (size_t k = 0; k < N_OF(known); k++) {
        the_errno = known[k].error;
        const struct perf_counters *const counters = run();
        for (size_t i = 0; i < n_perf_events; i++) {
            const struct perf_counter *const c = &counters->of[i];
            if (perf_event_is_hardware(i))
                expect_part(c->reason, known[k].remedy);
            expect_part(c->reason, known[k].meaning);
            expect_part(c->reason, known[k].name);
            assert_null(strchr(c->reason, '\n'));
            assert_true(strlen(c->reason) + 1 < PERF_REASON); /* not cut off */
            assert_int_equal(c->fd, -1);
        }
        assert_int_equal(fake.n_log, 0);
    }
}

static void what_happens_in_the_kernel_needs_a_lower_level(void **state)
{
    (void)state;
    put_paranoid("2\n");
    the_errno = EACCES;
    fake.refuse = refuse_all;
    const struct perf_counters *const counters = run();
    expect_part(of(counters, "context-switches")->reason,
                "sysctl kernel.perf_event_paranoid=1");
    expect_part(of(counters, "cycles")->reason, "a seccomp profile");
    expect_part(of(counters, "cycles")->reason, "although kernel.perf_event_paranoid is");
}

static void a_refusal_without_the_level_still_has_a_remedy(void **state)
{
    (void)state;
    the_errno = EPERM;
    fake.refuse = refuse_all;
    const struct perf_counters *const counters = run();
    expect_part(of(counters, "cycles")->reason, "cannot be read");
    expect_part(of(counters, "cycles")->reason, "--cap-add PERFMON");
}

static void a_machine_with_counters_is_not_told_to_get_some(void **state)
{
    (void)state;
    put(PMU("cpu/type"), "4\n");
    the_errno = ENOENT;
    fake.refuse = refuse_all;
    expect_part(of(run(), "LLC-loads")->reason, "none for this event (ENOENT)");
}

static void trying_one_event_says_what_running_all_would(void **state)
{
    char used[PERF_NAME], reason[PERF_REASON];
    (void)state;
    assert_true(perf_event_try(event("cycles"), used, reason));
    assert_string_equal(used, "cycles");
    assert_int_equal(fake.n, 1);
    assert_true(fake.of[0].is_closed);
    the_errno = EBUSY;
    fake.refuse = refuse_all;
    assert_false(perf_event_try(event("cycles"), used, reason));
    expect_part(reason, "(EBUSY)");
    fake.refuse = NULL;
    fake.running = 0;
    assert_false(perf_event_try(event("cycles"), used, reason));
    expect_part(reason, "never got a hardware counter");
}

/* ---- groups ---- */

static const struct opened *opened_by(const struct perf_counters *counters,
                                      const char *name)
{
    return &fake.of[of(counters, name)->fd - FIRST_FD];
}

static void groups_hold_what_is_divided_and_four_counters_at_most(void **state)
{
    static const char *const pairs[][2] = {{"cache-references", "cache-misses"},
                                           {"L1-dcache-loads", "L1-dcache-load-misses"},
                                           {"LLC-loads", "LLC-load-misses"},
                                           {"cycles", "instructions"},
                                           {"branches", "branch-misses"},
                                           {"cycles", "branches"},
                                           {"context-switches", "task-clock"}};
    struct perf_counters counters;
    (void)state;
    perf_counters_open(&counters);
    for (size_t i = 0; i < N_OF(pairs); i++)
        assert_int_equal(of(&counters, pairs[i][0])->leader,
                         of(&counters, pairs[i][1])->leader);
    for (size_t k = 0; k < counters.n_leaders; k++) {
        size_t n_hardware = 0;
        for (size_t i = 0; i < n_perf_events; i++)
            n_hardware +=
                perf_event_is_hardware(i) && counters.of[i].leader == counters.leaders[k];
        assert_true(n_hardware <= 4);
    }
    assert_int_equal(counters.n_leaders, 5);
    perf_counters_read(&counters);
}

static void only_user_mode_is_counted_but_for_what_is_the_kernels(void **state)
{
    struct perf_counters counters;
    (void)state;
    perf_counters_open(&counters);
    for (size_t i = 0; i < n_perf_events; i++) {
        const struct opened *const o = opened_by(&counters, perf_event_name(i));
        const bool is_kernels =
            i == event("context-switches") || i == event("cpu-migrations");
        assert_int_equal(o->attr.exclude_kernel, !is_kernels);
        assert_int_equal(o->attr.inherit, 0);
        assert_int_equal(o->attr.disabled, o->group < 0);
    }
    perf_counters_read(&counters);
}

static int refuse_leaders(const struct perf_event_attr *attr, int group)
{
    (void)group;
    const bool is_cycles =
        attr->type == PERF_TYPE_HARDWARE && attr->config == PERF_COUNT_HW_CPU_CYCLES;
    const bool is_references = attr->type == PERF_TYPE_HARDWARE &&
                               attr->config == PERF_COUNT_HW_CACHE_REFERENCES;
    return is_cycles || is_references ? ENOENT : 0;
}

static void the_next_event_leads_when_the_first_cannot(void **state)
{
    struct perf_counters counters;
    (void)state;
    fake.refuse = refuse_leaders;
    perf_counters_open(&counters);
    assert_int_equal(opened_by(&counters, "instructions")->group, -1);
    assert_int_equal(opened_by(&counters, "instructions")->attr.disabled, 1);
    assert_int_equal(opened_by(&counters, "branches")->group,
                     of(&counters, "instructions")->fd);
    assert_int_equal(opened_by(&counters, "cache-misses")->group, -1);
    perf_counters_read(&counters);
    expect_part(of(&counters, "cycles")->reason, "(ENOENT)");
    assert_string_equal(of(&counters, "branches")->reason, "");
    assert_true(of(&counters, "branches")->value == 12);
}

static int refuse_third(const struct perf_event_attr *attr, int group)
{
    (void)attr;
    int n = 0;
    for (int i = 0; group >= 0 && i < fake.n; i++)
        n += FIRST_FD + i == group || fake.of[i].group == group;
    return n >= 2 ? EINVAL : 0;
}

static void a_group_too_large_for_the_processor_is_split(void **state)
{
    struct perf_counters counters;
    (void)state;
    fake.refuse = refuse_third;
    perf_counters_open(&counters);
    assert_int_equal(opened_by(&counters, "dTLB-load-misses")->group, -1);
    assert_int_equal(opened_by(&counters, "branches")->group, -1);
    assert_int_equal(opened_by(&counters, "branch-misses")->group,
                     of(&counters, "branches")->fd);
    perf_counters_read(&counters);
    for (size_t i = 0; i < n_perf_events; i++)
        assert_string_equal(counters.of[i].reason, "");
}

static void software_is_enabled_last_and_disabled_first(void **state)
{
    struct perf_counters counters;
    (void)state;
    perf_counters_open(&counters);
    perf_counters_enable(&counters);
    perf_counters_disable(&counters);
    assert_int_equal(fake.n_log, 10);
    const int software = of(&counters, "context-switches")->fd;
    assert_int_equal(fake.log[4], software);
    assert_int_equal(fake.log[5], -software);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(fake.log[i], -fake.log[9 - i]);
        assert_int_equal(fake.of[fake.log[i] - FIRST_FD].group, -1);
    }
    perf_counters_read(&counters);
    for (int i = 0; i < fake.n; i++)
        assert_true(fake.of[i].is_closed);
}

/* ---- values ---- */

static void scaling_agrees_with_perf(void **state)
{
    double value = 0, share = 0;
    (void)state;
    /* perf stat prints 150,015 (66.66%): 100,000 counted in 1.9998 s of 3 s */
    assert_true(perf_scale(100000, 3000000000, 1999800000, &value, &share));
    assert_true(value == 150015);
    assert_true(share == 0.6666);
    assert_true(perf_scale(7, 1000, 1000, &value, &share));
    assert_true(value == 7 && share == 1);
    assert_true(perf_scale(7, 1000, 1001, &value, &share)); /* read in between */
    assert_true(value == 7 && share == 1);
    assert_true(perf_scale(0, 1000, 10, &value, &share));
    assert_true(value == 0 && share == 0.01);
    assert_false(perf_scale(7, 1000, 0, &value, &share));
    assert_false(perf_scale(0, 0, 0, &value, &share));
}

static void scaling_does_not_wrap(void **state)
{
    double value, share;
    (void)state;
    /* the product is 2^80 and more */
    assert_true(perf_scale((uint64_t)1 << 48, (uint64_t)3 << 40, (uint64_t)1 << 40,
                           &value, &share));
    assert_true(value == 3.0 * 281474976710656.0);
    assert_true(perf_scale(UINT64_MAX, UINT64_MAX, 1, &value, &share));
    assert_true(value > 3.4e38 && value < 3.5e38 && share > 0);
}

static uint64_t count_config(const struct perf_event_attr *attr)
{
    return attr->config + 1000 * attr->type + 1;
}

static void values_find_their_events_by_number(void **state)
{
    (void)state;
    fake.count = count_config;
    fake.enabled = 4000;
    fake.running = 1000;
    const struct perf_counters *const counters = run();
    assert_true(of(counters, "cycles")->value == 4 * (PERF_COUNT_HW_CPU_CYCLES + 1));
    assert_true(of(counters, "branch-misses")->value ==
                4 * (PERF_COUNT_HW_BRANCH_MISSES + 1));
    assert_true(of(counters, "task-clock")->value ==
                4 * (PERF_COUNT_SW_TASK_CLOCK + 1001));
    assert_true(of(counters, "LLC-loads")->value == 4 * (LL_LOADS + 3001));
    assert_true(of(counters, "cycles")->share == 0.25);
}

static uint64_t count_nothing(const struct perf_event_attr *attr)
{
    (void)attr;
    return 0;
}

static void what_never_ran_is_absent_and_never_zero(void **state)
{
    (void)state;
    fake.running = 0;
    const struct perf_counters *const counters = run();
    for (size_t i = 0; i < n_perf_events; i++)
        expect_part(counters->of[i].reason, "never got a hardware counter");
    fake.n = 0;
    fake.enabled = 0;
    memset(fake.of, 0, sizeof fake.of);
    expect_part(of(run(), "cycles")->reason, "nothing was timed");
}

static void a_zero_is_believed_where_it_can_be_true(void **state)
{
    (void)state;
    fake.count = count_nothing;
    const struct perf_counters *const counters = run();
    expect_part(of(counters, "cycles")->reason, "stayed at 0");
    expect_part(of(counters, "instructions")->reason, "hypervisor");
    assert_string_equal(of(counters, "cache-misses")->reason, "");
    assert_string_equal(of(counters, "context-switches")->reason, "");
    assert_true(of(counters, "context-switches")->value == 0);
}

static void a_failed_read_is_a_reason(void **state)
{
    (void)state;
    fake.read_bytes = -1;
    expect_part(of(run(), "cycles")->reason, "could not be read: Input/output error");
    fake.n = 0;
    memset(fake.of, 0, sizeof fake.of);
    fake.read_bytes = 24; /* the head, without the values it speaks of */
    expect_part(of(run(), "cycles")->reason, "too little");
}

/* ---- nearest events ---- */

static int refuse_last_level(const struct perf_event_attr *attr, int group)
{
    (void)group;
    return attr->type == PERF_TYPE_HW_CACHE && (attr->config & 0xff) == 2 ? ENOENT : 0;
}

static void put_cpu(const char *vendor, unsigned family, unsigned model)
{
    char text[256];
    snprintf(text, sizeof text,
             "processor\t: 0\nvendor_id\t: %s\ncpu family\t: %u\nmodel\t\t: %u\n"
             "model name\t: AMD EPYC 7B12\n\nprocessor\t: 1\ncpu family\t: 99\n",
             vendor, family, model);
    put("/proc/cpuinfo", text);
}

static void amd_counts_fills_from_beyond_its_own_l2(void **state)
{
    static const struct {
        const char *vendor;
        unsigned family, model;
        uint64_t loads, misses; /* 0: none */
    } cpus[] = {
        {"AuthenticAMD", 0x17, 0x01, 0, 0},           /* Zen */
        {"AuthenticAMD", 0x17, 0x31, 0x5a43, 0x5843}, /* Zen 2 */
        {"AuthenticAMD", 0x19, 0x01, 0x5e43, 0x5c43}, /* Zen 3 */
        {"AuthenticAMD", 0x19, 0x11, 0x5e43, 0x5c43}, /* Zen 4 */
        {"AuthenticAMD", 0x1a, 0x02, 0x5e43, 0x5c43}, /* Zen 5 */
        {"HygonGenuine", 0x18, 0x01, 0, 0},           {"GenuineIntel", 0x19, 0x01, 0, 0},
    };
    (void)state;
    fake.refuse = refuse_last_level;
    for (size_t i = 0; i < N_OF(cpus); i++) {
        struct perf_counters counters;
        fake.n = 0;
        memset(fake.of, 0, sizeof fake.of);
        put_cpu(cpus[i].vendor, cpus[i].family, cpus[i].model);
        perf_counters_open(&counters);
        const struct perf_counter *const loads = of(&counters, "LLC-loads");
        if (cpus[i].loads == 0) {
            expect_part(loads->reason, "(ENOENT)");
            perf_counters_read(&counters);
            continue;
        }
        expect_u64("loads", i, opened_by(&counters, "LLC-loads")->attr.config,
                   cpus[i].loads);
        expect_u64("misses", i, opened_by(&counters, "LLC-load-misses")->attr.config,
                   cpus[i].misses);
        assert_int_equal(opened_by(&counters, "LLC-loads")->attr.type, PERF_TYPE_RAW);
        expect_part(loads->used, cpus[i].family == 0x17
                                     ? "ls_refills_from_sys (event=0x43,umask=0x5a)"
                                     : "ls_dmnd_fills_from_sys (event=0x43,umask=0x5e)");
        perf_counters_read(&counters);
    }
}

static void a_nearest_event_that_stays_at_zero_is_absent(void **state)
{
    (void)state;
    put_cpu("AuthenticAMD", 0x1a, 2);
    fake.refuse = refuse_last_level;
    fake.count = count_nothing;
    expect_part(of(run(), "LLC-loads")->reason, "ls_dmnd_fills_from_sys");
}

static void arm_falls_back_on_what_the_core_lists(void **state)
{
    struct perf_counters counters;
    (void)state;
    put(PMU("armv8_pmuv3_0/cpus"), "0-1023\n");
    put(PMU("armv8_pmuv3_0/type"), "8\n");
    put(PMU("armv8_pmuv3_0/events/l3d_cache"), "event=0x002b\n"); /* without refills */
    put(PMU("armv8_pmuv3_0/events/l2d_cache"), "event=0x0016\n");
    put(PMU("armv8_pmuv3_0/events/l2d_cache_refill"), "event=0x0017\n");
    fake.refuse = refuse_last_level;
    perf_counters_open(&counters);
    assert_string_equal(of(&counters, "LLC-loads")->used, "l2d_cache");
    assert_string_equal(of(&counters, "LLC-load-misses")->used, "l2d_cache_refill");
    assert_int_equal(opened_by(&counters, "LLC-loads")->attr.config, 0x16);
    assert_int_equal(opened_by(&counters, "LLC-loads")->attr.type, 8);
    assert_string_equal(of(&counters, "cycles")->used, "cycles");
    perf_counters_read(&counters);
}

static int refuse_upper_half(const struct perf_event_attr *attr, int group)
{
    (void)group;
    return attr->config >> 32 != 0 ? EINVAL : 0;
}

static void big_and_little_cores_are_told_apart(void **state)
{
    struct perf_counters counters;
    (void)state;
    put(PMU("cpu_core/cpus"), "5000-5003\n"); /* this thread is on none of these */
    put(PMU("cpu_core/type"), "4\n");
    put(PMU("cpu_atom/cpus"), "4095,0-1023\n");
    put(PMU("cpu_atom/type"), "10\n");
    perf_counters_open(&counters);
    expect_u64("config", 0, opened_by(&counters, "instructions")->attr.config,
               (uint64_t)10 << 32 | PERF_COUNT_HW_INSTRUCTIONS);
    expect_u64("config", 1, opened_by(&counters, "task-clock")->attr.config,
               PERF_COUNT_SW_TASK_CLOCK);
    perf_counters_read(&counters);
    fake.n = 0;
    memset(fake.of, 0, sizeof fake.of);
    fake.refuse = refuse_upper_half; /* an older kernel */
    perf_counters_open(&counters);
    expect_u64("config", 2, opened_by(&counters, "instructions")->attr.config,
               PERF_COUNT_HW_INSTRUCTIONS);
    assert_int_equal(opened_by(&counters, "instructions")->group,
                     of(&counters, "cycles")->fd);
    perf_counters_read(&counters);
}

/* ---- the instrument and the real kernel ---- */

static void every_event_is_a_metric_of_the_instrument(void **state)
{
    size_t n = 0;
    (void)state;
    while (instrument_counters.metrics[n].name != NULL)
        n++;
    assert_int_equal(n, n_perf_events + 1); /* and the time that they ran */
    for (size_t i = 0; i < n_perf_events; i++)
        assert_string_equal(instrument_counters.metrics[i].name, perf_event_metric(i));
}

/* What the instrument sends of a run. */
static const char *sent(void)
{
    static char text[8192];
    struct run_facts facts = {.messages = fmemopen(text, sizeof text, "w")};
    assert_non_null(facts.messages);
    instrument_counters.start(&facts);
    instrument_counters.begin();
    instrument_counters.end(NULL);
    instrument_counters.stop();
    instrument_counters.finish(&facts);
    fclose(facts.messages);
    return text;
}

static uint64_t count_clock(const struct perf_event_attr *attr)
{
    const bool is_clock =
        attr->type == PERF_TYPE_SOFTWARE && attr->config == PERF_COUNT_SW_TASK_CLOCK;
    return is_clock ? 2500000 : 4;
}

static void the_instrument_sends_values_shares_and_reasons(void **state)
{
    (void)state;
    fake.count = count_clock;
    fake.refuse = refuse_leaders;
    const char *text = sent();
    expect_part(text, "absent cycles this processor");
    expect_part(text, "metric branches 4\n");
    expect_part(text, "metric task_clock_ms 2.5\n");
    assert_int_equal(fake.n_log, 2 * 5); /* each group on and off */
    fake.n = 0;
    memset(fake.of, 0, sizeof fake.of);
    fake.enabled = 2000;
    text = sent();
    expect_part(text, "scaled branches 8 0.5\n");
    expect_part(text, "scaled task_clock_ms 5 0.5\n");
}

enum { N_PAGES_TOUCHED = 64 };

static void touch_fresh_pages(void)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = N_PAGES_TOUCHED * page;
    char *const pages =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED);
    (void)madvise(pages, bytes, MADV_NOHUGEPAGE);
    for (size_t i = 0; i < N_PAGES_TOUCHED; i++)
        ((volatile char *)pages)[i * page] = 1;
    munmap(pages, bytes);
}

/* The value of what was had; what was refused must say why. */
static bool has(const struct perf_counters *counters, const char *name)
{
    const struct perf_counter *const c = of(counters, name);
    if (c->reason[0] != '\0')
        assert_true(strstr(c->reason, "perf_event_paranoid") != NULL ||
                    strstr(c->reason, "ENOSYS") != NULL);
    return c->reason[0] == '\0';
}

static void the_real_kernel_counts_or_says_why_not(void **state)
{
    struct perf_counters counters;
    (void)state;
    perf_use_system(NULL);
    perf_counters_open(&counters);
    touch_fresh_pages(); /* not counted: not enabled yet */
    for (int i = 0; i < 3; i++) {
        perf_counters_enable(&counters);
        touch_fresh_pages();
        (void)usleep(2000);
        perf_counters_disable(&counters);
        touch_fresh_pages();
    }
    perf_counters_read(&counters);
    if (has(&counters, "page-faults")) {
        const double n = of(&counters, "page-faults")->value;
        assert_true(n >= 3 * N_PAGES_TOUCHED && n < 4 * N_PAGES_TOUCHED);
    }
    if (has(&counters, "context-switches"))
        assert_true(of(&counters, "context-switches")->value >= 3);
    if (has(&counters, "task-clock"))
        assert_true(of(&counters, "task-clock")->value > 3 * N_PAGES_TOUCHED * 50.0);
    for (size_t i = 0; i < n_perf_events; i++) {
        char used[PERF_NAME], reason[PERF_REASON];
        const bool is_had = perf_event_try(i, used, reason);
        assert_int_equal(is_had, reason[0] == '\0');
        assert_int_equal(is_had, used[0] != '\0');
    }
}

#define WITH_FAKE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FAKE(every_errno_says_what_it_means_and_the_remedy),
        WITH_FAKE(what_happens_in_the_kernel_needs_a_lower_level),
        WITH_FAKE(a_refusal_without_the_level_still_has_a_remedy),
        WITH_FAKE(a_machine_with_counters_is_not_told_to_get_some),
        WITH_FAKE(trying_one_event_says_what_running_all_would),
        WITH_FAKE(groups_hold_what_is_divided_and_four_counters_at_most),
        WITH_FAKE(only_user_mode_is_counted_but_for_what_is_the_kernels),
        WITH_FAKE(the_next_event_leads_when_the_first_cannot),
        WITH_FAKE(a_group_too_large_for_the_processor_is_split),
        WITH_FAKE(software_is_enabled_last_and_disabled_first),
        WITH_FAKE(scaling_agrees_with_perf),
        WITH_FAKE(scaling_does_not_wrap),
        WITH_FAKE(values_find_their_events_by_number),
        WITH_FAKE(what_never_ran_is_absent_and_never_zero),
        WITH_FAKE(a_zero_is_believed_where_it_can_be_true),
        WITH_FAKE(a_failed_read_is_a_reason),
        WITH_FAKE(amd_counts_fills_from_beyond_its_own_l2),
        WITH_FAKE(a_nearest_event_that_stays_at_zero_is_absent),
        WITH_FAKE(arm_falls_back_on_what_the_core_lists),
        WITH_FAKE(big_and_little_cores_are_told_apart),
        WITH_FAKE(every_event_is_a_metric_of_the_instrument),
        WITH_FAKE(the_instrument_sends_values_shares_and_reasons),
        WITH_FAKE(the_real_kernel_counts_or_says_why_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
