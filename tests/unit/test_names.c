/* SPDX-License-Identifier: MIT */
/* A misspelt name gets the nearest right one, and never a silly one. */
#include "unit.h"

#include "names.h"

static const char *const workloads[] = {"key_distribution", "keys", "load_factor",
                                        "memory_patterns", "operation_mix"};
static const char *const commands[] = {"compare", "layout", "list", "run"};
static struct complaint complaint;

static void expect_nearest(const char *name, const char *const *names, size_t n,
                           const char *nearest)
{
    char wanted[128];
    assert_false(complain_of_name(&complaint, "thing", name, names, n));
    snprintf(wanted, sizeof wanted, "unknown thing '%s'; did you mean '%s'?", name,
             nearest);
    expect_part(complaint.text, wanted);
}

static void expect_none(const char *name, const char *const *names, size_t n)
{
    assert_false(complain_of_name(&complaint, "thing", name, names, n));
    if (strstr(complaint.text, "did you mean") != NULL)
        fail_msg("silly: %s", complaint.text);
    expect_part(complaint.text, "choose from");
}

static void one_slip_finds_the_name(void **state)
{
    (void)state;
    expect_nearest("load_facto", workloads, N_OF(workloads), "load_factor");
    expect_nearest("load_facttor", workloads, N_OF(workloads), "load_factor");
    expect_nearest("loat_factor", workloads, N_OF(workloads), "load_factor");
    expect_nearest("laod_factor", workloads, N_OF(workloads), "load_factor");
    expect_nearest("loadfactor", workloads, N_OF(workloads), "load_factor");
    expect_nearest("load-factor", workloads, N_OF(workloads), "load_factor");
    expect_nearest("key", workloads, N_OF(workloads), "keys");
    expect_nearest("kyes", workloads, N_OF(workloads), "keys");
    expect_nearest("operationmix", workloads, N_OF(workloads), "operation_mix");
    expect_nearest("memory_pattern", workloads, N_OF(workloads), "memory_patterns");
    expect_nearest("comapre", commands, N_OF(commands), "compare");
    expect_nearest("lst", commands, N_OF(commands), "list");
    expect_nearest("rum", commands, N_OF(commands), "run");
}

static void of_two_near_names_the_nearer_is_taken(void **state)
{
    static const char *const names[] = {"open_addressing", "open_addressing_compact"};
    (void)state;
    expect_nearest("open_adressing", names, 2, "open_addressing");
    expect_nearest("open_adressing_compact", names, 2, "open_addressing_compact");
}

static void nothing_silly_is_suggested(void **state)
{
    static const char *const types[] = {"u64", "str"};
    (void)state;
    expect_none("", commands, N_OF(commands));
    expect_none("x", commands, N_OF(commands));
    expect_none("abc", commands, N_OF(commands));
    expect_none("benchmark", commands, N_OF(commands));
    expect_none("frobnicate", commands, N_OF(commands));
    expect_none("hashmap", workloads, N_OF(workloads));
    expect_none("--------------", workloads, N_OF(workloads));
    expect_none("int", types, N_OF(types));
    expect_none("i32", types, N_OF(types));
    expect_none("", types, N_OF(types));
    expect_none("anything", NULL, 0);
}

static void all_names_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(workloads); i++) {
        complain_of_name(&complaint, "workload", "nonsense", workloads, N_OF(workloads));
        expect_part(complaint.text, workloads[i]);
        complain_of_name(&complaint, "workload", "key", workloads, N_OF(workloads));
        expect_part(complaint.text, workloads[i]);
    }
}

static void long_names_and_long_lists_stay_in_bounds(void **state)
{
    static char long_name[5000], room[200][64];
    static const char *names[200];
    (void)state;
    memset(long_name, 'k', sizeof long_name - 1);
    for (size_t i = 0; i < N_OF(names); i++) {
        memset(room[i], 'a' + (int)(i % 26), sizeof room[i] - 1);
        names[i] = room[i];
    }
    assert_false(complain_of_name(&complaint, "map", long_name, names, N_OF(names)));
    assert_true(strlen(complaint.text) < sizeof complaint.text);
    names[0] = long_name;
    assert_false(complain_of_name(&complaint, "map", "k", names, N_OF(names)));
    assert_true(strlen(complaint.text) < sizeof complaint.text);
}

static void control_bytes_of_a_name_are_not_shown(void **state)
{
    (void)state;
    complain_of_name(&complaint, "map", "\033]0;evil\a\n", workloads, N_OF(workloads));
    for (const char *at = complaint.text; *at != '\0'; at++)
        if (*at < ' ' || *at == 0x7f)
            fail_msg("byte %d in the complaint", *at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_slip_finds_the_name),
        cmocka_unit_test(of_two_near_names_the_nearer_is_taken),
        cmocka_unit_test(nothing_silly_is_suggested),
        cmocka_unit_test(all_names_are_told),
        cmocka_unit_test(long_names_and_long_lists_stay_in_bounds),
        cmocka_unit_test(control_bytes_of_a_name_are_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
