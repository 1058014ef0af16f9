/* SPDX-License-Identifier: MIT */
/* Drop callbacks and allocator hooks that use the map whose verb called them. In the i-th
 * call of any of them during a verb, i = 0, 1, 2 ..., an action is done to the map, and in
 * a later call another. In each call the map must be valid and hold what a model holds;
 * so it must when the verb is done, with nothing leaked and nothing dropped twice.
 *
 *     test_reentrancy [calls]   a second action follows within so many calls; default 3
 */
#include "design.h"
#include "model.h"
#include "test_allocator.h"
#include "test_hashes.h"
#include "test_keys.h"
#include "test_value.h"

enum { MOST_KEYS = 60, MANY = 9, NEW_KEY = 30, OLD_KEY = 0 };

static test_allocator memory;
static void visited_drop(test_value *value, const om_allocator *allocator);

#define OM_NAME       words
#define OM_KEY        om_string
#define OM_VALUE      test_value
#define OM_VALUE_DROP visited_drop
#define OM_HASH       test_hash_view
#include OM_DESIGN_HEADER

/* Drops are calls like those of the allocator's hooks. */
static void visited_drop(test_value *value, const om_allocator *allocator)
{
    test_value_drop(value, allocator);
    test_allocator_called(&memory, "drop");
}

enum verb {
    INSERT_NEW,
    INSERT_OLD,
    GET_OR_INSERT,
    INSERT_SOME,
    DELETE,
    DELETE_SOME,
    TAKE,
    DELETE_CURRENT,
    CLEAR,
    DROP,
    RESERVE,
    SHRINK,
    N_VERBS
};

static const char *const verb_names[N_VERBS] = {"insert of a new key",
                                                "insert of an old key",
                                                "get_or_insert",
                                                "insert_many",
                                                "delete",
                                                "delete_many",
                                                "take",
                                                "delete_current",
                                                "clear",
                                                "drop",
                                                "reserve",
                                                "shrink"};

static const char *const action_names[] = {"insert of another key",
                                           "insert of the new key",
                                           "delete of the new key",
                                           "delete of the old key",
                                           "insert of the old key",
                                           "clear",
                                           "drop",
                                           "reserve",
                                           "shrink",
                                           "twenty inserts",
                                           "get_or_insert of the new key"};
enum { N_ACTIONS = sizeof action_names / sizeof *action_names };

/* The verb under way. Its effects on single keys, in order; `n_seen` of them are in the
 * model already, because a callback could see them. */
static struct {
    words map;
    model model;
    size_t keys[MANY];
    uint64_t serials[MANY]; /* 0: the key goes */
    size_t n_effects, n_seen;
    bool empties;         /* instead: all keys go */
    size_t first, second; /* calls in which an action is done */
    int actions[2];
    size_t n_actions;
} scene;

static char key_bytes[MOST_KEYS][128];

static om_view view_of(size_t i)
{
    return test_key_view(i, key_bytes[i]);
}

static om_string key_of(size_t i)
{
    om_string key = om_string_empty();
    CHECK_OK(om_string_copy(&key, view_of(i), &memory.hooks, "key bytes"));
    return key;
}

static uint64_t serial_in_map(size_t i)
{
    const test_value *const value = words_get(&scene.map, view_of(i));
    return value == NULL ? 0 : value->serial;
}

static void model_clear(model *m)
{
    for (size_t i = 0; i < MOST_KEYS; i++)
        model_remove(m, i);
}

/* Takes into the model what the verb has done up to now; all of it when it is over. The
 * delete of a key that is not there cannot be seen; it is done when a later one is. */
static void see_effects(bool is_over)
{
    if (scene.empties && (is_over || words_size(&scene.map) == 0)) {
        scene.empties = false;
        model_clear(&scene.model);
    }
    size_t n_done = is_over ? scene.n_effects : scene.n_seen;
    for (size_t e = scene.n_seen; e < scene.n_effects && !is_over; e++) {
        if (serial_in_map(scene.keys[e]) != scene.serials[e])
            break;
        if (scene.model.serials[scene.keys[e]] != scene.serials[e])
            n_done = e + 1;
    }
    for (; scene.n_seen < n_done; scene.n_seen++) {
        const size_t key = scene.keys[scene.n_seen];
        const uint64_t serial = scene.serials[scene.n_seen];
        if (serial != 0)
            model_put(&scene.model, key, serial);
        else
            model_remove(&scene.model, key);
    }
}

static void check_scene(void)
{
    CHECK(words_is_valid(&scene.map));
    CHECK_SAME(words_size(&scene.map), scene.model.size);
    for (size_t i = 0; i < MOST_KEYS; i++)
        CHECK_SAME(serial_in_map(i), scene.model.serials[i]);
}

