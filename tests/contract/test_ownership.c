/* SPDX-License-Identifier: MIT */
/* Who owns what, and when it is dropped: on a map of structs whose keys and values each
 * carry a mark of their own, and on a map and a set of strings. */
#include "design.h"
#include "test_allocator.h"
#include "test_hashes.h"
#include "test_keys.h"

/* A key is looked up by its number; the mark tells two equal keys apart. */
typedef struct marked {
    uint32_t number;
    uint32_t mark;
} marked;

static unsigned char times_dropped[1000]; /* by mark */
static uint32_t n_dropped;

static void marked_drop(marked *one, const om_allocator *allocator)
{
    (void)allocator;
    times_dropped[one->mark]++;
    n_dropped++;
}

static uint64_t marked_hash(uint32_t number, om_seed seed)
{
    return test_hash_u64(number, seed);
}

static bool marked_equal(const marked *key, uint32_t number)
{
    return key->number == number;
}

#define OM_NAME         things
#define OM_KEY          marked
#define OM_VALUE        marked
#define OM_VIEW         uint32_t
#define OM_VIEW_OF(key) ((key)->number)
#define OM_HASH         marked_hash
#define OM_EQ           marked_equal
#define OM_KEY_DROP     marked_drop
#define OM_VALUE_DROP   marked_drop
#include OM_DESIGN_HEADER

#define OM_NAME  words
#define OM_KEY   om_string
#define OM_VALUE om_string
#include OM_DESIGN_HEADER

#define OM_NAME word_set
#define OM_KEY  om_string
#include OM_DESIGN_HEADER

static void begin(things *map)
{
    memset(times_dropped, 0, sizeof times_dropped);
    n_dropped = 0;
    test_hash_kind = HASH_FOUR_VALUED;
    CHECK_CONTEXT("things");
    CHECK_OK(things_init(map, 0, DESIGN_SEED, NULL));
}

/* Inserts key `number` marked `mark`, its value marked one more. */
static void put(things *map, uint32_t number, uint32_t mark)
{
    CHECK_OK(things_insert(map, (marked){number, mark}, (marked){number, mark + 1}));
}

static uint32_t stored_mark(things *map, uint32_t number)
{
    for (things_iterator it = things_first(map); it.entry != NULL; things_next(&it))
        if (it.entry->key.number == number)
            return it.entry->key.mark;
    return 0;
}

static void insert_keeps_stored_key_and_drops_passed_key_and_old_value(void **state)
{
    (void)state;
    things map;
    begin(&map);
    for (uint32_t i = 0; i < 20; i++)
        put(&map, i, 10 + 2 * i);
    CHECK_SAME(n_dropped, 0);
    put(&map, 7, 100);
    CHECK_SAME(n_dropped, 2);
    CHECK_SAME(times_dropped[100], 1);            /* the passed key */
    CHECK_SAME(times_dropped[10 + 2 * 7 + 1], 1); /* the old value */
    CHECK_SAME(stored_mark(&map, 7), 10 + 2 * 7);
    CHECK_SAME(things_get(&map, 7)->mark, 101);
    things_drop(&map);
    CHECK_SAME(n_dropped, 42);
    CHECK_SAME(times_dropped[101], 1);
}

static void delete_drops_key_and_value_once(void **state)
{
    (void)state;
    things map;
    begin(&map);
    for (uint32_t i = 0; i < 20; i++)
        put(&map, i, 10 + 2 * i);
    CHECK(things_delete(&map, 3));
    CHECK(!things_delete(&map, 3));
    CHECK_SAME(n_dropped, 2);
    CHECK(times_dropped[16] == 1 && times_dropped[17] == 1);
    things_drop(&map);
    CHECK_SAME(n_dropped, 40);
    for (uint32_t mark = 10; mark < 50; mark++)
        CHECK_SAME(times_dropped[mark], 1);
}

static void take_hands_back_without_dropping(void **state)
{
    (void)state;
    things map;
    marked key = {0, 0}, value = {0, 0};
    begin(&map);
    for (uint32_t i = 0; i < 20; i++)
        put(&map, i, 10 + 2 * i);
    CHECK(things_take(&map, 5, &key, &value));
    CHECK(key.number == 5 && key.mark == 20 && value.mark == 21);
    CHECK_SAME(n_dropped, 0);
    things_drop(&map);
    CHECK_SAME(n_dropped, 38);
    CHECK(times_dropped[20] == 0 && times_dropped[21] == 0);
}

