/* SPDX-License-Identifier: MIT */
/* Caches of the model against what can be worked out by hand: scans, strides, cycles,
 * conflicts, chance, inclusion, exclusion, dirty lines, and sums that always hold. */
#include "unit.h"

#include "permutation.h"
#include "sim/hierarchy.h"

static const struct sim_model lru = {SIM_LRU, 0, SIM_NEITHER, false, false};

static struct sim_geometry one_level(uint64_t bytes, unsigned ways)
{
    return (struct sim_geometry){{{bytes, ways}}, 1, 64, {{0, 0}, {0, 0}}, 4096};
}

static struct sim_geometry laptop(void)
{
    return (struct sim_geometry){
        {{32768, 8}, {262144, 4}, {8388608, 16}}, 3, 64, {{0, 0}, {0, 0}}, 4096};
}

static struct sim_model with(enum sim_policy policy, enum sim_inclusion last_level)
{
    return (struct sim_model){policy, 0, last_level, false, false};
}

static struct hierarchy *make(struct sim_geometry geometry, struct sim_model model)
{
    struct hierarchy *const hierarchy = hierarchy_create(&geometry, &model);
    assert_non_null(hierarchy);
    return hierarchy;
}

/* Loads lines from `first` on, `n` of them, `stride` lines apart. */
static void scan(struct hierarchy *hierarchy, uint64_t first, uint64_t n, uint64_t stride)
{
    for (uint64_t i = 0; i < n; i++)
        (void)hierarchy_access(hierarchy, first + i * stride, SIM_LOAD);
}

static uint64_t misses_of(const struct hierarchy *hierarchy)
{
    return hierarchy_events(hierarchy)->misses[0];
}

/* Misses of scanning so many lines round and round, after `warm` rounds. */
static uint64_t cycle_misses(struct sim_geometry geometry, enum sim_policy policy,
                             uint64_t n_lines, unsigned warm, unsigned rounds)
{
    struct hierarchy *const hierarchy = make(geometry, with(policy, SIM_NEITHER));
    for (unsigned i = 0; i < warm; i++)
        scan(hierarchy, 0, n_lines, 1);
    const uint64_t before = misses_of(hierarchy);
    for (unsigned i = 0; i < rounds; i++)
        scan(hierarchy, 0, n_lines, 1);
    const uint64_t misses = misses_of(hierarchy) - before;
    hierarchy_destroy(hierarchy);
    return misses;
}

/* ---- scans ---- */

static void a_first_scan_misses_every_line_once(void **state)
{
    (void)state;
    for (unsigned policy = 0; policy < SIM_N_POLICIES; policy++) {
        struct hierarchy *const hierarchy =
            make(laptop(), with((enum sim_policy)policy, SIM_NEITHER));
        const struct sim_events *const events = hierarchy_events(hierarchy);
        for (uint64_t i = 0; i < 100000 * 8; i++) /* eight words to a line */
            (void)hierarchy_access(hierarchy, i / 8, SIM_LOAD);
        for (unsigned level = 0; level < 3; level++) {
            expect_u64("fills of level", level, events->fills[level], 100000);
            expect_u64("misses of level", level, events->demand_misses[level], 100000);
        }
        expect_u64("loads", 0, events->demand_loads[0], 800000);
        expect_u64("loads of level", 1, events->demand_loads[1], 100000);
        hierarchy_destroy(hierarchy);
    }
}

/* 512 lines in 64 sets: a stride of s uses 64 / s of them, hence holds 512 / s lines. */
static void a_stride_uses_its_share_of_the_sets(void **state)
{
    (void)state;
    for (uint64_t stride = 1; stride <= 64; stride *= 2)
        for (uint64_t over = 0; over < 2; over++) {
            struct hierarchy *const hierarchy = make(one_level(32768, 8), lru);
            const uint64_t n =
                512 / stride + over * 64 / stride; /* one more in each set */
            scan(hierarchy, 7, n, stride);
            scan(hierarchy, 7, n, stride);
            expect_u64("stride", stride, misses_of(hierarchy), over == 0 ? n : 2 * n);
            hierarchy_destroy(hierarchy);
        }
}

