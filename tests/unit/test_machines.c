/* SPDX-License-Identifier: MIT */
/* Every machine of the table can be made, geometries come back from their text, and one
 * that cannot be made is refused in one line that says what would be right. */
#include "unit.h"

#include "sim/machines.h"

static void expect_same(const char *what, const struct sim_geometry *got,
                        const struct sim_geometry *wanted)
{
    if (got->n_levels != wanted->n_levels || got->line_bytes != wanted->line_bytes)
        fail_msg("%s: %u levels, lines of %u", what, got->n_levels, got->line_bytes);
    for (unsigned i = 0; i < wanted->n_levels; i++) {
        expect_u64(what, i, got->levels[i].bytes, wanted->levels[i].bytes);
        expect_u64(what, i, got->levels[i].ways, wanted->levels[i].ways);
    }
}

/* ---- the table ---- */

static void the_first_machine_is_the_laptop_of_the_notes(void **state)
{
    char text[GEOMETRY_TEXT_ROOM], model[MODEL_TEXT_ROOM];
    (void)state;
    assert_string_equal(sim_machines[0].name, "i7-8550U");
    geometry_text(&sim_machines[0].geometry, text);
    assert_string_equal(text, "32K/8,256K/4,8M/16");
    model_text(&sim_machines[0].model, 4096, model);
    expect_part(model, "lru");
    expect_part(model, "inclusive");
}

static void every_machine_can_be_made(void **state)
{
    char why[GEOMETRY_WHY_ROOM];
    (void)state;
    assert_true(sim_n_machines >= 7);
    for (size_t i = 0; i < sim_n_machines; i++) {
        const struct sim_machine *const machine = &sim_machines[i];
        if (!geometry_check(&machine->geometry, why))
            fail_msg("%s: %s", machine->name, why);
        struct hierarchy *const hierarchy =
            hierarchy_create(&machine->geometry, &machine->model);
        assert_non_null(hierarchy);
        for (uint64_t line = 0; line < 10000; line++)
            (void)hierarchy_access(hierarchy, line * 3, SIM_STORE);
        assert_true(hierarchy_events(hierarchy)->zeroed_pages > 0);
        hierarchy_destroy(hierarchy);
    }
}

static void every_machine_is_found_by_its_name_and_says_its_source(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_n_machines; i++) {
        assert_ptr_equal(sim_machine_find(sim_machines[i].name), &sim_machines[i]);
        assert_true(strlen(sim_machines[i].summary) > 10);
        assert_true(strlen(sim_machines[i].source) > 10);
        assert_null(strchr(sim_machines[i].summary, '\n'));
    }
    assert_null(sim_machine_find("i7"));
    assert_null(sim_machine_find(""));
}

static void every_machine_comes_back_from_its_text(void **state)
{
    char text[GEOMETRY_TEXT_ROOM], why[GEOMETRY_WHY_ROOM];
    struct sim_geometry read;
    (void)state;
    for (size_t i = 0; i < sim_n_machines; i++) {
        geometry_text(&sim_machines[i].geometry, text);
        if (!geometry_read(text, &read, why))
            fail_msg("%s: %s", text, why);
        expect_same(text, &read, &sim_machines[i].geometry);
        expect_u64("no TLB", i, read.tlbs[0].entries, 0);
    }
}

/* 512 pages of 4 KiB are one of 2 MiB, which is translated, walked for and zeroed once: a
 * walk reads the last entry and, the first time, the one above. */
