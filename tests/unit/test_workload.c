/* SPDX-License-Identifier: MIT */
/* Each workload is a pure function of seed and number, and does what its essay and
 * DESIGN.md say, to the operation. */
#include "unit.h"

#include <math.h>
#include <xxhash.h>

#include "feed.h"
#include "workload.h"

enum { MOST_OPERATIONS = 40000 };

/* All operations of one phase. */
struct stream {
    uint64_t numbers[MOST_OPERATIONS];
    uint8_t operations[MOST_OPERATIONS];
    uint64_t n;
};

/* A workload with one of its patterns. */
struct kind {
    const struct workload *workload;
    const char *pattern; /* NULL: none */
};

static struct complaint complaint;

static const struct workload *find(const char *name)
{
    const struct workload *workload = NULL;
    if (!workload_find(name, &workload, &complaint))
        fail_msg("%s", complaint.text);
    return workload;
}

static struct workload_plan plan_of(const char *name, const char *pattern, uint64_t n,
                                    uint64_t seed)
{
    struct workload_plan plan;
    if (!workload_plan_init(&plan, find(name), n, seed, pattern, NULL, &complaint))
        fail_msg("%s", complaint.text);
    for (unsigned i = 0; i < plan.n_phases; i++) /* lookups are many, whatever n */
        if (plan.phases[i].n > MOST_OPERATIONS)
            plan.phases[i].n = MOST_OPERATIONS;
    return plan;
}

/* Fills a phase in steps of `step` operations; pure workloads give the same with any. */
static void take(const struct workload_plan *plan, unsigned phase, unsigned step,
                 struct stream *stream)
{
    const uint64_t n = plan->phases[phase].n;
    memset(stream, 0xAA, sizeof *stream);
    assert_true(n <= MOST_OPERATIONS);
    for (uint64_t first = 0; first < n; first += step) {
        const unsigned now = n - first < step ? (unsigned)(n - first) : step;
        plan->workload->fill(plan, phase, first, now, stream->numbers + first,
                             stream->operations + first);
    }
    stream->n = n;
}

/* Whether a phase is about single keys. */
static bool has_keys(const struct workload_plan *plan, unsigned phase)
{
    return !subject_is_whole(plan->phases[phase].operation);
}

/* Those workloads that need no file, with all their patterns. */
static size_t all_kinds(struct kind kinds[32])
{
    size_t n = 0;
    for (size_t i = 0; i < n_workloads; i++) {
        const struct workload *const workload = all_workloads[i];
        if (workload->needs_keys)
            continue;
        if (workload->patterns == NULL)
            kinds[n++] = (struct kind){workload, NULL};
        for (size_t p = 0; workload->patterns != NULL && workload->patterns[p] != NULL;
             p++)
            kinds[n++] = (struct kind){workload, workload->patterns[p]};
        assert_true(n < 32);
    }
    return n;
}

/* A keys file of n distinct lines, made in memory as the loader would. */
static struct key_file *make_keys(unsigned n)
{
    static struct key_file keys;
    static char bytes[64 * 1024];
    static const char *lines[2000];
    static size_t lengths[2000];
    static uint64_t integers[2000];
    size_t used = 0;
    assert_true(n <= N_OF(lines));
    for (unsigned i = 0; i < n; i++) {
        lines[i] = bytes + used;
        integers[i] = (uint64_t)i * 3 + 1;
        lengths[i] = (size_t)snprintf(bytes + used, sizeof bytes - used, "%u", i * 3 + 1);
        bytes[used + lengths[i]] = '\n';
        used += lengths[i] + 1;
    }
    keys = (struct key_file){.bytes = bytes,
                             .lines = lines,
                             .lengths = lengths,
                             .integers = integers,
                             .absent = (uint64_t)1 << 40,
                             .n = n};
    return &keys;
}

static struct workload_plan plan_of_keys(unsigned n, uint64_t seed)
{
    struct workload_plan plan;
    assert_true(
        workload_plan_init(&plan, find("keys"), 0, seed, NULL, make_keys(n), &complaint));
    return plan;
}

/* ---- every workload ---- */

static void expect_pure(const struct workload_plan *plan)
{
    static const unsigned steps[] = {1, 3, 64, 448, 511};
    static struct stream whole, parts;
    for (unsigned phase = 0; phase < plan->n_phases; phase++) {
        const bool is_mixed = plan->phases[phase].operation == OPERATION_MIXED;
        if (!has_keys(plan, phase))
            continue;
        take(plan, phase, 512, &whole);
        for (size_t s = 0; s < N_OF(steps); s++) {
            take(plan, phase, steps[s], &parts);
            assert_memory_equal(whole.numbers, parts.numbers,
                                whole.n * sizeof *whole.numbers);
            if (is_mixed)
                assert_memory_equal(whole.operations, parts.operations, whole.n);
        }
        for (uint64_t i = 0; i < whole.n; i++) {
            assert_true(whole.numbers[i] < plan->n_keys);
            if (is_mixed)
                assert_true(whole.operations[i] <= OPERATION_DELETE);
        }
    }
}

static void the_stream_is_the_same_in_batches_of_any_size(void **state)
{
    static const uint64_t sizes[] = {1,  2,  3,  9,  10, 11,  13,
                                     14, 19, 20, 21, 27, 100, 3001};
    struct kind kinds[32];
    (void)state;
    const size_t n = all_kinds(kinds);
    assert_true(n >= 9);
    for (size_t k = 0; k < n; k++) {
        for (size_t s = 0; s < N_OF(sizes); s++) {
            const struct workload_plan plan =
                plan_of(kinds[k].workload->name, kinds[k].pattern, sizes[s], 1 + s);
            expect_pure(&plan);
        }
    }
    for (unsigned m = 1; m < 40; m++) {
        const struct workload_plan plan = plan_of_keys(m, m);
        expect_pure(&plan);
    }
}

