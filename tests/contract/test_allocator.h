/* SPDX-License-Identifier: MIT */
/* An allocator that counts, refuses on request, and suspects everybody.
 *
 * Each block is led by a record of its request and followed by guard bytes. A release
 * must repeat that request word for word, label and zeroing included. Blocks that were not
 * asked to be zeroed are filled with junk; released ones are filled with other junk and
 * kept for a while, so that double releases and late writes are seen without ASan too.
 *
 *     test_allocator memory;
 *     test_allocator_begin(&memory);
 *     map_init(&map, 0, DESIGN_SEED, &memory.hooks);
 *     ...
 *     test_allocator_end(&memory);     fails the test when a block leaked
 */
#ifndef TEST_ALLOCATOR_H
#define TEST_ALLOCATOR_H

#include <onemiss/contract.h>

#include "check.h"

enum {
    TEST_LEAD_BYTES = 64,                   /* a multiple of every small alignment */
    TEST_TAIL_BYTES = CHECK_ASAN ? 0 : 16,  /* ASan has red zones of its own */
    TEST_KEPT_BLOCKS = CHECK_ASAN ? 1 : 64, /* and a quarantine of its own */
    TEST_JUNK_BYTES = 512,                  /* of a released block, from its start */
    TEST_NEW_JUNK = 0xa5,
    TEST_OLD_JUNK = 0xdd,
    TEST_TAIL_JUNK = 0xc3
};

#define TEST_NEVER     SIZE_MAX
#define TEST_MARK_LIVE 0x6c6976656c697665u
#define TEST_MARK_DEAD 0x6465616464656164u

typedef struct test_block {
    struct test_block *next, *previous; /* of the live ones */
    void *raw;                          /* what free takes */
    om_request request;
    uint64_t mark;
} test_block;

_Static_assert(sizeof(test_block) <= TEST_LEAD_BYTES, "the record leads the block");

typedef struct test_allocator {
    om_allocator hooks; /* what a map is given */

    /* what it does */
    size_t fail_at;      /* requests served before one fails; TEST_NEVER */
    bool fails_for_ever; /* and all after it */
    size_t most_bytes;   /* larger requests are refused */

    /* what it has seen */
    size_t n_requests; /* refused ones included */
    size_t n_refused;
    size_t n_releases;
    size_t n_advices;
    size_t live_blocks, live_bytes;
    size_t live_tables, most_tables;           /* blocks labelled entries or heads */
    size_t live_table_bytes, most_table_bytes; /* and their bytes */
    om_request last;                           /* the last request, refused or not */
    size_t n_resizes;                          /* resizes that have ended */
    size_t n_open;                             /* resizes that have begun and not ended */
    size_t moved;                              /* sum of their items */
    om_resize resize;                          /* the last to begin */

    /* a visitor: called in the hook calls of these indexes, to use the map */
    void (*visit)(void *visited, const char *hook);
    void *visited;
    size_t visit_at, visit_also; /* indexes of hook calls; TEST_NEVER */
    size_t n_hook_calls, n_visits;
    bool is_visiting;

    test_block live; /* head of the ring */
    test_block *kept[TEST_KEPT_BLOCKS];
    size_t n_kept;
} test_allocator;

static inline char *test_block_bytes(test_block *block)
{
    return (char *)block + TEST_LEAD_BYTES;
}

static inline bool test_is_table(const om_request *request)
{
    return request->label[0] != 'n' && /* "nodes" and "key bytes" are the frequent ones */
           request->label[0] != 'k' &&
           (strcmp(request->label, "entries") == 0 ||
            strcmp(request->label, "heads") == 0);
}

static inline void test_allocator_called(test_allocator *self, const char *hook)
{
    if (self->is_visiting)
        return;
    const size_t call = self->n_hook_calls++;
    if (call != self->visit_at && call != self->visit_also)
        return;
    self->is_visiting = true;
    self->n_visits++;
    self->visit(self->visited, hook);
    self->is_visiting = false;
}