static void many_small_pages_are_one_huge_page(void **state)
{
    enum { PAGES = 512, LINES_OF_PAGE = 64 };
    (void)state;
    for (size_t i = 0; i < sim_n_machines; i++) {
        const struct sim_machine *const machine = &sim_machines[i];
        struct sim_geometry geometry;
        char why[GEOMETRY_WHY_ROOM];
        if (!sim_machine_huge(machine, &geometry)) {
            assert_string_equal(machine->name, "apple-m1");
            continue;
        }
        if (!geometry_check(&geometry, why))
            fail_msg("%s: %s", machine->name, why);
        struct hierarchy *const hierarchy = hierarchy_create(&geometry, &machine->model);
        const struct sim_events *const events = hierarchy_events(hierarchy);
        for (uint64_t page = 0; page < PAGES; page++)
            (void)hierarchy_access(hierarchy, page * LINES_OF_PAGE, SIM_LOAD);
        expect_u64(machine->name, i, events->tlb_load_misses[1], 1);
        expect_u64(machine->name, i, events->walk_loads, 2);
        expect_u64(machine->name, i, events->zeroed_pages, 1);
        (void)hierarchy_access(hierarchy, PAGES * LINES_OF_PAGE, SIM_LOAD);
        expect_u64(machine->name, i, events->tlb_load_misses[1], 2);
        expect_u64(machine->name, i, events->walk_loads, 3);
        expect_u64(machine->name, i, events->zeroed_pages, 2);
        hierarchy_destroy(hierarchy);
    }
}

/* The second TLB's entries of 2 MiB reach so far, and a page further they do not. */
static void huge_pages_reach_as_far_as_their_own_tlbs(void **state)
{
    enum { LINES_OF_PAGE = SIM_HUGE_PAGE / 64, ROUNDS = 3 };
    struct sim_geometry geometry;
    (void)state;
    const struct sim_machine *const machine = sim_machine_find("icelake-server");
    assert_true(sim_machine_huge(machine, &geometry));
    const struct sim_model model = {SIM_LRU, 0, SIM_NEITHER, false, false};
    for (uint64_t over = 0; over < 2; over++) {
        struct hierarchy *const hierarchy = hierarchy_create(&geometry, &model);
        const uint64_t n = 1024 + over * 128; /* one more in each set */
        for (uint64_t i = 0; i < ROUNDS * n; i++)
            (void)hierarchy_access(hierarchy, i % n * LINES_OF_PAGE, SIM_LOAD);
        expect_u64("misses", n, hierarchy_events(hierarchy)->tlb_load_misses[1],
                   over == 0 ? n : ROUNDS * n);
        hierarchy_destroy(hierarchy);
    }
}

/* ---- reading and writing ---- */

static void geometries_are_read_as_written(void **state)
{
    static const struct {
        const char *text, *same;
        struct sim_geometry geometry;
    } cases[] = {
        {"48K/12,1M/8,32M/16",
         "48K/12,1M/8,32M/16",
         {.levels = {{49152, 12}, {1048576, 8}, {33554432, 16}},
          .n_levels = 3,
          .line_bytes = 64}},
        {"128K/8,12M/12@128",
         "128K/8,12M/12@128",
         {.levels = {{131072, 8}, {12582912, 12}}, .n_levels = 2, .line_bytes = 128}},
        {"1.25M/20",
         "1.25M/20",
         {.levels = {{1310720, 20}}, .n_levels = 1, .line_bytes = 64}},
        {"1280k/20@64",
         "1.25M/20",
         {.levels = {{1310720, 20}}, .n_levels = 1, .line_bytes = 64}},
        {"32768/8", "32K/8", {.levels = {{32768, 8}}, .n_levels = 1, .line_bytes = 64}},
        {"4160/5", "4160/5", {.levels = {{4160, 5}}, .n_levels = 1, .line_bytes = 64}},
        {"64/1,0.125K/2,508m/1,64G/64",
         "64/1,128/2,508M/1,64G/64",
         {.levels = {{64, 1}, {128, 2}, {532676608, 1}, {68719476736, 64}},
          .n_levels = 4,
          .line_bytes = 64}},
    };
    char text[GEOMETRY_TEXT_ROOM], why[GEOMETRY_WHY_ROOM];
    struct sim_geometry read;
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        if (!geometry_read(cases[i].text, &read, why))
            fail_msg("%s: %s", cases[i].text, why);
        expect_same(cases[i].text, &read, &cases[i].geometry);
        geometry_text(&read, text);
        assert_string_equal(text, cases[i].same);
    }
}

