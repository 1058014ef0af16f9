/* SPDX-License-Identifier: MIT */
/* The choice of machines: what the options ask for as one text, and what the text says. */
#include "unit.h"

#include "model_choice.h"

static struct model_choice choice;
static struct complaint complaint;
static char text[MODEL_CHOICE_ROOM];

static void make(const char *machines, const char *geometry)
{
    complaint.text[0] = '\0';
    if (!model_choice_make(machines, geometry, false, text, &complaint))
        fail_msg("%s", complaint.text);
}

static void read_back(const char *from)
{
    complaint.text[0] = '\0';
    if (!model_choice_read(from, &choice, &complaint))
        fail_msg("%s", complaint.text);
}

static const struct modelled *only(const char *machines)
{
    make(machines, NULL);
    read_back(text);
    assert_int_equal(choice.n, 1);
    return &choice.machines[0];
}

static void without_a_wish_it_is_the_notes_laptop(void **state)
{
    (void)state;
    make(NULL, NULL);
    assert_string_equal(text, "i7-8550U");
    read_back(text);
    assert_int_equal(choice.n, 1);
    assert_string_equal(choice.machines[0].name, "i7-8550U");
    assert_int_equal(choice.machines[0].geometry.n_levels, 3);
    assert_int_equal(choice.machines[0].geometry.levels[0].bytes, 32768);
    assert_true(choice.machines[0].model.walks_pages);
}

static void names_keep_their_order(void **state)
{
    (void)state;
    make("zen4,i7-8550U,apple-m1", NULL);
    assert_string_equal(text, "zen4;i7-8550U;apple-m1");
    read_back(text);
    assert_int_equal(choice.n, 3);
    assert_string_equal(choice.machines[0].name, "zen4");
    assert_string_equal(choice.machines[2].name, "apple-m1");
    assert_int_equal(choice.machines[2].geometry.line_bytes, 128);
}

static void all_is_every_machine_of_the_table(void **state)
{
    (void)state;
    make("all", NULL);
    read_back(text);
    assert_int_equal(choice.n, sim_n_machines);
    for (size_t i = 0; i < sim_n_machines; i++) {
        assert_string_equal(choice.machines[i].name, sim_machines[i].name);
        assert_memory_equal(&choice.machines[i].geometry, &sim_machines[i].geometry,
                            sizeof choice.machines[i].geometry);
    }
}

static void a_geometry_goes_first_and_behaves_plainly(void **state)
{
    const struct sim_model *const model = &choice.machines[0].model;
    (void)state;
    make("zen4", "48K/12,1M/8@128");
    assert_string_equal(text, "own=48K/12,1M/8@128;zen4");
    read_back(text);
    assert_int_equal(choice.n, 2);
    assert_string_equal(choice.machines[0].name, "own");
    assert_int_equal(choice.machines[0].geometry.n_levels, 2);
    assert_int_equal(choice.machines[0].geometry.levels[0].ways, 12);
    assert_int_equal(choice.machines[0].geometry.line_bytes, 128);
    assert_int_equal(choice.machines[0].geometry.tlbs[0].entries, 0);
    assert_int_equal(model->policy, SIM_LRU);
    assert_int_equal(model->prefetchers, 0);
    assert_int_equal(model->last_level, SIM_NEITHER);
    assert_false(model->walks_pages || model->zeroes_pages);
    make(NULL, "32K/8");
    assert_string_equal(text, "own=32K/8");
}

static void a_measured_host_behaves_as_the_first_of_the_table(void **state)
{
    (void)state;
    read_back("host=48K/12,1M/16");
    assert_string_equal(choice.machines[0].name, "host");
    assert_int_equal(choice.machines[0].model.prefetchers,
                     sim_machines[0].model.prefetchers);
    assert_int_equal(choice.machines[0].model.last_level,
                     sim_machines[0].model.last_level);
}

