/* SPDX-License-Identifier: MIT */
/* What each prefetcher of the cache model leaves of the misses of scans, worked out by
 * hand, and where each stops. */
#include "unit.h"

#include "permutation.h"
#include "sim/hierarchy.h"
#include "sim/prefetch.h"

enum { PAGE = 64, PAGES = 100 };

static struct hierarchy *make(unsigned prefetchers, enum sim_inclusion last_level)
{
    const struct sim_geometry geometry = {
        {{32768, 8}, {262144, 4}, {8388608, 16}}, 3, 64, {{0, 0}, {0, 0}}, 4096};
    const struct sim_model model = {SIM_LRU, prefetchers, last_level, false, false};
    struct hierarchy *const hierarchy = hierarchy_create(&geometry, &model);
    assert_non_null(hierarchy);
    return hierarchy;
}

/* Misses of loads at each level, of scanning PAGES pages, up or down. */
static struct sim_events scan(unsigned prefetchers, bool down)
{
    struct hierarchy *const hierarchy = make(prefetchers, SIM_NEITHER);
    for (uint64_t i = 0; i < PAGES * PAGE; i++)
        (void)hierarchy_access(hierarchy, down ? PAGES * PAGE - 1 - i : i, SIM_LOAD);
    const struct sim_events events = *hierarchy_events(hierarchy);
    hierarchy_destroy(hierarchy);
    return events;
}

static void expect_misses(const struct sim_events *events, uint64_t first,
                          uint64_t second, uint64_t third)
{
    expect_u64("misses of level", 1, events->demand_misses[0], first);
    expect_u64("misses of level", 2, events->demand_misses[1], second);
    expect_u64("misses of level", 3, events->demand_misses[2], third);
    for (unsigned i = 0; i < 3; i++) /* nothing is brought twice, nothing too much */
        expect_u64("fills of level", i + 1, events->fills[i], PAGES * PAGE);
}

/* Every other line is there. Downwards the next line is the one that was there before. */
static void next_line_halves_the_misses_of_a_scan(void **state)
{
    (void)state;
    const struct sim_events up = scan(SIM_NEXT_LINE, false);
    expect_misses(&up, PAGES * PAGE / 2, PAGES * PAGE / 2, PAGES * PAGE / 2);
    expect_u64("prefetches", 0, up.prefetches, PAGES * PAGE / 2);
    const struct sim_events down = scan(SIM_NEXT_LINE, true);
    expect_misses(&down, PAGES * PAGE, PAGES * PAGE, PAGES * PAGE);
    expect_u64("prefetches", 0, down.prefetches, 0);
}

/* The other half of each pair comes to the second level, not to the first. */
static void adjacent_line_halves_the_outer_misses(void **state)
{
    (void)state;
    for (unsigned down = 0; down < 2; down++) {
        const struct sim_events events = scan(SIM_ADJACENT_LINE, down != 0);
        expect_misses(&events, PAGES * PAGE, PAGES * PAGE / 2, PAGES * PAGE / 2);
        expect_u64("prefetches", 0, events.prefetches, PAGES * PAGE / 2);
    }
}

/* Two lines of each page until the direction is known; all others are there in time. */
static void stream_leaves_two_outer_misses_a_page(void **state)
{
    (void)state;
    for (unsigned down = 0; down < 2; down++) {
        const struct sim_events events = scan(SIM_STREAM, down != 0);
        expect_misses(&events, PAGES * PAGE, 2 * PAGES, 2 * PAGES);
        expect_u64("prefetches", 0, events.prefetches, PAGES * (PAGE - 2));
    }
}

/* Line 0 brings 1, whose request makes a run of two: 2 to 5 come. From then on half of the
 * lines miss the first level alone. */
static void next_line_sets_off_the_stream(void **state)
{
    (void)state;
    const struct sim_events events = scan(SIM_NEXT_LINE | SIM_STREAM, false);
    expect_misses(&events, PAGES * PAGE / 2, PAGES, PAGES);
}

static void no_prefetcher_brings_nothing(void **state)
{
    (void)state;
    const struct sim_events events = scan(0, false);
    expect_misses(&events, PAGES * PAGE, PAGES * PAGE, PAGES * PAGE);
    expect_u64("prefetches", 0, events.prefetches, 0);
}

/* Two lines at the end of a page begin a run; what follows is another page's. */
static void none_crosses_the_page(void **state)
{
    (void)state;
    for (unsigned bit = SIM_NEXT_LINE; bit <= SIM_STREAM; bit *= 2)
        for (unsigned down = 0; down < 2; down++) {
            struct hierarchy *const hierarchy = make(bit, SIM_NEITHER);
            const uint64_t edge = down ? 10 * PAGE : 10 * PAGE - 1;
            const uint64_t over = down ? edge - 1 : edge + 1;
            (void)hierarchy_access(hierarchy, down ? edge + 1 : edge - 1, SIM_LOAD);
            (void)hierarchy_access(hierarchy, edge, SIM_LOAD);
            expect_u64("beyond the page, prefetcher", bit,
                       hierarchy_access(hierarchy, over, SIM_LOAD).level, 3);
            hierarchy_destroy(hierarchy);
        }
}

