/* SPDX-License-Identifier: MIT */
/* A comparison is split into whole groups, each of which is in one shard, and begins with
 * an estimate of what is in it. */
#include "unit.h"

#include "progress.h"
#include "shard.h"

enum { N_GROUPS = 7, N_MAPS = 3, N_CELLS = N_GROUPS * N_MAPS };

static struct complaint complaint;

/* Groups of three maps, the second with a hash of its own, of n = 1000, 2000, ... */
static struct plan a_plan(void)
{
    struct plan plan = {
        .cells = calloc(N_CELLS, sizeof(struct cell)), .n_cells = N_CELLS, .repeat = 6};
    assert_non_null(plan.cells);
    for (size_t i = 0; i < N_CELLS; i++) {
        struct cell *const cell = &plan.cells[i];
        snprintf(cell->subject, sizeof cell->subject, "map %zu", i % N_MAPS);
        assert_true(workload_find("load_factor", &cell->workload, &complaint));
        strcpy(cell->key, "u64");
        strcpy(cell->hash, i % N_MAPS == 1 ? "own" : "wyhash");
        strcpy(cell->build, "native");
        cell->n = 1000 * (i / N_MAPS + 1);
        cell->seed = 1;
        cell->instruments = 1; /* the first, whichever it is */
    }
    return plan;
}

static void a_group_is_all_that_is_compared(void **state)
{
    struct plan plan = a_plan();
    (void)state;
    for (size_t first = 0; first < N_CELLS; first += N_MAPS)
        assert_int_equal(plan_group(&plan, first), N_MAPS);
    assert_int_equal(plan_group(&plan, N_CELLS), 0);
    plan.cells[1].confinement.pages = PAGES_THP; /* which are compared, too */
    assert_int_equal(plan_group(&plan, 0), N_MAPS);
    strcpy(plan.cells[2].key, "str");
    assert_int_equal(plan_group(&plan, 0), 2);
    plan_drop(&plan);
}

static void each_group_is_whole_in_one_shard(void **state)
{
    (void)state;
    for (unsigned of = 1; of <= N_GROUPS + 2; of++) {
        unsigned n_seen[N_GROUPS] = {0};
        for (unsigned index = 1; index <= of; index++) {
            struct plan plan = a_plan();
            plan.is_quiet = true;
            shard_take(&plan, &(struct shard){index, of});
            for (size_t i = 0; i < plan.n_cells; i++) {
                char name[16];
                snprintf(name, sizeof name, "map %zu", i % N_MAPS);
                assert_string_equal(plan.cells[i].subject, name);
                assert_int_equal(plan.cells[i].n, plan.cells[i - i % N_MAPS].n);
                n_seen[plan.cells[i].n / 1000 - 1]++;
            }
            /* as even as it gets */
            assert_in_range(plan.n_cells / N_MAPS, N_GROUPS / of,
                            (N_GROUPS + of - 1) / of);
            plan_drop(&plan);
        }
        for (size_t g = 0; g < N_GROUPS; g++)
            assert_int_equal(n_seen[g], N_MAPS);
    }
}

static uint64_t fingerprint(void (*change)(struct plan *plan))
{
    struct plan plan = a_plan();
    plan.is_quiet = true;
    change(&plan);
    shard_take(&plan, &(struct shard){2, 3});
    plan_drop(&plan);
    return plan.fingerprint;
}

static void no_change(struct plan *plan)
{
    (void)plan;
}

static void change_build(struct plan *plan)
{
    strcpy(plan->cells[0].build, "v3");
}

static void change_seed(struct plan *plan)
{
    plan->cells[0].seed = 2;
}

static void change_map(struct plan *plan)
{
    strcpy(plan->cells[0].subject, "another");
}

static void change_repeat(struct plan *plan)
{
    plan->repeat = 7;
}

static void change_length(struct plan *plan)
{
    plan->n_cells -= N_MAPS;
}

static void a_plan_is_known_by_its_fingerprint(void **state)
{
    const uint64_t own = fingerprint(no_change);
    (void)state;
    assert_true(own == fingerprint(no_change));
    assert_true(own == fingerprint(change_build)); /* another machine's best */
    assert_true(own != fingerprint(change_seed));
    assert_true(own != fingerprint(change_map));
    assert_true(own != fingerprint(change_repeat));
    assert_true(own != fingerprint(change_length));
}

static void a_shard_is_one_of_a_number(void **state)
{
    static const char *const bad[] = {"",     "1",     "/",      "1/",  "/2",
                                      "0/2",  "3/2",   "x/2",    "1/x", "-1/2",
                                      "1/-2", "1/2/3", "1/1001", "1/0"};
    struct shard shard = {9, 9};
    (void)state;
    assert_true(shard_read(&shard, NULL, &complaint));
    assert_int_equal(shard.of, 0);
    assert_true(shard_read(&shard, "2/1000", &complaint));
    assert_int_equal(shard.index, 2);
    assert_int_equal(shard.of, 1000);
    for (size_t i = 0; i < N_OF(bad); i++) {
        if (shard_read(&shard, bad[i], &complaint))
            fail_msg("'%s' is read as %u of %u", bad[i], shard.index, shard.of);
        expect_part(complaint.text, "from 1/3 to 3/3");
    }
}

/* ---- the estimate ---- */

/* What is said of the plan on standard error. */
static void announced(const struct plan *plan, char text[256])
{
    FILE *const file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    const int before = dup(STDERR_FILENO);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    progress_announce(plan);
    fflush(stderr);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    rewind(file);
    text[fread(text, 1, 255, file)] = '\0';
    fclose(file);
}

static void a_long_run_is_estimated_and_a_short_one_not(void **state)
{
    char text[256];
    struct plan plan = a_plan();
    (void)state;
    for (size_t i = 0; i < n_instruments; i++)
        if (strcmp(all_instruments[i]->name, "clock") == 0)
            for (size_t c = 0; c < N_CELLS; c++)
                plan.cells[c].instruments = 1u << i;
    announced(&plan, text); /* 126 processes, 0.5 million entries */
    assert_string_equal(text, "");
    for (size_t i = 0; i < N_CELLS; i++)
        plan.cells[i].n = 1000000;
    announced(&plan, text); /* 126 processes of half a second */
    assert_string_equal(text, "onemiss: about 64 s (estimated): 21 cells in 1 group, 6 "
                              "blocks\n");
    for (size_t i = 0; i < N_CELLS; i++)
        strcpy(plan.cells[i].key, "str");
    announced(&plan, text);
    assert_string_equal(text, "onemiss: about 4 min (estimated): 21 cells in 1 group, 6 "
                              "blocks\n");
    for (size_t i = 0; i < N_CELLS; i++)
        plan.cells[i].n = 30000000 + i;
    announced(&plan, text);
    assert_string_equal(text, "onemiss: about 2 h 06 min (estimated): 21 cells in 21 "
                              "groups, 6 blocks\n");
    plan.is_quiet = true;
    announced(&plan, text);
    assert_string_equal(text, "");
    plan_drop(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_is_all_that_is_compared),
        cmocka_unit_test(each_group_is_whole_in_one_shard),
        cmocka_unit_test(a_plan_is_known_by_its_fingerprint),
        cmocka_unit_test(a_shard_is_one_of_a_number),
        cmocka_unit_test(a_long_run_is_estimated_and_a_short_one_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
