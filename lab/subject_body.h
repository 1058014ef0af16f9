/* SPDX-License-Identifier: MIT */
/* The hot loops of a subject, as a template over any map that has the contract's verbs.
 *
 * Question. What does a batch of operations cost when the map's code is inlined into the
 * loop, as in a program that uses it?
 * Method. Included once per variant. Parameters: BODY, the prefix of the map's functions
 * and of what is generated here; BODY_STRINGS where keys and values are om_string, else
 * they are uint64_t; BODY_KEEPS_NOTHING for a ceiling that takes no strings;
 * BODY_CANNOT_WALK for a map without iteration; BODY_HAS_MANY for one with get_many. For
 * the whole file: with SUBJECT_STAMPED the time is taken behind each operation, with SUBJECT_TRACED
 * each says that it begins.
 * What it does not measure. Making keys and strings: the batch holds them already. */

#define BODY_FN(verb) OM_CONCAT3(BODY, _, verb)

/* What each lookup goes through: never a call, whatever a compiler thinks of its size. */
#define BODY_INLINE   static inline __attribute__((always_inline))

#ifdef BODY_KEEPS_NOTHING
#define BODY_TAKES false
#else
#define BODY_TAKES true
#endif

#ifdef SUBJECT_STAMPED
#define BODY_STAMP(batch, i) ((batch)->stamps[i] = stamp_now())
#else
#define BODY_STAMP(batch, i) ((void)0)
#endif

#ifdef SUBJECT_TRACED
#define BODY_MARK(operation) trace_mark(operation)
#else
#define BODY_MARK(operation) ((void)0)
#endif

/* Compilers do not report what they read to pass it by value. */
#ifdef SUBJECT_TRACED
#define BODY_TAKE(string) subject_take(string)
#else
#define BODY_TAKE(string) (*(string))
#endif

#ifdef BODY_STRINGS
#define BODY_VALUE om_string
#define BODY_KEY_AFTER(batch, i, word)                                                   \
    om_view_of((batch)->views[i].pointer + (word), (batch)->views[i].length)
/* part by part: compilers do not report what they read to pass a struct on */
#define BODY_LOOK_UP_KEY(batch, i) BODY_KEY_AFTER(batch, i, 0)
#define BODY_INSERT(map, batch, i)                                                       \
    BODY_FN(insert)(map, BODY_TAKE(&(batch)->strings[i]), BODY_TAKE(&(batch)->values[i]))
#define BODY_READ(value) subject_read((value)->pointer, (value)->length)
#define BODY_VIEWS       views
#else
#define BODY_VALUE                     uint64_t
#define BODY_LOOK_UP_KEY(batch, i)     ((batch)->integers[i])
#define BODY_KEY_AFTER(batch, i, word) ((batch)->integers[i] + (word))
#define BODY_INSERT(map, batch, i)                                                       \
    BODY_FN(insert)(map, (batch)->integers[i], (batch)->first_operation + (i))
#define BODY_READ(value) (*(value))
#define BODY_VIEWS       integers
#endif

/* What `create` makes: the map, and after a copy the one that it was copied from. */
typedef struct BODY_FN(tested) {
    BODY maps[2];
    unsigned current;
    bool has_old;
    struct subject_setup setup;
} BODY_FN(tested);

BODY_INLINE uint64_t BODY_FN(answer_get)(struct batch *batch, const BODY_VALUE *value)
{
    const uint64_t answer = value != NULL ? BODY_READ(value) : SUBJECT_MISS;
    batch->n_hits += value != NULL;
    batch->checksum = subject_fold(batch->checksum, answer);
    return answer;
}

BODY_INLINE void BODY_FN(step_get)(BODY *map, struct batch *batch, unsigned i)
{
    BODY_FN(answer_get)(batch, BODY_FN(get)(map, BODY_LOOK_UP_KEY(batch, i)));
}

BODY_INLINE void BODY_FN(step_delete)(BODY *map, struct batch *batch, unsigned i)
{
    const bool is_found = BODY_FN(delete)(map, BODY_LOOK_UP_KEY(batch, i));
    batch->n_hits += is_found;
    batch->checksum =
        subject_fold(batch->checksum, is_found ? SUBJECT_DELETED : SUBJECT_ABSENT);
}

/* Each key waits for the last answer. */
BODY_INLINE void BODY_FN(get_in_turn)(BODY *map, struct batch *batch)
{
    for (uint64_t i = 0, last = 0; i < batch->n; i++) {
        BODY_MARK(OPERATION_GET);
        last = BODY_FN(answer_get)(
            batch, BODY_FN(get)(map, BODY_KEY_AFTER(batch, i, last & batch->nothing)));
        BODY_STAMP(batch, i + 1);
    }
}

