/* SPDX-License-Identifier: MIT */
/* The footprint of a map that takes 64 bytes a pair of u64, three times that of strings. */
#define ENTRY_BYTES 64
#include "one_line.h"
