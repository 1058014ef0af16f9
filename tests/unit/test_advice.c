/* SPDX-License-Identifier: MIT */
/* Which map is recommended, from results that were thought up, and what is said of it. */
#include "unit.h"

#include "picture.h"
#include "report/advice.h"
#include "report/advice_text.h"

enum { BLOCKS = 8 };
static const char *const designs[] = {"chaining", "open_addressing", "compact"};
static const struct advice_question plain = {designs, N_OF(designs), 0};

/* A metric whose samples are `value`, in every second block more by `wobble`, in the others
 * less. */
static json_t *metric(double value, double wobble, int n)
{
    json_t *const samples = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(
            samples, json_pack("{s:i, s:i, s:f}", "block", i, "position", 0, "value",
                               value * (i % 2 == 0 ? 1 - wobble : 1 + wobble)));
    return json_pack("{s:f, s:f, s:f, s:o}", "value", value, "low", value * 0.9, "high",
                     value * 1.1, "samples", samples);
}

static json_t *a_cell(const char *subject, const char *workload, double ns, double wobble,
                      double peak_bytes)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:{s:o, s:o, s:o, s:o, s:o}}",
                     "subject", subject, "workload", workload, "key", "u64", "hash",
                     "siphash13", "status", "ok", "reason", "", "pages", "default",
                     "metrics", "ns_per_op", metric(ns, wobble, BLOCKS), "peak_bytes",
                     metric(peak_bytes, 0, 1), "live_bytes", metric(peak_bytes / 2, 0, 1),
                     "bytes_per_entry", metric(30, 0, 1), "resizes", metric(7, 0, 1));
}

/* Under both workloads; it grows ten times as slowly. */
static void add(json_t *result, const char *subject, double ns, double wobble,
                double peak_bytes)
{
    json_t *const cells = json_object_get(result, "cells");
    json_array_append_new(cells,
                          a_cell(subject, "operation_mix", ns, wobble, peak_bytes / 2));
    json_array_append_new(cells, a_cell(subject, "load_factor", 10 * ns, 0, peak_bytes));
}

static json_t *cell_of(const json_t *result, size_t i)
{
    return json_array_get(json_object_get(result, "cells"), i);
}

/* compact is the fastest, chaining the smallest. */
static json_t *three_maps(void)
{
    json_t *const result = json_pack("{s:[]}", "cells");
    add(result, "chaining", 40, 0, 10485760);
    add(result, "open_addressing", 30, 0, 31457280);
    add(result, "compact", 20, 0, 20971520);
    return result;
}

static void expect_advice(const json_t *result, const struct advice_question *question,
                          const char *wanted)
{
    struct advice advice;
    advice_make(&advice, result, question);
    assert_non_null(advice.chosen);
    assert_string_equal(advice_name(advice.chosen), wanted);
}

static char *text_of(const json_t *result, const struct advice_question *question)
{
    struct advice advice;
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    advice_make(&advice, result, question);
    assert_non_null(advice.chosen);
    advice_text(&advice, question, to);
    fclose(to);
    expect_within(text, 80);
    for (char *at = text; *at != '\0'; at++) /* where lines are broken is no matter */
        if (*at == '\n' && at[1] == ' ')
            memmove(at, at + 2, strlen(at + 2) + 1);
    return text;
}

static void the_one_that_is_shown_to_be_the_fastest_is_recommended(void **state)
{
    json_t *const result = three_maps();
    (void)state;
    expect_advice(result, &plain, "compact");
    char *const text = text_of(result, &plain);
    expect_part(text, "Recommended: compact\n");
    expect_part(text, "It is shown to be faster: it takes 0.667 [0.667, 0.667] of the "
                      "time of open_addressing, the next.");
    expect_no_part(text, "by memory");
    expect_no_part(text, "Out ");
    free(text);
    json_decref(result);
}

/* The one takes the same time, of the other a difference is not shown: its ratio is below 1
 * in one block and above in the next. */
static void where_time_does_not_tell_memory_does(void **state)
{
    static const struct {
        double ns, wobble;
        const char *says;
    } cases[] = {{20.05, 0, "compact, the next, takes the same time within 1 %: 1.002"},
                 {21, 0.2, "A difference in time to compact, the next, is not shown: "},
                 {19, 0.2, "A difference in time to compact, the next, is not shown: "}};
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        json_t *const result = json_pack("{s:[]}", "cells");
        add(result, "chaining", 40, 0, 10485760);
        add(result, "compact", 20, 0, 20971520);
        add(result, "open_addressing", cases[i].ns, cases[i].wobble, 15728640);
        expect_advice(result, &plain, "open_addressing");
        char *const text = text_of(result, &plain);
        expect_part(text, cases[i].says);
        expect_part(text, "Chosen by memory, a peak of 15.0 MiB against 20.0 MiB.");
        free(text);
        json_decref(result);
    }
}

