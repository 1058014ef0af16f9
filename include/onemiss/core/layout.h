/* SPDX-License-Identifier: MIT */
/* How a map lies in memory, from sizeof and offsetof, for tables and drawings. */
#ifndef ONEMISS_CORE_LAYOUT_H
#define ONEMISS_CORE_LAYOUT_H

#include "compiler.h"

/* A field of an entry or node. */
typedef struct om_field {
    const char *name; /* "state", "next", "key", "value" */
    size_t offset;    /* bytes from the start of the entry */
    size_t bytes;     /* 24 bytes */
} om_field;

typedef struct om_layout {
    size_t pair_bytes;  /* a struct of key and value and nothing else */
    size_t entry_bytes; /* what an entry takes in its array, or as a node */
    size_t head_bytes;  /* per slot, beside the entry; 0: no heads */
    size_t node_bytes;  /* the entry is a node of this size; 0: it stands in the table */
    size_t status_bits; /* per slot, in an array of their own; 0: none */
    size_t n_fields;    /* of fields */
    om_field fields[4]; /* in order of offset */
} om_layout;

#endif
