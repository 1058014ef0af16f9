/* SPDX-License-Identifier: MIT */
/* For each verb, from each state, the i-th allocation fails, i = 0, 1, 2 ... until the
 * verb succeeds; once only, and for ever after. A failed verb must have changed nothing,
 * leaked nothing, and taken nothing from its caller; done again, it must succeed. */
#include "design.h"
#include "test_allocator.h"
#include "test_hashes.h"
#include "test_keys.h"

enum { OOM_MOST = 40 };

enum precondition {
    UNUSED,
    EMPTY,
    ONE_ENTRY,
    AT_THE_LIMIT,
    FULL_OF_TOMBSTONES,
    HALF_TOMBSTONES
};
enum { N_PRECONDITIONS = HALF_TOMBSTONES + 1 };

enum oom_verb {
    OOM_INIT,
    OOM_INSERT_NEW,
    OOM_INSERT_OLD,
    OOM_GET_OR_INSERT_NEW,
    OOM_GET_OR_INSERT_OLD,
    OOM_INSERT_MANY,
    OOM_RESERVE,
    OOM_SHRINK,
    OOM_CLONE,
    N_OOM_VERBS
};

static const char *const verb_names[N_OOM_VERBS] = {"init",
                                                    "insert of a new key",
                                                    "insert of an old key",
                                                    "get_or_insert of a new key",
                                                    "get_or_insert of an old key",
                                                    "insert_many",
                                                    "reserve",
                                                    "shrink",
                                                    "clone"};
static const char *const precondition_names[N_PRECONDITIONS] = {
    "unused",         "empty", "one entry", "at the limit", "full of tombstones",
    "half tombstones"};

static test_allocator oom_memory;
static size_t oom_fail_at;
static bool oom_for_ever;
static size_t n_points, n_wrong;

/* Evaluates a call of the map, and only that, with allocations failing as planned. */
#define OOM_ARMED(call)                                                                  \
    (test_allocator_fail(&oom_memory, oom_fail_at, oom_for_ever), oom_disarm(call))

static om_status oom_disarm(om_status status)
{
    const size_t n_refused = oom_memory.n_refused;
    test_allocator_fail(&oom_memory, TEST_NEVER, false);
    oom_memory.n_refused = n_refused;
    return status;
}

#define OM_NAME  ages
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#define OM_HASH  test_hash_u64
#include OM_DESIGN_HEADER

#define INSTANCE             ages
#define KEY_TYPE             uint64_t
#define VALUE_TYPE           uint64_t
#define VIEW_TYPE            uint64_t
#define KEY(i)               test_key(i)
#define VALUE(i)             ((uint64_t)(i) + 7)
#define VIEW(i)              test_key(i)
#define IS_KEY(key, i)       (*(key) == test_key(i))
#define IS_VALUE(value, i)   (*(value) == (i) + 7)
#define DISCARD_KEY(key)     ((void)(key))
#define DISCARD_VALUE(value) ((void)(value))
#include "out_of_memory_body.h"

#define OM_NAME  words
#define OM_KEY   om_string
#define OM_VALUE om_string
#define OM_HASH  test_hash_view
#include OM_DESIGN_HEADER

static char key_bytes[OOM_MOST][128];

static om_view view_of(size_t i)
{
    return test_key_view(i, key_bytes[i]);
}

/* Key number i, or, with another label, the value of that number. */
static om_string string_of(size_t i, const char *label)
{
    om_string string = om_string_empty();
    CHECK_OK(om_string_copy(&string, view_of(i), &oom_memory.hooks, label));
    return string;
}

#define INSTANCE             words
#define KEY_TYPE             om_string
#define VALUE_TYPE           om_string
#define VIEW_TYPE            om_view
#define KEY(i)               string_of(i, "key bytes")
#define VALUE(i)             string_of(i, "value bytes")
#define VIEW(i)              view_of(i)
#define IS_KEY(key, i)       om_string_key_equals(key, view_of(i))
#define IS_VALUE(value, i)   om_string_key_equals(value, view_of(i))
#define DISCARD_KEY(key)     om_string_key_drop(key, &oom_memory.hooks)
#define DISCARD_VALUE(value) om_string_value_drop(value, &oom_memory.hooks)
#include "out_of_memory_body.h"

typedef bool (*point)(enum oom_verb, enum precondition, size_t at, bool for_ever);

/* The failure points of one verb from one state; all of them are tried, whichever fail. */
static void try_points(point run, enum oom_verb verb, enum precondition precondition,
                       bool for_ever, const char *types)
{
    static size_t at;
    jmp_buf trap;
    for (at = 0; at < 1000; at++) {
        CHECK_CONTEXT("%s, %s, %s, hash %s, allocation %zu fails %s", types,
                      verb_names[verb], precondition_names[precondition],
                      test_hash_names[test_hash_kind], at,
                      for_ever ? "for ever" : "once");
        check_trap = &trap;
        if (setjmp(trap) == 0) {
            const bool has_failed = run(verb, precondition, at, for_ever);
            check_trap = NULL;
            if (!has_failed)
                return;
        } else {
            check_trap = NULL;
            print_error("%s\n", check_message);
            test_allocator_abandon(&oom_memory);
            n_wrong++;
        }
        n_points++;
    }
    fail_msg("%s: never succeeds", check_context);
}

static void sweep(const char *types, point run)
{
    static const enum test_hash hashes[] = {HASH_GOOD, HASH_CONSTANT};
    for (int h = 0; h < 2; h++)
        for (int verb = 0; verb < N_OOM_VERBS; verb++)
            for (int state = 0; state < N_PRECONDITIONS; state++)
                for (int for_ever = 0; for_ever < 2; for_ever++) {
                    test_hash_kind = hashes[h];
                    try_points(run, (enum oom_verb)verb, (enum precondition)state,
                               for_ever != 0, types);
                }
    const size_t n = n_wrong;
    n_wrong = 0;
    CHECK_SAME(n, 0);
}

static void failed_allocation_changes_nothing_u64(void **state)
{
    (void)state;
    const size_t before = n_points;
    sweep("u64 to u64", ages_run_point);
    CHECK(n_points - before > 80);
}

static void failed_allocation_changes_nothing_strings(void **state)
{
    (void)state;
    const size_t before = n_points;
    sweep("string to string", words_run_point);
    CHECK(n_points - before > 300);
}

static void verbs_that_give_back_need_no_memory(void **state)
{
    (void)state;
    for (int precondition = 0; precondition < N_PRECONDITIONS; precondition++) {
        CHECK_CONTEXT("%s", precondition_names[precondition]);
        ages_run_without_memory((enum precondition)precondition);
        words_run_without_memory((enum precondition)precondition);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failed_allocation_changes_nothing_u64),
        cmocka_unit_test(failed_allocation_changes_nothing_strings),
        cmocka_unit_test(verbs_that_give_back_need_no_memory),
    };
    const int n_failed = cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL);
    printf("out_of_memory %s: %zu failure points\n", DESIGN_NAME, n_points);
    return n_failed != 0;
}