/* 3 x 5 lines: sets are the line modulo 5. */
static void sets_need_not_be_a_power_of_two(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(one_level((uint64_t)15 * 64, 3), lru);
    expect_u64("slots", 0, hierarchy_slots(hierarchy), 15);
    scan(hierarchy, 100, 15, 1);
    scan(hierarchy, 100, 15, 1);
    expect_u64("a cache full of neighbours", 0, misses_of(hierarchy), 15);
    scan(hierarchy, 200, 4, 5);
    scan(hierarchy, 200, 4, 5);
    expect_u64("four lines in a set of three", 0, misses_of(hierarchy), 15 + 8);
    hierarchy_destroy(hierarchy);
}

static void an_access_that_straddles_is_two(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(), lru);
    for (uint64_t i = 0; i < 100;
         i++) { /* 8 bytes at 60, 124, ...: this line and the next */
        (void)hierarchy_access(hierarchy, i, SIM_LOAD);
        (void)hierarchy_access(hierarchy, i + 1, SIM_LOAD);
    }
    expect_u64("loads", 0, hierarchy_events(hierarchy)->demand_loads[0], 200);
    expect_u64("lines", 0, misses_of(hierarchy), 101);
    hierarchy_destroy(hierarchy);
}

/* ---- cycles ---- */

static void what_fits_never_misses_again(void **state)
{
    (void)state;
    for (unsigned policy = 0; policy < SIM_N_POLICIES; policy++)
        for (unsigned ways = 1; ways <= 64; ways *= 2) {
            const uint64_t misses = cycle_misses(one_level((uint64_t)64 * 64, ways),
                                                 (enum sim_policy)policy, 64, 1, 10);
            expect_u64("ways", ways, misses, 0);
        }
}

/* A cycle over one line more than there are: LRU gives up just what comes next. */
static void lru_misses_all_of_a_cycle_one_line_too_long(void **state)
{
    (void)state;
    for (unsigned lines = 1; lines <= 64; lines++) {
        const uint64_t misses = cycle_misses(one_level((uint64_t)lines * 64, lines),
                                             SIM_LRU, lines + 1, 1, 10);
        expect_u64("lines", lines, misses, (uint64_t)10 * (lines + 1));
    }
}

/* Never hit, lines of SRRIP stand at 2 or 3 and go in the order of the ways: as LRU. */
static void srrip_misses_all_of_a_cycle_one_line_too_long(void **state)
{
    (void)state;
    for (unsigned ways = 1; ways <= 64; ways *= 2) {
        const uint64_t misses = cycle_misses(one_level((uint64_t)ways * 64, ways),
                                             SIM_SRRIP, ways + 1, 1, 10);
        expect_u64("ways", ways, misses, (uint64_t)10 * (ways + 1));
    }
}

/* Bit-PLRU with w ways and w + 1 lines: accesses that follow each other set different bits,
 * so that all are cleared every w - 1 accesses; of those w / 2 miss on average. */
static void bit_plru_keeps_nearly_half_of_a_cycle_one_line_too_long(void **state)
{
    (void)state;
    for (unsigned ways = 2; ways <= 64; ways *= 2) {
        const unsigned rounds = 100 * ways;
        const uint64_t misses = cycle_misses(one_level((uint64_t)ways * 64, ways),
                                             SIM_BIT_PLRU, ways + 1, ways, rounds);
        const uint64_t wanted = (uint64_t)rounds * (ways + 1) * ways / (2 * (ways - 1));
        assert_in_range(misses, wanted - 2, wanted + 2);
    }
}

/* Random with w ways and w + 1 lines: what leaves is the next line, or that behind it, ...,
 * each of w as likely, so that every (w + 1) / 2nd access misses: two in a round. */
static void random_misses_two_of_a_cycle_one_line_too_long(void **state)
{
    enum { ROUNDS = 20000 };
    (void)state;
    for (unsigned ways = 1; ways <= 64; ways *= 4) {
        const uint64_t misses = cycle_misses(one_level((uint64_t)ways * 64, ways),
                                             SIM_RANDOM, ways + 1, 10, ROUNDS);
        assert_in_range(misses, 2 * ROUNDS * 98 / 100, 2 * ROUNDS * 102 / 100);
    }
}

/* SRRIP holds what was hit against a scan of any length: 8 ways, 4 lines hit, then new ones.
 * Those stand at 0, new ones come in at 2 and are the first to reach 3. */
