/* SPDX-License-Identifier: MIT */
/* Whole pages from the operating system: zeroed, backed and given back in parts. */
#ifndef ONEMISS_CORE_OS_PAGES_H
#define ONEMISS_CORE_OS_PAGES_H

#include <stdlib.h>

#include "compiler.h"

#if defined(__linux__) || defined(__APPLE__) || defined(__FreeBSD__)

#include <sys/mman.h>

#ifndef MAP_ANONYMOUS
#ifdef MAP_ANON
#define MAP_ANONYMOUS MAP_ANON
#else /* strict C hides the flag; these are the kernels' own values */
#ifdef __linux__
#define MAP_ANONYMOUS 0x20
#else
#define MAP_ANONYMOUS 0x1000
#endif
#endif
#endif

/* Zeroed pages, or NULL. Backed by memory only as they are touched. */
OM_UNUSED static inline void *om_os_pages_map(size_t bytes)
{
    void *const pages =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

OM_UNUSED static inline void om_os_pages_unmap(void *pages, size_t bytes)
{
    (void)munmap(pages, bytes);
}

#else /* no mmap: the C library's zeroed memory */

OM_UNUSED static inline void *om_os_pages_map(size_t bytes)
{
    return calloc(1, bytes);
}

OM_UNUSED static inline void om_os_pages_unmap(void *pages, size_t bytes)
{
    (void)bytes;
    free(pages);
}

#endif

/* Advice on a part of mapped pages; only a matter of speed and of resident bytes. errno
 * is as it was. */
#ifdef __linux__
#include <errno.h>
#include <unistd.h>
#if !defined(__cplusplus) && !defined(__USE_MISC)
int madvise(void *address, size_t bytes, int advice); /* strict C hides it */
#endif

OM_UNUSED static inline void om_os_pages_advise(uintptr_t first, uintptr_t end,
                                                int advice)
{
    const int saved = errno;
    if (first < end)
        (void)madvise((void *)first, end - first, advice);
    errno = saved;
}

/* Backs the part in one system call instead of one page fault a page. Where the kernel
 * cannot (Linux before 5.14), the faults happen as they would have. */
OM_UNUSED static inline void om_os_pages_populate(void *part, size_t bytes)
{
    enum { POPULATE_WRITE = 23 }; /* MADV_POPULATE_WRITE, absent from older headers */
    const uintptr_t mask = (uintptr_t)sysconf(_SC_PAGESIZE) - 1;
    const uintptr_t first = (uintptr_t)part & ~mask;
    om_os_pages_advise(first, ((uintptr_t)part + bytes + mask) & ~mask, POPULATE_WRITE);
}

/* Gives the memory behind the whole pages of the part back; they read as zero. */
OM_UNUSED static inline void om_os_pages_discard(void *part, size_t bytes)
{
    enum { DONTNEED = 4 }; /* MADV_DONTNEED, hidden by strict C */
    const uintptr_t mask = (uintptr_t)sysconf(_SC_PAGESIZE) - 1;
    const uintptr_t first = ((uintptr_t)part + mask) & ~mask;
    om_os_pages_advise(first, ((uintptr_t)part + bytes) & ~mask, DONTNEED);
}
#else
OM_UNUSED static inline void om_os_pages_populate(void *part, size_t bytes)
{
    (void)part;
    (void)bytes;
}

OM_UNUSED static inline void om_os_pages_discard(void *part, size_t bytes)
{
    (void)part;
    (void)bytes;
}
#endif

#endif
