/* SPDX-License-Identifier: MIT */
/* How a test of this suite fails: it says what, where and under which seed, then ends the
 * cmocka test, or jumps to a trap so that the failing trace can be shrunk. */
#ifndef CHECK_H
#define CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
#define CHECK_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CHECK_ASAN 1
#endif
#endif
#ifndef CHECK_ASAN
#define CHECK_ASAN 0
#endif

#define CHECK_UNUSED __attribute__((unused))

static jmp_buf *check_trap;      /* not NULL: jump there instead of ending the test */
static char check_message[1024]; /* the last failure */
static char check_context[256];  /* what the test was at: seed, index, hash ... */

/* Says what the test is at, for the case that it fails. Arguments as for printf. */
#define CHECK_CONTEXT(...)                                                               \
    ((void)snprintf(check_context, sizeof check_context, __VA_ARGS__))

/* The program's first argument as a count, or `otherwise`. */
CHECK_UNUSED static size_t check_argument(int argc, char **argv, int at, size_t otherwise)
{
    return argc > at ? (size_t)strtoull(argv[at], NULL, 0) : otherwise;
}

CHECK_UNUSED _Noreturn static void check_give_up(const char *file, int line)
{
    if (check_trap != NULL)
        longjmp(*check_trap, 1);
    print_error("%s\n", check_message);
    _fail(file, line);
    abort(); /* _fail does not return */
}

CHECK_UNUSED _Noreturn static void check_failed(const char *file, int line,
                                                const char *text)
{
    (void)snprintf(check_message, sizeof check_message, "%s:%d: %s [%s]", file, line,
                   text, check_context);
    check_give_up(file, line);
}

CHECK_UNUSED _Noreturn static void check_differs(const char *file, int line,
                                                 const char *text, uint64_t actual,
                                                 uint64_t expected)
{
    (void)snprintf(check_message, sizeof check_message,
                   "%s:%d: %s is %llu (0x%llx), not %llu (0x%llx) [%s]", file, line, text,
                   (unsigned long long)actual, (unsigned long long)actual,
                   (unsigned long long)expected, (unsigned long long)expected,
                   check_context);
    check_give_up(file, line);
}

CHECK_UNUSED static inline void check_same(const char *file, int line, const char *text,
                                           uint64_t actual, uint64_t expected)
{
    if (__builtin_expect(actual != expected, 0))
        check_differs(file, line, text, actual, expected);
}

#define CHECK(condition)                                                                 \
    (__builtin_expect(!!(condition), 1) ? (void)0                                        \
                                        : check_failed(__FILE__, __LINE__, #condition))

/* Both must be integers. */
#define CHECK_SAME(actual, expected)                                                     \
    check_same(__FILE__, __LINE__, #actual, (uint64_t)(actual), (uint64_t)(expected))

#define CHECK_OK(status) CHECK_SAME(status, OM_OK)

/* What the maps assert in checked builds fails the test like everything else. */
#ifndef OM_ASSERT_FAILED
#define OM_ASSERT_FAILED(text) check_failed(__FILE__, __LINE__, text)
#endif

#endif