/* Keys, and kinds of operation where they are mixed, of a whole plan. */
static uint64_t digest_of(const struct workload_plan *plan)
{
    static struct stream stream;
    uint64_t digest = XXH3_64bits(plan->phases, 0);
    for (unsigned phase = 0; phase < plan->n_phases; phase++) {
        if (!has_keys(plan, phase))
            continue;
        take(plan, phase, 512, &stream);
        digest = XXH3_64bits_withSeed(&stream.n, sizeof stream.n, digest);
        for (uint64_t i = 0; i < stream.n; i++) {
            const uint64_t integer = workload_integer(plan, stream.numbers[i]);
            digest = XXH3_64bits_withSeed(&integer, sizeof integer, digest);
        }
        if (plan->phases[phase].operation == OPERATION_MIXED)
            digest = XXH3_64bits_withSeed(stream.operations, stream.n, digest);
    }
    return digest;
}

/* Published results name a seed: the stream it stands for is pinned. */
static void streams_never_change(void **state)
{
    static const struct {
        const char *name, *pattern;
        uint64_t digest;
    } pins[] = {
        {"key_distribution", "uniform", 0x55f6466a6be9455c},
        {"key_distribution", "clustered", 0x78884a0715b171d2},
        {"key_distribution", "sequential", 0x7b4f9aa173209206},
        {"load_factor", NULL, 0x7b4f9aa173209206},
        {"memory_patterns", NULL, 0x2e04f019906b2156},
        {"operation_mix", "read_heavy", 0x40226d9ca158172},
        {"operation_mix", "write_heavy", 0xc1c92586abbd3d06},
        {"operation_mix", "balanced", 0xc08e436584df1bc8},
        {"operation_mix", "typical_web", 0xc54d7434e5375ebb},
        {"lookup", "hit", 0x4a0c081900750ced},
        {"lookup", "25%", 0xd84677390061d1dd},
        {"lookup", "zipf", 0x38b0f82bd8303058},
        {"ycsb", "a", 0x491ced18c402d405},
        {"ycsb", "d", 0xc2c74bcb1429c277},
        {"ycsb", "e", 0x2bc1b8f513dce595},
        {"ycsb", "f", 0x7fcbbeb07e578d88},
        {"churn", "random", 0x4cc5223b0e3bc3ef},
    };
    (void)state;
    for (size_t i = 0; i < N_OF(pins); i++) {
        const struct workload_plan plan = plan_of(pins[i].name, pins[i].pattern, 1000, 1);
        expect_u64(pins[i].name, i, digest_of(&plan), pins[i].digest);
    }
    const struct workload_plan plan = plan_of_keys(1000, 1);
    expect_u64("keys", 0, digest_of(&plan), 0x4120a60123ab32df);
}

static void a_seed_changes_what_is_random_and_nothing_else(void **state)
{
    struct kind kinds[32];
    (void)state;
    const size_t n = all_kinds(kinds);
    for (size_t k = 0; k < n; k++) {
        const char *const name = kinds[k].workload->name;
        const struct workload_plan one = plan_of(name, kinds[k].pattern, 1000, 1);
        const struct workload_plan same = plan_of(name, kinds[k].pattern, 1000, 1);
        const struct workload_plan other = plan_of(name, kinds[k].pattern, 1000, 2);
        const bool is_fixed =
            strcmp(name, "load_factor") == 0 ||
            (kinds[k].pattern != NULL && (strcmp(kinds[k].pattern, "sequential") == 0 ||
                                          strcmp(kinds[k].pattern, "clustered") == 0));
        assert_true(digest_of(&one) == digest_of(&same));
        if ((digest_of(&one) == digest_of(&other)) != is_fixed)
            fail_msg("%s %s: seeds 1 and 2", name,
                     kinds[k].pattern != NULL ? kinds[k].pattern : "");
    }
    const struct workload_plan one = plan_of_keys(1000, 1), other = plan_of_keys(1000, 2);
    assert_true(digest_of(&one) != digest_of(&other));
}

static void no_pattern_is_the_first_and_an_unknown_one_is_refused(void **state)
{
    struct workload_plan plan;
    (void)state;
    assert_string_equal(plan_of("operation_mix", NULL, 10, 1).pattern, "read_heavy");
    assert_string_equal(plan_of("key_distribution", NULL, 10, 1).pattern, "uniform");
    assert_string_equal(plan_of("load_factor", NULL, 10, 1).pattern, "");
    assert_false(workload_plan_init(&plan, find("key_distribution"), 10, 1, "read_heavy",
                                    NULL, &complaint));
    expect_part(complaint.text, "unknown pattern 'read_heavy'");
    assert_false(workload_plan_init(&plan, find("operation_mix"), 10, 1, "balnced", NULL,
                                    &complaint));
    expect_part(complaint.text, "did you mean 'balanced'");
    assert_false(workload_plan_init(&plan, find("load_factor"), 10, 1, "uniform", NULL,
                                    &complaint));
    expect_part(complaint.text, "has no pattern");
    assert_false(workload_plan_init(&plan, find("keys"), 10, 1, NULL, NULL, &complaint));
    expect_part(complaint.text, "--keys");
}

/* Digit by digit as it would be printed, so that one mix has one such name. */
static void a_mix_by_percentages_is_three_that_sum_to_100(void **state)
{
    static const char *const no_mixes[] = {
        "90",      "90/5",     "90/5/",    "90/5/5/0", "90/5/5 ", " 90/5/5",
        "+90/5/5", "90/05/5",  "90//10",   "9O/5/5",   "90,5,5",  "105/-5/0",
        "/",       "1e1/5/85", "90.0/5/5", "90%/5/5",  "0x5/5/90"};
    static const struct {
        const char *mix, *says;
    } sums[] = {{"90/5/6", "sums to 101;"},
                {"0/0/0", "sums to 0;"},
                {"4294967296/0/100", "is no three percentages"},
                {"999999999/999999999/999999999", "sums to 2999999997;"}};
    struct workload_plan plan;
    (void)state;
    assert_string_equal(plan_of("operation_mix", "0/0/100", 10, 1).pattern, "0/0/100");
    for (size_t i = 0; i < N_OF(no_mixes); i++) {
        assert_false(workload_plan_init(&plan, find("operation_mix"), 10, 1, no_mixes[i],
                                        NULL, &complaint));
        expect_part(complaint.text, "is no three percentages");
    }
    for (size_t i = 0; i < N_OF(sums); i++) {
        assert_false(workload_plan_init(&plan, find("operation_mix"), 10, 1, sums[i].mix,
                                        NULL, &complaint));
        expect_part(complaint.text, sums[i].says);
    }
    assert_false(workload_plan_init(&plan, find("key_distribution"), 10, 1, "90/5/5",
                                    NULL, &complaint));
    expect_part(complaint.text, "unknown pattern '90/5/5'");
}