/* Calls of `argument` keys each, the last one of what is left. This and what is about all
 * entries are functions apart, so that compilers spend their inlining on the other loops. */
static __attribute__((noinline)) void BODY_FN(get_several)(BODY *map, struct batch *batch)
{
    for (unsigned i = 0, n; i < batch->n; i += n) {
        n = batch->n - i < batch->argument ? batch->n - i : (unsigned)batch->argument;
        BODY_MARK(OPERATION_GET);
#ifdef BODY_HAS_MANY
        BODY_VALUE *values[BATCH_MOST_A_CALL];
        BODY_FN(get_many)(map, batch->BODY_VIEWS + i, values, n);
        for (unsigned j = 0; j < n; j++)
            BODY_FN(answer_get)(batch, values[j]);
#else
        for (unsigned j = 0; j < n; j++)
            BODY_FN(step_get)(map, batch, i + j);
#endif
    }
}

#ifndef BODY_CANNOT_WALK
static inline void BODY_FN(iterate)(BODY *map, struct batch *batch)
{
    uint64_t sum = 0;
    BODY_MARK(OPERATION_ITERATE);
    for (OM_CONCAT3(BODY, _, iterator) it = BODY_FN(first)(map); it.entry != NULL;
         BODY_FN(next)(&it))
        sum += BODY_READ(&it.entry->key) + BODY_READ(&it.entry->value);
    batch->checksum = subject_fold(batch->checksum, sum);
}

static inline om_status BODY_FN(insert_copy)(BODY *to, const BODY_VALUE *key,
                                             const BODY_VALUE *value,
                                             const om_allocator *allocator)
{
#ifdef BODY_STRINGS
    om_string own_key, own_value;
    om_status status = om_string_key_copy(&own_key, om_string_view(key), allocator);
    if (status != OM_OK)
        return status;
    status = om_string_copy(&own_value, om_string_view(value), allocator, "value bytes");
    if (status != OM_OK) {
        om_string_key_drop(&own_key, allocator);
        return status;
    }
    status = BODY_FN(insert)(to, own_key, own_value);
    if (status != OM_OK) {
        om_string_key_drop(&own_key, allocator);
        om_string_value_drop(&own_value, allocator);
    }
    return status;
#else
    (void)allocator;
    return BODY_FN(insert)(to, *key, *value);
#endif
}

/* Entry after entry, in the order of the iteration: what a program does that has no better
 * verb. */
static om_status BODY_FN(copy)(BODY_FN(tested) * tested, const struct batch *batch)
{
    BODY *const from = &tested->maps[tested->current];
    BODY *const to = &tested->maps[1 - tested->current];
    const om_allocator *const allocator = tested->setup.allocator;
    if (tested->has_old)
        BODY_FN(drop)(to);
    tested->has_old = false;
    BODY_MARK(OPERATION_COPY);
    om_status status = BODY_FN(init)(to, batch->argument, &tested->setup.seed, allocator);
    if (status != OM_OK)
        return status;
    for (OM_CONCAT3(BODY, _, iterator) it = BODY_FN(first)(from);
         it.entry != NULL && status == OM_OK; BODY_FN(next)(&it))
        status = BODY_FN(insert_copy)(to, &it.entry->key, &it.entry->value, allocator);
    tested->has_old = true;
    if (status == OM_OK)
        tested->current = 1 - tested->current;
    return status;
}
#endif

/* What is about all entries; the lab asks no such thing of a map without iteration. */
static __attribute__((noinline)) om_status BODY_FN(run_whole)(BODY_FN(tested) * tested,
                                                              struct batch *batch)
{
#ifdef BODY_CANNOT_WALK
    (void)tested, (void)batch;
    return OM_OK;
#else
    if (batch->operation == OPERATION_COPY)
        return BODY_FN(copy)(tested, batch);
    BODY_FN(iterate)(&tested->maps[tested->current], batch);
    return OM_OK;
#endif
}

