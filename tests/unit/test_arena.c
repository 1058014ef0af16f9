/* SPDX-License-Identifier: MIT */
/* The arena says of each byte which part of a map it is, and says so again when that has
 * changed. There is one arena a process, so the tests share it; none needs what another
 * has left. */
#include "unit.h"

#include "arena.h"

enum { NODES = 9, KEYS = 10, STATUS = 11, PAGE = 4096 };

static unsigned n_before; /* calls of `before` */

static void count_before(void)
{
    n_before++;
}

static void ignore(void *context, const void *at, unsigned bytes, bool is_store)
{
    (void)context, (void)at, (void)bytes, (void)is_store;
}

static int open_arena(void **state)
{
    struct complaint complaint;
    (void)state;
    return arena_open(ignore, count_before, &complaint) ? 0 : -1;
}

static om_request request_of(size_t bytes)
{
    return (om_request){bytes, 8, "entries", 0};
}

static char *allocate(size_t bytes, unsigned part)
{
    const om_request request = request_of(bytes);
    char *const block = arena_allocate(&request, (uint8_t)part);
    assert_non_null(block);
    memset(block, 1, bytes); /* all of it can be written */
    return block;
}

static void release(char *block, size_t bytes)
{
    const om_request request = request_of(bytes);
    arena_release(block, &request);
}

static struct arena_place place_of(const char *at)
{
    struct arena_place place;
    assert_true(arena_find((uint64_t)(uintptr_t)at, &place));
    return place;
}

static uint64_t offset_of(const char *at)
{
    return place_of(at).offset;
}

static unsigned part_of(const char *at)
{
    return place_of(at).part;
}

/* Parts of the block's bytes `from` to `to`, all one. */
static void expect_part_of(const char *block, size_t from, size_t to, unsigned part)
{
    for (size_t i = from; i < to; i++)
        expect_u64("part of byte", i, part_of(block + i), part);
}

/* What is said to be one part throughout must be, as far as the block goes; and of large
 * blocks no more is said to be. */
static void expect_whole_units(const char *block, size_t bytes)
{
    const uint64_t first = (uint64_t)(uintptr_t)block;
    struct arena_place known = {0};
    for (size_t i = 0; i < bytes; i++) {
        const struct arena_place place = place_of(block + i);
        uint64_t at = place.start < first ? first : place.start;
        if (place.start == known.start && place.end == known.end)
            at = place.end; /* looked through before */
        for (; at < place.end && at < first + bytes; at++)
            expect_u64("one part with byte", i, part_of(block + (at - first)),
                       place.part);
        if (first <= place.start && place.start < place.end)
            expect_u64("part of byte", i, place.part,
                       part_of(block + (place.start - first)));
        known = place;
    }
}

static bool is_whole_at(const char *at)
{
    const uint64_t unit = (uint64_t)(uintptr_t)at / ARENA_UNIT * ARENA_UNIT;
    const struct arena_place place = place_of(at);
    return place.start <= unit && unit + ARENA_UNIT <= place.end;
}

static void small_blocks_are_labelled_to_8_bytes(void **state)
{
    (void)state;
    char *const block = allocate(24, NODES); /* all that its chunk of 32 bytes holds */
    char *const next = allocate(24, KEYS);
    assert_ptr_equal(next, block + 32);
    expect_part_of(block, 0, 24, NODES);
    expect_part_of(block, 24, 32, ARENA_NO_PART); /* the heap's own word */
    expect_part_of(next, 0, 24, KEYS);
    assert_true(part_of(block - 1) != NODES);
    assert_true(is_whole_at(block));
    assert_false(is_whole_at(block + 16));
    expect_whole_units(block, 56);
    char *const odd = allocate(17, NODES);
    expect_part_of(odd, 0, 24, NODES);
    assert_true(part_of(odd + 24) != NODES);
}

static void distances_are_kept(void **state)
{
    (void)state;
    const char *const small = allocate(100, NODES);
    const char *const large = allocate(OM_PAGES_FROM, NODES);
    for (size_t i = 0; i < 100; i++)
        expect_u64("distance", i, offset_of(small + i), offset_of(small) + i);
    expect_u64("distance", 1, offset_of(large),
               offset_of(small) + (size_t)(large - small));
}

static void what_lies_elsewhere_is_not_found(void **state)
{
    struct arena_place place;
    (void)state;
    assert_false(arena_find((uint64_t)(uintptr_t)&place, &place));
    assert_false(arena_find(0, &place));
    assert_false(arena_find(UINT64_MAX, &place));
}

static void large_blocks_are_pages_never_used_twice(void **state)
{
    enum { BYTES = OM_PAGES_FROM + 100 };
    const char *last = NULL;
    (void)state;
    for (int i = 0; i < 20; i++) {
        const om_request request = {BYTES, 64, "entries", 0};
        char *const block = arena_allocate(&request, NODES);
        assert_non_null(block);
        expect_u64("alignment", (uint64_t)i, (uintptr_t)block % PAGE, 0);
        for (size_t at = 0; at < BYTES; at++)
            assert_int_equal(block[at], 0);
        memset(block, 1, BYTES);
        assert_true(block > last);
        last = block + BYTES;
        assert_int_equal(part_of(block), NODES);
        assert_int_equal(part_of(block + BYTES - 1), NODES);
        assert_int_equal(part_of(block + BYTES), ARENA_NO_PART);
        expect_whole_units(block + BYTES - 64 - BYTES % 16, 128);
        arena_release(block, &request);
        assert_int_equal(part_of(block), ARENA_NO_PART);
    }
}

