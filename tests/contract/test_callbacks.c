/* SPDX-License-Identifier: MIT */
/* Hash and equality callbacks that touch their map are caught in checked builds; those
 * that use another map are not. */
#if defined(OM_CHECKED) && OM_CHECKED < 1
#undef OM_CHECKED
#endif
#ifndef OM_CHECKED
#define OM_CHECKED 1
#endif

#include "design.h"
#include "test_allocator.h"
#include "test_keys.h"

static void touch(void);
static bool touches_in_hash, touches_in_equal;

static uint64_t touching_hash(uint64_t key, om_seed seed)
{
    if (touches_in_hash)
        touch();
    return om_siphash13_u64(key, seed) & 1; /* keys meet, so that they are compared */
}

static bool touching_equal(const uint64_t *key, uint64_t view)
{
    if (touches_in_equal)
        touch();
    return *key == view;
}

#define OM_NAME  ages
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#define OM_HASH  touching_hash
#define OM_EQ    touching_equal
#include OM_DESIGN_HEADER

enum { ENTRIES = 12 }; /* the next insert grows the table */

static test_allocator memory, memory_of_other;
static ages map, other;
static ages *touched;
static int touch_kind;
static size_t n_touches;

static const char *const verb_names[] = {"get",   "insert",  "get_or_insert", "delete",
                                         "take",  "reserve", "shrink",        "clone",
                                         "first", "clear",   "drop"};
enum { N_VERBS = sizeof verb_names / sizeof *verb_names };

static void do_verb(ages *on, int verb, uint64_t key)
{
    uint64_t *value, taken_key, taken_value;
    ages twin;
    switch (verb) {
    case 0:
        (void)ages_get(on, key);
        break;
    case 1:
        CHECK_OK(ages_insert(on, key, 5));
        break;
    case 2:
        CHECK_OK(ages_get_or_insert(on, key, &value, NULL));
        break;
    case 3:
        (void)ages_delete(on, key);
        break;
    case 4:
        (void)ages_take(on, key, &taken_key, &taken_value);
        break;
    case 5:
        CHECK_OK(ages_reserve(on, 100));
        break;
    case 6:
        CHECK_OK(ages_shrink(on));
        break;
    case 7:
        CHECK_OK(ages_clone(on, &twin));
        ages_drop(&twin);
        break;
    case 8:
        (void)ages_first(on);
        break;
    case 9:
        ages_clear(on);
        break;
    default:
        ages_drop(on);
        break;
    }
}

/* What the callback does: a verb on a map that may be its own. */
static void touch(void)
{
    const bool in_hash = touches_in_hash, in_equal = touches_in_equal;
    touches_in_hash = touches_in_equal = false;
    n_touches++;
    do_verb(touched, touch_kind, test_key(1));
    touches_in_hash = in_hash;
    touches_in_equal = in_equal;
}

static void fill(ages *one, test_allocator *its_memory)
{
    test_allocator_begin(its_memory);
    CHECK_OK(ages_init(one, 0, DESIGN_SEED, &its_memory->hooks));
    for (size_t i = 0; i < ENTRIES; i++)
        CHECK_OK(ages_insert(one, test_key(i), i));
}

/* Does a verb on the map while its callbacks touch `touched`; whether that was caught. */
static bool is_caught(int verb, bool in_hash, bool in_equal)
{
    jmp_buf trap;
    check_trap = &trap;
    const bool is_trapped = setjmp(trap) != 0;
    if (!is_trapped) {
        touches_in_hash = in_hash;
        touches_in_equal = in_equal;
        do_verb(&map, verb, test_key(ENTRIES));
        do_verb(&map, verb, test_key(0));
    }
    check_trap = NULL;
    touches_in_hash = touches_in_equal = false;
    (void)om_busy_set(NULL); /* the jump left the callback open */
    return is_trapped;
}

static void callback_that_touches_its_map_is_caught(void **state)
{
    (void)state;
    static const int verbs[] = {0, 1, 2, 3, 4, 5}; /* those that hash; 5 when it moves */
    for (size_t v = 0; v < sizeof verbs / sizeof *verbs; v++) {
        for (touch_kind = 0; touch_kind < N_VERBS; touch_kind++) {
            for (int in_hash = 0; in_hash < 2; in_hash++) {
                if (verbs[v] == 5 && in_hash == 0)
                    continue; /* moving entries compares none */
                fill(&map, &memory);
                touched = &map;
                CHECK_CONTEXT("%s inside the %s of %s", verb_names[touch_kind],
                              in_hash ? "hash" : "equality", verb_names[verbs[v]]);
                CHECK(is_caught(verbs[v], in_hash != 0, in_hash == 0));
                CHECK(strstr(check_message, "callback must not touch its map") != NULL);
                test_allocator_abandon(&memory);
            }
        }
    }
}

static void callback_may_use_another_map(void **state)
{
    (void)state;
    for (int verb = 0; verb < 7; verb++) {
        for (touch_kind = 0; touch_kind < N_VERBS; touch_kind++) {
            fill(&map, &memory);
            fill(&other, &memory_of_other);
            touched = &other;
            n_touches = 0;
            CHECK_CONTEXT("%s of another map inside the callbacks of %s",
                          verb_names[touch_kind], verb_names[verb]);
            CHECK(!is_caught(verb, true, true));
            CHECK(n_touches > 0 || verb == 6); /* a shrink may have nothing to move */
            CHECK(ages_is_valid(&map) && ages_is_valid(&other));
            ages_drop(&map);
            ages_drop(&other);
            test_allocator_end(&memory);
            test_allocator_end(&memory_of_other);
        }
    }
}

static void delete_current_without_an_entry_is_caught(void **state)
{
    (void)state;
    jmp_buf trap;
    fill(&map, &memory);
    static ages_iterator it;
    it = ages_first(&map);
    ages_delete_current(&it);
    check_trap = &trap;
    if (setjmp(trap) == 0) {
        ages_delete_current(&it); /* a second time */
        check_trap = NULL;
        fail_msg("not caught");
    }
    check_trap = NULL;
    ages_drop(&map);
    test_allocator_end(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(callback_that_touches_its_map_is_caught),
        cmocka_unit_test(callback_may_use_another_map),
        cmocka_unit_test(delete_current_without_an_entry_is_caught),
    };
    return cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL) != 0;
}
