/* SPDX-License-Identifier: MIT */
/* The footprint of a map that takes 32 bytes a pair of u64, three times that of strings. */
#define ENTRY_BYTES 32
#include "one_line.h"
