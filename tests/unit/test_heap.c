/* SPDX-License-Identifier: MIT */
/* The model of malloc lays every block where glibc 2.36 does, and tells what it touches.
 *
 * The oracle is the C library itself: this program runs itself anew, so that its heap is
 * fresh, and as the first thing there the same calls; each address and each break, as
 * bytes from the heap's start, must be the model's. Elsewhere than on glibc 2.36 the
 * hashes of those very addresses stand for it. */
#include "unit.h"

#include <sys/mman.h>
#include <sys/wait.h>

#if defined(__GLIBC__)
#include <gnu/libc-version.h>
#include <malloc.h>
#endif

#include "heap.h"
#include "permutation.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_OWN_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||               \
    __has_feature(memory_sanitizer)
#define HAS_OWN_MALLOC 1
#endif
#endif

enum { ROOM = 64 << 20, N_SLOTS = 4096, N_STEPS = 20000, N_MANY = 24000 };

/* ---- a heap to run on: the model's, or the process's own ---- */

struct machine {
    void *(*allocate)(size_t bytes);
    void *(*allocate_zeroed)(size_t bytes);
    void *(*allocate_aligned)(size_t alignment, size_t bytes);
    void *(*reallocate)(void *block, size_t bytes);
    void (*release)(void *block);
    uintptr_t (*end)(void);
    uintptr_t start;
    void (*look)(void); /* NULL, or called after each step */
};

static struct heap heap;
static char *room;      /* of the model's heap, for all tests */
static size_t n_usable; /* bytes of it */

/* Pages behind the end are out of reach, and forgotten. */
static bool grow(void *context, void *end)
{
    const size_t bytes = (size_t)((char *)end - room);
    (void)context;
    if (bytes > n_usable)
        assert_int_equal(mprotect(room, bytes, PROT_READ | PROT_WRITE), 0);
    else if (bytes < n_usable)
        assert_ptr_equal(mmap(end, n_usable - bytes, PROT_NONE,
                              MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                              0),
                         end);
    n_usable = bytes;
    return true;
}

static void reset_with(heap_touch *touch, size_t bytes)
{
    if (room == NULL)
        room = mmap(NULL, ROOM, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                    -1, 0);
    assert_ptr_not_equal(room, MAP_FAILED);
    grow(NULL, room);
    assert_true(heap_init(&heap, room, bytes, grow, touch, NULL));
}

static void *model_allocate(size_t bytes)
{
    return heap_allocate(&heap, bytes, 1);
}

static void *model_allocate_zeroed(size_t bytes)
{
    return heap_allocate_zeroed(&heap, bytes, 1);
}

static void *model_allocate_aligned(size_t alignment, size_t bytes)
{
    return heap_allocate(&heap, bytes, alignment);
}

static void *model_reallocate(void *block, size_t bytes)
{
    return heap_reallocate(&heap, block, bytes);
}

static void model_release(void *block)
{
    heap_release(&heap, block);
}

static uintptr_t model_end(void)
{
    return heap.end;
}

static struct machine model(void)
{
    return (struct machine){model_allocate,
                            model_allocate_zeroed,
                            model_allocate_aligned,
                            model_reallocate,
                            model_release,
                            model_end,
                            heap.start,
                            NULL};
}

/* ---- what is run: sequences of calls, drawn from a seed ---- */

/* In percent of the steps; what is left of 100 releases. */
struct script {
    const char *name;
    unsigned allocate, allocate_zeroed, allocate_aligned, reallocate;
    unsigned least, most; /* bytes */
    unsigned n_slots;     /* blocks at a time; 0: see run_many */
    bool is_fifo;         /* slots in turn, else at random */
    uint64_t hash;        /* of what glibc 2.36 answers, for SEEDS seeds */
};

enum { SEEDS = 3 };

