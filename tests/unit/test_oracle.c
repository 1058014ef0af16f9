/* SPDX-License-Identifier: MIT */
/* The oracle agrees with a trivially right map on every workload, and with none that errs
 * once: each kind of wrong answer is planted and must be seen. */
#include "unit.h"

#include "feed.h"
#include "oracle.h"

enum { MOST_ENTRIES = 4000, MOST_BYTES = 128, MOST_ANSWERS = 20000 };

/* What goes wrong, once, at the first chance from operation `at` on. */
enum fault {
    NOTHING,
    MISSED_HIT,       /* a get that finds its key says miss */
    FALSE_HIT,        /* a get that finds nothing gives some value */
    WRONG_VALUE,      /* a get gives another value */
    OTHER_KEYS_VALUE, /* a get gives what another key has */
    FALSE_DELETED,    /* a delete of nothing says deleted */
    FALSE_ABSENT,     /* a delete deletes, but says absent */
    LOST_DELETE,      /* a delete says deleted, but deletes nothing */
    LOST_INSERT,      /* a new key is not stored */
    LOST_OVERWRITE,   /* an old value stays */
    STORED_WRONG,     /* a value is stored with a bit flipped */
    STORED_TWICE,     /* an insert of a present key makes a second entry */
    KEY_SPOILT,       /* a stored key has a bit flipped */
    EXTRA_AT_THE_END, /* an entry nobody inserted */
    MISSING_AT_THE_END,
    SWAPPED_AT_THE_END, /* two keys have each other's values */
    N_FAULTS
};

static const char *const fault_names[] = {
    "nothing",           "missed hit",       "false hit",          "wrong value",
    "other key's value", "false deleted",    "false absent",       "lost delete",
    "lost insert",       "lost overwrite",   "stored wrong",       "stored twice",
    "key spoilt",        "extra at the end", "missing at the end", "swapped at the end"};

struct entry {
    char key[MOST_BYTES], value[MOST_BYTES];
    size_t key_bytes, value_bytes;
};

/* The reference: a list, searched from its start, and all that it has said. */
static struct reference {
    struct entry entries[MOST_ENTRIES];
    size_t n;
    enum fault fault;
    uint64_t at;
    bool has_erred;
    uint64_t checksum, n_hits;
    uint64_t answers[MOST_ANSWERS];
    size_t n_answers;
} reference, without_fault;

static struct complaint complaint;

static struct entry *look_up(om_view key)
{
    for (size_t i = 0; i < reference.n; i++)
        if (reference.entries[i].key_bytes == key.length &&
            memcmp(reference.entries[i].key, key.pointer, key.length) == 0)
            return &reference.entries[i];
    return NULL;
}

/* Whether to err now, which happens once. */
static bool errs(enum fault fault, uint64_t operation)
{
    const bool does =
        reference.fault == fault && !reference.has_erred && operation >= reference.at;
    reference.has_erred |= does;
    return does;
}

static void append(om_view key, om_view value)
{
    assert_true(reference.n < MOST_ENTRIES);
    struct entry *const entry = &reference.entries[reference.n++];
    memcpy(entry->key, key.pointer, entry->key_bytes = key.length);
    memcpy(entry->value, value.pointer, entry->value_bytes = value.length);
}

static void erase(struct entry *entry)
{
    *entry = reference.entries[--reference.n];
}

static uint64_t read_value(const struct entry *entry, bool are_strings)
{
    uint64_t integer;
    if (are_strings)
        return subject_read(entry->value, entry->value_bytes);
    memcpy(&integer, entry->value, sizeof integer);
    return integer;
}

static void fold(uint64_t answer)
{
    assert_true(reference.n_answers < MOST_ANSWERS);
    reference.answers[reference.n_answers++] = answer;
    reference.checksum = subject_fold(reference.checksum, answer);
}