static void srrip_shields_what_was_hit_from_a_scan(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy =
        make(one_level((uint64_t)8 * 64, 8), with(SIM_SRRIP, SIM_NEITHER));
    scan(hierarchy, 0, 4, 1);
    scan(hierarchy, 0, 4, 1);
    scan(hierarchy, 1000, 4, 1); /* fills the set */
    const uint64_t before = misses_of(hierarchy);
    scan(hierarchy, 2000, 4, 1); /* all at 2 or 0: the first grows them to 3 and 1 */
    scan(hierarchy, 0, 4, 1);
    expect_u64("only the scan", 0, misses_of(hierarchy) - before, 4);
    hierarchy_destroy(hierarchy);
}

/* The same under LRU loses all four. */
static void lru_loses_what_was_hit_to_a_scan(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(one_level((uint64_t)8 * 64, 8), lru);
    scan(hierarchy, 0, 4, 1);
    scan(hierarchy, 0, 4, 1);
    scan(hierarchy, 1000, 8, 1);
    scan(hierarchy, 0, 4, 1);
    expect_u64("all", 0, misses_of(hierarchy), 16);
    hierarchy_destroy(hierarchy);
}

/* New lines one after the other come to every way, and not in turn. */
static void random_gives_up_any_way(void **state)
{
    unsigned seen[8] = {0}, in_turn = 0, before = 0;
    (void)state;
    struct hierarchy *const hierarchy =
        make(one_level((uint64_t)8 * 64, 8), with(SIM_RANDOM, SIM_NEITHER));
    scan(hierarchy, 0, 8, 1);
    for (uint64_t line = 100; line < 900; line++) {
        const unsigned slot = hierarchy_access(hierarchy, line, SIM_LOAD).slot;
        seen[slot]++;
        in_turn += slot == (before + 1) % 8;
        before = slot;
    }
    for (unsigned i = 0; i < 8; i++)
        assert_in_range(seen[i], 60, 140);
    assert_in_range(in_turn, 60, 140);
    hierarchy_destroy(hierarchy);
}

/* ---- conflicts and chance ---- */

static void one_line_more_than_ways_of_a_set_conflicts(void **state)
{
    (void)state;
    const struct sim_geometry geometry = laptop();
    for (unsigned level = 0; level < 3; level++) {
        const uint64_t bytes = geometry.levels[level].bytes;
        const unsigned ways = geometry.levels[level].ways;
        struct hierarchy *const hierarchy = make(one_level(bytes, ways), lru);
        for (unsigned round = 0; round < 10; round++)
            scan(hierarchy, 3, ways, bytes / 64 / ways);
        expect_u64("ways lines, level", level, misses_of(hierarchy), ways);
        for (unsigned round = 0; round < 10; round++)
            scan(hierarchy, 3, ways + 1, bytes / 64 / ways);
        expect_u64("one more, level", level, misses_of(hierarchy),
                   ways + (uint64_t)10 * (ways + 1) - ways);
        hierarchy_destroy(hierarchy);
    }
}

/* Every policy has half of twice its lines, when they are asked for at random. */
static void random_over_twice_the_cache_misses_half(void **state)
{
    enum { N = 400000 };
    (void)state;
    for (unsigned policy = 0; policy < SIM_N_POLICIES; policy++) {
        struct hierarchy *const hierarchy =
            make(one_level(32768, 8), with((enum sim_policy)policy, SIM_NEITHER));
        for (uint64_t i = 0; i < N; i++)
            (void)hierarchy_access(hierarchy, random_u64(3, i) % 1024, SIM_LOAD);
        assert_in_range(misses_of(hierarchy), N / 100 * 49, N / 100 * 51);
        hierarchy_destroy(hierarchy);
    }
}

/* ---- dirty lines ---- */

static void a_store_comes_to_the_cache_and_goes_to_memory_once(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(), lru);
    const struct sim_events *const events = hierarchy_events(hierarchy);
    for (unsigned i = 0; i < 3; i++)
        for (uint64_t line = 0; line < 100; line++)
            (void)hierarchy_access(hierarchy, line, SIM_STORE);
    expect_u64("allocated", 0, events->fills[0], 100);
    expect_u64("stores are no loads", 0, events->demand_loads[0], 0);
    expect_u64("but references", 0, events->references[0], 300);
    expect_u64("nothing left yet", 0, events->write_backs, 0);
    scan(hierarchy, 1 << 20, 1 << 18, 1); /* twice the last level */
    expect_u64("all of them left once", 0, events->write_backs, 100);
    hierarchy_destroy(hierarchy);
}

