/* SPDX-License-Identifier: MIT */
/* By what a process is sampled: the best that the kernel allows, or why nothing. */
#include "unit.h"

#include <errno.h>
#include <linux/perf_event.h>

#include "perf_sampling.h"

static struct {
    int hardware, user, kernel; /* errnos of these kinds of event, or 0 */
    int n_open;
} fake;

static int fake_open(struct perf_event_attr *attr, int group)
{
    assert_int_equal(group, -1);
    assert_true(attr->freq == 1 && attr->sample_freq > 0);
    const int error = attr->type == PERF_TYPE_HARDWARE && fake.hardware != 0
                          ? fake.hardware
                      : attr->exclude_kernel ? fake.user
                                             : fake.kernel;
    if (error != 0) {
        errno = error;
        return -1;
    }
    fake.n_open++;
    return 77;
}

static int fake_close(int fd)
{
    assert_int_equal(fd, 77);
    fake.n_open--;
    return 0;
}

static const struct perf_system system_of_tests = {fake_open, NULL, NULL, fake_close, ""};

static void expect_chosen(int hardware, int user, int kernel, const char *event,
                          bool has_kernel)
{
    struct perf_sampling sampling;
    char reason[PERF_REASON] = "";
    fake.hardware = hardware, fake.user = user, fake.kernel = kernel;
    assert_true(perf_sampling_choose(&sampling, reason));
    assert_string_equal(sampling.event, event);
    assert_int_equal(sampling.has_kernel, has_kernel);
    assert_int_equal(fake.n_open, 0);
}

static void the_best_that_is_allowed_is_taken(void **state)
{
    (void)state;
    perf_use_system(&system_of_tests);
    expect_chosen(0, 0, 0, "cycles", true);
    expect_chosen(0, 0, EACCES, "cycles", false);
    expect_chosen(ENOENT, 0, 0, "cpu-clock", true);
    expect_chosen(EOPNOTSUPP, 0, EACCES, "cpu-clock", false);
    perf_use_system(NULL);
}

static void nothing_allowed_is_told_with_a_remedy(void **state)
{
    struct perf_sampling sampling;
    char reason[PERF_REASON];
    (void)state;
    perf_use_system(&system_of_tests);
    fake.hardware = ENOENT, fake.user = fake.kernel = EACCES;
    assert_false(perf_sampling_choose(&sampling, reason));
    expect_part(reason, "perf_event");
    fake.hardware = fake.user = fake.kernel = ENOSYS;
    assert_false(perf_sampling_choose(&sampling, reason));
    expect_part(reason, "no perf_event_open");
    perf_use_system(NULL);
}

static void long_runs_are_sampled_less_often(void **state)
{
    (void)state;
    const unsigned most = perf_sampling_frequency(1000);
    assert_true(most >= 97 && most <= 3989);
    assert_true(perf_sampling_frequency(20000000) <= 398);
    assert_int_equal(perf_sampling_frequency(UINT64_C(1) << 32), 97);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_that_is_allowed_is_taken),
        cmocka_unit_test(nothing_allowed_is_told_with_a_remedy),
        cmocka_unit_test(long_runs_are_sampled_less_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
