/* SPDX-License-Identifier: MIT */
/* What strace writes is read as a person reads it; what is damaged gives one line that
 * says where. */
#include "unit.h"

#include "formats/strace_text.h"

enum { MOST = 128 };

static struct strace_line lines[MOST];
static struct complaint complaint;

static size_t read_file(FILE *file)
{
    static struct strace_reader reader;
    size_t n = 0;
    memset(&reader, 0, sizeof reader);
    reader.file = file;
    assert_non_null(file);
    while (n < MOST && strace_next(&reader, &lines[n], &complaint))
        n++;
    fclose(file);
    return n;
}

/* Events of a fixture; the complaint tells whether it was read to its end. */
static size_t read_fixture(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/strace/%s", FIXTURES, name);
    return read_file(fopen(path, "r"));
}

static size_t read_text(const char *text, size_t n)
{
    return read_file(fmemopen((void *)(uintptr_t)text, n, "r"));
}

static void expect_call(size_t i, const char *name, uint64_t at_ns, uint64_t first,
                        uint64_t second, uint64_t result, uint64_t duration_ns)
{
    const struct strace_line *const line = &lines[i];
    assert_int_equal(line->event, STRACE_CALL);
    assert_string_equal(line->name, name);
    expect_u64("begin", i, line->at_ns, at_ns);
    expect_u64("first argument", i, line->arguments[0], first);
    expect_u64("second argument", i, line->n_arguments > 1 ? line->arguments[1] : 0,
               second);
    expect_u64("result", i, line->result, result);
    expect_u64("duration", i, line->duration_ns, duration_ns);
}

/* Recorded: the end of a bare run of open_addressing_naive, nanoseconds. */
static void a_recorded_resize_reads_as_it_stands(void **state)
{
    (void)state;
    assert_int_equal(read_fixture("resize.txt"), 14);
    assert_string_equal(complaint.text, "");
    expect_call(0, "mmap", 1795406558166422270, 0x7f4edb67e000, 4096, 0x7f4edb67e000,
                15520);
    expect_call(2, "brk", 1795406558167392649, 0x55635203d000, 0, 0x55635203d000, 22442);
    expect_call(3, "mmap", 1795406558167846854, 0, 196624, 0x7f4edb380000, 19006);
    expect_call(6, "munmap", 1795406558170816099, 0x7f4edb380000, 196624, 0, 43734);
    assert_int_equal(lines[3].n_arguments, 6);
    assert_true(lines[3].are_numbers[1] && !lines[3].are_numbers[2]);
    expect_u64("descriptor", 3, lines[3].arguments[4], UINT64_MAX);
    expect_u64("offset", 0, lines[0].arguments[5], 0x8000);
    expect_u64("process", 3, lines[3].pid, 3393);
    assert_string_equal(lines[3].text,
                        "mmap(NULL, 196624, PROT_READ|PROT_WRITE, "
                        "MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f4edb380000");
    assert_int_equal(lines[13].event, STRACE_EXIT);
    assert_int_equal(lines[13].code, 0);
    expect_u64("line", 13, lines[13].number, 14);
}

/* Recorded: two threads in each other's calls, a fork, errors, a kill; microseconds. */
static void calls_of_several_threads_are_put_together(void **state)
{
    size_t n_maps = 0, n_unmaps = 0, n_errors = 0, n_calls = 0;
    (void)state;
    const size_t n = read_fixture("threads.txt");
    assert_string_equal(complaint.text, "");
    for (size_t i = 0; i < n; i++) {
        const bool is_large = lines[i].arguments[1] == 33554432;
        n_calls += lines[i].event == STRACE_CALL;
        n_maps += is_large && strcmp(lines[i].name, "mmap") == 0;
        n_unmaps += is_large && strcmp(lines[i].name, "munmap") == 0;
        n_errors += strcmp(lines[i].error, "ENOMEM") == 0;
    }
    assert_int_equal(n_maps, 12);
    assert_int_equal(n_unmaps, 12);
    assert_int_equal(n_errors, 2);
    assert_int_equal(n - n_calls, 4); /* the ends */
    /* begun on line 15, ended on line 17 */
    expect_call(14, "mmap", 1795406558314451000, 0, 33554432, 0x7f77eb600000, 12355000);
    expect_u64("process", 14, lines[14].pid, 3407);
    expect_u64("line", 14, lines[14].number, 17);
    assert_string_equal(
        lines[14].text,
        "mmap(NULL, 33554432, PROT_READ|PROT_WRITE, "
        "MAP_PRIVATE|MAP_ANONYMOUS|MAP_POPULATE, -1, 0) = 0x7f77eb600000");
    assert_int_equal(lines[n - 1].event, STRACE_EXIT);
    assert_string_equal(lines[n - 1].name, "SIGKILL");
}

