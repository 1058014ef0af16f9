/* SPDX-License-Identifier: MIT */
/* What an interrupted comparison has finished is kept, and nothing else. */
#include "unit.h"

#include "reader.h"
#include "report/cell_read.h"
#include "result.h"
#include "resume.h"

enum { N_MAPS = 2, N_CELLS = 6 };

static struct complaint complaint;
static char *words[] = {"onemiss", "compare", "-n", "5", NULL};
static char *again[] = {"onemiss", "compare", "--resume", "-n", "5", "-q", NULL};
static char *others[] = {"onemiss", "compare", "-n", "6", "--resume", NULL};

/* Three groups of two maps. */
static struct plan a_plan(void)
{
    struct plan plan = {.cells = calloc(N_CELLS, sizeof(struct cell)),
                        .n_cells = N_CELLS};
    assert_non_null(plan.cells);
    for (size_t i = 0; i < N_CELLS; i++) {
        struct cell *const cell = &plan.cells[i];
        snprintf(cell->subject, sizeof cell->subject, "map %zu", i % N_MAPS);
        assert_true(workload_find("load_factor", &cell->workload, &complaint));
        strcpy(cell->key, "u64");
        strcpy(cell->hash, "wyhash");
        strcpy(cell->build, "native");
        cell->n = 1000 * (i / N_MAPS + 1);
    }
    return plan;
}

/* Of these cells of a plan, each with one sample. */
static json_t *result_of(size_t first, size_t n, bool is_complete)
{
    struct plan plan = a_plan();
    json_t *const result = result_create(4, words, 1);
    for (size_t i = first; i < first + n; i++) {
        json_t *const cell = result_cell(&plan.cells[i]);
        result_add_number(cell, "ns_per_op", 10.5 + (double)i);
        result_finish_cell(cell, (1u << n_instruments) - 1);
        json_array_append_new(json_object_get(result, "cells"), cell);
    }
    result_seal(result, is_complete);
    plan_drop(&plan);
    return result;
}

static const char *write_result(void **state, json_t *result)
{
    const char *const path = folder_file(*state, "r.json");
    assert_true(result_write(result, path, &complaint));
    json_decref(result);
    return path;
}

static void only_whole_groups_are_kept(void **state)
{
    struct plan plan = a_plan();
    const char *const path = write_result(state, result_of(0, 3, false));
    if (!resume_open(&plan, path, 6, again, &complaint))
        fail_msg("%s", complaint.text);
    assert_int_equal(plan.n_cells, 4);
    assert_int_equal(plan.cells[0].n, 2000);
    assert_int_equal(json_array_size(json_object_get(plan.earlier, "cells")), 2);
    plan_drop(&plan);
}

static void without_a_file_all_is_run(void **state)
{
    struct plan plan = a_plan();
    assert_true(
        resume_open(&plan, folder_file(*state, "none.json"), 6, again, &complaint));
    assert_int_equal(plan.n_cells, N_CELLS);
    assert_null(plan.earlier);
    plan_drop(&plan);
}

static void refuse(struct plan *plan, const char *path, int n, char **asked,
                   const char *part)
{
    assert_false(resume_open(plan, path, n, asked, &complaint));
    expect_part(complaint.text, part);
    plan_drop(plan);
    *plan = a_plan();
}

static void what_is_of_another_run_is_refused(void **state)
{
    struct plan plan = a_plan();
    const char *const path = write_result(state, result_of(0, 2, false));
    refuse(&plan, path, 5, others, "is of another command, 'onemiss compare -n 5'");
    refuse(&plan, "-", 6, again, "--resume goes on with a file");
    json_t *const result = result_of(0, 2, false);
    json_object_set_new(json_array_get(json_object_get(result, "cells"), 1), "subject",
                        json_string("gone"));
    result_seal(result, false);
    write_result(state, result);
    refuse(&plan, path, 6, again, "has cells that this comparison has not");
    write_file(*state, "r.json", "{", 1);
    refuse(&plan, path, 6, again, "it ends too early");
    plan_drop(&plan);
}

static json_t *join_all(bool is_complete)
{
    json_t *const earlier = result_of(0, 2, false);
    json_t *const result = result_of(2, 4, is_complete);
    resume_join(earlier, result);
    json_decref(earlier);
    return result;
}

static void both_sittings_are_one_result(void **state)
{
    (void)state;
    json_t *const result = join_all(true);
    json_t *const whole = result_of(0, N_CELLS, true);
    char *const text = json_dumps(result, 0);
    json_t *const again_read = reader_parse(text, strlen(text), "it", &complaint);
    if (again_read == NULL)
        fail_msg("%s", complaint.text);
    for (size_t i = 0; i < N_CELLS; i++) {
        const json_t *const cell = cell_at(result, i);
        assert_int_equal(json_integer_value(json_object_get(cell, "source")), i >= 2);
        assert_true(member_is_same(cell, cell_at(whole, i), "metrics"));
        assert_true(member_is_same(cell, cell_at(whole, i), "n"));
    }
    const json_t *const sources = json_object_get(result, "sources");
    assert_int_equal(json_array_size(sources), 2);
    for (size_t i = 0; i < 2; i++) /* nothing of the first is missing now */
        assert_true(
            json_is_true(json_object_get(json_array_get(sources, i), "complete")));
    free(text);
    json_decref(again_read);
    json_decref(whole);
    json_decref(result);
}

static void interrupted_again_it_is_not_complete(void **state)
{
    (void)state;
    json_t *const result = join_all(false);
    const json_t *const sources = json_object_get(result, "sources");
    assert_true(json_is_false(json_object_get(result, "complete")));
    assert_true(json_is_false(json_object_get(json_array_get(sources, 0), "complete")));
    json_decref(result);
    json_t *const nothing = result_of(0, 0, false);
    json_t *const earlier = result_of(0, 2, false);
    resume_join(earlier, nothing); /* then the file is left as it is */
    assert_int_equal(json_array_size(json_object_get(nothing, "cells")), 0);
    json_decref(earlier);
    json_decref(nothing);
}

/* A signal may come when the last cell is there already. */
static void interrupted_at_its_end_it_is_complete_after_all(void **state)
{
    struct plan plan = a_plan();
    json_t *const first = join_all(false);
    const char *const path = write_result(state, first);
    if (!resume_open(&plan, path, 6, again, &complaint))
        fail_msg("%s", complaint.text);
    assert_int_equal(plan.n_cells, 0);
    resume_finish(plan.earlier);
    char *const text = json_dumps(plan.earlier, 0);
    json_t *const found = reader_parse(text, strlen(text), "it", &complaint);
    if (found == NULL)
        fail_msg("%s", complaint.text);
    const json_t *const source = json_array_get(json_object_get(found, "sources"), 0);
    assert_true(json_is_true(json_object_get(found, "complete")));
    assert_true(json_is_true(json_object_get(source, "complete")));
    free(text);
    json_decref(found);
    plan_drop(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(only_whole_groups_are_kept),
        FOLDER_TEST(without_a_file_all_is_run),
        FOLDER_TEST(what_is_of_another_run_is_refused),
        cmocka_unit_test(both_sittings_are_one_result),
        cmocka_unit_test(interrupted_again_it_is_not_complete),
        FOLDER_TEST(interrupted_at_its_end_it_is_complete_after_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