static void the_stream_is_four_lines_ahead(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(SIM_STREAM, SIM_NEITHER);
    (void)hierarchy_access(hierarchy, 10, SIM_LOAD);
    (void)hierarchy_access(hierarchy, 11, SIM_LOAD);
    expect_u64("brought", 0, hierarchy_events(hierarchy)->prefetches, 4);
    expect_u64("the last", 0, hierarchy_access(hierarchy, 15, SIM_LOAD).level, 1);
    expect_u64("not yet", 0, hierarchy_access(hierarchy, 17, SIM_LOAD).level, 3);
    hierarchy_destroy(hierarchy);
}

/* Interleaved runs in as many pages as there are trackers, and in one page more. */
static void as_many_pages_are_followed_as_there_are_trackers(void **state)
{
    (void)state;
    for (uint64_t over = 0; over < 2; over++) {
        const uint64_t pages = STREAM_TRACKERS + over;
        struct hierarchy *const hierarchy = make(SIM_STREAM, SIM_NEITHER);
        for (uint64_t i = 0; i < PAGE; i++)
            for (uint64_t page = 0; page < pages; page++)
                (void)hierarchy_access(hierarchy, page * PAGE + i, SIM_LOAD);
        expect_u64("misses", pages, hierarchy_events(hierarchy)->demand_misses[1],
                   over == 0 ? 2 * pages : PAGE * pages);
        hierarchy_destroy(hierarchy);
    }
}

/* Random lines of many pages are no runs. */
static void chance_sets_off_no_stream(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(SIM_STREAM, SIM_NEITHER);
    for (uint64_t i = 0; i < 100000; i++)
        (void)hierarchy_access(hierarchy, random_u64(6, i) >> 30, SIM_LOAD);
    expect_u64("prefetches", 0, hierarchy_events(hierarchy)->prefetches, 0);
    hierarchy_destroy(hierarchy);
}

/* What an inclusive or exclusive last level must hold is held under prefetching too. */
static void prefetching_is_for_all_kinds_of_last_levels(void **state)
{
    (void)state;
    for (unsigned inclusion = 0; inclusion <= SIM_EXCLUSIVE; inclusion++) {
        struct hierarchy *const hierarchy = make(7, (enum sim_inclusion)inclusion);
        const struct sim_events *const events = hierarchy_events(hierarchy);
        for (uint64_t i = 0; i < 300000; i++) {
            const uint64_t line = random_u64(8, i / 8) % (1 << 19) + i % 8;
            (void)hierarchy_access(hierarchy, line, i % 3 == 0 ? SIM_STORE : SIM_LOAD);
        }
        uint64_t resident[3];
        for (unsigned i = 0; i < 3; i++)
            resident[i] = events->fills[i] - events->evictions[i];
        assert_in_range(resident[0], 256, 512);
        assert_in_range(resident[1], 2048, 4096);
        assert_in_range(resident[2], 65536, 131072);
        hierarchy_destroy(hierarchy);
    }
}

static void one_level_has_the_next_line_alone(void **state)
{
    const struct sim_geometry geometry = {{{32768, 8}}, 1, 64, {{0, 0}, {0, 0}}, 4096};
    const struct sim_model model = {SIM_LRU, 7, SIM_INCLUSIVE, false, false};
    (void)state;
    struct hierarchy *const hierarchy = hierarchy_create(&geometry, &model);
    assert_non_null(hierarchy);
    for (uint64_t i = 0; i < PAGES * PAGE; i++)
        (void)hierarchy_access(hierarchy, i, SIM_LOAD);
    expect_u64("misses", 0, hierarchy_events(hierarchy)->demand_misses[0],
               PAGES * PAGE / 2);
    hierarchy_destroy(hierarchy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_line_halves_the_misses_of_a_scan),
        cmocka_unit_test(adjacent_line_halves_the_outer_misses),
        cmocka_unit_test(stream_leaves_two_outer_misses_a_page),
        cmocka_unit_test(next_line_sets_off_the_stream),
        cmocka_unit_test(no_prefetcher_brings_nothing),
        cmocka_unit_test(none_crosses_the_page),
        cmocka_unit_test(the_stream_is_four_lines_ahead),
        cmocka_unit_test(as_many_pages_are_followed_as_there_are_trackers),
        cmocka_unit_test(chance_sets_off_no_stream),
        cmocka_unit_test(prefetching_is_for_all_kinds_of_last_levels),
        cmocka_unit_test(one_level_has_the_next_line_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