static void refer_get(om_view key, uint64_t operation, bool are_strings)
{
    const struct entry *const entry = look_up(key);
    uint64_t answer = entry != NULL ? read_value(entry, are_strings) : SUBJECT_MISS;
    bool is_hit = entry != NULL;
    if (is_hit && errs(MISSED_HIT, operation))
        is_hit = false, answer = SUBJECT_MISS;
    else if (!is_hit && errs(FALSE_HIT, operation))
        is_hit = true, answer = 7;
    else if (is_hit && errs(WRONG_VALUE, operation))
        answer ^= 1;
    else if (is_hit && reference.n > 1 && errs(OTHER_KEYS_VALUE, operation))
        answer = read_value(entry == reference.entries ? entry + 1 : reference.entries,
                            are_strings);
    reference.n_hits += is_hit;
    fold(answer);
}

static void refer_delete(om_view key, uint64_t operation)
{
    struct entry *const entry = look_up(key);
    bool says = entry != NULL;
    if (entry == NULL)
        says = errs(FALSE_DELETED, operation);
    else if (errs(FALSE_ABSENT, operation))
        says = false, erase(entry);
    else if (!errs(LOST_DELETE, operation))
        erase(entry);
    reference.n_hits += says;
    fold(says ? SUBJECT_DELETED : SUBJECT_ABSENT);
}

static void refer_insert(om_view key, om_view value, uint64_t operation)
{
    struct entry *entry = look_up(key);
    if (entry == NULL) {
        if (errs(LOST_INSERT, operation))
            return;
        append(key, value);
        entry = &reference.entries[reference.n - 1];
        if (errs(KEY_SPOILT, operation))
            entry->key[entry->key_bytes - 1] ^= 1;
    } else if (errs(STORED_TWICE, operation)) {
        append(key, value);
    } else if (!errs(LOST_OVERWRITE, operation)) {
        memcpy(entry->value, value.pointer, entry->value_bytes = value.length);
    }
    if (errs(STORED_WRONG, operation))
        entry->value[0] ^= 1;
}

/* An iteration reads all; after a copy everything is as it was. */
static void refer_whole(const struct feed *feed)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < reference.n; i++) {
        const struct entry *const e = &reference.entries[i];
        uint64_t key;
        memcpy(&key, e->key, sizeof key);
        if (feed->are_strings)
            key = subject_read(e->key, e->key_bytes);
        sum += key + read_value(e, feed->are_strings);
    }
    if (feed->batch.operation == OPERATION_ITERATE)
        fold(sum);
    fold(reference.n);
}

static void refer_batch(const struct feed *feed)
{
    const struct batch *const batch = &feed->batch;
    if (subject_is_whole(batch->operation)) {
        refer_whole(feed);
        return;
    }
    for (unsigned i = 0; i < batch->n; i++) {
        const uint64_t operation = batch->first_operation + i;
        const om_view key = feed->are_strings
                                ? batch->views[i]
                                : om_view_of((const char *)&batch->integers[i], 8);
        const om_view value = feed->are_strings ? om_string_view(&batch->values[i])
                                                : om_view_of((const char *)&operation, 8);
        switch (subject_kind(&feed->batch, i)) {
        case OPERATION_GET:
            refer_get(key, operation, feed->are_strings);
            break;
        case OPERATION_DELETE:
            refer_delete(key, operation);
            break;
        default:
            refer_insert(key, value, operation);
        }
    }
    fold(reference.n);
}

static void spoil_the_end(void)
{
    if (reference.fault == EXTRA_AT_THE_END) {
        append(om_view_text("nobody!!"), om_view_text("inserted"));
    } else if (reference.fault == MISSING_AT_THE_END && reference.n > 0) {
        reference.n--;
    } else if (reference.fault == SWAPPED_AT_THE_END && reference.n > 1) {
        struct entry *const e = reference.entries;
        char keep[MOST_BYTES];
        memcpy(keep, e[0].value, sizeof keep);
        memcpy(e[0].value, e[1].value, sizeof keep);
        memcpy(e[1].value, keep, sizeof keep);
    }
}

