/* SPDX-License-Identifier: MIT */
/* A traced subject's words become accesses of a known place, part and phase. There is one
 * tracer a process: the tests share it, each looks at its own words. */
#include "unit.h"

#include "subject_trace.h"
#include "tracer.h"

enum { MOST_SEEN = 64 };

static struct trace_port port;
static struct traced_access seen[MOST_SEEN];
static size_t n_seen;

static void listen(const struct traced_access *accesses, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (n_seen < MOST_SEEN)
            seen[n_seen++] = accesses[i];
}

static int open_tracer(void **state)
{
    struct complaint complaint;
    (void)state;
    tracer_listen(listen);
    return tracer_open(&port, &complaint) ? 0 : -1;
}

static int forget_all(void **state)
{
    (void)state;
    port.flush(&port);
    n_seen = 0;
    return 0;
}

static void put(const void *at, size_t bytes, enum trace_kind kind)
{
    trace_put(&port, trace_word(at, bytes, kind));
}

static void mark(unsigned operation)
{
    put((const void *)(uintptr_t)operation, 0, TRACE_MARK);
}

/* A place of which only its distance counts: the same in every run. */
static void expect_place(size_t i, uint64_t from, uint64_t bytes, unsigned part)
{
    assert_true(i < n_seen);
    expect_u64("part", i, seen[i].part, part);
    expect_u64("distance", i, seen[i].address - from, bytes);
}

/* A map is known only when it has been made, and written to. */
static void what_was_touched_before_it_was_known_is_placed(void **state)
{
    static char map[100];
    (void)state;
    put(map + 8, 8, TRACE_STORE);
    tracer_know(map, sizeof map, PART_MAP);
    put(map, 1, TRACE_LOAD);
    port.flush(&port);
    assert_int_equal(n_seen, 2);
    expect_place(1, seen[1].address, 0, PART_MAP);
    expect_place(0, seen[1].address, 8, PART_MAP);
    assert_int_equal(seen[0].kind, ACCESS_STORE);
    assert_int_equal(seen[0].bytes, 8);
}

static void the_stack_is_known(void **state)
{
    char here[16];
    (void)state;
    put(here, sizeof here, TRACE_LOAD);
    port.flush(&port);
    assert_int_equal(n_seen, 1);
    assert_int_equal(seen[0].part, PART_STACK);
}

static void what_is_known_to_nobody_is_unlabelled(void **state)
{
    static char stray[8];
    (void)state;
    put(stray, 8, TRACE_LOAD);
    port.flush(&port);
    assert_int_equal(n_seen, 1);
    assert_int_equal(seen[0].part, PART_UNLABELLED);
}

static void a_block_is_of_the_part_it_was_asked_for(void **state)
{
    const om_request request = {72, 8, "nodes", 0};
    (void)state;
    char *const block = tracer_allocator()->allocate(NULL, &request);
    assert_non_null(block);
    (void)forget_all(NULL);
    put(block, 8, TRACE_LOAD);
    put(block + 71, 1, TRACE_STORE);
    port.flush(&port);
    assert_int_equal(n_seen, 2);
    assert_string_equal(tracer_part_name(seen[0].part), "nodes");
    expect_place(1, seen[0].address, 71, seen[0].part);
    expect_u64("block", 0, tracer_block(&seen[1]), seen[0].address);
}

static void words_are_told_before_their_place_changes(void **state)
{
    const om_request nodes = {200, 8, "nodes", 0}, heads = {200, 8, "heads", 0};
    const om_allocator *const allocator = tracer_allocator();
    (void)state;
    char *const block = allocator->allocate(NULL, &nodes);
    (void)forget_all(NULL);
    put(block, 8, TRACE_LOAD);
    allocator->release(NULL, block, &nodes);
    assert_ptr_equal(allocator->allocate(NULL, &heads), block);
    put(block, 8, TRACE_LOAD);
    port.flush(&port);
    assert_string_equal(tracer_part_name(seen[0].part), "nodes");
    assert_string_equal(tracer_part_name(seen[n_seen - 1].part), "heads");
}

static void phases_are_those_of_the_operation_or_the_resize(void **state)
{
    char here[8];
    const om_resize resize = {16, 32, 16, 12, 256, 512};
    (void)state;
    mark(OPERATION_DELETE);
    put(here, 8, TRACE_LOAD);
    put(here, 8, TRACE_LOAD);
    mark(OPERATION_INSERT);
    put(here, 8, TRACE_LOAD);
    tracer_allocator()->on_resize(NULL, &resize, false);
    put(here, 8, TRACE_LOAD);
    tracer_allocator()->on_resize(NULL, &resize, true);
    put(here, 8, TRACE_LOAD);
    port.flush(&port);
    static const unsigned phases[] = {PHASE_DELETE, PHASE_DELETE, PHASE_INSERT,
                                      PHASE_RESIZE, PHASE_INSERT};
    static const bool are_first[] = {true, false, true, true, true};
    assert_int_equal(n_seen, N_OF(phases));
    for (size_t i = 0; i < n_seen; i++) {
        expect_u64("phase", i, seen[i].phase, phases[i]);
        expect_u64("first", i, (seen[i].flags & ACCESS_FIRST) != 0, are_first[i]);
        expect_u64("counted", i, seen[i].flags & ACCESS_COUNTED, 0);
    }
}

#define TRACER_TEST(test) cmocka_unit_test_setup(test, forget_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRACER_TEST(what_was_touched_before_it_was_known_is_placed),
        TRACER_TEST(the_stack_is_known),
        TRACER_TEST(what_is_known_to_nobody_is_unlabelled),
        TRACER_TEST(a_block_is_of_the_part_it_was_asked_for),
        TRACER_TEST(words_are_told_before_their_place_changes),
        TRACER_TEST(phases_are_those_of_the_operation_or_the_resize),
    };
    return cmocka_run_group_tests(tests, open_tracer, NULL);
}