static void a_share_of_hits_is_a_whole_percentage_up_to_100(void **state)
{
    static const char *const no_shares[] = {"101%", "25",   "2.5%", "-5%",
                                            "025%", "25%%", "1e1%", "4294967396%",
                                            "25% ", "0x5%"};
    struct workload_plan plan;
    (void)state;
    for (size_t i = 0; i < N_OF(no_shares); i++) {
        assert_false(workload_plan_init(&plan, find("lookup"), 10, 1, no_shares[i], NULL,
                                        &complaint));
        expect_part(complaint.text, "is no kind of lookup");
    }
}

static void an_unknown_workload_is_refused_with_the_nearest(void **state)
{
    const struct workload *workload;
    (void)state;
    assert_false(workload_find("load_facto", &workload, &complaint));
    expect_part(complaint.text, "did you mean 'load_factor'");
}

/* ---- batches ---- */

static unsigned most_of(const struct workload_plan *plan, bool are_strings,
                        enum operation operation)
{
    if (subject_is_whole(operation))
        return (unsigned)plan->n_entries;
    if (are_strings)
        return BATCH_MOST_STRINGS;
    return operation == OPERATION_MIXED ? BATCH_MOST_MIXED : BATCH_MOST_U64;
}

static void expect_steps_cover(const struct workload_plan *plan, bool are_strings)
{
    struct step step = {0};
    uint64_t done[4] = {0}, all = 0;
    unsigned phase_before = 0;
    while (workload_next_step(plan, are_strings, &step)) {
        assert_true(step.phase < plan->n_phases && step.phase >= phase_before);
        const struct phase *const phase = &plan->phases[step.phase];
        const unsigned most = most_of(plan, are_strings, phase->operation);
        assert_true(step.n > 0 && step.n <= most);
        expect_u64("first", step.phase, step.first, done[step.phase]);
        expect_u64("first operation", step.phase, step.first_operation, all);
        done[step.phase] += step.n;
        all += step.n;
        if (step.n < most) /* only the last of a phase is short */
            expect_u64("short batch", step.phase, done[step.phase], phase->n);
        phase_before = step.phase;
    }
    for (unsigned i = 0; i < plan->n_phases; i++)
        expect_u64("operations", i, done[i], plan->phases[i].n);
}

static void batches_cover_the_plan_and_obey_their_limits(void **state)
{
    static const uint64_t sizes[] = {1,   2,   19,  20,  63,  64,   65,   447,
                                     448, 449, 511, 512, 513, 5000, 35840};
    struct kind kinds[32];
    (void)state;
    const size_t n = all_kinds(kinds);
    for (size_t k = 0; k < n; k++) {
        for (size_t s = 0; s < N_OF(sizes); s++) {
            const struct workload_plan plan =
                plan_of(kinds[k].workload->name, kinds[k].pattern, sizes[s], 1);
            expect_steps_cover(&plan, false);
            expect_steps_cover(&plan, true);
        }
    }
    for (unsigned m = 1; m < 70; m++) {
        const struct workload_plan plan = plan_of_keys(m, 1);
        expect_steps_cover(&plan, false);
        expect_steps_cover(&plan, true);
    }
}

static void a_batch_of_fixed_size_data_takes_at_most_4_kib(void **state)
{
    (void)state;
    assert_true(BATCH_MOST_U64 * sizeof(uint64_t) <= 4096);
    assert_true(BATCH_MOST_MIXED * (sizeof(uint64_t) + 1) <= 4096);
    assert_true(BATCH_MOST_STRINGS * 2 * sizeof(om_string) <= 4096);
}

/* ---- keys and values ---- */

static void expect_text(om_view view, const char *text)
{
    if (view.length != strlen(text) || memcmp(view.pointer, text, view.length) != 0)
        fail_msg("'%.*s', not '%s'", (int)view.length, view.pointer, text);
}

static void string_keys_are_key_and_the_integer_or_20_digits(void **state)
{
    static const uint64_t numbers[] = {0, 9, 10, 999, 12345678};
    char room[KEY_TEXT_ROOM], wanted[32];
    (void)state;
    const struct workload_plan named = plan_of("load_factor", NULL, 10, 1);
    const struct workload_plan clustered =
        plan_of("key_distribution", "clustered", 100, 1);
    const struct workload_plan uniform = plan_of("key_distribution", "uniform", 100, 1);
    for (size_t i = 0; i < N_OF(numbers); i++) {
        snprintf(wanted, sizeof wanted, "key_%llu", (unsigned long long)numbers[i]);
        expect_text(workload_key_text(&named, numbers[i], room), wanted);
        snprintf(wanted, sizeof wanted, "%020llu",
                 (unsigned long long)(numbers[i] % 10 << 32 | numbers[i]));
        expect_text(workload_key_text(&clustered, numbers[i], room), wanted);
        snprintf(wanted, sizeof wanted, "%020llu",
                 (unsigned long long)workload_integer(&uniform, numbers[i]));
        expect_text(workload_key_text(&uniform, numbers[i], room), wanted);
    }
}

static void
string_values_are_100_bytes_of_x_that_elsewhere_tell_the_operation(void **state)
{
    char text[VALUE_TEXT_BYTES], other[VALUE_TEXT_BYTES], wanted[VALUE_TEXT_BYTES];
    (void)state;
    memset(wanted, 'x', sizeof wanted);
    const struct workload_plan plain = plan_of("load_factor", NULL, 10, 1);
    workload_value_text(&plain, 7, text);
    assert_memory_equal(text, wanted, sizeof text);
    const struct workload_plan telling = plan_of("operation_mix", NULL, 10, 1);
    workload_value_text(&telling, 0x12f, text);
    memcpy(wanted, "f210000000000000", 16);
    assert_memory_equal(text, wanted, sizeof text);
    /* what a get reads of it differs from operation to operation */
    for (uint64_t i = 0; i < 1000; i++) {
        workload_value_text(&telling, i, text);
        workload_value_text(&telling, i + 1, other);
        assert_true(subject_read(text, sizeof text) != subject_read(other, sizeof other));
    }
}

