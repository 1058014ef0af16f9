/* SPDX-License-Identifier: MIT */
/* The hot loops of a subject, as a template over any map that has the contract's verbs.
 *
 * Question. What does a batch of operations cost when the map's code is inlined into the
 * loop, as in a program that uses it?
 * Method. Included once per variant. Parameters: BODY, the prefix of the map's functions
 * and of what is generated here; BODY_STRINGS where keys and values are om_string, else
 * they are uint64_t; BODY_KEEPS_NOTHING for a ceiling that takes no strings;
 * BODY_CANNOT_WALK for a map without iteration. For the whole
 * file: with SUBJECT_STAMPED the time is taken behind each operation, with SUBJECT_TRACED
 * each says that it begins.
 * What it does not measure. Making keys and strings: the batch holds them already. */

#define BODY_FN(verb) OM_CONCAT3(BODY, _, verb)

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
#define BODY_VALUE                 om_string
#define BODY_LOOK_UP_KEY(batch, i) ((batch)->views[i])
#define BODY_KEY_AFTER(batch, i, word)                                                   \
    om_view_of((batch)->views[i].pointer + (word), (batch)->views[i].length)
#define BODY_INSERT(map, batch, i)                                                       \
    BODY_FN(insert)(map, BODY_TAKE(&(batch)->strings[i]), BODY_TAKE(&(batch)->values[i]))
#define BODY_READ(value) subject_read((value)->pointer, (value)->length)
#else
#define BODY_VALUE                     uint64_t
#define BODY_LOOK_UP_KEY(batch, i)     ((batch)->integers[i])
#define BODY_KEY_AFTER(batch, i, word) ((batch)->integers[i] + (word))
#define BODY_INSERT(map, batch, i)                                                       \
    BODY_FN(insert)(map, (batch)->integers[i], (batch)->first_operation + (i))
#define BODY_READ(value) (*(value))
#endif

static inline uint64_t BODY_FN(answer_get)(struct batch *batch, const BODY_VALUE *value)
{
    const uint64_t answer = value != NULL ? BODY_READ(value) : SUBJECT_MISS;
    batch->n_hits += value != NULL;
    batch->checksum = subject_fold(batch->checksum, answer);
    return answer;
}

static inline void BODY_FN(step_get)(BODY *map, struct batch *batch, unsigned i)
{
    BODY_FN(answer_get)(batch, BODY_FN(get)(map, BODY_LOOK_UP_KEY(batch, i)));
}

static inline void BODY_FN(step_delete)(BODY *map, struct batch *batch, unsigned i)
{
    const bool is_found = BODY_FN(delete)(map, BODY_LOOK_UP_KEY(batch, i));
    batch->n_hits += is_found;
    batch->checksum =
        subject_fold(batch->checksum, is_found ? SUBJECT_DELETED : SUBJECT_ABSENT);
}

/* Each kind of batch has a loop of its own; only a mix looks at opcodes. */
static om_status BODY_FN(run)(void *subject, struct batch *batch)
{
    BODY *const map = (BODY *)subject;
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
        for (uint64_t i = 0, last = 0; i < local.n; i++) {
            BODY_MARK(OPERATION_GET);
            last = BODY_FN(answer_get)(
                &local,
                BODY_FN(get)(map, BODY_KEY_AFTER(&local, i, last & local.nothing)));
            BODY_STAMP(&local, i + 1);
        }
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
    BODY *const map = (BODY *)malloc(sizeof *map);
    if (map == NULL)
        return OM_OUT_OF_MEMORY;
    const om_status status =
        BODY_FN(init)(map, setup->entries, &setup->seed, setup->allocator);
    if (status != OM_OK)
        free(map);
    else
        *subject = map;
    return status;
}

static void BODY_FN(destroy)(void *subject)
{
    BODY_FN(drop)((BODY *)subject);
    free(subject);
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
    return BODY_FN(size)((BODY *)subject);
}

static void BODY_FN(walk)(void *subject, subject_visit *visit, void *context)
{
#ifdef BODY_CANNOT_WALK
    (void)subject, (void)visit, (void)context;
#else
    BODY *const map = (BODY *)subject;
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
#undef BODY_TAKES
#undef BODY_STAMP
#undef BODY_MARK
#undef BODY_TAKE
#undef BODY_LOOK_UP_KEY
#undef BODY_KEY_AFTER
#undef BODY_INSERT
#undef BODY_READ
#undef BODY_VALUE
#undef BODY_STRINGS
#undef BODY_CANNOT_WALK
#undef BODY