/* Each changes what it says, and nothing else. */
static void each_switch_changes_one_thing(void **state)
{
    static const char *const names[] = {
        "i7-8550U:no-walks",    "i7-8550U:no-zeroing",     "i7-8550U:no-inclusion",
        "i7-8550U:no-prefetch", "i7-8550U:with-next-line", "i7-8550U:with-adjacent-line"};
    static const unsigned prefetchers[] = {SIM_STREAM,
                                           SIM_STREAM,
                                           SIM_STREAM,
                                           0,
                                           SIM_STREAM | SIM_NEXT_LINE,
                                           SIM_STREAM | SIM_ADJACENT_LINE};
    const struct sim_model whole = sim_machine_find("i7-8550U")->model;
    (void)state;
    assert_true(whole.walks_pages && whole.zeroes_pages);
    assert_int_equal(whole.last_level, SIM_INCLUSIVE);
    assert_int_equal(whole.prefetchers, SIM_STREAM);
    for (size_t i = 0; i < N_OF(names); i++) {
        const struct modelled *const machine = only(names[i]);
        assert_string_equal(machine->name, names[i]);
        assert_int_equal(machine->model.walks_pages, i != 0);
        assert_int_equal(machine->model.zeroes_pages, i != 1);
        assert_int_equal(machine->model.last_level, i != 2 ? SIM_INCLUSIVE : SIM_NEITHER);
        assert_int_equal(machine->model.prefetchers, prefetchers[i]);
        assert_int_equal(machine->model.policy, whole.policy);
        assert_int_equal(machine->geometry.n_levels, 3);
    }
}

static void switches_add_up(void **state)
{
    (void)state;
    const struct modelled *const machine =
        only("i7-8550U:no-walks:no-prefetch:with-adjacent-line");
    assert_false(machine->model.walks_pages);
    assert_true(machine->model.zeroes_pages);
    assert_int_equal(machine->model.prefetchers, SIM_ADJACENT_LINE);
    assert_int_equal(machine->model.last_level, SIM_INCLUSIVE);
    make("i7-8550U,i7-8550U:no-walks", NULL); /* two, since they are told apart */
    read_back(text);
    assert_int_equal(choice.n, 2);
    assert_true(choice.machines[0].model.walks_pages);
    assert_false(choice.machines[1].model.walks_pages);
}

static void huge_pages_bring_their_tlbs(void **state)
{
    (void)state;
    assert_true(
        model_choice_make("zen4,i7-8550U:no-walks", "48K/12", true, text, &complaint));
    read_back(text);
    assert_true(choice.has_huge_pages);
    assert_int_equal(choice.n, 3);
    for (size_t i = 0; i < choice.n; i++)
        assert_int_equal(choice.machines[i].geometry.page_bytes, 2 << 20);
    assert_int_equal(choice.machines[0].geometry.tlbs[0].entries, 0);
    assert_int_equal(choice.machines[2].geometry.tlbs[0].entries, 32);
    assert_false(choice.machines[2].model.walks_pages);
    assert_true(model_choice_make("i7-8550U", NULL, false, text, &complaint));
    read_back(text);
    assert_false(choice.has_huge_pages);
    assert_int_equal(choice.machines[0].geometry.page_bytes, 4096);
}

static void a_machine_without_huge_pages_is_refused_or_left_out_of_all(void **state)
{
    (void)state;
    assert_false(model_choice_make("apple-m1", NULL, true, text, &complaint));
    expect_part(complaint.text, "machine 'apple-m1'");
    expect_part(complaint.text, "leave it or --pages thp out");
    assert_null(strchr(complaint.text, '\n'));
    assert_true(model_choice_make("all", NULL, true, text, &complaint));
    read_back(text);
    assert_int_equal(choice.n, sim_n_machines - 1);
    for (size_t i = 0; i < choice.n; i++)
        assert_string_not_equal(choice.machines[i].name, "apple-m1");
}

static void refuse(const char *machines, const char *geometry, const char *part)
{
    complaint.text[0] = '\0';
    if (model_choice_make(machines, geometry, false, text, &complaint))
        fail_msg("'%s', '%s' is taken: %s", machines != NULL ? machines : "",
                 geometry != NULL ? geometry : "", text);
    expect_part(complaint.text, part);
    assert_null(strchr(complaint.text, '\n'));
}

