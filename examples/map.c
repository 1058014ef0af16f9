/* SPDX-License-Identifier: MIT */
/* A map from numbers to numbers: insert, look up, count, delete, walk, drop.
 *
 * Prints:
 *     article 4711: 12 pieces
 *     article 1234: not here
 *     after 6 deliveries: 4 articles, 18 pieces
 *     without the scarce: 2 articles, 16 pieces
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define OM_NAME  stock
#define OM_KEY   uint64_t /* article number */
#define OM_VALUE uint64_t /* pieces */
#include <onemiss/open_addressing.h>

static void print_article(const stock *map, uint64_t article)
{
    const uint64_t *const pieces = stock_get(map, article);
    if (pieces != NULL)
        printf("article %" PRIu64 ": %" PRIu64 " pieces\n", article, *pieces);
    else
        printf("article %" PRIu64 ": not here\n", article);
}

/* Walks over all entries, in no particular order. */
static void print_total(stock *map, const char *when)
{
    uint64_t pieces = 0;
    for (stock_iterator it = stock_first(map); it.entry != NULL; stock_next(&it))
        pieces += it.entry->value;
    printf("%s: %zu articles, %" PRIu64 " pieces\n", when, stock_size(map), pieces);
}

/* Counts in place: a new article begins at 0. */
static om_status deliver(stock *map, uint64_t article)
{
    uint64_t *pieces;
    const om_status status = stock_get_or_insert(map, article, &pieces, NULL);
    if (status == OM_OK)
        *pieces += 1;
    return status;
}

/* The current entry may be deleted on the way. */
static void delete_scarce(stock *map)
{
    for (stock_iterator it = stock_first(map); it.entry != NULL; stock_next(&it))
        if (it.entry->value < 2)
            stock_delete_current(&it);
}

int main(void)
{
    static const uint64_t deliveries[] = {4711, 815, 4711, 3, 42, 815};
    stock map = {0}; /* an empty map; stock_init takes a size, a seed, an allocator */
    om_status status = stock_insert(&map, 4711, 12);
    print_article(&map, 4711);
    print_article(&map, 1234);

    for (size_t i = 0; i < 6 && status == OM_OK; i++)
        status = deliver(&map, deliveries[i]);
    print_total(&map, "after 6 deliveries");
    delete_scarce(&map);
    print_total(&map, "without the scarce");

    const bool was_there = stock_delete(&map, 815), was_scarce = !stock_delete(&map, 42);
    stock_drop(&map);
    if (status == OM_OK && was_there && was_scarce)
        return EXIT_SUCCESS;
    fprintf(stderr, "map: 815 should have stayed, 42 gone: %s\n", om_status_text(status));
    return EXIT_FAILURE;
}
