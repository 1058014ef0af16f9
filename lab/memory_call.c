/* SPDX-License-Identifier: MIT */
/* A system call for memory: how it reads, how many bytes it is about, and their sums. */
#include "memory_call.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

const char *const memory_call_names[N_MEMORY_CALLS] = {"mmap", "munmap", "mremap", "brk",
                                                       "madvise"};
const long memory_call_numbers[N_MEMORY_CALLS] = {SYS_mmap, SYS_munmap, SYS_mremap,
                                                  SYS_brk, SYS_madvise};

enum memory_call_kind memory_call_named(const char *name)
{
    size_t i = 0;
    while (i < N_MEMORY_CALLS && strcmp(memory_call_names[i], name) != 0)
        i++;
    return (enum memory_call_kind)i;
}

enum memory_call_kind memory_call_numbered(long number)
{
    size_t i = 0;
    while (i < N_MEMORY_CALLS && memory_call_numbers[i] != number)
        i++;
    return (enum memory_call_kind)i;
}

/* The kernel's own rule for what is an error and no address. */
int memory_call_error(const struct memory_call *call)
{
    return call->result < 0 && call->result >= -4095 ? (int)-call->result : 0;
}

int64_t memory_call_add(struct memory_call_sums *sums, const struct memory_call *call)
{
    const bool is_done = memory_call_error(call) == 0;
    uint64_t bytes = call->arguments[1], added = 0;
    sums->n[call->kind]++;
    sums->ns += call->duration_ns;
    if (call->kind == CALL_MMAP) {
        added = bytes;
    } else if (call->kind == CALL_MREMAP) {
        bytes = call->arguments[2];
        added = bytes > call->arguments[1] ? bytes - call->arguments[1] : 0;
    } else if (call->kind == CALL_BRK) {
        bytes = (uint64_t)call->result - sums->brk;
        sums->brk = (uint64_t)call->result;
        added = (int64_t)bytes > 0 ? bytes : 0;
    }
    sums->mapped_bytes += is_done ? added : 0;
    return (int64_t)bytes;
}

/* ---- text ---- */

struct flag {
    uint64_t value;
    const char *name;
};

static const struct flag protections[] = {
    {PROT_READ, "PROT_READ"}, {PROT_WRITE, "PROT_WRITE"}, {PROT_EXEC, "PROT_EXEC"}};

/* By value, as strace has them; the kind of sharing, of which there is one, is apart. */
static const struct flag mappings[] = {
    {MAP_FIXED, "MAP_FIXED"},         {MAP_ANONYMOUS, "MAP_ANONYMOUS"},
    {MAP_GROWSDOWN, "MAP_GROWSDOWN"}, {MAP_DENYWRITE, "MAP_DENYWRITE"},
    {MAP_LOCKED, "MAP_LOCKED"},       {MAP_NORESERVE, "MAP_NORESERVE"},
    {MAP_POPULATE, "MAP_POPULATE"},   {MAP_NONBLOCK, "MAP_NONBLOCK"},
    {MAP_STACK, "MAP_STACK"},         {MAP_HUGETLB, "MAP_HUGETLB"},
    {0x100000, "MAP_FIXED_NOREPLACE"}};

static const struct flag moves[] = {
    {1, "MREMAP_MAYMOVE"}, {2, "MREMAP_FIXED"}, {4, "MREMAP_DONTUNMAP"}};

/* Kinds of advice, from linux/mman.h; the newest are in few C libraries yet. */
static const struct flag advices[] = {
    {0, "MADV_NORMAL"},           {1, "MADV_RANDOM"},         {2, "MADV_SEQUENTIAL"},
    {3, "MADV_WILLNEED"},         {4, "MADV_DONTNEED"},       {8, "MADV_FREE"},
    {9, "MADV_REMOVE"},           {10, "MADV_DONTFORK"},      {11, "MADV_DOFORK"},
    {12, "MADV_MERGEABLE"},       {13, "MADV_UNMERGEABLE"},   {14, "MADV_HUGEPAGE"},
    {15, "MADV_NOHUGEPAGE"},      {16, "MADV_DONTDUMP"},      {17, "MADV_DODUMP"},
    {18, "MADV_WIPEONFORK"},      {19, "MADV_KEEPONFORK"},    {20, "MADV_COLD"},
    {21, "MADV_PAGEOUT"},         {22, "MADV_POPULATE_READ"}, {23, "MADV_POPULATE_WRITE"},
    {24, "MADV_DONTNEED_LOCKED"}, {25, "MADV_COLLAPSE"}};

