/* SPDX-License-Identifier: MIT */
/* One map poured into another under the same seed, in the order of iteration. Included
 * once for each instance, with INSTANCE, a map of u64 to u64. */

#define MAP(verb) OM_CONCAT3(INSTANCE, _, verb)

static void MAP(fill)(INSTANCE *map, size_t from, size_t n)
{
    CHECK_OK(MAP(init)(map, 0, DESIGN_SEED, NULL));
    for (size_t i = from; i < from + n; i++)
        CHECK_OK(MAP(insert)(map, test_key(i), i));
}

/* Inserts all of `from`; the probes must stay linear in its size. */
static void MAP(pour)(INSTANCE *from, INSTANCE *to)
{
    (void)probes_take();
    for (MAP(iterator) it = MAP(first)(from); it.entry != NULL; MAP(next)(&it))
        CHECK_OK(MAP(insert)(to, it.entry->key, it.entry->value));
    const uint64_t probes = probes_take();
    CHECK(probes <= (uint64_t)MAP(size)(from) * PROBES_PER_INSERT);
}

/* A table of so many slots, so many percent full, into a fresh map, into one with half
 * the room, and into one with as many other entries. */
static void MAP(try_merges)(size_t slots, size_t percent)
{
    INSTANCE from, fresh, half, other;
    const size_t n = slots * percent / 100;
    CHECK_CONTEXT("%zu keys in %zu slots", n, slots);
    MAP(fill)(&from, 0, n);
    CHECK_SAME(MAP(capacity)(&from), slots);
    CHECK_OK(MAP(init)(&fresh, 0, DESIGN_SEED, NULL));
    CHECK_OK(MAP(init)(&half, n / 2, DESIGN_SEED, NULL));
    MAP(fill)(&other, n, n);
    MAP(pour)(&from, &fresh);
    MAP(pour)(&from, &half);
    MAP(pour)(&from, &other);
    CHECK_SAME(MAP(size)(&fresh), n);
    CHECK_SAME(MAP(size)(&half), n);
    CHECK_SAME(MAP(size)(&other), 2 * n);
    MAP(drop)(&from);
    MAP(drop)(&fresh);
    MAP(drop)(&half);
    MAP(drop)(&other);
}

#undef MAP
#undef INSTANCE
