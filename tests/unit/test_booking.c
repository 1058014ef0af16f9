/* SPDX-License-Identifier: MIT */
/* Booking against accesses made by hand, on caches so small that every line of them can be
 * followed: a first level of two lines, a second of four. */
#include "unit.h"

#include "booking.h"

enum { A = N_FIXED_PARTS, B, C, MEMORY = 2 };

static const struct sim_model plain = {SIM_LRU, 0, SIM_NEITHER, false, false};
static const struct sim_geometry small = {
    {{128, 2}, {256, 4}}, 2, 64, {{0, 0}, {0, 0}}, 4096};

static struct booking *booking;

static int begin_with(const struct sim_geometry *geometry, const struct sim_model *model)
{
    booking = booking_create(geometry, model);
    return booking == NULL ? -1 : 0;
}

static int begin(void **state)
{
    (void)state;
    return begin_with(&small, &plain);
}

static int end(void **state)
{
    (void)state;
    booking_destroy(booking);
    return 0;
}

static void see(unsigned part, enum access_kind kind, uint64_t address, uint32_t bytes,
                unsigned flags)
{
    const struct traced_access access = {address,   bytes,         (uint8_t)part,
                                         PHASE_GET, (uint8_t)kind, (uint8_t)flags};
    booking_see(booking, &access, 1);
}

/* Counted, of the operation at hand. */
static void load(unsigned part, uint64_t address, uint32_t bytes)
{
    see(part, ACCESS_LOAD, address, bytes, ACCESS_COUNTED);
}

static void store(unsigned part, uint64_t address, uint32_t bytes)
{
    see(part, ACCESS_STORE, address, bytes, ACCESS_COUNTED);
}

/* The first of its operation. */
static void load_first(unsigned part, uint64_t address)
{
    see(part, ACCESS_LOAD, address, 1, ACCESS_COUNTED | ACCESS_FIRST);
}

static const struct booking_row *row(unsigned part)
{
    return booking_row(booking, part, PHASE_GET);
}

static void expect_levels(const char *what, const uint64_t *lines, uint64_t first,
                          uint64_t second, uint64_t memory)
{
    expect_u64(what, 0, lines[0], first);
    expect_u64(what, 1, lines[1], second);
    expect_u64(what, MEMORY, lines[MEMORY], memory);
}

static void lines_are_booked_to_the_level_that_had_them(void **state)
{
    (void)state;
    load(A, 0, 8);
    load(A, 8, 8);
    store(B, 64, 8);
    load(A, 128, 8); /* line 0 leaves the first level ... */
    load(B, 0, 8);   /* ... and the second still has it */
    store(A, 8, 8);
    booking_close(booking);
    expect_u64("loads", A, row(A)->loads, 3);
    expect_u64("stores", A, row(A)->stores, 1);
    expect_u64("loads", B, row(B)->loads, 1);
    expect_u64("stores", B, row(B)->stores, 1);
    expect_levels("loads of A", row(A)->load_lines, 1, 0, 2);
    expect_levels("stores of A", row(A)->store_lines, 1, 0, 0);
    expect_levels("loads of B", row(B)->load_lines, 0, 1, 0);
    expect_levels("stores of B", row(B)->store_lines, 0, 0, 1);
}

static uint64_t random_word(void)
{
    static uint64_t word = 1;
    return word = word * 6364136223846793005u + 1442695040888963407u;
}

static void rows_sum_to_what_the_hierarchy_counts(void **state)
{
    uint64_t loads = 0, stores = 0, lines = 0, fetched = 0, used = 0;
    uint64_t missed[MEMORY] = {0}, n_loads = 0, n_lines = 0;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        const uint64_t word = random_word() >> 24;
        const uint32_t bytes = 1 + (uint32_t)(word >> 20) % 100;
        const uint64_t address = word % 1024;
        const struct traced_access access = {address,
                                             bytes,
                                             (uint8_t)(A + (word >> 30) % 3),
                                             (uint8_t)((word >> 34) % N_PHASES),
                                             (word >> 38) % 2 != 0 ? ACCESS_STORE
                                                                   : ACCESS_LOAD,
                                             ACCESS_COUNTED};
        booking_see(booking, &access, 1);
        n_loads += access.kind == ACCESS_LOAD;
        n_lines += (address + bytes - 1) / 64 - address / 64 + 1;
    }
    booking_close(booking);
    for (unsigned part = 0; part < MOST_PARTS; part++) {
        for (unsigned phase = 0; phase < N_PHASES; phase++) {
            const struct booking_row *const it =
                booking_row(booking, part, (enum trace_phase)phase);
            loads += it->loads, stores += it->stores;
            fetched += it->bytes_fetched, used += it->bytes_used;
            for (unsigned level = 0; level <= MEMORY; level++) {
                lines += it->load_lines[level] + it->store_lines[level];
                for (unsigned i = 0; i < level; i++)
                    missed[i] += it->load_lines[level];
            }
        }
    }
    const struct sim_events *const events = booking_events(booking);
    expect_u64("loads", 0, loads, n_loads);
    expect_u64("stores", 0, stores, 20000 - n_loads);
    expect_u64("lines", 0, lines, n_lines);
    expect_u64("misses of loads", 0, missed[0], events->demand_misses[0]);
    expect_u64("misses of loads", 1, missed[1], events->demand_misses[1]);
    expect_u64("bytes fetched", 0, fetched, 64 * events->fills[0]);
    assert_true(used > 0 && used <= fetched);
}