/* Runs the plan on the reference, with one fault. */
static struct verdict refer(const struct workload_plan *plan, bool are_strings,
                            enum fault fault, uint64_t at)
{
    static struct feed feed;
    struct verdict verdict = {0};
    reference.n = 0;
    reference.fault = fault;
    reference.at = at;
    reference.has_erred = false;
    reference.checksum = reference.n_hits = 0;
    reference.n_answers = 0;
    feed_init(&feed, plan, are_strings, NULL);
    for (bool is_end;;) {
        assert_int_equal(feed_next(&feed, &is_end), OM_OK);
        if (is_end)
            break;
        refer_batch(&feed);
        feed_settle(&feed);
    }
    spoil_the_end();
    verdict.checksum = reference.checksum;
    verdict.n_hits = reference.n_hits;
    verdict.size = reference.n;
    for (size_t i = 0; i < reference.n; i++) {
        const struct entry *const e = &reference.entries[i];
        verdict.content += verdict_of_entry(om_view_of(e->key, e->key_bytes),
                                            om_view_of(e->value, e->value_bytes));
    }
    return verdict;
}

/* ---- all workloads ---- */

static struct key_file *load_keys(struct folder *folder, bool are_integers)
{
    static struct key_file keys;
    char text[4096];
    size_t n = 0;
    for (unsigned i = 0; i < 150; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%u\n", i * i * 7);
    if (!key_file_load(&keys, write_file(folder, "keys", text, n), are_integers,
                       &complaint))
        fail_msg("%s", complaint.text);
    return &keys;
}

typedef void visit_plan(const struct workload_plan *plan, bool are_strings);

/* Calls for every workload, pattern and key type, at n operations. */
static void for_all_plans(struct folder *folder, uint64_t n, visit_plan *visit)
{
    static const char *const none[] = {NULL, NULL};
    for (int are_strings = 0; are_strings < 2; are_strings++) {
        struct key_file *const keys = load_keys(folder, !are_strings);
        for (size_t i = 0; i < n_workloads; i++) {
            const struct workload *const workload = all_workloads[i];
            const char *const *const patterns =
                workload->patterns != NULL ? workload->patterns : none;
            for (size_t p = 0; p == 0 || patterns[p] != NULL; p++) {
                struct workload_plan plan;
                if (!workload_plan_init(&plan, workload, n, 1, patterns[p], keys,
                                        &complaint))
                    fail_msg("%s", complaint.text);
                for (unsigned j = 0; j < plan.n_phases; j++)
                    if (plan.phases[j].n > 4 * n) /* enough of them, whatever n */
                        plan.phases[j].n = 4 * n;
                visit(&plan, are_strings != 0);
            }
        }
        key_file_drop(keys);
    }
}

static struct verdict judge(const struct workload_plan *plan, bool are_strings)
{
    struct verdict verdict;
    if (!oracle_judge(plan, are_strings, &verdict, &complaint))
        fail_msg("%s", complaint.text);
    return verdict;
}

static void expect_agreement(const struct workload_plan *plan, bool are_strings)
{
    const struct verdict expected = judge(plan, are_strings);
    const struct verdict found = refer(plan, are_strings, NOTHING, 0);
    if (!verdict_agrees(&expected, &found, &complaint))
        fail_msg("%s %s %s, n %llu: %s", plan->workload->name, plan->pattern,
                 are_strings ? "str" : "u64", (unsigned long long)plan->n,
                 complaint.text);
}

static void the_oracle_agrees_with_a_trivially_right_map(void **state)
{
    static const uint64_t sizes[] = {1, 2, 9, 10, 14, 63, 64, 65, 513, 2000};
    for (size_t i = 0; i < N_OF(sizes); i++)
        for_all_plans(*state, sizes[i], expect_agreement);
}

static bool has_entry(const struct reference *r, const struct entry *wanted)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct entry *const e = &r->entries[i];
        if (e->key_bytes == wanted->key_bytes && e->value_bytes == wanted->value_bytes &&
            memcmp(e->key, wanted->key, e->key_bytes) == 0 &&
            memcmp(e->value, wanted->value, e->value_bytes) == 0)
            return true;
    }
    return false;
}

/* Whether anybody could tell the last run from the one without a fault. A value that was
 * lost or spoilt and then overwritten before it was read harms nobody. */
static bool is_harmful(void)
{
    const struct reference *const a = &reference, *const b = &without_fault;
    if (a->n != b->n || a->n_hits != b->n_hits || a->n_answers != b->n_answers ||
        memcmp(a->answers, b->answers, a->n_answers * sizeof *a->answers) != 0)
        return true;
    for (size_t i = 0; i < b->n; i++)
        if (!has_entry(a, &b->entries[i]))
            return true;
    return false;
}

