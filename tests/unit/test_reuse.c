/* SPDX-License-Identifier: MIT */
/* The curve of misses over cache sizes is exact: against distances counted one by one, and
 * against a fully associative LRU cache at each of its points. */
#include "unit.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include "permutation.h"
#include "sim/hierarchy.h"
#include "sim/reuse.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define IS_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static struct reuse *make(void)
{
    struct reuse *const reuse = reuse_create();
    assert_non_null(reuse);
    return reuse;
}

static void touch(struct reuse *reuse, uint64_t line, bool is_counted)
{
    assert_true(reuse_access(reuse, line, is_counted));
}

/* Misses of a cache of so many lines, which must be a point of the curve or beyond it. */
static uint64_t misses_at(const struct reuse *reuse, uint64_t lines)
{
    uint64_t size = 0, misses = 0;
    for (size_t i = 0; i < reuse_points(reuse); i++) {
        misses = reuse_misses(reuse, i, &size);
        if (size == lines)
            return misses;
    }
    assert_true(lines > size);
    return misses;
}

static void points_are_four_to_a_doubling(void **state)
{
    static const uint64_t sizes[] = {8,  10, 12, 14, 16, 20, 24,  28, 32,
                                     40, 48, 56, 64, 80, 96, 112, 128};
    (void)state;
    struct reuse *const reuse = make();
    uint64_t lines;
    expect_u64("one point at least", 0, reuse_points(reuse), 1);
    for (unsigned round = 0; round < 2; round++)
        for (uint64_t line = 0; line < 128; line++)
            touch(reuse, line, true);
    expect_u64("points", 0, reuse_points(reuse), N_OF(sizes));
    for (size_t i = 0; i < N_OF(sizes); i++) {
        const uint64_t misses = reuse_misses(reuse, i, &lines);
        expect_u64("size of point", i, lines, sizes[i]);
        expect_u64("misses of point", i, misses, sizes[i] >= 128 ? 128 : 256);
    }
    reuse_destroy(reuse);
}

/* A cycle over d + 1 lines has distance d: a cache of d lines misses, one of d + 1 hits. */
static void a_distance_just_fits_or_just_does_not(void **state)
{
    (void)state;
    for (uint64_t size = 8; size <= 4096; size += size < 64 ? 2 : size / 4) {
        if ((size & (size - 1)) != 0 && size > 64)
            continue;
        for (uint64_t over = 0; over < 2; over++) {
            struct reuse *const reuse = make();
            for (unsigned round = 0; round < 3; round++)
                for (uint64_t line = 0; line < size + over; line++)
                    touch(reuse, line, true);
            if (size <= 16 || (size & (size - 1)) == 0)
                expect_u64("cache of lines", size, misses_at(reuse, size),
                           (size + over) * (over == 0 ? 1 : 3));
            reuse_destroy(reuse);
        }
    }
}

static void what_is_not_counted_still_moves_to_the_front(void **state)
{
    (void)state;
    struct reuse *const reuse = make();
    for (uint64_t line = 0; line < 100; line++)
        touch(reuse, line, false);
    expect_u64("accesses", 0, reuse_accesses(reuse), 0);
    expect_u64("misses", 0, misses_at(reuse, 8), 0);
    touch(reuse, 0, false);
    touch(reuse, 0, true);
    touch(reuse, 1, true);
    expect_u64("accesses", 0, reuse_accesses(reuse), 2);
    expect_u64("0 was in front, 1 far behind", 0, misses_at(reuse, 8), 1);
    expect_u64("neither is a first touch", 0, misses_at(reuse, 1 << 20), 0);
    reuse_destroy(reuse);
}

/* ---- against distances counted one by one ---- */

enum { N_TRACE = 4000 };

/* Some lines often, most seldom; phases that use other lines. */
static uint64_t line_of(uint64_t i)
{
    const uint64_t r = random_u64(12, i);
    const uint64_t phase = i / 1000 * 100;
    return phase + (r % 4 == 0 ? (r >> 8) % 700 : (r >> 8) % 30) * 1000003;
}

static bool occurs(const uint64_t *lines, size_t from, size_t to, uint64_t line)
{
    for (size_t i = from; i < to; i++)
        if (lines[i] == line)
            return true;
    return false;
}

/* Different lines since the last access to this one; UINT64_MAX: there was none. */
static uint64_t distance_of(const uint64_t *lines, size_t at)
{
    uint64_t n = 0;
    for (size_t i = at; i-- > 0;) {
        if (lines[i] == lines[at])
            return n;
        n += !occurs(lines, i + 1, at, lines[i]);
    }
    return UINT64_MAX;
}

