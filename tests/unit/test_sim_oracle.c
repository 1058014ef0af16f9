/* SPDX-License-Identifier: MIT */
/* The cache model against a second one, written as plainly as its rules read: every access
 * of random traces must have the same level, the same slot and the same counts. */
#include "unit.h"

#include "permutation.h"
#include "sim/hierarchy.h"

/* ---- the plain model ---- */

enum { MOST_PLACES = 512, MOST_TOUCHED = 1024, WALKER_ENTRIES = 32 };

struct place {
    uint64_t line, used; /* when it was used last */
    bool is_in, is_dirty, bit;
    int rrpv;
};

struct store { /* a level of cache, a TLB, the walker's cache */
    struct place places[MOST_PLACES];
    unsigned n_sets, ways;
    enum sim_policy policy;
    uint64_t random;
};

struct stream_page {
    uint64_t page, used;
    int64_t last;
    bool is_in;
};

struct plain {
    struct sim_geometry geometry;
    struct sim_model model;
    struct store caches[SIM_MOST_LEVELS], tlbs[2], walker;
    struct stream_page streams[32];
    uint64_t touched[MOST_TOUCHED], n_touched, clock;
    struct sim_events events;
};

static void store_init(struct store *store, unsigned n_places, unsigned ways,
                       enum sim_policy policy)
{
    memset(store, 0, sizeof *store);
    store->n_sets = n_places / ways;
    store->ways = ways;
    store->policy = policy;
    store->random = UINT64_C(0x9E3779B97F4A7C15);
}

static struct place *set_of(struct store *store, uint64_t line)
{
    return store->places + line % store->n_sets * store->ways;
}

static struct place *find(struct store *store, uint64_t line)
{
    struct place *const set = set_of(store, line);
    for (unsigned i = 0; i < store->ways; i++)
        if (set[i].is_in && set[i].line == line)
            return &set[i];
    return NULL;
}

/* What a policy notes of a line in use; a new one is not a hit. */
static void use(struct plain *plain, struct store *store, struct place *place,
                bool is_new)
{
    struct place *const set = set_of(store, place->line);
    bool all = true;
    place->used = ++plain->clock;
    place->rrpv = is_new ? 2 : 0;
    place->bit = true;
    for (unsigned i = 0; i < store->ways; i++)
        all = all && set[i].bit;
    for (unsigned i = 0; i < store->ways && all; i++)
        set[i].bit = &set[i] == place;
}

static unsigned drawn(struct store *store)
{
    store->random ^= store->random << 13;
    store->random ^= store->random >> 7;
    store->random ^= store->random << 17;
    return (unsigned)((store->random >> 32) * store->ways >> 32);
}

static unsigned first_at_3(struct place *set, unsigned ways)
{
    for (;;) {
        for (unsigned i = 0; i < ways; i++)
            if (set[i].rrpv == 3)
                return i;
        for (unsigned i = 0; i < ways; i++)
            set[i].rrpv++;
    }
}

static unsigned victim(struct store *store, struct place *set)
{
    unsigned oldest = 0, no_bit = store->ways;
    for (unsigned i = 0; i < store->ways; i++) {
        if (set[i].used < set[oldest].used)
            oldest = i;
        if (!set[i].bit && no_bit == store->ways)
            no_bit = i;
    }
    switch (store->policy) {
    case SIM_BIT_PLRU:
        return no_bit == store->ways ? 0 : no_bit;
    case SIM_RANDOM:
        return drawn(store);
    case SIM_SRRIP:
        return first_at_3(set, store->ways);
    default:
        return oldest;
    }
}

/* The way for a new line: an empty one if there is one. */
static struct place *way_for(struct store *store, uint64_t line)
{
    struct place *const set = set_of(store, line);
    struct place *empty = NULL;
    for (unsigned i = 0; i < store->ways; i++)
        if (!set[i].is_in && empty == NULL)
            empty = &set[i];
    return empty != NULL ? empty : &set[victim(store, set)];
}

