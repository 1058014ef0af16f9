/* SPDX-License-Identifier: MIT */
/* TLBs reach as far as their entries, a walk reads what it must, and the kernel zeroes each
 * page once. */
#include "unit.h"

#include "permutation.h"
#include "sim/hierarchy.h"

enum { LINES_OF_PAGE = 64 };

static struct sim_geometry laptop(unsigned entries, unsigned ways, unsigned entries2,
                                  unsigned ways2)
{
    return (struct sim_geometry){{{32768, 8}, {262144, 4}, {8388608, 16}},
                                 3,
                                 64,
                                 {{entries, ways}, {entries2, ways2}},
                                 4096};
}

static struct hierarchy *make(struct sim_geometry geometry, bool walks, bool zeroes)
{
    const struct sim_model model = {SIM_LRU, 0, SIM_NEITHER, walks, zeroes};
    struct hierarchy *const hierarchy = hierarchy_create(&geometry, &model);
    assert_non_null(hierarchy);
    return hierarchy;
}

/* One access to each of `n` pages. */
static void visit(struct hierarchy *hierarchy, uint64_t n, enum sim_access access)
{
    for (uint64_t page = 0; page < n; page++)
        (void)hierarchy_access(hierarchy, page * LINES_OF_PAGE, access);
}

/* ---- reach ---- */

static void a_tlb_reaches_as_far_as_its_entries(void **state)
{
    (void)state;
    for (uint64_t over = 0; over < 2; over++) {
        struct hierarchy *const hierarchy = make(laptop(64, 64, 0, 0), false, false);
        const struct sim_events *const events = hierarchy_events(hierarchy);
        for (unsigned round = 0; round < 10; round++)
            visit(hierarchy, 64 + over, SIM_LOAD);
        expect_u64("pages", 64 + over, events->tlb_load_misses[0],
                   over == 0 ? 64 : 10 * 65);
        expect_u64("no second", 0, events->tlb_load_misses[1], 0);
        hierarchy_destroy(hierarchy);
    }
}

static void ways_bound_the_reach_too(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(64, 4, 0, 0), false, false);
    for (unsigned round = 0; round < 10; round++)
        for (uint64_t i = 0; i < 5; i++) /* 16 sets: all five in the first */
            (void)hierarchy_access(hierarchy, i * 16 * LINES_OF_PAGE, SIM_LOAD);
    expect_u64("misses", 0, hierarchy_events(hierarchy)->tlb_load_misses[0], 50);
    hierarchy_destroy(hierarchy);
}

static void the_second_tlb_backs_the_first(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(64, 4, 1536, 12), false, false);
    const struct sim_events *const events = hierarchy_events(hierarchy);
    for (unsigned round = 0; round < 10; round++)
        visit(hierarchy, 1536, SIM_LOAD);
    expect_u64("first", 0, events->tlb_load_misses[0], 15360);
    expect_u64("second", 0, events->tlb_load_misses[1], 1536);
    hierarchy_destroy(hierarchy);
}

static void loads_and_stores_are_counted_apart(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(64, 4, 128, 4), true, false);
    const struct sim_events *const events = hierarchy_events(hierarchy);
    visit(hierarchy, 1000, SIM_STORE);
    visit(hierarchy, 500, SIM_LOAD);
    visit(hierarchy, 1000, SIM_PREFETCH);
    expect_u64("stores", 0, events->tlb_store_misses[0], 1000);
    expect_u64("stores, second", 0, events->tlb_store_misses[1], 1000);
    expect_u64("loads", 0, events->tlb_load_misses[0], 500);
    expect_u64("all walk", 0, events->walk_loads >= 2500, 1);
    hierarchy_destroy(hierarchy);
}

static void a_line_in_the_cache_may_still_miss_the_tlb(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(1, 1, 0, 0), false, false);
    for (unsigned round = 0; round < 10; round++) {
        (void)hierarchy_access(hierarchy, 0, SIM_LOAD);
        (void)hierarchy_access(hierarchy, LINES_OF_PAGE + 1, SIM_LOAD);
    }
    expect_u64("lines", 0, hierarchy_events(hierarchy)->misses[0], 2);
    expect_u64("pages", 0, hierarchy_events(hierarchy)->tlb_load_misses[0], 20);
    hierarchy_destroy(hierarchy);
}

