/* SPDX-License-Identifier: MIT */
/* The set of touched pages, with and without memory for more of them. */
#include "unit.h"

#include <stdlib.h>

static bool has_memory = true;

static void *calloc_or_not(size_t n, size_t bytes)
{
    return has_memory ? calloc(n, bytes) : NULL;
}

/* the whole file, so that its allocations can be refused */
#define calloc calloc_or_not
#include "sim/pages.c"
#undef calloc

enum { FAR = 64 }; /* pages apart: each has a block of its own */

static void a_page_is_new_once(void **state)
{
    struct pages pages = {0};
    (void)state;
    for (unsigned round = 0; round < 2; round++)
        for (uint64_t page = 0; page < 100000; page++)
            expect_u64("answer", page, pages_add(&pages, page * 7919),
                       round == 0 ? PAGES_NEW : PAGES_KNOWN);
    pages_drop(&pages);
}

static void without_memory_what_is_known_stays_known(void **state)
{
    struct pages pages = {0};
    (void)state;
    has_memory = false;
    expect_u64("no room at all", 0, pages_add(&pages, 1), PAGES_NO_MEMORY);
    has_memory = true;
    uint64_t n = 0;
    expect_u64("first", 0, pages_add(&pages, n++ * FAR), PAGES_NEW);
    has_memory = false;
    while (pages_add(&pages, n * FAR) == PAGES_NEW)
        n++;
    expect_u64("the first table is filled as far as it goes", 0, n, FIRST_PLACES / 2);
    for (uint64_t page = 0; page < n; page++) {
        expect_u64("known", page, pages_add(&pages, page * FAR), PAGES_KNOWN);
        expect_u64("neighbour", page, pages_add(&pages, page * FAR + 1), PAGES_NEW);
    }
    for (unsigned i = 0; i < 2; i++)
        expect_u64("stays out", i, pages_add(&pages, n * FAR), PAGES_NO_MEMORY);
    has_memory = true;
    expect_u64("memory again", 0, pages_add(&pages, n * FAR), PAGES_NEW);
    expect_u64("nothing lost", 0, pages_add(&pages, 0), PAGES_KNOWN);
    pages_drop(&pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_new_once),
        cmocka_unit_test(without_memory_what_is_known_stays_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
