/* SPDX-License-Identifier: MIT */
/* A value that is counted: each one made has a serial number, and a ledger knows how many
 * are alive and the sum of their serials, so a value dropped twice, never, or in place of
 * another one shows. */
#ifndef TEST_VALUE_H
#define TEST_VALUE_H

#include <onemiss/contract.h>

#include "check.h"
#include "test_rng.h"

typedef struct test_value {
    uint64_t serial; /* 0: the zero bytes that get_or_insert makes */
    uint64_t number; /* whatever the test stores */
} test_value;

typedef struct test_ledger {
    uint64_t last_made, last_dropped; /* serials */
    uint64_t n_alive;
    uint64_t sum_alive; /* of mixed serials, wrapping */
} test_ledger;

static test_ledger ledger;

CHECK_UNUSED static inline test_value test_value_make(uint64_t number)
{
    const test_value value = {++ledger.last_made, number};
    ledger.n_alive++;
    ledger.sum_alive += test_mix(value.serial);
    return value;
}

CHECK_UNUSED static inline void test_value_drop(test_value *value,
                                                const om_allocator *allocator)
{
    (void)allocator;
    ledger.last_dropped = value->serial;
    ledger.n_alive--;
    ledger.sum_alive -= test_mix(value->serial);
}

CHECK_UNUSED static inline om_status
test_value_copy(test_value *to, const test_value *from, const om_allocator *allocator)
{
    (void)allocator;
    *to = test_value_make(from->number);
    return OM_OK;
}

/* Fills in, and books, a value that get_or_insert has made of zero bytes. */
CHECK_UNUSED static inline void test_value_fill(test_value *value, uint64_t number)
{
    CHECK_SAME(value->serial, 0);
    CHECK_SAME(value->number, 0);
    *value = test_value_make(number);
}

#endif