static void put(struct plain *plain, unsigned level, uint64_t line, bool is_dirty);

static bool plain_is(const struct plain *plain, enum sim_inclusion inclusion)
{
    return plain->model.last_level == inclusion && plain->geometry.n_levels > 1;
}

/* Takes a line out; returns whether it was dirty. */
static bool take(struct plain *plain, unsigned level, uint64_t line)
{
    struct place *const place = find(&plain->caches[level], line);
    if (place == NULL)
        return false;
    place->is_in = false;
    place->bit = false;
    plain->events.evictions[level]++;
    return place->is_dirty;
}

static void leave(struct plain *plain, unsigned level, uint64_t line, bool is_dirty)
{
    const unsigned last = plain->geometry.n_levels - 1;
    if (level == last) {
        for (unsigned i = 0; i < last && plain_is(plain, SIM_INCLUSIVE); i++)
            is_dirty |= take(plain, i, line);
        plain->events.write_backs += is_dirty;
        return;
    }
    if (level + 1 == last && plain_is(plain, SIM_EXCLUSIVE)) {
        put(plain, last, line, is_dirty);
        return;
    }
    if (!is_dirty)
        return;
    struct place *const copy = find(&plain->caches[level + 1], line);
    if (copy != NULL) {
        copy->is_dirty = true;
        return;
    }
    if (level + 2 == last && plain_is(plain, SIM_EXCLUSIVE))
        (void)take(plain, last, line);
    put(plain, level + 1, line, true);
}

static void put(struct plain *plain, unsigned level, uint64_t line, bool is_dirty)
{
    struct store *const store = &plain->caches[level];
    struct place *const place = way_for(store, line);
    const struct place before = *place;
    *place = (struct place){.line = line, .is_in = true, .is_dirty = is_dirty};
    use(plain, store, place, true);
    plain->events.fills[level]++;
    if (before.is_in) {
        plain->events.evictions[level]++;
        leave(plain, level, before.line, before.is_dirty);
    }
}

/* A request for the line at `to`. Returns where it was. */
static unsigned bring(struct plain *plain, unsigned to, uint64_t line, bool is_load)
{
    const unsigned n = plain->geometry.n_levels;
    unsigned found = to, outermost;
    bool is_dirty = false;
    for (; found < n; found++) {
        struct place *const place = find(&plain->caches[found], line);
        plain->events.references[found]++;
        plain->events.demand_loads[found] += is_load;
        if (place != NULL) {
            use(plain, &plain->caches[found], place, false);
            break;
        }
        plain->events.misses[found]++;
        plain->events.demand_misses[found] += is_load;
    }
    outermost = found;
    if (plain_is(plain, SIM_EXCLUSIVE) && found >= n - 1 && to < n - 1) {
        is_dirty = found == n - 1 && take(plain, n - 1, line);
        outermost = n - 1;
    }
    while (outermost-- > to) {
        put(plain, outermost, line, is_dirty);
        is_dirty = false;
    }
    return found;
}

/* ---- its prefetchers ---- */

static unsigned prefetched(struct plain *plain, unsigned to, uint64_t line)
{
    if (to > 0 && to == plain->geometry.n_levels - 1 && plain_is(plain, SIM_EXCLUSIVE) &&
        find(&plain->caches[to - 1], line) != NULL)
        return to;
    const unsigned found = bring(plain, to, line, false);
    plain->events.prefetches += found > to;
    return found;
}

static struct stream_page *stream_page_of(struct plain *plain, uint64_t page)
{
    struct stream_page *oldest = &plain->streams[0];
    for (unsigned i = 0; i < 32; i++) {
        struct stream_page *const it = &plain->streams[i];
        if (it->is_in && it->page == page)
            return it;
        if (it->used < oldest->used)
            oldest = it;
    }
    *oldest = (struct stream_page){.page = page, .last = -100, .is_in = true};
    return oldest;
}

