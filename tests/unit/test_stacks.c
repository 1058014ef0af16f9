/* SPDX-License-Identifier: MIT */
/* Folding: what passes the timed batches is counted under the names of the source, by
 * closed forms; and stacks that are wrong are told as such. */
#include "picture.h"

#include "formats/perf_script.h"
#include "instrument.h"
#include "result.h"
#include "stacks_result.h"

static struct complaint complaint;

static const struct stacks_setup setup = {
    STACKS_ROOT,
    "u64_siphash13_",
    {"flame_self_test_inner", "flame_self_test_middle", "flame_self_test_outer"}};

static const struct stacks_origin origin = {
    "perf 1", "dwarf", "", 1000, true, NULL, 0, "",
};

/* Names from the innermost, blanks between; "k:" before the kernel's, "@file.h:1" behind a
 * name its line; "?" has no name, "?lib" only a file. */
static void give_times(struct stacks *stacks, const char *names, size_t times)
{
    static struct stack_sample sample;
    char copy[512], *rest = copy;
    memset(&sample, 0, sizeof sample);
    snprintf(sample.event, sizeof sample.event, "cycles");
    snprintf(copy, sizeof copy, "%s", names);
    for (char *name; (name = strsep(&rest, " ")) != NULL;) {
        struct stack_frame *const frame = &sample.frames[sample.n_frames++];
        char *const at = strchr(name, '@');
        frame->is_kernel = strncmp(name, "k:", 2) == 0;
        name += frame->is_kernel ? 2 : 0;
        if (at != NULL) {
            *at = '\0';
            snprintf(frame->where, sizeof frame->where, "%s", at + 1);
        }
        if (name[0] == '?')
            snprintf(frame->object, sizeof frame->object, "%s", name + 1);
        else
            snprintf(frame->symbol, sizeof frame->symbol, "%s", name);
    }
    for (size_t i = 0; i < times; i++)
        stacks_take(stacks, &sample);
}

static void expect_json(json_t *got, const char *wanted)
{
    json_t *const other = parse_json(wanted);
    char *const text = json_dumps(got, JSON_COMPACT);
    if (!json_equal(got, other))
        fail_msg("%s, not %s", text, wanted);
    free(text);
    json_decref(other);
    json_decref(got);
}

static void what_passes_the_root_is_folded_by_name(void **state)
{
    (void)state;
    struct stacks *const stacks = stacks_create(&setup);
    give_times(stacks, "u64_siphash13_find u64_siphash13_run run_timed_batch.isra.0 main",
               5);
    give_times(stacks, "u64_siphash13_find.part.0 u64_siphash13_run run_timed_batch main",
               2);
    give_times(stacks,
               "k:clear_page k:fault memset u64_siphash13_run run_timed_batch main", 3);
    give_times(stacks, "run_timed_batch main", 1);
    give_times(stacks, "?libc.so.6 ? k:? u64_siphash13_run run_timed_batch main", 1);
    give_times(stacks, "feed_next main", 4);
    give_times(stacks, "lost_in_the_middle", 3);
    const struct stacks_counts *const counts = stacks_counts(stacks);
    expect_u64("inside", 0, counts->inside, 12);
    expect_u64("kernel", 0, counts->kernel, 3);
    expect_u64("outside", 0, counts->outside, 7);
    expect_u64("broken", 0, counts->broken, 3);
    expect_json(stacks_folded(stacks),
                "[['run;find', 7], ['run;memset;fault_[k];clear_page_[k]', 3],"
                " ['run_timed_batch', 1], "
                "['run;[unknown]_[k];[unknown];[libc.so.6]', 1]]");
    stacks_destroy(stacks);
}

static void a_prefix_stays_where_names_would_fall_together(void **state)
{
    (void)state;
    struct stacks *const stacks = stacks_create(&setup);
    give_times(stacks, "u64_siphash13_find u64_siphash13_run run_timed_batch", 1);
    give_times(stacks, "find u64_siphash13_run run_timed_batch", 2);
    give_times(stacks, "u64_siphash13_ a;b u64_siphash13_run run_timed_batch", 3);
    expect_json(stacks_folded(stacks), "[['run;a:b;u64_siphash13_', 3], ['run;find', 2],"
                                       " ['run;u64_siphash13_find', 1]]");
    stacks_destroy(stacks);
}