static void what_is_unknown_is_refused_with_the_nearest(void **state)
{
    (void)state;
    refuse("zen6", NULL, "did you mean 'zen4'");
    refuse("zen4,gravitn3", NULL, "did you mean 'graviton3'");
    refuse("nonsense", NULL, "host");
    refuse("i7-8550U:no-walk", NULL, "did you mean 'no-walks'");
    refuse("i7-8550U:no-walks:", NULL, "unknown switch");
    refuse("zen6:no-walks", NULL, "unknown machine");
    refuse("host:no-walks", NULL, "unknown machine");
    refuse("pages=2M", NULL, "unknown machine");
}

static void gaps_and_repeats_are_refused(void **state)
{
    (void)state;
    refuse("", NULL, "unknown machine ''");
    refuse("zen4,", NULL, "unknown machine ''");
    refuse(",zen4", NULL, "unknown machine ''");
    refuse("zen4,zen4", NULL, "'zen4' is named twice");
    refuse("all,zen4", NULL, "'zen4' is named twice");
}

static void bad_geometries_say_what_is_wrong(void **state)
{
    (void)state;
    refuse(NULL, "", "empty");
    refuse(NULL, "32K/3", "3 ways");
    refuse(NULL, "32K/8@0", "64 or 128");
    refuse(NULL, "1M/8,32K/8", "levels grow");
    refuse(NULL, "32K/8;zen4", "is no geometry");
}

/* Text of `n` times `word`. */
static const char *many(const char *word, size_t n)
{
    static char room[4 * MODEL_CHOICE_ROOM];
    room[0] = '\0';
    for (size_t i = 0; i < n && strlen(room) + strlen(word) < sizeof room; i++)
        strcat(room, word);
    return room;
}

static void no_length_is_too_much(void **state)
{
    (void)state;
    refuse(many("x", MODELLED_NAME - 1), NULL, "unknown machine");
    refuse(many("x", MODELLED_NAME), NULL, "unknown machine");
    refuse(many("x", 4 * MODELLED_NAME), NULL, "unknown machine");
    refuse(many("zen4,", 2 * MODEL_CHOICE_ROOM), NULL, "too long");
    refuse(many("zen4,", MODEL_CHOICE_ROOM / 5), NULL, "");
    refuse(NULL, many("1", 2 * MODEL_CHOICE_ROOM), "is no geometry");
    refuse("all,all,all", NULL, "named twice");
    assert_false(model_choice_read(many("x", MODEL_CHOICE_ROOM), &choice, &complaint));
    expect_part(complaint.text, "too long");
}

static void more_machines_than_there_is_room_for_are_refused(void **state)
{
    char list[MODEL_CHOICE_ROOM] = "";
    (void)state;
    for (unsigned i = 0; i < MOST_MODELLED + 1; i++) {
        char word[32]; /* all different, all of one machine */
        snprintf(word, sizeof word, "%sg%u=32K/8", i > 0 ? ";" : "", i);
        strcat(list, word);
        complaint.text[0] = '\0';
        assert_int_equal(model_choice_read(list, &choice, &complaint), i < MOST_MODELLED);
    }
    expect_part(complaint.text, "more than 24 machines");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_wish_it_is_the_notes_laptop),
        cmocka_unit_test(names_keep_their_order),
        cmocka_unit_test(all_is_every_machine_of_the_table),
        cmocka_unit_test(a_geometry_goes_first_and_behaves_plainly),
        cmocka_unit_test(a_measured_host_behaves_as_the_first_of_the_table),
        cmocka_unit_test(each_switch_changes_one_thing),
        cmocka_unit_test(switches_add_up),
        cmocka_unit_test(huge_pages_bring_their_tlbs),
        cmocka_unit_test(a_machine_without_huge_pages_is_refused_or_left_out_of_all),
        cmocka_unit_test(what_is_unknown_is_refused_with_the_nearest),
        cmocka_unit_test(gaps_and_repeats_are_refused),
        cmocka_unit_test(bad_geometries_say_what_is_wrong),
        cmocka_unit_test(no_length_is_too_much),
        cmocka_unit_test(more_machines_than_there_is_room_for_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