static void expect_feed(const struct workload_plan *plan, bool are_strings)
{
    static struct feed feed;
    static struct stream stream;
    unsigned phase = UINT32_MAX;
    uint64_t at = 0;
    feed_init(&feed, plan, are_strings, NULL);
    for (bool is_end;;) {
        char room[KEY_TEXT_ROOM], value[VALUE_TEXT_BYTES];
        assert_int_equal(feed_next(&feed, &is_end), OM_OK);
        if (is_end)
            break;
        if (feed.step.phase != phase && has_keys(plan, feed.step.phase))
            take(plan, feed.step.phase, 512, &stream);
        phase = feed.step.phase;
        assert_int_equal(feed_is_timed(&feed), plan->phases[phase].is_timed);
        assert_true(feed.batch.n <= most_of(plan, are_strings, feed.batch.operation));
        expect_u64("first operation", phase, feed.batch.first_operation, at);
        for (unsigned i = 0; has_keys(plan, phase) && i < feed.batch.n; i++) {
            const uint64_t number = stream.numbers[feed.step.first + i];
            const bool is_insert = subject_kind(&feed.batch, i) == OPERATION_INSERT;
            if (feed.batch.operation == OPERATION_MIXED)
                assert_int_equal(feed.batch.operations[i],
                                 stream.operations[feed.step.first + i]);
            if (!are_strings) {
                expect_u64("integer", at, feed.batch.integers[i],
                           workload_integer(plan, number));
                continue;
            }
            const om_view key = workload_key_text(plan, number, room);
            assert_int_equal(feed.batch.views[i].length, key.length);
            assert_memory_equal(feed.batch.views[i].pointer, key.pointer, key.length);
            if (!is_insert)
                continue;
            workload_value_text(plan, at + i, value);
            assert_int_equal(feed.batch.strings[i].length, key.length);
            assert_memory_equal(feed.batch.strings[i].pointer, key.pointer, key.length);
            assert_int_equal(feed.batch.values[i].length, sizeof value);
            assert_memory_equal(feed.batch.values[i].pointer, value, sizeof value);
        }
        at += feed.batch.n;
        feed_settle(&feed); /* nobody has taken the strings: a leak if it forgets one */
    }
}

static void the_feed_makes_what_the_workload_says(void **state)
{
    struct kind kinds[32];
    (void)state;
    const size_t n = all_kinds(kinds);
    for (size_t k = 0; k < n; k++) {
        const struct workload_plan plan =
            plan_of(kinds[k].workload->name, kinds[k].pattern, 1500, 3);
        expect_feed(&plan, false);
        expect_feed(&plan, true);
    }
    const struct workload_plan plan = plan_of_keys(1500, 3);
    expect_feed(&plan, false);
    expect_feed(&plan, true);
}

/* ---- one workload after the other ---- */

static void load_factor_inserts_0_to_n_and_presizes_nothing(void **state)
{
    static struct stream stream;
    (void)state;
    const struct workload_plan plan = plan_of("load_factor", NULL, 3000, 1);
    take(&plan, 0, 512, &stream);
    assert_int_equal(plan.n_phases, 1);
    assert_int_equal(plan.phases[0].operation, OPERATION_INSERT);
    assert_true(plan.phases[0].is_timed);
    expect_u64("n", 0, stream.n, 3000);
    expect_u64("entries", 0, plan.entries, 0);
    expect_u64("timed", 0, workload_timed(&plan), 3000);
    for (uint64_t i = 0; i < stream.n; i++)
        expect_u64("key", i, workload_integer(&plan, stream.numbers[i]), i);
    assert_int_equal(plan.workload->default_n, 10000000);
}

static int compare_u64(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static void take_keys(const struct workload_plan *plan, struct stream *stream)
{
    take(plan, 0, 512, stream);
    assert_int_equal(plan->n_phases, 1);
    assert_int_equal(plan->phases[0].operation, OPERATION_INSERT);
    for (uint64_t i = 0; i < stream->n; i++)
        stream->numbers[i] = workload_integer(plan, stream->numbers[i]);
}

static void expect_distinct(struct stream *stream)
{
    qsort(stream->numbers, stream->n, sizeof *stream->numbers, compare_u64);
    for (uint64_t i = 1; i < stream->n; i++)
        assert_true(stream->numbers[i - 1] != stream->numbers[i]);
}

static void uniform_keys_are_distinct_and_spread_over_64_bits(void **state)
{
    static struct stream stream;
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        unsigned top[16] = {0}, bottom[16] = {0};
        const struct workload_plan plan =
            plan_of("key_distribution", "uniform", 32000, seed);
        take_keys(&plan, &stream);
        for (uint64_t i = 0; i < stream.n; i++) {
            top[stream.numbers[i] >> 60]++;
            bottom[stream.numbers[i] & 15]++;
        }
        for (unsigned i = 0; i < 16; i++) { /* 2000 each, standard deviation 43 */
            assert_in_range(top[i], 1750, 2250);
            assert_in_range(bottom[i], 1750, 2250);
        }
        expect_distinct(&stream);
    }
}

static void clustered_keys_lie_in_10_clusters(void **state)
{
    static struct stream stream;
    unsigned clusters[10] = {0};
    (void)state;
    const struct workload_plan plan = plan_of("key_distribution", "clustered", 5003, 1);
    take_keys(&plan, &stream);
    for (uint64_t i = 0; i < stream.n; i++) {
        expect_u64("low half", i, stream.numbers[i] & UINT32_MAX, i);
        expect_u64("cluster", i, stream.numbers[i] >> 32, i % 10);
        clusters[stream.numbers[i] >> 32]++;
    }
    for (unsigned i = 0; i < 10; i++)
        assert_in_range(clusters[i], 500, 501);
    expect_distinct(&stream);
}

