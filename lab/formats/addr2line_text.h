/* SPDX-License-Identifier: MIT */
/* What `addr2line -a -f -i -C` prints: for each address the functions that are inlined
 * there. addr2line_text.c has a sample. */
#ifndef ONEMISS_LAB_FORMATS_ADDR2LINE_TEXT_H
#define ONEMISS_LAB_FORMATS_ADDR2LINE_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../complaint.h"
#include "kept_texts.h"

/* A function, and the file it is written in; equal texts are one pointer, "": not known. */
struct inlined_frame {
    const char *function, *file;
};

struct inlined_chain {
    uint64_t address;
    size_t first, n; /* of the frames; the innermost is the first */
};

/* By address, after it is read. Zeroed to begin with. */
struct inlined_chains {
    struct inlined_frame *frames;
    size_t n_frames, frame_room;
    struct inlined_chain *chains;
    size_t n_chains, chain_room;
};

/* Reads to the end; what is garbled is refused. */
bool addr2line_read(FILE *from, struct kept_texts *texts, struct inlined_chains *chains,
                    struct complaint *complaint);
void inlined_chains_drop(struct inlined_chains *chains);

/* The chain of an address, or NULL. */
const struct inlined_chain *inlined_chain_at(const struct inlined_chains *chains,
                                             uint64_t address);

#endif