static void without_a_tlb_nothing_is_counted_or_walked(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(0, 0, 0, 0), true, false);
    const struct sim_events *const events = hierarchy_events(hierarchy);
    visit(hierarchy, 10000, SIM_LOAD);
    expect_u64("misses", 0, events->tlb_load_misses[0] + events->tlb_load_misses[1], 0);
    expect_u64("walks", 0, events->walk_loads, 0);
    expect_u64("references", 0, events->references[0], 10000);
    hierarchy_destroy(hierarchy);
}

/* ---- walks ---- */

/* 16384 pages are 32 tables of last entries, as many as the walker holds: one read a walk,
 * and one for each table. A line has 8 entries, so walks in order share it. */
static void a_walk_reads_the_last_entry(void **state)
{
    enum { PAGES = 16384, TABLES = 32 };
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(64, 4, 1536, 12), true, false);
    const struct sim_events *const events = hierarchy_events(hierarchy);
    visit(hierarchy, PAGES, SIM_LOAD);
    expect_u64("reads", 0, events->walk_loads, PAGES + TABLES);
    expect_u64("references", 0, events->references[0], PAGES + PAGES + TABLES);
    expect_u64("walks are no demand", 0, events->demand_loads[0], PAGES);
    expect_u64("lines of the program and of tables", 0, events->fills[2],
               PAGES + PAGES / 8 + TABLES / 8);
    visit(hierarchy, PAGES, SIM_LOAD);
    expect_u64("reads again", 0, events->walk_loads, 2 * PAGES + TABLES);
    hierarchy_destroy(hierarchy);
}

/* One table more than the walker holds, in turn: each walk reads both entries. */
static void beyond_the_walkers_reach_a_walk_reads_two_entries(void **state)
{
    enum { TABLES = 33, PAGES_OF_TABLE = 512, ROUNDS = 10 };
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(16, 4, 0, 0), true, false);
    for (uint64_t i = 0; i < TABLES * ROUNDS; i++)
        (void)hierarchy_access(hierarchy, i % TABLES * PAGES_OF_TABLE * LINES_OF_PAGE,
                               SIM_LOAD);
    expect_u64("reads", 0, hierarchy_events(hierarchy)->walk_loads, 2 * TABLES * ROUNDS);
    hierarchy_destroy(hierarchy);
}

static void a_model_may_leave_walks_out(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(64, 4, 1536, 12), false, false);
    visit(hierarchy, 5000, SIM_LOAD);
    expect_u64("misses", 0, hierarchy_events(hierarchy)->tlb_load_misses[1], 5000);
    expect_u64("reads", 0, hierarchy_events(hierarchy)->walk_loads, 0);
    expect_u64("references", 0, hierarchy_events(hierarchy)->references[0], 5000);
    hierarchy_destroy(hierarchy);
}

/* ---- zeroing ---- */

static void the_first_touch_zeroes_a_page_once(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(0, 0, 0, 0), false, true);
    const struct sim_events *const events = hierarchy_events(hierarchy);
    expect_u64("the page is in", 0, hierarchy_access(hierarchy, 5, SIM_LOAD).level, 0);
    expect_u64("fills", 0, events->fills[0], LINES_OF_PAGE);
    expect_u64("stores are no loads", 0, events->demand_loads[0], 1);
    expect_u64("nor are they misses of loads", 0, events->demand_misses[0], 0);
    for (unsigned round = 0; round < 3; round++)
        visit(hierarchy, 100, SIM_STORE);
    expect_u64("pages", 0, events->zeroed_pages, 100);
    expect_u64("lines", 0, events->fills[2], 100 * LINES_OF_PAGE);
    expect_u64("references", 0, events->references[0], 1 + 300 + 100 * LINES_OF_PAGE);
    hierarchy_destroy(hierarchy);
}

/* The same set of pages, whatever TLB there is and whatever order. */
static void every_page_is_zeroed_once_in_any_order(void **state)
{
    enum { PAGES = 3000 };
    (void)state;
    for (unsigned entries = 0; entries <= 64; entries += 64) {
        struct hierarchy *const hierarchy =
            make(laptop(entries, 4, entries * 4, 4), true, true);
        const struct sim_events *const events = hierarchy_events(hierarchy);
        for (uint64_t i = 0; i < 20 * PAGES; i++) {
            const uint64_t page = random_u64(4, i) % PAGES << (i % 2 == 0 ? 0 : 24);
            (void)hierarchy_access(hierarchy, page * LINES_OF_PAGE, SIM_LOAD);
        }
        expect_u64("pages", entries, events->zeroed_pages, 2 * PAGES - 1);
        expect_u64("none forgotten", entries, events->forgotten_pages, 0);
        hierarchy_destroy(hierarchy);
    }
}

