/* SPDX-License-Identifier: MIT */
/* What the files of peers share, those in C and those in C++. */
#ifndef ONEMISS_LAB_PEER_H
#define ONEMISS_LAB_PEER_H

#include "subject.h" /* first: a traced build brings the library's seams with it */

#include <onemiss/core/hash_wyhash.h>

/* The text of a number that a macro stands for. */
#define PEER_TEXT_OF(word) #word
#define PEER_TEXT(word)    PEER_TEXT_OF(word)

/* How somebody else's entries lie is not known here. */
#define SUBJECT_NO_LAYOUT

#endif