static void clean_lines_are_not_written_back(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(), lru);
    scan(hierarchy, 0, 1 << 19, 1);
    (void)hierarchy_access(hierarchy, 5, SIM_PREFETCH);
    scan(hierarchy, 0, 1 << 19, 1);
    expect_u64("write-backs", 0, hierarchy_events(hierarchy)->write_backs, 0);
    hierarchy_destroy(hierarchy);
}

/* Direct-mapped levels of 1 and 2 lines: the dirty line 0 leaves the first when 2 comes; 2
 * pushed it out of the second before, so it must come back there, and 2 goes. */
static void a_dirty_line_the_next_level_lost_comes_back_there(void **state)
{
    const struct sim_geometry geometry = {
        {{64, 1}, {128, 1}}, 2, 64, {{0, 0}, {0, 0}}, 4096};
    (void)state;
    struct hierarchy *const hierarchy = make(geometry, lru);
    const struct sim_events *const events = hierarchy_events(hierarchy);
    (void)hierarchy_access(hierarchy, 0, SIM_STORE);
    (void)hierarchy_access(hierarchy, 2, SIM_LOAD);
    expect_u64("0, 2 and 0 again", 0, events->fills[1], 3);
    expect_u64("not lost", 0, hierarchy_access(hierarchy, 0, SIM_LOAD).level, 1);
    (void)hierarchy_access(hierarchy, 4, SIM_LOAD);
    expect_u64("written back", 0, events->write_backs, 1);
    hierarchy_destroy(hierarchy);
}

/* ---- the last level ---- */

/* Two ways in each of two levels; the first keeps 0 in use, so that the second forgets it. */
static unsigned level_of_kept_line(enum sim_inclusion inclusion)
{
    const struct sim_geometry geometry = {
        {{128, 2}, {256, 4}}, 2, 64, {{0, 0}, {0, 0}}, 4096};
    struct hierarchy *const hierarchy = make(geometry, with(SIM_LRU, inclusion));
    for (uint64_t line = 1; line <= 4; line++) {
        (void)hierarchy_access(hierarchy, 0, SIM_LOAD);
        (void)hierarchy_access(hierarchy, line, SIM_LOAD);
    }
    const unsigned level = hierarchy_access(hierarchy, 0, SIM_LOAD).level;
    hierarchy_destroy(hierarchy);
    return level;
}

static void what_an_inclusive_level_gives_up_all_lose(void **state)
{
    (void)state;
    assert_int_equal(level_of_kept_line(SIM_INCLUSIVE), 2);
    assert_int_equal(level_of_kept_line(SIM_NEITHER), 0);
    assert_int_equal(level_of_kept_line(SIM_EXCLUSIVE), 0);
}

static void a_dirty_line_lost_to_inclusion_is_written_back(void **state)
{
    const struct sim_geometry geometry = {
        {{128, 2}, {128, 2}}, 2, 64, {{0, 0}, {0, 0}}, 4096};
    (void)state;
    struct hierarchy *const hierarchy = make(geometry, with(SIM_LRU, SIM_INCLUSIVE));
    (void)hierarchy_access(hierarchy, 0, SIM_STORE);
    (void)hierarchy_access(hierarchy, 1, SIM_LOAD);
    (void)hierarchy_access(hierarchy, 0, SIM_LOAD); /* 1 is the first's oldest now */
    (void)hierarchy_access(hierarchy, 2, SIM_LOAD); /* and 0 the last's */
    expect_u64("written back", 0, hierarchy_events(hierarchy)->write_backs, 1);
    expect_u64("gone", 0, hierarchy_access(hierarchy, 0, SIM_LOAD).level, 2);
    hierarchy_destroy(hierarchy);
}