static void lines_are_those_of_user_mode(void **state)
{
    (void)state;
    struct stacks *const stacks = stacks_create(&setup);
    give_times(stacks, "k:fault u64_siphash13_find@map.h:7 run_timed_batch", 2);
    give_times(stacks, "u64_siphash13_find@map.h:7 run_timed_batch", 3);
    give_times(stacks, "u64_siphash13_find@map.h:8 run_timed_batch", 4);
    give_times(stacks, "memset run_timed_batch", 1);
    expect_json(stacks_lines(stacks),
                "[{'where': 'map.h:7', 'function': 'find', 'samples': 5, "
                "'kernel_samples': 2}, {'where': 'map.h:8', 'function': 'find', "
                "'samples': 4, 'kernel_samples': 0}, {'where': '?', 'function': "
                "'memset', 'samples': 1, 'kernel_samples': 0}]");
    stacks_destroy(stacks);
}

/* 5000 different stacks; their sum stays. */
static void more_stacks_than_there_is_room_for_become_one(void **state)
{
    (void)state;
    struct stacks *const stacks = stacks_create(&setup);
    for (int i = 0; i < 5000; i++) {
        char names[64];
        snprintf(names, sizeof names, "f%d run_timed_batch", i);
        give_times(stacks, names, i == 4999 ? 2 : 1);
    }
    json_t *const folded = stacks_folded(stacks);
    assert_int_equal(json_array_size(folded), MOST_STACKS);
    const json_t *const last = json_array_get(folded, MOST_STACKS - 1);
    assert_string_equal(json_string_value(json_array_get(last, 0)), "[other]");
    expect_u64("rest", 0, (uint64_t)json_integer_value(json_array_get(last, 1)),
               5001 - (MOST_STACKS - 2) - 2);
    assert_string_equal(json_string_value(json_array_get(json_array_get(folded, 0), 0)),
                        "f4999");
    json_decref(folded);
    stacks_destroy(stacks);
}

static void names_from_outside_are_made_plain(void **state)
{
    (void)state;
    struct stacks *const stacks = stacks_create(&setup);
    static struct stack_sample sample;
    memset(&sample, 0, sizeof sample);
    sample.n_frames = MOST_FRAMES;
    for (size_t i = 0; i < MOST_FRAMES; i++)
        memset(sample.frames[i].symbol, i == 0 ? 0x1b : 0xff, SYMBOL_ROOM - 1);
    strcpy(sample.frames[MOST_FRAMES - 1].symbol, STACKS_ROOT);
    stacks_take(stacks, &sample);
    json_t *const folded = stacks_folded(stacks);
    const char *const stack =
        json_string_value(json_array_get(json_array_get(folded, 0), 0));
    assert_non_null(stack);
    assert_true(strlen(stack) < 8192);
    assert_true(strspn(stack, "?;[deeper]") == strlen(stack));
    json_decref(folded);
    stacks_destroy(stacks);
}

/* ---- the self-test ---- */

static json_t *a_cell(void)
{
    return parse_json("{'status': 'ok', 'metrics': {}}");
}

static void take_fixture(const char *name, struct stacks *stacks)
{
    char path[UNIT_PATH], line[1024];
    struct perf_script script;
    snprintf(path, sizeof path, "%s/perf-script/%s", FIXTURES, name);
    FILE *const file = fopen(path, "r");
    assert_non_null(file);
    perf_script_begin(&script, stacks_take, stacks);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        assert_true(perf_script_line(&script, line, &complaint));
    }
    assert_true(perf_script_end(&script, &complaint));
    fclose(file);
}

static const char *warning_of(const json_t *cell)
{
    return json_string_value(json_object_get(json_object_get(cell, "stacks"), "warning"));
}