static void few_blocks_show_nothing(void **state)
{
    json_t *const result = three_maps();
    size_t i;
    json_t *cell;
    (void)state;
    json_array_foreach(json_object_get(result, "cells"), i, cell)
    {
        json_t *const metrics = json_object_get(cell, "metrics");
        const double ns = json_number_value(
            json_object_get(json_object_get(metrics, "ns_per_op"), "value"));
        json_object_set_new(metrics, "ns_per_op", metric(ns, 0, 5));
    }
    expect_advice(result, &plain, "chaining");
    char *const text = text_of(result, &plain);
    expect_part(text, "In so few blocks no difference in time can be shown to compact, "
                      "the next: chosen by memory, a peak of 10.0 MiB against 20.0 MiB.");
    free(text);
    json_decref(result);
}

static void what_is_above_the_limit_is_out_and_named(void **state)
{
    const struct advice_question limited = {designs, N_OF(designs), 20971519};
    const struct advice_question just = {designs, N_OF(designs), 20971520};
    json_t *const result = three_maps();
    (void)state;
    expect_advice(result, &just, "compact");
    expect_advice(result, &limited, "chaining");
    char *const text = text_of(result, &limited);
    expect_part(text, "Out open_addressing: at its peak it held 31,457,280 bytes");
    expect_part(text, "compact: at its peak it held 20,971,520 bytes, the limit is "
                      "20,971,519");
    expect_part(text, "It is the only one of ours that is left");
    free(text);
    json_object_del(json_object_get(cell_of(result, 0), "metrics"), "peak_bytes");
    json_object_del(json_object_get(cell_of(result, 1), "metrics"), "peak_bytes");
    struct advice advice;
    advice_make(&advice, result, &limited);
    assert_null(advice.chosen); /* what is not weighed is not known to be below */
    json_decref(result);
}

static void where_none_is_left_the_least_is_told(void **state)
{
    const struct advice_question limited = {designs, N_OF(designs), 1000000};
    struct advice advice;
    struct complaint complaint;
    json_t *const result = three_maps();
    (void)state;
    advice_make(&advice, result, &limited);
    assert_null(advice.chosen);
    assert_false(advice_complain(&advice, &limited, &complaint));
    assert_string_equal(complaint.text,
                        "no map stays below 1000000 bytes: chaining needs the least, "
                        "10485760 at its peak; raise --memory-limit or lower -n");
    json_decref(result);
}

/* Be it under the use or in growth alone. */
static void a_map_that_answers_wrongly_is_never_recommended(void **state)
{
    (void)state;
    for (size_t i = 4; i < 6; i++) {
        json_t *const result = three_maps();
        json_object_set_new(cell_of(result, i), "status", json_string("wrong"));
        json_object_set_new(cell_of(result, i), "reason", json_string("a get of 7"));
        expect_advice(result, &plain, "open_addressing");
        char *const text = text_of(result, &plain);
        expect_part(text, i == 4 ? "compact: wrong under operation_mix: a get of 7"
                                 : "compact: wrong under load_factor: a get of 7");
        expect_no_part(text, "onemiss/compact.h");
        free(text);
        json_decref(result);
    }
}

static void where_all_are_bad_one_is_told(void **state)
{
    struct advice advice;
    struct complaint complaint;
    json_t *const result = json_pack("{s:[]}", "cells");
    (void)state;
    add(result, "chaining", 40, 0, 1e6);
    json_object_set_new(cell_of(result, 0), "status", json_string("crashed"));
    json_object_set_new(cell_of(result, 0), "reason", json_string("signal 11"));
    advice_make(&advice, result, &plain);
    assert_null(advice.chosen);
    assert_false(advice_complain(&advice, &plain, &complaint));
    assert_string_equal(complaint.text,
                        "no map can be recommended: chaining: crashed: signal 11");
    json_decref(result);
}

/* An honest loss; but what is not shown, or wrong, is none. */
static void a_faster_peer_is_named_and_never_recommended(void **state)
{
    json_t *const result = three_maps();
    (void)state;
    add(result, "quick", 15, 0, 5e6);
    json_object_set_new(cell_of(result, 6), "origin", json_string("Quick 1.2"));
    add(result, "lame", 25, 0, 5e6);
    add(result, "moody", 19, 0.2, 5e6);
    add(result, "false", 5, 0, 5e6);
    json_object_set_new(cell_of(result, 12), "status", json_string("wrong"));
    expect_advice(result, &plain, "compact");
    char *const text = text_of(result, &plain);
    expect_part(text, "Faster than it, and not ours: quick (Quick 1.2) takes 0.750 "
                      "[0.750, 0.750] of its time.");
    expect_no_part(text, "lame takes");
    expect_no_part(text, "moody takes");
    expect_no_part(text, "false takes");
    expect_part(text, "false: wrong under operation_mix");
    free(text);
    struct advice advice;
    advice_make(&advice, result, &plain);
    json_t *const json = advice_json(&advice, &plain);
    json_t *const wanted = parse_json(
        "{'recommended': 'compact', 'next': 'open_addressing', 'faster': ['quick'],"
        " 'memory_limit_bytes': null}");
    json_object_del(json, "against_next");
    assert_true(json_equal(json, wanted));
    json_decref(wanted);
    json_decref(json);
    json_decref(result);
}

