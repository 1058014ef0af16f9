/* SPDX-License-Identifier: MIT */
/* Loads that turn careless tables quadratic: copies under one seed, strided keys, queues
 * at the tightest reserve. Asserted on probes, capacities and moved entries.
 *
 *     test_adversarial [log2 of slots]      of the largest table; default 17
 */
#if defined(OM_CHECKED) && OM_CHECKED > 2 /* audits look things up, which would count */
#undef OM_CHECKED
#define OM_CHECKED 2
#endif

#include "design.h"
#include "probes.h"
#include "test_allocator.h"
#include "test_keys.h"

#define OM_NAME  siphashed
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#include OM_DESIGN_HEADER

static uint64_t identity(uint64_t key, om_seed seed)
{
    (void)seed;
    return key;
}

#define OM_NAME  plain
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#define OM_HASH  identity
#include OM_DESIGN_HEADER

/* Whatever the design, its iteration order must be one that linear probing can take. */
#define OM_NAME  probing
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#include <onemiss/open_addressing.h>

static unsigned most_log2;

/* Probes an insert may take on average, rehashes included: 6.1 for a miss at load 0.7
 * (Knuth), less on the way there, 2 to 3 for being moved. */
enum { PROBES_PER_INSERT = 12, PROBES_PER_STEP = 24 };

#define INSTANCE siphashed
#include "adversarial_body.h"
#define INSTANCE plain
#include "adversarial_body.h"

static void copying_under_one_seed_is_linear(void **state)
{
    (void)state;
    for (unsigned log2 = 7; log2 <= most_log2; log2 += 2) {
        for (size_t percent = 36; percent <= 69; percent += 11) {
            siphashed_try_merges((size_t)1 << log2, percent);
            plain_try_merges((size_t)1 << log2, percent);
        }
    }
}

static void copying_into_linear_probing_under_one_seed_is_linear(void **state)
{
    (void)state;
    for (size_t percent = 36; percent <= 69; percent += 3) {
        const size_t n = ((size_t)1 << most_log2) * percent / 100;
        siphashed from;
        probing to;
        siphashed_fill(&from, 0, n);
        CHECK_OK(probing_init(&to, 0, DESIGN_SEED, NULL));
        (void)probes_take();
        for (siphashed_iterator it = siphashed_first(&from); it.entry != NULL;
             siphashed_next(&it))
            CHECK_OK(probing_insert(&to, it.entry->key, it.entry->value));
        CHECK_CONTEXT("%zu keys of %s", n, DESIGN_NAME);
        CHECK(probes_take() <= n * PROBES_PER_INSERT);
        siphashed_drop(&from);
        probing_drop(&to);
    }
}

static void strided_keys_are_spread_by_the_default_hash(void **state)
{
    (void)state;
    enum { N = 20000 };
    for (unsigned shift = 0; shift < 48; shift += 4) {
        siphashed map;
        om_stats stats;
        CHECK_CONTEXT("stride 2^%u", shift);
        CHECK_OK(siphashed_init(&map, 0, DESIGN_SEED, NULL));
        (void)probes_take();
        for (uint64_t i = 0; i < N; i++)
            CHECK_OK(siphashed_insert(&map, i << shift, i));
        CHECK(probes_take() <= (uint64_t)N * PROBES_PER_INSERT);
        siphashed_stats(&map, &stats);
        CHECK(stats.hit_probes <= (uint64_t)N * 3);
        CHECK(stats.hit_longest <= 150);
        siphashed_drop(&map);
    }
}

/* A queue of `n` entries for `n_steps` steps, in a map with room for exactly n. */
static void churn(size_t n, size_t n_steps)
{
    test_allocator memory;
    siphashed map;
    CHECK_CONTEXT("queue of %zu", n);
    test_allocator_begin(&memory);
    CHECK_OK(siphashed_init(&map, n, DESIGN_SEED, &memory.hooks));
    for (size_t i = 0; i < n; i++)
        CHECK_OK(siphashed_insert(&map, test_key(i), i));
    const size_t capacity = siphashed_capacity(&map);
    test_allocator_recount(&memory);
    (void)probes_take();
    for (size_t i = 0; i < n_steps; i++) {
        CHECK(siphashed_delete(&map, test_key(i)));
        CHECK_OK(siphashed_insert(&map, test_key(i + n), i));
    }
    CHECK_SAME(siphashed_size(&map), n);
    CHECK(siphashed_capacity(&map) <= 4 * capacity);
    CHECK(probes_take() <= (uint64_t)n_steps * PROBES_PER_STEP + 4 * n);
    CHECK(memory.moved <= n_steps + 4 * n);
    CHECK(siphashed_is_valid(&map));
    siphashed_drop(&map);
    test_allocator_end(&memory);
}