static void a_right_recording_has_no_warning(void **state)
{
    (void)state;
    struct stacks *const stacks = stacks_create(&setup);
    json_t *const cell = a_cell();
    take_fixture("dwarf.txt", stacks);
    const struct stacks_counts *const counts = stacks_counts(stacks);
    expect_u64("inside", 0, counts->inside, 5);
    expect_u64("kernel", 0, counts->kernel, 2);
    expect_u64("outside", 0, counts->outside, 1);
    expect_u64("seen", 0, counts->chain_seen, 4);
    expect_u64("right", 0, counts->chain_right, 4);
    assert_true(stacks_to_cell(cell, stacks, &origin, &complaint));
    if (warning_of(cell) != NULL)
        fail_msg("warning: %s", warning_of(cell));
    json_t *const folded = json_object_get(json_object_get(cell, "stacks"), "folded");
    char *const text = json_dumps(folded, JSON_COMPACT);
    expect_part(text, "run;insert;prepare;rehash;allocate_table;om_allocate;"
                      "__memset_avx512_unaligned_erms;asm_exc_page_fault_[k]");
    expect_part(text, "\"run;insert;prepare;find\"");
    free(text);
    json_decref(cell);
    stacks_destroy(stacks);
}

static void a_broken_unwinding_is_told(void **state)
{
    (void)state;
    struct stacks *stacks = stacks_create(&setup);
    json_t *cell = a_cell();
    take_fixture("frame_pointers.txt", stacks);
    assert_false(stacks_to_cell(cell, stacks, &origin, &complaint));
    expect_part(complaint.text, "of the self-test's 4 stacks 0 were right");
    give_times(stacks, "u64_siphash13_run run_timed_batch main", 100);
    assert_true(stacks_to_cell(cell, stacks, &origin, &complaint));
    expect_part(warning_of(cell), "stood in order in only 0 of 4 samples");
    json_decref(cell);
    stacks_destroy(stacks);
}

static void each_doubt_is_told(void **state)
{
    static const struct {
        const char *names, *says;
        size_t times;
    } doubts[] = {
        {"u64_siphash13_find main", "self-test was hardly sampled", 1},
        {"flame_self_test_inner flame_self_test_outer flame_self_test_middle main",
         "in only 10 of 15 samples", 5},
        {"u64_siphash13_find ?", "40 of 150 stacks break off", 40},
        {"k:? u64_siphash13_run run_timed_batch main", "kernel.kptr_restrict=0", 3},
    };
    (void)state;
    for (size_t i = 0; i < N_OF(doubts); i++) {
        struct stacks *const stacks = stacks_create(&setup);
        json_t *const cell = a_cell();
        give_times(stacks, "u64_siphash13_run run_timed_batch main", 100);
        if (i > 0)
            give_times(stacks,
                       "flame_self_test_inner flame_self_test_middle "
                       "flame_self_test_outer main",
                       10);
        give_times(stacks, doubts[i].names, doubts[i].times);
        assert_true(stacks_to_cell(cell, stacks, &origin, &complaint));
        if (warning_of(cell) == NULL)
            fail_msg("no warning: %s", doubts[i].says);
        expect_part(warning_of(cell), doubts[i].says);
        assert_null(strstr(warning_of(cell), "; the kernel's functions have no names; "));
        json_decref(cell);
        stacks_destroy(stacks);
    }
}

static void without_the_kernel_its_share_has_a_reason(void **state)
{
    (void)state;
    struct stacks *const stacks = stacks_create(&setup);
    json_t *const cell = a_cell(), *const metrics = json_object_get(cell, "metrics");
    struct stacks_origin user = origin;
    user.has_kernel = false;
    user.lost = 7;
    give_times(stacks, "u64_siphash13_run run_timed_batch main", 100);
    assert_true(stacks_to_cell(cell, stacks, &user, &complaint));
    result_finish_cell(cell, 0);
    expect_part(json_string_value(json_object_get(
                    json_object_get(metrics, "flame_kernel_share"), "reason")),
                "kernel.perf_event_paranoid");
    expect_part(warning_of(cell), "7 more samples were lost");
    json_decref(cell);
    stacks_destroy(stacks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_passes_the_root_is_folded_by_name),
        cmocka_unit_test(a_prefix_stays_where_names_would_fall_together),
        cmocka_unit_test(lines_are_those_of_user_mode),
        cmocka_unit_test(more_stacks_than_there_is_room_for_become_one),
        cmocka_unit_test(names_from_outside_are_made_plain),
        cmocka_unit_test(a_right_recording_has_no_warning),
        cmocka_unit_test(a_broken_unwinding_is_told),
        cmocka_unit_test(each_doubt_is_told),
        cmocka_unit_test(without_the_kernel_its_share_has_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
