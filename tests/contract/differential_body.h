/* SPDX-License-Identifier: MIT */
/* One map instance driven through a trace beside a model. Included once for each
 * instance, with
 *
 *     INSTANCE             the map's prefix; its values are test_value
 *     KEY_TYPE, VIEW_TYPE  of the map
 *     KEY(i), VIEW(i)      an owned key number i; a view of that key
 *     IS_KEY(key_ptr, i)   whether a stored key is number i
 *     DISCARD(key_ptr)     releases an owned key
 */

#define MAP(verb) OM_CONCAT3(INSTANCE, _, verb)
#define RUN(name) OM_CONCAT3(INSTANCE, _run_, name)

/* Everything, and the other way round: what the model has, what the map shows. */
static void RUN(compare)(INSTANCE *map, const model *m)
{
    uint64_t sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < m->universe; i++) {
        const test_value *const value = MAP(get)(map, VIEW(i));
        CHECK((value != NULL) == (m->serials[i] != 0));
        if (value == NULL)
            continue;
        CHECK_SAME(value->serial, m->serials[i]);
        CHECK_SAME(value->number, i);
        sum += test_mix(value->serial);
    }
    for (MAP(iterator) it = MAP(first)(map); it.entry != NULL; MAP(next)(&it)) {
        CHECK(n++ < m->size && it.entry->value.number < m->universe);
        CHECK(IS_KEY(&it.entry->key, it.entry->value.number));
        CHECK_SAME(it.entry->value.serial, m->serials[it.entry->value.number]);
    }
    CHECK_SAME(n, m->size);
    CHECK_SAME(ledger.sum_alive, sum);
    CHECK(MAP(is_valid)(map));
    om_stats stats;
    MAP(stats)(map, &stats);
    CHECK_SAME(stats.size, m->size);
    CHECK_SAME(stats.capacity, MAP(capacity)(map));
    CHECK(stats.hit_probes >= m->size && stats.size + stats.tombstones <= stats.capacity);
}

static inline void RUN(get)(const INSTANCE *map, const model *m, size_t i)
{
    const test_value *const value = MAP(get)(map, VIEW(i));
    CHECK_SAME(value == NULL ? 0 : value->serial, m->serials[i]);
}

static inline void RUN(insert)(INSTANCE *map, model *m, size_t i)
{
    const test_value value = test_value_make(i);
    const uint64_t before = m->serials[i];
    CHECK_OK(MAP(insert)(map, KEY(i), value));
    CHECK(before == 0 || ledger.last_dropped == before);
    model_put(m, i, value.serial);
}

static inline void RUN(delete)(INSTANCE *map, model *m, size_t i)
{
    const uint64_t before = m->serials[i];
    CHECK(MAP(delete)(map, VIEW(i)) == (before != 0));
    CHECK(before == 0 || ledger.last_dropped == before);
    model_remove(m, i);
}

static void RUN(take)(INSTANCE *map, model *m, size_t i)
{
    KEY_TYPE key;
    test_value value = {0, 0};
    const uint64_t dropped = ledger.last_dropped;
    memset(&key, 0, sizeof key);
    const bool was_there = MAP(take)(map, VIEW(i), &key, &value);
    CHECK(was_there == (m->serials[i] != 0));
    CHECK_SAME(ledger.last_dropped, dropped);
    CHECK_SAME(value.serial, m->serials[i]);
    if (!was_there)
        return;
    CHECK(IS_KEY(&key, i));
    DISCARD(&key);
    test_value_drop(&value, NULL);
    model_remove(m, i);
}

static void RUN(get_or_insert)(INSTANCE *map, model *m, size_t i)
{
    test_value *value = NULL;
    bool is_new = false;
    CHECK_OK(MAP(get_or_insert)(map, VIEW(i), &value, &is_new));
    CHECK(is_new == (m->serials[i] == 0));
    if (is_new) {
        test_value_fill(value, i);
        model_put(m, i, value->serial);
    }
    CHECK_SAME(value->serial, m->serials[i]);
}

static void RUN(many)(INSTANCE *map, model *m, uint64_t word)
{
    KEY_TYPE keys[TRACE_BATCH];
    VIEW_TYPE views[TRACE_BATCH];
    size_t numbers[TRACE_BATCH], n_there = 0, n_done = 0;
    test_rng rng = {trace_extra_of(word)};
    const size_t n = test_rng_below(&rng, TRACE_BATCH + 1);
    for (size_t k = 0; k < n; k++) {
        numbers[k] = k == 0 ? trace_key_of(word) : test_rng_below(&rng, m->universe);
        views[k] = VIEW(numbers[k]);
    }
    if (trace_verb_of(word) == TRACE_GET_MANY) {
        test_value *answers[TRACE_BATCH];
        MAP(get_many)(map, views, answers, n);
        for (size_t k = 0; k < n; k++)
            CHECK_SAME(answers[k] == NULL ? 0 : answers[k]->serial,
                       m->serials[numbers[k]]);
    } else if (trace_verb_of(word) == TRACE_INSERT_MANY) {
        test_value values[TRACE_BATCH];
        for (size_t k = 0; k < n; k++) {
            keys[k] = KEY(numbers[k]);
            values[k] = test_value_make(numbers[k]);
            model_put(m, numbers[k], values[k].serial);
        }
        CHECK_OK(MAP(insert_many)(map, keys, values, n, &n_done));
        CHECK_SAME(n_done, n);
    } else {
        for (size_t k = 0; k < n; k++) {
            n_there += m->serials[numbers[k]] != 0;
            model_remove(m, numbers[k]);
        }
        CHECK_SAME(MAP(delete_many)(map, views, n), n_there);
    }
}