static void sequential_keys_count_up(void **state)
{
    static struct stream stream;
    (void)state;
    const struct workload_plan plan = plan_of("key_distribution", "sequential", 2000, 9);
    take_keys(&plan, &stream);
    for (uint64_t i = 0; i < stream.n; i++)
        expect_u64("key", i, stream.numbers[i], i);
}

/* The notes gave the constructor n, which it rounded up to a power of two of slots. */
static void key_distribution_is_presized_to_the_power_of_two_from_n_on(void **state)
{
    static const struct {
        uint64_t n, slots;
    } cases[] = {{1, 16},      {15, 16},     {16, 16},     {17, 32},
                 {1000, 1024}, {1024, 1024}, {1025, 2048}, {10000000, 16777216}};
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct workload_plan plan =
            plan_of("key_distribution", "uniform", cases[i].n, 1);
        /* the most entries that still fit in that many slots at load 0.7 */
        expect_u64("entries", cases[i].n, plan.entries, (cases[i].slots * 7 + 9) / 10);
    }
}

/* The counts that percentages give by the largest remainder, by trial: the shares whose
 * floors leave the most over are raised first, the first of equals before the others. */
static void wanted_counts(uint64_t n, const unsigned percent[3], uint64_t counts[3])
{
    uint64_t sum = 0;
    bool is_raised[3] = {false, false, false};
    for (unsigned i = 0; i < 3; i++)
        sum += counts[i] = n * percent[i] / 100;
    while (sum < n) {
        unsigned best = 3;
        for (unsigned i = 0; i < 3; i++)
            if (!is_raised[i] &&
                (best == 3 || n * percent[i] % 100 > n * percent[best] % 100))
                best = i;
        assert_true(best < 3);
        is_raised[best] = true;
        counts[best]++;
        sum++;
    }
}

static const struct {
    const char *name;
    unsigned percent[3]; /* get, insert, delete */
} mixes[] = {{"read_heavy", {90, 5, 5}},
             {"write_heavy", {5, 90, 5}},
             {"balanced", {33, 33, 34}},
             {"typical_web", {80, 15, 5}},
             {"40/9/51", {40, 9, 51}}};

static void count_operations(const struct stream *stream, uint64_t counts[3])
{
    counts[0] = counts[1] = counts[2] = 0;
    for (uint64_t i = 0; i < stream->n; i++)
        counts[stream->operations[i] == OPERATION_GET      ? 0
               : stream->operations[i] == OPERATION_INSERT ? 1
                                                           : 2]++;
}

static void operation_counts_are_exact_by_the_largest_remainder(void **state)
{
    static struct stream stream;
    uint64_t counts[3], wanted[3];
    (void)state;
    for (size_t m = 0; m < N_OF(mixes); m++) {
        for (uint64_t n = 1; n <= 1000; n++) {
            const struct workload_plan plan =
                plan_of("operation_mix", mixes[m].name, n, n);
            take(&plan, 1, 448, &stream);
            count_operations(&stream, counts);
            wanted_counts(n, mixes[m].percent, wanted);
            for (unsigned i = 0; i < 3; i++)
                expect_u64(mixes[m].name, n, counts[i], wanted[i]);
        }
    }
}

static void operation_mix_prefills_n_by_10_keys_untimed_then_runs_n(void **state)
{
    static const uint64_t sizes[] = {1, 9, 10, 19, 20, 12345};
    static struct stream stream;
    (void)state;
    for (size_t s = 0; s < N_OF(sizes); s++) {
        const uint64_t n = sizes[s], n_keys = n < 10 ? 1 : n / 10;
        const struct workload_plan plan = plan_of("operation_mix", "balanced", n, 1);
        assert_int_equal(plan.n_phases, 2);
        assert_int_equal(plan.phases[0].operation, OPERATION_INSERT);
        assert_false(plan.phases[0].is_timed);
        expect_u64("prefill", n, plan.phases[0].n, n_keys);
        assert_int_equal(plan.phases[1].operation, OPERATION_MIXED);
        expect_u64("operations", n, plan.phases[1].n, n);
        expect_u64("timed", n, workload_timed(&plan), n);
        take(&plan, 0, 512, &stream);
        for (uint64_t i = 0; i < stream.n; i++)
            expect_u64("prefilled key", i, stream.numbers[i], i);
    }
}

static void operations_are_shuffled_and_their_keys_uniform(void **state)
{
    static struct stream stream;
    (void)state;
    for (size_t m = 0; m < N_OF(mixes); m++) {
        enum { N = 30000, N_KEYS = 3000 };
        static unsigned uses[N_KEYS];
        uint64_t counts[3], n_changes = 0, gets_early = 0;
        const struct workload_plan plan = plan_of("operation_mix", mixes[m].name, N, 5);
        double same = 0;
        take(&plan, 1, 448, &stream);
        count_operations(&stream, counts);
        for (unsigned i = 0; i < 3; i++)
            same += (double)counts[i] / N * (double)counts[i] / N;
        memset(uses, 0, sizeof uses);
        for (uint64_t i = 0; i < stream.n; i++) {
            n_changes += i > 0 && stream.operations[i] != stream.operations[i - 1];
            gets_early += i < N / 2 && stream.operations[i] == OPERATION_GET;
            uses[stream.numbers[i]]++;
        }
        /* as often as in a random order; 5 standard deviations are less than 500 */
        assert_in_range(n_changes, (uint64_t)((1 - same) * N) - 500,
                        (uint64_t)((1 - same) * N) + 500);
        assert_in_range(gets_early, counts[0] / 2 - 300, counts[0] / 2 + 300);
        double chi = 0; /* 10 uses of each key; 2999 degrees of freedom, deviation 77 */
        for (unsigned i = 0; i < N_KEYS; i++)
            chi += (uses[i] - 10.0) * (uses[i] - 10.0) / 10.0;
        assert_in_range((uint64_t)chi, 2999 - 400, 2999 + 400);
    }
}

