/* SPDX-License-Identifier: MIT */
/* When tables are resized, to what, what it costs in memory, and what is told of it.
 *
 *     test_growth [inserts]      how far the growth rule is followed, default 3000 */
#include "design.h"
#include "test_allocator.h"
#include "test_hashes.h"
#include "test_keys.h"

#define OM_NAME  ages
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#define OM_HASH  test_hash_u64
#include OM_DESIGN_HEADER

#define OM_NAME     dense
#define OM_KEY      uint64_t
#define OM_VALUE    uint64_t
#define OM_MAX_LOAD 95
#include OM_DESIGN_HEADER

#define OM_NAME       loose
#define OM_KEY        uint64_t
#define OM_MAX_LOAD   10
#define OM_INIT_SLOTS 2
#include OM_DESIGN_HEADER

#define OM_NAME       tiny
#define OM_KEY        uint64_t
#define OM_INIT_SLOTS 2
#include OM_DESIGN_HEADER

static size_t n_inserts; /* argv[1]: how far the growth rule is followed */

typedef struct fixture {
    test_allocator memory;
    ages map;
} fixture;

static void begin(fixture *f, size_t n)
{
    test_hash_kind = HASH_GOOD;
    CHECK_CONTEXT("%zu keys", n);
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

/* Bytes a table of the design holds for each slot, and all in all. */
static size_t slot_bytes(void)
{
    return DESIGN_CHAINS ? sizeof(void *) : sizeof(*ages_first(&(ages){0}).entry);
}

static size_t table_bytes(size_t capacity)
{
    const size_t words = DESIGN_PACKS ? (capacity * 2 + 63) / 64 : 0;
    return capacity * slot_bytes() + words * sizeof(uint64_t);
}

static void doubles_before_the_insert_that_finds_the_limit(void **state)
{
    (void)state;
    fixture f;
    begin(&f, 0);
    size_t expected = 16, n_doublings = 0;
    for (size_t size = 0; size < n_inserts; size++) {
        if (size * 100 >= expected * 70) {
            expected *= 2;
            n_doublings++;
        }
        CHECK_OK(ages_insert(&f.map, test_key(size), size));
        CHECK_SAME(ages_capacity(&f.map), expected);
        CHECK_SAME(f.memory.n_resizes, n_doublings);
    }
    CHECK_SAME(expected, design_capacity(n_inserts, 16, 70));
    end(&f);
}

static void first_table_is_not_announced(void **state)
{
    (void)state;
    fixture f;
    begin(&f, 1);
    CHECK_SAME(ages_capacity(&f.map), 16);
    CHECK_SAME(f.memory.n_resizes, 0);
    CHECK_SAME(f.memory.live_table_bytes, table_bytes(16));
    end(&f);
}

static void resize_tells_the_fields_of_the_notes(void **state)
{
    (void)state;
    fixture f;
    begin(&f, 12);
    for (size_t size = 12; size < 2000; size++) {
        const size_t capacity = ages_capacity(&f.map), n = f.memory.n_resizes;
        CHECK_OK(ages_insert(&f.map, test_key(size), size));
        if (f.memory.n_resizes == n)
            continue;
        const om_resize *const told = &f.memory.resize;
        CHECK_SAME(f.memory.n_resizes, n + 1);
        CHECK_SAME(told->old_capacity, capacity);
        CHECK_SAME(told->new_capacity, capacity * 2);
        CHECK_SAME(told->entry_bytes, slot_bytes());
        CHECK_SAME(told->items, size);
        CHECK_SAME(told->old_bytes, table_bytes(capacity));
        CHECK_SAME(told->new_bytes, table_bytes(capacity * 2));
    }
    CHECK_SAME(f.memory.n_resizes, 8);
    end(&f);
}

static void resize_is_one_allocation_and_never_holds_three_tables(void **state)
{
    (void)state;
    fixture f;
    begin(&f, 1);
    CHECK_SAME(f.memory.most_tables, 1);
    for (size_t size = 1; size < 2000; size++) {
        const size_t before = ages_capacity(&f.map);
        test_allocator_recount(&f.memory);
        CHECK_OK(ages_insert(&f.map, test_key(size), size));
        const size_t after = ages_capacity(&f.map), nodes = DESIGN_CHAINS;
        CHECK_SAME(f.memory.n_requests, (before != after) + nodes);
        CHECK_SAME(f.memory.n_releases, before != after);
        CHECK_SAME(f.memory.most_tables, 1 + (before != after));
        CHECK_SAME(f.memory.most_table_bytes,
                   table_bytes(before) + (before != after ? table_bytes(after) : 0));
        CHECK_SAME(f.memory.live_table_bytes, table_bytes(after));
    }
    end(&f);
}

static void table_is_labelled(void **state)
{
    (void)state;
    fixture f;
    begin(&f, 0);
    CHECK_OK(ages_reserve(&f.map, 10));
    CHECK_SAME(f.memory.n_requests, 1);
    CHECK(strcmp(f.memory.last.label, DESIGN_TABLE_LABEL) == 0);
    CHECK_OK(ages_insert(&f.map, 1, 1));
    CHECK_SAME(f.memory.n_requests, 1 + DESIGN_CHAINS);
    if (DESIGN_CHAINS)
        CHECK(strcmp(f.memory.last.label, "nodes") == 0);
    end(&f);
}

static void limit_follows_max_load_and_init_slots(void **state)
{
    (void)state;
    dense a = {0};
    loose b = {0};
    tiny c = {0};
    size_t slots_a = 16, slots_b = 2, slots_c = 2;
    for (size_t size = 0; size < 3000; size++) {
        while (design_limit(slots_a, 95) <= size)
            slots_a *= 2;
        while (design_limit(slots_b, 10) <= size)
            slots_b *= 2;
        while (design_limit(slots_c, 70) <= size)
            slots_c *= 2;
        CHECK_OK(dense_insert(&a, size, size));
        CHECK_OK(loose_insert(&b, size));
        CHECK_OK(tiny_insert(&c, size));
        CHECK_SAME(dense_capacity(&a), slots_a);
        CHECK_SAME(loose_capacity(&b), slots_b);
        CHECK_SAME(tiny_capacity(&c), slots_c);
    }
    CHECK(dense_is_valid(&a) && loose_is_valid(&b) && tiny_is_valid(&c));
    dense_drop(&a);
    loose_drop(&b);
    tiny_drop(&c);
}

static void reserve_makes_following_inserts_resize_free(void **state)
{
    (void)state;
    for (size_t before = 0; before <= 40; before += 4) {
        for (size_t room = 0; room <= 300; room += 7) {
            for (size_t deleted = 0; deleted <= before; deleted += 4) {
                fixture f;
                begin(&f, before);
                for (size_t i = 0; i < deleted; i++)
                    CHECK(ages_delete(&f.map, test_key(i)));
                const size_t old = ages_capacity(&f.map);
                CHECK_OK(ages_reserve(&f.map, room));
                CHECK(ages_is_valid(&f.map));
                const size_t capacity = ages_capacity(&f.map);
                const size_t least = room == 0 ? 0 : design_capacity(room, 16, 70);
                CHECK_SAME(capacity, least > old ? least : old);
                test_allocator_recount(&f.memory);
                for (size_t i = before; ages_size(&f.map) < room; i++)
                    CHECK_OK(ages_insert(&f.map, test_key(i), i));
                CHECK_SAME(f.memory.n_resizes, 0);
                CHECK_SAME(ages_capacity(&f.map), capacity);
                for (size_t i = deleted; i < before; i++)
                    CHECK_SAME(*ages_get(&f.map, test_key(i)), i);
                end(&f);
            }
        }
    }
}

static void reserve_of_what_is_there_does_nothing(void **state)
{
    (void)state;
    fixture f;
    begin(&f, 45);
    test_allocator_recount(&f.memory);
    for (size_t room = 0; room <= 45; room++)
        CHECK_OK(ages_reserve(&f.map, room));
    CHECK_SAME(f.memory.n_requests, 0);
    end(&f);
}

static void shrink_gives_the_least_capacity_that_holds_the_entries(void **state)
{
    (void)state;
    for (size_t n = 0; n <= 200; n++) {
        fixture f;
        begin(&f, 300);
        for (size_t i = n; i < 300; i++)
            CHECK(ages_delete(&f.map, test_key(i)));
        CHECK_OK(ages_shrink(&f.map));
        CHECK_SAME(ages_capacity(&f.map), n == 0 ? 0 : design_capacity(n, 16, 70));
        CHECK_SAME(f.memory.live_tables, n > 0);
        CHECK(ages_is_valid(&f.map));
        CHECK_SAME(ages_size(&f.map), n);
        for (size_t i = 0; i < 300; i++)
            CHECK((ages_get(&f.map, test_key(i)) != NULL) == (i < n));
        test_allocator_recount(&f.memory);
        CHECK_OK(ages_shrink(&f.map)); /* nothing left to give */
        CHECK_SAME(f.memory.n_requests, 0);
        end(&f);
    }
}

#if !DESIGN_CHAINS
/* The contract's rule for tombstones, followed step by step through a churn. */
static void
rehashes_at_the_same_capacity_while_size_is_at_most_half_the_limit(void **state)
{
    (void)state;
    for (size_t window = 1; window <= 60; window++) {
        fixture f;
        begin(&f, window);
        for (size_t i = window; i < window + 600; i++) {
            CHECK(ages_delete(&f.map, test_key(i - window)));
            om_stats before;
            ages_stats(&f.map, &before);
            test_allocator_recount(&f.memory);
            CHECK_OK(ages_insert(&f.map, test_key(i), i));
            const size_t limit = design_limit(before.capacity, 70);
            const bool finds_limit = before.size + before.tombstones >= limit;
            const bool doubles = finds_limit && before.size > limit / 2;
            CHECK_SAME(f.memory.n_resizes, finds_limit);
            CHECK_SAME(ages_capacity(&f.map), before.capacity << doubles);
        }
        end(&f);
    }
}

#else
static void chained_entries_stay_where_they_are_through_a_resize(void **state)
{
    (void)state;
    fixture f;
    begin(&f, 12);
    uint64_t *held[12];
    for (size_t i = 0; i < 12; i++)
        held[i] = ages_get(&f.map, test_key(i));
    for (size_t i = 12; i < 500; i++)
        CHECK_OK(ages_insert(&f.map, test_key(i), i));
    CHECK_OK(ages_reserve(&f.map, 5000));
    CHECK_OK(ages_shrink(&f.map));
    for (size_t i = 0; i < 12; i++)
        CHECK(held[i] == ages_get(&f.map, test_key(i)));
    end(&f);
}
#endif

int main(int argc, char **argv)
{
    n_inserts = check_argument(argc, argv, 1, 3000);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_before_the_insert_that_finds_the_limit),
        cmocka_unit_test(first_table_is_not_announced),
        cmocka_unit_test(resize_tells_the_fields_of_the_notes),
        cmocka_unit_test(resize_is_one_allocation_and_never_holds_three_tables),
        cmocka_unit_test(table_is_labelled),
        cmocka_unit_test(limit_follows_max_load_and_init_slots),
        cmocka_unit_test(reserve_makes_following_inserts_resize_free),
        cmocka_unit_test(reserve_of_what_is_there_does_nothing),
        cmocka_unit_test(shrink_gives_the_least_capacity_that_holds_the_entries),
#if DESIGN_CHAINS
        cmocka_unit_test(chained_entries_stay_where_they_are_through_a_resize),
#else
        cmocka_unit_test(
            rehashes_at_the_same_capacity_while_size_is_at_most_half_the_limit),
#endif
    };
    return cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL) != 0;
}
