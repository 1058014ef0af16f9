/* SPDX-License-Identifier: MIT */
/* Sizes up to SIZE_MAX, values of many sizes and alignments, and arguments that were read
 * from the table they go to. */
#include "design.h"
#include "test_allocator.h"
#include "test_hashes.h"
#include "test_keys.h"

static size_t n_rungs;

/* The least capacity for `entries`, by the notes' rule, without a product that wraps; 0
 * when there is none. */
static size_t least_capacity(size_t entries)
{
    size_t capacity = 16;
    for (;;) {
        const size_t limit = capacity / 10 * 7 + (capacity % 10 * 7 + 9) / 10;
        if (limit >= entries)
            return capacity;
        if (capacity > SIZE_MAX / 2)
            return 0;
        capacity *= 2;
    }
}

/* What a reserve or init for `entries` must have answered and asked for. */
static void edges_check_answer(const test_allocator *memory, om_status status,
                               size_t entries, size_t slot_bytes, size_t capacity)
{
    const size_t least = entries == 0 ? 0 : least_capacity(entries);
    n_rungs++;
    if (entries == 0 || status == OM_OK) {
        CHECK_OK(status);
        CHECK_SAME(capacity, least);
    }
    if (entries == 0)
        return;
    if (least == 0 || least > PTRDIFF_MAX / slot_bytes) {
        CHECK_SAME(status, OM_TOO_LARGE);
        CHECK_SAME(memory->n_requests, 0);
        CHECK_SAME(capacity, 0);
        return;
    }
    const size_t table = least * slot_bytes;
    const size_t status_bytes = DESIGN_PACKS ? (least / 32 + (least < 32)) * 8 : 0;
    if (DESIGN_PACKS && status_bytes + 7 > PTRDIFF_MAX - table) {
        CHECK(status == OM_TOO_LARGE || status == OM_OUT_OF_MEMORY);
        return;
    }
    CHECK_SAME(memory->n_requests, 1);
    CHECK_SAME(memory->last.bytes, table + status_bytes);
    CHECK_SAME(status,
               table + status_bytes > memory->most_bytes ? OM_OUT_OF_MEMORY : OM_OK);
}

#include "value_shapes.h"

static void values_of_any_size_and_alignment_arrive_whole(void **state)
{
    (void)state;
#define TRY(name) name##_try();
    EDGES_SHAPES(TRY)
#undef TRY
}

typedef void (*climb)(size_t entries, bool by_init);

static void room_for_any_number_is_given_or_refused(void **state)
{
    (void)state;
#define CLIMB(name) name##_climb,
    static const climb climbs[] = {EDGES_SHAPES(CLIMB)};
#undef CLIMB
    for (size_t c = 0; c < sizeof climbs / sizeof *climbs; c++) {
        for (unsigned bit = 0; bit < sizeof(size_t) * 8; bit++) {
            const size_t power = (size_t)1 << bit;
            for (int by_init = 0; by_init < 2; by_init++) {
                climbs[c](power - 1, by_init != 0);
                climbs[c](power, by_init != 0);
                climbs[c](power + 1, by_init != 0);
            }
        }
        climbs[c](SIZE_MAX, false);
        climbs[c](SIZE_MAX - 1, true);
        climbs[c](SIZE_MAX / 10 * 7, false); /* the limit of 2^64 slots */
    }
}

/* ---- room asked of a map in use ---- */

#define OM_NAME  ages
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#define OM_HASH  test_hash_u64
#include OM_DESIGN_HEADER

static void refused_room_leaves_a_used_map_alone(void **state)
{
    (void)state;
    test_allocator memory;
    ages map;
    test_hash_kind = HASH_GOOD;
    test_allocator_begin(&memory);
    memory.most_bytes = (size_t)1 << 20;
    CHECK_OK(ages_init(&map, 0, DESIGN_SEED, &memory.hooks));
    for (size_t i = 0; i < 12; i++)
        CHECK_OK(ages_insert(&map, test_key(i), i));
    const uint64_t *const held = ages_get(&map, test_key(5));
    for (unsigned bit = 20; bit < 64; bit++) {
        CHECK_CONTEXT("reserve of about 2^%u", bit);
        CHECK(ages_reserve(&map, (size_t)1 << bit) != OM_OK);
        CHECK(ages_reserve(&map, ((size_t)2 << bit) - 1) != OM_OK);
        CHECK_SAME(ages_capacity(&map), 16);
        CHECK(ages_get(&map, test_key(5)) == held && *held == 5);
        CHECK(ages_is_valid(&map));
    }
    ages_drop(&map);
    test_allocator_end(&memory);
}

/* ---- arguments that come from the table ---- */

static void values_and_keys_may_be_read_from_the_table(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        ages map;
        test_hash_kind = (enum test_hash)hash;
        CHECK_CONTEXT("hash %s", test_hash_names[hash]);
        CHECK_OK(ages_init(&map, 0, DESIGN_SEED, NULL));
        CHECK_OK(ages_insert(&map, test_key(0), 42));
        for (size_t i = 1; i < 200; i++) /* through many resizes */
            CHECK_OK(ages_insert(&map, test_key(i), *ages_get(&map, test_key(i - 1))));
        for (size_t i = 0; i < 200; i++)
            CHECK_SAME(*ages_get(&map, test_key(i)), 42);
        while (ages_size(&map) > 0) { /* a key handed over as it stands in the table */
            const ages_iterator it = ages_first(&map);
            const size_t size = ages_size(&map);
            CHECK_OK(ages_insert(&map, it.entry->key, it.entry->value + 1));
            CHECK_SAME(*ages_get(&map, it.entry->key), 43);
            if (size % 2 == 0)
                CHECK(ages_delete(&map, it.entry->key));
            else
                CHECK(ages_take(&map, it.entry->key, &(uint64_t){0}, &(uint64_t){0}));
            CHECK_SAME(ages_size(&map), size - 1);
        }
        ages_drop(&map);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_any_size_and_alignment_arrive_whole),
        cmocka_unit_test(room_for_any_number_is_given_or_refused),
        cmocka_unit_test(refused_room_leaves_a_used_map_alone),
        cmocka_unit_test(values_and_keys_may_be_read_from_the_table),
    };
    const int n_failed = cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL);
    printf("edges %s: %zu rungs\n", DESIGN_NAME, n_rungs);
    return n_failed != 0;
}
