/* SPDX-License-Identifier: MIT */
/* Taking memory until there is no more: large blocks first, then ever smaller ones. */
#ifndef EAT_H
#define EAT_H

#include <stdio.h>
#include <stdlib.h>

#include <onemiss/contract.h>

enum { EAT_FIRST = 16 << 20, EAT_LAST = 16, EAT_PAGE = 4096 };
static const size_t EAT_MOST = (size_t)1 << 29;

/* Ends the process where no limit stopped it: a test machine is not to be emptied. */
static inline void *eat(size_t bytes)
{
    static size_t eaten;
    eaten += bytes;
    if (eaten > EAT_MOST) {
        fputs("nobody refused 512 MiB\n", stderr);
        _Exit(9);
    }
    return malloc(bytes);
}

static inline void eat_touch(volatile char *block, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += EAT_PAGE)
        block[at] = 1;
}

static inline om_status eat_all(void)
{
    for (size_t bytes = EAT_FIRST; bytes >= EAT_LAST; bytes /= 2)
        for (void *block; (block = eat(bytes)) != NULL;)
            eat_touch((volatile char *)block, bytes);
    return OM_OUT_OF_MEMORY;
}

#endif