static void second_level_asked(struct plain *plain, uint64_t line, unsigned found)
{
    const int64_t lines = 4096 / plain->geometry.line_bytes;
    if (found == 0 || plain->geometry.n_levels < 2)
        return;
    if ((plain->model.prefetchers & SIM_ADJACENT_LINE) && found >= 2)
        (void)prefetched(plain, 1, line % 2 == 0 ? line + 1 : line - 1);
    if (!(plain->model.prefetchers & SIM_STREAM))
        return;
    struct stream_page *const page = stream_page_of(plain, line / (uint64_t)lines);
    const int64_t at = (int64_t)line % lines, step = at - page->last;
    page->last = at;
    page->used = ++plain->clock;
    if (step != 1 && step != -1)
        return;
    for (int64_t i = 1; i <= 4; i++)
        if (at + i * step >= 0 && at + i * step < lines)
            (void)prefetched(plain, 1, (uint64_t)((int64_t)line + i * step));
}

/* ---- its pages ---- */

static bool is_first_touch(struct plain *plain, uint64_t page)
{
    for (uint64_t i = 0; i < plain->n_touched; i++)
        if (plain->touched[i] == page)
            return false;
    assert_true(plain->n_touched < MOST_TOUCHED);
    plain->touched[plain->n_touched++] = page;
    return true;
}

static void zeroed(struct plain *plain, uint64_t page)
{
    const uint64_t lines = plain->geometry.page_bytes / plain->geometry.line_bytes;
    for (uint64_t line = page * lines; line < (page + 1) * lines; line++) {
        (void)bring(plain, 0, line, false);
        find(&plain->caches[0], line)->is_dirty = true;
    }
    plain->events.zeroed_pages++;
}

/* Whether the page was there; it is afterwards. */
static bool translated(struct plain *plain, struct store *store, uint64_t page)
{
    struct place *place = find(store, page);
    const bool is_there = place != NULL;
    if (!is_there) {
        place = way_for(store, page);
        *place = (struct place){.line = page, .is_in = true};
    }
    use(plain, store, place, !is_there);
    return is_there;
}

static void table_read(struct plain *plain, uint64_t line)
{
    const unsigned found = bring(plain, 0, line, false);
    for (unsigned level = 0; level < found; level++)
        plain->events.walk_misses[level]++;
    plain->events.walk_loads++;
}

static void walked(struct plain *plain, uint64_t page)
{
    const uint64_t entries = plain->geometry.line_bytes / 8;
    if (!translated(plain, &plain->walker, page / 512))
        table_read(plain, ((uint64_t)3 << 59) + page / 512 / entries);
    table_read(plain, ((uint64_t)1 << 60) + page / entries);
}

static void page_entered(struct plain *plain, uint64_t page, enum sim_access access)
{
    unsigned missed = 0, n_tlbs = 0;
    bool is_there = false;
    while (n_tlbs < 2 && plain->geometry.tlbs[n_tlbs].entries != 0)
        n_tlbs++;
    for (unsigned i = 0; i < n_tlbs && !is_there; i++) {
        is_there = translated(plain, &plain->tlbs[i], page);
        missed += !is_there;
    }
    if (plain->model.zeroes_pages && is_first_touch(plain, page))
        zeroed(plain, page);
    for (unsigned i = 0; i < missed; i++) {
        plain->events.tlb_load_misses[i] += access == SIM_LOAD;
        plain->events.tlb_store_misses[i] += access == SIM_STORE;
    }
    if (plain->model.walks_pages && n_tlbs > 0 && missed == n_tlbs)
        walked(plain, page);
}

/* ---- the plain model as a whole ---- */

