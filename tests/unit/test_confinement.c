/* SPDX-License-Identifier: MIT */
/* A child gets the processor, the memory and the pages that were asked for, no more. */
#include "unit.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "confinement.h"
#include "small_file.h"

static struct complaint complaint;
static struct confinement confinement;

/* Runs `child` in a process of its own; 0 is good. */
static void in_a_child(int (*child)(void))
{
    int status;
    const pid_t pid = fork();
    if (pid == 0)
        _exit(child());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void what_is_not_given_has_a_default(void **state)
{
    (void)state;
    assert_true(confinement_read(&confinement, NULL, NULL, NULL, &complaint));
    assert_int_equal(confinement.pages, PAGES_DEFAULT);
    assert_int_equal(confinement.cpu, CPU_LAST);
    uint64_t free_kilobytes;
    if (small_file_number("/proc/meminfo", "MemAvailable:", &free_kilobytes))
        assert_true(confinement.memory_bytes > 0 &&
                    confinement.memory_bytes / 1024 < free_kilobytes * 11 / 10);
}

static void nonsense_is_refused_with_what_would_do(void **state)
{
    static const struct {
        const char *pages, *cpu, *memory, *part;
    } cases[] = {{"2m", NULL, NULL, "default, 4k, thp"},
                 {"tph", NULL, NULL, "did you mean 'thp'"},
                 {"", NULL, NULL, "kind of pages"},
                 {NULL, "first", NULL, "none: do not pin"},
                 {NULL, "-1", NULL, "no processor's number"},
                 {NULL, "99999999999", NULL, "no processor's number"},
                 {NULL, "1023", NULL, "may not run there"},
                 {NULL, NULL, "lots", "--memory-limit 'lots' is not a count"},
                 {NULL, NULL, "1k", "out of range"}};
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        assert_false(confinement_read(&confinement, cases[i].pages, cases[i].cpu,
                                      cases[i].memory, &complaint));
        expect_part(complaint.text, cases[i].part);
    }
}

static int is_pinned(void)
{
    cpu_set_t now;
    confinement.cpu = CPU_LAST;
    confinement_enter(&confinement);
    return sched_getaffinity(0, sizeof now, &now) == 0 && CPU_COUNT(&now) == 1 ? 0 : 1;
}

static int is_free_to_move(void)
{
    cpu_set_t before, now;
    sched_getaffinity(0, sizeof before, &before);
    confinement.cpu = CPU_ANY;
    confinement_enter(&confinement);
    sched_getaffinity(0, sizeof now, &now);
    return CPU_EQUAL(&before, &now) ? 0 : 1;
}

static void a_child_is_pinned_unless_it_is_not_to_be(void **state)
{
    (void)state;
    memset(&confinement, 0, sizeof confinement);
    in_a_child(is_pinned);
    in_a_child(is_free_to_move);
}

static int is_refused_memory(void)
{
    struct rlimit limit;
    confinement.memory_bytes = (uint64_t)64 << 20;
    confinement_enter(&confinement);
    getrlimit(RLIMIT_DATA, &limit);
    if (IS_SANITIZED) /* whose shadow would not fit */
        return limit.rlim_cur == RLIM_INFINITY ? 0 : 1;
    void *const small = malloc((size_t)8 << 20);
    void *const large = malloc((size_t)80 << 20);
    const bool is_good = small != NULL && large == NULL;
    free(small);
    free(large);
    return is_good ? 0 : 1;
}

static void memory_beyond_the_limit_is_refused(void **state)
{
    (void)state;
    memset(&confinement, 0, sizeof confinement);
    in_a_child(is_refused_memory);
}

static int has_no_huge_pages(void)
{
    confinement.pages = PAGES_4K;
    confinement_enter(&confinement);
    return prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 1 ? 0 : 1;
}

static void pages_of_4k_switch_huge_ones_off(void **state)
{
    (void)state;
    if (prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) < 0)
        skip(); /* a kernel without them */
    memset(&confinement, 0, sizeof confinement);
    in_a_child(has_no_huge_pages);
}

/* In a child, so that this process keeps its environment. */
static int asks_the_heap_for_huge_pages(void)
{
    confinement.pages = PAGES_THP;
    setenv("GLIBC_TUNABLES", "glibc.malloc.check=0", 1);
    if (confinement_is_prepared(&confinement))
        return 1;
    confinement_prepare(&confinement);
    confinement_prepare(&confinement); /* once more changes nothing */
    return confinement_is_prepared(&confinement) &&
                   strcmp(getenv("GLIBC_TUNABLES"),
                          "glibc.malloc.check=0:glibc.malloc.hugetlb=1") == 0
               ? 0
               : 1;
}

static void huge_pages_are_asked_for_and_other_tunables_kept(void **state)
{
    (void)state;
    memset(&confinement, 0, sizeof confinement);
    in_a_child(asks_the_heap_for_huge_pages);
}

static void the_allocator_for_huge_pages_gives_memory_like_the_default(void **state)
{
    static const size_t sizes[] = {1, 100, OM_PAGES_FROM - 1, OM_PAGES_FROM, 3 << 20};
    (void)state;
    confinement.pages = PAGES_THP;
    const om_allocator *const allocator = confinement_allocator(&confinement);
    for (size_t i = 0; i < N_OF(sizes); i++) {
        const om_request request = {sizes[i], 16, "entries", OM_ZEROED};
        unsigned char *const block = om_allocate(allocator, &request);
        assert_non_null(block);
        for (size_t j = 0; j < sizes[i]; j++)
            assert_int_equal(block[j], 0);
        om_advise(allocator, block, sizes[i], &request, OM_WILL_WRITE);
        memset(block, 1, sizes[i]);
        om_release(allocator, block, &request);
    }
    confinement.pages = PAGES_DEFAULT;
    assert_ptr_not_equal(confinement_allocator(&confinement), allocator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_given_has_a_default),
        cmocka_unit_test(nonsense_is_refused_with_what_would_do),
        cmocka_unit_test(a_child_is_pinned_unless_it_is_not_to_be),
        cmocka_unit_test(memory_beyond_the_limit_is_refused),
        cmocka_unit_test(pages_of_4k_switch_huge_ones_off),
        cmocka_unit_test(huge_pages_are_asked_for_and_other_tunables_kept),
        cmocka_unit_test(the_allocator_for_huge_pages_gives_memory_like_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
