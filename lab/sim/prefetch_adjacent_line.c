/* SPDX-License-Identifier: MIT */
/* The adjacent-line prefetcher, after Intel's L2 spatial prefetcher, which completes a line
 * brought into the second level to an aligned pair of 128 bytes. */
#include "prefetch.h"

uint64_t adjacent_line(uint64_t line)
{
    return line ^ 1; /* pairs are aligned, so it never leaves the page */
}