static void growth_and_reserve_and_shrink_drop_nothing(void **state)
{
    (void)state;
    things map;
    begin(&map);
    for (uint32_t i = 0; i < 400; i++)
        put(&map, i, 2 * i);
    CHECK_OK(things_reserve(&map, 2000));
    CHECK_OK(things_shrink(&map));
    CHECK_SAME(n_dropped, 0);
    things_drop(&map);
    CHECK_SAME(n_dropped, 800);
    for (uint32_t mark = 0; mark < 800; mark++)
        CHECK_SAME(times_dropped[mark], 1);
}

static void clear_and_delete_current_drop_each_once(void **state)
{
    (void)state;
    things map;
    begin(&map);
    for (uint32_t i = 0; i < 100; i++)
        put(&map, i, 2 * i);
    for (things_iterator it = things_first(&map); it.entry != NULL; things_next(&it))
        if (it.entry->key.number % 2 == 0)
            things_delete_current(&it);
    CHECK_SAME(n_dropped, 100);
    things_clear(&map);
    CHECK_SAME(n_dropped, 200);
    things_drop(&map);
    CHECK_SAME(n_dropped, 200);
    for (uint32_t mark = 0; mark < 200; mark++)
        CHECK_SAME(times_dropped[mark], 1);
}

/* ---- strings ---- */

static om_string string_of(const test_allocator *memory, om_view view, const char *label)
{
    om_string string = om_string_empty();
    CHECK_OK(om_string_copy(&string, view, &memory->hooks, label));
    return string;
}

static void strings_of_any_bytes_are_keys_and_values(void **state)
{
    (void)state;
    enum { N = 200 };
    test_allocator memory;
    char bytes[128];
    words map;
    test_allocator_begin(&memory);
    CHECK_CONTEXT("strings");
    CHECK_OK(words_init(&map, 0, DESIGN_SEED, &memory.hooks));
    for (int round = 0; round < 2; round++) { /* the second overwrites */
        for (size_t i = 0; i < N; i++) {
            const om_view view = test_key_view(i, bytes);
            const om_string key = string_of(&memory, view, "key bytes");
            CHECK_OK(words_insert(&map, key, string_of(&memory, view, "value bytes")));
        }
        CHECK_SAME(words_size(&map), N);
    }
    for (size_t i = 0; i < N; i++) {
        const om_view view = test_key_view(i, bytes);
        const om_string *const value = words_get(&map, view);
        CHECK(value != NULL && om_string_key_equals(value, view));
    }
    CHECK(words_get(&map, test_key_view(N, bytes)) == NULL);
    CHECK(words_get(&map, om_view_of(NULL, 0)) != NULL); /* the empty string is key 0 */
    words twin;
    CHECK_OK(words_clone(&map, &twin));
    for (size_t i = 0; i < N; i += 2)
        CHECK(words_delete(&map, test_key_view(i, bytes)));
    CHECK_SAME(words_size(&map), N / 2);
    words_clear(&map);
    words_drop(&map);
    for (size_t i = 0; i < N; i++) {
        const om_view view = test_key_view(i, bytes);
        CHECK(om_string_key_equals(words_get(&twin, view), view));
    }
    words_drop(&twin);
    test_allocator_end(&memory);
}

static void get_or_insert_copies_only_when_it_inserts(void **state)
{
    (void)state;
    test_allocator memory;
    words map;
    om_string *value = NULL;
    bool is_new = false;
    test_allocator_begin(&memory);
    CHECK_OK(words_init(&map, 10, DESIGN_SEED, &memory.hooks));
    char text[] = "ada";
    CHECK_OK(words_get_or_insert(&map, om_view_text(text), &value, &is_new));
    CHECK(is_new && value->pointer == NULL && value->length == 0);
    text[0] = 'x'; /* the map has a copy */
    const size_t n_requests = memory.n_requests;
    CHECK(words_get(&map, om_view_text("ada")) == value);
    CHECK_OK(words_get_or_insert(&map, om_view_text("ada"), &value, &is_new));
    CHECK(!is_new);
    CHECK_SAME(memory.n_requests, n_requests);
    words_drop(&map); /* its value of zero bytes owns nothing */
    test_allocator_end(&memory);
}

