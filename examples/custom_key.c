/* SPDX-License-Identifier: MIT */
/* A struct as the key: a hash and an equality of your own are all it takes.
 *
 * Prints:
 *     3 pieces on the board
 *     (2, -1): queen
 *     (-1, 2): pawn
 *     (9, 9): nothing
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onemiss/contract.h>

typedef struct point {
    int32_t x, y;
} point;

/* Use the seed: each table draws one, so that nobody can prepare colliding keys. */
static uint64_t point_hash(point p, om_seed seed)
{
    return om_siphash13_u64((uint64_t)(uint32_t)p.x << 32 | (uint32_t)p.y, seed);
}

/* The key in the table first, the one looked up second. */
static bool point_equals(const point *key, point p)
{
    return key->x == p.x && key->y == p.y;
}

typedef const char *piece; /* parameters are one word each */

#define OM_NAME  board
#define OM_KEY   point
#define OM_VALUE piece
#define OM_HASH  point_hash
#define OM_EQ    point_equals
#include <onemiss/open_addressing.h>

static const char *piece_on(const board *map, int32_t x, int32_t y)
{
    const point here = {x, y};
    const piece *const found = board_get(map, here);
    return found != NULL ? *found : "nothing";
}

int main(void)
{
    static const struct {
        point where;
        piece what;
    } opening[] = {{{2, -1}, "queen"}, {{0, 0}, "king"}, {{-1, 2}, "pawn"}};

    board map = {0};
    om_status status = OM_OK;
    for (size_t i = 0; i < 3 && status == OM_OK; i++)
        status = board_insert(&map, opening[i].where, opening[i].what);

    printf("%zu pieces on the board\n", board_size(&map));
    printf("(2, -1): %s\n", piece_on(&map, 2, -1));
    printf("(-1, 2): %s\n", piece_on(&map, -1, 2));
    printf("(9, 9): %s\n", piece_on(&map, 9, 9));
    const bool is_right = strcmp(piece_on(&map, 2, -1), "queen") == 0;
    board_drop(&map);

    if (status == OM_OK && is_right)
        return EXIT_SUCCESS;
    fprintf(stderr, "custom_key: the queen is lost: %s\n", om_status_text(status));
    return EXIT_FAILURE;
}