static const struct {
    int error;
    const char *name, *text;
} errors[] = {
    {ENOMEM, "ENOMEM", "Cannot allocate memory"},
    {EINVAL, "EINVAL", "Invalid argument"},
    {EAGAIN, "EAGAIN", "Resource temporarily unavailable"},
    {EPERM, "EPERM", "Operation not permitted"},
    {EACCES, "EACCES", "Permission denied"},
    {EFAULT, "EFAULT", "Bad address"},
    {EBADF, "EBADF", "Bad file descriptor"},
    {EEXIST, "EEXIST", "File exists"},
    {EBUSY, "EBUSY", "Device or resource busy"},
    {EIO, "EIO", "Input/output error"},
    {ENODEV, "ENODEV", "No such device"},
    {EOVERFLOW, "EOVERFLOW", "Value too large for defined data type"},
    {EHWPOISON, "EHWPOISON", "Memory page has hardware error"},
    {ENOSYS, "ENOSYS", "Function not implemented"},
};

enum { N_ERRORS = sizeof errors / sizeof *errors };

static size_t find_error(int error)
{
    size_t i = 0;
    while (i < N_ERRORS && errors[i].error != error)
        i++;
    return i;
}

const char *memory_call_error_name(int error)
{
    const size_t i = find_error(error);
    return i < N_ERRORS ? errors[i].name : "error";
}

int memory_call_error_named(const char *name)
{
    for (size_t i = 0; i < N_ERRORS; i++)
        if (strcmp(errors[i].name, name) == 0)
            return errors[i].error;
    return EIO;
}

/* A text that grows within its room. */
struct room {
    char *text;
    size_t n;
};

__attribute__((format(printf, 2, 3))) static void put(struct room *to, const char *format,
                                                      ...)
{
    va_list values;
    va_start(values, format);
    const int n = vsnprintf(to->text + to->n, MEMORY_CALL_TEXT - to->n, format, values);
    va_end(values);
    to->n += n > 0 ? (size_t)n : 0;
    if (to->n >= MEMORY_CALL_TEXT)
        to->n = MEMORY_CALL_TEXT - 1;
}

static void put_address(struct room *to, uint64_t address)
{
    if (address == 0)
        put(to, "NULL");
    else
        put(to, "%#" PRIx64, address);
}

/* Those of the flags that are set, then what is left of the value. */
static void put_flags(struct room *to, uint64_t value, const struct flag *flags, size_t n,
                      const char *none)
{
    const char *between = "";
    for (size_t i = 0; i < n; i++) {
        if ((value & flags[i].value) == 0)
            continue;
        put(to, "%s%s", between, flags[i].name);
        between = "|";
        value &= ~flags[i].value;
    }
    if (value != 0)
        put(to, "%s%#" PRIx64, between, value);
    else if (*between == '\0')
        put(to, "%s", none);
}

static void put_sharing(struct room *to, uint64_t flags)
{
    static const char *const kinds[] = {"0", "MAP_SHARED", "MAP_PRIVATE",
                                        "MAP_SHARED_VALIDATE"};
    const uint64_t rest = flags & ~(uint64_t)MAP_TYPE;
    const uint64_t kind = flags & MAP_TYPE;
    put(to, "%s", kind < 4 ? kinds[kind] : "0xf");
    if (rest == 0)
        return;
    put(to, "|");
    put_flags(to, rest, mappings, sizeof mappings / sizeof *mappings, "");
}

static void put_advice(struct room *to, uint64_t advice)
{
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].value == advice) {
            put(to, "%s", advices[i].name);
            return;
        }
    put(to, "%#" PRIx64, advice);
}

static void put_arguments(struct room *to, const struct memory_call *call)
{
    const uint64_t *const a = call->arguments;
    put_address(to, a[0]);
    if (call->kind == CALL_BRK)
        return;
    put(to, ", %" PRIu64, a[1]);
    if (call->kind == CALL_MUNMAP)
        return;
    put(to, ", ");
    if (call->kind == CALL_MADVISE) {
        put_advice(to, (uint32_t)a[2]);
    } else if (call->kind == CALL_MREMAP) {
        put(to, "%" PRIu64 ", ", a[2]);
        put_flags(to, a[3], moves, 3, "0");
        if ((a[3] & 2) != 0) {
            put(to, ", ");
            put_address(to, a[4]);
        }
    } else {
        put_flags(to, a[2], protections, 3, "PROT_NONE");
        put(to, ", ");
        put_sharing(to, a[3]);
        put(to, a[5] == 0 ? ", %d, %" PRIu64 : ", %d, %#" PRIx64, (int)a[4], a[5]);
    }
}

void memory_call_text(const struct memory_call *call, char text[MEMORY_CALL_TEXT])
{
    struct room to = {text, 0};
    const int error = memory_call_error(call);
    const size_t known = find_error(error);
    put(&to, "%s(", memory_call_names[call->kind]);
    put_arguments(&to, call);
    put(&to, ") = ");
    if (error == 0 && call->result == 0)
        put(&to, "0");
    else if (error == 0)
        put(&to, "%#" PRIx64, (uint64_t)call->result);
    else if (known < N_ERRORS)
        put(&to, "-1 %s (%s)", errors[known].name, errors[known].text);
    else
        put(&to, "-1 (error %d)", error);
}