static void a_set_gives_its_stored_keys(void **state)
{
    (void)state;
    test_allocator memory;
    char bytes[128];
    word_set set;
    const om_string *stored = NULL;
    bool is_new = false;
    test_allocator_begin(&memory);
    CHECK_OK(word_set_init(&set, 0, DESIGN_SEED, &memory.hooks));
    for (size_t i = 0; i < 100; i++)
        CHECK_OK(word_set_insert(
            &set, string_of(&memory, test_key_view(i, bytes), "key bytes")));
    for (size_t i = 0; i < 100; i++) {
        const om_view view = test_key_view(i, bytes);
        stored = word_set_get(&set, view);
        CHECK(stored != NULL && om_string_key_equals(stored, view));
        CHECK_OK(word_set_insert(&set, string_of(&memory, view, "key bytes")));
        CHECK(word_set_get(&set, view) == stored);
        const om_string *same = NULL;
        CHECK_OK(word_set_get_or_insert(&set, view, &same, &is_new));
        CHECK(same == stored && !is_new);
    }
    CHECK_SAME(word_set_size(&set), 100);
    om_string taken = om_string_empty();
    CHECK(word_set_take(&set, test_key_view(9, bytes), &taken));
    CHECK(om_string_key_equals(&taken, test_key_view(9, bytes)));
    om_string_key_drop(&taken, &memory.hooks);
    CHECK_OK(word_set_get_or_insert(&set, test_key_view(9, bytes), &stored, &is_new));
    CHECK(is_new && word_set_size(&set) == 100);
    word_set_drop(&set);
    test_allocator_end(&memory);
}

/* Views may be borrowed from the very key that goes. */
static void views_may_point_into_stored_keys(void **state)
{
    (void)state;
    test_allocator memory;
    char bytes[128];
    words map;
    test_allocator_begin(&memory);
    CHECK_OK(words_init(&map, 0, DESIGN_SEED, &memory.hooks));
    for (size_t i = 0; i < 40; i++)
        CHECK_OK(words_insert(&map,
                              string_of(&memory, test_key_view(i, bytes), "key bytes"),
                              om_string_empty()));
    for (size_t round = 0; words_size(&map) > 0; round++) {
        words_iterator it = words_first(&map);
        const om_view view = om_string_view(&it.entry->key);
        const size_t size = words_size(&map);
        om_string key, value, *found;
        CHECK_OK(words_get_or_insert(&map, view, &found, NULL));
        CHECK(found == &it.entry->value);
        if (view.length >
            4) { /* a part of a stored key becomes a key, through growth too */
            const om_view part = om_view_of(view.pointer + 1, view.length - 2);
            CHECK_OK(words_get_or_insert(&map, part, &found, NULL));
            CHECK(words_delete(&map, part));
        }
        if (round % 2 == 0) {
            CHECK(words_delete(&map, view));
        } else {
            CHECK(words_take(&map, view, &key, &value));
            om_string_key_drop(&key, &memory.hooks);
        }
        CHECK_SAME(words_size(&map), size - 1);
    }
    words_drop(&map);
    test_allocator_end(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(insert_keeps_stored_key_and_drops_passed_key_and_old_value),
        cmocka_unit_test(delete_drops_key_and_value_once),
        cmocka_unit_test(take_hands_back_without_dropping),
        cmocka_unit_test(growth_and_reserve_and_shrink_drop_nothing),
        cmocka_unit_test(clear_and_delete_current_drop_each_once),
        cmocka_unit_test(strings_of_any_bytes_are_keys_and_values),
        cmocka_unit_test(get_or_insert_copies_only_when_it_inserts),
        cmocka_unit_test(a_set_gives_its_stored_keys),
        cmocka_unit_test(views_may_point_into_stored_keys),
    };
    return cmocka_run_group_tests_name(DESIGN_NAME, tests, NULL, NULL) != 0;
}