/* Each kind of batch has a loop of its own; only a mix looks at opcodes. */
static om_status BODY_FN(run)(void *subject, struct batch *batch)
{
    BODY_FN(tested) *const tested = (BODY_FN(tested) *)subject;
    BODY *map = &tested->maps[tested->current];
    BODY_MARK(subject_kind(batch, 0));
    struct batch local = *batch; /* so that the loops keep it in registers */
    om_status status = OM_OK;
    BODY_STAMP(&local, 0);
    switch (local.operation) {
    case OPERATION_GET:
        for (unsigned i = 0; i < local.n; i++) {
            BODY_MARK(OPERATION_GET);
            BODY_FN(step_get)(map, &local, i);
            BODY_STAMP(&local, i + 1);
        }
        break;
    case OPERATION_GET_DEPENDENT:
        BODY_FN(get_in_turn)(map, &local);
        break;
    case OPERATION_GET_MANY:
        BODY_FN(get_several)(map, &local);
        break;
    case OPERATION_ITERATE:
    case OPERATION_COPY:
        status = BODY_FN(run_whole)(tested, &local);
        map = &tested->maps[tested->current];
        break;
    case OPERATION_DELETE:
        for (unsigned i = 0; i < local.n; i++) {
            BODY_MARK(OPERATION_DELETE);
            BODY_FN(step_delete)(map, &local, i);
            BODY_STAMP(&local, i + 1);
        }
        break;
    case OPERATION_INSERT:
        for (unsigned i = 0; i < local.n && status == OM_OK; i++) {
            BODY_MARK(OPERATION_INSERT);
            status = BODY_INSERT(map, &local, i);
            BODY_STAMP(&local, i + 1);
        }
        break;
    case OPERATION_MIXED:
        for (unsigned i = 0; i < local.n && status == OM_OK; i++) {
            const enum operation operation = (enum operation)local.operations[i];
            BODY_MARK(operation);
            if (operation == OPERATION_GET)
                BODY_FN(step_get)(map, &local, i);
            else if (operation == OPERATION_INSERT)
                status = BODY_INSERT(map, &local, i);
            else
                BODY_FN(step_delete)(map, &local, i);
            BODY_STAMP(&local, i + 1);
        }
        break;
    }
    batch->checksum = subject_fold(local.checksum, BODY_FN(size)(map));
    batch->n_hits = local.n_hits;
    batch->is_moved = BODY_TAKES;
    return status;
}

static om_status BODY_FN(create)(const struct subject_setup *setup, void **subject)
{
    BODY_FN(tested) *const tested = (BODY_FN(tested) *)malloc(sizeof *tested);
    if (tested == NULL)
        return OM_OUT_OF_MEMORY;
    tested->setup = *setup;
    tested->current = 0;
    tested->has_old = false;
    const om_status status =
        BODY_FN(init)(tested->maps, setup->entries, &setup->seed, setup->allocator);
    if (status != OM_OK)
        free(tested);
    else
        *subject = tested;
    return status;
}

static void BODY_FN(destroy)(void *subject)
{
    BODY_FN(tested) *const tested = (BODY_FN(tested) *)subject;
    BODY_FN(drop)(&tested->maps[tested->current]);
    if (tested->has_old)
        BODY_FN(drop)(&tested->maps[1 - tested->current]);
    free(tested);
}

static BODY *BODY_FN(map_of)(void *subject)
{
    BODY_FN(tested) *const tested = (BODY_FN(tested) *)subject;
    return &tested->maps[tested->current];
}

static om_layout BODY_FN(entry_layout)(void)
{
#ifdef SUBJECT_NO_LAYOUT
    om_layout layout;
    om_mem_zero(&layout, sizeof layout);
    return layout;
#else
    return BODY_FN(layout)();
#endif
}

static uint64_t BODY_FN(n_entries)(void *subject)
{
    return BODY_FN(size)(BODY_FN(map_of)(subject));
}

static void BODY_FN(walk)(void *subject, subject_visit *visit, void *context)
{
#ifdef BODY_CANNOT_WALK
    (void)subject, (void)visit, (void)context;
#else
    BODY *const map = BODY_FN(map_of)(subject);
    for (OM_CONCAT3(BODY, _, iterator) it = BODY_FN(first)(map); it.entry != NULL;
         BODY_FN(next)(&it)) {
#ifdef BODY_STRINGS
        visit(context, om_string_view(&it.entry->key), om_string_view(&it.entry->value));
#else
        visit(context, om_view_of((const char *)&it.entry->key, sizeof it.entry->key),
              om_view_of((const char *)&it.entry->value, sizeof it.entry->value));
#endif
    }
#endif
}

#undef BODY_FN
#undef BODY_INLINE
#undef BODY_TAKES
#undef BODY_STAMP
#undef BODY_MARK
#undef BODY_TAKE
#undef BODY_LOOK_UP_KEY
#undef BODY_KEY_AFTER
#undef BODY_INSERT
#undef BODY_READ
#undef BODY_VALUE
#undef BODY_VIEWS
#undef BODY_STRINGS
#undef BODY_CANNOT_WALK
#undef BODY_HAS_MANY
#undef BODY