static void memory_patterns_overwrites_a_20th_and_churns_3_40ths(void **state)
{
    static const uint64_t sizes[] = {1,  13, 14,  19,  20,   26,   27,
                                     40, 41, 100, 999, 1000, 12345};
    static struct stream stream;
    static bool is_hit[MOST_OPERATIONS];
    (void)state;
    for (size_t s = 0; s < N_OF(sizes); s++) {
        const uint64_t n = sizes[s];
        const struct workload_plan plan = plan_of("memory_patterns", NULL, n, 1);
        assert_int_equal(plan.n_phases, 3);
        expect_u64("inserts", n, plan.phases[0].n, n);
        expect_u64("overwrites", n, plan.phases[1].n, n / 20);
        expect_u64("churn", n, plan.phases[2].n, 3 * n / 40);
        expect_u64("timed", n, workload_timed(&plan), n + n / 20 + 3 * n / 40);
        take(&plan, 0, 512, &stream);
        for (uint64_t i = 0; i < stream.n; i++)
            expect_u64("new key", i, stream.numbers[i], i);
        take(&plan, 1, 512, &stream);
        assert_int_equal(plan.phases[1].operation, OPERATION_INSERT);
        memset(is_hit, 0, sizeof is_hit);
        for (uint64_t i = 0; i < stream.n; i++) {
            assert_true(stream.numbers[i] < n); /* one that is there */
            assert_false(is_hit[stream.numbers[i]]);
            is_hit[stream.numbers[i]] = true;
        }
        take(&plan, 2, 448, &stream);
        assert_int_equal(plan.phases[2].operation, OPERATION_MIXED);
        memset(is_hit, 0, sizeof is_hit);
        for (uint64_t i = 0; i < stream.n; i++) {
            if (i % 2 == 1) {
                assert_int_equal(stream.operations[i], OPERATION_INSERT);
                expect_u64("churn's new key", i, stream.numbers[i], n + i / 2);
                continue;
            }
            assert_int_equal(stream.operations[i], OPERATION_DELETE);
            assert_true(stream.numbers[i] < n);
            assert_false(is_hit[stream.numbers[i]]); /* still there */
            is_hit[stream.numbers[i]] = true;
        }
    }
}

/* The keys that are overwritten or deleted are not the first ones, nor the same ones. */
static void memory_patterns_draws_its_victims(void **state)
{
    static struct stream overwrites, churn;
    uint64_t n_low = 0, n_both = 0;
    (void)state;
    const struct workload_plan plan = plan_of("memory_patterns", NULL, 20000, 1);
    take(&plan, 1, 512, &overwrites);
    take(&plan, 2, 448, &churn);
    for (uint64_t i = 0; i < overwrites.n; i++) {
        n_low += overwrites.numbers[i] < 10000;
        for (uint64_t j = 0; j < churn.n; j += 2)
            n_both += churn.numbers[j] == overwrites.numbers[i];
    }
    assert_in_range(n_low, 400, 600); /* of 1000 */
    assert_in_range(n_both, 10, 80);  /* of 750, 37 expected */
}

static void keys_workload_inserts_hits_misses_and_deletes_half(void **state)
{
    static struct stream stream;
    (void)state;
    for (unsigned n = 1; n <= 60; n++) {
        const struct workload_plan plan = plan_of_keys(n, n);
        bool is_seen[4][120] = {{false}};
        const enum operation wanted[] = {OPERATION_INSERT, OPERATION_GET, OPERATION_GET,
                                         OPERATION_DELETE};
        assert_int_equal(plan.n_phases, 4);
        expect_u64("timed", n, workload_timed(&plan), 3 * n + n / 2);
        for (unsigned phase = 0; phase < 4; phase++) {
            take(&plan, phase, 512, &stream);
            assert_int_equal(plan.phases[phase].operation, wanted[phase]);
            expect_u64("operations", phase, stream.n, phase == 3 ? n / 2 : n);
            for (uint64_t i = 0; i < stream.n; i++) {
                const uint64_t number = stream.numbers[i];
                assert_false(is_seen[phase][number]);
                is_seen[phase][number] = true;
                assert_int_equal(number >= n, phase == 2);
                if (phase == 0)
                    expect_u64("the file's order", n, number, i);
            }
        }
    }
}

static void keys_that_miss_are_no_keys_of_the_file(void **state)
{
    char room[KEY_TEXT_ROOM];
    (void)state;
    const struct workload_plan plan = plan_of_keys(1000, 1);
    for (uint64_t i = 0; i < 1000; i++) {
        const om_view hit = workload_key_text(&plan, i, room);
        const om_view miss = workload_key_text(&plan, 1000 + i, room);
        expect_u64("length", i, miss.length, hit.length + 1);
        assert_true(miss.pointer[hit.length] == '\n');
        expect_u64("integer", i, workload_integer(&plan, i), i * 3 + 1);
        assert_true(workload_integer(&plan, 1000 + i) > 3000);
    }
}

static void keys_workload_runs_over_a_file_as_it_is_read(void **state)
{
    static struct key_file keys;
    struct workload_plan plan;
    const char text[] = "pear\r\napple\n\npear\nfig";
    const char *const path = write_file(*state, "keys", text, sizeof text - 1);
    if (!key_file_load(&keys, path, false, &complaint))
        fail_msg("%s", complaint.text);
    assert_true(workload_plan_init(&plan, find("keys"), 99, 1, NULL, &keys, &complaint));
    expect_u64("keys", 0, plan.n, 3);
    expect_feed(&plan, true);
    key_file_drop(&keys);
}

/* ---- lookup ---- */