static void a_straddle_is_one_access_of_two_lines(void **state)
{
    (void)state;
    load(A, 60, 8); /* neither line is there */
    expect_u64("loads", 0, row(A)->loads, 1);
    expect_levels("lines", row(A)->load_lines, 0, 0, 2);
    expect_levels("split", row(A)->split_lines, 0, 0, 1);
    load(A, 60, 8); /* both are in the first level */
    expect_levels("split", row(A)->split_lines, 1, 0, 1);
    store(B, 124, 8); /* line 1 is, line 2 is not: the nearer counts */
    expect_u64("stores", 0, row(B)->stores, 1);
    expect_levels("lines", row(B)->store_lines, 1, 0, 1);
    expect_levels("split", row(B)->split_lines, 1, 0, 0);
}

static void what_does_not_fit_a_register_is_not_split(void **state)
{
    (void)state;
    load(A, 40, 32);
    store(B, 40, 33);
    expect_levels("of 32 bytes", row(A)->split_lines, 0, 0, 1);
    expect_levels("of 33 bytes", row(B)->split_lines, 0, 0, 0);
    load(C, 10, 200);
    expect_u64("loads", 0, row(C)->loads, 1);
    expect_levels("of 200 bytes", row(C)->split_lines, 0, 0, 0);
    expect_u64("lines of 200 bytes", 0,
               row(C)->load_lines[0] + row(C)->load_lines[1] + row(C)->load_lines[2], 4);
}

static void different_lines_of_an_operation_are_counted(void **state)
{
    (void)state;
    load_first(A, 0);
    load(A, 64, 1);
    load(A, 1, 1);
    store(A, 65, 1);
    expect_u64("lines of the first", 0, row(A)->lines, 2);
    load_first(A, 64);
    load(A, 124, 8); /* lines 1 and 2 */
    load(A, 0, 1);
    expect_u64("lines of both", 0, row(A)->lines, 2 + 3);
    load(B, 2, 1); /* the operation has had it */
    expect_u64("lines of B", 0, row(B)->lines, 0);
    load_first(B, 2);
    expect_u64("lines of B, anew", 0, row(B)->lines, 1);
}

static void lines_of_a_long_operation_are_exact(void **state)
{
    enum { MANY = 2047 };
    (void)state;
    for (int round = 0; round < 2; round++)
        for (uint64_t i = 0; i < MANY; i++)
            load(A, i * 64, 8);
    expect_u64("lines", 0, row(A)->lines, MANY);
}

static void bytes_used_are_those_touched_while_the_line_stayed(void **state)
{
    (void)state;
    load(A, 0, 3);
    store(B, 1, 2); /* again two of them: of the line that A brought in */
    load(B, 64 + 56, 8);
    expect_u64("fetched", A, row(A)->bytes_fetched, 64);
    expect_u64("used, not settled", A, row(A)->bytes_used, 0);
    load(B, 128, 1); /* line 0 leaves */
    expect_u64("used", A, row(A)->bytes_used, 3);
    expect_u64("used, not settled", B, row(B)->bytes_used, 0);
    load(A, 64 + 63, 1);
    booking_close(booking);
    expect_u64("fetched", A, row(A)->bytes_fetched, 64);
    expect_u64("used", A, row(A)->bytes_used, 3);
    expect_u64("fetched", B, row(B)->bytes_fetched, 2 * 64);
    expect_u64("used", B, row(B)->bytes_used, 8 + 1);
}

static void a_line_that_comes_back_is_fetched_anew(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        load(A, 0, 4);
        load(B, 64, 1);
        load(B, 128, 1);
    }
    booking_close(booking);
    expect_u64("fetched", A, row(A)->bytes_fetched, 3 * 64);
    expect_u64("used", A, row(A)->bytes_used, 3 * 4);
}

static void all_of_a_line_can_be_used(void **state)
{
    (void)state;
    load(A, 0, 64);
    load(B, 100, 64); /* 28 bytes of line 1, 36 of line 2 */
    booking_close(booking);
    expect_u64("used", A, row(A)->bytes_used, 64);
    expect_u64("used", B, row(B)->bytes_used, 64);
}

static void bytes_of_long_lines_are_counted_in_pairs(void **state)
{
    static const struct sim_geometry long_lines = {
        {{512, 2}}, 1, 128, {{0, 0}, {0, 0}}, 16384};
    (void)state;
    booking_destroy(booking);
    assert_int_equal(begin_with(&long_lines, &plain), 0);
    load(A, 131, 3); /* bytes 3 to 5 of line 1: the pairs 2-3 and 4-5 */
    booking_close(booking);
    expect_u64("fetched", A, row(A)->bytes_fetched, 128);
    expect_u64("used", A, row(A)->bytes_used, 4);
}

