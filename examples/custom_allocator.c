/* SPDX-License-Identifier: MIT */
/* An allocator with a budget: the map is told no, says so, and has lost nothing.
 *
 * Prints:
 *     budget 8 KiB: 90 entries, then out of memory
 *     budget 1 MiB: 10000 entries
 *     after drop: 0 bytes in use
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define OM_NAME  squares
#define OM_KEY   uint64_t
#define OM_VALUE uint64_t
#include <onemiss/open_addressing.h>

typedef struct budget {
    size_t most, used; /* bytes */
} budget;

/* `request` says bytes, alignment, whether they must read as zero, and what for. The
 * default allocator knows all that; ours only counts. */
static void *budget_allocate(void *context, const om_request *request)
{
    budget *const b = (budget *)context;
    if (request->bytes > b->most - b->used)
        return NULL;
    void *const block = om_allocate(&om_allocator_default, request);
    if (block != NULL)
        b->used += request->bytes;
    return block;
}

static void budget_release(void *context, void *block, const om_request *request)
{
    budget *const b = (budget *)context;
    b->used -= request->bytes;
    om_release(&om_allocator_default, block, request);
}

/* Inserts the squares from the map's size on, up to `end`. */
static om_status fill(squares *map, uint64_t end)
{
    om_status status = OM_OK;
    for (uint64_t n = squares_size(map); n < end && status == OM_OK; n++)
        status = squares_insert(map, n, n * n);
    return status;
}

static bool has_all(const squares *map)
{
    for (uint64_t n = 0; n < squares_size(map); n++) {
        const uint64_t *const square = squares_get(map, n);
        if (square == NULL || *square != n * n)
            return false;
    }
    return squares_is_valid(map);
}

int main(void)
{
    budget bytes = {8 * 1024, 0};
    const om_allocator allocator = {
        .allocate = budget_allocate, .release = budget_release, .context = &bytes};
    squares map;
    om_status status = squares_init(&map, 0, NULL, &allocator); /* it outlives the map */
    if (status == OM_OK)
        status = fill(&map, 10000);
    const bool is_refused = status == OM_OUT_OF_MEMORY, is_whole = has_all(&map);
    printf("budget 8 KiB: %zu entries, then %s\n", squares_size(&map),
           om_status_text(status));

    bytes.most = 1024 * 1024;
    status = fill(&map, 10000);
    printf("budget 1 MiB: %zu entries\n", squares_size(&map));
    const bool is_done = status == OM_OK && has_all(&map);
    squares_drop(&map);
    printf("after drop: %zu bytes in use\n", bytes.used);

    if (is_refused && is_whole && is_done && bytes.used == 0)
        return EXIT_SUCCESS;
    fprintf(stderr, "custom_allocator: the budget was not kept\n");
    return EXIT_FAILURE;
}
