/* SPDX-License-Identifier: MIT */
/* Iteration, clone, and seeds: each test is named after the promise it holds. */
#include "design.h"
#include "test_allocator.h"
#include "test_hashes.h"
#include "test_keys.h"

#define OM_NAME  ages
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#define OM_HASH  test_hash_u64
#include OM_DESIGN_HEADER

enum { MOST = 600 };

typedef struct fixture {
    test_allocator memory;
    ages map;
} fixture;

static void begin(fixture *f, enum test_hash hash, size_t n)
{
    test_hash_kind = hash;
    CHECK_CONTEXT("hash %s, %zu keys", test_hash_names[hash], n);
    test_allocator_begin(&f->memory);
    CHECK_OK(ages_init(&f->map, 0, DESIGN_SEED, &f->memory.hooks));
    for (size_t i = 0; i < n; i++)
        CHECK_OK(ages_insert(&f->map, test_key(i), i));
}

static void end(fixture *f)
{
    CHECK(ages_is_valid(&f->map));
    ages_drop(&f->map);
    test_allocator_end(&f->memory);
}

/* Numbers of the entries in visiting order; each must stand beside its own key. */
static size_t visit_all(ages *map, size_t *order)
{
    size_t n = 0;
    for (ages_iterator it = ages_first(map); it.entry != NULL; ages_next(&it)) {
        CHECK(n < MOST && it.entry->value < MOST);
        CHECK_SAME(it.entry->key, test_key(it.entry->value));
        order[n++] = it.entry->value;
    }
    return n;
}

static void iteration_visits_each_entry_once(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 11, 12, 13, 22, 44, 45, 100, 500};
    for (int hash = 0; hash < N_HASHES; hash++) {
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            fixture f;
            bool is_visited[MOST] = {false};
            size_t order[MOST];
            begin(&f, (enum test_hash)hash, sizes[s]);
            CHECK_SAME(visit_all(&f.map, order), sizes[s]);
            for (size_t i = 0; i < sizes[s]; i++) {
                CHECK(!is_visited[order[i]]);
                is_visited[order[i]] = true;
            }
            end(&f);
        }
    }
}

static void iteration_allows_overwriting(void **state)
{
    (void)state;
    fixture f;
    begin(&f, HASH_GOOD, 100);
    size_t n = 0;
    for (ages_iterator it = ages_first(&f.map); it.entry != NULL; ages_next(&it), n++) {
        CHECK_OK(ages_insert(&f.map, it.entry->key, it.entry->value + 1000));
        CHECK_SAME(it.entry->value, *ages_get(&f.map, it.entry->key));
        it.entry->value -= 1000;
        CHECK_OK(ages_insert(&f.map, test_key(n), n));
    }
    CHECK_SAME(n, 100);
    CHECK_SAME(visit_all(&f.map, (size_t[MOST]){0}), 100);
    end(&f);
}

/* At each entry one other is deleted, visited or not; some current ones after that. */
static void iteration_allows_deleting_other_entries_and_then_the_current(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        for (uint64_t seed = 0; seed < 40; seed++) {
            fixture f;
            const size_t n = 5 + (size_t)seed * 7;
            int times_seen[MOST] = {0};
            bool is_there[MOST] = {false};
            test_rng rng = {seed};
            begin(&f, (enum test_hash)hash, n);
            CHECK_CONTEXT("hash %s, seed %llu", test_hash_names[hash],
                          (unsigned long long)seed);
            memset(is_there, true, n);
            size_t left = n;
            for (ages_iterator it = ages_first(&f.map); it.entry != NULL;
                 ages_next(&it)) {
                const size_t current = it.entry->value, other = test_rng_below(&rng, n);
                CHECK(is_there[current]);
                times_seen[current]++;
                if (other != current) {
                    CHECK(ages_delete(&f.map, test_key(other)) == is_there[other]);
                    left -= is_there[other];
                    is_there[other] = false;
                }
                CHECK_SAME(it.entry->value, current);
                if (test_rng_below(&rng, 3) == 0) {
                    ages_delete_current(&it);
                    is_there[current] = false;
                    left--;
                }
                CHECK_SAME(ages_size(&f.map), left);
            }
            for (size_t i = 0; i < n; i++) {
                CHECK(times_seen[i] <= 1 && (times_seen[i] == 1 || !is_there[i]));
                CHECK((ages_get(&f.map, test_key(i)) != NULL) == is_there[i]);
            }
            end(&f);
        }
    }
}

