/* SPDX-License-Identifier: MIT */
/* What processors and kernels say of their caches is read right, and nonsense is doubted. */
#include "unit.h"

#include <sys/stat.h>

#include "cache_geometry.h"

static const uint64_t KIB = 1024, MIB = 1024 * 1024;

/* ---- recorded registers ---- */

struct record {
    uint32_t leaf, subleaf;
    struct cpuid answer;
};

static const struct record *records;
static size_t n_records;

static struct cpuid replay(uint32_t leaf, uint32_t subleaf)
{
    for (size_t i = 0; i < n_records; i++)
        if (records[i].leaf == leaf && records[i].subleaf == subleaf)
            return records[i].answer;
    return (struct cpuid){0, 0, 0, 0};
}

static struct cache caches[MOST_CACHES];
static uint32_t leaf;

static size_t decode(const struct record *from, size_t n)
{
    records = from;
    n_records = n;
    leaf = 1;
    memset(caches, 0xff, sizeof caches);
    return cache_geometry_cpuid(replay, caches, &leaf);
}

static void expect_cache(size_t i, unsigned level, enum cache_holds holds, uint64_t bytes,
                         unsigned ways)
{
    expect_u64("level", i, caches[i].level, level);
    expect_u64("holds", i, caches[i].holds, holds);
    expect_u64("bytes", i, caches[i].bytes, bytes);
    expect_u64("ways", i, caches[i].ways, ways);
    expect_u64("line", i, caches[i].line_bytes, 64);
}

static void intel_of_leaf_4(void **state)
{
    static const struct record ivy_bridge_ep[] = {
        {4, 0, {0x00004121, 0x01c0003f, 0x0000003f, 0}},
        {4, 1, {0x00004122, 0x01c0003f, 0x0000003f, 0}},
        {4, 2, {0x00004143, 0x01c0003f, 0x000001ff, 0}},
        {4, 3, {0x00004163, 0x04c0003f, 0x00004fff, 6}},
    };
    static const struct record alder_lake[] = {
        {4, 0, {0xfc004121, 0x01c0003f, 0x0000003f, 0}},
        {4, 1, {0xfc004122, 0x01c0003f, 0x0000007f, 0}},
        {4, 2, {0xfc01c143, 0x03c0003f, 0x000007ff, 0}},
        {4, 3, {0xfc1fc163, 0x0240003f, 0x00009fff, 4}},
    };
    (void)state;
    assert_int_equal(decode(ivy_bridge_ep, 4), 4);
    assert_int_equal(leaf, 4);
    expect_cache(0, 1, CACHE_OF_DATA, 32 * KIB, 8);
    expect_cache(1, 1, CACHE_OF_INSTRUCTIONS, 32 * KIB, 8);
    expect_cache(2, 2, CACHE_OF_BOTH, 256 * KIB, 8);
    expect_cache(3, 3, CACHE_OF_BOTH, 25 * MIB, 20);
    assert_false(caches[3].is_doubtful);
    expect_u64("last", 0, cache_geometry_last(caches, 4), 25 * MIB);
    assert_int_equal(decode(alder_lake, 4), 4);
    expect_cache(1, 1, CACHE_OF_INSTRUCTIONS, 64 * KIB, 8);
    expect_cache(2, 2, CACHE_OF_BOTH, 2 * MIB, 16);
    expect_cache(3, 3, CACHE_OF_BOTH, 25 * MIB, 10);
}

/* Milan, as a hypervisor hands it on; its leaf 4 is empty. */
static void amd_zen_of_leaf_8000001d(void **state)
{
    static const struct record zen3[] = {
        {0x8000001d, 0, {0x00000121, 0x01c0003f, 0x0000003f, 0}},
        {0x8000001d, 1, {0x00000122, 0x01c0003f, 0x0000003f, 0}},
        {0x8000001d, 2, {0x00000143, 0x01c0003f, 0x000003ff, 2}},
        {0x8000001d, 3, {0x00004163, 0x03c0003f, 0x00007fff, 1}},
        {0x80000006, 0, {0, 0, 0x02006140, 0x08009140}},
    };
    (void)state;
    assert_int_equal(decode(zen3, N_OF(zen3)), 4);
    assert_int_equal(leaf, 0x8000001d);
    expect_cache(0, 1, CACHE_OF_DATA, 32 * KIB, 8);
    expect_cache(2, 2, CACHE_OF_BOTH, 512 * KIB, 8);
    expect_cache(3, 3, CACHE_OF_BOTH, 32 * MIB, 16);
    expect_u64("last", 0, cache_geometry_last(caches, 4), 32 * MIB);
}

/* A Zen 5 guest whose hypervisor empties leaves 4 and 0x8000001D. */
static void a_sum_without_ways_is_doubted(void **state)
{
    static const struct record zen5_guest[] = {
        {0x80000005, 0, {0xff60ff40, 0xff60ff40, 0x300c0140, 0x20080140}},
        {0x80000006, 0, {0x40802040, 0x60804040, 0x04006140, 0x0fe09140}},
    };
    (void)state;
    assert_int_equal(decode(zen5_guest, 2), 4);
    assert_int_equal(leaf, 0x80000006);
    expect_cache(0, 1, CACHE_OF_DATA, 48 * KIB, 12);
    expect_cache(1, 1, CACHE_OF_INSTRUCTIONS, 32 * KIB, 8);
    expect_cache(2, 2, CACHE_OF_BOTH, 1 * MIB, 8);
    expect_cache(3, 3, CACHE_OF_BOTH, 508 * MIB, 0);
    assert_false(caches[2].is_doubtful);
    assert_true(caches[3].is_doubtful);
    expect_u64("last that is believed", 0, cache_geometry_last(caches, 4), 1 * MIB);
}

