/* SPDX-License-Identifier: MIT */
/* A map with values of SHAPE_BYTES bytes aligned to SHAPE_ALIGNMENT. Included once for
 * each shape; NAME is its prefix. */

#define SHAPE(name) OM_CONCAT3(NAME, _, name)

typedef struct SHAPE(value) {
    _Alignas(SHAPE_ALIGNMENT) unsigned char bytes[SHAPE_BYTES];
} SHAPE(value);

#define OM_NAME  NAME
#define OM_KEY   uint16_t
#define OM_VALUE SHAPE(value)
#include OM_DESIGN_HEADER

/* Every byte of every value arrives, stays through growth, and stands aligned. */
static void SHAPE(try)(void)
{
    test_allocator memory;
    NAME map;
    SHAPE(value) value;
    CHECK_CONTEXT("value of %zu bytes aligned to %zu", sizeof value,
                  _Alignof(SHAPE(value)));
    test_allocator_begin(&memory);
    CHECK_OK(SHAPE(init)(&map, 0, DESIGN_SEED, &memory.hooks));
    for (unsigned i = 0; i < 60; i++) {
        memset(&value, (int)i + 1, sizeof value);
        CHECK_OK(SHAPE(insert)(&map, (uint16_t)i, value));
        /* a value read from the table itself, through a resize now and then */
        CHECK_OK(
            SHAPE(insert)(&map, (uint16_t)(i + 1000), *SHAPE(get)(&map, (uint16_t)i)));
    }
    for (unsigned i = 0; i < 60; i += 3)
        CHECK(SHAPE(delete)(&map, (uint16_t)i));
    for (unsigned i = 0; i < 60; i++) {
        memset(&value, (int)i + 1, sizeof value);
        for (unsigned twice = i % 3 == 0; twice < 2; twice++) {
            const SHAPE(value) *const at = SHAPE(get)(&map, (uint16_t)(i + 1000 * twice));
            CHECK(at != NULL && (uintptr_t)at % SHAPE_ALIGNMENT == 0);
            CHECK(memcmp(at->bytes, value.bytes, sizeof at->bytes) == 0);
        }
    }
    CHECK(SHAPE(is_valid)(&map));
    SHAPE(drop)(&map);
    test_allocator_end(&memory);
}

/* Asks for room for `entries`. What is then asked of the allocator must be enough, and
 * not wrap; what nobody can have must be refused. */
static void SHAPE(climb)(size_t entries, bool by_init)
{
    test_allocator memory;
    NAME map;
    test_allocator_begin(&memory);
    memory.most_bytes = (size_t)1 << 16;
    memset(&map, 0, sizeof map);
    CHECK_CONTEXT("%s for %zu entries, values of %zu bytes aligned to %d",
                  by_init ? "init" : "reserve", entries, sizeof(SHAPE(value)),
                  SHAPE_ALIGNMENT);
    if (!by_init)
        CHECK_OK(SHAPE(init)(&map, 0, DESIGN_SEED, &memory.hooks));
    const om_status status = by_init
                                 ? SHAPE(init)(&map, entries, DESIGN_SEED, &memory.hooks)
                                 : SHAPE(reserve)(&map, entries);
    const size_t slot =
        DESIGN_CHAINS ? sizeof(void *) : sizeof(*SHAPE(first)(&map).entry);
    edges_check_answer(&memory, status, entries, slot, SHAPE(capacity)(&map));
    CHECK(SHAPE(is_valid)(&map));
    memory.most_bytes = (size_t)1 << 22;
    CHECK_OK(SHAPE(insert)(&map, 1, (SHAPE(value)){{1}})); /* still of use */
    SHAPE(drop)(&map);
    test_allocator_end(&memory);
}

#undef SHAPE
#undef NAME
#undef SHAPE_BYTES
#undef SHAPE_ALIGNMENT