/* Fully associative levels of 16 and 48 lines: exclusive they hold 64 together. */
static void exclusive_levels_add_up(void **state)
{
    const struct sim_geometry geometry = {
        {{1024, 16}, {3072, 48}}, 2, 64, {{0, 0}, {0, 0}}, 4096};
    static const struct {
        enum sim_inclusion inclusion;
        uint64_t lines;
    } cases[] = {{SIM_EXCLUSIVE, 64}, {SIM_NEITHER, 48}, {SIM_INCLUSIVE, 48}};
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        for (uint64_t over = 0; over < 2; over++) {
            const uint64_t n = cases[i].lines + over;
            struct hierarchy *const hierarchy =
                make(geometry, with(SIM_LRU, cases[i].inclusion));
            const struct sim_events *const events = hierarchy_events(hierarchy);
            for (unsigned round = 0; round < 5; round++)
                scan(hierarchy, 0, n, 1);
            expect_u64("lines", n, events->misses[1], over == 0 ? n : 5 * n);
            hierarchy_destroy(hierarchy);
        }
}

/* What the first level has the exclusive second has not: it moves. */
static void a_line_is_in_one_of_two_exclusive_levels(void **state)
{
    const struct sim_geometry geometry = {
        {{128, 2}, {512, 8}}, 2, 64, {{0, 0}, {0, 0}}, 4096};
    (void)state;
    struct hierarchy *const hierarchy = make(geometry, with(SIM_LRU, SIM_EXCLUSIVE));
    const struct sim_events *const events = hierarchy_events(hierarchy);
    scan(hierarchy, 0, 2, 1);
    expect_u64("memory fills the first alone", 0, events->fills[1], 0);
    scan(hierarchy, 2, 2, 1);
    expect_u64("what it gives up", 0, events->fills[1], 2);
    expect_u64("is there", 0, hierarchy_access(hierarchy, 0, SIM_LOAD).level, 1);
    expect_u64("and not twice", 0, events->fills[1] - events->evictions[1], 2);
    hierarchy_destroy(hierarchy);
}

/* ---- what always holds ---- */

static void check_sums(const struct sim_events *events,
                       const struct sim_geometry *geometry)
{
    for (unsigned i = 0; i < geometry->n_levels; i++) {
        const uint64_t most = geometry->levels[i].bytes / geometry->line_bytes;
        assert_in_range(events->fills[i] - events->evictions[i], 0, most);
        assert_true(events->demand_misses[i] <= events->demand_loads[i]);
        assert_true(events->demand_loads[i] <= events->references[i]);
        assert_true(events->misses[i] <= events->references[i]);
        if (i > 0) { /* without prefetchers every look-up further out is a miss before */
            expect_u64("loads of level", i, events->demand_loads[i],
                       events->demand_misses[i - 1]);
            expect_u64("references of level", i, events->references[i],
                       events->misses[i - 1]);
        }
    }
}

static void sums_hold_and_levels_are_those_counted(void **state)
{
    (void)state;
    for (unsigned inclusion = 0; inclusion <= SIM_EXCLUSIVE; inclusion++)
        for (unsigned policy = 0; policy < SIM_N_POLICIES; policy++) {
            const struct sim_geometry geometry = {
                {{512, 2}, {2048, 4}, {12288, 12}}, 3, 64, {{0, 0}, {0, 0}}, 4096};
            struct hierarchy *const hierarchy = make(
                geometry, with((enum sim_policy)policy, (enum sim_inclusion)inclusion));
            const struct sim_events *const events = hierarchy_events(hierarchy);
            for (uint64_t i = 0; i < 20000; i++) {
                const struct sim_events before = *events;
                const struct sim_served served = hierarchy_access(
                    hierarchy, random_u64(5, i) % 300, i % 3 == 0 ? SIM_STORE : SIM_LOAD);
                for (unsigned level = 0; level < 3; level++) {
                    expect_u64("references", i,
                               events->references[level] - before.references[level],
                               level <= served.level);
                    expect_u64("misses", i, events->misses[level] - before.misses[level],
                               level < served.level);
                }
            }
            check_sums(events, &geometry);
            hierarchy_destroy(hierarchy);
        }
}