/* How often a fault of each kind did harm, so that none goes untried. */
static unsigned n_harmful[2][N_FAULTS];

static void expect_every_fault_seen(const struct workload_plan *plan, bool are_strings)
{
    const struct verdict expected = judge(plan, are_strings);
    uint64_t n_all = 0;
    for (unsigned i = 0; i < plan->n_phases; i++)
        n_all += plan->phases[i].n;
    const uint64_t places[] = {0, n_all / 3, n_all / 2, n_all - n_all / 20, n_all - 1};
    (void)refer(plan, are_strings, NOTHING, 0);
    without_fault = reference;
    for (int fault = 1; fault < N_FAULTS; fault++) {
        for (size_t i = 0; i < N_OF(places); i++) {
            const struct verdict found =
                refer(plan, are_strings, (enum fault)fault, places[i]);
            const bool is_seen = !verdict_agrees(&expected, &found, &complaint);
            if (is_seen != is_harmful())
                fail_msg("%s %s %s: %s from operation %llu is %s", plan->workload->name,
                         plan->pattern, are_strings ? "str" : "u64", fault_names[fault],
                         (unsigned long long)places[i],
                         is_seen ? "seen where there is nothing" : "not seen");
            n_harmful[are_strings][fault] += is_seen;
        }
    }
}

static void each_kind_of_wrong_answer_is_seen(void **state)
{
    for_all_plans(*state, 400, expect_every_fault_seen);
    for (int are_strings = 0; are_strings < 2; are_strings++)
        for (int fault = 1; fault < N_FAULTS; fault++)
            if (n_harmful[are_strings][fault] == 0)
                fail_msg("%s never did harm, %s", fault_names[fault],
                         are_strings ? "str" : "u64");
}

static void each_difference_of_verdicts_is_told(void **state)
{
    const struct verdict right = {1, 2, 3, 4};
    static const struct {
        struct verdict found;
        const char *said;
    } cases[] = {{{1, 9, 3, 4}, "9 lookups and deletes hit, 2 should"},
                 {{1, 2, 9, 4}, "9 entries at the end, should be 3"},
                 {{1, 2, 3, 9}, "the entries at the end are not the right ones"},
                 {{9, 2, 3, 4}, "an answer on the way was not the right one"}};
    (void)state;
    assert_true(verdict_agrees(&right, &right, &complaint));
    for (size_t i = 0; i < N_OF(cases); i++) {
        assert_false(verdict_agrees(&right, &cases[i].found, &complaint));
        expect_part(complaint.text, cases[i].said);
    }
}

static void an_entrys_digest_tells_key_from_value_and_every_byte(void **state)
{
    char key[] = "key_12", value[] = "0123456789abcdef";
    (void)state;
    const om_view k = om_view_text(key), v = om_view_text(value);
    const uint64_t digest = verdict_of_entry(k, v);
    assert_true(digest != verdict_of_entry(v, k));
    assert_true(digest != verdict_of_entry(k, om_view_of(value, v.length - 1)));
    for (size_t i = 0; i < k.length; i++) {
        key[i] ^= 1;
        assert_true(digest != verdict_of_entry(k, v));
        key[i] ^= 1;
    }
    for (size_t i = 0; i < v.length; i++) {
        value[i] ^= 1;
        assert_true(digest != verdict_of_entry(k, v));
        value[i] ^= 1;
    }
    assert_true(digest == verdict_of_entry(k, v));
}

/* AddressSanitizer aborts where calloc should say no; it asks this function first. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void an_oracle_without_memory_says_so_and_what_to_do(void **state)
{
    struct workload_plan plan = {0};
    struct verdict verdict;
    (void)state;
    plan.n_keys = SIZE_MAX / 4; /* times 8 bytes: more than a size_t counts */
    assert_false(oracle_judge(&plan, false, &verdict, &complaint));
    expect_part(complaint.text, "smaller -n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(the_oracle_agrees_with_a_trivially_right_map),
        FOLDER_TEST(each_kind_of_wrong_answer_is_seen),
        cmocka_unit_test(each_difference_of_verdicts_is_told),
        cmocka_unit_test(an_entrys_digest_tells_key_from_value_and_every_byte),
        cmocka_unit_test(an_oracle_without_memory_says_so_and_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
