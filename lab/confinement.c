/* SPDX-License-Identifier: MIT */
/* What a child may use: one processor, so much memory, pages of one kind.
 *
 * Method. Memory: RLIMIT_DATA, which counts writable private memory as it is mapped, so
 * that a map is refused memory before the machine has none; by default nine tenths of
 * what is free, of the control group if that is less. Should the kernel still run out, it
 * is told to take the child first. Pages: PR_SET_THP_DISABLE for 4k. For thp, glibc's
 * heap asks for huge pages itself (its tunable hugetlb), and so does the allocator that
 * maps are given. What it does not do. With thp a subject that maps memory itself is paged
 * as the kernel decides; the metric huge_page_bytes tells what came of it. */
#include "confinement.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "control_group.h"
#include "names.h"
#include "number.h"
#include "small_file.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0 /* a sanitizer's shadow is private memory by the terabyte */
#endif

static const char *const thp_switch = "/sys/kernel/mm/transparent_hugepage/enabled";
static const char *const thp_tunable = "glibc.malloc.hugetlb=1";
static const uint64_t LEAST_MEMORY = 16000000;

const char *const pages_names[] = {"default", "4k", "thp"};

/* Nine tenths of the memory that is free, or 0 when that cannot be learned. */
static uint64_t default_memory(void)
{
    uint64_t kilobytes;
    if (!small_file_number("/proc/meminfo", "MemAvailable:", &kilobytes))
        return 0;
    const double group = control_group_free_bytes();
    uint64_t bytes = kilobytes * 1024;
    if (group < (double)bytes)
        bytes = (uint64_t)group;
    return bytes / 10 * 9;
}

/* The processors this process may run on. */
static bool allowed_cpus(cpu_set_t *allowed)
{
    return sched_getaffinity(0, sizeof *allowed, allowed) == 0;
}

static bool read_cpu(int *cpu, const char *text, struct complaint *complaint)
{
    uint64_t number;
    cpu_set_t allowed;
    if (strcmp(text, "none") == 0) {
        *cpu = CPU_ANY;
        return true;
    }
    if (!parse_u64(text, &number) || number >= CPU_SETSIZE)
        return complain(complaint,
                        "--cpu '%.80s' is no processor's number; none: do not pin", text);
    *cpu = (int)number;
    return !allowed_cpus(&allowed) || CPU_ISSET((size_t)*cpu, &allowed) ||
           complain(complaint,
                    "--cpu %d: this process may not run there; see taskset -p $$ for "
                    "those it may",
                    *cpu);
}

bool confinement_read(struct confinement *confinement, const char *pages, const char *cpu,
                      const char *memory, struct complaint *complaint)
{
    confinement->pages = PAGES_DEFAULT;
    confinement->cpu = CPU_LAST;
    if (pages != NULL &&
        !name_is_one_of("kind of pages", pages, pages_names, N_PAGES, complaint))
        return false;
    for (int i = 0; i < N_PAGES; i++)
        if (pages != NULL && strcmp(pages, pages_names[i]) == 0)
            confinement->pages = (enum pages)i;
    if (cpu != NULL && !read_cpu(&confinement->cpu, cpu, complaint))
        return false;
    confinement->memory_bytes = default_memory();
    return memory == NULL ||
           parse_count("--memory-limit", memory, LEAST_MEMORY, INT64_MAX,
                       &confinement->memory_bytes, complaint);
}

bool confinement_check(const struct confinement *confinement, struct complaint *complaint)
{
    char line[128];
    if (confinement->pages != PAGES_THP)
        return true;
    if (!small_file_line(thp_switch, line, sizeof line))
        return complain(complaint,
                        "--pages thp: %s: %s; this kernel has no transparent "
                        "huge pages, or /sys is not mounted",
                        thp_switch, strerror(errno));
    return strstr(line, "[never]") == NULL ||
           complain(complaint,
                    "--pages thp: transparent huge pages are switched off; as "
                    "root: echo madvise > %s",
                    thp_switch);
}

bool confinement_is_prepared(const struct confinement *confinement)
{
    const char *const tunables = getenv("GLIBC_TUNABLES");
    return confinement->pages != PAGES_THP ||
           (tunables != NULL && strstr(tunables, thp_tunable) != NULL);
}

void confinement_prepare(const struct confinement *confinement)
{
    char text[512];
    const char *const before = getenv("GLIBC_TUNABLES");
    if (confinement->pages != PAGES_THP || confinement_is_prepared(confinement))
        return;
    const bool has_others = before != NULL && *before != '\0';
    if (snprintf(text, sizeof text, "%s%s%s", has_others ? before : "",
                 has_others ? ":" : "", thp_tunable) < (int)sizeof text)
        setenv("GLIBC_TUNABLES", text, 1);
}

/* One processor for the whole run. By default the last: the first serves interrupts. */
static void pin(int cpu)
{
    cpu_set_t allowed, one;
    CPU_ZERO(&one);
    if (cpu == CPU_ANY || !allowed_cpus(&allowed))
        return;
    for (int last = CPU_SETSIZE - 1; cpu == CPU_LAST && last >= 0; last--)
        if (CPU_ISSET((size_t)last, &allowed))
            cpu = last;
    if (cpu >= 0) {
        CPU_SET((size_t)cpu, &one);
        (void)sched_setaffinity(0, sizeof one, &one);
    }
}

void confinement_die_first(void)
{
    FILE *const file = fopen("/proc/self/oom_score_adj", "w");
    if (file != NULL) {
        fputs("1000", file);
        fclose(file);
    }
}

/* No more than the limit that this process was given itself. */
static void limit_memory(uint64_t *bytes)
{
    struct rlimit limit;
    if (*bytes == 0 || IS_SANITIZED || getrlimit(RLIMIT_DATA, &limit) != 0)
        return;
    if (limit.rlim_max > *bytes)
        limit.rlim_max = *bytes;
    limit.rlim_cur = limit.rlim_max;
    *bytes = setrlimit(RLIMIT_DATA, &limit) == 0 ? limit.rlim_cur : 0;
}

void confinement_enter(struct confinement *confinement)
{
    pin(confinement->cpu);
    limit_memory(&confinement->memory_bytes);
    if (confinement->pages == PAGES_4K)
        (void)prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

/* ---- the allocator for huge pages ---- */

static void *allocate(void *context, const om_request *request)
{
    void *const block = om_allocate(&om_allocator_default, request);
    (void)context;
    if (block != NULL && om_is_pages(request))
        (void)madvise(block, request->bytes, MADV_HUGEPAGE);
    return block;
}

static void release(void *context, void *block, const om_request *request)
{
    (void)context;
    om_release(&om_allocator_default, block, request);
}

static void advise(void *context, void *part, size_t bytes, const om_request *block,
                   om_advice advice)
{
    (void)context;
    om_advise(&om_allocator_default, part, bytes, block, advice);
}

static const om_allocator huge = {
    .allocate = allocate, .release = release, .advise = advise};

const om_allocator *confinement_allocator(const struct confinement *confinement)
{
    return confinement->pages == PAGES_THP ? &huge : &om_allocator_default;
}