/* Large blocks stand in rows; the one in the middle goes first. */
static void neighbours_of_a_released_block_keep_their_parts(void **state)
{
    char *blocks[3];
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        blocks[i] = allocate(OM_PAGES_FROM, NODES + i);
    (void)part_of(blocks[2]); /* what was found last */
    release(blocks[1], OM_PAGES_FROM);
    expect_u64("part", 0, part_of(blocks[0]), NODES);
    expect_u64("part", 1, part_of(blocks[1]), ARENA_NO_PART);
    expect_u64("part", 2, part_of(blocks[2]), NODES + 2);
    blocks[2][0] = 2;
    release(blocks[0], OM_PAGES_FROM);
    release(blocks[2], OM_PAGES_FROM);
}

/* Of each 24 bytes the 8 in the middle, in a block of any size. */
static void expect_strides(size_t bytes)
{
    char *const block = allocate(bytes, NODES);
    arena_set_part(block, 8, 24, 8, STATUS);
    for (size_t i = 0; i < bytes; i++)
        expect_u64("part of byte", i, part_of(block + i),
                   i % 24 / 8 == 1 ? STATUS : NODES);
    expect_whole_units(block, bytes);
    expect_u64("block", 0, arena_block(offset_of(block + bytes - 1)), offset_of(block));
    release(block, bytes);
}

static void a_part_in_each_stride_is_booked(void **state)
{
    (void)state;
    expect_strides(24 * 10);
    expect_strides(OM_PAGES_FROM / 24 * 24 + 24);
}

/* Two stretches behind one another, the first from the block's start. */
static void expect_stretches(size_t bytes)
{
    char *const block = allocate(bytes, NODES);
    arena_set_part(block, 0, 0, 40, STATUS);
    arena_set_part(block, 64, 0, 24, KEYS);
    for (size_t i = 0; i < bytes; i++)
        expect_u64("part of byte", i, part_of(block + i),
                   i < 40              ? STATUS
                   : i >= 64 && i < 88 ? KEYS
                                       : NODES);
    expect_whole_units(block, bytes);
    expect_u64("block", 0, arena_block(offset_of(block + bytes - 1)), offset_of(block));
    release(block, bytes);
}

static void a_part_that_is_there_once_is_booked(void **state)
{
    (void)state;
    expect_stretches(200);
    expect_stretches(OM_PAGES_FROM);
}

static void a_range_too_many_is_refused(void **state)
{
    (void)state;
    char *const small = allocate(200, NODES), *const large =
                                                  allocate(OM_PAGES_FROM, NODES);
    for (size_t i = 0; i < 7; i++) {
        assert_true(arena_set_part(small, 16 * i, 0, 8, STATUS));
        assert_int_equal(arena_set_part(large, 16 * i, 0, 8, STATUS), i < 6);
    }
    expect_u64("part", 5, part_of(large + 16 * 5), STATUS);
    expect_u64("part", 6, part_of(large + 16 * 6), NODES);
    release(small, 200);
    release(large, OM_PAGES_FROM);
}

static void the_start_of_a_block_is_found(void **state)
{
    char *blocks[4];
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        blocks[i] = allocate(i < 2 ? 40 + i : OM_PAGES_FROM + i, NODES);
    for (unsigned i = 0; i < 4; i++)
        for (size_t at = 0; at < 40; at++)
            expect_u64("block", at, arena_block(offset_of(blocks[i] + at)),
                       offset_of(blocks[i]));
}

static void a_change_is_told_before_it_is_made(void **state)
{
    (void)state;
    char *const block = allocate(72, NODES);
    n_before = 0;
    release(block, 72);
    assert_ptr_equal(allocate(72, NODES), block); /* means what it did */
    expect_u64("calls", 0, n_before, 0);
    release(block, 72);
    assert_ptr_equal(allocate(72, KEYS), block);
    expect_u64("calls, small", 0, n_before, 1);
    char *const large = allocate(OM_PAGES_FROM, KEYS);
    expect_u64("calls, new pages", 0, n_before, 1);
    release(large, OM_PAGES_FROM);
    expect_u64("calls, large", 0, n_before, 2);
}

/* It begins as the block before did, and goes on otherwise. */
static void a_change_in_the_middle_of_a_block_is_told(void **state)
{
    (void)state;
    char *const block = allocate(88, NODES);
    arena_set_part(block, 48, 0, 40, STATUS);
    n_before = 0;
    release(block, 88);
    assert_ptr_equal(allocate(88, NODES), block);
    expect_u64("calls", 0, n_before, 1);
    expect_part_of(block, 0, 88, NODES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_blocks_are_labelled_to_8_bytes),
        cmocka_unit_test(distances_are_kept),
        cmocka_unit_test(what_lies_elsewhere_is_not_found),
        cmocka_unit_test(large_blocks_are_pages_never_used_twice),
        cmocka_unit_test(neighbours_of_a_released_block_keep_their_parts),
        cmocka_unit_test(a_part_in_each_stride_is_booked),
        cmocka_unit_test(a_part_that_is_there_once_is_booked),
        cmocka_unit_test(a_range_too_many_is_refused),
        cmocka_unit_test(the_start_of_a_block_is_found),
        cmocka_unit_test(a_change_is_told_before_it_is_made),
        cmocka_unit_test(a_change_in_the_middle_of_a_block_is_told),
    };
    return cmocka_run_group_tests(tests, open_arena, NULL);
}
