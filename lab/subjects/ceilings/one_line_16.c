/* SPDX-License-Identifier: MIT */
/* The smallest footprint there is: pairs of u64 and nothing else. */
#define ENTRY_BYTES 16
#include "one_line.h"
