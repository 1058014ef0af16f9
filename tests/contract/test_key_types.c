/* SPDX-License-Identifier: MIT */
/* Maps and sets of every integer type the library knows by name, of a struct that is its
 * own view, and of a key with a niche of its own. */
#include "design.h"
#include "test_allocator.h"
#include "test_hashes.h"
#include "test_keys.h"

#define KEY_TYPE uint8_t
#include "key_type_body.h"
#define KEY_TYPE int8_t
#include "key_type_body.h"
#define KEY_TYPE char
#include "key_type_body.h"
#define KEY_TYPE uint16_t
#include "key_type_body.h"
#define KEY_TYPE int16_t
#include "key_type_body.h"
#define KEY_TYPE uint32_t
#include "key_type_body.h"
#define KEY_TYPE int32_t
#include "key_type_body.h"
#define KEY_TYPE int
#include "key_type_body.h"
#define KEY_TYPE unsigned
#include "key_type_body.h"
#define KEY_TYPE uint64_t
#include "key_type_body.h"
#define KEY_TYPE int64_t
#include "key_type_body.h"
#define KEY_TYPE long
#include "key_type_body.h"
#define KEY_TYPE size_t
#include "key_type_body.h"
#define KEY_TYPE ptrdiff_t
#include "key_type_body.h"
#define KEY_TYPE uintptr_t
#include "key_type_body.h"
#define KEY_TYPE intptr_t
#include "key_type_body.h"

/* ---- a struct that is its own view ---- */

typedef struct point {
    int32_t x, y;
} point;

static uint64_t point_hash(point p, om_seed seed)
{
    return test_hash_u64((uint64_t)(uint32_t)p.x << 32 | (uint32_t)p.y, seed);
}

static bool point_equal(const point *key, point view)
{
    return key->x == view.x && key->y == view.y;
}

#define OM_NAME  grid
#define OM_KEY   point
#define OM_VALUE double
#define OM_HASH  point_hash
#define OM_EQ    point_equal
#include OM_DESIGN_HEADER

static void struct_keys_need_a_hash_and_an_equality(void **state)
{
    (void)state;
    for (int hash = 0; hash < N_HASHES; hash++) {
        grid map;
        test_hash_kind = (enum test_hash)hash;
        CHECK_CONTEXT("points, hash %s", test_hash_names[hash]);
        CHECK_OK(grid_init(&map, 0, DESIGN_SEED, NULL));
        for (int x = -8; x < 8; x++)
            for (int y = -8; y < 8; y++)
                CHECK_OK(grid_insert(&map, (point){x, y}, x * 100 + y));
        CHECK_SAME(grid_size(&map), 256);
        for (int x = -8; x < 8; x++)
            for (int y = -8; y < 8; y++)
                CHECK((int)*grid_get(&map, (point){x, y}) == x * 100 + y);
        for (int x = -8; x < 8; x++)
            CHECK(grid_delete(&map, (point){x, x}));
        CHECK(grid_get(&map, (point){3, 3}) == NULL &&
              grid_get(&map, (point){3, 2}) != NULL);
        CHECK(grid_is_valid(&map));
        grid_drop(&map);
    }
}

/* ---- a key with a niche: handles, of which 0 and 1 are never used ---- */

typedef struct handle {
    uint32_t number;
} handle;

static om_state handle_niche_get(const handle *key)
{
    return key->number == 0 ? OM_EMPTY : key->number == 1 ? OM_DELETED : OM_LIVE;
}

static void handle_niche_set(handle *key, om_state state)
{
    if (state != OM_LIVE)
        key->number = state == OM_EMPTY ? 0 : 1;
}

static uint64_t handle_hash(handle key, om_seed seed)
{
    return test_hash_u64(key.number, seed);
}

static bool handle_equal(const handle *key, handle view)
{
    return key->number == view.number;
}

#define OM_NAME      handles
#define OM_KEY       handle
#define OM_VALUE     uint32_t
#define OM_HASH      handle_hash
#define OM_EQ        handle_equal
#define OM_KEY_NICHE handle_niche
#include OM_DESIGN_HEADER

