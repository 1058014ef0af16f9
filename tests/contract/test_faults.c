/* SPDX-License-Identifier: MIT */
/* The faults of the maps this project started from, each a promise that it is gone; and
 * probe counts: what `stats` says is what lookups cost. Asserted on counts, never time. */
#if defined(OM_CHECKED) && OM_CHECKED > 2 /* audits look things up, which would count */
#undef OM_CHECKED
#define OM_CHECKED 2
#endif

#include "design.h"
#include "probes.h"
#include "test_allocator.h"
#include "test_hashes.h"
#include "test_keys.h"

#define OM_NAME  ages
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#define OM_HASH  test_hash_u64
#include OM_DESIGN_HEADER

static void begin(ages *map, enum test_hash hash, size_t n)
{
    test_hash_kind = hash;
    CHECK_CONTEXT("hash %s, %zu keys", test_hash_names[hash], n);
    CHECK_OK(ages_init(map, 0, DESIGN_SEED, NULL));
    for (size_t i = 0; i < n; i++)
        CHECK_OK(ages_insert(map, test_key(i), i));
}

static size_t times_iterated(ages *map, uint64_t key)
{
    size_t n = 0;
    for (ages_iterator it = ages_first(map); it.entry != NULL; ages_next(&it))
        n += it.entry->key == key;
    return n;
}

/* The original stored a key again in the first tombstone it met on the way. */
static void insert_behind_existing_or_deleted_key_stores_it_once(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        for (size_t deleted = 0; deleted < 9; deleted++) {
            for (size_t again = 0; again < 10; again++) {
                ages map;
                begin(&map, (enum test_hash)hash, 10);
                CHECK(ages_delete(&map, test_key(deleted)));
                const bool was_there = again != deleted;
                CHECK_OK(ages_insert(&map, test_key(again), 100 + again));
                CHECK_SAME(ages_size(&map), was_there ? 9 : 10);
                CHECK_SAME(times_iterated(&map, test_key(again)), 1);
                CHECK_SAME(*ages_get(&map, test_key(again)), 100 + again);
                CHECK(ages_is_valid(&map));
                ages_drop(&map);
            }
        }
    }
}

/* So that after a delete the older copy came back. */
static void deleted_key_does_not_come_back(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        for (size_t before = 0; before < 10; before++) {
            for (size_t key = 0; key < 10; key++) {
                ages map;
                begin(&map, (enum test_hash)hash, 11);
                CHECK(ages_delete(&map, test_key(before)));
                CHECK_OK(ages_insert(&map, test_key(key), 1));
                CHECK_OK(ages_insert(&map, test_key(key), 2));
                CHECK(ages_delete(&map, test_key(key)));
                CHECK(ages_get(&map, test_key(key)) == NULL);
                CHECK(!ages_delete(&map, test_key(key)));
                CHECK_SAME(times_iterated(&map, test_key(key)), 0);
                CHECK_OK(ages_reserve(&map, 200)); /* nor after a resize */
                CHECK(ages_get(&map, test_key(key)) == NULL);
                ages_drop(&map);
            }
        }
    }
}

static void n_updates_of_one_key_are_linear(void **state)
{
    (void)state;
    enum { UPDATES = 10000 };
    ages map;
    begin(&map, HASH_GOOD, 12);
    CHECK(ages_delete(&map, test_key(11)));
    (void)probes_take();
    for (size_t i = 0; i < UPDATES; i++)
        CHECK_OK(ages_insert(&map, test_key(3), i));
    CHECK(probes_take() <= (uint64_t)UPDATES * 11);
    CHECK_SAME(ages_size(&map), 11);
    CHECK_SAME(ages_capacity(&map), 16);
    ages_drop(&map);
}

static void n_deletes_and_inserts_of_one_key_are_linear(void **state)
{
    (void)state;
    enum { UPDATES = 10000 };
    for (size_t n = 1; n <= 50; n++) { /* at a limit too */
        ages map;
        begin(&map, HASH_GOOD, n);
        const size_t capacity = ages_capacity(&map);
        (void)probes_take();
        for (size_t i = 0; i < UPDATES; i++) {
            CHECK(ages_delete(&map, test_key(0)));
            CHECK_OK(ages_insert(&map, test_key(0), 0));
        }
        CHECK(probes_take() <= (uint64_t)UPDATES * 2 * (n + 1));
        CHECK(ages_capacity(&map) <= capacity * 2);
        ages_drop(&map);
    }
}

/* However many deletes came before, a miss looks at no more slots than the limit allows
 * to be used, and at its end; on average at far fewer. */
static void missing_lookup_never_scans_the_table_however_many_deletes(void **state)
{
    (void)state;
    enum { KEYS = 1400, MISSES = 2000 }; /* 2048 slots, just below the limit */
    ages map;
    begin(&map, HASH_GOOD, KEYS);
    CHECK_SAME(ages_capacity(&map), 2048);
    for (size_t round = 0; round < 30; round++) {
        for (size_t i = 0; i < KEYS; i++) {
            const size_t oldest = round * KEYS + i;
            CHECK(ages_delete(&map, test_key(oldest)));
            if (i % 3 != 0)
                CHECK_OK(ages_insert(&map, test_key(oldest + KEYS), i));
        }
        uint64_t all = 0;
        for (size_t i = 0; i < MISSES; i++) {
            (void)probes_take();
            CHECK(ages_get(&map, test_key(1000000 + round * MISSES + i)) == NULL);
            const uint64_t probes = probes_take();
            CHECK(probes <= 200); /* of 2048 slots */
            all += probes;
        }
        CHECK(all <= (uint64_t)MISSES * 8); /* Knuth: 6.1 at load 0.7 */
        for (size_t i = 0; i < KEYS; i++)   /* full again for the next round */
            if (i % 3 == 0)
                CHECK_OK(ages_insert(&map, test_key((round + 1) * KEYS + i), i));
    }
    for (ages_iterator it = ages_first(&map); it.entry != NULL; ages_next(&it))
        ages_delete_current(&it);
    (void)probes_take();
    CHECK(ages_get(&map, 5) == NULL);
    CHECK(probes_take() <= 1);
    ages_drop(&map);
}

