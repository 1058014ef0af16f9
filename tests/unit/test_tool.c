/* SPDX-License-Identifier: MIT */
/* Programs from outside that answer, fail, hang, babble, or are no programs. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "tool.h"

enum { LONG = 60 };

static FILE *ask(const char *script, unsigned patience_s, bool *is_too_much,
                 struct complaint *complaint)
{
    const char *const words[] = {"/bin/sh", "-c", script, NULL};
    return tool_ask(words, patience_s, is_too_much, complaint);
}

static void expect_refusal(const char *script, unsigned patience_s, const char *text)
{
    struct complaint complaint;
    bool is_too_much = true;
    assert_null(ask(script, patience_s, &is_too_much, &complaint));
    assert_string_equal(complaint.text, text);
    assert_false(is_too_much);
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void what_it_printed_is_read_from_its_start(void **state)
{
    struct complaint complaint;
    char line[64];
    (void)state;
    FILE *const answer = ask("echo one; echo lost >&2; echo two", LONG, NULL, &complaint);
    assert_non_null(answer);
    assert_string_equal(fgets(line, sizeof line, answer), "one\n");
    assert_string_equal(fgets(line, sizeof line, answer), "two\n");
    assert_null(fgets(line, sizeof line, answer));
    fclose(answer);
}

static void its_input_is_empty(void **state)
{
    struct complaint complaint;
    (void)state;
    FILE *const answer = ask("cat", LONG, NULL, &complaint);
    assert_non_null(answer);
    assert_int_equal(fgetc(answer), EOF);
    fclose(answer);
}

static void why_it_failed_is_told(void **state)
{
    const char *const words[] = {"/no/such/program", NULL};
    struct complaint complaint;
    (void)state;
    expect_refusal("echo out; echo first >&2; echo last >&2; echo >&2; exit 3", LONG,
                   "last");
    expect_refusal("exit 1", LONG, "it ended without its work done");
    expect_refusal("kill -SEGV $$", LONG, "it was ended by Segmentation fault");
    assert_null(tool_ask(words, LONG, NULL, &complaint));
    assert_string_equal(complaint.text,
                        "it could not be started: No such file or directory");
}

static void without_a_folder_the_answer_is_kept_in_memory(void **state)
{
    assert_int_equal(setenv("TMPDIR", "/no/such/folder", 1), 0);
    what_it_printed_is_read_from_its_start(state);
    assert_int_equal(unsetenv("TMPDIR"), 0);
}

static void one_that_babbles_is_stopped(void **state)
{
    struct complaint complaint;
    bool is_too_much = false;
    (void)state;
    assert_null(
        ask("exec truncate -s 1025M /dev/stdout", LONG, &is_too_much, &complaint));
    assert_string_equal(complaint.text,
                        "it printed more than 1024 MiB, or than a file may hold");
    assert_true(is_too_much);
}

static void one_that_hangs_is_killed_with_all_it_started(void **state)
{
    struct complaint complaint;
    bool is_too_much = false;
    int ends[2];
    char byte;
    (void)state;
    assert_int_equal(pipe(ends), 0); /* all of them hold its other end */
    const double began = now_s();
    assert_null(ask("sleep 12 & wait", 1, &is_too_much, &complaint));
    assert_string_equal(complaint.text, "it did not end within 1 s");
    assert_true(is_too_much);
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 0);
    assert_true(now_s() - began < 10);
    close(ends[0]);
}

/* The last: an interrupt stays. */
static void an_interrupt_ends_the_wait(void **state)
{
    (void)state;
    interrupt_watch();
    const pid_t parent = getpid(), child = fork();
    if (child == 0) {
        nanosleep(&(struct timespec){0, 200000000}, NULL);
        kill(parent, SIGTERM);
        _exit(0);
    }
    const double began = now_s();
    expect_refusal("exec sleep 12", LONG, "interrupted");
    assert_true(now_s() - began < 10);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_printed_is_read_from_its_start),
        cmocka_unit_test(its_input_is_empty),
        cmocka_unit_test(why_it_failed_is_told),
        cmocka_unit_test(without_a_folder_the_answer_is_kept_in_memory),
        cmocka_unit_test(one_that_babbles_is_stopped),
        cmocka_unit_test(one_that_hangs_is_killed_with_all_it_started),
        cmocka_unit_test(an_interrupt_ends_the_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
