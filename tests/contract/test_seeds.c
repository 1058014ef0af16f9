/* SPDX-License-Identifier: MIT */
/* When the operating system is asked for a seed, and what happens when it has none. This
 * program brings its own getentropy, which counts, and fails when told to. */
#include <errno.h>

#include "design.h"
#include "test_allocator.h"
#include "test_hashes.h"
#include "test_keys.h"

static size_t n_draws;
static bool entropy_fails;
static uint64_t entropy_state = 1;

int getentropy(void *buffer, size_t length);

int getentropy(void *buffer, size_t length)
{
    n_draws++;
    if (entropy_fails) {
        errno = EIO;
        return -1;
    }
    unsigned char *const bytes = buffer;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (unsigned char)(entropy_state = test_mix(entropy_state + 1));
    return 0;
}

#define OM_NAME  ages
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#define OM_HASH  test_hash_u64
#include OM_DESIGN_HEADER

static void fresh_seed_is_drawn_once_with_the_first_table(void **state)
{
    (void)state;
    test_hash_kind = HASH_GOOD;
    for (int way = 0; way < 2; way++) {
        ages map = {0};
        n_draws = 0;
        if (way == 1)
            CHECK_OK(ages_init(&map, 0, NULL, NULL));
        CHECK(ages_get(&map, 1) == NULL);
        CHECK_SAME(n_draws, 0);
        for (size_t i = 0; i < 1000; i++)
            CHECK_OK(ages_insert(&map, i, i));
        CHECK_SAME(n_draws, 1);
        CHECK(test_hash_seed.low != 0 && test_hash_seed.high != 0);
        CHECK(test_hash_seed.low != test_hash_seed.high);
        CHECK_OK(ages_reserve(&map, 5000));
        CHECK_OK(ages_shrink(&map));
        ages twin;
        CHECK_OK(ages_clone(&map, &twin));
        CHECK_SAME(n_draws, 1);
        ages_drop(&twin);
        ages_drop(&map);
    }
}

static void given_seed_asks_the_system_for_nothing(void **state)
{
    (void)state;
    ages map;
    n_draws = 0;
    CHECK_OK(ages_init(&map, 100, DESIGN_SEED, NULL));
    for (size_t i = 0; i < 1000; i++)
        CHECK_OK(ages_insert(&map, i, i));
    CHECK_SAME(n_draws, 0);
    ages_drop(&map);
}

static void no_entropy_is_told_and_leaves_the_map_as_it_was(void **state)
{
    (void)state;
    test_allocator memory;
    ages map;
    uint64_t *value = NULL;
    size_t n_done = 99;
    test_allocator_begin(&memory);
    CHECK_OK(ages_init(&map, 0, NULL, &memory.hooks));
    entropy_fails = true;
    errno = 77;
    CHECK_SAME(ages_insert(&map, 1, 2), OM_NO_ENTROPY);
    CHECK_SAME(ages_get_or_insert(&map, 1, &value, NULL), OM_NO_ENTROPY);
    CHECK_SAME(ages_reserve(&map, 10), OM_NO_ENTROPY);
    CHECK_SAME(ages_insert_many(&map, (uint64_t[]){1}, (uint64_t[]){2}, 1, &n_done),
               OM_NO_ENTROPY);
    CHECK_SAME(n_done, 0);
    ages other;
    CHECK_SAME(ages_init(&other, 10, NULL, &memory.hooks), OM_NO_ENTROPY);
    CHECK(ages_is_valid(&other));
    ages_drop(&other);
    CHECK_SAME(errno, 77);
    CHECK(value == NULL && ages_size(&map) == 0 && ages_capacity(&map) == 0);
    CHECK(ages_is_valid(&map));
    CHECK_SAME(memory.live_blocks, 0);
    entropy_fails = false;
    CHECK_OK(ages_insert(&map, 1, 2));
    CHECK_SAME(*ages_get(&map, 1), 2);
    ages_drop(&map);
    test_allocator_end(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fresh_seed_is_drawn_once_with_the_first_table),
        cmocka_unit_test(given_seed_asks_the_system_for_nothing),
        cmocka_unit_test(no_entropy_is_told_and_leaves_the_map_as_it_was),
    };
    return cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL) != 0;
}