static void put(size_t i)
{
    const test_value value = test_value_make(i);
    model_put(&scene.model, i, value.serial);
    CHECK_OK(words_insert(&scene.map, key_of(i), value));
}

static void drop_key(size_t i)
{
    CHECK(words_delete(&scene.map, view_of(i)) == (scene.model.serials[i] != 0));
    model_remove(&scene.model, i);
}

static void get_or_put(size_t i)
{
    test_value *value = NULL;
    bool is_new = false;
    CHECK_OK(words_get_or_insert(&scene.map, view_of(i), &value, &is_new));
    CHECK(value != NULL && value == words_get(&scene.map, view_of(i)));
    CHECK(is_new == (scene.model.serials[i] == 0));
    if (is_new) {
        test_value_fill(value, i);
        model_put(&scene.model, i, value->serial);
    }
}

static void act(int action)
{
    switch (action) {
    case 0:
        put(NEW_KEY + 1);
        break;
    case 1:
        put(NEW_KEY);
        break;
    case 2:
        drop_key(NEW_KEY);
        break;
    case 3:
        drop_key(OLD_KEY);
        break;
    case 4:
        put(OLD_KEY);
        break;
    case 5:
        words_clear(&scene.map);
        model_clear(&scene.model);
        break;
    case 6:
        words_drop(&scene.map);
        model_clear(&scene.model);
        break;
    case 7:
        CHECK_OK(words_reserve(&scene.map, 500));
        break;
    case 8:
        CHECK_OK(words_shrink(&scene.map));
        break;
    case 9:
        for (size_t i = 0; i < 20; i++)
            put(NEW_KEY + 5 + i);
        break;
    default:
        get_or_put(NEW_KEY);
        break;
    }
}

/* The callback: what the map holds at this moment, then the action. */
static void visit(void *unused, const char *hook)
{
    (void)unused;
    (void)hook;
    see_effects(false);
    check_scene();
    act(scene.actions[scene.n_actions++ % 2]);
    check_scene();
}

/* From here on calls are counted; what the test itself prepares is done before. */
static void arm(void)
{
    memory.n_hook_calls = 0;
    memory.visit = visit;
    memory.visit_at = scene.first;
    memory.visit_also = scene.second;
}

static void disarm(void)
{
    memory.visit_at = memory.visit_also = TEST_NEVER;
}

static void add_effect(size_t key, uint64_t serial)
{
    scene.keys[scene.n_effects] = key;
    scene.serials[scene.n_effects++] = serial;
}

static void do_many(enum verb verb)
{
    om_string keys[MANY];
    om_view views[MANY];
    test_value values[MANY];
    size_t n_done = 0;
    for (size_t k = 0; k < MANY; k++) {
        const size_t i = k % 2 == 0 ? OLD_KEY + k : NEW_KEY + 1 - k;
        views[k] = view_of(i);
        if (verb == INSERT_SOME) {
            keys[k] = key_of(i);
            values[k] = test_value_make(i);
        }
        add_effect(i, verb == INSERT_SOME ? values[k].serial : 0);
    }
    arm();
    if (verb == INSERT_SOME)
        CHECK_OK(words_insert_many(&scene.map, keys, values, MANY, &n_done));
    else
        (void)words_delete_many(&scene.map, views, MANY);
    CHECK_SAME(n_done, verb == INSERT_SOME ? MANY : 0);
}

static void do_insert(size_t i)
{
    const om_string key = key_of(i);
    const test_value value = test_value_make(i);
    add_effect(i, value.serial);
    arm();
    CHECK_OK(words_insert(&scene.map, key, value));
}

static void do_take(void)
{
    om_string key;
    test_value value;
    const uint64_t serial = scene.model.serials[OLD_KEY];
    add_effect(OLD_KEY, 0);
    if (!words_take(&scene.map, view_of(OLD_KEY), &key, &value))
        return;
    memory.is_visiting = true; /* the rest is ours */
    see_effects(true);
    CHECK(om_string_key_equals(&key, view_of(OLD_KEY)));
    CHECK_SAME(value.serial, serial);
    om_string_key_drop(&key, &memory.hooks);
    test_value_drop(&value, NULL);
    memory.is_visiting = false;
}

static void do_delete_current(void)
{
    words_iterator it = words_first(&scene.map);
    if (it.entry == NULL)
        return;
    add_effect((size_t)it.entry->value.number, 0);
    words_delete_current(&it);
}

