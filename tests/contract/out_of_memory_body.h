/* SPDX-License-Identifier: MIT */
/* Every verb of one map instance, from every state, with the i-th allocation failing.
 * Included once for each instance, with INSTANCE, KEY_TYPE, VALUE_TYPE, VIEW_TYPE and
 *
 *     KEY(i), VALUE(i), VIEW(i)        owned key and value number i; a view of the key
 *     IS_KEY(ptr, i), IS_VALUE(ptr, i)
 *     DISCARD_KEY(ptr), DISCARD_VALUE(ptr)
 */

#define MAP(verb) OM_CONCAT3(INSTANCE, _, verb)
#define RUN(name) OM_CONCAT3(INSTANCE, _run_, name)

/* A map as it was, down to the addresses. */
typedef struct RUN(photo) {
    size_t size, capacity, n, held_at;
    om_stats stats;
    const void *entries[OOM_MOST];
    KEY_TYPE keys[OOM_MOST];     /* bytes as stored */
    VALUE_TYPE values[OOM_MOST]; /* bytes as stored */
    MAP(iterator) held;          /* stands at entry held_at */
} RUN(photo);

static void RUN(take_photo)(INSTANCE *map, RUN(photo) * photo)
{
    memset(photo, 0, sizeof *photo);
    photo->size = MAP(size)(map);
    photo->capacity = MAP(capacity)(map);
    photo->held_at = photo->size / 2;
    MAP(stats)(map, &photo->stats);
    for (MAP(iterator) it = MAP(first)(map); it.entry != NULL; MAP(next)(&it)) {
        if (photo->n == photo->held_at)
            photo->held = it;
        photo->entries[photo->n] = it.entry;
        photo->keys[photo->n] = it.entry->key;
        photo->values[photo->n++] = it.entry->value;
    }
}

static void RUN(check_rest)(MAP(iterator) it, const RUN(photo) * photo, size_t n)
{
    for (; it.entry != NULL; MAP(next)(&it), n++) {
        CHECK(n < photo->n);
        CHECK(it.entry == photo->entries[n]);
        CHECK(memcmp(&it.entry->key, &photo->keys[n], sizeof(KEY_TYPE)) == 0);
        CHECK(memcmp(&it.entry->value, &photo->values[n], sizeof(VALUE_TYPE)) == 0);
    }
    CHECK_SAME(n, photo->n);
}

/* Nothing has changed, and an iterator held since then goes on. */
static void RUN(check_photo)(INSTANCE *map, const RUN(photo) * photo)
{
    om_stats stats;
    MAP(stats)(map, &stats);
    CHECK(memcmp(&stats, &photo->stats, sizeof stats) == 0);
    CHECK_SAME(MAP(size)(map), photo->size);
    CHECK_SAME(MAP(capacity)(map), photo->capacity);
    CHECK(MAP(is_valid)(map));
    RUN(check_rest)(MAP(first)(map), photo, 0);
    if (photo->n > 0)
        RUN(check_rest)(photo->held, photo, photo->held_at);
}

/* The map holds exactly the keys of `there`, each with the value of its number. */
static void RUN(check_holds)(INSTANCE *map, const bool *there)
{
    size_t n = 0;
    for (size_t i = 0; i < OOM_MOST; i++) {
        VALUE_TYPE *const value = MAP(get)(map, VIEW(i));
        CHECK((value != NULL) == there[i]);
        CHECK(value == NULL || IS_VALUE(value, i));
        n += there[i];
    }
    CHECK_SAME(MAP(size)(map), n);
    CHECK(MAP(is_valid)(map));
}

/* Brings a map of no capacity to the state that the precondition names. */
static void RUN(prepare)(INSTANCE *map, enum precondition precondition, bool *there)
{
    static const size_t inserts[] = {0, 1, 1, 12, 12, 23};
    static const size_t deletes[] = {0, 1, 0, 0, 11, 10};
    for (size_t i = 0; i < inserts[precondition]; i++) {
        CHECK_OK(MAP(insert)(map, KEY(i), VALUE(i)));
        there[i] = true;
    }
    for (size_t i = inserts[precondition];
         i-- > inserts[precondition] - deletes[precondition];) {
        CHECK(MAP(delete)(map, VIEW(i)));
        there[i] = false;
    }
}

static om_status RUN(insert)(INSTANCE *map, size_t i, bool *there)
{
    KEY_TYPE key = KEY(i);
    VALUE_TYPE value = VALUE(i);
    const om_status status = OOM_ARMED(MAP(insert)(map, key, value));
    if (status != OM_OK) { /* both are still ours */
        CHECK(IS_KEY(&key, i) && IS_VALUE(&value, i));
        DISCARD_KEY(&key);
        DISCARD_VALUE(&value);
    } else {
        there[i] = true;
    }
    return status;
}

static om_status RUN(get_or_insert)(INSTANCE *map, size_t i, bool *there)
{
    VALUE_TYPE *answer = NULL, zeroes;
    bool is_new = false;
    memset(&zeroes, 0, sizeof zeroes);
    const om_status status =
        OOM_ARMED(MAP(get_or_insert)(map, VIEW(i), &answer, &is_new));
    CHECK((status == OM_OK) == (answer != NULL));
    if (status != OM_OK)
        return status;
    CHECK(is_new == !there[i]);
    if (is_new) {
        CHECK(memcmp(answer, &zeroes, sizeof zeroes) == 0);
        *answer = VALUE(i);
    }
    there[i] = true;
    return status;
}

