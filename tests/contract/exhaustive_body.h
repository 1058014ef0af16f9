/* SPDX-License-Identifier: MIT */
/* Every sequence of operations up to a length on one map instance. Included once for each
 * instance, with INSTANCE and INSTANCE_SLOTS, the slots of its first table. */

#define MAP(verb) OM_CONCAT3(INSTANCE, _, verb)
#define RUN(name) OM_CONCAT3(INSTANCE, _run_, name)

static void RUN(step)(INSTANCE *map, small_model *m, unsigned symbol, size_t at)
{
    const unsigned k = symbol % N_KEYS;
    if (symbol < N_KEYS) {
        CHECK_OK(MAP(insert)(map, exhaustive_keys[k], at));
        m->is_there[k] = true;
        m->values[k] = at;
    } else if (symbol < 2 * N_KEYS) {
        CHECK(MAP(delete)(map, exhaustive_keys[k]) == m->is_there[k]);
        m->is_there[k] = false;
    } else if (symbol == SYMBOL_CLEAR) {
        const size_t capacity = MAP(capacity)(map);
        MAP(clear)(map);
        CHECK_SAME(MAP(capacity)(map), capacity);
        memset(m, 0, sizeof *m);
    } else {
        CHECK_OK(MAP(shrink)(map));
        const size_t n = small_model_size(m);
        CHECK_SAME(MAP(capacity)(map),
                   n == 0 ? 0 : design_capacity(n, INSTANCE_SLOTS, 70));
    }
}

static void RUN(compare)(INSTANCE *map, const small_model *m)
{
    const size_t size = small_model_size(m);
    CHECK_SAME(MAP(size)(map), size);
    for (unsigned k = 0; k < N_KEYS; k++) {
        const uint64_t *const value = MAP(get)(map, exhaustive_keys[k]);
        CHECK((value != NULL) == m->is_there[k]);
        CHECK(value == NULL || *value == m->values[k]);
    }
    CHECK(MAP(get)(map, EXHAUSTIVE_ABSENT) == NULL);
    unsigned seen = 0, expected = 0;
    for (MAP(iterator) it = MAP(first)(map); it.entry != NULL; MAP(next)(&it))
        for (unsigned k = 0; k < N_KEYS; k++)
            seen += it.entry->key == exhaustive_keys[k] ? 1u << 4 * k : 0;
    for (unsigned k = 0; k < N_KEYS; k++)
        expected += m->is_there[k] ? 1u << 4 * k : 0;
    CHECK_SAME(seen, expected);
    CHECK(MAP(is_valid)(map));
}

/* One sequence from an empty map; steps before `from` were compared in an earlier one. */
static void RUN(sequence)(const unsigned char *symbols, size_t length, size_t from)
{
    small_model m;
    INSTANCE map;
    memset(&m, 0, sizeof m);
    CHECK_OK(MAP(init)(&map, 0, DESIGN_SEED, &exhaustive_memory.hooks));
    for (size_t at = 0; at < length; at++) {
        RUN(step)(&map, &m, symbols[at], at);
        if (at >= from)
            RUN(compare)(&map, &m);
    }
    MAP(drop)(&map);
    CHECK_SAME(exhaustive_memory.live_blocks, 0);
}

/* All sequences of `length` symbols, counted like the readings of an odometer. */
static uint64_t RUN(all)(size_t length)
{
    unsigned char *const symbols = exhaustive_symbols;
    uint64_t n = 0;
    size_t from = 0;
    memset(symbols, 0, EXHAUSTIVE_MOST);
    for (;;) {
        RUN(sequence)(symbols, length, from);
        n++;
        from = length;
        while (from > 0 && symbols[from - 1] == N_SYMBOLS - 1)
            symbols[--from] = 0;
        if (from == 0)
            return n;
        symbols[--from]++;
    }
}

#undef MAP
#undef RUN
#undef INSTANCE
#undef INSTANCE_SLOTS
