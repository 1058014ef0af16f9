/* SPDX-License-Identifier: MIT */
/* A system call for memory: how it reads, how many bytes it is about, and their sums. */
#ifndef ONEMISS_LAB_MEMORY_CALL_H
#define ONEMISS_LAB_MEMORY_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum memory_call_kind {
    CALL_MMAP,
    CALL_MUNMAP,
    CALL_MREMAP,
    CALL_BRK,
    CALL_MADVISE,
    N_MEMORY_CALLS
};

enum { MEMORY_CALL_ARGUMENTS = 6, MEMORY_CALL_TEXT = 256 };

struct memory_call {
    uint64_t at_ns; /* when it began, by its recorder's clock */
    uint64_t duration_ns;
    uint64_t arguments[MEMORY_CALL_ARGUMENTS];
    int64_t result; /* the kernel's: -errno when it has failed */
    enum memory_call_kind kind;
};

/* Their names: "mmap" ...; and their numbers in this machine's kernel. */
extern const char *const memory_call_names[N_MEMORY_CALLS];
extern const long memory_call_numbers[N_MEMORY_CALLS];

/* The kind of that name or number, or N_MEMORY_CALLS. */
enum memory_call_kind memory_call_named(const char *name);
enum memory_call_kind memory_call_numbered(long number);

/* The errno of a call that has failed, or 0. brk never says: it returns the old break. */
int memory_call_error(const struct memory_call *call);

/* "ENOMEM" of an errno; "error" of one that no memory call returns. */
const char *memory_call_error_name(int error);

/* The errno of that name; EIO where it is another. */
int memory_call_error_named(const char *name);

/* As strace prints it: "munmap(0x7f4b70ff2000, 43187) = 0". */
void memory_call_text(const struct memory_call *call, char text[MEMORY_CALL_TEXT]);

/* What many calls sum up to. */
struct memory_call_sums {
    uint64_t n[N_MEMORY_CALLS];
    uint64_t mapped_bytes; /* address space that mmap, mremap and brk have added */
    uint64_t ns;           /* in all of them */
    uint64_t brk;          /* where the heap ends now; set it before the first call */
};

/* Adds a call, which has succeeded or not, and returns the bytes it was about: the length
 * that was named; of mremap the new one; of brk how far the heap has grown, below 0 where
 * it has shrunk. Calls nothing. */
int64_t memory_call_add(struct memory_call_sums *sums, const struct memory_call *call);

#endif
