/* SPDX-License-Identifier: MIT */
/* A set and a map of one integer type. Included once for each, with KEY_TYPE. */

#define TYPE_SET  OM_CONCAT(set_of_, KEY_TYPE)
#define TYPE_MAP  OM_CONCAT(map_of_, KEY_TYPE)
#define SET(verb) OM_CONCAT3(TYPE_SET, _, verb)
#define MAP(verb) OM_CONCAT3(TYPE_MAP, _, verb)

#define OM_NAME   TYPE_SET
#define OM_KEY    KEY_TYPE
#include OM_DESIGN_HEADER

#define OM_NAME  TYPE_MAP
#define OM_KEY   KEY_TYPE
#define OM_VALUE uint8_t
#include OM_DESIGN_HEADER

/* Inserts, looks up and deletes every value of an 8-bit type; of larger ones the same
 * patterns at both ends of their range. */
static void OM_CONCAT(try_, KEY_TYPE)(void **state)
{
    (void)state;
    TYPE_SET set;
    TYPE_MAP map;
    bool is_there[256] = {false};
    const unsigned shift = (unsigned)(sizeof(KEY_TYPE) - 1) * 8;
    CHECK_CONTEXT("keys of %zu bytes", sizeof(KEY_TYPE));
    CHECK_OK(SET(init)(&set, 0, DESIGN_SEED, NULL));
    CHECK_OK(MAP(init)(&map, 0, DESIGN_SEED, NULL));
    for (uint64_t i = 0; i < 256; i++) {
        const KEY_TYPE key = (KEY_TYPE)((i << shift) + (shift == 0 ? 0 : i));
        CHECK(SET(get)(&set, key) == NULL);
        CHECK_OK(SET(insert)(&set, key));
        CHECK_OK(MAP(insert)(&map, key, (uint8_t)(i ^ 0x5a)));
        CHECK_SAME(SET(size)(&set), i + 1);
    }
    for (uint64_t i = 0; i < 256; i++) {
        const KEY_TYPE key = (KEY_TYPE)((i << shift) + (shift == 0 ? 0 : i));
        const KEY_TYPE *const stored = SET(get)(&set, key);
        CHECK(stored != NULL && *stored == key);
        CHECK_SAME(*MAP(get)(&map, key), i ^ 0x5a);
        const KEY_TYPE *same = NULL;
        bool is_new = true;
        CHECK_OK(SET(get_or_insert)(&set, key, &same, &is_new));
        CHECK(same == stored && !is_new);
    }
    for (SET(iterator) it = SET(first)(&set); it.entry != NULL; SET(next)(&it)) {
        const uint64_t i = (uint64_t)it.entry->key >> shift & 0xff;
        CHECK(!is_there[i]);
        is_there[i] = true;
    }
    for (uint64_t i = 0; i < 256; i += 2) {
        const KEY_TYPE key = (KEY_TYPE)((i << shift) + (shift == 0 ? 0 : i));
        KEY_TYPE taken = 0;
        uint8_t value = 0;
        CHECK(SET(take)(&set, key, &taken) && taken == key);
        CHECK(MAP(take)(&map, key, &taken, &value) && value == (i ^ 0x5a));
        CHECK(!SET(delete)(&set, key) && MAP(get)(&map, key) == NULL);
    }
    CHECK_SAME(SET(size)(&set), 128);
    CHECK_SAME(MAP(size)(&map), 128);
    TYPE_SET twin;
    CHECK_OK(SET(clone)(&set, &twin));
    CHECK_OK(SET(shrink)(&set));
    CHECK(SET(is_valid)(&set) && SET(is_valid)(&twin) && MAP(is_valid)(&map));
    CHECK_SAME(SET(size)(&twin), 128);
    SET(drop)(&twin);
    SET(drop)(&set);
    MAP(drop)(&map);
}

#undef TYPE_SET
#undef TYPE_MAP
#undef SET
#undef MAP
#undef KEY_TYPE
