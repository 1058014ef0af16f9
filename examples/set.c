/* SPDX-License-Identifier: MIT */
/* A set of numbers, which is a map without OM_VALUE: the primes below 100, by sieving.
 *
 * Prints:
 *     25 primes below 100, their sum is 1060
 *     97 is prime, 91 is not
 *     8 pairs of twins
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define OM_NAME numbers
#define OM_KEY  uint32_t
#include <onemiss/open_addressing_compact.h>

static om_status sieve(numbers *primes, uint32_t end)
{
    om_status status = numbers_init(primes, end, NULL, NULL); /* no resize until `end` */
    for (uint32_t n = 2; n < end && status == OM_OK; n++)
        status = numbers_insert(primes, n);
    for (uint32_t n = 2; n * n < end; n++)
        for (uint32_t multiple = n * n; multiple < end; multiple += n)
            numbers_delete(primes, multiple); /* false when it was not there: fine */
    return status;
}

/* In a set `get` answers with the key it holds, or NULL. */
static bool has(const numbers *set, uint32_t n)
{
    return numbers_get(set, n) != NULL;
}

int main(void)
{
    numbers primes;
    const om_status status = sieve(&primes, 100);
    uint32_t sum = 0, n_twins = 0;
    for (numbers_iterator it = numbers_first(&primes); it.entry; numbers_next(&it)) {
        sum += it.entry->key;
        n_twins += has(&primes, it.entry->key + 2);
    }
    printf("%zu primes below 100, their sum is %" PRIu32 "\n", numbers_size(&primes),
           sum);
    printf("97 is %s, 91 is %s\n", has(&primes, 97) ? "prime" : "not",
           has(&primes, 91) ? "prime" : "not");
    printf("%" PRIu32 " pairs of twins\n", n_twins);
    numbers_drop(&primes);

    if (status == OM_OK && sum == 1060 && n_twins == 8)
        return EXIT_SUCCESS;
    fprintf(stderr, "set: not the primes: %s\n", om_status_text(status));
    return EXIT_FAILURE;
}