static void a_wrong_text_is_refused_with_its_remedy(void **state)
{
    static const struct {
        const char *text, *wrong, *right;
    } cases[] = {
        {"", "empty", "48K/12,1M/8,32M/16"},
        {"32K", "no '/'", "32K/8"},
        {"32K/", "no number of ways", "32K/8"},
        {"32K/x", "no number of ways", "32K/8"},
        {"32K/99999999999999999999", "no number of ways", "1 to 64"},
        {"/8", "no size", "32K"},
        {"x", "no size", "32K"},
        {"-32K/8", "no size", "32K"},
        {" 32K/8", "no size", "32K"},
        {"1.K/8", "no size", "1.25M"},
        {"1.00000001M/8", "no size", "1.25M"},
        {"0.3K/8", "not a whole number", "1.25M"},
        {"32K/8,", "level 2, '': no size", "32K"},
        {"32K/8,,1M/8", "level 2", "32K"},
        {"32K/8x", "something behind the ways", "'@128'"},
        {"32K/8/8", "something behind the ways", "'@128'"},
        {"32K/8 ,1M/8", "something behind the ways", "','"},
        {"32K/8@", "''", "64 or 128"},
        {"32K/8@x", "'x'", "64 or 128"},
        {"32K/8@64,1M/8", "'64", "at the end"},
        {"32K/8@0", "lines have 0 bytes", "64 or 128"},
        {"32K/8@96", "lines have 96 bytes", "64 or 128"},
        {"32K/8@1048577", "is no size of a line", "64 or 128"},
        {"32T/8", "no unit", "K, M or G"},
        {"1t/16", "no unit", "K, M or G"},
        {"32KB/8", "no unit", "32K/8"},
        {"32K 8", "no '/'", "32K/8"},
        {"99999999999999999999G/8", "too large", "at most 64G"},
        {"99999999999999999999999999999999999999/8", "too large", "at most 64G"},
        {"1024G/8", "1024G", "at most 64G"},
        {"1099511627776/8", "1024G", "at most 64G"},
        {"1K/1,2K/1,3K/1,4K/1,5K/1", "more than 4 levels", "1 to 4"},
        {"32K/0", "0 ways", "1 to 64"},
        {"64K/65", "65 ways", "1 to 64"},
        {"32K/7", "7 ways do not divide", "4 would, or 8"},
        {"4160/64", "64 ways do not divide", "13 would"},
        {"100/1", "not whole lines", "64 would"},
        {"0/1", "less than one line", "at least 64"},
        {"1K/32", "less than one line", "at least 2K"},
        {"32K/8,32K/8", "level 2 has 32K", "levels grow"},
        {"1M/8,32K/8", "level 1 before it 1M", "levels grow"},
        {"a\033[31m\"/8", "'a?[31m", "32K"},
    };
    char why[GEOMETRY_WHY_ROOM];
    struct sim_geometry read;
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        if (geometry_read(cases[i].text, &read, why))
            fail_msg("'%s' is taken", cases[i].text);
        expect_part(why, cases[i].wrong);
        expect_part(why, cases[i].right);
        assert_null(strchr(why, '\n'));
        assert_true(strlen(why) < GEOMETRY_WHY_ROOM - 1); /* not cut */
    }
}

/* What text cannot say. */
static void wrong_pages_and_tlbs_are_refused(void **state)
{
    const struct sim_geometry good = sim_machines[0].geometry;
    struct sim_geometry bad[8];
    static const char *const rights[] = {
        "4096, 16384 or 2097152",
        "4096, 16384 or 2097152",
        "4096, 16384 or 2097152",
        "give the first",
        "1 to 256",
        "65 entries",
        "at most 1048576",
        "1 to 4",
    };
    char why[GEOMETRY_WHY_ROOM];
    (void)state;
    for (size_t i = 0; i < N_OF(bad); i++)
        bad[i] = good;
    bad[0].page_bytes = 0;
    bad[1].page_bytes = 5000;
    bad[2].page_bytes = (uint64_t)1 << 31;
    bad[3].tlbs[0].entries = 0;
    bad[4].tlbs[1].ways = 0;
    bad[5].tlbs[0].ways = 5;
    bad[6].tlbs[1].entries = 1 << 21;
    bad[7].n_levels = 0;
    for (size_t i = 0; i < N_OF(bad); i++) {
        if (geometry_check(&bad[i], why))
            fail_msg("case %zu is taken", i);
        expect_part(why, rights[i]);
    }
    assert_true(geometry_check(&good, why));
    assert_string_equal(why, "");
}