static void keys_may_hold_the_state_of_their_slot(void **state)
{
    (void)state;
    CHECK(handle_niche_get(&(handle){0}) == OM_EMPTY); /* designs without niches may */
    handle unused = {7};                               /* ignore both functions */
    handle_niche_set(&unused, OM_LIVE);
    CHECK(handle_niche_get(&unused) == OM_LIVE);
    for (int hash = 0; hash < N_HASHES; hash++) {
        handles map;
        test_hash_kind = (enum test_hash)hash;
        CHECK_CONTEXT("handles, hash %s", test_hash_names[hash]);
        CHECK_OK(handles_init(&map, 0, DESIGN_SEED, NULL));
        if (!DESIGN_CHAINS) /* no byte beside the pair */
            CHECK_SAME(sizeof(*handles_first(&map).entry), 8);
        for (uint32_t i = 2; i < 202; i++)
            CHECK_OK(handles_insert(&map, (handle){i}, i));
        for (uint32_t i = 2; i < 202; i += 2)
            CHECK(handles_delete(&map, (handle){i}));
        for (uint32_t i = 2; i < 202; i++)
            CHECK((handles_get(&map, (handle){i}) != NULL) == (i % 2 == 1));
        for (uint32_t i = 2; i < 202; i += 4)
            CHECK_OK(handles_insert(&map, (handle){i}, i));
        CHECK(handles_is_valid(&map));
        handles twin;
        CHECK_OK(handles_clone(&map, &twin));
        CHECK_SAME(handles_size(&twin), 150);
        handles_clear(&map);
        CHECK(handles_is_valid(&map) && handles_is_valid(&twin));
        CHECK(handles_get(&twin, (handle){3}) != NULL &&
              handles_get(&map, (handle){3}) == NULL);
        handles_drop(&twin);
        handles_drop(&map);
    }
}

/* Strings that ignore ASCII case: a hash and an equality of one's own. */
static uint64_t caseless_hash(om_view text, om_seed seed)
{
    uint64_t hash = seed.low;
    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ (uint64_t)(text.pointer[i] | 32)) * 0x100000001B3u;
    return hash;
}

static bool caseless_equal(const om_string *key, om_view text)
{
    for (size_t i = 0; i < text.length && i < key->length; i++)
        if ((key->pointer[i] | 32) != (text.pointer[i] | 32))
            return false;
    return key->length == text.length;
}

#define OM_NAME  caseless
#define OM_KEY   om_string
#define OM_VALUE uint32_t
#define OM_HASH  caseless_hash
#define OM_EQ    caseless_equal
#include OM_DESIGN_HEADER

static void strings_stay_strings_with_a_hash_and_an_equality_of_ones_own(void **state)
{
    (void)state;
    test_allocator memory;
    caseless map;
    uint32_t *value;
    bool is_new;
    test_allocator_begin(&memory);
    CHECK_OK(caseless_init(&map, 0, DESIGN_SEED, &memory.hooks));
    CHECK_OK(caseless_get_or_insert(&map, om_view_text("Ada"), &value, &is_new));
    *value = 36;
    CHECK(is_new);
    CHECK_OK(caseless_get_or_insert(&map, om_view_text("aDA"), &value, &is_new));
    CHECK(!is_new && *value == 36);
    caseless_drop(&map);
    test_allocator_end(&memory); /* the key's bytes are released too */
}

static void a_zeroed_string_is_the_empty_string(void **state)
{
    (void)state;
    caseless map = {0};
    const om_string zeroed = {0};
    CHECK_OK(caseless_insert(&map, zeroed, 7));
    const uint32_t *const value = caseless_get(&map, om_view_text(""));
    CHECK(value != NULL && *value == 7);
    CHECK(caseless_is_valid(&map));
    CHECK(caseless_delete(&map, om_view_text("")));
    caseless_drop(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(try_uint8_t),
        cmocka_unit_test(try_int8_t),
        cmocka_unit_test(try_char),
        cmocka_unit_test(try_uint16_t),
        cmocka_unit_test(try_int16_t),
        cmocka_unit_test(try_uint32_t),
        cmocka_unit_test(try_int32_t),
        cmocka_unit_test(try_int),
        cmocka_unit_test(try_unsigned),
        cmocka_unit_test(try_uint64_t),
        cmocka_unit_test(try_int64_t),
        cmocka_unit_test(try_long),
        cmocka_unit_test(try_size_t),
        cmocka_unit_test(try_ptrdiff_t),
        cmocka_unit_test(try_uintptr_t),
        cmocka_unit_test(try_intptr_t),
        cmocka_unit_test(struct_keys_need_a_hash_and_an_equality),
        cmocka_unit_test(keys_may_hold_the_state_of_their_slot),
        cmocka_unit_test(strings_stay_strings_with_a_hash_and_an_equality_of_ones_own),
        cmocka_unit_test(a_zeroed_string_is_the_empty_string),
    };
    return cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL) != 0;
}