static void queue_at_the_tightest_reserve_neither_grows_nor_thrashes(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 100; n++)
        churn(n, 3000);
    for (unsigned log2 = 8; log2 <= most_log2 - 1; log2 += 2) {
        const size_t limit = design_limit((size_t)1 << log2, 70);
        churn(limit - 1, limit * 4);
        churn(limit, limit * 4);
        churn(limit / 2, limit * 4);
        churn(limit / 2 + 1, limit * 4);
    }
}

/* Tables of whole pages, from the default allocator, whose parts are given back while a
 * resize goes on. */
static void large_tables_lose_nothing_in_a_resize(void **state)
{
    (void)state;
    const size_t n = (size_t)3 << most_log2;
    siphashed map;
    CHECK_CONTEXT("%zu entries", n);
    CHECK_OK(siphashed_init(&map, 0, DESIGN_SEED, NULL));
    for (size_t i = 0; i < n; i++)
        CHECK_OK(siphashed_insert(&map, test_key(i), i));
    for (size_t i = 0; i < n; i += 2)
        CHECK(siphashed_delete(&map, test_key(i)));
    CHECK_OK(siphashed_reserve(&map, 2 * n));
    CHECK_OK(siphashed_shrink(&map));
    CHECK_SAME(siphashed_size(&map), n / 2);
    for (size_t i = 0; i < n; i++) {
        const uint64_t *const value = siphashed_get(&map, test_key(i));
        CHECK((value != NULL) == (i % 2 == 1));
        CHECK(value == NULL || *value == i);
    }
    CHECK(siphashed_is_valid(&map));
    siphashed_drop(&map);
}

/* The map at each size from its limit down, one key deleted and inserted in turns. */
static void alternation_of_one_key_never_resizes_endlessly(void **state)
{
    (void)state;
    enum { TIMES = 5000 };
    for (size_t n = 1; n <= 100; n++) {
        test_allocator memory;
        siphashed map;
        CHECK_CONTEXT("%zu entries", n);
        test_allocator_begin(&memory);
        CHECK_OK(siphashed_init(&map, 0, DESIGN_SEED, &memory.hooks));
        for (size_t i = 0; i < n; i++)
            CHECK_OK(siphashed_insert(&map, test_key(i), i));
        const size_t capacity = siphashed_capacity(&map);
        test_allocator_recount(&memory);
        (void)probes_take();
        for (size_t i = 0; i < TIMES; i++) {
            CHECK(siphashed_delete(&map, test_key(n - 1)));
            CHECK_OK(siphashed_insert(&map, test_key(n - 1), i));
        }
        CHECK(siphashed_capacity(&map) <= 2 * capacity);
        CHECK(memory.n_resizes <= 1 && memory.moved <= n);
        CHECK(probes_take() <= (uint64_t)TIMES * 2 * (n < 60 ? n + 1 : 60));
        for (size_t i = 0; i < TIMES; i++) { /* and with ever new keys */
            CHECK(siphashed_delete(&map, test_key(n - 1 + i)));
            CHECK_OK(siphashed_insert(&map, test_key(n + i), i));
        }
        CHECK(siphashed_capacity(&map) <= 4 * capacity);
        CHECK(memory.moved <= 2 * TIMES);
        siphashed_drop(&map);
        test_allocator_end(&memory);
    }
}

int main(int argc, char **argv)
{
    most_log2 = (unsigned)check_argument(argc, argv, 1, 17);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copying_under_one_seed_is_linear),
        cmocka_unit_test(copying_into_linear_probing_under_one_seed_is_linear),
        cmocka_unit_test(strided_keys_are_spread_by_the_default_hash),
        cmocka_unit_test(queue_at_the_tightest_reserve_neither_grows_nor_thrashes),
        cmocka_unit_test(large_tables_lose_nothing_in_a_resize),
        cmocka_unit_test(alternation_of_one_key_never_resizes_endlessly),
    };
    return cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL) != 0;
}
