/* SPDX-License-Identifier: MIT */
/* The three states of a slot of an open addressing table. */
#ifndef ONEMISS_CORE_STATE_H
#define ONEMISS_CORE_STATE_H

#include "compiler.h"

/* The state of a slot, wherever a design keeps it. */
typedef enum om_state {
    OM_EMPTY = 0,  /* never used since the table was made: a probe ends here */
    OM_LIVE = 1,   /* holds an entry */
    OM_DELETED = 2 /* a tombstone: a probe goes on */
} om_state;

#endif