static const struct script scripts[] = {
    {"nodes", 60, 0, 0, 0, 24, 24, 4096, false, 0x384e47ba378436f4},
    {"strings", 60, 0, 0, 0, 5, 110, 4096, false, 0x580fdfea1dfb5371},
    {"strings in turn", 60, 0, 0, 0, 5, 110, 4000, true, 0xeb371cf3f7b667f6},
    {"cached sizes", 55, 5, 0, 0, 1, 1100, 1000, false, 0x18b1b41205c43b89},
    {"large lists", 60, 0, 0, 0, 900, 5000, 600, false, 0x9d38b56b0c19b242},
    {"few sizes of large", 60, 0, 0, 0, 4000, 4063, 600, false, 0x80200b26dbfb0ec6},
    {"mixed", 45, 10, 0, 5, 1, 100000, 300, false, 0xb9af0e9ba2f393ae},
    {"zeroed", 5, 50, 0, 0, 1, 3000, 500, true, 0x01df74005bda5784},
    {"growing", 10, 0, 0, 60, 1, 300, 2000, false, 0x5a451377704f3610},
    {"growing far", 10, 0, 0, 60, 1, 30000, 100, true, 0x305c42e7a261a5f8},
    {"aligned", 20, 5, 30, 0, 1, 2000, 500, false, 0xe8e62bc84cd0fee5},
    {"all", 30, 10, 10, 10, 1, 20000, 800, false, 0x2a27bd8691e7a9ae},
    {"many unsorted", 0, 0, 0, 0, 0, 0, 0, false, 0xd17fd33c52081cfa},
};

struct slot {
    unsigned char *block;
    size_t bytes;
    unsigned char mark; /* in each byte of the block */
};

static struct slot slots[N_SLOTS];
static uint64_t answers[2][2 * N_STEPS];

static void check_marks(const struct slot *slot, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (slot->block[i] != slot->mark)
            fail_msg("byte %zu of %zu is %u, not %u", i, slot->bytes, slot->block[i],
                     slot->mark);
}

static void release(const struct machine *on, struct slot *slot, bool is_checked)
{
    if (slot->block == NULL)
        return;
    if (is_checked)
        check_marks(slot, slot->bytes);
    on->release(slot->block);
    slot->block = NULL;
}

/* How many bytes the draw asks for; a tenth of the blocks double when they are resized,
 * as growing strings do. */
static size_t drawn_bytes(const struct script *script, uint64_t draw,
                          const struct slot *slot)
{
    const uint64_t range = script->most - script->least + 1;
    if (slot->block != NULL && draw % 4 != 0)
        return slot->bytes < script->most / 2 ? slot->bytes * 2 : script->most;
    if (draw % 3 == 0) /* small ones more often */
        return script->least + (size_t)(draw / 3 % range * (draw >> 40) >> 24);
    return script->least + (size_t)(draw / 3 % range);
}

/* One call. `is_checked`: blocks are filled, and must keep what they hold. */
static void step(const struct machine *on, const struct script *script, uint64_t seed,
                 uint64_t i, bool is_checked)
{
    const uint64_t draw = random_u64(seed, 2 * i), sizes = random_u64(seed, 2 * i + 1);
    struct slot *const slot =
        &slots[(script->is_fifo ? i : draw >> 20) % script->n_slots];
    unsigned kind = (unsigned)(draw % 100);
    void *block = slot->block;
    size_t kept = 0;
    if (kind >= script->allocate + script->allocate_zeroed + script->allocate_aligned &&
        kind < script->allocate + script->allocate_zeroed + script->allocate_aligned +
                   script->reallocate) {
        const size_t bytes = drawn_bytes(script, sizes, slot);
        kept = block == NULL ? 0 : slot->bytes < bytes ? slot->bytes : bytes;
        block = on->reallocate(block, bytes);
        slot->bytes = bytes;
    } else {
        release(on, slot, is_checked);
        slot->bytes = drawn_bytes(script, sizes, slot);
        const size_t alignment = (size_t)1 << (5 + sizes % 8);
        if (kind < script->allocate)
            block = on->allocate(slot->bytes);
        else if ((kind -= script->allocate) < script->allocate_zeroed)
            block = on->allocate_zeroed(slot->bytes);
        else if (kind - script->allocate_zeroed < script->allocate_aligned)
            block = on->allocate_aligned(alignment, slot->bytes);
        else
            return;
        if (is_checked && kind < script->allocate_zeroed && block != NULL) {
            const struct slot zeros = {block, slot->bytes, 0};
            if (draw % 100 >= script->allocate)
                check_marks(&zeros, slot->bytes);
        }
    }
    slot->block = block;
    if (is_checked && block != NULL) {
        assert_int_equal((uintptr_t)block % 16, 0);
        check_marks(slot, kept);
        slot->mark = (unsigned char)(1 + i % 255);
        memset(block, slot->mark, slot->bytes);
    }
}