static void lookups_find_what_their_pattern_says(void **state)
{
    static const struct {
        const char *pattern;
        double hits; /* share of the lookups whose key is there */
        enum operation operation;
    } wanted[] = {
        {"hit", 1, OPERATION_GET},    {"miss", 0, OPERATION_GET},
        {"half", 0.5, OPERATION_GET}, {"0%", 0, OPERATION_GET},
        {"90%", 0.9, OPERATION_GET},  {"100%", 1, OPERATION_GET},
        {"zipf", 1, OPERATION_GET},   {"hit_dependent", 1, OPERATION_GET_DEPENDENT}};
    static struct stream stream;
    (void)state;
    for (size_t i = 0; i < N_OF(wanted); i++) {
        const struct workload_plan plan = plan_of("lookup", wanted[i].pattern, 3000, 1);
        size_t n_hits = 0;
        assert_int_equal(plan.n_phases, 3);
        assert_int_equal(plan.phases[0].n, 3000);
        assert_false(plan.phases[0].is_timed || plan.phases[1].is_timed);
        assert_int_equal(plan.phases[2].operation, wanted[i].operation);
        take(&plan, 2, 512, &stream);
        for (uint64_t j = 0; j < stream.n; j++)
            n_hits += stream.numbers[j] < 3000;
        assert_true(fabs((double)n_hits / (double)stream.n - wanted[i].hits) < 0.02);
    }
    /* and every key is asked for */
    static bool are_asked[3000];
    for (uint64_t j = 0; j < stream.n; j++)
        are_asked[stream.numbers[j]] = true;
    for (size_t j = 0; j < N_OF(are_asked); j++)
        assert_true(are_asked[j]);
}

static void a_small_map_is_looked_up_often_and_a_large_one_n_times(void **state)
{
    struct workload_plan plan;
    (void)state;
    assert_true(
        workload_plan_init(&plan, find("lookup"), 10, 1, "hit", NULL, &complaint));
    assert_int_equal(plan.phases[2].n, 200000);
    assert_true(
        workload_plan_init(&plan, find("lookup"), 3000000, 1, "hit", NULL, &complaint));
    assert_int_equal(plan.phases[1].n, 2000000);
    assert_int_equal(plan.phases[2].n, 3000000);
}

/* ---- ycsb ---- */

static void ycsb_mixes_are_those_of_the_paper(void **state)
{
    static const struct {
        const char *mix;
        double inserts; /* share of the operations that insert or overwrite */
    } wanted[] = {{"a", 0.5},  {"b", 0.05},       {"c", 0},
                  {"d", 0.05}, {"e", 2. / 1921.}, {"f", 1. / 3}};
    static struct stream stream;
    (void)state;
    for (size_t i = 0; i < N_OF(wanted); i++) {
        const struct workload_plan plan = plan_of("ycsb", wanted[i].mix, 5000, 1);
        const bool is_mixed = plan.phases[2].operation == OPERATION_MIXED;
        uint64_t n_inserts = 0, n_new = 0, most = 0;
        uint64_t counts[5000] = {0};
        take(&plan, 2, 448, &stream);
        for (uint64_t j = 0; j < stream.n; j++) {
            const bool is_insert = is_mixed && stream.operations[j] == OPERATION_INSERT;
            const uint64_t number = stream.numbers[j];
            assert_true(is_insert || !is_mixed || stream.operations[j] == OPERATION_GET);
            n_inserts += is_insert;
            if (number >= 5000) /* new keys come in order, and are inserted first */
                assert_true(is_insert ? number == 5000 + n_new++ : number < 5000 + n_new);
            else if (++counts[number] > most)
                most = counts[number];
        }
        const double share = (double)n_inserts / (double)stream.n;
        assert_true(fabs(share - wanted[i].inserts) < 0.02);
        const bool grows = wanted[i].mix[0] == 'd' || wanted[i].mix[0] == 'e';
        assert_int_equal(n_new > 0, grows);
        /* of 5000 keys some are popular; where it grows they change, or have neighbours */
        assert_true(grows || most > stream.n / 20);
    }
}

/* What is done does not depend on which key it is done to. */
static void ycsb_overwrites_popular_keys_as_often_as_others(void **state)
{
    static const struct {
        const char *mix;
        double share;
    } wanted[] = {{"a", 0.5}, {"b", 0.05}};
    static struct stream stream;
    (void)state;
    for (size_t i = 0; i < N_OF(wanted); i++) {
        const struct workload_plan plan = plan_of("ycsb", wanted[i].mix, 5000, 1);
        uint64_t counts[5000] = {0}, overwrites[5000] = {0}, popular = 0;
        take(&plan, 2, 448, &stream);
        for (uint64_t j = 0; j < stream.n; j++) {
            counts[stream.numbers[j]]++;
            overwrites[stream.numbers[j]] += stream.operations[j] == OPERATION_INSERT;
        }
        for (uint64_t number = 1; number < 5000; number++)
            popular = counts[number] > counts[popular] ? number : popular;
        const double n = (double)counts[popular], p = wanted[i].share;
        assert_true(fabs((double)overwrites[popular] - n * p) <
                    5 * sqrt(n * p * (1 - p)));
    }
}

static void ycsb_scans_go_over_neighbours_and_updates_follow_their_get(void **state)
{
    static struct stream stream;
    unsigned n_runs = 0, longest = 0, run = 1;
    (void)state;
    const struct workload_plan scans = plan_of("ycsb", "e", 5000, 1);
    take(&scans, 2, 448, &stream);
    for (uint64_t j = 1; j < stream.n; j++) {
        const bool goes_on = stream.numbers[j] == (stream.numbers[j - 1] + 1) % 5000;
        run = goes_on ? run + 1 : 1;
        n_runs += !goes_on;
        longest = run > longest ? run : longest;
    }
    assert_in_range(longest, 80, 200); /* two may meet by chance */
    assert_in_range(stream.n / n_runs, 40, 60);

    const struct workload_plan updates = plan_of("ycsb", "f", 5000, 1);
    take(&updates, 2, 448, &stream);
    for (uint64_t j = 0; j < stream.n; j++)
        if (stream.operations[j] == OPERATION_INSERT)
            assert_true(stream.operations[j - 1] == OPERATION_GET &&
                        stream.numbers[j - 1] == stream.numbers[j]);

    const struct workload_plan latest = plan_of("ycsb", "d", 5000, 1);
    uint64_t newest = 4999, n_newest = 0, n_gets = 0;
    take(&latest, 2, 448, &stream);
    for (uint64_t j = 0; j < stream.n; j++) {
        const bool is_get = stream.operations[j] == OPERATION_GET;
        n_gets += is_get;
        n_newest += is_get && stream.numbers[j] == newest;
        newest += !is_get;
    }
    assert_true(n_newest > n_gets / 20); /* the first of 5000 ranks: one in nine */
}

