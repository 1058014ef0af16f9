/* SPDX-License-Identifier: MIT */
/* The contract as the lab sees it, held against one subject: SUBJECT.so [TRACES]. What the
 * suite in tests/contract asks of our own maps verb by verb, this asks of anybody's, through
 * the boundary alone and as far as the subject's flags say that it can. */
#include <dlfcn.h>

#include "../contract/test_allocator.h"
#include "../contract/test_rng.h"
#include "subject.h"

enum {
    MOST_KEYS = 1000,
    TEXT_ROOM = 40,
    TRACE_OPERATIONS = 10000,
    WALK_EVERY = 1999,
    MOST_REFUSALS = 400,
    MOST_REQUESTS = 8 /* of one insert */
};

/* clang 14's own search for leaks falls over libraries that a subject brings along; the
 * allocator below misses no block. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static const struct subject *subject;
static size_t n_traces = 2;

static bool lacks(uint32_t flag)
{
    return (subject->flags & flag) != 0;
}

/* ---- one map, its model, and a batch of one operation or many ---- */

struct under_test {
    const struct subject_variant *variant;
    bool are_strings;
    test_allocator memory;
    void *map;
    size_t universe, size;
    uint64_t serials[MOST_KEYS]; /* 1 + the operation that stored the value; 0: absent */
    uint64_t operation;
    size_t refused;            /* which of the map's next requests, from 0; TEST_NEVER */
    uint64_t checksum, n_hits; /* as they should be */
    struct batch batch;
};

/* Keys that maps stumble over stand first; two of them no map that marks slots by keys
 * takes. Strings have 0 to 36 bytes, some of them NUL. */
static uint64_t key_number(size_t i)
{
    static const uint64_t odd[] = {0, (uint64_t)1 << 63, 1, ~(uint64_t)0, ~(uint64_t)1};
    const size_t n = lacks(SUBJECT_RESERVES_KEYS) ? 3 : 5;
    return i < n ? odd[i] : i * UINT64_C(0x9E3779B97F4A7C15);
}

static om_view key_text(size_t i, char room[TEXT_ROOM])
{
    memset(room, 'k', TEXT_ROOM);
    if (i == 0)
        return om_view_of(room, 0);
    (void)snprintf(room, TEXT_ROOM, "%zu", i);
    room[strlen(room)] = i % 3 == 0 ? '\0' : '.';
    return om_view_of(room, 4 + i % (TEXT_ROOM - 7));
}

static om_view value_text(uint64_t operation, char room[TEXT_ROOM])
{
    (void)snprintf(room, TEXT_ROOM, "%016llx", (unsigned long long)operation);
    return om_view_of(room, 8 + operation % 9);
}

static om_string owned(struct under_test *t, om_view text, const char *label)
{
    om_string string = om_string_empty();
    CHECK_OK(om_string_copy(&string, text, &t->memory.hooks, label));
    return string;
}

static void begin(struct under_test *t, const struct subject_variant *variant,
                  size_t universe)
{
    memset(t, 0, sizeof *t);
    t->variant = variant;
    t->are_strings = strcmp(variant->key, "str") == 0;
    t->universe = universe;
    t->refused = TEST_NEVER;
    test_allocator_begin(&t->memory);
    const struct subject_setup setup = {{7, 11}, 0, &t->memory.hooks};
    CHECK_OK(variant->create(&setup, &t->map));
}

/* Destroys the map: nothing is left. */
static void end(struct under_test *t)
{
    t->variant->destroy(t->map);
    test_allocator_end(&t->memory);
}

static uint64_t answer_of(const struct under_test *t, uint64_t serial)
{
    char room[TEXT_ROOM];
    if (!t->are_strings)
        return serial - 1;
    const om_view text = value_text(serial - 1, room);
    return subject_read(text.pointer, text.length);
}

/* What one operation answers, by the model. */
static void expect_one(struct under_test *t, enum operation operation, size_t key)
{
    uint64_t *const serial = &t->serials[key];
    if (operation == OPERATION_INSERT) {
        t->size += *serial == 0;
        *serial = t->operation + 1;
        return;
    }
    const bool is_there = *serial != 0;
    t->n_hits += is_there;
    uint64_t answer = is_there ? SUBJECT_DELETED : SUBJECT_ABSENT;
    if (operation != OPERATION_DELETE)
        answer = is_there ? answer_of(t, *serial) : SUBJECT_MISS;
    t->checksum = subject_fold(t->checksum, answer);
    if (operation == OPERATION_DELETE) {
        t->size -= is_there;
        *serial = 0;
    }
}