/* More chunks become unsorted than one call sorts, and what is asked for first is the last
 * that it looks at, or the one behind. */
static void run_many(const struct machine *on, uint64_t seed, uint64_t *into)
{
    static void *blocks[N_MANY];
    memset(into, 0, sizeof answers[0]);
    const size_t special = 2 * (9999 + seed % 2);
    for (size_t i = 0; i < N_MANY; i++)
        blocks[i] = on->allocate(i == special ? 5000 : 1100 + random_below(seed, i, 500));
    for (size_t i = 0; i < N_MANY; i += 2)
        on->release(blocks[i]);
    for (size_t i = 0; i < N_MANY; i += 2) {
        blocks[i] =
            on->allocate(i == 0 ? 5000 : 1 + random_below(seed, N_MANY + i, 1200));
        into[i] = (uintptr_t)blocks[i] - on->start;
    }
    for (size_t i = 0; i < N_MANY; i++)
        on->release(blocks[i]);
    into[1] = on->end() - on->start;
}

/* Runs a script, then releases all that is left. The answers: where the block of each
 * step's slot lies, and the break. */
static void run(const struct machine *on, const struct script *script, uint64_t seed,
                uint64_t *into, bool is_checked)
{
    if (script->n_slots == 0) {
        run_many(on, seed, into);
        return;
    }
    memset(slots, 0, sizeof slots);
    for (uint64_t i = 0; i < N_STEPS; i++) {
        const uint64_t left = N_STEPS - i;
        if (left <= script->n_slots) {
            release(on, &slots[left - 1], is_checked);
            into[2 * i] = 0;
        } else {
            step(on, script, seed, i, is_checked);
            const uint64_t at =
                (script->is_fifo ? i : random_u64(seed, 2 * i) >> 20) % script->n_slots;
            const uintptr_t block = (uintptr_t)slots[at].block;
            into[2 * i] = block == 0 ? 0 : block - on->start;
        }
        into[2 * i + 1] = on->end() - on->start;
        if (on->look != NULL)
            on->look();
    }
}

/* ---- the C library's heap ---- */

#if defined(__GLIBC__) && !defined(HAS_OWN_MALLOC)
static void *own_allocate_zeroed(size_t bytes)
{
    return calloc(1, bytes);
}

static uintptr_t own_end(void)
{
    return (uintptr_t)sbrk(0);
}

/* The new process: nothing has been allocated before main, or the answer is empty. */
static int answer_for(const char *script, const char *seed)
{
    const struct machine own = {malloc,  own_allocate_zeroed, memalign, realloc, free,
                                own_end, own_end(),           NULL};
    void *const first = malloc(24);
    if (own.start % 4096 != 0 || (uintptr_t)first - own.start != 0x2A0)
        return 3;
    free(first);
    run(&own, &scripts[atoi(script)], strtoull(seed, NULL, 10), answers[1], false);
    const char *at = (const char *)answers[1];
    for (size_t left = sizeof answers[1]; left > 0;) {
        const ssize_t n = write(STDOUT_FILENO, at, left);
        if (n <= 0)
            return 4;
        at += n;
        left -= (size_t)n;
    }
    return 0;
}

/* The child's side of the pipe; no setting of malloc's is inherited. */
static void become(int to, size_t script, uint64_t seed)
{
    char texts[2][24];
    snprintf(texts[0], sizeof texts[0], "%zu", script);
    snprintf(texts[1], sizeof texts[1], "%llu", (unsigned long long)seed);
    char *const arguments[] = {"test_heap", "--own", texts[0], texts[1], NULL};
    char *const none[] = {NULL};
    dup2(to, STDOUT_FILENO);
    execve("/proc/self/exe", arguments, none);
    _exit(5);
}