static void zeroed_lines_are_dirty(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(0, 0, 0, 0), false, true);
    visit(hierarchy, 4096, SIM_LOAD); /* twice the last level */
    expect_u64("half of them left", 0, hierarchy_events(hierarchy)->write_backs,
               (uint64_t)2048 * LINES_OF_PAGE);
    hierarchy_destroy(hierarchy);
}

static void what_the_kernel_zeroed_is_not_zeroed_again(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(0, 0, 0, 0), false, true);
    const struct sim_events *const events = hierarchy_events(hierarchy);
    hierarchy_zero(hierarchy, 4096 * 10 + 100, 4096 * 2); /* touches three pages */
    expect_u64("whole pages", 0, events->zeroed_pages, 3);
    expect_u64("their lines", 0, events->fills[0], 3 * LINES_OF_PAGE);
    visit(hierarchy, 13, SIM_STORE);
    expect_u64("the others", 0, events->zeroed_pages, 13);
    hierarchy_zero(hierarchy, 0, 0);
    expect_u64("nothing", 0, events->zeroed_pages, 13);
    hierarchy_zero(hierarchy, 4096 * 10, 4096 * 5);
    expect_u64("of five pages the two new ones", 0, events->zeroed_pages, 15);
    hierarchy_destroy(hierarchy);
}

static void zeroing_may_be_asked_for_without_the_model(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(0, 0, 0, 0), false, false);
    visit(hierarchy, 100, SIM_STORE);
    expect_u64("not by itself", 0, hierarchy_events(hierarchy)->zeroed_pages, 0);
    hierarchy_zero(hierarchy, 1 << 20, 8192);
    expect_u64("by request", 0, hierarchy_events(hierarchy)->zeroed_pages, 2);
    hierarchy_zero(hierarchy, UINT64_MAX - 4095, UINT64_MAX);
    expect_u64("to the end of memory", 0, hierarchy_events(hierarchy)->zeroed_pages, 3);
    hierarchy_destroy(hierarchy);
}

static void huge_pages_are_zeroed_whole(void **state)
{
    struct sim_geometry geometry = laptop(32, 4, 1024, 8);
    (void)state;
    geometry.page_bytes = 2097152;
    struct hierarchy *const hierarchy = make(geometry, true, true);
    const struct sim_events *const events = hierarchy_events(hierarchy);
    for (uint64_t line = 0; line < 100000; line += 100)
        (void)hierarchy_access(hierarchy, line, SIM_LOAD);
    expect_u64("pages", 0, events->zeroed_pages, 4);
    expect_u64("lines", 0, events->fills[2], 4 * 32768 + 2);
    expect_u64("translations", 0, events->tlb_load_misses[0], 4);
    expect_u64("walks", 0, events->walk_loads, 4 + 1);
    hierarchy_destroy(hierarchy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tlb_reaches_as_far_as_its_entries),
        cmocka_unit_test(ways_bound_the_reach_too),
        cmocka_unit_test(the_second_tlb_backs_the_first),
        cmocka_unit_test(loads_and_stores_are_counted_apart),
        cmocka_unit_test(a_line_in_the_cache_may_still_miss_the_tlb),
        cmocka_unit_test(without_a_tlb_nothing_is_counted_or_walked),
        cmocka_unit_test(a_walk_reads_the_last_entry),
        cmocka_unit_test(beyond_the_walkers_reach_a_walk_reads_two_entries),
        cmocka_unit_test(a_model_may_leave_walks_out),
        cmocka_unit_test(the_first_touch_zeroes_a_page_once),
        cmocka_unit_test(every_page_is_zeroed_once_in_any_order),
        cmocka_unit_test(zeroed_lines_are_dirty),
        cmocka_unit_test(what_the_kernel_zeroed_is_not_zeroed_again),
        cmocka_unit_test(zeroing_may_be_asked_for_without_the_model),
        cmocka_unit_test(huge_pages_are_zeroed_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