static bool test_allocator_refuses(test_allocator *self, const om_request *request)
{
    self->n_requests++;
    self->last = *request;
    if (request->bytes > self->most_bytes) {
        self->n_refused++;
        return true;
    }
    if (self->fail_at == TEST_NEVER || self->fail_at-- > 0)
        return false;
    self->fail_at = self->fails_for_ever ? 0 : TEST_NEVER;
    self->n_refused++;
    return true;
}

static void *test_allocate(void *context, const om_request *request)
{
    test_allocator *const self = context;
    CHECK(request->bytes > 0 && request->bytes <= PTRDIFF_MAX);
    CHECK(request->alignment > 0 && (request->alignment & (request->alignment - 1)) == 0);
    CHECK(request->label != NULL);
    test_allocator_called(self, "allocate");
    if (test_allocator_refuses(self, request))
        return NULL;
    const size_t alignment = request->alignment;
    const size_t lead = alignment > TEST_LEAD_BYTES ? alignment : TEST_LEAD_BYTES;
    const size_t whole = lead + request->bytes + TEST_TAIL_BYTES;
    char *const raw =
        alignment <= _Alignof(max_align_t)
            ? malloc(whole)
            : aligned_alloc(alignment, (whole + alignment - 1) & ~(alignment - 1));
    CHECK(raw != NULL);
    test_block *const block = (void *)(raw + lead - TEST_LEAD_BYTES);
    block->raw = raw;
    block->request = *request;
    block->mark = TEST_MARK_LIVE;
    block->next = &self->live;
    block->previous = self->live.previous;
    block->previous->next = block;
    block->next->previous = block;
    self->live_blocks++;
    self->live_bytes += request->bytes;
    if (test_is_table(request)) {
        self->live_tables++;
        self->live_table_bytes += request->bytes;
        if (self->live_tables > self->most_tables)
            self->most_tables = self->live_tables;
        if (self->live_table_bytes > self->most_table_bytes)
            self->most_table_bytes = self->live_table_bytes;
    }
    char *const bytes = test_block_bytes(block);
    memset(bytes, (request->flags & OM_ZEROED) != 0 ? 0 : TEST_NEW_JUNK, request->bytes);
    memset(bytes + request->bytes, TEST_TAIL_JUNK, TEST_TAIL_BYTES);
    return bytes;
}

static inline size_t test_block_junk(const test_block *block)
{
    const size_t bytes = block->request.bytes;
    return CHECK_ASAN ? 0 : bytes < TEST_JUNK_BYTES ? bytes : TEST_JUNK_BYTES;
}

static void test_block_check_tail(test_block *block)
{
    const char *const tail = test_block_bytes(block) + block->request.bytes;
    for (int i = 0; i < TEST_TAIL_BYTES; i++)
        CHECK((unsigned char)tail[i] == TEST_TAIL_JUNK);
}

/* Frees a block that was released earlier, if nobody has written to it since. */
static void test_block_let_go(test_block *block)
{
    const char *const bytes = test_block_bytes(block);
    CHECK(block->mark == TEST_MARK_DEAD);
    for (size_t i = 0; i < test_block_junk(block); i++)
        CHECK((unsigned char)bytes[i] == TEST_OLD_JUNK);
    free(block->raw);
}

static void test_release(void *context, void *at, const om_request *request)
{
    test_allocator *const self = context;
    CHECK(at != NULL);
    test_allocator_called(self, "release");
    test_block *const block = (void *)((char *)at - TEST_LEAD_BYTES);
    CHECK(block->mark != TEST_MARK_DEAD); /* released twice */
    CHECK(block->mark == TEST_MARK_LIVE);
    CHECK_SAME(request->bytes, block->request.bytes);
    CHECK_SAME(request->alignment, block->request.alignment);
    CHECK(strcmp(request->label, block->request.label) == 0);
    CHECK_SAME(request->flags & OM_ZEROED, block->request.flags & OM_ZEROED);
    test_block_check_tail(block);
    block->mark = TEST_MARK_DEAD;
    block->next->previous = block->previous;
    block->previous->next = block->next;
    self->n_releases++;
    self->live_blocks--;
    self->live_bytes -= request->bytes;
    if (test_is_table(request)) {
        self->live_tables--;
        self->live_table_bytes -= request->bytes;
    }
    if (CHECK_ASAN) {
        free(block->raw);
        return;
    }
    memset(at, TEST_OLD_JUNK, test_block_junk(block));
    test_block **const place = &self->kept[self->n_kept++ % TEST_KEPT_BLOCKS];
    if (*place != NULL)
        test_block_let_go(*place);
    *place = block;
}