/* Recorded as it comes on a terminal: [pid 7], padding, no times. */
static void output_without_times_is_read(void **state)
{
    size_t n_others = 0;
    (void)state;
    const size_t n = read_fixture("terminal.txt");
    assert_string_equal(complaint.text, "");
    assert_true(n > 20);
    expect_call(0, "brk", 0, 0, 0, lines[0].result, 0);
    assert_true(lines[0].result > 0x1000);
    assert_memory_equal(lines[0].text, "brk(NULL) = 0x", 14);
    for (size_t i = 0; i < n; i++)
        n_others += lines[i].pid != 0;
    assert_true(n_others > 5 && n_others < n);
    assert_int_equal(lines[n - 1].event, STRACE_EXIT);
    assert_string_equal(lines[n - 1].name, "SIGUSR1");
}

/* Made by hand after what older versions write. */
static void older_forms_are_read(void **state)
{
    (void)state;
    assert_int_equal(read_fixture("older.txt"), 10);
    assert_string_equal(complaint.text, "");
    expect_call(0, "brk", 1500000000000100000, 0, 0, 0x1c4e000, 5000);
    expect_call(1, "munmap", 1500000000000250000, 0x7f0000000000, 4096, 0, 6000);
    expect_call(2, "mmap", 1500000000000200000, 0, 8392704, 0x7f0000200000, 101000);
    assert_string_equal(lines[3].error, "ENODEV");
    assert_string_equal(lines[3].text, "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = "
                                       "-1 ENODEV (No such device)");
    assert_int_equal(lines[4].event, STRACE_EXIT);
    assert_string_equal(lines[4].name, "SIGSEGV");
    assert_int_equal(lines[5].event, STRACE_LOST);
    assert_string_equal(lines[5].name, "mremap");
    assert_int_equal(lines[6].event, STRACE_SIGNAL);
    assert_string_equal(lines[6].name, "SIGUSR1");
    expect_call(7, "openat", 1500000000001000000, 0, 0, 3, 10000);
    assert_int_equal(lines[7].n_arguments, 3);
    assert_int_equal(lines[8].event, STRACE_LOST);
    assert_int_equal(lines[9].code, 0);
}

static void expect_damage(const char *name, const char *where, const char *what)
{
    read_fixture(name);
    expect_part(complaint.text, where);
    expect_part(complaint.text, what);
    expect_part(complaint.text, "run it again");
    assert_null(strchr(complaint.text, '\n'));
}

static void damage_gives_one_line_that_says_where(void **state)
{
    (void)state;
    expect_damage("truncated.txt", "line 14:", "in the middle of a line");
    expect_damage("garbled_bracket.txt", "line 2:", "closing bracket");
    expect_damage("garbled_result.txt", "line 1:", "without its result");
    expect_damage("garbled_no_result.txt", "line 1:", "without its result");
    expect_damage("garbled_resumed.txt", "line 1:", "that has not begun");
    expect_damage("garbled_twice.txt", "line 3:", "a second call");
    expect_damage("garbled_words.txt", "line 1:", "no system call");
}

/* Whatever is cut off or set to something else: an event, or a line of complaint. */
static void no_damage_is_more_than_a_complaint(void **state)
{
    static char text[1 << 14];
    char path[512];
    (void)state;
    snprintf(path, sizeof path, "%s/strace/older.txt", FIXTURES);
    FILE *const file = fopen(path, "r");
    assert_non_null(file);
    const size_t n = fread(text, 1, sizeof text, file);
    fclose(file);
    for (size_t i = 1; i < n; i++) {
        read_text(text, i);
        if (text[i - 1] != '\n')
            expect_part(complaint.text, "line ");
    }
    static const char others[] = "( )\"\n<>=,\\0-[";
    for (size_t i = 0; i < n; i++) {
        const char was = text[i];
        for (size_t k = 0; k < sizeof others; k++) { /* the zero, too */
            text[i] = others[k];
            read_text(text, n);
        }
        text[i] = was;
    }
    assert_int_equal(read_text(text, n), 10);
}

static void a_line_that_is_too_long_is_told(void **state)
{
    static char text[1 << 14];
    (void)state;
    memset(text, 'a', sizeof text);
    assert_int_equal(read_text(text, sizeof text), 0);
    expect_part(complaint.text, "too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recorded_resize_reads_as_it_stands),
        cmocka_unit_test(calls_of_several_threads_are_put_together),
        cmocka_unit_test(output_without_times_is_read),
        cmocka_unit_test(older_forms_are_read),
        cmocka_unit_test(damage_gives_one_line_that_says_where),
        cmocka_unit_test(no_damage_is_more_than_a_complaint),
        cmocka_unit_test(a_line_that_is_too_long_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