/* ---- churn ---- */

static void churn_replaces_what_is_there_and_keeps_the_size(void **state)
{
    static const uint64_t sizes[] = {1, 2, 100, 3000};
    static struct stream stream;
    (void)state;
    for (size_t i = 0; i < N_OF(sizes); i++) {
        for (int is_queue = 0; is_queue < 2; is_queue++) {
            static bool are_there[40000];
            const uint64_t n = sizes[i];
            const struct workload_plan plan =
                plan_of("churn", is_queue ? "oldest" : "random", n, 1);
            uint64_t n_in_order = 0;
            for (size_t j = 0; j < N_OF(are_there); j++)
                are_there[j] = j < n;
            assert_int_equal(plan.phases[0].n, n);
            take(&plan, 1, 448, &stream);
            for (uint64_t j = 0; j < stream.n; j++) {
                const bool is_delete = j % 2 == 0;
                assert_int_equal(stream.operations[j],
                                 is_delete ? OPERATION_DELETE : OPERATION_INSERT);
                assert_true(are_there[stream.numbers[j]] == is_delete);
                are_there[stream.numbers[j]] = !is_delete;
                n_in_order += is_delete && stream.numbers[j] == j / 2;
            }
            assert_true(is_queue ? n_in_order == stream.n / 2
                                 : n <= 2 || n_in_order < stream.n / 20);
        }
    }
}

/* ---- iterate, copy, batched ---- */

static void the_whole_map_is_one_batch(void **state)
{
    struct step step = {0};
    unsigned n_steps = 0;
    struct workload_plan plan;
    (void)state;
    assert_true(
        workload_plan_init(&plan, find("iterate"), 3000, 1, NULL, NULL, &complaint));
    assert_int_equal(workload_timed(&plan), 2001000); /* two million and what fills up */
    while (workload_next_step(&plan, true, &step)) {
        if (step.phase > 0)
            assert_int_equal(step.n, 3000);
        n_steps += step.phase == 2;
    }
    assert_int_equal(n_steps, 667);
    assert_true(
        workload_plan_init(&plan, find("copy"), 3000, 1, "reserved", NULL, &complaint));
    assert_int_equal(plan.phases[1].argument, 3000);
    assert_true(workload_plan_init(&plan, find("copy"), 3000, 1, NULL, NULL, &complaint));
    assert_int_equal(plan.phases[1].argument, 0);
    assert_int_equal(workload_timed(&plan), 3000);
}

static void batched_lookups_say_how_many_a_call(void **state)
{
    static const unsigned widths[] = {1, 4, 16, 64};
    (void)state;
    for (size_t i = 0; i < N_OF(widths); i++) {
        static struct feed feed;
        char pattern[8];
        bool is_end = false;
        snprintf(pattern, sizeof pattern, "%u", widths[i]);
        const struct workload_plan plan = plan_of("batched", pattern, 600, 1);
        feed_init(&feed, &plan, false, NULL);
        while (feed.step.phase < 2)
            assert_int_equal(feed_next(&feed, &is_end), OM_OK);
        assert_int_equal(feed.batch.operation, OPERATION_GET_MANY);
        assert_int_equal(feed.batch.argument, widths[i]);
        assert_true(widths[i] <= BATCH_MOST_A_CALL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stream_is_the_same_in_batches_of_any_size),
        cmocka_unit_test(streams_never_change),
        cmocka_unit_test(a_seed_changes_what_is_random_and_nothing_else),
        cmocka_unit_test(no_pattern_is_the_first_and_an_unknown_one_is_refused),
        cmocka_unit_test(a_mix_by_percentages_is_three_that_sum_to_100),
        cmocka_unit_test(a_share_of_hits_is_a_whole_percentage_up_to_100),
        cmocka_unit_test(an_unknown_workload_is_refused_with_the_nearest),
        cmocka_unit_test(batches_cover_the_plan_and_obey_their_limits),
        cmocka_unit_test(a_batch_of_fixed_size_data_takes_at_most_4_kib),
        cmocka_unit_test(string_keys_are_key_and_the_integer_or_20_digits),
        cmocka_unit_test(
            string_values_are_100_bytes_of_x_that_elsewhere_tell_the_operation),
        cmocka_unit_test(the_feed_makes_what_the_workload_says),
        cmocka_unit_test(load_factor_inserts_0_to_n_and_presizes_nothing),
        cmocka_unit_test(uniform_keys_are_distinct_and_spread_over_64_bits),
        cmocka_unit_test(clustered_keys_lie_in_10_clusters),
        cmocka_unit_test(sequential_keys_count_up),
        cmocka_unit_test(key_distribution_is_presized_to_the_power_of_two_from_n_on),
        cmocka_unit_test(operation_counts_are_exact_by_the_largest_remainder),
        cmocka_unit_test(operation_mix_prefills_n_by_10_keys_untimed_then_runs_n),
        cmocka_unit_test(operations_are_shuffled_and_their_keys_uniform),
        cmocka_unit_test(memory_patterns_overwrites_a_20th_and_churns_3_40ths),
        cmocka_unit_test(memory_patterns_draws_its_victims),
        cmocka_unit_test(keys_workload_inserts_hits_misses_and_deletes_half),
        cmocka_unit_test(keys_that_miss_are_no_keys_of_the_file),
        cmocka_unit_test(lookups_find_what_their_pattern_says),
        cmocka_unit_test(ycsb_mixes_are_those_of_the_paper),
        cmocka_unit_test(ycsb_overwrites_popular_keys_as_often_as_others),
        cmocka_unit_test(ycsb_scans_go_over_neighbours_and_updates_follow_their_get),
        cmocka_unit_test(churn_replaces_what_is_there_and_keeps_the_size),
        cmocka_unit_test(the_whole_map_is_one_batch),
        cmocka_unit_test(batched_lookups_say_how_many_a_call),
        cmocka_unit_test(a_small_map_is_looked_up_often_and_a_large_one_n_times),
        FOLDER_TEST(keys_workload_runs_over_a_file_as_it_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