/* On failure the first pairs are in and the others ours; they are put in afterwards. */
static om_status RUN(insert_many)(INSTANCE *map, bool *there)
{
    enum { N = 20, FROM = 8 };
    KEY_TYPE keys[N];
    VALUE_TYPE values[N];
    size_t n_done = 99;
    for (size_t i = 0; i < N; i++) {
        keys[i] = KEY(FROM + i);
        values[i] = VALUE(FROM + i);
    }
    const om_status status = OOM_ARMED(MAP(insert_many)(map, keys, values, N, &n_done));
    CHECK(status == OM_OK ? n_done == N : n_done < N);
    for (size_t i = 0; i < n_done; i++)
        there[FROM + i] = true;
    RUN(check_holds)(map, there);
    for (size_t i = n_done; i < N; i++) {
        CHECK(IS_KEY(&keys[i], FROM + i) && IS_VALUE(&values[i], FROM + i));
        DISCARD_KEY(&keys[i]);
        DISCARD_VALUE(&values[i]);
    }
    return status;
}

static om_status RUN(clone)(INSTANCE *map, const bool *there)
{
    INSTANCE twin;
    memset(&twin, 0xee, sizeof twin);
    const om_status status = OOM_ARMED(MAP(clone)(map, &twin));
    CHECK(MAP(is_valid)(&twin));
    if (status == OM_OK)
        RUN(check_holds)(&twin, there);
    CHECK(status == OM_OK || (MAP(size)(&twin) == 0 && MAP(capacity)(&twin) == 0));
    MAP(drop)(&twin);
    return status;
}

static om_status RUN(init)(void)
{
    INSTANCE other;
    memset(&other, 0xee, sizeof other);
    const om_status status =
        OOM_ARMED(MAP(init)(&other, 100, DESIGN_SEED, &oom_memory.hooks));
    CHECK(MAP(is_valid)(&other) && MAP(size)(&other) == 0);
    CHECK((MAP(capacity)(&other) == 0) == (status != OM_OK));
    MAP(drop)(&other);
    return status;
}

static om_status RUN(verb)(INSTANCE *map, enum oom_verb verb, bool *there)
{
    switch (verb) {
    case OOM_INIT:
        return RUN(init)();
    case OOM_INSERT_NEW:
        return RUN(insert)(map, 30, there);
    case OOM_INSERT_OLD:
        return RUN(insert)(map, 0, there);
    case OOM_GET_OR_INSERT_NEW:
        return RUN(get_or_insert)(map, 30, there);
    case OOM_GET_OR_INSERT_OLD:
        return RUN(get_or_insert)(map, 0, there);
    case OOM_INSERT_MANY:
        return RUN(insert_many)(map, there);
    case OOM_RESERVE:
        return OOM_ARMED(MAP(reserve)(map, 100));
    case OOM_SHRINK:
        return OOM_ARMED(MAP(shrink)(map));
    default:
        return RUN(clone)(map, there);
    }
}

/* One verb from one state with one allocation failing; false when none was left to. */
static bool RUN(point)(enum oom_verb verb, enum precondition precondition, size_t at,
                       bool for_ever)
{
    INSTANCE map;
    static RUN(photo) photo;
    bool there[OOM_MOST] = {false};
    test_allocator_begin(&oom_memory);
    CHECK_OK(MAP(init)(&map, 0, DESIGN_SEED, &oom_memory.hooks));
    RUN(prepare)(&map, precondition, there);
    RUN(take_photo)(&map, &photo);
    const size_t live_blocks = oom_memory.live_blocks, live_bytes = oom_memory.live_bytes;
    oom_fail_at = at;
    oom_for_ever = for_ever;
    const om_status status = RUN(verb)(&map, verb, there);
    oom_fail_at = TEST_NEVER;
    const bool has_failed = oom_memory.n_refused > 0;
    CHECK_SAME(status, has_failed ? OM_OUT_OF_MEMORY : OM_OK);
    if (has_failed && verb != OOM_INSERT_MANY) {
        RUN(check_photo)(&map, &photo);
        CHECK_SAME(oom_memory.live_blocks, live_blocks);
        CHECK_SAME(oom_memory.live_bytes, live_bytes);
    }
    if (has_failed)
        CHECK_OK(RUN(verb)(&map, verb, there)); /* the retry */
    RUN(check_holds)(&map, there);
    MAP(drop)(&map);
    test_allocator_end(&oom_memory);
    return has_failed;
}

/* Verbs that only give back must work when nothing can be allocated. */
static void RUN(without_memory)(enum precondition precondition)
{
    INSTANCE map;
    bool there[OOM_MOST] = {false};
    test_allocator_begin(&oom_memory);
    CHECK_OK(MAP(init)(&map, 0, DESIGN_SEED, &oom_memory.hooks));
    RUN(prepare)(&map, precondition, there);
    const size_t n_requests = oom_memory.n_requests;
    KEY_TYPE key;
    VALUE_TYPE value;
    if (MAP(take)(&map, VIEW(0), &key, &value)) {
        CHECK(IS_KEY(&key, 0) && IS_VALUE(&value, 0));
        DISCARD_KEY(&key);
        DISCARD_VALUE(&value);
    }
    CHECK(MAP(delete)(&map, VIEW(1)) == there[1]);
    there[0] = there[1] = false;
    RUN(check_holds)(&map, there);
    MAP(clear)(&map);
    CHECK_OK(MAP(shrink)(&map));
    CHECK_SAME(MAP(capacity)(&map), 0);
    MAP(drop)(&map);
    CHECK_SAME(oom_memory.n_requests, n_requests);
    test_allocator_end(&oom_memory);
}

#undef MAP
#undef RUN
#undef INSTANCE
#undef KEY_TYPE
#undef VALUE_TYPE
#undef VIEW_TYPE
#undef KEY
#undef VALUE
#undef VIEW
#undef IS_KEY
#undef IS_VALUE
#undef DISCARD_KEY
#undef DISCARD_VALUE