/* A batch of operations on keys, all of one kind or mixed; true when the map did it. */
static om_status run(struct under_test *t, enum operation kind, const uint8_t *operations,
                     const size_t *keys, unsigned n)
{
    static uint64_t integers[64], stamps[65];
    static om_view views[64];
    static om_string strings[64], values[64];
    static char rooms[64][TEXT_ROOM];
    char value[TEXT_ROOM];
    struct batch *const batch = &t->batch;
    *batch = (struct batch){.operation = kind,
                            .n = n,
                            .argument = 1 + t->operation % BATCH_MOST_A_CALL,
                            .first_operation = t->operation,
                            .operations = operations,
                            .integers = integers,
                            .views = views,
                            .strings = strings,
                            .values = values,
                            .stamps = stamps,
                            .checksum = t->checksum,
                            .n_hits = t->n_hits};
    for (unsigned i = 0; i < n; i++) {
        integers[i] = key_number(keys[i]);
        views[i] = key_text(keys[i], rooms[i]);
        if (t->are_strings && subject_kind(batch, i) == OPERATION_INSERT) {
            strings[i] = owned(t, views[i], "key bytes");
            values[i] = owned(t, value_text(t->operation + i, value), "value bytes");
        }
    }
    if (t->refused != TEST_NEVER)
        t->memory.fail_at = t->refused;
    const om_status status = t->variant->run(t->map, batch);
    t->memory.fail_at = TEST_NEVER;
    for (unsigned i = 0; status != OM_OK && t->are_strings && i < n; i++) {
        om_string_key_drop(&strings[i], &t->memory.hooks); /* n is 1 where it may fail */
        om_string_value_drop(&values[i], &t->memory.hooks);
    }
    for (unsigned i = 0; status == OM_OK && i < n; i++, t->operation++)
        expect_one(t, subject_kind(batch, i), keys[i]);
    if (status == OM_OK) {
        t->checksum = subject_fold(t->checksum, t->size);
        CHECK_SAME(batch->n_hits, t->n_hits);
        CHECK_SAME(batch->checksum, t->checksum);
    }
    return status;
}

/* What an iteration answers, by the model. */
static uint64_t sum_of(const struct under_test *t)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < t->universe; i++) {
        char room[TEXT_ROOM];
        if (t->serials[i] == 0)
            continue;
        const om_view text = key_text(i, room);
        sum += answer_of(t, t->serials[i]);
        sum += t->are_strings ? subject_read(text.pointer, text.length) : key_number(i);
    }
    return sum;
}

/* A batch about all entries; a copy with room for `reserved`. */
static om_status run_whole(struct under_test *t, enum operation kind, size_t reserved)
{
    struct batch batch = {.operation = kind,
                          .n = (unsigned)t->size,
                          .argument = reserved,
                          .first_operation = t->operation,
                          .checksum = t->checksum,
                          .n_hits = t->n_hits};
    if (t->refused != TEST_NEVER)
        t->memory.fail_at = t->refused;
    const om_status status = t->variant->run(t->map, &batch);
    t->memory.fail_at = TEST_NEVER;
    if (status != OM_OK)
        return status;
    if (kind == OPERATION_ITERATE)
        t->checksum = subject_fold(t->checksum, sum_of(t));
    t->checksum = subject_fold(t->checksum, t->size);
    CHECK_SAME(batch.n_hits, t->n_hits);
    CHECK_SAME(batch.checksum, t->checksum);
    return OM_OK;
}

/* ---- what the map shows of itself ---- */

struct walk {
    const struct under_test *t;
    bool are_seen[MOST_KEYS];
    size_t n;
};

static void see(void *context, om_view key, om_view value)
{
    struct walk *const walk = context;
    const struct under_test *const t = walk->t;
    char room[TEXT_ROOM];
    size_t i = 0;
    for (; i < t->universe; i++) {
        const uint64_t number = key_number(i);
        const om_view wanted =
            t->are_strings ? key_text(i, room) : om_view_of((const char *)&number, 8);
        if (key.length == wanted.length &&
            memcmp(key.pointer, wanted.pointer, key.length) == 0)
            break;
    }
    CHECK(i < t->universe && t->serials[i] != 0 && !walk->are_seen[i]);
    const uint64_t serial = t->serials[i] - 1;
    const om_view wanted =
        t->are_strings ? value_text(serial, room) : om_view_of((const char *)&serial, 8);
    CHECK(value.length == wanted.length &&
          memcmp(value.pointer, wanted.pointer, value.length) == 0);
    walk->are_seen[i] = true;
    walk->n++;
}

