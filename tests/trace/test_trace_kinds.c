/* SPDX-License-Identifier: MIT */
/* Which kinds of access each compiler reports, held to a table: a kind that is no longer
 * seen, or seen twice, fails; so does one that is seen of a sudden, since the table is
 * what docs/method.md says of the model's blind spots. */
#include "unit.h"

#include <dlfcn.h>

#include "kinds.h"

enum { MOST_WORDS = 64, GCC = 0, CLANG = 1 };

#ifdef __clang__
enum { COMPILER = CLANG };
#else
enum { COMPILER = GCC };
#endif

/* Bytes of each side that glibc reads to compare 8. */
#ifdef __x86_64__
enum { COMPARED = 32 };
#else
enum { COMPARED = 8 };
#endif

/* Bytes that are to be reported for each kind. NOT: of another architecture's making. */
static const struct expected {
    const char *name;
    unsigned loads[2], stores[2], prefetches; /* gcc, clang */
} expected[] = {
    {"load_1", {1, 1}, {0, 0}, 0},
    {"load_4", {4, 4}, {0, 0}, 0},
    {"load_8", {8, 8}, {0, 0}, 0},
    {"load_8_unaligned", {8, 8}, {0, 0}, 0},
    {"store_1", {0, 0}, {1, 1}, 0},
    {"store_8", {0, 0}, {8, 8}, 0},
    {"add_in_place", {8, 8}, {8, 8}, 0},
    {"bit_field_store", {0, 1}, {1, 1}, 0},
    {"struct_copy_24", {24, 24}, {24, 24}, 0},
    {"struct_copy_48", {48, 48}, {48, 48}, 0},
    {"ordered_load", {8, 8}, {0, 0}, 0},
    {"ordered_store", {0, 0}, {8, 8}, 0},
    {"ordered_add", {8, 8}, {8, 8}, 0},
    {"ordered_swap_if_equal", {8, 8}, {8, 8}, 0},
#if defined(__x86_64__)
    {"vector_load_16", {16, 16}, {0, 0}, 0},
    {"vector_load_32", {32, 0}, {0, 0}, 0},
    {"vector_load_32_unaligned", {32, 0}, {0, 0}, 0},
    {"gather", {0, 0}, {0, 0}, 0},
#endif
    {"prefetch_of_the_compiler", {0, 0}, {0, 0}, 0},
    {"fixed_memcpy_8", {8, 8}, {0, 0}, 0},
    {"fixed_memset_48", {0, 0}, {0, 48}, 0},
    {"fixed_memcmp_8", {2 * COMPARED, 2 * COMPARED}, {0, 0}, 0},
    {"memcpy_of_any_size", {100, 100}, {100, 100}, 0},
    {"om_copy_8", {8, 8}, {8, 8}, 0},
    {"om_copy_100", {100, 100}, {100, 100}, 0},
    {"om_zero_48", {0, 0}, {48, 48}, 0},
    {"om_equal_100", {200, 200}, {0, 0}, 0},
    {"om_load_64", {8, 8}, {0, 0}, 0},
    {"om_load_32", {4, 4}, {0, 0}, 0},
    {"om_prefetch", {0, 0}, {0, 0}, 1},
};

static const struct kinds *traced;

static int load(void **state)
{
    (void)state;
    void *const file = dlopen(TRACE_KINDS, RTLD_NOW | RTLD_LOCAL);
    if (file == NULL)
        fail_msg("%s", dlerror());
    traced = dlsym(file, "trace_kinds");
    assert_non_null(traced);
    return 0;
}

static void no_room(struct trace_port *port)
{
    (void)port;
    fail_msg("more words than any kind makes");
}

static _Alignas(64) char to[KIND_ROOM], from[KIND_ROOM];

static bool is_within(uint64_t address, const char *room)
{
    return address - (uint64_t)(uintptr_t)room < KIND_ROOM;
}

/* Runs a kind; adds up the bytes reported of the two rooms, by kind of access. What lies
 * elsewhere (the stack) is not looked at. */
static void watch(const struct kind *kind, unsigned bytes[3])
{
    static uint64_t words[MOST_WORDS];
    const struct trace_port before = *traced->port;
    memset(to, 0, sizeof to);
    memset(from, 0, sizeof from);
    memset(bytes, 0, 3 * sizeof *bytes);
    traced->port->next = words;
    traced->port->end = words + MOST_WORDS;
    traced->port->flush = no_room;
    kind->touch(to, from);
    const uint64_t *const end = traced->port->next;
    *traced->port = before;
    for (const uint64_t *word = words; word < end; word++) {
        const uint64_t address = *word & (((uint64_t)1 << TRACE_ADDRESS_BITS) - 1);
        const unsigned access = *word >> TRACE_KIND_AT & 3;
        if (access < TRACE_MARK && (is_within(address, to) || is_within(address, from)))
            bytes[access] +=
                (unsigned)(*word >> TRACE_ADDRESS_BITS) & (unsigned)TRACE_MOST_BYTES;
    }
}

static const struct kind *find(const char *name)
{
    for (const struct kind *kind = traced->kinds; kind->name != NULL; kind++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    fail_msg("no kind %s", name);
    return NULL;
}

static void each_kind_is_seen_as_the_table_says(void **state)
{
    (void)state;
    int n_wrong = 0;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct expected *const row = &expected[i];
        unsigned bytes[3];
        watch(find(row->name), bytes);
        if (bytes[TRACE_LOAD] == row->loads[COMPILER] &&
            bytes[TRACE_STORE] == row->stores[COMPILER] &&
            bytes[TRACE_PREFETCH] == row->prefetches)
            continue;
        n_wrong++;
        print_error("%s: %u loaded, %u stored, %u fetched ahead; the table says %u, %u, "
                    "%u\n",
                    row->name, bytes[TRACE_LOAD], bytes[TRACE_STORE],
                    bytes[TRACE_PREFETCH], row->loads[COMPILER], row->stores[COMPILER],
                    row->prefetches);
    }
    assert_int_equal(n_wrong, 0);
}

static void addresses_are_those_of_the_access(void **state)
{
    (void)state;
    static uint64_t words[MOST_WORDS];
    traced->port->next = words;
    traced->port->end = words + MOST_WORDS;
    find("load_8")->touch(to, from);
    assert_ptr_equal(traced->port->next, words + 1);
    assert_true(words[0] == trace_word(from, 8, TRACE_LOAD));
}

static void a_compare_is_read_up_to_the_first_difference(void **state)
{
    (void)state;
    static uint64_t words[MOST_WORDS];
    memset(to, 0, sizeof to);
    memset(from, 0, sizeof from);
    to[40] = 1;
    traced->port->next = words;
    traced->port->end = words + MOST_WORDS;
    find("om_equal_100")->touch(to, from);
    assert_ptr_equal(traced->port->next, words + 4);
    assert_true(words[0] == trace_word(to, 32, TRACE_LOAD));
    assert_true(words[1] == trace_word(from, 32, TRACE_LOAD));
    const size_t rest = COMPARED == 32 ? 32 : 9; /* byte 40 differs */
    assert_true(words[2] == trace_word(to + 32, rest, TRACE_LOAD));
    assert_true(words[3] == trace_word(from + 32, rest, TRACE_LOAD));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_seen_as_the_table_says),
        cmocka_unit_test(addresses_are_those_of_the_access),
        cmocka_unit_test(a_compare_is_read_up_to_the_first_difference),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