static void plain_init(struct plain *plain, const struct sim_geometry *geometry,
                       const struct sim_model *model)
{
    memset(plain, 0, sizeof *plain);
    plain->geometry = *geometry;
    plain->model = *model;
    for (unsigned i = 0; i < geometry->n_levels; i++)
        store_init(&plain->caches[i],
                   (unsigned)(geometry->levels[i].bytes / geometry->line_bytes),
                   geometry->levels[i].ways, model->policy);
    for (unsigned i = 0; i < 2 && geometry->tlbs[i].entries != 0; i++)
        store_init(&plain->tlbs[i], geometry->tlbs[i].entries, geometry->tlbs[i].ways,
                   SIM_LRU);
    store_init(&plain->walker, WALKER_ENTRIES, WALKER_ENTRIES, SIM_LRU);
}

static unsigned plain_access(struct plain *plain, uint64_t line, enum sim_access access)
{
    const uint64_t lines = plain->geometry.page_bytes / plain->geometry.line_bytes;
    page_entered(plain, line / lines, access);
    const unsigned found = bring(plain, 0, line, access == SIM_LOAD);
    find(&plain->caches[0], line)->is_dirty |= access == SIM_STORE;
    second_level_asked(plain, line, found);
    if (found > 0 && (plain->model.prefetchers & SIM_NEXT_LINE) &&
        (line + 1) % (4096 / plain->geometry.line_bytes) != 0)
        second_level_asked(plain, line + 1, prefetched(plain, 0, line + 1));
    if (find(&plain->caches[0], line) == NULL)
        (void)bring(plain, 0, line, false);
    return found;
}

/* ---- traces ---- */

enum { N_ACCESSES = 6000 };

/* Bursts in a few pages: repeats, runs both ways, jumps. */
static uint64_t next_line_of(uint64_t seed, uint64_t i, uint64_t line, uint64_t n_lines)
{
    const uint64_t r = random_u64(seed, i);
    switch (r % 8) {
    case 0:
    case 1:
        return (line + 1) % n_lines;
    case 2:
        return (line + n_lines - 1) % n_lines;
    case 3:
        return line;
    case 4:
        return line / 16 * 16 + (r >> 8) % 16;
    default:
        return (r >> 8) % n_lines;
    }
}

/* An access as one of two callers makes it: the one leaves all to the hierarchy, the other
 * settles by itself what is recent. */
static struct sim_served access_or_settle(struct hierarchy *hierarchy, uint64_t line,
                                          enum sim_access access, uint64_t i)
{
    uint64_t slot;
    if (i % 3 == 0 || !sim_is_recent(hierarchy_recent(hierarchy), line, access, &slot))
        return hierarchy_access(hierarchy, line, access);
    hierarchy_add_recent(hierarchy, access == SIM_LOAD, access == SIM_STORE);
    return (struct sim_served){0, (unsigned)slot};
}

/* Which way a line takes is compared by what is found in it later: of several empty ways
 * LRU may take another than the first, which changes nothing. */
static void compare(struct plain *plain, struct hierarchy *hierarchy, uint64_t seed,
                    uint64_t n_lines)
{
    static uint64_t in_slot[MOST_PLACES];
    uint64_t line = 0;
    memset(in_slot, 0xFF, sizeof in_slot);
    for (uint64_t i = 0; i < N_ACCESSES; i++) {
        const uint64_t r = random_u64(seed + 1, i) % 16;
        const enum sim_access access = r < 9    ? SIM_LOAD
                                       : r < 15 ? SIM_STORE
                                                : SIM_PREFETCH;
        line = next_line_of(seed, i, line, n_lines);
        const unsigned found = plain_access(plain, line, access);
        const struct sim_served served = access_or_settle(hierarchy, line, access, i);
        expect_u64("level of access", i, served.level, found);
        assert_true(served.slot < hierarchy_slots(hierarchy));
        if (served.level == 0 && plain->model.prefetchers == 0 &&
            !plain->model.walks_pages && !plain->model.zeroes_pages)
            expect_u64("line of the slot, access", i, in_slot[served.slot], line);
        in_slot[served.slot] = line;
        if (memcmp(&plain->events, hierarchy_events(hierarchy), sizeof plain->events) !=
            0)
            fail_msg("seed %llu: counts differ after access %llu",
                     (unsigned long long)seed, (unsigned long long)i);
    }
}