static void test_on_resize(void *context, const om_resize *resize, bool is_end)
{
    test_allocator *const self = context;
    if (is_end) {
        CHECK(self->n_open > 0);
        if (self->n_open == 1) /* nested ones overwrite it */
            CHECK(self->n_visits > 0 ||
                  memcmp(&self->resize, resize, sizeof *resize) == 0);
        self->n_open--;
        self->n_resizes++;
    } else {
        self->n_open++;
        self->moved += resize->items;
        self->resize = *resize;
    }
    test_allocator_called(self, is_end ? "resize end" : "resize begin");
}

/* Takes the map at its word: what it will not read again is overwritten at once. */
static void test_advise(void *context, void *part, size_t bytes,
                        const om_request *request, om_advice advice)
{
    test_allocator *const self = context;
    char *const from = part;
    test_block *block = self->live.next;
    while (block != &self->live &&
           (from < test_block_bytes(block) ||
            from >= test_block_bytes(block) + block->request.bytes))
        block = block->next;
    CHECK(block != &self->live); /* the part lies in a live block */
    CHECK(bytes <= (size_t)(test_block_bytes(block) + block->request.bytes - from));
    CHECK_SAME(request->bytes, block->request.bytes);
    CHECK(strcmp(request->label, block->request.label) == 0);
    self->n_advices++;
    if (advice == OM_WILL_NOT_READ)
        memset(part, TEST_OLD_JUNK, bytes);
}

CHECK_UNUSED static void test_allocator_begin(test_allocator *self)
{
    memset(self, 0, sizeof *self);
    self->hooks.allocate = test_allocate;
    self->hooks.release = test_release;
    self->hooks.on_resize = test_on_resize;
    self->hooks.context = self;
    self->hooks.advise = test_advise;
    self->fail_at = TEST_NEVER;
    self->most_bytes = (size_t)1 << 30;
    self->visit_at = self->visit_also = TEST_NEVER;
    self->live.next = self->live.previous = &self->live;
}

/* Sets what is counted back to zero; live blocks stay known. */
CHECK_UNUSED static void test_allocator_recount(test_allocator *self)
{
    self->n_requests = self->n_refused = self->n_releases = 0;
    self->n_resizes = self->moved = 0;
    self->most_tables = self->live_tables;
    self->most_table_bytes = self->live_table_bytes;
}

/* From now on: the request after `served` more ones fails, and all later ones too if
 * `for_ever`. TEST_NEVER: none. */
CHECK_UNUSED static void test_allocator_fail(test_allocator *self, size_t served,
                                             bool for_ever)
{
    self->fail_at = served;
    self->fails_for_ever = for_ever;
    self->n_refused = 0;
}

/* Frees whatever is left, as after a failure that was expected. */
CHECK_UNUSED static void test_allocator_abandon(test_allocator *self)
{
    for (test_block *block = self->live.next; block != &self->live;) {
        test_block *const next = block->next;
        free(block->raw);
        block = next;
    }
    for (size_t i = 0; i < TEST_KEPT_BLOCKS; i++)
        if (self->kept[i] != NULL)
            free(self->kept[i]->raw);
}

CHECK_UNUSED static void test_allocator_end(test_allocator *self)
{
    if (self->live_blocks > 0) {
        const om_request *const leaked = &self->live.next->request;
        (void)snprintf(check_context, sizeof check_context,
                       "%zu blocks leaked, one of %zu bytes labelled %s",
                       self->live_blocks, leaked->bytes, leaked->label);
    }
    CHECK_SAME(self->live_blocks, 0);
    CHECK_SAME(self->live_bytes, 0);
    CHECK_SAME(self->n_open, 0);
    for (size_t i = 0; i < TEST_KEPT_BLOCKS; i++)
        if (self->kept[i] != NULL)
            test_block_let_go(self->kept[i]);
}

#endif
