/* SPDX-License-Identifier: MIT */
/* Every sequence of a given length of {insert, delete} x 3 keys, clear and shrink, on the
 * smallest tables, compared with a model after each step. Shorter sequences are the
 * beginnings of these.
 *
 *     test_exhaustive [length]      default 6
 */
#include "design.h"
#include "test_allocator.h"
#include "test_hashes.h"

enum {
    N_KEYS = 3,
    SYMBOL_CLEAR = 2 * N_KEYS,
    SYMBOL_SHRINK,
    N_SYMBOLS,
    EXHAUSTIVE_MOST = 16
};

#define EXHAUSTIVE_ABSENT 12345

static const uint64_t exhaustive_keys[N_KEYS] = {0, UINT64_MAX, (uint64_t)1 << 63};
static test_allocator exhaustive_memory;
static unsigned char exhaustive_symbols[EXHAUSTIVE_MOST];

typedef struct small_model {
    bool is_there[N_KEYS];
    uint64_t values[N_KEYS];
} small_model;

static size_t small_model_size(const small_model *m)
{
    return (size_t)m->is_there[0] + m->is_there[1] + m->is_there[2];
}

#define OM_NAME       two
#define OM_KEY        uint64_t
#define OM_VALUE      uint64_t
#define OM_HASH       test_hash_u64
#define OM_INIT_SLOTS 2
#include OM_DESIGN_HEADER
#define INSTANCE       two
#define INSTANCE_SLOTS 2
#include "exhaustive_body.h"

#define OM_NAME       four
#define OM_KEY        uint64_t
#define OM_VALUE      uint64_t
#define OM_HASH       test_hash_u64
#define OM_INIT_SLOTS 4
#include OM_DESIGN_HEADER
#define INSTANCE       four
#define INSTANCE_SLOTS 4
#include "exhaustive_body.h"

static size_t length;
static uint64_t n_sequences;

/* The sequence under way, for the case that it fails. */
static void print_sequence(void)
{
    printf("sequence of test_exhaustive %zu:", length);
    for (size_t at = 0; at < length; at++) {
        const unsigned symbol = exhaustive_symbols[at];
        if (symbol < SYMBOL_CLEAR)
            printf(" %s(%u)", symbol < N_KEYS ? "insert" : "delete", symbol % N_KEYS);
        else
            printf(" %s", symbol == SYMBOL_CLEAR ? "clear" : "shrink");
    }
    printf("\n");
}

static void run(enum test_hash hash, bool is_two)
{
    jmp_buf trap;
    check_trap = &trap;
    test_hash_kind = hash;
    CHECK_CONTEXT("first table of %d slots, hash %s", is_two ? 2 : 4,
                  test_hash_names[hash]);
    test_allocator_begin(&exhaustive_memory);
    if (setjmp(trap) != 0) {
        check_trap = NULL;
        print_sequence();
        fail_msg("%s", check_message);
    }
    n_sequences += is_two ? two_run_all(length) : four_run_all(length);
    check_trap = NULL;
    test_allocator_end(&exhaustive_memory);
}

static void every_sequence_agrees_with_the_model(void **state)
{
    (void)state;
    static const enum test_hash hashes[] = {HASH_GOOD, HASH_CONSTANT, HASH_FOUR_VALUED};
    for (int h = 0; h < 3; h++) {
        run(hashes[h], true);
        run(hashes[h], false);
    }
}

int main(int argc, char **argv)
{
    length = check_argument(argc, argv, 1, 6);
    if (length < 1 || length > EXHAUSTIVE_MOST)
        return 2;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sequence_agrees_with_the_model),
    };
    const int n_failed = cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL);
    printf("exhaustive %s: %llu sequences of length %zu\n", DESIGN_NAME,
           (unsigned long long)n_sequences, length);
    return n_failed != 0;
}