/* Whether the C library's answers are in answers[1]. */
static bool ask(size_t script, uint64_t seed)
{
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0)
        become(ends[1], script, seed);
    close(ends[1]);
    size_t n = 0;
    for (ssize_t got;
         (got = read(ends[0], (char *)answers[1] + n, sizeof answers[1] - n)) > 0;)
        n += (size_t)got;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) != 0)
        print_message("the C library's heap was not to be had: exit %d\n",
                      WEXITSTATUS(status));
    return WEXITSTATUS(status) == 0 && n == sizeof answers[1];
}

static void blocks_lie_where_glibc_puts_them(void **state)
{
    (void)state;
    if (strcmp(gnu_get_libc_version(), "2.36") != 0) {
        print_message("skipped: glibc %s is not the 2.36 that is modelled\n",
                      gnu_get_libc_version());
        skip();
    }
    for (size_t script = 0; script < N_OF(scripts); script++) {
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            if (!ask(script, seed))
                skip(); /* something else allocates here */
            reset_with(NULL, ROOM);
            const struct machine on = model();
            on.release(on.allocate(24));
            run(&on, &scripts[script], seed, answers[0], false);
            for (size_t i = 0; i < N_OF(answers[0]); i++)
                if (answers[0][i] != answers[1][i])
                    fail_msg("%s, seed %d, step %zu: the %s is at 0x%llx, not 0x%llx",
                             scripts[script].name, (int)seed, i / 2,
                             i % 2 == 0 ? "block" : "break",
                             (unsigned long long)answers[0][i],
                             (unsigned long long)answers[1][i]);
        }
    }
}
#else
static void blocks_lie_where_glibc_puts_them(void **state)
{
    (void)state;
    print_message("skipped: malloc is not glibc's here\n");
    skip();
}
#endif

/* ---- anywhere ---- */

static void blocks_lie_where_they_did(void **state)
{
    (void)state;
    for (size_t script = 0; script < N_OF(scripts); script++) {
        uint64_t hash = 0;
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            reset_with(NULL, ROOM);
            const struct machine on = model();
            on.release(on.allocate(24));
            run(&on, &scripts[script], seed, answers[0], false);
            for (size_t i = 0; i < N_OF(answers[0]); i++)
                hash = mix_u64(hash + answers[0][i]);
        }
        if (hash != scripts[script].hash)
            fail_msg("%s: hash 0x%016llx", scripts[script].name,
                     (unsigned long long)hash);
    }
}

static void look_at_heap(void)
{
    static unsigned n;
    if (++n % 100 == 0)
        assert_true(heap_is_valid(&heap));
}

static void blocks_keep_what_they_hold(void **state)
{
    (void)state;
    for (size_t script = 0; script < N_OF(scripts); script++) {
        reset_with(NULL, ROOM);
        struct machine on = model();
        on.look = look_at_heap;
        run(&on, &scripts[script], 1000 + script, answers[0], true);
        assert_true(heap_is_valid(&heap));
    }
}

/* ---- what is told ---- */

enum { WATCHED = 1 << 20 };

static unsigned char copy[WATCHED]; /* the heap as it was */
static unsigned char told[WATCHED]; /* bytes that were told as stored to */
static size_t n_told, n_outside, n_stored;

static void note(void *context, const void *at, unsigned bytes, bool is_store)
{
    const size_t from = (size_t)((const char *)at - room);
    (void)context;
    n_told++;
    if (from > WATCHED - bytes || from + bytes > n_usable) {
        n_outside++;
    } else if (is_store) {
        n_stored += bytes;
        memset(told + from, 1, bytes);
    }
}

static void no_untold_change(void)
{
    for (size_t i = 0; i < n_usable; i++) {
        if ((unsigned char)room[i] != copy[i] && !told[i])
            fail_msg("byte %zu changed untold", i);
        told[i] = 0;
        copy[i] = (unsigned char)room[i];
    }
}

static void every_change_is_told(void **state)
{
    (void)state;
    memset(copy, 0, sizeof copy);
    memset(told, 0, sizeof told);
    n_outside = 0;
    reset_with(note, WATCHED);
    const struct machine on = model();
    const struct script script = {"", 30, 10, 10, 20, 1, 3000, 60, false, 0};
    memset(slots, 0, sizeof slots);
    for (uint64_t i = 0; i < 1500; i++) {
        const size_t had = n_usable;
        step(&on, &script, 7, i, false);
        if (n_usable > had)
            memset(copy + had, 0, n_usable - had);
        no_untold_change();
    }
    assert_int_equal(n_outside, 0);
    assert_true(n_told > 1500 * 5);
}