/* The original chaining counted inserts only. */
static void deleting_lowers_size(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        ages map;
        begin(&map, (enum test_hash)hash, 40);
        for (size_t left = 40; left-- > 0;) {
            CHECK(ages_delete(&map, test_key(left)));
            CHECK_SAME(ages_size(&map), left);
        }
        const size_t capacity = ages_capacity(&map);
        for (size_t i = 0; i < 10000; i++) { /* one entry never fills a table */
            CHECK_OK(ages_insert(&map, test_key(i), i));
            CHECK(ages_delete(&map, test_key(i)));
        }
        CHECK_SAME(ages_size(&map), 0);
        CHECK_SAME(ages_capacity(&map), capacity);
        ages_drop(&map);
    }
}

static void stats_agree_with_counted_probes(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        for (size_t n = 0; n <= 200; n += 8) {
            ages map;
            om_stats stats;
            begin(&map, (enum test_hash)hash, n + n / 4);
            for (size_t i = n; i < n + n / 4; i++)
                CHECK(ages_delete(&map, test_key(i)));
            ages_stats(&map, &stats);
            uint64_t sum = 0, longest = 0;
            for (size_t i = 0; i < n; i++) {
                (void)probes_take();
                CHECK(ages_get(&map, test_key(i)) != NULL);
                const uint64_t probes = probes_take();
                sum += probes;
                longest = probes > longest ? probes : longest;
            }
            CHECK_SAME(stats.hit_probes, sum);
            CHECK_SAME(stats.hit_longest, longest);
            CHECK_SAME(stats.size, n);
            CHECK_SAME(stats.capacity, ages_capacity(&map));
            CHECK(!DESIGN_CHAINS || stats.tombstones == 0);
            CHECK(stats.miss_longest <= stats.miss_probes || n == 0);
            ages_drop(&map);
        }
    }
}

/* A missing key for each home, under the identity as hash. */
static void stats_agree_with_counted_misses(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 200; n += 3) {
        ages map;
        om_stats stats;
        begin(&map, HASH_IDENTITY, n + n / 4);
        for (size_t i = n; i < n + n / 4; i++)
            CHECK(ages_delete(&map, test_key(i)));
        ages_stats(&map, &stats);
        uint64_t sum = 0, longest = 0;
        for (uint64_t home = 0; home < stats.capacity; home++) {
            (void)probes_take();
            CHECK(ages_get(&map, home + ((uint64_t)1 << 40)) == NULL);
            const uint64_t probes = probes_take();
            sum += probes;
            longest = probes > longest ? probes : longest;
        }
        CHECK_SAME(stats.miss_probes, sum);
        CHECK_SAME(stats.miss_longest, longest);
        ages_drop(&map);
    }
}

/* Counted by hand: n keys of one home, in a table of 16. A hit looks at 1 to n of them;
 * a miss from that home at all n, and in open addressing at the empty slot behind; from
 * inside the run at what is left of it. */
static void check_hand_count(uint64_t home, size_t n)
{
    ages map;
    om_stats stats;
    begin(&map, HASH_IDENTITY, 0);
    CHECK_CONTEXT("home %zu, %zu keys", (size_t)home, n);
    for (size_t i = 0; i < n; i++)
        CHECK_OK(ages_insert(&map, home + 16 * i, i));
    ages_stats(&map, &stats);
    CHECK_SAME(stats.hit_probes, n * (n + 1) / 2);
    CHECK_SAME(stats.hit_longest, n);
    CHECK_SAME(stats.miss_longest, n + !DESIGN_CHAINS);
    CHECK_SAME(stats.miss_probes, DESIGN_CHAINS ? n : 16 + n * (n + 1) / 2);
    CHECK_SAME(stats.tombstones, 0);
    const size_t entry = sizeof(*ages_first(&map).entry);
    CHECK_SAME(stats.bytes, DESIGN_CHAINS ? 16 * sizeof(void *) + n * entry
                                          : 16 * entry + DESIGN_PACKS * sizeof(uint64_t));
    if (n >= 3 && !DESIGN_CHAINS) {
        CHECK(ages_delete(&map, home)); /* one that others are reached by */
        ages_stats(&map, &stats);
        CHECK_SAME(stats.tombstones, 1);
        CHECK_SAME(stats.hit_probes, n * (n + 1) / 2 - 1);
        CHECK_SAME(stats.miss_probes, 16 + n * (n + 1) / 2);
    }
    ages_drop(&map);
}

static void stats_agree_with_a_hand_count(void **state)
{
    (void)state;
    for (uint64_t home = 0; home < 16; home++)
        for (size_t n = 1; n <= 11; n++)
            check_hand_count(home, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(insert_behind_existing_or_deleted_key_stores_it_once),
        cmocka_unit_test(deleted_key_does_not_come_back),
        cmocka_unit_test(n_updates_of_one_key_are_linear),
        cmocka_unit_test(n_deletes_and_inserts_of_one_key_are_linear),
        cmocka_unit_test(missing_lookup_never_scans_the_table_however_many_deletes),
        cmocka_unit_test(deleting_lowers_size),
        cmocka_unit_test(stats_agree_with_counted_probes),
        cmocka_unit_test(stats_agree_with_counted_misses),
        cmocka_unit_test(stats_agree_with_a_hand_count),
    };
    return cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL) != 0;
}
