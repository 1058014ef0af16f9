/* SPDX-License-Identifier: MIT */
/* Sizes of caches as people write them: 32K, 1.25M, 54M; suffixes are powers of 1024. */
#ifndef ONEMISS_SIM_SIZE_TEXT_H
#define ONEMISS_SIM_SIZE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

enum { SIZE_TEXT_ROOM = 32 };

/* In the largest unit that needs no more than two decimals, else in bytes: reads back as
 * the same number. */
void size_text(uint64_t bytes, char text[SIZE_TEXT_ROOM]);

enum size_answer { SIZE_READ, SIZE_MALFORMED, SIZE_NOT_WHOLE, SIZE_TOO_LARGE };

/* Reads one size and moves *text behind it; TOO_LARGE from 2^60 bytes on. */
enum size_answer size_read(const char **text, uint64_t *bytes);

#endif
