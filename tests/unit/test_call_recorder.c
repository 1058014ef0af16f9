/* SPDX-License-Identifier: MIT */
/* The seccomp recorder sees every call for memory, does it as it would have been done, and
 * needs no privilege; where the kernel's tracepoints may be asked they say the same. */
#include "unit.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "call_recorder.h"
#include "call_tracepoints.h"

enum { PAGE = 4096, MOST = 64 };

static struct memory_call told[MOST];
static size_t n_told;

/* What a child of ours finds wrong is its exit code: the line. */
#define MUST(condition)                                                                  \
    do {                                                                                 \
        if (!(condition))                                                                \
            _exit(__LINE__ % 250 + 1);                                                   \
    } while (0)

/* A filter stays for the rest of a process: each test has one of its own. */
static void in_a_child(void (*work)(void))
{
    struct complaint complaint;
    int status = 0;
    if (!call_recorder_try(&complaint)) {
        print_message("skipped: %s\n", complaint.text);
        skip();
    }
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        MUST(call_recorder_install(&complaint));
        work();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("the child ended with status 0x%x, line %d modulo 250", status,
                 WEXITSTATUS(status) - 1);
}

/* Two of each kind, the second of which fails, with known sizes. */
static void call_each(void)
{
    char *const block = (char *)syscall(SYS_mmap, NULL, 8 * PAGE, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)syscall(SYS_mmap, NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0); /* whose? */
    (void)syscall(SYS_madvise, block, 2 * PAGE, MADV_DONTNEED);
    (void)syscall(SYS_madvise, block, PAGE, 9999);
    char *const moved =
        (char *)syscall(SYS_mremap, block, 8 * PAGE, 20 * PAGE, MREMAP_MAYMOVE);
    (void)syscall(SYS_mremap, moved + 1, PAGE, PAGE, 0);
    const uintptr_t heap_end = (uintptr_t)syscall(SYS_brk, 0);
    (void)syscall(SYS_brk, heap_end + 3 * PAGE);
    (void)syscall(SYS_brk, heap_end);
    (void)syscall(SYS_munmap, moved, 20 * PAGE);
    (void)syscall(SYS_munmap, moved + 1, PAGE);
}

static const struct {
    enum memory_call_kind kind;
    int64_t bytes;
    int error;
} expected[] = {{CALL_MMAP, 8 * PAGE, 0},
                {CALL_MMAP, PAGE, EINVAL},
                {CALL_MADVISE, 2 * PAGE, 0},
                {CALL_MADVISE, PAGE, EINVAL},
                {CALL_MREMAP, 20 * PAGE, 0},
                {CALL_MREMAP, PAGE, EINVAL},
                {CALL_BRK, 0, 0},
                {CALL_BRK, 3 * PAGE, 0},
                {CALL_BRK, -3 * PAGE, 0},
                {CALL_MUNMAP, 20 * PAGE, 0},
                {CALL_MUNMAP, PAGE, EINVAL}};

static void expect_all(const struct memory_call *calls, size_t n, uint64_t brk)
{
    struct memory_call_sums sums = {.brk = brk};
    MUST(n == N_OF(expected));
    for (size_t i = 0; i < n; i++) {
        MUST(calls[i].kind == expected[i].kind);
        MUST(memory_call_add(&sums, &calls[i]) == expected[i].bytes);
        MUST(memory_call_error(&calls[i]) == expected[i].error);
        MUST(i == 0 || calls[i].at_ns >= calls[i - 1].at_ns + calls[i - 1].duration_ns);
    }
    MUST(sums.mapped_bytes == (8 + 12 + 3) * PAGE);
}

/* ---- tests ---- */

static void record_each(void)
{
    struct call_recording recording;
    call_recorder_start();
    call_each();
    call_recorder_stop();
    call_each(); /* not recorded any more */
    call_recorder_read(&recording);
    MUST(recording.n_dropped == 0);
    expect_all(recording.calls, recording.n, recording.brk);
    for (size_t i = 0; i < N_MEMORY_CALLS; i++)
        MUST(recording.sums.n[i] == (i == CALL_BRK ? 3 : 2));
    MUST(recording.sums.mapped_bytes == 23 * PAGE);
}

static void every_kind_of_call_is_seen(void **state)
{
    (void)state;
    in_a_child(record_each);
}

/* What the caller gets is what the kernel says, and errno where it did not fail stays. */
static void use_memory(void)
{
    call_recorder_start();
    errno = 77;
    char *const block =
        mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(block != MAP_FAILED && errno == 77);
    memset(block, 5, 2 * PAGE);
    MUST(munmap(block + 1, PAGE) == -1 && errno == EINVAL);
    MUST(munmap(block, 2 * PAGE) == 0);
    for (size_t i = 1; i < 200; i++) { /* from the heap, and mapped */
        char *const some = malloc(i * 5000);
        MUST(some != NULL);
        memset(some, 1, i * 5000);
        char *const more = realloc(some, i * 9000);
        MUST(more != NULL && more[i * 5000 - 1] == 1);
        free(more);
    }
    call_recorder_stop();
    struct call_recording recording;
    call_recorder_read(&recording);
    MUST(recording.n > 3);
}

