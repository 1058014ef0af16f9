/* SPDX-License-Identifier: MIT */
/* The latency instrument names the operation that took long, and the resize in it. */
#include "unit.h"

#include "instrument.h"
#include "subject_stamp.h"

extern const struct instrument instrument_latency;

enum { N = 8 };

static struct {
    struct run_facts facts;
    struct batch batch;
    uint64_t stamps[N + 1];
    uint8_t operations[N];
    char *text;
    size_t size;
} run;

static int begin_run(void **state)
{
    (void)state;
    memset(&run, 0, sizeof run);
    run.facts.messages = open_memstream(&run.text, &run.size);
    run.facts.allocator = &om_allocator_default;
    run.batch.stamps = run.stamps;
    run.batch.operations = run.operations;
    run.batch.n = N;
    instrument_latency.start(&run.facts);
    return run.facts.messages == NULL ? -1 : 0;
}

static int end_run(void **state)
{
    (void)state;
    fclose(run.facts.messages);
    free(run.text);
    return 0;
}

static const char *said(void)
{
    instrument_latency.finish(&run.facts);
    fflush(run.facts.messages);
    return run.text;
}

static void spin(uint64_t ticks)
{
    const uint64_t from = stamp_now();
    while (stamp_now() - from < ticks)
        ;
}

/* Stamps of a batch whose operations take the same, but for one. */
static void fill_stamps(unsigned slow, uint64_t usual, uint64_t long_time)
{
    uint64_t now = stamp_now();
    run.stamps[0] = now;
    for (unsigned i = 0; i < N; i++)
        run.stamps[i + 1] = now += i == slow ? long_time : usual;
}

/* The longest stall that was sent, preempted or not. */
static void longest_stall(struct stall *longest)
{
    int kind, is_preempted, n = 0;
    longest->duration_ns = 0;
    for (const char *line = said(); (line = strstr(line, "stall ")) != NULL; line++) {
        struct stall stall;
        assert_int_equal(sscanf(line, "stall %lu %d %lf %d %lu %lf", &stall.operation,
                                &kind, &stall.duration_ns, &is_preempted,
                                &stall.new_capacity, &stall.resize_ns),
                         6);
        stall.kind = (enum operation)kind;
        n++;
        if (stall.duration_ns > longest->duration_ns)
            *longest = stall;
    }
    assert_true(n > 0);
}

static void the_longest_operation_is_named_by_number_and_kind(void **state)
{
    struct stall stall;
    (void)state;
    run.batch.operation = OPERATION_MIXED;
    run.batch.first_operation = 1000;
    run.operations[5] = OPERATION_DELETE;
    instrument_latency.begin();
    fill_stamps(5, 10000, 5000000);
    instrument_latency.end(&run.batch);
    run.batch.operation = OPERATION_GET;
    run.batch.first_operation = 2000;
    instrument_latency.begin();
    fill_stamps(2, 10000, 4000000);
    instrument_latency.end(&run.batch);
    longest_stall(&stall);
    expect_u64("operation", 0, stall.operation, 1005);
    expect_u64("kind", 0, (uint64_t)stall.kind, OPERATION_DELETE);
    expect_u64("capacity", 0, stall.new_capacity, 0);
}

static void the_resize_inside_it_is_named_with_its_duration(void **state)
{
    const om_resize resize = {1024, 2048, 16, 717, 16384, 32768};
    struct stall stall;
    (void)state;
    run.batch.operation = OPERATION_INSERT;
    instrument_latency.begin();
    for (unsigned i = 0; i <= N; i++) {
        run.stamps[i] = stamp_now();
        if (i != 3)
            continue;
        run.facts.allocator->on_resize(run.facts.allocator->context, &resize, false);
        spin(20000000);
        run.facts.allocator->on_resize(run.facts.allocator->context, &resize, true);
    }
    instrument_latency.end(&run.batch);
    longest_stall(&stall);
    expect_u64("operation", 0, stall.operation, 3);
    expect_u64("capacity", 0, stall.new_capacity, 2048);
    if (!(stall.resize_ns > 0 && stall.resize_ns <= stall.duration_ns))
        fail_msg("resize %g ns, operation %g ns", stall.resize_ns, stall.duration_ns);
}

static void what_two_stamps_cannot_tell_apart_is_a_bound(void **state)
{
    (void)state;
    run.batch.operation = OPERATION_GET;
    for (int i = 0; i < 1000; i++) {
        instrument_latency.begin();
        fill_stamps(N, 1, 1);
        instrument_latency.end(&run.batch);
    }
    const char *const text = said();
    expect_part(text, "bound latency_p50_ns ");
    expect_part(text, "bound latency_max_ns ");
}

static void many_resizes_of_a_batch_are_no_overrun(void **state)
{
    const om_resize resize = {16, 32, 16, 12, 256, 512};
    (void)state;
    run.batch.operation = OPERATION_INSERT;
    instrument_latency.begin();
    for (int i = 0; i < 100; i++) {
        run.facts.allocator->on_resize(run.facts.allocator->context, &resize, false);
        run.facts.allocator->on_resize(run.facts.allocator->context, &resize, true);
    }
    fill_stamps(0, 100, 100);
    instrument_latency.end(&run.batch);
    expect_part(said(), "stall ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_longest_operation_is_named_by_number_and_kind,
                                        begin_run, end_run),
        cmocka_unit_test_setup_teardown(the_resize_inside_it_is_named_with_its_duration,
                                        begin_run, end_run),
        cmocka_unit_test_setup_teardown(what_two_stamps_cannot_tell_apart_is_a_bound,
                                        begin_run, end_run),
        cmocka_unit_test_setup_teardown(many_resizes_of_a_batch_are_no_overrun, begin_run,
                                        end_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