static void check_content(struct under_test *t)
{
    struct walk walk = {.t = t};
    if (lacks(SUBJECT_CANNOT_WALK))
        return;
    t->variant->walk(t->map, see, &walk);
    CHECK_SAME(walk.n, t->size);
}

/* ---- the promises ---- */

static void run_trace(const struct subject_variant *variant, size_t universe,
                      uint64_t seed)
{
    static struct under_test t;
    test_rng rng = {seed};
    size_t next_walk = WALK_EVERY;
    begin(&t, variant, universe);
    while (t.operation < TRACE_OPERATIONS) {
        static const enum operation kinds[] = {
            OPERATION_GET,   OPERATION_INSERT,        OPERATION_DELETE,  OPERATION_MIXED,
            OPERATION_MIXED, OPERATION_GET_DEPENDENT, OPERATION_GET_MANY};
        uint8_t operations[64];
        size_t keys[64];
        const unsigned n = 1 + (unsigned)test_rng_below(&rng, 64);
        for (unsigned i = 0; i < n; i++) {
            keys[i] = test_rng_below(&rng, universe);
            operations[i] = (uint8_t)test_rng_below(&rng, 3);
        }
        const enum operation kind = kinds[test_rng_below(&rng, 7)];
        CHECK_CONTEXT("%s %s, universe %zu, seed %llu, operation %llu", variant->key,
                      variant->hash, universe, (unsigned long long)seed,
                      (unsigned long long)t.operation);
        CHECK_OK(run(&t, kind, operations, keys, n));
        if (t.operation >= next_walk) {
            if (!lacks(SUBJECT_CANNOT_WALK)) {
                CHECK_OK(run_whole(&t, OPERATION_ITERATE, 0));
                CHECK_OK(run_whole(&t, OPERATION_COPY, t.operation % 2 * t.size));
            }
            check_content(&t);
            next_walk += WALK_EVERY;
        }
    }
    check_content(&t);
    end(&t);
}

static void answers_agree_with_a_model(void **state)
{
    static const size_t universes[] = {1, 2, 7, 64, MOST_KEYS};
    (void)state;
    for (uint32_t v = 0; v < subject->n_variants; v++)
        for (size_t u = 0; u < sizeof universes / sizeof *universes; u++)
            for (uint64_t seed = 1; seed <= n_traces; seed++)
                run_trace(&subject->variants[v], universes[u], seed);
}

static void nothing_is_lost_while_it_grows_and_empties(void **state)
{
    (void)state;
    for (uint32_t v = 0; v < subject->n_variants; v++) {
        static struct under_test t;
        begin(&t, &subject->variants[v], MOST_KEYS);
        CHECK_CONTEXT("%s %s", t.variant->key, t.variant->hash);
        for (int round = 0; round < 3; round++) {
            for (size_t i = 0; i < MOST_KEYS; i++)
                CHECK_OK(run(&t, OPERATION_INSERT, NULL, &i, 1));
            check_content(&t);
            for (size_t i = 0; i < MOST_KEYS; i++)
                CHECK_OK(run(&t, OPERATION_DELETE, NULL, &i, 1));
            check_content(&t);
        }
        end(&t);
    }
}

/* Insert number `at` with its i-th request refused; whether any was. */
static bool refuse_one(struct under_test *t, size_t at, size_t i)
{
    const size_t n_refused = t->memory.n_refused;
    t->refused = i;
    const om_status status = run(t, OPERATION_INSERT, NULL, &at, 1);
    t->refused = TEST_NEVER;
    const bool is_refused = t->memory.n_refused != n_refused;
    CHECK(status == OM_OK || (status == OM_OUT_OF_MEMORY && is_refused));
    if (status == OM_OK) /* it did without, or needed none */
        return false;
    check_content(t);
    CHECK_OK(run(t, OPERATION_GET, NULL, &at, 1));
    return true;
}

static void a_refused_request_is_told_and_loses_nothing(void **state)
{
    (void)state;
    if (lacks(SUBJECT_DIES_WITHOUT_MEMORY))
        skip();
    for (uint32_t v = 0; v < subject->n_variants; v++) {
        static struct under_test t;
        size_t n_told = 0;
        begin(&t, &subject->variants[v], MOST_REFUSALS);
        for (size_t at = 0; at < MOST_REFUSALS; at++) {
            CHECK_CONTEXT("%s %s, insert %zu", t.variant->key, t.variant->hash, at);
            size_t i = 0;
            while (refuse_one(&t, at, i)) /* until it asks for nothing more */
                CHECK(++i < MOST_REQUESTS);
            n_told += i;
        }
        check_content(&t);
        CHECK(n_told > 0); /* else nothing was tried */
        end(&t);
    }
}