static void calls_do_what_they_would_have_done(void **state)
{
    (void)state;
    in_a_child(use_memory);
}

static void make_many(void)
{
    struct call_recording recording;
    call_recorder_start();
    for (size_t i = 0; i < RECORDER_ROOM + 10; i++)
        (void)syscall(SYS_munmap, 1, 1);
    call_recorder_stop();
    call_recorder_read(&recording);
    MUST(recording.n == RECORDER_ROOM && recording.n_dropped == 10);
    MUST(recording.sums.n[CALL_MUNMAP] == RECORDER_ROOM + 10);
}

static void calls_beyond_the_room_are_counted(void **state)
{
    (void)state;
    in_a_child(make_many);
}

static void give_privileges_up(void)
{
    MUST(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    record_each();
}

/* Root gives itself up first. */
static void no_privilege_is_needed(void **state)
{
    int status = 0;
    (void)state;
    struct complaint complaint;
    if (!call_recorder_try(&complaint))
        skip();
    const pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0)
            MUST(setgid(65534) == 0 && setuid(65534) == 0);
        MUST(geteuid() != 0);
        MUST(call_recorder_install(&complaint));
        give_privileges_up();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void take(void *context, const struct memory_call *call)
{
    (void)context;
    if (n_told < MOST)
        told[n_told++] = *call;
}

/* Both at once, of the same calls. */
static void record_twice(void)
{
    struct call_recording recording;
    struct complaint complaint;
    MUST(call_tracepoints_open(&complaint));
    call_recorder_start();
    call_tracepoints_start();
    call_each();
    call_tracepoints_stop();
    call_recorder_stop();
    MUST(call_tracepoints_read(take, NULL, &complaint));
    call_recorder_read(&recording);
    expect_all(told, n_told, recording.brk);
    MUST(n_told == recording.n);
    for (size_t i = 0; i < n_told; i++) {
        char ours[MEMORY_CALL_TEXT], theirs[MEMORY_CALL_TEXT];
        memory_call_text(&recording.calls[i], ours);
        memory_call_text(&told[i], theirs);
        MUST(strcmp(ours, theirs) == 0);
        MUST(recording.calls[i].at_ns <= told[i].at_ns);
    }
}

static void the_recorder_and_tracepoints_agree(void **state)
{
    struct complaint complaint;
    (void)state;
    if (!call_tracepoints_try(&complaint)) {
        print_message("skipped: %s\n", complaint.text);
        skip();
    }
    in_a_child(record_twice);
}

/* As strace prints them; test_calls.sh compares all of a run. */
static void a_call_reads_as_strace_prints_it(void **state)
{
    static const struct {
        struct memory_call call;
        const char *text;
    } rows[] = {
        {{0, 0, {0, 196624, 3, 0x22, (uint64_t)-1, 0}, 0x7f4edb380000, CALL_MMAP},
         "mmap(NULL, 196624, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = "
         "0x7f4edb380000"},
        {{0, 0, {0x1000, 4096, 5, 0x812, 3, 0x26000}, 0x1000, CALL_MMAP},
         "mmap(0x1000, 4096, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, "
         "3, "
         "0x26000) = 0x1000"},
        {{0, 0, {0, 1, 0, 1, 7, 0}, -ENODEV, CALL_MMAP},
         "mmap(NULL, 1, PROT_NONE, MAP_SHARED, 7, 0) = -1 ENODEV (No such device)"},
        {{0, 0, {0x2000, 8192, 0, 0, 0, 0}, 0, CALL_MUNMAP}, "munmap(0x2000, 8192) = 0"},
        {{0, 0, {0x2000, 8192, 12288, 1, 0, 0}, 0x5000, CALL_MREMAP},
         "mremap(0x2000, 8192, 12288, MREMAP_MAYMOVE) = 0x5000"},
        {{0, 0, {0, 0, 0, 0, 0, 0}, 0x3000, CALL_BRK}, "brk(NULL) = 0x3000"},
        {{0, 0, {0x3000, 4096, 23, 0, 0, 0}, -ENOMEM, CALL_MADVISE},
         "madvise(0x3000, 4096, MADV_POPULATE_WRITE) = -1 ENOMEM (Cannot allocate "
         "memory)"},
    };
    (void)state;
    for (size_t i = 0; i < N_OF(rows); i++) {
        char text[MEMORY_CALL_TEXT];
        memory_call_text(&rows[i].call, text);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_call_is_seen),
        cmocka_unit_test(calls_do_what_they_would_have_done),
        cmocka_unit_test(calls_beyond_the_room_are_counted),
        cmocka_unit_test(no_privilege_is_needed),
        cmocka_unit_test(the_recorder_and_tracepoints_agree),
        cmocka_unit_test(a_call_reads_as_strace_prints_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
