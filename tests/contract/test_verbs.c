/* SPDX-License-Identifier: MIT */
/* What each verb promises, on a map of u64 to u64. Iteration, clone and seeds:
 * test_iteration.c; growth: test_growth.c; ownership: test_ownership.c. */
#include "design.h"
#include "test_allocator.h"
#include "test_hashes.h"
#include "test_keys.h"

#define OM_NAME  ages
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#define OM_HASH  test_hash_u64
#include OM_DESIGN_HEADER

typedef struct fixture {
    test_allocator memory;
    ages map;
} fixture;

static void begin(fixture *f, enum test_hash hash)
{
    test_hash_kind = hash;
    CHECK_CONTEXT("hash %s", test_hash_names[hash]);
    test_allocator_begin(&f->memory);
    CHECK_OK(ages_init(&f->map, 0, DESIGN_SEED, &f->memory.hooks));
}

static void end(fixture *f)
{
    CHECK(ages_is_valid(&f->map));
    ages_drop(&f->map);
    test_allocator_end(&f->memory);
}

/* Inserts keys number from to below to, each with its number as value. */
static void fill(ages *map, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        CHECK_OK(ages_insert(map, test_key(i), i));
}

/* The map holds exactly the keys number from to below to. */
static void check_holds(const ages *map, size_t from, size_t to)
{
    CHECK_SAME(ages_size(map), to - from);
    for (size_t i = from; i < to; i++) {
        const uint64_t *const value = ages_get(map, test_key(i));
        CHECK(value != NULL);
        CHECK_SAME(*value, i);
    }
    CHECK(from == 0 || ages_get(map, test_key(from - 1)) == NULL);
    CHECK(ages_get(map, test_key(to)) == NULL);
}

static void zeroed_storage_is_an_empty_map(void **state)
{
    (void)state;
    test_hash_kind = HASH_GOOD;
    ages map = {0};
    CHECK_SAME(ages_size(&map), 0);
    CHECK_SAME(ages_capacity(&map), 0);
    CHECK(!(ages_load(&map) > 0));
    CHECK(ages_get(&map, 0) == NULL);
    CHECK(!ages_delete(&map, 0));
    CHECK(ages_first(&map).entry == NULL);
    CHECK(ages_is_valid(&map));
    ages_clear(&map);
    CHECK_OK(ages_shrink(&map));
    CHECK_OK(ages_reserve(&map, 0));
    CHECK_SAME(ages_capacity(&map), 0);
    fill(&map, 0, 100);
    check_holds(&map, 0, 100);
    CHECK(ages_is_valid(&map));
    ages_drop(&map);
}

static void init_for_no_entries_allocates_nothing(void **state)
{
    (void)state;
    fixture f;
    begin(&f, HASH_GOOD);
    CHECK_SAME(f.memory.n_requests, 0);
    CHECK_SAME(ages_capacity(&f.map), 0);
    end(&f);
}

static void init_for_n_entries_makes_n_inserts_resize_free(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 200; n++) {
        fixture f;
        test_hash_kind = HASH_GOOD;
        CHECK_CONTEXT("n %zu", n);
        test_allocator_begin(&f.memory);
        CHECK_OK(ages_init(&f.map, n, DESIGN_SEED, &f.memory.hooks));
        const size_t capacity = ages_capacity(&f.map);
        CHECK_SAME(capacity, design_capacity(n, 16, 70));
        fill(&f.map, 0, n);
        CHECK_SAME(ages_capacity(&f.map), capacity);
        CHECK_SAME(f.memory.n_resizes, 0);
        check_holds(&f.map, 0, n);
        end(&f);
    }
}

static void get_finds_what_was_inserted_and_nothing_else(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        fixture f;
        begin(&f, (enum test_hash)hash);
        CHECK(ages_get(&f.map, test_key(0)) == NULL);
        for (size_t n = 1; n <= 150; n++) {
            fill(&f.map, n - 1, n);
            check_holds(&f.map, 0, n);
        }
        end(&f);
    }
}