/* Visits all, and on the way overwrites, deletes others, deletes the current. */
static void RUN(iterate)(INSTANCE *map, model *m, uint64_t extra)
{
    test_rng rng = {extra};
    const size_t one_in = (size_t)2 << (extra & 7); /* changes are rare or frequent */
    m->n_iterations++;
    for (MAP(iterator) it = MAP(first)(map); it.entry != NULL; MAP(next)(&it)) {
        const size_t i = (size_t)it.entry->value.number;
        CHECK(i < m->universe && IS_KEY(&it.entry->key, i) && model_see(m, i));
        const size_t other = test_rng_below(&rng, m->universe);
        if (test_rng_below(&rng, one_in) == 0 && other != i)
            RUN(delete)(map, m, other);
        if (test_rng_below(&rng, one_in) == 0)
            RUN(insert)(map, m, i);
        if (test_rng_below(&rng, one_in) == 0) {
            const uint64_t serial = m->serials[i];
            MAP(delete_current)(&it);
            CHECK_SAME(ledger.last_dropped, serial);
            model_remove(m, i);
        }
    }
    CHECK(model_all_seen(m));
}

static void RUN(clone)(INSTANCE *map, const model *m, uint64_t extra)
{
    INSTANCE twin;
    static model of_twin;
    const test_ledger before = ledger;
    CHECK_OK(MAP(clone)(map, &twin));
    CHECK_SAME(ledger.n_alive, before.n_alive + m->size);
    CHECK_SAME(MAP(capacity)(&twin), MAP(capacity)(map));
    of_twin = *m;
    ledger.n_alive = m->size; /* only the twin's, whose values are copies */
    ledger.sum_alive -= before.sum_alive;
    for (size_t i = 0; i < m->universe; i++)
        if (m->serials[i] != 0)
            of_twin.serials[i] = MAP(get)(&twin, VIEW(i))->serial;
    RUN(compare)(&twin, &of_twin);
    RUN(iterate)(&twin, &of_twin, extra);
    RUN(insert)(&twin, &of_twin, (size_t)extra % m->universe);
    RUN(compare)(&twin, &of_twin);
    MAP(drop)(&twin);
    CHECK_SAME(ledger.n_alive, 0);
    ledger.n_alive = before.n_alive;
    ledger.sum_alive += before.sum_alive;
    RUN(compare)(map, m);
}

static void RUN(shrink)(INSTANCE *map, const model *m)
{
    CHECK_OK(MAP(shrink)(map));
    CHECK_SAME(MAP(capacity)(map), m->size == 0 ? 0 : design_capacity(m->size, 16, 70));
}

static void RUN(reserve)(INSTANCE *map, const model *m, uint64_t extra)
{
    const size_t room = (size_t)(extra % (2 * m->universe + 1));
    const size_t old = MAP(capacity)(map);
    const size_t least = room == 0 ? 0 : design_capacity(room, 16, 70);
    CHECK_OK(MAP(reserve)(map, room));
    CHECK_SAME(MAP(capacity)(map), least > old ? least : old);
}

static void RUN(clear)(INSTANCE *map, model *m)
{
    const size_t capacity = MAP(capacity)(map);
    MAP(clear)(map);
    CHECK_SAME(MAP(capacity)(map), capacity);
    for (size_t i = 0; i < m->universe; i++)
        model_remove(m, i);
}

static inline void RUN(step)(INSTANCE *map, model *m, uint64_t word)
{
    const size_t i = trace_key_of(word);
    switch (trace_verb_of(word)) {
    case TRACE_GET:
        RUN(get)(map, m, i);
        break;
    case TRACE_INSERT:
        RUN(insert)(map, m, i);
        break;
    case TRACE_DELETE:
        RUN(delete)(map, m, i);
        break;
    case TRACE_GET_OR_INSERT:
        RUN(get_or_insert)(map, m, i);
        break;
    case TRACE_TAKE:
        RUN(take)(map, m, i);
        break;
    case TRACE_GET_MANY:
    case TRACE_INSERT_MANY:
    case TRACE_DELETE_MANY:
        RUN(many)(map, m, word);
        break;
    case TRACE_RESERVE:
        RUN(reserve)(map, m, trace_extra_of(word));
        break;
    case TRACE_ITERATE:
        RUN(iterate)(map, m, trace_extra_of(word));
        break;
    case TRACE_SHRINK:
        RUN(shrink)(map, m);
        break;
    case TRACE_CLEAR:
        RUN(clear)(map, m);
        break;
    case TRACE_CLONE:
        RUN(clone)(map, m, trace_extra_of(word));
        break;
    }
    CHECK_SAME(MAP(size)(map), m->size);
    CHECK_SAME(ledger.n_alive, m->size);
}

/* From an empty map to a dropped one; a full compare each `period` operations. */
static void RUN(trace)(const uint64_t *words, size_t n, size_t period)
{
    static model m;
    static INSTANCE map;
    memset(&m, 0, sizeof m);
    memset(&ledger, 0, sizeof ledger);
    m.universe = episode.universe;
    CHECK_OK(MAP(init)(&map, 0, &episode.seed, &memory.hooks));
    for (episode.at = 0; episode.at < n; episode.at++) {
        RUN(step)(&map, &m, words[episode.at]);
        if ((episode.at + 1) % period == 0)
            RUN(compare)(&map, &m);
    }
    RUN(compare)(&map, &m);
    MAP(drop)(&map);
    CHECK_SAME(ledger.n_alive, 0);
}

#undef MAP
#undef RUN
#undef INSTANCE
#undef KEY_TYPE
#undef VIEW_TYPE
#undef KEY
#undef VIEW
#undef IS_KEY
#undef DISCARD