/* ---- models ---- */

static void models_are_named(void **state)
{
    static const struct {
        struct sim_model model;
        const char *text;
        uint64_t page_bytes; /* 0: 4096 */
    } cases[] = {
        {{SIM_LRU, 0, SIM_NEITHER, false, false}, "lru", 0},
        {{SIM_LRU, 0, SIM_NEITHER, false, false}, "lru", 2 << 20},
        {{SIM_LRU, 0, SIM_NEITHER, true, false}, "lru, page walks, 2 MiB pages", 2 << 20},
        {{SIM_LRU, 0, SIM_NEITHER, false, true},
         "lru, zeroed pages, 16 KiB pages",
         16384},
        {{SIM_LRU, SIM_STREAM, SIM_INCLUSIVE, false, false},
         "lru, stream prefetch, inclusive",
         0},
        {{SIM_SRRIP, SIM_NEXT_LINE | SIM_STREAM, SIM_EXCLUSIVE, true, false},
         "srrip, next-line and stream prefetch, exclusive, page walks",
         0},
        {{SIM_BIT_PLRU, 7, SIM_INCLUSIVE, true, true},
         "bit-plru, next-line, adjacent-line and stream prefetch, inclusive, page walks, "
         "zeroed pages",
         0},
        {{SIM_RANDOM, SIM_ADJACENT_LINE, SIM_NEITHER, false, true},
         "random, adjacent-line prefetch, zeroed pages",
         0},
    };
    char text[MODEL_TEXT_ROOM];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        model_text(&cases[i].model, cases[i].page_bytes != 0 ? cases[i].page_bytes : 4096,
                   text);
        assert_string_equal(text, cases[i].text);
    }
}

static void the_band_has_every_policy_with_each_prefetcher_once(void **state)
{
    const struct sim_model like = {SIM_LRU, SIM_ADJACENT_LINE, SIM_EXCLUSIVE, true,
                                   false};
    unsigned seen[SIM_N_POLICIES][8] = {{0}};
    (void)state;
    for (unsigned i = 0; i < SIM_N_MODELS; i++) {
        const struct sim_model model = sim_model_of_band(i, &like);
        assert_int_equal(model.last_level, SIM_EXCLUSIVE);
        assert_true(model.walks_pages && !model.zeroes_pages);
        seen[model.policy][model.prefetchers]++;
    }
    for (unsigned policy = 0; policy < SIM_N_POLICIES; policy++) {
        assert_int_equal(seen[policy][0], 1);
        assert_int_equal(seen[policy][SIM_NEXT_LINE], 1);
        assert_int_equal(seen[policy][SIM_STREAM], 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_machine_is_the_laptop_of_the_notes),
        cmocka_unit_test(every_machine_can_be_made),
        cmocka_unit_test(every_machine_is_found_by_its_name_and_says_its_source),
        cmocka_unit_test(every_machine_comes_back_from_its_text),
        cmocka_unit_test(many_small_pages_are_one_huge_page),
        cmocka_unit_test(huge_pages_reach_as_far_as_their_own_tlbs),
        cmocka_unit_test(geometries_are_read_as_written),
        cmocka_unit_test(a_wrong_text_is_refused_with_its_remedy),
        cmocka_unit_test(wrong_pages_and_tlbs_are_refused),
        cmocka_unit_test(models_are_named),
        cmocka_unit_test(the_band_has_every_policy_with_each_prefetcher_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