static void a_cached_block_costs_few_words(void **state)
{
    (void)state;
    reset_with(note, ROOM);
    void *const block = heap_allocate(&heap, 24, 1);
    heap_release(&heap, block);
    n_told = 0;
    assert_ptr_equal(heap_allocate(&heap, 24, 1), block);
    assert_in_range(n_told, 6, 12);
    n_told = 0;
    heap_release(&heap, block);
    assert_in_range(n_told, 6, 12);
}

static void only_memory_that_was_used_is_cleared(void **state)
{
    (void)state;
    reset_with(note, ROOM);
    heap_release(&heap, heap_allocate(&heap, 24, 1));
    n_stored = 0;
    assert_non_null(heap_allocate_zeroed(&heap, 100000, 1)); /* of the first 132 KiB */
    assert_in_range(n_stored, 100000, 100200);
    n_stored = 0;
    const size_t had = heap.end - heap.start;
    assert_non_null(heap_allocate_zeroed(&heap, 100000, 1)); /* most of it is fresh */
    assert_true(heap.end - heap.start > had);
    assert_in_range(n_stored, had - 101000, had - 99000);
}

static void without_memory_nothing_changes(void **state)
{
    (void)state;
    reset_with(NULL, HEAP_START + (256 << 10));
    unsigned n = 0;
    while (heap_allocate(&heap, 1000, 1) != NULL)
        n++;
    assert_int_equal(n, 133); /* of 1008 bytes in 132 KiB, and no room for 132 KiB more */
    assert_true(heap_is_valid(&heap));
    assert_null(heap_allocate_zeroed(&heap, SIZE_MAX, 1));
    assert_null(heap_allocate(&heap, PTRDIFF_MAX, 1));
    assert_null(heap_allocate(&heap, PTRDIFF_MAX / 2, 64));
    assert_null(heap_allocate(&heap, 8, (size_t)1 << 63));
    void *const block = heap_allocate(&heap, 24, 1);
    assert_non_null(block);
    assert_null(heap_reallocate(&heap, block, 1 << 20));
    heap_release(&heap, block);
    assert_ptr_equal(heap_allocate(&heap, 24, 1), block);
    assert_true(heap_is_valid(&heap));
}

static void what_glibc_allows_is_allowed(void **state)
{
    (void)state;
    reset_with(NULL, ROOM);
    heap_release(&heap, NULL);
    unsigned char *const dirty = heap_allocate(&heap, 5000, 1);
    memset(dirty, 1, 5000);
    heap_release(&heap, dirty);
    const struct slot zeros = {heap_allocate_zeroed(&heap, 1000, 256), 1000, 0};
    assert_int_equal((uintptr_t)zeros.block % 256, 0);
    check_marks(&zeros, 1000);
    void *const block = heap_reallocate(&heap, NULL, 24);
    assert_non_null(block);
    assert_null(heap_reallocate(&heap, block, 0));
    assert_ptr_equal(heap_allocate(&heap, 24, 1), block);
    assert_non_null(heap_allocate(&heap, 0, 1));
    assert_true(heap_is_valid(&heap));
}

static void too_small_a_room_is_refused(void **state)
{
    struct heap small;
    (void)state;
    assert_false(heap_init(&small, room, HEAP_START - 1, grow, NULL, NULL));
}

int main(int n, char **arguments)
{
#if defined(__GLIBC__) && !defined(HAS_OWN_MALLOC)
    if (n == 4 && strcmp(arguments[1], "--own") == 0)
        return answer_for(arguments[2], arguments[3]);
#else
    (void)n, (void)arguments;
#endif
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_lie_where_glibc_puts_them),
        cmocka_unit_test(blocks_lie_where_they_did),
        cmocka_unit_test(blocks_keep_what_they_hold),
        cmocka_unit_test(every_change_is_told),
        cmocka_unit_test(a_cached_block_costs_few_words),
        cmocka_unit_test(only_memory_that_was_used_is_cleared),
        cmocka_unit_test(without_memory_nothing_changes),
        cmocka_unit_test(what_glibc_allows_is_allowed),
        cmocka_unit_test(too_small_a_room_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