static void a_prefetch_is_no_load(void **state)
{
    (void)state;
    see(A, ACCESS_PREFETCH, 0, 1, ACCESS_COUNTED);
    expect_u64("loads", 0, row(A)->loads + row(A)->stores, 0);
    expect_levels("lines of loads", row(A)->load_lines, 0, 0, 0);
    expect_levels("lines of prefetches", row(A)->prefetch_lines, 0, 0, 1);
    expect_u64("lines", 0, row(A)->lines, 0);
    load(B, 0, 8); /* finds it, and uses it first */
    booking_close(booking);
    expect_levels("lines of loads", row(B)->load_lines, 1, 0, 0);
    expect_u64("fetched", A, row(A)->bytes_fetched, 0);
    expect_u64("fetched", B, row(B)->bytes_fetched, 64);
    expect_u64("used", B, row(B)->bytes_used, 8);
    see(A, ACCESS_PREFETCH, 60, 8, ACCESS_COUNTED);
    expect_levels("split", row(A)->split_lines, 0, 0, 0);
}

static void phases_are_apart(void **state)
{
    (void)state;
    for (unsigned phase = 0; phase < N_PHASES; phase++) {
        for (unsigned i = 0; i <= phase; i++) {
            const struct traced_access access = {
                phase * 64, 8, A, (uint8_t)phase, ACCESS_LOAD, ACCESS_COUNTED};
            booking_see(booking, &access, 1);
        }
    }
    booking_close(booking);
    for (unsigned phase = 0; phase < N_PHASES; phase++) {
        const struct booking_row *const it =
            booking_row(booking, A, (enum trace_phase)phase);
        expect_u64("loads", phase, it->loads, phase + 1);
        expect_levels("lines", it->load_lines, phase, 0, 1);
        expect_u64("fetched", phase, it->bytes_fetched, 64);
    }
}

static void what_is_not_counted_only_leaves_its_lines(void **state)
{
    (void)state;
    see(A, ACCESS_LOAD, 0, 8, 0);
    see(A, ACCESS_STORE, 60, 8, 0);
    load(A, 0, 8);
    see(A, ACCESS_LOAD, 128, 8, 0); /* line 1, of nobody, leaves */
    booking_close(booking);
    expect_u64("loads", 0, row(A)->loads, 1);
    expect_u64("stores", 0, row(A)->stores, 0);
    expect_levels("lines", row(A)->load_lines, 1, 0, 0);
    expect_levels("split", row(A)->split_lines, 0, 0, 0);
    expect_u64("fetched", 0, row(A)->bytes_fetched, 0);
    expect_u64("used", 0, row(A)->bytes_used, 0);
    expect_u64("loads of the hierarchy", 0, booking_events(booking)->demand_loads[0], 1);
    expect_u64("fills of the hierarchy", 0, booking_events(booking)->fills[0], 0);
}

static void zeroed_pages_are_of_no_row(void **state)
{
    struct sim_model model = plain;
    (void)state;
    see(A, ACCESS_ZERO, 4096, 2 * 4096, ACCESS_COUNTED | ACCESS_PAGES);
    booking_close(booking);
    expect_u64("not asked for", 0, booking_events(booking)->zeroed_pages, 0);
    booking_destroy(booking);
    model.zeroes_pages = true;
    assert_int_equal(begin_with(&small, &model), 0);
    see(A, ACCESS_ZERO, 4096, 2 * 4096, ACCESS_COUNTED | ACCESS_PAGES);
    booking_close(booking);
    expect_u64("pages", 0, booking_events(booking)->zeroed_pages, 2);
    expect_u64("stores", 0, row(A)->stores, 0);
    expect_levels("lines", row(A)->store_lines, 0, 0, 0);
    expect_u64("fetched", 0, row(A)->bytes_fetched, 0);
}

#define BOOKING_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOKING_TEST(lines_are_booked_to_the_level_that_had_them),
        BOOKING_TEST(rows_sum_to_what_the_hierarchy_counts),
        BOOKING_TEST(a_straddle_is_one_access_of_two_lines),
        BOOKING_TEST(what_does_not_fit_a_register_is_not_split),
        BOOKING_TEST(different_lines_of_an_operation_are_counted),
        BOOKING_TEST(lines_of_a_long_operation_are_exact),
        BOOKING_TEST(bytes_used_are_those_touched_while_the_line_stayed),
        BOOKING_TEST(a_line_that_comes_back_is_fetched_anew),
        BOOKING_TEST(all_of_a_line_can_be_used),
        BOOKING_TEST(bytes_of_long_lines_are_counted_in_pairs),
        BOOKING_TEST(a_prefetch_is_no_load),
        BOOKING_TEST(phases_are_apart),
        BOOKING_TEST(what_is_not_counted_only_leaves_its_lines),
        BOOKING_TEST(zeroed_pages_are_of_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
