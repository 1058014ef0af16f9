/* SPDX-License-Identifier: MIT */
/* Moments are thinned out evenly, whatever the length of the run, and what counts is kept:
 * the first, the last, and the three of each resize. */
#include "unit.h"

#include "moments.h"

static struct moments moments;

/* A run of so many occasions, one a nanosecond, as an instrument does it. */
static void run_of(uint64_t n)
{
    moments_init(&moments);
    for (uint64_t i = 0; i < n; i++) {
        const struct moment moment = {i * 512, i, i * 3, i * 5, i / 2};
        if (moments_is_due(&moments))
            moments_add(&moments, &moment);
    }
}

/* Every length to far beyond the room, and some long ones. */
static void thinned_out_they_are_bounded_and_evenly_spaced_from_the_first(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 1000000; n += n < 5000 ? 1 : n / 7) {
        run_of(n);
        uint64_t stride = 1;
        while (n > stride * MOMENTS_MOST)
            stride *= 2;
        expect_u64("stride", n, moments.stride, stride);
        expect_u64("moments", n, moments.n, (n + stride - 1) / stride);
        for (size_t i = 0; i < moments.n; i++)
            expect_u64("operation", n, moments.of[i].operation, i * stride * 512);
    }
}

static void the_last_moment_is_kept_once(void **state)
{
    (void)state;
    for (uint64_t n = 2; n < 3000; n++) {
        const struct moment last = {(n - 1) * 512, n + 7, 1, 2, 3};
        run_of(n);
        moments_end(&moments, &last);
        assert_true(moments.n <= MOMENTS_MOST + 1);
        assert_memory_equal(&moments.of[moments.n - 1], &last, sizeof last);
        assert_true(moments.of[moments.n - 2].operation < last.operation);
        expect_u64("first", n, moments.of[0].operation, 0);
    }
}

/* A resize from n slots, which began at `ns`. */
static struct resize_moments a_resize(size_t n, uint64_t ns)
{
    struct resize_moments resize = {.event = {n, 2 * n, 16, n, 16 * n, 32 * n}};
    resize.before.ns = ns;
    resize.most.ns = ns + 1;
    resize.behind.ns = ns + 2;
    return resize;
}

static void moments_of_resizes_stand_between_the_others_in_time(void **state)
{
    struct moments_place place = {0, 0, 0};
    const struct moment *m;
    uint64_t before = 0;
    size_t n = 0;
    (void)state;
    run_of(4096);
    for (uint64_t i = 0; i < 20; i++) {
        const struct resize_moments resize = a_resize((size_t)16 << i, i * 100 + 4);
        moments_add_resize(&moments, &resize);
    }
    while ((m = moments_next(&moments, &place)) != NULL) {
        assert_true(m->ns >= before);
        before = m->ns;
        n++;
    }
    expect_u64("all", 0, n, 512 + 3 * 20);
}

static void without_resizes_the_others_are_all(void **state)
{
    struct moments_place place = {0, 0, 0};
    size_t n = 0;
    (void)state;
    run_of(10);
    while (moments_next(&moments, &place) != NULL)
        n++;
    expect_u64("all", 0, n, 10);
}

/* The largest table, then ones that grow and are replaced by one of the same size. */
static void of_too_many_resizes_the_smallest_go_and_are_counted(void **state)
{
    enum { N = MOMENTS_MOST_RESIZES + 50 };
    (void)state;
    moments_init(&moments);
    for (uint64_t i = 0; i < N; i++) {
        const struct resize_moments resize = a_resize((size_t)16 << (i == 0   ? 21
                                                                     : i < 20 ? i
                                                                              : 20),
                                                      i);
        moments_add_resize(&moments, &resize);
    }
    expect_u64("kept", 0, moments.n_resizes, MOMENTS_MOST_RESIZES);
    expect_u64("left out", 0, moments.n_left_out, 50);
    for (size_t i = 0; i < moments.n_resizes; i++) {
        expect_u64("of the largest", i, moments.resizes[i].event.old_capacity,
                   (uint64_t)16 << (i == 0 ? 21 : 20));
        expect_u64("in order", i, moments.resizes[i].before.ns,
                   i == 0 ? 0 : N - MOMENTS_MOST_RESIZES + i);
    }
    const struct resize_moments small = a_resize(8, N);
    moments_add_resize(&moments, &small);
    expect_u64("left out", 1, moments.n_left_out, 51);
    expect_u64("the last", 1, moments.resizes[MOMENTS_MOST_RESIZES - 1].before.ns, N - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thinned_out_they_are_bounded_and_evenly_spaced_from_the_first),
        cmocka_unit_test(the_last_moment_is_kept_once),
        cmocka_unit_test(moments_of_resizes_stand_between_the_others_in_time),
        cmocka_unit_test(without_resizes_the_others_are_all),
        cmocka_unit_test(of_too_many_resizes_the_smallest_go_and_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