static void value_can_be_changed_in_place(void **state)
{
    (void)state;
    fixture f;
    begin(&f, HASH_GOOD);
    fill(&f.map, 0, 10);
    *ages_get(&f.map, test_key(4)) = 77;
    CHECK_SAME(*ages_get(&f.map, test_key(4)), 77);
    *ages_get(&f.map, test_key(4)) = 4;
    check_holds(&f.map, 0, 10);
    end(&f);
}

static void insert_overwrites_the_value(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        fixture f;
        begin(&f, (enum test_hash)hash);
        for (size_t i = 0; i < 40; i++)
            CHECK_OK(ages_insert(&f.map, test_key(i), 1000 + i));
        fill(&f.map, 0, 40);
        check_holds(&f.map, 0, 40);
        end(&f);
    }
}

static void overwriting_never_resizes_nor_allocates(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 100; n++) { /* the limits are among them */
        fixture f;
        begin(&f, HASH_GOOD);
        fill(&f.map, 0, n);
        const size_t capacity = ages_capacity(&f.map);
        test_allocator_recount(&f.memory);
        test_allocator_fail(&f.memory, 0, true);
        for (size_t i = 0; i < n; i++)
            CHECK_OK(ages_insert(&f.map, test_key(i), i));
        uint64_t *value;
        CHECK_OK(ages_get_or_insert(&f.map, test_key(n - 1), &value, NULL));
        CHECK_SAME(f.memory.n_requests, 0);
        CHECK_SAME(ages_capacity(&f.map), capacity);
        check_holds(&f.map, 0, n);
        end(&f);
    }
}

static void delete_says_whether_there_was_one(void **state)
{
    (void)state;
    fixture f;
    begin(&f, HASH_GOOD);
    CHECK(!ages_delete(&f.map, test_key(0)));
    fill(&f.map, 0, 5);
    CHECK(ages_delete(&f.map, test_key(0)));
    CHECK(!ages_delete(&f.map, test_key(0)));
    check_holds(&f.map, 1, 5);
    end(&f);
}

static void delete_keeps_probe_chain_reachable(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        for (size_t n = 1; n <= 11; n++) {
            for (size_t deleted = 0; deleted < n; deleted++) {
                fixture f;
                begin(&f, (enum test_hash)hash);
                fill(&f.map, 0, n);
                CHECK(ages_delete(&f.map, test_key(deleted)));
                CHECK(ages_is_valid(&f.map));
                for (size_t i = 0; i < n; i++)
                    CHECK((ages_get(&f.map, test_key(i)) != NULL) == (i != deleted));
                end(&f);
            }
        }
    }
}

/* With the identity as hash, runs that start in each slot of 16, so that some wrap. */
static void probe_chain_goes_on_behind_the_last_slot(void **state)
{
    (void)state;
    for (uint64_t home = 0; home < 16; home++) {
        fixture f;
        begin(&f, HASH_IDENTITY);
        for (uint64_t i = 0; i < 8; i++)
            CHECK_OK(ages_insert(&f.map, home + 16 * i, i));
        CHECK_SAME(ages_capacity(&f.map), 16);
        for (uint64_t i = 0; i < 8; i += 2)
            CHECK(ages_delete(&f.map, home + 16 * i));
        for (uint64_t i = 0; i < 8; i++)
            CHECK((ages_get(&f.map, home + 16 * i) != NULL) == (i % 2 == 1));
        CHECK(ages_is_valid(&f.map));
        for (uint64_t i = 8; i < 24; i++) /* through a resize */
            CHECK_OK(ages_insert(&f.map, home + 16 * i, i));
        for (uint64_t i = 8; i < 24; i++)
            CHECK_SAME(*ages_get(&f.map, home + 16 * i), i);
        CHECK_SAME(ages_size(&f.map), 20);
        end(&f);
    }
}