static void delete_current_removes_and_the_iteration_goes_on(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        for (size_t keep = 1; keep <= 3; keep++) { /* 1: none is kept */
            fixture f;
            begin(&f, (enum test_hash)hash, 300);
            size_t n = 0, n_kept = 0;
            for (ages_iterator it = ages_first(&f.map); it.entry != NULL;
                 ages_next(&it)) {
                n++;
                if (keep > 1 && it.entry->value % keep == 0) {
                    n_kept++;
                } else {
                    const uint64_t key = it.entry->key;
                    ages_delete_current(&it);
                    CHECK(ages_get(&f.map, key) == NULL);
                }
            }
            CHECK_SAME(n, 300);
            CHECK_SAME(ages_size(&f.map), n_kept);
            for (size_t i = 0; i < 300; i++)
                CHECK((ages_get(&f.map, test_key(i)) != NULL) ==
                      (keep > 1 && i % keep == 0));
            end(&f);
        }
    }
}

static void clone_is_equal_and_independent(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 12, 100};
    for (int hash = 0; hash < N_HASHES; hash++) {
        for (size_t s = 0; s < 4; s++) {
            fixture f;
            ages twin;
            const size_t n = sizes[s];
            begin(&f, (enum test_hash)hash, n + 5);
            for (size_t i = n; i < n + 5; i++) /* leave tombstones */
                CHECK(ages_delete(&f.map, test_key(i)));
            memset(&twin, 0xee, sizeof twin); /* unset storage */
            CHECK_OK(ages_clone(&f.map, &twin));
            CHECK(ages_is_valid(&twin));
            CHECK_SAME(ages_size(&twin), n);
            CHECK_SAME(ages_capacity(&twin), ages_capacity(&f.map));
            for (size_t i = 0; i < n; i++) {
                uint64_t *const value = ages_get(&twin, test_key(i));
                CHECK(value != NULL && value != ages_get(&f.map, test_key(i)));
                CHECK_SAME(*value, i);
                *value = i + 1; /* must not show in the other */
                CHECK_SAME(*ages_get(&f.map, test_key(i)), i);
            }
            for (size_t i = 0; i < n; i += 2)
                CHECK(ages_delete(&twin, test_key(i)));
            for (size_t i = n; i < 2 * n + 3; i++)
                CHECK_OK(ages_insert(&twin, test_key(i), i));
            CHECK_SAME(visit_all(&f.map, (size_t[MOST]){0}), n);
            ages_drop(&twin);
            CHECK_SAME(visit_all(&f.map, (size_t[MOST]){0}), n);
            end(&f);
        }
    }
}

static void clone_keeps_seed_and_allocator(void **state)
{
    (void)state;
    fixture f;
    ages twin;
    begin(&f, HASH_GOOD, 20);
    const size_t live = f.memory.live_blocks;
    CHECK_OK(ages_clone(&f.map, &twin));
    CHECK(f.memory.live_blocks >= live + 1);
    memset(&test_hash_seed, 0, sizeof test_hash_seed);
    CHECK_OK(ages_insert(&twin, test_key(20), 20));
    CHECK(memcmp(&test_hash_seed, DESIGN_SEED, sizeof test_hash_seed) == 0);
    ages_drop(&twin);
    CHECK_SAME(f.memory.live_blocks, live);
    end(&f);
}

static void clone_of_an_unused_map_is_an_empty_map(void **state)
{
    (void)state;
    test_hash_kind = HASH_GOOD;
    ages map = {0}, twin;
    memset(&twin, 0xee, sizeof twin);
    CHECK_OK(ages_clone(&map, &twin));
    CHECK_SAME(ages_size(&twin), 0);
    CHECK_SAME(ages_capacity(&twin), 0);
    CHECK(ages_is_valid(&twin));
    CHECK_OK(ages_insert(&twin, 5, 6));
    CHECK(ages_get(&map, 5) == NULL);
    ages_drop(&twin);
    ages_drop(&map);
}

