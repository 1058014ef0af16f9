/* SPDX-License-Identifier: MIT */
/* The next-line prefetcher, after Intel's DCU prefetcher, which on ascending accesses to
 * recently loaded data fetches the next line; here each miss counts as such an access. */
#include "prefetch.h"

bool next_line(uint64_t line, unsigned line_bytes, uint64_t *wanted)
{
    const uint64_t lines_of_page = PREFETCH_PAGE_BYTES / line_bytes;
    *wanted = line + 1;
    return *wanted % lines_of_page != 0;
}