static void do_verb(enum verb verb)
{
    if (verb != INSERT_NEW && verb != INSERT_OLD && verb != INSERT_SOME)
        arm();
    switch (verb) {
    case INSERT_NEW:
        do_insert(NEW_KEY);
        break;
    case INSERT_OLD:
        do_insert(OLD_KEY);
        break;
    case GET_OR_INSERT:
        get_or_put(NEW_KEY);
        break;
    case INSERT_SOME:
    case DELETE_SOME:
        do_many(verb);
        break;
    case DELETE:
        add_effect(OLD_KEY, 0);
        (void)words_delete(&scene.map, view_of(OLD_KEY));
        break;
    case TAKE:
        do_take();
        break;
    case DELETE_CURRENT:
        do_delete_current();
        break;
    case CLEAR:
        scene.empties = true;
        words_clear(&scene.map);
        break;
    case DROP:
        scene.empties = true;
        words_drop(&scene.map);
        break;
    case RESERVE:
        CHECK_OK(words_reserve(&scene.map, 200));
        break;
    default:
        CHECK_OK(words_shrink(&scene.map));
        break;
    }
}

/* One verb with actions in calls `first` and `second`; the number of calls it made. */
__attribute__((noinline)) static size_t play(enum verb verb, size_t n_keys, size_t first,
                                             size_t second)
{
    memset(&scene.model, 0, sizeof scene.model);
    memset(&ledger, 0, sizeof ledger);
    scene.model.universe = MOST_KEYS;
    scene.n_effects = scene.n_seen = scene.n_actions = 0;
    scene.empties = false;
    test_allocator_begin(&memory);
    CHECK_OK(words_init(&scene.map, 0, DESIGN_SEED, &memory.hooks));
    if (verb == SHRINK)
        CHECK_OK(words_reserve(&scene.map, 100));
    for (size_t i = 0; i < n_keys; i++)
        put(i);
    scene.first = first;
    scene.second = second;
    do_verb(verb);
    const size_t n_calls = memory.n_hook_calls;
    disarm();
    see_effects(true);
    check_scene();
    CHECK_SAME(ledger.n_alive, scene.model.size);
    words_drop(&scene.map);
    CHECK_SAME(ledger.n_alive, 0);
    test_allocator_end(&memory);
    return n_calls;
}

static size_t n_scenes, reach;

/* Plays one scene; counts and prints its failure. The number of calls it made. */
static size_t try_scene(enum verb verb, size_t n_keys, size_t first, size_t second,
                        size_t *n_wrong)
{
    jmp_buf trap;
    CHECK_CONTEXT(
        "%s with %zu keys, hash %s: %s in call %zu, %s in call %zu", verb_names[verb],
        n_keys, test_hash_names[test_hash_kind], action_names[scene.actions[0]], first,
        second == TEST_NEVER ? "nothing" : action_names[scene.actions[1]], second);
    n_scenes++;
    check_trap = &trap;
    if (setjmp(trap) == 0) {
        const size_t n_calls = play(verb, n_keys, first, second);
        check_trap = NULL;
        return n_calls;
    }
    check_trap = NULL;
    test_allocator_abandon(&memory);
    if (++*n_wrong <= 20)
        print_error("%s\n", check_message);
    return 0;
}

static void callbacks_may_use_the_map(enum verb verb)
{
    static const size_t sizes[] = {0, 1, 5, 12}; /* 12 is at the limit */
    size_t n_wrong = 0;
    for (int h = 0; h < 2; h++)
        for (size_t s = 0; s < 4; s++)
            for (int action = 0; action < N_ACTIONS; action++) {
                test_hash_kind = h == 0 ? HASH_GOOD : HASH_CONSTANT;
                scene.actions[0] = action;
                size_t n_calls = 1;
                for (size_t first = 0; first < n_calls; first++) {
                    n_calls = try_scene(verb, sizes[s], first, TEST_NEVER, &n_wrong);
                    for (int other = 0; other < N_ACTIONS; other++) {
                        scene.actions[1] = other;
                        for (size_t gap = 1; gap <= reach; gap++)
                            (void)try_scene(verb, sizes[s], first, first + gap, &n_wrong);
                    }
                }
            }
    CHECK_SAME(n_wrong, 0);
}

static void callbacks_of_a_verb(void **state)
{
    callbacks_may_use_the_map(*(enum verb *)*state);
}

int main(int argc, char **argv)
{
    static enum verb verbs[N_VERBS];
    struct CMUnitTest tests[N_VERBS];
    reach = check_argument(argc, argv, 1, 3);
    for (int v = 0; v < N_VERBS; v++) {
        verbs[v] = (enum verb)v;
        tests[v] = (struct CMUnitTest){verb_names[v], callbacks_of_a_verb, NULL, NULL,
                                       &verbs[v]};
    }
    const int n_failed = cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL);
    printf("reentrancy %s: %zu scenes\n", DESIGN_NAME, n_scenes);
    return n_failed != 0;
}
