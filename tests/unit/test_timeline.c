/* SPDX-License-Identifier: MIT */
/* The timeline instrument: what it says of a run that is played to it, and what becomes of
 * that in a result; beside instrument memory, whose books it shares. */
#include "unit.h"

#include <jansson.h>
#include <sys/mman.h>

#include "instrument.h"
#include "result.h"
#include "timeline_result.h"

extern const struct instrument instrument_timeline, instrument_memory;

enum { TABLE = 4 << 20 };

static struct {
    struct run_facts facts;
    struct batch batch;
    char *text;
    size_t size;
    json_t *cell;
} run;

static int begin_run(void **state)
{
    (void)state;
    memset(&run, 0, sizeof run);
    run.facts.messages = open_memstream(&run.text, &run.size);
    run.facts.allocator = &om_allocator_default;
    run.batch.n = 512;
    instrument_memory.start(&run.facts);
    instrument_timeline.start(&run.facts);
    return run.facts.messages == NULL ? -1 : 0;
}

static int end_run(void **state)
{
    (void)state;
    json_decref(run.cell);
    fclose(run.facts.messages);
    free(run.text);
    return 0;
}

/* The next batch; what happens in it stands between this and end_batch. */
static void begin_batch(void)
{
    if (run.facts.batch != NULL)
        run.batch.first_operation += run.batch.n;
    run.facts.batch = &run.batch;
    instrument_timeline.begin();
}

static void end_batch(void)
{
    instrument_timeline.end(&run.batch);
}

static om_request table_of(size_t bytes)
{
    return (om_request){bytes, 64, "entries", OM_ZEROED};
}

/* A table in the old one's place, every page of it touched. */
static void *resize(void *old, size_t old_bytes, size_t new_bytes, size_t slots)
{
    const om_allocator *const a = run.facts.allocator;
    const om_resize event = {slots / 2, slots, 16, slots / 4, old_bytes, new_bytes};
    const om_request request = table_of(new_bytes), old_request = table_of(old_bytes);
    om_announce(a, &event, false);
    void *const table = om_allocate(a, &request);
    assert_non_null(table);
    memset(table, 1, new_bytes);
    if (old != NULL)
        om_release(a, old, &old_request);
    om_announce(a, &event, true);
    return table;
}