static void take_hands_back_and_deletes(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        fixture f;
        begin(&f, (enum test_hash)hash);
        fill(&f.map, 0, 60);
        for (size_t i = 0; i < 60; i++) {
            uint64_t key = 1, value = 1;
            CHECK(ages_take(&f.map, test_key(i), &key, &value));
            CHECK_SAME(key, test_key(i));
            CHECK_SAME(value, i);
            check_holds(&f.map, i + 1, 60);
        }
        end(&f);
    }
}

static void take_of_a_missing_key_leaves_outputs_untouched(void **state)
{
    (void)state;
    fixture f;
    begin(&f, HASH_CONSTANT);
    uint64_t key = 123, value = 456;
    CHECK(!ages_take(&f.map, test_key(0), &key, &value));
    fill(&f.map, 1, 9);
    CHECK(!ages_take(&f.map, test_key(0), &key, &value));
    CHECK(key == 123 && value == 456);
    check_holds(&f.map, 1, 9);
    end(&f);
}

static void get_or_insert_inserts_a_zero_value_once(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        fixture f;
        begin(&f, (enum test_hash)hash);
        for (size_t i = 0; i < 60; i++) {
            uint64_t *value = NULL;
            bool is_new = false;
            CHECK_OK(ages_get_or_insert(&f.map, test_key(i), &value, &is_new));
            CHECK(is_new);
            CHECK_SAME(*value, 0);
            *value = i;
            CHECK_OK(ages_get_or_insert(&f.map, test_key(i), &value, &is_new));
            CHECK(!is_new);
            CHECK_SAME(*value, i);
            CHECK(value == ages_get(&f.map, test_key(i)));
            CHECK_OK(ages_get_or_insert(&f.map, test_key(i), &value, NULL));
            CHECK_SAME(*value, i);
            check_holds(&f.map, 0, i + 1);
        }
        CHECK(ages_delete(&f.map, test_key(59))); /* its slot must read zero again */
        uint64_t *value;
        CHECK_OK(ages_get_or_insert(&f.map, test_key(59), &value, NULL));
        CHECK_SAME(*value, 0);
        end(&f);
    }
}

static void clear_empties_and_keeps_capacity(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        fixture f;
        begin(&f, (enum test_hash)hash);
        fill(&f.map, 0, 100);
        for (size_t i = 0; i < 50; i++)
            CHECK(ages_delete(&f.map, test_key(i)));
        const size_t capacity = ages_capacity(&f.map);
        test_allocator_recount(&f.memory);
        ages_clear(&f.map);
        CHECK_SAME(ages_size(&f.map), 0);
        CHECK_SAME(ages_capacity(&f.map), capacity);
        CHECK_SAME(f.memory.n_requests, 0);
        om_stats stats;
        ages_stats(&f.map, &stats);
        CHECK_SAME(stats.tombstones, 0);
        for (size_t i = 0; i < 100; i++)
            CHECK(ages_get(&f.map, test_key(i)) == NULL);
        CHECK(ages_first(&f.map).entry == NULL);
        CHECK(ages_is_valid(&f.map));
        fill(&f.map, 0, 100);
        CHECK_SAME(ages_capacity(&f.map), capacity);
        check_holds(&f.map, 0, 100);
        end(&f);
    }
}

static void drop_of_a_dropped_map_is_legal(void **state)
{
    (void)state;
    fixture f;
    begin(&f, HASH_GOOD);
    ages_drop(&f.map);
    fill(&f.map, 0, 30);
    ages_drop(&f.map);
    CHECK_SAME(f.memory.live_blocks, 0);
    ages_drop(&f.map);
    CHECK_SAME(ages_size(&f.map), 0);
    CHECK_SAME(ages_capacity(&f.map), 0);
    CHECK(ages_get(&f.map, test_key(3)) == NULL);
    CHECK(ages_is_valid(&f.map));
    fill(&f.map, 0, 30); /* and the map can be used again */
    check_holds(&f.map, 0, 30);
    end(&f);
}