static void hash_is_given_the_seed_of_init_and_growth_keeps_it(void **state)
{
    (void)state;
    fixture f;
    begin(&f, HASH_GOOD, 0);
    for (size_t i = 0; i < 500; i++) {
        memset(&test_hash_seed, 0, sizeof test_hash_seed);
        CHECK_OK(ages_insert(&f.map, test_key(i), i));
        CHECK(memcmp(&test_hash_seed, DESIGN_SEED, sizeof test_hash_seed) == 0);
    }
    CHECK_OK(ages_reserve(&f.map, 5000));
    CHECK(ages_get(&f.map, test_key(3)) != NULL);
    CHECK(memcmp(&test_hash_seed, DESIGN_SEED, sizeof test_hash_seed) == 0);
    end(&f);
}

static void seeds_differ_between_tables_and_growth_keeps_each(void **state)
{
    (void)state;
    enum { TABLES = 8 };
    test_hash_kind = HASH_GOOD;
    ages maps[TABLES];
    om_seed seeds[TABLES];
    memset(maps, 0, sizeof maps);
    for (size_t m = 0; m < TABLES; m++) {
        if (m % 2 == 1) /* both ways to start without a seed */
            CHECK_OK(ages_init(&maps[m], 0, NULL, NULL));
        for (size_t i = 0; i < 100; i++) {
            CHECK_OK(ages_insert(&maps[m], test_key(i), i));
            if (i == 0)
                seeds[m] = test_hash_seed;
            CHECK(memcmp(&seeds[m], &test_hash_seed, sizeof(om_seed)) == 0);
        }
        for (size_t k = 0; k < m; k++)
            CHECK(seeds[k].low != seeds[m].low && seeds[k].high != seeds[m].high);
    }
    for (size_t m = 0; m < TABLES; m++)
        ages_drop(&maps[m]);
}

static void same_seed_same_layout(void **state)
{
    (void)state;
    fixture a, b;
    size_t order_a[MOST], order_b[MOST];
    begin(&a, HASH_GOOD, 300);
    begin(&b, HASH_GOOD, 300);
    CHECK_SAME(visit_all(&a.map, order_a), 300);
    CHECK_SAME(visit_all(&b.map, order_b), 300);
    CHECK(memcmp(order_a, order_b, 300 * sizeof *order_a) == 0);
    fixture c; /* and another seed, another one */
    test_allocator_begin(&c.memory);
    CHECK_OK(ages_init(&c.map, 0, &(om_seed){1, 2}, &c.memory.hooks));
    for (size_t i = 0; i < 300; i++)
        CHECK_OK(ages_insert(&c.map, test_key(i), i));
    CHECK_SAME(visit_all(&c.map, order_b), 300);
    CHECK(memcmp(order_a, order_b, 300 * sizeof *order_a) != 0);
    end(&a);
    end(&b);
    end(&c);
}

static void an_iterator_can_be_copied_and_restarted(void **state)
{
    (void)state;
    fixture f;
    begin(&f, HASH_GOOD, 100);
    size_t whole[MOST];
    CHECK_SAME(visit_all(&f.map, whole), 100);
    size_t n = 0;
    for (ages_iterator it = ages_first(&f.map); it.entry != NULL; ages_next(&it), n++) {
        size_t k = n;
        for (ages_iterator rest = it; rest.entry != NULL; ages_next(&rest), k++)
            CHECK_SAME(rest.entry->value, whole[k]);
        CHECK_SAME(k, 100);
    }
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iteration_visits_each_entry_once),
        cmocka_unit_test(iteration_allows_overwriting),
        cmocka_unit_test(iteration_allows_deleting_other_entries_and_then_the_current),
        cmocka_unit_test(delete_current_removes_and_the_iteration_goes_on),
        cmocka_unit_test(clone_is_equal_and_independent),
        cmocka_unit_test(clone_keeps_seed_and_allocator),
        cmocka_unit_test(clone_of_an_unused_map_is_an_empty_map),
        cmocka_unit_test(hash_is_given_the_seed_of_init_and_growth_keeps_it),
        cmocka_unit_test(seeds_differ_between_tables_and_growth_keeps_each),
        cmocka_unit_test(same_seed_same_layout),
        cmocka_unit_test(an_iterator_can_be_copied_and_restarted),
    };
    return cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL) != 0;
}