static void distances_are_those_counted_one_by_one(void **state)
{
    static uint64_t lines[N_TRACE], distances[N_TRACE];
    (void)state;
    struct reuse *const reuse = make();
    for (size_t i = 0; i < N_TRACE; i++) {
        lines[i] = line_of(i);
        touch(reuse, lines[i], true);
        distances[i] = distance_of(lines, i);
    }
    for (size_t point = 0; point < reuse_points(reuse); point++) {
        uint64_t size, wanted = 0;
        const uint64_t misses = reuse_misses(reuse, point, &size);
        for (size_t i = 0; i < N_TRACE; i++)
            wanted += distances[i] >= size;
        expect_u64("cache of lines", size, misses, wanted);
    }
    reuse_destroy(reuse);
}

/* ---- against caches ---- */

/* Fully associative caches, as far as the model has ways. The trace is long enough for
 * times to be numbered anew many times, and for more times and places. */
static void each_point_is_a_fully_associative_cache(void **state)
{
    enum { N = 300000, MOST_LINES = 64 };
    (void)state;
    struct reuse *const reuse = make();
    for (uint64_t i = 0; i < N; i++)
        touch(reuse, i % 50 == 0 ? 1000 + i : random_u64(13, i) % 90, true);
    for (size_t point = 0; point < reuse_points(reuse); point++) {
        uint64_t size;
        const uint64_t misses = reuse_misses(reuse, point, &size);
        if (size > MOST_LINES)
            break;
        const struct sim_geometry geometry = {
            {{size * 64, (unsigned)size}}, 1, 64, {{0, 0}, {0, 0}}, 4096};
        const struct sim_model model = {SIM_LRU, 0, SIM_NEITHER, false, false};
        struct hierarchy *const cache = hierarchy_create(&geometry, &model);
        assert_non_null(cache);
        for (uint64_t i = 0; i < N; i++)
            (void)hierarchy_access(cache, i % 50 == 0 ? 1000 + i : random_u64(13, i) % 90,
                                   SIM_LOAD);
        expect_u64("cache of lines", size, misses, hierarchy_events(cache)->misses[0]);
        hierarchy_destroy(cache);
    }
    reuse_destroy(reuse);
}

/* A few rounds over many lines, so that nearly all times are in use when they run out. */
static void long_cycles_stay_exact(void **state)
{
    (void)state;
    for (uint64_t n = 1 << 10; n <= 1 << 17; n *= 2) {
        struct reuse *const reuse = make();
        for (unsigned round = 0; round < 4; round++)
            for (uint64_t i = 0; i < n; i++)
                touch(reuse, round % 2 == 0 ? i : n - 1 - i, true);
        /* there and back: the i-th from the turn has i others since */
        for (uint64_t size = 1 << 9; size <= n; size *= 2)
            expect_u64("cache of lines", size, misses_at(reuse, size),
                       n + 3 * (n - size));
        reuse_destroy(reuse);
    }
}

static void the_curve_never_rises_and_ends_at_first_touches(void **state)
{
    (void)state;
    struct reuse *const reuse = make();
    for (uint64_t i = 0; i < 200000; i++)
        touch(reuse, random_u64(14, i) % (1 + random_u64(15, i) % 30000), true);
    uint64_t size, before = UINT64_MAX, misses = 0;
    for (size_t point = 0; point < reuse_points(reuse); point++) {
        misses = reuse_misses(reuse, point, &size);
        assert_true(misses <= before);
        before = misses;
    }
    assert_in_range(misses, 20000, 30000);
    reuse_destroy(reuse);
}

/* ---- out of memory ---- */

/* Touches new lines until memory ends, with at most `bytes` of it. Returns what is wrong. */
static int run_out_of_memory(rlim_t bytes)
{
    const struct rlimit limit = {bytes, bytes};
    struct reuse *const reuse = reuse_create();
    uint64_t n = 0, size;
    if (reuse == NULL || setrlimit(RLIMIT_AS, &limit) != 0)
        return 1;
    while (n < (uint64_t)1 << 26 && reuse_access(reuse, n, true))
        n++;
    if (n == (uint64_t)1 << 26)
        return 2; /* memory never ended */
    if (reuse_accesses(reuse) != n || reuse_misses(reuse, 0, &size) != n)
        return 3; /* the access that failed was counted */
    if (reuse_points(reuse) != 1)
        return 4;
    reuse_destroy(reuse);
    return 0;
}

static void without_memory_what_was_seen_stands(void **state)
{
    int status = 0;
    (void)state;
    if (IS_SANITIZED) /* whose own memory is beyond any such limit */
        return;
    const pid_t child = fork();
    if (child == 0)
        _exit(run_out_of_memory((rlim_t)96 << 20));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_four_to_a_doubling),
        cmocka_unit_test(a_distance_just_fits_or_just_does_not),
        cmocka_unit_test(what_is_not_counted_still_moves_to_the_front),
        cmocka_unit_test(distances_are_those_counted_one_by_one),
        cmocka_unit_test(each_point_is_a_fully_associative_cache),
        cmocka_unit_test(long_cycles_stay_exact),
        cmocka_unit_test(the_curve_never_rises_and_ends_at_first_touches),
        cmocka_unit_test(without_memory_what_was_seen_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