/* The copy with its i-th request refused; whether any was. */
static bool refuse_in_copy(struct under_test *t, size_t i)
{
    const size_t n_refused = t->memory.n_refused;
    t->refused = i;
    const om_status status = run_whole(t, OPERATION_COPY, 0);
    t->refused = TEST_NEVER;
    const bool is_refused = t->memory.n_refused != n_refused;
    CHECK(status == OM_OK || (status == OM_OUT_OF_MEMORY && is_refused));
    check_content(t);
    return is_refused;
}

static void a_copy_without_memory_leaves_the_map_as_it_was(void **state)
{
    enum { N_COPIED = 40 };
    (void)state;
    if (lacks(SUBJECT_DIES_WITHOUT_MEMORY) || lacks(SUBJECT_CANNOT_WALK))
        skip();
    for (uint32_t v = 0; v < subject->n_variants; v++) {
        static struct under_test t;
        size_t i = 0;
        begin(&t, &subject->variants[v], N_COPIED);
        for (size_t at = 0; at < N_COPIED; at++)
            CHECK_OK(run(&t, OPERATION_INSERT, NULL, &at, 1));
        CHECK_CONTEXT("%s %s", t.variant->key, t.variant->hash);
        while (refuse_in_copy(&t, i))
            i++;
        CHECK(i > 0 || lacks(SUBJECT_HIDES_MEMORY)); /* else nothing was tried */
        end(&t);
    }
}

static void all_its_memory_comes_from_the_setup(void **state)
{
    (void)state;
    if (lacks(SUBJECT_HIDES_MEMORY))
        skip();
    for (uint32_t v = 0; v < subject->n_variants; v++) {
        static struct under_test t;
        begin(&t, &subject->variants[v], MOST_KEYS);
        if (t.are_strings) {
            end(&t);
            continue;
        }
        for (size_t i = 0; i < MOST_KEYS; i++)
            CHECK_OK(run(&t, OPERATION_INSERT, NULL, &i, 1));
        CHECK(t.memory.live_bytes >= MOST_KEYS * 16);
        end(&t);
    }
}

static void resizes_are_told_or_said_to_be_hidden(void **state)
{
    (void)state;
    for (uint32_t v = 0; v < subject->n_variants; v++) {
        static struct under_test t;
        begin(&t, &subject->variants[v], MOST_KEYS);
        for (size_t i = 0; i < MOST_KEYS; i++)
            CHECK_OK(run(&t, OPERATION_INSERT, NULL, &i, 1));
        CHECK(t.memory.n_resizes > 0 || lacks(SUBJECT_HIDES_RESIZES));
        end(&t);
    }
}

static void it_says_what_it_is(void **state)
{
    (void)state;
    CHECK_SAME(subject->version, SUBJECT_VERSION);
    CHECK(subject->n_variants > 0);
    CHECK((subject->origin != NULL) == lacks(SUBJECT_IS_PEER));
    for (uint32_t v = 0; v < subject->n_variants; v++)
        for (uint32_t w = 0; w < v; w++)
            CHECK(strcmp(subject->variants[v].key, subject->variants[w].key) != 0 ||
                  strcmp(subject->variants[v].hash, subject->variants[w].hash) != 0);
}

int main(int argc, char **argv)
{
    void *const handle = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    subject = handle != NULL ? dlsym(handle, SUBJECT_SYMBOL_TEXT) : NULL;
    if (subject == NULL) {
        fprintf(stderr, "test_subject: no subject: %s\n",
                argc > 1 ? dlerror() : "name one");
        return 1;
    }
    n_traces = check_argument(argc, argv, 2, n_traces);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_it_is),
        cmocka_unit_test(answers_agree_with_a_model),
        cmocka_unit_test(nothing_is_lost_while_it_grows_and_empties),
        cmocka_unit_test(a_refused_request_is_told_and_loses_nothing),
        cmocka_unit_test(a_copy_without_memory_leaves_the_map_as_it_was),
        cmocka_unit_test(all_its_memory_comes_from_the_setup),
        cmocka_unit_test(resizes_are_told_or_said_to_be_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