/* Ends the run; the timeline that became of what was said. */
static json_t *timeline(void)
{
    instrument_timeline.stop();
    instrument_timeline.finish(&run.facts);
    fflush(run.facts.messages);
    run.cell = json_pack("{s:{}}", "metrics");
    for (char *line = strtok(run.text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char name[64];
        struct sample sample = {0, 0, 0, 1, false};
        if (sscanf(line, "metric %63s %lf", name, &sample.value) == 2)
            result_add_sample(run.cell, name, &sample);
        else if (strncmp(line, "absent ", 7) == 0)
            json_object_set_new(run.cell, line, json_true());
        else
            (void)timeline_result_hear(run.cell, line);
    }
    json_t *const found = json_object_get(run.cell, "timeline");
    assert_non_null(found);
    return found;
}

static uint64_t of(const json_t *object, const char *field)
{
    if (!json_is_integer(json_object_get(object, field)))
        fail_msg("no '%s'", field);
    return (uint64_t)json_integer_value(json_object_get(object, field));
}

static uint64_t at(const json_t *timeline, size_t i, size_t k)
{
    return (uint64_t)json_integer_value(
        json_array_get(json_array_get(json_object_get(timeline, "points"), i), k));
}

static double metric(const char *name)
{
    const json_t *const sample = json_array_get(
        json_object_get(json_object_get(json_object_get(run.cell, "metrics"), name),
                        "samples"),
        0);
    if (sample == NULL)
        fail_msg("no %s", name);
    return json_number_value(json_object_get(sample, "value"));
}

/* Start, batch, and in the second one a resize: before, within, behind; then its end. */
static void a_resize_has_three_points_and_says_what_it_did(void **state)
{
    (void)state;
    begin_batch();
    void *table = resize(NULL, 0, TABLE, 1024);
    end_batch();
    begin_batch();
    table = resize(table, TABLE, 2 * TABLE, 2048);
    end_batch();
    json_t *const found = timeline();
    const json_t *const second = json_array_get(json_object_get(found, "resizes"), 1);
    const size_t n = json_array_size(json_object_get(found, "points"));
    static const uint64_t live[] = {0,     0,         TABLE,     TABLE,    TABLE,
                                    TABLE, 3 * TABLE, 2 * TABLE, 2 * TABLE};
    static const uint64_t operations[] = {0, 0, 0, 0, 512, 512, 512, 512, 1024};
    expect_u64("points", 0, n, N_OF(live));
    for (size_t i = 0; i < n; i++) {
        expect_u64("live", i, at(found, i, 2), live[i]);
        expect_u64("operation", i, at(found, i, 0), operations[i]);
    }
    expect_u64("old slots", 0, of(second, "old_capacity"), 1024);
    expect_u64("new slots", 0, of(second, "new_capacity"), 2048);
    expect_u64("items", 0, of(second, "items"), 512);
    expect_u64("operation", 0, of(second, "operation"), 512);
    expect_u64("held", 0, of(second, "peak_live_bytes"), 3 * TABLE);
    const om_request request = table_of(2 * TABLE);
    om_release(run.facts.allocator, table, &request);
}

/* Both tables are resident before the old one goes, whatever is behind it; the kernel may
 * count 100 KiB or so late. */
static void most_resident_in_a_resize_is_old_and_new(void **state)
{
    enum { SLACK = 512 << 10 };
    (void)state;
    begin_batch();
    void *table = resize(NULL, 0, TABLE, 1024);
    table = resize(table, TABLE, 2 * TABLE, 2048);
    end_batch();
    json_t *const found = timeline();
    const json_t *const second = json_array_get(json_object_get(found, "resizes"), 1);
    const uint64_t first = at(found, 0, 4);
    const uint64_t most = of(second, "peak_resident_bytes");
    if (most + SLACK < first + 3 * TABLE || most > first + 3 * TABLE + SLACK)
        fail_msg("%llu resident, %llu at the start", (unsigned long long)most,
                 (unsigned long long)first);
    expect_u64("metric", 0, (uint64_t)metric("resize_peak_resident_bytes"), most);
    const double ratio = metric("peak_resident_over_live");
    if (!(ratio > 1.3 && ratio < 1.7))
        fail_msg("%g resident by live, not 1.5", ratio);
    const om_request request = table_of(2 * TABLE);
    om_release(run.facts.allocator, table, &request);
}

static void page_faults_of_resizes_are_those_of_their_tables(void **state)
{
    (void)state;
    begin_batch();
    void *const other = malloc(1 << 20);
    assert_non_null(other);
    memset(other, 1, 1 << 20); /* these are not */
    void *const table = resize(NULL, 0, TABLE, 1024);
    end_batch();
    const json_t *const resize_row =
        json_array_get(json_object_get(timeline(), "resizes"), 0);
    const uint64_t faults = of(resize_row, "page_faults");
    const uint64_t pages = TABLE / (uint64_t)sysconf(_SC_PAGESIZE);
    expect_u64("metric", 0, (uint64_t)metric("resize_page_faults"), faults);
    if (faults > pages + 16) /* fewer where the kernel gives huge pages */
        fail_msg("%llu faults of %llu pages", (unsigned long long)faults,
                 (unsigned long long)pages);
    assert_true(faults > 0);
    const om_request request = table_of(TABLE);
    om_release(run.facts.allocator, table, &request);
    free(other);
}

static void a_resize_that_failed_is_none(void **state)
{
    const om_resize event = {16, 32, 16, 8, 256, 512};
    const om_request too_large = table_of(PTRDIFF_MAX);
    const om_allocator *const a = run.facts.allocator;
    (void)state;
    begin_batch();
    om_announce(a, &event, false);
    assert_null(om_allocate(a, &too_large));
    om_announce(a, &event, true);
    end_batch();
    expect_u64("resizes", 0, json_array_size(json_object_get(timeline(), "resizes")), 0);
    assert_true(json_object_get(run.cell, "absent resize_longest_ns no resize") != NULL);
}

/* Two instruments count one allocation once. */
static void memory_and_timeline_share_their_books(void **state)
{
    const om_request request = table_of(100);
    (void)state;
    begin_batch();
    void *const block = om_allocate(run.facts.allocator, &request);
    end_batch();
    instrument_memory.stop();
    instrument_memory.finish(&run.facts);
    (void)timeline();
    expect_u64("calls", 0, (uint64_t)metric("alloc_calls"), 1);
    expect_u64("bytes", 0, (uint64_t)metric("live_bytes"), 100);
    om_release(run.facts.allocator, block, &request);
}

/* What is outside of timed batches is no part of their time. */
static void a_resize_outside_of_timed_batches_has_no_share(void **state)
{
    (void)state;
    begin_batch();
    end_batch();
    void *const table = resize(NULL, 0, TABLE, 1024);
    const json_t *const resizes = json_object_get(timeline(), "resizes");
    assert_true(json_is_false(json_object_get(json_array_get(resizes, 0), "is_timed")));
    assert_true(metric("resize_share") == 0);
    assert_true(metric("resize_longest_ns") > 0);
    const om_request request = table_of(TABLE);
    om_release(run.facts.allocator, table, &request);
}

static void lines_that_make_no_sense_are_left_out(void **state)
{
    static const char *const lines[] = {
        "timeline",           "timeline 1",
        "timeline x 1",       "moment 1 2 3",
        "moment 1 2 3 4 5 6", "moment 1 2 3 x",
        "moment 1 2 3 4 -5",  "moment 1 2 3 99999999999999999",
        "resized 1 2 3",      "resized 0 16 32 12 256 512 9000 9400 1 1 768 1 2 3"};
    json_t *const cell = json_object();
    (void)state;
    (void)timeline_result_hear(cell, "moment 1 2 3 4");
    assert_int_equal(json_object_size(cell), 0);
    assert_true(timeline_result_hear(cell, "timeline 0 9"));
    json_t *const before = json_deep_copy(cell);
    for (size_t i = 0; i < N_OF(lines); i++) {
        (void)timeline_result_hear(cell, lines[i]);
        if (!json_equal(cell, before))
            fail_msg("'%s' was taken", lines[i]);
    }
    assert_false(timeline_result_hear(cell, "metric moment 1"));
    for (int i = 0; i < 2 * TIMELINE_MOST_POINTS; i++)
        assert_true(timeline_result_hear(cell, "moment 1 2 3 4"));
    assert_int_equal(
        json_array_size(json_object_get(json_object_get(cell, "timeline"), "points")),
        TIMELINE_MOST_POINTS);
    json_decref(before);
    json_decref(cell);
}

#define RUN_TEST(promise) cmocka_unit_test_setup_teardown(promise, begin_run, end_run)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_TEST(a_resize_has_three_points_and_says_what_it_did),
        RUN_TEST(most_resident_in_a_resize_is_old_and_new),
        RUN_TEST(page_faults_of_resizes_are_those_of_their_tables),
        RUN_TEST(a_resize_that_failed_is_none),
        RUN_TEST(memory_and_timeline_share_their_books),
        RUN_TEST(a_resize_outside_of_timed_batches_has_no_share),
        cmocka_unit_test(lines_that_make_no_sense_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