/* Small, with sets that are no power of two, and one fully associative. */
static const struct sim_geometry geometries[] = {
    {{{1024, 4}}, 1, 64, {{0, 0}, {0, 0}}, 4096},
    {{{512, 2}, {2048, 4}}, 2, 64, {{4, 2}, {12, 3}}, 4096},
    {{{576, 3}, {1920, 5}, {6144, 16}}, 3, 64, {{4, 4}, {0, 0}}, 4096},
    {{{1024, 8}, {4096, 4}, {8192, 32}, {24576, 24}}, 4, 128, {{8, 8}, {24, 12}}, 16384},
    {{{64, 1}, {192, 1}, {1280, 20}}, 3, 64, {{1, 1}, {2, 2}}, 4096},
};

static void try_models(enum sim_inclusion inclusion, const unsigned *prefetchers,
                       size_t n_prefetchers, bool has_pages)
{
    static struct plain plain;
    uint64_t seed = 1;
    for (size_t g = 0; g < N_OF(geometries); g++)
        for (unsigned policy = 0; policy < SIM_N_POLICIES; policy++)
            for (size_t p = 0; p < n_prefetchers; p++) {
                const struct sim_model model = {(enum sim_policy)policy, prefetchers[p],
                                                inclusion, has_pages, has_pages};
                struct hierarchy *const hierarchy =
                    hierarchy_create(&geometries[g], &model);
                assert_non_null(hierarchy);
                plain_init(&plain, &geometries[g], &model);
                compare(&plain, hierarchy, seed, (uint64_t)64 << seed % 4);
                hierarchy_destroy(hierarchy);
                seed++;
            }
}

static const unsigned no_prefetcher[] = {0};
static const unsigned all_prefetchers[] = {SIM_NEXT_LINE, SIM_ADJACENT_LINE, SIM_STREAM,
                                           SIM_NEXT_LINE | SIM_ADJACENT_LINE |
                                               SIM_STREAM};

static void a_last_level_by_itself_is_as_the_plain_model(void **state)
{
    (void)state;
    try_models(SIM_NEITHER, no_prefetcher, 1, false);
}

static void an_inclusive_level_is_as_the_plain_model(void **state)
{
    (void)state;
    try_models(SIM_INCLUSIVE, no_prefetcher, 1, false);
}

static void an_exclusive_level_is_as_the_plain_model(void **state)
{
    (void)state;
    try_models(SIM_EXCLUSIVE, no_prefetcher, 1, false);
}

static void prefetchers_are_as_the_plain_models(void **state)
{
    (void)state;
    try_models(SIM_NEITHER, all_prefetchers, N_OF(all_prefetchers), false);
    try_models(SIM_INCLUSIVE, all_prefetchers, N_OF(all_prefetchers), false);
    try_models(SIM_EXCLUSIVE, all_prefetchers, N_OF(all_prefetchers), false);
}

static void pages_are_as_the_plain_models(void **state)
{
    (void)state;
    try_models(SIM_NEITHER, no_prefetcher, 1, true);
    try_models(SIM_INCLUSIVE, all_prefetchers + 3, 1, true);
    try_models(SIM_EXCLUSIVE, all_prefetchers + 3, 1, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_last_level_by_itself_is_as_the_plain_model),
        cmocka_unit_test(an_inclusive_level_is_as_the_plain_model),
        cmocka_unit_test(an_exclusive_level_is_as_the_plain_model),
        cmocka_unit_test(prefetchers_are_as_the_plain_models),
        cmocka_unit_test(pages_are_as_the_plain_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
