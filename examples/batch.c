/* SPDX-License-Identifier: MIT */
/* Many keys in one call: insert_many, get_many, delete_many.
 *
 * Prints:
 *     400 inserted without a resize
 *     of 400 even numbers up to 798, 200 are known
 *     200 deleted, 200 left
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define OM_NAME  cubes
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#include <onemiss/open_addressing.h>

enum { N = 400 };

static om_status insert_cubes(cubes *map)
{
    uint64_t keys[N], values[N];
    for (uint64_t i = 0; i < N; i++) {
        keys[i] = i;
        values[i] = i * i * i;
    }
    om_status status = cubes_reserve(map, N);
    const size_t capacity = cubes_capacity(map);
    size_t n_done = 0; /* the pairs from here on are still ours when it fails */
    if (status == OM_OK)
        status = cubes_insert_many(map, keys, values, N, &n_done);
    printf("%zu inserted %s a resize\n", n_done,
           cubes_capacity(map) == capacity ? "without" : "with");
    return status;
}

/* The answers stay good until the next change of the map. */
static size_t count_known(const cubes *map, const uint64_t *keys)
{
    uint64_t *answers[N];
    size_t n_known = 0;
    cubes_get_many(map, keys, answers, N);
    for (size_t i = 0; i < N; i++)
        n_known += answers[i] != NULL && *answers[i] == keys[i] * keys[i] * keys[i];
    return n_known;
}

int main(void)
{
    uint64_t even[N];
    for (uint64_t i = 0; i < N; i++)
        even[i] = 2 * i;

    cubes map = {0};
    const om_status status = insert_cubes(&map);
    const size_t n_known = count_known(&map, even);
    printf("of %d even numbers up to %" PRIu64 ", %zu are known\n", N, even[N - 1],
           n_known);
    const size_t n_deleted = cubes_delete_many(&map, even, N);
    const size_t n_left = cubes_size(&map);
    printf("%zu deleted, %zu left\n", n_deleted, n_left);
    cubes_drop(&map);

    if (status == OM_OK && n_known == N / 2 && n_deleted == N / 2 && n_left == N / 2)
        return EXIT_SUCCESS;
    fprintf(stderr, "batch: a key is lost: %s\n", om_status_text(status));
    return EXIT_FAILURE;
}