static void nonsense_ends_and_is_doubted(void **state)
{
    static struct record endless[64];
    static const struct record huge[] = {
        {4, 0, {0x00000061, 0xffffffff, 0xffffffff, 0}}}; /* level 3, all ones */
    (void)state;
    assert_int_equal(decode(NULL, 0), 0);
    assert_int_equal(leaf, 0);
    expect_u64("last", 0, cache_geometry_last(caches, 0), 0);
    for (uint32_t i = 0; i < N_OF(endless); i++)
        endless[i] = (struct record){4, i, {0x121, 0x01c0003f, 0x3f, 0}};
    assert_int_equal(decode(endless, N_OF(endless)), MOST_CACHES);
    assert_int_equal(decode(huge, 1), 1);
    assert_true(caches[0].is_doubtful);
    expect_u64("last", 1, cache_geometry_last(caches, 1), 0);
}

static void data_and_instructions_are_told_apart(void **state)
{
    static const struct cache some[] = {{1, CACHE_OF_INSTRUCTIONS, 1, 1, 64, false},
                                        {1, CACHE_OF_DATA, 2, 1, 64, false},
                                        {2, CACHE_OF_BOTH, 3, 1, 64, false}};
    (void)state;
    assert_ptr_equal(cache_geometry_find(some, 3, 1, true), &some[0]);
    assert_ptr_equal(cache_geometry_find(some, 3, 1, false), &some[1]);
    assert_ptr_equal(cache_geometry_find(some, 3, 2, false), &some[2]);
    assert_null(cache_geometry_find(some, 3, 2, true));
    assert_null(cache_geometry_find(some, 3, 3, false));
}

/* ---- a recorded tree ---- */

static char root[64];

static void put(const char *path, const char *text)
{
    char name[256];
    snprintf(name, sizeof name, "%s/%s", root, path);
    for (char *slash = strchr(name + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(name, 0700);
        *slash = '/';
    }
    FILE *const file = fopen(name, "w");
    assert_non_null(file);
    fprintf(file, "%s\n", text);
    assert_int_equal(fclose(file), 0);
}

static void put_index(unsigned index, const char *level, const char *type,
                      const char *size, const char *ways)
{
    const char *const names[] = {"level", "type", "size", "ways_of_associativity",
                                 "coherency_line_size"};
    const char *const values[] = {level, type, size, ways, "64"};
    for (size_t i = 0; i < N_OF(names); i++) {
        char path[160];
        snprintf(path, sizeof path, "sys/devices/system/cpu/cpu0/cache/index%u/%s", index,
                 names[i]);
        if (values[i] != NULL)
            put(path, values[i]);
    }
}

static int tree_make(void **state)
{
    (void)state;
    return make_folder(root);
}

static int tree_drop(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

static void sysfs_is_read(void **state)
{
    (void)state;
    put_index(0, "1", "Data", "48K", "12");
    put_index(1, "1", "Instruction", "32K", "8");
    put_index(2, "2", "Unified", "1024K", "8");
    put_index(3, "3", "Unified", "32M", "16");
    put_index(5, "4", "Unified", "64M", "16"); /* behind a gap: not looked for */
    assert_int_equal(cache_geometry_sysfs(root, caches), 4);
    expect_cache(0, 1, CACHE_OF_DATA, 48 * KIB, 12);
    expect_cache(1, 1, CACHE_OF_INSTRUCTIONS, 32 * KIB, 8);
    expect_cache(2, 2, CACHE_OF_BOTH, 1 * MIB, 8);
    expect_cache(3, 3, CACHE_OF_BOTH, 32 * MIB, 16);
    expect_u64("last", 0, cache_geometry_last(caches, 4), 32 * MIB);
}

/* ARM's kernels tell no ways; some tell no size. */
static void what_sysfs_does_not_tell_is_zero(void **state)
{
    (void)state;
    put_index(0, "1", "Data", "65536", NULL);
    put_index(1, "2", "Unified", NULL, NULL);
    put_index(2, "3", "Unified", "no number", "99999999999999999999");
    assert_int_equal(cache_geometry_sysfs(root, caches), 3);
    expect_cache(0, 1, CACHE_OF_DATA, 64 * KIB, 0);
    assert_false(caches[0].is_doubtful);
    assert_true(caches[1].is_doubtful);
    assert_true(caches[2].is_doubtful);
    expect_u64("last", 0, cache_geometry_last(caches, 3), 64 * KIB);
}

static void without_sysfs_there_are_none(void **state)
{
    (void)state;
    assert_int_equal(cache_geometry_sysfs(root, caches), 0);
    put_index(0, "-3", "Data", "48K", "12");
    assert_int_equal(cache_geometry_sysfs(root, caches), 0);
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intel_of_leaf_4),
        cmocka_unit_test(amd_zen_of_leaf_8000001d),
        cmocka_unit_test(a_sum_without_ways_is_doubted),
        cmocka_unit_test(nonsense_ends_and_is_doubted),
        cmocka_unit_test(data_and_instructions_are_told_apart),
        TREE_TEST(sysfs_is_read),
        TREE_TEST(what_sysfs_does_not_tell_is_zero),
        TREE_TEST(without_sysfs_there_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