/* A line is there just when the slot it got last has not been given to another since. */
static void a_line_keeps_its_slot_until_it_leaves(void **state)
{
    static uint64_t in_slot[64];
    (void)state;
    for (unsigned policy = 0; policy < SIM_N_POLICIES; policy++) {
        struct hierarchy *const hierarchy =
            make(one_level(4096, 4), with((enum sim_policy)policy, SIM_NEITHER));
        memset(in_slot, 0xFF, sizeof in_slot);
        expect_u64("slots", 0, hierarchy_slots(hierarchy), 64);
        for (uint64_t i = 0; i < 50000; i++) {
            const uint64_t line = random_u64(9, i) % 100;
            const struct sim_served served = hierarchy_access(hierarchy, line, SIM_LOAD);
            assert_in_range(served.slot, 0, 63);
            expect_u64("set of the slot", i, served.slot / 4, line % 16);
            expect_u64("whether it is there", i, in_slot[served.slot] == line,
                       served.level == 0);
            in_slot[served.slot] = line;
        }
        hierarchy_destroy(hierarchy);
    }
}

static void two_runs_are_equal(void **state)
{
    static struct sim_events first;
    (void)state;
    for (unsigned policy = 0; policy < SIM_N_POLICIES; policy++)
        for (unsigned run = 0; run < 2; run++) {
            const struct sim_model model = {(enum sim_policy)policy, 7, SIM_INCLUSIVE,
                                            true, true};
            struct sim_geometry geometry = laptop();
            geometry.tlbs[0] = (struct sim_tlb){64, 4};
            struct hierarchy *const hierarchy = make(geometry, model);
            for (uint64_t i = 0; i < 50000; i++)
                (void)hierarchy_access(hierarchy, random_u64(2, i) % (1 << 15),
                                       (enum sim_access)(i % 3));
            if (run == 0)
                first = *hierarchy_events(hierarchy);
            assert_memory_equal(&first, hierarchy_events(hierarchy), sizeof first);
            hierarchy_destroy(hierarchy);
        }
}

static void a_prefetch_instruction_fills_and_is_no_load(void **state)
{
    (void)state;
    struct hierarchy *const hierarchy = make(laptop(), lru);
    const struct sim_events *const events = hierarchy_events(hierarchy);
    expect_u64("from memory", 0, hierarchy_access(hierarchy, 9, SIM_PREFETCH).level, 3);
    expect_u64("no load", 0, events->demand_loads[0] + events->demand_misses[2], 0);
    expect_u64("a reference", 0, events->references[2], 1);
    expect_u64("here now", 0, hierarchy_access(hierarchy, 9, SIM_LOAD).level, 0);
    hierarchy_destroy(hierarchy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_scan_misses_every_line_once),
        cmocka_unit_test(a_stride_uses_its_share_of_the_sets),
        cmocka_unit_test(sets_need_not_be_a_power_of_two),
        cmocka_unit_test(an_access_that_straddles_is_two),
        cmocka_unit_test(what_fits_never_misses_again),
        cmocka_unit_test(lru_misses_all_of_a_cycle_one_line_too_long),
        cmocka_unit_test(srrip_misses_all_of_a_cycle_one_line_too_long),
        cmocka_unit_test(bit_plru_keeps_nearly_half_of_a_cycle_one_line_too_long),
        cmocka_unit_test(random_misses_two_of_a_cycle_one_line_too_long),
        cmocka_unit_test(srrip_shields_what_was_hit_from_a_scan),
        cmocka_unit_test(lru_loses_what_was_hit_to_a_scan),
        cmocka_unit_test(random_gives_up_any_way),
        cmocka_unit_test(one_line_more_than_ways_of_a_set_conflicts),
        cmocka_unit_test(random_over_twice_the_cache_misses_half),
        cmocka_unit_test(a_store_comes_to_the_cache_and_goes_to_memory_once),
        cmocka_unit_test(clean_lines_are_not_written_back),
        cmocka_unit_test(a_dirty_line_the_next_level_lost_comes_back_there),
        cmocka_unit_test(what_an_inclusive_level_gives_up_all_lose),
        cmocka_unit_test(a_dirty_line_lost_to_inclusion_is_written_back),
        cmocka_unit_test(exclusive_levels_add_up),
        cmocka_unit_test(a_line_is_in_one_of_two_exclusive_levels),
        cmocka_unit_test(sums_hold_and_levels_are_those_counted),
        cmocka_unit_test(a_line_keeps_its_slot_until_it_leaves),
        cmocka_unit_test(two_runs_are_equal),
        cmocka_unit_test(a_prefetch_instruction_fills_and_is_no_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