static void that_no_peer_is_faster_is_said(void **state)
{
    json_t *const result = three_maps();
    (void)state;
    add(result, "lame", 25, 0, 5e6);
    char *const text = text_of(result, &plain);
    expect_part(text, "Of other people's maps 1 ran: none is shown to be faster.");
    free(text);
    json_decref(result);
}

static json_t *a_stall(double duration_ns, double resize_ns, int is_preempted)
{
    return json_pack("{s:i, s:i, s:s, s:f, s:b, s:i, s:f}", "block", 1, "operation",
                     11468, "kind", "insert", "duration_ns", duration_ns, "is_preempted",
                     is_preempted, "new_capacity", 32768, "resize_ns", resize_ns);
}

static void the_price_is_that_of_the_numbers_and_of_the_contract(void **state)
{
    json_t *const result = three_maps();
    (void)state;
    json_object_set_new(cell_of(result, 1), "stalls",
                        json_pack("[o]", a_stall(200000, 190000, 0)));
    json_object_set_new(
        cell_of(result, 5), "stalls",
        json_pack("[o, o]", a_stall(9e6, 8e6, 1), a_stall(2.5e6, 2.4e6, 0)));
    char *text = text_of(result, &plain);
    expect_part(text,
                "A resize moves all entries: pointers to values end with any insert");
    expect_part(text, "The longest single operation, insert 11,468, took 2.5 ms, of it "
                      "2.4 ms a resize to 32,768 slots; my_map_reserve ahead spares it. "
                      "That of chaining took 200.0 us.");
    expect_part(text,
                "At its peak it held 20.0 MiB, in the end 10.0 MiB: a resize has the "
                "old table and the new.");
    expect_part(text, "chaining would hold 10.0 MiB at its peak, but take 2.000 [2.000, "
                      "2.000] of its time.");
    expect_no_part(text, "grows faster");
    free(text);

    json_array_remove(json_object_get(result, "cells"), 4);
    json_array_insert_new(json_object_get(result, "cells"), 4,
                          a_cell("compact", "operation_mix", 35, 0, 1e6));
    text = text_of(result, &plain); /* open_addressing is the fastest now */
    expect_part(text, "How long a single operation may take is not known");
    expect_part(text, "compact grows faster, in 0.667 [0.667, 0.667] of its time.");
    free(text);
    json_decref(result);
}

static void chaining_keeps_entries_where_they_are(void **state)
{
    json_t *const result = json_pack("{s:[]}", "cells");
    (void)state;
    add(result, "chaining", 20, 0, 1e6);
    char *const text = text_of(result, &plain);
    expect_part(text, "Entries stay where they are through a resize");
    expect_no_part(text, "A resize moves all entries");
    free(text);
    json_decref(result);
}

/* With keys of the user's there is one workload, which grows, too. */
static void a_result_without_growth_is_enough(void **state)
{
    json_t *const result = json_pack("{s:[]}", "cells");
    json_t *const cells = json_object_get(result, "cells");
    (void)state;
    json_array_append_new(cells, a_cell("chaining", "keys", 30, 0, 1e6));
    json_array_append_new(cells, a_cell("compact", "keys", 20, 0, 3e6));
    json_object_set_new(cell_of(result, 1), "key", json_string("str"));
    json_object_set_new(cell_of(result, 1), "hash", json_string("wyhash"));
    char *const text = text_of(result, &plain);
    expect_part(text, "Recommended: compact\n");
    expect_part(text, "when half of the keys are deleted");
    expect_part(text, "At its peak it held 2.9 MiB");
    expect_part(text, "The hash wyhash is not for keys from people who wish you ill.");
    expect_part(text, "#include <onemiss/core/hash_wyhash.h>\n");
    expect_part(text, "#define OM_KEY   om_string\n");
    expect_part(text, "#define OM_HASH  om_wyhash_view\n");
    expect_part(text, "#include <onemiss/compact.h>\n");
    free(text);
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_one_that_is_shown_to_be_the_fastest_is_recommended),
        cmocka_unit_test(where_time_does_not_tell_memory_does),
        cmocka_unit_test(few_blocks_show_nothing),
        cmocka_unit_test(what_is_above_the_limit_is_out_and_named),
        cmocka_unit_test(where_none_is_left_the_least_is_told),
        cmocka_unit_test(a_map_that_answers_wrongly_is_never_recommended),
        cmocka_unit_test(where_all_are_bad_one_is_told),
        cmocka_unit_test(a_faster_peer_is_named_and_never_recommended),
        cmocka_unit_test(that_no_peer_is_faster_is_said),
        cmocka_unit_test(the_price_is_that_of_the_numbers_and_of_the_contract),
        cmocka_unit_test(chaining_keeps_entries_where_they_are),
        cmocka_unit_test(a_result_without_growth_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