static void pointers_live_through_overwriting_and_other_deletes(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        fixture f;
        begin(&f, (enum test_hash)hash);
        fill(&f.map, 0, 40);
        uint64_t *held[40];
        for (size_t i = 0; i < 40; i++)
            held[i] = ages_get(&f.map, test_key(i));
        fill(&f.map, 0, 40); /* overwrites */
        for (size_t i = 0; i < 40; i += 3)
            CHECK(ages_delete(&f.map, test_key(i)));
        for (size_t i = 1; i < 40; i += 3)
            CHECK(ages_take(&f.map, test_key(i), &(uint64_t){0}, &(uint64_t){0}));
        for (size_t i = 2; i < 40; i += 3) {
            CHECK(held[i] == ages_get(&f.map, test_key(i)));
            CHECK_SAME(*held[i], i);
        }
        end(&f);
    }
}

static void many_verbs_do_what_single_ones_do(void **state)
{
    (void)state;
    fixture f;
    begin(&f, HASH_FOUR_VALUED);
    uint64_t keys[50], values[50], *answers[50];
    for (size_t i = 0; i < 50; i++) {
        keys[i] = test_key(i);
        values[i] = i;
    }
    size_t n_done = 99;
    CHECK_OK(ages_insert_many(&f.map, keys, values, 0, &n_done));
    CHECK_SAME(n_done, 0);
    CHECK_OK(ages_insert_many(&f.map, keys, values, 40, &n_done));
    CHECK_SAME(n_done, 40);
    check_holds(&f.map, 0, 40);
    ages_get_many(&f.map, keys, answers, 50);
    for (size_t i = 0; i < 50; i++)
        CHECK(answers[i] == ages_get(&f.map, keys[i]));
    keys[49] = keys[48] = test_key(7); /* twice, and only there once */
    CHECK_SAME(ages_delete_many(&f.map, keys + 38, 12), 3);
    CHECK_SAME(ages_size(&f.map), 37);
    for (size_t i = 0; i < 40; i++)
        CHECK((ages_get(&f.map, test_key(i)) != NULL) == (i < 38 && i != 7));
    end(&f);
}

static void load_is_size_through_capacity(void **state)
{
    (void)state;
    fixture f;
    begin(&f, HASH_GOOD);
    for (size_t n = 1; n <= 60; n++) {
        fill(&f.map, n - 1, n);
        const double expected = (double)n / (double)ages_capacity(&f.map);
        CHECK(ages_load(&f.map) > expected - 1e-12 &&
              ages_load(&f.map) < expected + 1e-12);
    }
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroed_storage_is_an_empty_map),
        cmocka_unit_test(init_for_no_entries_allocates_nothing),
        cmocka_unit_test(init_for_n_entries_makes_n_inserts_resize_free),
        cmocka_unit_test(get_finds_what_was_inserted_and_nothing_else),
        cmocka_unit_test(value_can_be_changed_in_place),
        cmocka_unit_test(insert_overwrites_the_value),
        cmocka_unit_test(overwriting_never_resizes_nor_allocates),
        cmocka_unit_test(delete_says_whether_there_was_one),
        cmocka_unit_test(delete_keeps_probe_chain_reachable),
        cmocka_unit_test(probe_chain_goes_on_behind_the_last_slot),
        cmocka_unit_test(take_hands_back_and_deletes),
        cmocka_unit_test(take_of_a_missing_key_leaves_outputs_untouched),
        cmocka_unit_test(get_or_insert_inserts_a_zero_value_once),
        cmocka_unit_test(clear_empties_and_keeps_capacity),
        cmocka_unit_test(drop_of_a_dropped_map_is_legal),
        cmocka_unit_test(pointers_live_through_overwriting_and_other_deletes),
        cmocka_unit_test(many_verbs_do_what_single_ones_do),
        cmocka_unit_test(load_is_size_through_capacity),
    };
    return cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL) != 0;
}
